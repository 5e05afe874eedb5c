//! What stands in the rows of each list; the columns that the window names.

use esim_watch_core::catalogue::Locale;
use esim_watch_core::inbox;
use esim_watch_core::store::{Reader, SqliteError};

use super::file::Cell;
use crate::account::{Account, OrderRow, RefundRow};
use crate::alerts::{AlertQuery, AlertRow, MAX_ALERTS};
use crate::deliveries::{self, DeliveryPage, DeliveryQuery, DeliveryRow};
use crate::esim::EsimRow;
use crate::esim_list::EsimList;
use crate::timeline::EventRow;
use crate::travellers::{TravellerPage, TravellerQuery, TravellerRow};

/// Most rows of an export of events or deliveries; each page of the reader is a question of its own.
const MAX_EXPORT_ROWS: usize = 1_000_000;

/// Most orders and refunds of one export.
const MAX_ACCOUNT_ROWS: u32 = 100_000;

/// One eSIM.
pub(super) fn esim(row: &EsimRow) -> Vec<Cell> {
    vec![
        Cell::text(row.traveller.as_deref()),
        Cell::text(row.reference_id.as_deref()),
        Cell::text(row.iccid.as_deref()),
        Cell::text(row.esim_id.as_deref()),
        Cell::Text(row.status.clone()),
        Cell::time(row.status_since),
        Cell::time(row.start),
        Cell::time(row.end),
        Cell::time(row.first_activated_at),
        Cell::text(row.package_name.as_deref()),
        Cell::number(row.data_allowed_mb),
        match row.data_unlimited {
            Some(true) => Cell::Text("unlimited".to_owned()),
            _ => Cell::number(row.data_remaining_mb),
        },
        Cell::time(row.last_event_at),
        Cell::Number(row.event_count as f64),
        Cell::text(row.trip_start.as_deref()),
        Cell::text(row.trip_end.as_deref()),
        Cell::Text(row.tags.join(", ")),
    ]
}

pub(super) fn alerts(
    store: &Reader<'_>,
    query: &AlertQuery,
    now: i64,
    locale: &Locale,
) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let mut all = Vec::new();
    loop {
        let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let query = AlertQuery {
            offset,
            limit: MAX_ALERTS,
            ..query.clone()
        };
        let (_, alerts) = store.alerts(&query.into())?;
        if alerts.is_empty() {
            return Ok(all);
        }
        let ms = |ms: i64| ms.div_euclid(1000);
        all.extend(alerts.into_iter().map(|alert| {
            let words = inbox::text(&alert, now).words(locale, now);
            let row = AlertRow::of(alert, now);
            vec![
                Cell::Time(ms(row.raised_at_ms)),
                Cell::Text(words.title),
                Cell::Text(words.body),
                Cell::text(row.reference_id.as_deref()),
                Cell::text(row.iccid.as_deref()),
                Cell::time(row.acknowledged_at_ms.map(ms)),
                Cell::time(row.cleared_at_ms.map(ms)),
                Cell::text(row.note.as_deref()),
            ]
        }));
    }
}

pub(super) fn deliveries(
    store: &Reader<'_>,
    query: &DeliveryQuery,
    list: &EsimList,
    now: i64,
) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let esims = deliveries::searched_esims(store, list, &query.search, now)?;
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let query = DeliveryQuery {
            before,
            limit: 200,
            ..query.clone()
        };
        let page = DeliveryPage::read(store, query, &esims)?;
        before = page.rows.last().map(|row| row.id);
        all.extend(page.rows.iter().map(delivery));
        if !page.more || all.len() >= MAX_EXPORT_ROWS {
            return Ok(all);
        }
    }
}

fn delivery(row: &DeliveryRow) -> Vec<Cell> {
    vec![
        Cell::Time(row.received_at_ms.div_euclid(1000)),
        Cell::Text(format!("{:?}", row.verdict).to_lowercase()),
        Cell::Number(f64::from(row.status)),
        Cell::number(row.took_us.map(|us| us as f64 / 1000.0)),
        Cell::Text(row.category.clone()),
        Cell::Text(row.kind.clone()),
        Cell::text(row.reference_id.as_deref()),
        Cell::text(row.iccid.as_deref()),
        Cell::Number((row.repeats + 1) as f64),
    ]
}

pub(super) fn travellers(
    store: &Reader<'_>,
    search: String,
) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let query = TravellerQuery {
        search,
        offset: 0,
        limit: u32::MAX,
    };
    let page = TravellerPage::read(store, query)?;
    let row = |row: TravellerRow| {
        let iccids: Vec<&str> = row
            .esims
            .iter()
            .map(|esim| esim.iccid.as_deref().unwrap_or(&esim.key))
            .collect();
        let known = row.traveller;
        vec![
            Cell::Text(known.name),
            Cell::Text(known.contact),
            Cell::text(known.trip_start.as_deref()),
            Cell::text(known.trip_end.as_deref()),
            Cell::text(row.reference_id.as_deref()),
            Cell::Text(iccids.join(", ")),
            Cell::Text(known.tags.join(", ")),
            Cell::Text(known.note),
        ]
    };
    Ok(page.rows.into_iter().map(row).collect())
}

pub(super) fn orders(store: &Reader<'_>) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let account = Account::read_latest(store, MAX_ACCOUNT_ROWS)?;
    let row = |row: OrderRow| {
        vec![
            Cell::time(row.at),
            Cell::text(row.facts.order_id.as_deref()),
            Cell::text(row.facts.partner.as_deref()),
            Cell::text(row.facts.status.as_deref()),
            Cell::number(row.facts.total),
            Cell::number(row.facts.commission),
            Cell::text(row.facts.currency.as_deref()),
        ]
    };
    Ok(account.orders.into_iter().map(row).collect())
}

pub(super) fn refunds(store: &Reader<'_>) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let account = Account::read_latest(store, MAX_ACCOUNT_ROWS)?;
    let row = |row: RefundRow| {
        vec![
            Cell::time(row.at),
            Cell::Text(row.outcome),
            Cell::text(row.iccid.as_deref()),
            Cell::text(row.facts.reason.as_deref()),
        ]
    };
    Ok(account.refunds.into_iter().map(row).collect())
}

/// The events of one eSIM, newest first.
pub(super) fn timeline(store: &Reader<'_>, key: &str) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let Some(row) = store.esim_row(key)? else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    loop {
        let skip = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let page = EventRow::of_esim(store, row, skip)?;
        if page.is_empty() || all.len() >= MAX_EXPORT_ROWS {
            return Ok(all);
        }
        all.extend(page.iter().map(event));
    }
}

fn event(row: &EventRow) -> Vec<Cell> {
    vec![
        Cell::time(row.occurred_at),
        Cell::Time(row.received_at_ms.div_euclid(1000)),
        Cell::Text(row.category.clone()),
        Cell::Text(row.kind.clone()),
        Cell::text(row.status.as_deref()),
        Cell::number(row.facts.data_remaining_mb),
        Cell::text(row.problem.as_deref()),
    ]
}
