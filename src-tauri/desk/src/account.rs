//! The partner's account: what its balance was, orders through the affiliate link, refunds.

use std::collections::{BTreeMap, HashMap, HashSet};

use esim_watch_core::alert::{AccountEvent, Purse, by_currency, failed_orders};
use esim_watch_core::esim::key_of;
use esim_watch_core::event::{self, Topic, currency_code, order_status};
use esim_watch_core::forecast::{self, pace};
use esim_watch_core::store::{Reader, SqliteError, StoredEvent};
use serde::Serialize;

use crate::usage::Pace;

/// The latest of each kind that are shown.
const SHOWN_ACCOUNT_EVENTS: usize = 500;

/// The latest events of each kind that are read, for the totals.
const READ_ACCOUNT_EVENTS: u32 = 20_000;

/// A state of an order.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OrderState {
    /// As the provider writes it.
    pub(crate) status: &'static str,
    /// Whether nothing is earned by it.
    void: bool,
}

/// Every state of an order that this version knows.
pub const ORDER_STATES: &[OrderState] = &[
    OrderState {
        status: "completed",
        void: false,
    },
    OrderState {
        status: "pending",
        void: false,
    },
    OrderState {
        status: "failed",
        void: true,
    },
    OrderState {
        status: "refunded",
        void: true,
    },
];

/// An order through the partner's affiliate link.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderDetails {
    /// The provider's number of the order.
    pub order_id: Option<String>,
    /// Whose link it came through.
    pub partner: Option<String>,
    /// What the customer paid, in units of `currency`.
    pub total: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `completed`, `pending`, `failed`, `refunded`, or what came.
    pub status: Option<String>,
    /// The partner's share, in units of `currency`.
    pub commission: Option<f64>,
}

impl From<event::OrderDetails> for OrderDetails {
    fn from(details: event::OrderDetails) -> OrderDetails {
        let event::OrderDetails {
            order_id,
            partner,
            total,
            currency,
            status,
            commission,
        } = details;
        // One spelling of what is known, so that it is counted and worded as what it is.
        let known = status.as_deref().and_then(order_status);
        OrderDetails {
            order_id,
            partner,
            total,
            currency: currency.as_deref().and_then(currency_code),
            status: known.map(str::to_owned).or(status),
            commission,
        }
    }
}

/// A decided refund request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RefundDetails {
    /// The provider's number of the refund.
    pub refund_id: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

impl From<event::RefundDetails> for RefundDetails {
    fn from(details: event::RefundDetails) -> RefundDetails {
        let event::RefundDetails {
            refund_id,
            // The row tells it by its kind.
            outcome: _,
            reason,
        } = details;
        RefundDetails { refund_id, reason }
    }
}

/// The balance at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct BalancePoint {
    /// When it was told, UTC seconds.
    pub at: i64,
    /// `low_balance`, `insufficient_balance` or `top_up`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether the details are no longer kept.
    pub dropped: bool,
    /// The balance after it, in units of the currency.
    pub balance: Option<f64>,
    /// Below this the provider warns.
    pub threshold: Option<f64>,
    /// ISO 4217; that which is meant, where it names none.
    pub currency: Option<String>,
}

/// What is left in one currency. Amounts of several currencies are never taken together.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Funds {
    /// ISO 4217; `None`: none is named.
    pub currency: Option<String>,
    /// How much, as it was told last, in units of `currency`.
    pub balance: f64,
    /// When that was, UTC seconds.
    pub at: i64,
    /// When it is used up at the present pace; `None`: it can't be told.
    pub pace: Option<Pace>,
}

/// An order through the affiliate link, as it was told of last.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct OrderRow {
    /// The event that told of it last.
    pub id: i64,
    /// When, UTC seconds.
    pub at: Option<i64>,
    /// Whether the details are no longer kept.
    pub dropped: bool,
    /// What it says.
    pub details: OrderDetails,
}

/// What the orders of one currency come to. Amounts of several currencies are never added.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct OrderTotal {
    /// ISO 4217; `None`: the orders name none.
    pub currency: Option<String>,
    /// How many orders.
    pub count: u32,
    /// What customers paid, in units of `currency`.
    pub total: f64,
    /// The partner's share, in units of `currency`.
    pub commission: f64,
}

