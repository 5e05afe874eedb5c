//! The rows of each list, gathered for a file.

use esim_watch_core::alert::Words;
use esim_watch_core::catalogue::Locale;
use esim_watch_core::inbox;
use esim_watch_core::letters::Letters;
use esim_watch_core::store::{Reader, SqliteError, StoredAlert};

use crate::account::Account;
use crate::alerts::{AlertQuery, AlertRow, MAX_ALERTS};
use crate::deliveries::{self, DeliveryPage, DeliveryQuery, DeliveryRow};
use crate::esim_list::EsimList;
use crate::timeline::EventRow;
use crate::travellers::{TravellerPage, TravellerQuery, TravellerRow};

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
            words: words(&alert, now, locale),
            row: AlertRow::of(alert, now),
        }));
    }
}

/// Nothing is shortened as it is for a notification.
fn words(alert: &StoredAlert, now: i64, locale: &Locale) -> Words {
    let mut text = inbox::text(alert, now);
    if let Some(name) = &alert.traveller {
        text.title = text.title.with("who", name.as_str());
    }
    let sentences = text.body.iter().map(|sentence| locale.text(sentence, now));
    Words {
        title: locale.text(&text.title, now),
        body: sentences.collect::<Vec<_>>().join(" "),
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
        if !page.more {
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
    Account::read_latest(store, u32::MAX)
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
        if page.is_empty() {
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
