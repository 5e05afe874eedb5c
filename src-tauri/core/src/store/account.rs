//! The partner's account: what its balance was, orders through the affiliate link, refunds.

use rusqlite::params;
use serde::Serialize;

use super::{Reader, events};
use crate::event::{OrderFacts, RefundFacts, balance_facts, order_facts, refund_facts};
use crate::pace::{self, Pace, pace};

/// The latest events of each kind that are shown.
pub const MOST_ACCOUNT_EVENTS: u32 = 500;

/// The balance at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct BalancePoint {
    /// When it was told, UTC seconds.
    pub at: i64,
    /// `low_balance`, `insufficient_balance` or `top_up`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The balance after it, in units of the currency; `None`: the details are no longer kept.
    pub balance: Option<f64>,
    /// Below this Roamify warns.
    pub threshold: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// An order through the affiliate link.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OrderRow {
    /// The event that told of it.
    pub id: i64,
    /// When, UTC seconds.
    pub at: Option<i64>,
    /// What it says; empty where the details are no longer kept.
    pub facts: OrderFacts,
}

/// A decided refund.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RefundRow {
    /// The event that told of it.
    pub id: i64,
    /// When, UTC seconds.
    pub at: Option<i64>,
    /// `refunded` or `rejected`.
    pub outcome: String,
    /// Opens the eSIM that it is about.
    pub esim_key: Option<String>,
    /// The eSIM's ICCID.
    pub iccid: Option<String>,
    /// What else it says.
    pub facts: RefundFacts,
}

/// The account.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What was told of the balance, newest first.
    pub balances: Vec<BalancePoint>,
    /// When the balance is used up at the present pace; `None`: it can't be told.
    pub pace: Option<Pace>,
    /// Orders, newest first.
    pub orders: Vec<OrderRow>,
    /// Refunds, newest first.
    pub refunds: Vec<RefundRow>,
}

impl Reader<'_> {
    /// The latest [`MOST_ACCOUNT_EVENTS`] of each kind.
    pub fn account(&self) -> rusqlite::Result<Account> {
        self.account_of(MOST_ACCOUNT_EVENTS)
    }

    /// The latest events of each kind, at most so many.
    pub fn account_of(&self, most: u32) -> rusqlite::Result<Account> {
        let mut balances = Vec::new();
        for stored in self.of_category("partner", most)? {
            let said = self.payload(stored.id)?.map(|body| balance_facts(&body));
            let said = said.unwrap_or_default();
            let Some(at) = stored.event.occurred_at else {
                continue;
            };
            balances.push(BalancePoint {
                at,
                kind: stored.event.kind,
                balance: said.balance,
                threshold: said.threshold,
                currency: said.currency,
            });
        }
        let currency = balances.first().and_then(|latest| latest.currency.clone());
        // Amounts of several currencies are never taken together.
        let readings = balances
            .iter()
            .filter(|point| point.currency == currency)
            .filter_map(|point| Some((point.at, point.balance?)))
            .collect();
        let mut account = Account {
            pace: pace(readings, pace::BALANCE),
            balances,
            ..Account::default()
        };
        for stored in self.of_category("affiliate", most)? {
            let facts = self.payload(stored.id)?.map(|body| order_facts(&body));
            account.orders.push(OrderRow {
                id: stored.id,
                at: stored.event.occurred_at,
                facts: facts.unwrap_or_default(),
            });
        }
        for stored in self.of_category("refund", most)? {
            let facts = self.payload(stored.id)?.map(|body| refund_facts(&body));
            let event = stored.event;
            account.refunds.push(RefundRow {
                id: stored.id,
                at: event.occurred_at,
                outcome: event.kind,
                esim_key: event.esim_id.or_else(|| event.iccid.clone()),
                iccid: event.iccid,
                facts: facts.unwrap_or_default(),
            });
        }
        Ok(account)
    }

    fn of_category(&self, category: &str, most: u32) -> rusqlite::Result<Vec<super::StoredEvent>> {
        // Written into the text, so that SQLite may use the index of this category.
        let sql = format!(
            "SELECT {} FROM events WHERE category = '{category}' AND problem IS NULL
             ORDER BY occurred_at DESC LIMIT ?1",
            events::COLUMNS
        );
        self.db
            .prepare_cached(&sql)?
            .query_map(params![most], events::from_row)?
            .collect()
    }
}
