//! The rows of each list, gathered for a file.

use esim_watch_core::alert::Words;
use esim_watch_core::catalogue::Locale;
use esim_watch_core::inbox;
use esim_watch_core::letters::Letters;
use esim_watch_core::store::{Reader, SqliteError};

use crate::account::Account;
use crate::alerts::{AlertQuery, AlertRow, MAX_ALERTS};
use crate::deliveries::{self, DeliveryPage, DeliveryQuery, DeliveryRow};
use crate::esim_list::EsimList;
use crate::timeline::EventRow;
use crate::travellers::{TravellerPage, TravellerQuery, TravellerRow};

/// Most rows of an export of events or deliveries; each page of the reader is a question of its own.
const MAX_EXPORT_ROWS: usize = 1_000_000;

/// Most orders and refunds of one export.
const MAX_ACCOUNT_ROWS: u32 = 100_000;

/// An alert in words, as a file has it.
#[derive(Debug)]
pub(super) struct ExportedAlert {
    pub words: Words,
    pub row: AlertRow,
}

pub(super) fn alerts(
    store: &Reader<'_>,
    query: &AlertQuery,
    now: i64,
    locale: &Locale,
) -> Result<Vec<ExportedAlert>, SqliteError> {
    let mut all = Vec::new();
    loop {
        let query = AlertQuery {
            offset: u32::try_from(all.len()).unwrap_or(u32::MAX),
            limit: MAX_ALERTS,
            ..query.clone()
        };
        let (_, alerts) = store.alerts(&query.into())?;
        if alerts.is_empty() {
            return Ok(all);
        }
        all.extend(alerts.into_iter().map(|alert| ExportedAlert {
            words: inbox::text(&alert, now).words(locale, now),
            row: AlertRow::of(alert, now),
        }));
    }
}

pub(super) fn deliveries(
    store: &Reader<'_>,
    query: &DeliveryQuery,
    list: &EsimList,
    now: i64,
) -> Result<Vec<DeliveryRow>, SqliteError> {
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
        all.extend(page.rows);
        if !page.more || all.len() >= MAX_EXPORT_ROWS {
            return Ok(all);
        }
    }
}

/// Each with all its eSIMs.
pub(super) fn travellers(
    store: &Reader<'_>,
    search: String,
    locale: &Locale,
) -> Result<Vec<TravellerRow>, SqliteError> {
    let query = TravellerQuery {
        search,
        offset: 0,
        limit: u32::MAX,
    };
    let letters = Letters::of(locale.language);
    Ok(TravellerPage::read(store, query, &letters, usize::MAX)?.rows)
}

/// Orders and refunds.
pub(super) fn account(store: &Reader<'_>) -> Result<Account, SqliteError> {
    Account::read_latest(store, MAX_ACCOUNT_ROWS)
}

/// An event with its problem in words, as a file has it.
#[derive(Debug)]
pub(super) struct ExportedEvent {
    pub problem: Option<String>,
    pub row: EventRow,
}

/// The events of one eSIM, newest first.
pub(super) fn timeline(
    store: &Reader<'_>,
    key: &str,
    now: i64,
    locale: &Locale,
) -> Result<Vec<ExportedEvent>, SqliteError> {
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
        all.extend(page.into_iter().map(|row| {
            ExportedEvent {
                problem: row
                    .problem
                    .clone()
                    .map(|problem| locale.text(&problem.into(), now)),
                row,
            }
        }));
    }
}
