//! What concerns the agency's account and not the life of one eSIM: balance, affiliate orders,
//! refunds, and kinds of events that no documentation names. Orders of eSIMs are here too, since
//! an order is what gives several eSIMs one reference.
//!
//! Times are seconds from the clock base. Knows no eSIM but by its identity.

use rand::RngExt;
use rand::rngs::StdRng;

use super::esim::{DAY, HOUR};
use crate::deck::{Deck, pick};
use crate::identity::{Identity, Reference, uuid};
use crate::wire::{Fields, Json, Style};

/// The orders that eSIMs are sold with.
#[derive(Debug)]
pub(super) struct Orders {
    base: i64,
    references: Deck<Reference>,
    sizes: Deck<u32>,
    serial: u32,
    /// How many eSIMs of the current order are still to come.
    left: u32,
    reference: Option<String>,
    ordered: i64,
}

impl Orders {
    /// `base` is the clock base in seconds since the epoch.
    pub(super) fn new(base: i64) -> Self {
        Self {
            base,
            references: Reference::deck(),
            sizes: Deck::new(&[(4, 1), (4, 2), (2, 3), (1, 4), (1, 6)]),
            serial: 0,
            left: 0,
            reference: None,
            ordered: -DAY,
        }
    }

    /// The reference and the time of the order that the next eSIM belongs to; the time is at least
    /// ten minutes before the clock base.
    pub(super) fn next(&mut self, rng: &mut StdRng) -> (Option<String>, i64) {
        if self.left == 0 {
            self.serial += 1;
            let age = if rng.random_bool(0.5) {
                HOUR..2 * DAY
            } else {
                2 * DAY..20 * DAY
            };
            self.ordered = -rng.random_range(age);
            let trip = self.base + self.ordered + rng.random_range(DAY..30 * DAY);
            self.reference = self.references.draw(rng).write(rng, self.serial, trip);
            // Without a reference nothing holds an order together.
            self.left = if self.reference.is_some() {
                self.sizes.draw(rng)
            } else {
                1
            };
        }
        self.left = self.left.saturating_sub(1);
        self.ordered += 1;
        (self.reference.clone(), self.ordered)
    }
}

/// The partner's account.
#[derive(Debug)]
pub(super) struct Account {
    base: i64,
    styles: Deck<Style>,
    /// Number of events so far: makes every one of them different from the others.
    serial: i64,
    balances: i64,
}

impl Account {
    /// `base` is the clock base in seconds since the epoch.
    pub(super) fn new(base: i64) -> Self {
        Self {
            base,
            styles: Style::account_deck(),
            serial: 0,
            balances: 0,
        }
    }

    /// The balance falls below its threshold and the shares of it, an order fails, funds are added.
    pub(super) fn balance(&mut self, rng: &mut StdRng, now: i64) -> Vec<u8> {
        /// 200 EUR, in cents.
        const THRESHOLD: i64 = 20_000;
        let step = self.balances % 5;
        self.balances += 1;
        let mut fields = self.at(now);
        let cents = self.serial % 1_000;
        let (kind, balance) = match step {
            0..=2 => {
                let percent = 75 - 25 * step;
                fields.push(("threshold", Json::Hundredths(THRESHOLD)));
                fields.push(("threshold_percentage", Json::Number(percent)));
                ("low_balance", THRESHOLD / 100 * percent - cents)
            }
            3 => ("insufficient_balance", cents),
            _ => ("top_up", 5 * THRESHOLD + cents),
        };
        fields.push(("balance", Json::Hundredths(balance)));
        fields.push(("currency", Json::from("EUR")));
        self.styles.draw(rng).body("partner", kind, None, fields)
    }

    /// An order through the affiliate link.
    pub(super) fn order(&mut self, rng: &mut StdRng, now: i64) -> Vec<u8> {
        let price = 100 * rng.random_range(4..60) + 99;
        let quantity = rng.random_range(1..4);
        let total = price * quantity;
        let discount = if rng.random_bool(0.2) { total / 10 } else { 0 };
        let item = vec![
            ("item_id", Json::from("esim-portugal-15days-5gb-all")),
            ("item_name", Json::from("5 GB - 15 Days")),
            ("item_quantity", Json::Number(quantity)),
            ("item_price", Json::Hundredths(price)),
        ];
        let status = pick(
            rng,
            &["completed", "completed", "pending", "failed", "refunded"],
        );
        let order = vec![
            ("order_id", Json::Text(uuid(rng))),
            ("order_total", Json::Hundredths(total - discount)),
            ("order_adjustment", Json::Number(0)),
            ("order_subtotal", Json::Hundredths(total)),
            ("order_discount", Json::Hundredths(discount)),
            ("order_currency", Json::from("EUR")),
            ("order_status", Json::from(status)),
            ("order_items", Json::List(vec![Json::Object(item)])),
        ];
        let mut fields = self.at(now);
        fields.extend([
            ("partner_name", Json::from("Blue Harbour Travel")),
            ("partner_id", Json::from("q8Zk3vTn5yXb")),
            ("commission_rate", Json::Hundredths(1_250)),
            (
                "commission_amount",
                Json::Hundredths((total - discount) / 8),
            ),
            ("order_data", Json::Object(order)),
        ]);
        self.styles
            .draw(rng)
            .body("affiliate", "order", None, fields)
    }

    /// A decision about a refund: about half are rejections.
    pub(super) fn refund(&mut self, rng: &mut StdRng, now: i64, esim: &Identity) -> Vec<u8> {
        let mut fields = self.at(now);
        let refund = format!("{:04x}{:x}", rng.random_range(0..0x1_0000), self.serial);
        let rejected = rng.random_bool(0.5);
        let (kind, status) = if rejected {
            ("rejected", "REJECTED")
        } else {
            ("refunded", "REFUNDED")
        };
        let iccid = if rng.random_bool(0.5) {
            ""
        } else {
            esim.iccid.as_str()
        };
        fields.extend([
            ("refund_id", Json::from(refund.as_str())),
            ("status", Json::from(status)),
            ("product_type", Json::from("esim")),
            ("esim_id", Json::from(esim.esim_id.as_str())),
            ("iccid", Json::from(iccid)),
        ]);
        if rejected {
            let reason = pick(rng, &["eSIM already used", "Period of 30 days is over"]);
            fields.push(("rejection_reason", Json::from(reason)));
        }
        let event_id = format!("rfd_{refund}_{kind}");
        self.styles
            .draw(rng)
            .body("refund", kind, Some(&event_id), fields)
    }

    /// An event of a category that nobody announced.
    pub(super) fn unheard_category(
        &mut self,
        rng: &mut StdRng,
        now: i64,
        esim: &Identity,
    ) -> Vec<u8> {
        let mut fields = self.at(now);
        fields.push((
            "voucher_code",
            Json::Text(format!("SUN-{}", 2_000 + self.serial)),
        ));
        fields.push(("esim_id", Json::from(esim.esim_id.as_str())));
        self.styles
            .draw(rng)
            .body("voucher", "redeemed", None, fields)
    }

    /// An event about an eSIM, of a type that nobody announced.
    pub(super) fn unheard_type(&mut self, rng: &mut StdRng, now: i64, esim: &Identity) -> Vec<u8> {
        let mut fields = self.at(now);
        let style = self.styles.draw(rng);
        fields.extend(style.identify(esim));
        fields.push(("network", Json::Text(format!("Net {}", self.serial))));
        style.body("esim", "network_change", None, fields)
    }

    fn at(&mut self, now: i64) -> Fields {
        self.serial += 1;
        vec![("timestamp", Json::Time(self.base + now))]
    }
}