/// A decided refund.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RefundRow {
    /// The event that told of it.
    pub id: i64,
    /// When, UTC seconds.
    pub at: Option<i64>,
    /// `refunded` or `rejected`.
    pub outcome: String,
    /// Whether it was not granted.
    pub rejected: bool,
    /// Opens the eSIM that it is about.
    pub esim_key: Option<String>,
    /// The eSIM's ICCID.
    pub iccid: Option<String>,
    /// The provider's id of the eSIM.
    pub esim_id: Option<String>,
    /// Who travels with the eSIM.
    pub traveller: Option<String>,
    /// The reference under which the eSIM was sold, as it is written.
    pub reference_id: Option<String>,
    /// What else it says.
    pub details: RefundDetails,
    /// The eSIM's row.
    #[serde(skip)]
    esim: Option<i64>,
}

impl RefundRow {
    /// Adds how the desk calls the eSIM: a refund often names nothing but its id.
    fn name(&mut self, store: &Reader<'_>) -> Result<(), SqliteError> {
        store.each_of_these_esims(self.esim, |_, known| {
            let Some(known) = known else { return };
            self.traveller = known
                .traveller
                .map(|traveller| traveller.name)
                .filter(|name| !name.is_empty());
            self.reference_id = known.state.reference().map(str::to_owned);
            self.iccid = self.iccid.take().or(known.state.iccid);
        })
    }
}

/// The account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What was told of the balance, newest first.
    pub balances: Vec<BalancePoint>,
    /// What is left, by currency in the order of their codes.
    pub funds: Vec<Funds>,
    /// How many orders have failed for lack of balance since money last came.
    pub failed_orders: u32,
    /// Orders, the one that was told of last first.
    pub orders: Vec<OrderRow>,
    /// What those orders come to that neither failed nor were refunded, by currency.
    pub totals: Vec<OrderTotal>,
    /// Orders that failed or were refunded.
    pub void_orders: u32,
    /// Refunds, newest first.
    pub refunds: Vec<RefundRow>,
    /// How many there are in all, where only the latest are told.
    pub all: AccountCounts,
}

/// How many of each kind there are, among the latest 20,000 events of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountCounts {
    /// Events about the balance.
    pub balances: u32,
    /// Orders.
    pub orders: u32,
    /// Refunds.
    pub refunds: u32,
}

impl OrderRow {
    /// Whether nothing is earned by it.
    fn is_void(&self) -> bool {
        let status = self.details.status.as_deref();
        let known = ORDER_STATES
            .iter()
            .find(|state| Some(state.status) == status);
        known.is_some_and(|state| state.void)
    }
}

/// The latest events about this, the last first. Two of one second have an order of their own.
fn latest_first(
    store: &Reader<'_>,
    topic: Topic,
    most: u32,
) -> Result<Vec<StoredEvent>, SqliteError> {
    let mut events = store.events_about(topic, most)?;
    event::sort_money(&mut events, |stored| stored.event.money());
    events.reverse();
    Ok(events)
}

/// What is left by these purses. What names no currency stands behind those that do.
fn funds(purses: &[Purse<'_>]) -> Vec<Funds> {
    let left = |purse: &Purse<'_>| {
        let told = purse.events.iter();
        let readings: Vec<(i64, f64)> = told
            .filter_map(|event| Some((event.occurred_at, event.amount?)))
            .collect();
        let (at, balance) = *readings.last()?;
        Some(Funds {
            currency: purse.currency.clone(),
            balance,
            at,
            pace: pace(readings, forecast::BALANCE).map(Pace::from),
        })
    };
    let mut funds: Vec<Funds> = purses.iter().filter_map(left).collect();
    funds.sort_by_key(|funds| funds.currency.is_none());
    funds
}

/// By currency, in the order of their names.
fn totals(orders: &[OrderRow]) -> Vec<OrderTotal> {
    let mut totals: BTreeMap<Option<String>, OrderTotal> = BTreeMap::new();
    for order in orders.iter().filter(|order| !order.is_void()) {
        let OrderDetails {
            currency,
            total: Some(paid),
            commission,
            ..
        } = &order.details
        else {
            // The details are no longer kept, or it names no amount.
            continue;
        };
        let sum = totals
            .entry(currency.clone())
            .or_insert_with(|| OrderTotal {
                currency: currency.clone(),
                count: 0,
                total: 0.0,
                commission: 0.0,
            });
        sum.count += 1;
        sum.total += paid;
        sum.commission += commission.unwrap_or_default();
    }
    totals.into_values().collect()
}

