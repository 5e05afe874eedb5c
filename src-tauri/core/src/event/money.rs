//! Events about money: their order, and how a currency and the state of an order are written.

use std::collections::BTreeMap;

use super::{Event, EventKind};

/// The states of an order that are known, in the order of its life.
pub const ORDER_STATUSES: [&str; 4] = ["pending", "completed", "failed", "refunded"];

/// Currencies without a smaller unit (ISO 4217), and the forint, whose smaller one is out of use.
const WHOLE_UNITS: [&str; 17] = [
    "BIF", "CLP", "DJF", "GNF", "HUF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
    "VND", "VUV", "XAF", "XOF",
];

/// Amounts that differ by so many of the smallest unit are the same: each is rounded, and so is what it was made of.
const ROUNDED_UNITS: f64 = 5.0;

/// By how much amounts differ at most that are the same, in units of the currency; `None`: none is named.
#[must_use]
pub fn rounding(currency: Option<&str>) -> f64 {
    let code = currency.and_then(currency_code);
    let whole = code.is_some_and(|code| WHOLE_UNITS.contains(&code.as_str()));
    ROUNDED_UNITS * if whole { 1.0 } else { 0.01 }
}

/// The state of an order as it is written here, whatever its case; `None`: it is none that is known.
#[must_use]
pub fn order_status(written: &str) -> Option<&'static str> {
    let written = written.trim();
    ORDER_STATUSES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(written))
}

/// A currency as ISO 4217 writes it, whatever its case; `None`: none is named.
#[must_use]
pub fn currency_code(written: &str) -> Option<String> {
    let written = written.trim();
    (!written.is_empty()).then(|| written.to_uppercase())
}

/// What decides where an event about money stands among the others.
#[derive(Debug, Clone, Copy)]
pub struct Money<'a> {
    /// When it happened, UTC seconds.
    pub at: i64,
    /// What it tells.
    pub kind: &'a EventKind,
    /// The state of the order that it tells of.
    pub order_status: Option<&'a str>,
    /// The balance after it.
    pub amount: Option<f64>,
    /// What the amount is in, in any case. Balances in several have nothing to do with each other.
    pub currency: Option<&'a str>,
    /// The event's key.
    pub key: &'a str,
}

/// The greatest balance that top-ups of one second and one currency tell of.
type ToppedUp = BTreeMap<(i64, Option<String>), f64>;

impl Money<'_> {
    fn purse(&self) -> (i64, Option<String>) {
        (self.at, self.currency.and_then(currency_code))
    }

    /// The place among the events of the same second. Seconds are all that is told, and who sees an order fail adds money
    /// and not the reverse: so a top-up comes after a shortage, unless that tells of a balance which only the top-up
    /// explains.
    fn place(&self, topped_up: &ToppedUp) -> usize {
        let explained = || {
            let most = topped_up.get(&self.purse());
            let amounts = self.amount.zip(most);
            amounts.is_some_and(|(amount, most)| amount > most - rounding(self.currency))
        };
        let shortage = |before: usize, after: usize| if explained() { after } else { before };
        match self.kind {
            EventKind::BalanceLow => shortage(0, 3),
            EventKind::BalanceInsufficient => shortage(1, 4),
            EventKind::BalanceToppedUp => 2,
            EventKind::Order => {
                let status = self.order_status.and_then(order_status);
                let place = ORDER_STATUSES
                    .into_iter()
                    .position(|one| Some(one) == status);
                place.map_or(0, |place| place + 1)
            }
            _ => 5,
        }
    }
}

