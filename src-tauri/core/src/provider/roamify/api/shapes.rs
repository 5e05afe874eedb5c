//! What the API's answers hold, read as leniently as its webhooks: fields come and go, numbers are texts and the reverse.
//! Of a traveller's secrets (activation codes, PIN, PUK) no field is ever read.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::super::fields::{Fields, Object};
use super::super::parse::uuid_in_one_form;
use crate::event::{Bought, Status, figure};
use crate::provider::{ApiError, Asking, ListedEsim};

/// One entry of an eSIM's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HistoryEntry {
    pub at: i64,
    pub status: Status,
    pub iccid: Option<String>,
}

/// An eSIM's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct History {
    pub esim_id: Option<String>,
    /// As it is written.
    pub reference_id: Option<String>,
    /// Each status and second once, in their order.
    pub entries: Vec<HistoryEntry>,
    /// Whether it has none, in a form that no page describes.
    pub is_oddly_empty: bool,
    /// Whether there are entries that can't be understood.
    pub unreadable: bool,
}

/// What is left of an eSIM's package.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UsageRow {
    pub esim_id: Option<String>,
    pub status: Option<Status>,
    pub started_at: Option<i64>,
    pub ends_at: Option<i64>,
    /// As they are written: what stands for "no limit" too.
    pub allowed_data: Option<f64>,
    pub remaining_data: Option<f64>,
    pub allowed_sms: Option<f64>,
    pub remaining_sms: Option<f64>,
    pub allowed_voice: Option<f64>,
    pub remaining_voice: Option<f64>,
}

/// A list of orders.
#[derive(Debug, Default)]
pub(super) struct OrderList {
    /// How many there are.
    pub count: usize,
    /// What they are about.
    pub items: Vec<OrderItem>,
    /// Whether there are entries that can't be understood.
    pub unreadable: bool,
    /// Whether there are as many as were asked for.
    pub is_full: bool,
}

/// An order's part that is about one eSIM.
#[derive(Debug)]
pub(super) struct OrderItem {
    /// The order's own id; `None`: it has none.
    pub order_id: Option<String>,
    pub esim_id: String,
    /// The same as the API writes it.
    pub written_id: String,
    /// `None`: nothing came of the order, or not yet.
    pub bought: Option<Bought>,
}