impl Account {
    /// The latest 500 of each kind, and what all come to.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>) -> Result<Account, SqliteError> {
        let mut account = Account::read_latest(store, READ_ACCOUNT_EVENTS)?;
        account.totals = totals(&account.orders);
        let many = |all: usize| u32::try_from(all).unwrap_or(u32::MAX);
        account.void_orders = many(
            account
                .orders
                .iter()
                .filter(|order| order.is_void())
                .count(),
        );
        account.all = AccountCounts {
            balances: many(account.balances.len()),
            orders: many(account.orders.len()),
            refunds: many(account.refunds.len()),
        };
        account.balances.truncate(SHOWN_ACCOUNT_EVENTS);
        account.orders.truncate(SHOWN_ACCOUNT_EVENTS);
        account.refunds.truncate(SHOWN_ACCOUNT_EVENTS);
        for refund in &mut account.refunds {
            refund.name(store)?;
        }
        Ok(account)
    }

    /// The latest events of each kind, at most so many; of an order the last. Without totals.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read_latest(store: &Reader<'_>, most: u32) -> Result<Account, SqliteError> {
        let mut balances = Vec::new();
        let mut told_of_balance = Vec::new();
        for stored in latest_first(store, Topic::Balance, most)? {
            let kind = stored.event.kind;
            let details = stored.event.details.unwrap_or_default();
            let said = details.balance.unwrap_or_default();
            let Some(at) = stored.event.occurred_at else {
                continue;
            };
            let currency = said.currency.as_deref().and_then(currency_code);
            balances.push(BalancePoint {
                at,
                kind: kind.as_parts().1.to_owned(),
                dropped: stored.details_dropped,
                balance: said.balance,
                threshold: said.threshold,
                currency: currency.clone(),
            });
            told_of_balance.push(AccountEvent {
                key: stored.event.key,
                kind,
                occurred_at: at,
                amount: said.balance,
                threshold: said.threshold,
                currency,
            });
        }
        let purses = by_currency(&told_of_balance);
        let meant: HashMap<&str, &Option<String>> = purses
            .iter()
            .flat_map(|purse| {
                purse
                    .events
                    .iter()
                    .map(|event| (event.key.as_str(), &purse.currency))
            })
            .collect();
        for (point, told) in balances.iter_mut().zip(&told_of_balance) {
            if let Some(currency) = meant.get(told.key.as_str()) {
                point.currency.clone_from(currency);
            }
        }
        let mut account = Account {
            funds: funds(&purses),
            failed_orders: u32::try_from(failed_orders(&told_of_balance)).unwrap_or(u32::MAX),
            balances,
            ..Account::default()
        };
        let mut told = HashSet::new();
        for stored in latest_first(store, Topic::Order, most)? {
            let details = stored.event.details.unwrap_or_default();
            let details = OrderDetails::from(details.order.unwrap_or_default());
            // Pending, then completed: one order.
            if details.order_id.clone().is_some_and(|id| !told.insert(id)) {
                continue;
            }
            account.orders.push(OrderRow {
                id: stored.id,
                at: stored.event.occurred_at,
                dropped: stored.details_dropped,
                details,
            });
        }
        for stored in latest_first(store, Topic::Refund, most)? {
            let event = stored.event;
            let rejected = event.is_rejected_refund();
            let details = event.details.unwrap_or_default();
            account.refunds.push(RefundRow {
                id: stored.id,
                at: event.occurred_at,
                outcome: event.kind.as_parts().1.to_owned(),
                rejected,
                esim_key: key_of(
                    event.provider,
                    event.esim_id.as_deref(),
                    event.iccid.as_deref(),
                ),
                iccid: event.iccid,
                esim_id: event.esim_id,
                traveller: None,
                reference_id: None,
                details: details.refund.unwrap_or_default().into(),
                esim: stored.esim,
            });
        }
        Ok(account)
    }
}

#[cfg(test)]
mod tests;