/// Brings events about money in order: by time, then by what follows from what, then by key. Total, so that every order
/// of arrival tells the same.
pub fn sort_money<T>(events: &mut [T], money: impl Fn(&T) -> Money<'_>) {
    let mut topped_up = ToppedUp::new();
    for event in events.iter().map(&money) {
        let amount = event
            .amount
            .filter(|_| *event.kind == EventKind::BalanceToppedUp);
        if let Some(amount) = amount {
            let most = topped_up.entry(event.purse()).or_insert(amount);
            *most = most.max(amount);
        }
    }
    events.sort_by(|a, b| {
        let (a, b) = (money(a), money(b));
        let places = (a.place(&topped_up), b.place(&topped_up));
        (a.at, places.0, a.key).cmp(&(b.at, places.1, b.key))
    });
}

impl Event {
    /// What decides where an event about money stands. One without a time stands first.
    #[must_use]
    pub fn money(&self) -> Money<'_> {
        let details = self.details.as_deref();
        let balance = details.and_then(|said| said.balance.as_ref());
        let order = details.and_then(|said| said.order.as_ref());
        Money {
            at: self.occurred_at.unwrap_or(i64::MIN),
            kind: &self.kind,
            order_status: order.and_then(|order| order.status.as_deref()),
            amount: balance.and_then(|balance| balance.balance),
            currency: balance.and_then(|balance| balance.currency.as_deref()),
            key: &self.key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_read_whatever_its_case() {
        assert_eq!(order_status(" Refunded"), Some("refunded"));
        assert_eq!(order_status("disputed"), None);
        assert_eq!(currency_code(" eur "), Some("EUR".to_owned()));
        assert_eq!(currency_code(" "), None);
    }

    /// The kinds in order of what is told in one second.
    fn in_order(told: &[(EventKind, Option<f64>, &str)]) -> Vec<EventKind> {
        let mut told = told.to_vec();
        sort_money(&mut told, |(kind, amount, currency)| Money {
            at: 10,
            kind,
            order_status: None,
            amount: *amount,
            currency: Some(currency),
            key: "",
        });
        told.into_iter().map(|(kind, _, _)| kind).collect()
    }

    use EventKind::{
        BalanceInsufficient as Insufficient, BalanceLow as Low, BalanceToppedUp as ToppedUp,
    };

    #[test]
    fn money_comes_after_the_shortage_of_the_same_second() {
        for (short, added) in [
            (Some(3.1), Some(103.1)),
            (None, Some(103.1)),
            (Some(3.1), None),
            (None, None),
        ] {
            let told = [
                (ToppedUp, added, "EUR"),
                (Insufficient, short, "EUR"),
                (Low, short, "EUR"),
            ];
            assert_eq!(in_order(&told), [Low, Insufficient, ToppedUp], "{told:?}");
        }
    }

    #[test]
    fn money_comes_before_a_shortage_that_tells_of_it() {
        let told = [
            (Insufficient, Some(13.1), "EUR"),
            (ToppedUp, Some(10.0), "eur"),
            (Low, Some(13.1), "eur"),
            (ToppedUp, Some(13.1), "EUR"),
        ];
        assert_eq!(in_order(&told), [ToppedUp, ToppedUp, Low, Insufficient]);
    }

    #[test]
    fn a_shortage_tells_of_money_although_its_balance_is_rounded_otherwise() {
        for (currency, less) in [("EUR", 0.01), ("jpy", 1.0)] {
            let told = [
                (Insufficient, Some(1300.0 - less), currency),
                (ToppedUp, Some(1300.0), currency),
            ];
            assert_eq!(in_order(&told), [ToppedUp, Insufficient], "{currency}");
            let told = [
                (Insufficient, Some(1300.0 - 20.0 * less), currency),
                (ToppedUp, Some(1300.0), currency),
            ];
            assert_eq!(in_order(&told), [Insufficient, ToppedUp], "{currency}");
        }
    }

    #[test]
    fn a_balance_in_another_currency_tells_of_no_money() {
        let told = [
            (ToppedUp, Some(13.1), "USD"),
            (Insufficient, Some(13.1), "EUR"),
        ];
        assert_eq!(in_order(&told), [Insufficient, ToppedUp]);
    }
}