/// Whether an answer says that it is none, whatever its status.
pub(super) fn says_failed(body: &[u8]) -> bool {
    let Ok(envelope) = serde_json::from_slice::<Object<'_>>(body) else {
        return false;
    };
    let status = envelope.get("status").map(|raw| raw.get());
    matches!(status, Some(r#""failed""# | r#""error""#))
}

/// What an answer holds: its `data`, or all of it where it has no wrapper.
fn data(body: &[u8], what: Asking) -> Result<&RawValue, ApiError> {
    let whole: &RawValue = serde_json::from_slice(body).map_err(|_| ApiError::Unreadable(what))?;
    let inner = Fields::of(whole).and_then(|fields| fields.raw("data"));
    Ok(inner.unwrap_or(whole))
}

fn list(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// A list where there may be none, which some write as null.
fn list_or_none(raw: &RawValue) -> Option<Vec<&RawValue>> {
    if is_null(raw) {
        return Some(Vec::new());
    }
    list(raw)
}

fn is_null(raw: &RawValue) -> bool {
    raw.get().trim() == "null"
}

fn fields(raw: &RawValue, what: Asking) -> Result<Fields<'_>, ApiError> {
    Fields::of(raw).ok_or(ApiError::Unreadable(what))
}

/// A list of eSIMs, and whether an entry of it can't be understood.
pub(super) fn esims(body: &[u8]) -> Result<(Vec<ListedEsim>, bool), ApiError> {
    let what = Asking::Esims;
    let raw = data(body, what)?;
    let inner = Fields::of(raw).and_then(|fields| fields.raw("esims"));
    let rows = list(inner.unwrap_or(raw)).ok_or(ApiError::Unreadable(what))?;
    let count = rows.len();
    let read: Vec<_> = rows
        .into_iter()
        .filter_map(|row| listed(&Fields::of(row)?))
        .collect();
    let unreadable = read.len() < count;
    Ok((read, unreadable))
}

/// One eSIM.
pub(super) fn esim(body: &[u8]) -> Result<ListedEsim, ApiError> {
    let what = Asking::Esim;
    listed(&fields(data(body, what)?, what)?).ok_or(ApiError::Unreadable(what))
}

fn listed(row: &Fields<'_>) -> Option<ListedEsim> {
    let written_id = row.identifier("id").or_else(|| row.identifier("esimId"))?;
    let status = row.plain("status").map(|text| Status::from_text(&text));
    let data = row.object("data");
    let mut esim = ListedEsim {
        esim_id: uuid_in_one_form(written_id.clone()),
        written_id,
        iccid: row.iccid("iccid").known(),
        status,
        mark: String::new(),
        created_at: row.time("createdAt"),
        updated_at: row.time("updatedAt"),
        ends_at: row.time("expiredAt"),
        unlimited: data.and_then(|data| data.flag("isUnlimited")),
        without_usage: row.flag("withUsageCheck") == Some(false),
        bought: Vec::new(),
    };
    let time = |at: Option<i64>| at.map(|at| at.to_string()).unwrap_or_default();
    esim.mark = [
        esim.status.as_ref().map_or("", Status::as_str),
        &time(esim.updated_at),
        &time(esim.ends_at),
        esim.iccid.as_deref().unwrap_or_default(),
    ]
    .join("|");
    Some(esim)
}

/// A list of orders. One that is waited for is about no eSIM yet.
pub(super) fn orders(body: &[u8]) -> Result<OrderList, ApiError> {
    let what = Asking::Orders;
    let raw = data(body, what)?;
    let inner = Fields::of(raw).and_then(|fields| fields.raw("orders"));
    let rows = list(inner.unwrap_or(raw)).ok_or(ApiError::Unreadable(what))?;
    let mut orders = OrderList {
        count: rows.len(),
        ..OrderList::default()
    };
    for row in rows {
        let order = Fields::of(row);
        let parts = order.as_ref().map(|order| order.raw("items"));
        let parts = parts.and_then(|parts| parts.map_or(Some(Vec::new()), list_or_none));
        let (Some(order), Some(parts)) = (order, parts) else {
            orders.unreadable = true;
            continue;
        };
        let order_id = order.identifier("id");
        let reference_id = order.reference("referenceId").map(Cow::into_owned);
        let at = order.time("createdAt");
        let kind = order.text("orderType").unwrap_or_default();
        let is_void = order.plain("status").is_some_and(|status| is_void(&status));
        for part in parts {
            let Some(item) = Fields::of(part) else {
                orders.unreadable = true;
                continue;
            };
            let Some(written_id) = item.identifier("esimId") else {
                continue;
            };
            let kind = format!("{kind} {}", item.text("type").unwrap_or_default());
            orders.items.push(OrderItem {
                order_id: order_id.clone(),
                esim_id: uuid_in_one_form(written_id.clone()),
                written_id,
                bought: (!is_void).then(|| Bought {
                    reference_id: reference_id.clone(),
                    package_id: item.text("packageId"),
                    package_name: package(&item),
                    price: figure(item.number("price")),
                    currency: item.text("currency").or_else(|| order.text("currency")),
                    top_up: kind.to_lowercase().contains("top"),
                    at,
                }),
            });
        }
    }
    Ok(orders)
}

/// Whether by an order of this status nothing was bought: it failed, was given back, or is waited for.
fn is_void(status: &str) -> bool {
    const VOID: [&str; 5] = ["pending", "failed", "refunded", "cancelled", "canceled"];
    VOID.contains(&status.trim().to_lowercase().as_str())
}

/// The name of a package, which may be an object of its own.
fn package(item: &Fields<'_>) -> Option<String> {
    let inner = item.object("package");
    let named = inner.and_then(|package| package.text("name").or_else(|| package.text("package")));
    item.text("package")
        .or(named)
        .or_else(|| item.text("packageName"))
}

/// An eSIM's history.
pub(super) fn history(body: &[u8]) -> Result<History, ApiError> {
    let what = Asking::History;
    let raw = data(body, what)?;
    let (whole, events) = match list(raw) {
        Some(_) => (None, raw),
        None => {
            let whole = fields(raw, what)?;
            let events = whole.raw("events").ok_or(ApiError::Unreadable(what))?;
            (Some(whole), events)
        }
    };
    let rows = list_or_none(events).ok_or(ApiError::Unreadable(what))?;
    let mut history = History {
        is_oddly_empty: rows.is_empty() && (whole.is_none() || is_null(events)),
        ..History::default()
    };
    if let Some(whole) = whole {
        history.esim_id = whole.identifier("esimId").map(uuid_in_one_form);
        history.reference_id = whole.reference("referenceId").map(Cow::into_owned);
    }
    for row in rows {
        if tells_nothing(row) {
            continue;
        }
        let entry = Fields::of(row).and_then(|row| {
            let names = ["timeStamp", "timestamp", "dateTime"];
            Some(HistoryEntry {
                at: names.iter().find_map(|name| row.time(name))?,
                status: Status::from_text(&row.plain("status")?),
                iccid: row.iccid("iccid").known(),
            })
        });
        match entry {
            Some(entry) => history.entries.push(entry),
            None => history.unreadable = true,
        }
    }
    let place = |entry: &HistoryEntry| (entry.at, entry.status.place_in_life());
    history
        .entries
        .sort_by(|a, b| (place(a), &a.status).cmp(&(place(b), &b.status)));
    history
        .entries
        .dedup_by(|later, first| (later.at, &later.status) == (first.at, &first.status));
    Ok(history)
}

/// Whether an entry of a history is none, or has no status.
fn tells_nothing(row: &RawValue) -> bool {
    let is_nothing = |raw: &RawValue| is_null(raw) || raw.get() == r#""""#;
    let without = |row: Fields<'_>| row.raw("status").is_none_or(is_nothing);
    is_null(row) || Fields::of(row).is_some_and(without)
}

/// Any of these says that an answer is about a package, and no error in other words.
const USAGE_FIELDS: [&str; 7] = [
    "id",
    "esimId",
    "iccid",
    "startedAt",
    "expiredAt",
    "allowedData",
    "remainingData",
];

/// What is left of a package.
pub(super) fn usage(body: &[u8]) -> Result<UsageRow, ApiError> {
    let what = Asking::Usage;
    let row = fields(data(body, what)?, what)?;
    let says_something = USAGE_FIELDS.iter().any(|name| row.raw(name).is_some());
    if !says_something {
        return Err(ApiError::Unreadable(what));
    }
    Ok(UsageRow {
        esim_id: row
            .identifier("id")
            .or_else(|| row.identifier("esimId"))
            .map(uuid_in_one_form),
        status: row.plain("status").map(|text| Status::from_text(&text)),
        started_at: row.time("startedAt"),
        ends_at: row.time("expiredAt"),
        allowed_data: row.number("allowedData"),
        remaining_data: row.number("remainingData"),
        allowed_sms: figure(row.number("allowedSms")),
        remaining_sms: figure(row.number("remainingSms")),
        allowed_voice: figure(row.number("allowedVoice")),
        remaining_voice: figure(row.number("remainingVoice")),
    })
}

/// The partner's balance and its currency.
pub(super) fn balance(body: &[u8]) -> Result<(f64, Option<String>), ApiError> {
    let what = Asking::Balance;
    let row = fields(data(body, what)?, what)?;
    let balance = row.number("balance").ok_or(ApiError::Unreadable(what))?;
    Ok((balance, row.text("currency")))
}
