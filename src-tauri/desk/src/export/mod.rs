//! Lists as files for a spreadsheet, in the downloads folder, with progress and a way to stop.

mod as_text;
pub(crate) mod column;
pub(crate) mod columns;
pub mod file;
mod guard;
pub mod records;
mod rows;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use esim_watch_core::catalogue::Locale;
use esim_watch_core::store::{Reader, SqliteError};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::alerts::AlertQuery;
use crate::deliveries::DeliveryQuery;
use crate::delivery_proof::ProofSpan;
use crate::esim::EsimRow;
use crate::esim_list::{EsimColumn, EsimFilter, EsimList};
pub use column::ExportColumn;
use column::ExportHead;
pub use columns::export_columns;
use file::{Cell, CsvSeparator, Sheet, SheetError, SheetFormat, SheetWatch};

/// Gives a row by its number; `None`: it is gone.
type Rows<'a> = Box<dyn FnMut(usize) -> Result<Option<Vec<Cell>>, SqliteError> + 'a>;

/// What to export.
#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ExportWhat {
    /// The eSIMs that match.
    Esims {
        /// Which, in which order.
        filter: EsimFilter,
    },
    /// These eSIMs, by their keys, in their order.
    Selected {
        /// Their keys.
        keys: Vec<String>,
    },
    /// The alerts that match.
    Alerts {
        /// Which; offset and limit do not count.
        query: AlertQuery,
    },
    /// The deliveries that match.
    Deliveries {
        /// Which; before and limit do not count.
        query: DeliveryQuery,
    },
    /// The travellers that match.
    Travellers {
        /// As in the list.
        search: String,
    },
    /// Every affiliate order.
    Orders,
    /// Every decided refund.
    Refunds,
    /// How each change of status of a span came to be known.
    Proof {
        /// The span.
        span: ProofSpan,
    },
    /// The events of an eSIM.
    Timeline {
        /// Its key.
        key: String,
    },
}

/// An export that is asked for.
#[derive(Debug, Clone, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportRequest {
    /// Chosen by the window; cancels it.
    pub id: u32,
    /// What.
    pub what: ExportWhat,
    /// As what.
    pub format: SheetFormat,
    /// What stands between the cells of CSV; `None`: what spreadsheets of the desk's language expect.
    pub separator: Option<CsvSeparator>,
    /// What the file is called, without its ending.
    pub name: String,
    /// The heading of each column in the window's language, by the column's id.
    pub headings: BTreeMap<String, String>,
}

/// How far an export is.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ExportProgress {
    /// Rows that are written.
    pub done: u32,
    /// Rows in all.
    pub total: u32,
}

/// A finished export.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its rows.
    pub rows: u32,
}

/// The exports under way.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    running: Mutex<HashMap<u32, Arc<AtomicBool>>>,
}

impl Exports {
    pub(crate) fn begin(&self, id: u32) -> Arc<AtomicBool> {
        let cancelled = Arc::new(AtomicBool::new(false));
        self.lock().insert(id, Arc::clone(&cancelled));
        cancelled
    }

    pub(crate) fn end(&self, id: u32) {
        self.lock().remove(&id);
    }

    pub(crate) fn cancel(&self, id: u32) {
        if let Some(cancelled) = self.lock().get(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Arc<AtomicBool>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what is asked for as of now, UTC seconds.
pub(crate) fn run(
    store: &Reader<'_>,
    (list, now): (&EsimList, i64),
    locale: &Locale,
    request: &ExportRequest,
    told: &mut dyn FnMut(ExportProgress),
    cancelled: &AtomicBool,
) -> Result<Exported, SheetError> {
    let utc = file::moves(&locale.zone);
    let ExportTable {
        columns,
        count,
        mut row_of,
    } = match &request.what {
        ExportWhat::Esims { filter } => {
            ExportTable::esims(store, list.rows(store, filter, now)?, utc)?
        }
        ExportWhat::Selected { keys } => {
            let rows: Result<Vec<Option<i64>>, _> =
                keys.iter().map(|key| store.esim_row(key)).collect();
            ExportTable::esims(store, rows?.into_iter().flatten().collect(), utc)?
        }
        ExportWhat::Alerts { query } => ExportTable::of(
            columns::ALERTS,
            rows::alerts(store, query, now, locale)?,
            utc,
        ),
        ExportWhat::Deliveries { query } => ExportTable::of(
            columns::DELIVERIES,
            rows::deliveries(store, query, list, now)?,
            utc,
        ),
        ExportWhat::Travellers { search } => ExportTable::of(
            columns::TRAVELLERS,
            rows::travellers(store, search.clone(), locale)?,
            utc,
        ),
        ExportWhat::Orders => ExportTable::of(columns::ORDERS, rows::account(store)?.orders, utc),
        ExportWhat::Refunds => {
            ExportTable::of(columns::REFUNDS, rows::account(store)?.refunds, utc)
        }
        ExportWhat::Proof { span } => ExportTable::of(
            columns::PROOF,
            store.delivery_proof(span.from_ms, span.to_ms)?.events,
            utc,
        ),
        ExportWhat::Timeline { key } => ExportTable::of(
            columns::TIMELINE,
            rows::timeline(store, key, now, locale)?,
            utc,
        ),
    };
    let headings = headings(&columns, &request.headings, &locale.zone, utc);
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    let target = Sheet {
        folder: &folder(),
        name: &request.name,
        format: request.format,
        separator: request.separator,
        locale,
        headings: &headings,
    };
    let path = file::write(
        &target,
        count,
        &mut row_of,
        SheetWatch {
            progress: &mut |done| {
                let done = u32::try_from(done).unwrap_or(u32::MAX);
                told(ExportProgress { done, total });
            },
            cancelled,
        },
    )?;
    Ok(Exported {
        path: path.display().to_string(),
        rows: total,
    })
}

/// A list as it is written.
struct ExportTable<'a> {
    columns: Vec<ExportHead>,
    /// How many rows it has.
    count: usize,
    row_of: Rows<'a>,
}

impl<'a> ExportTable<'a> {
    fn of<Row: 'static>(
        columns: &'static [ExportColumn<Row>],
        rows: Vec<Row>,
        utc: bool,
    ) -> ExportTable<'a> {
        ExportTable {
            columns: columns::heads(columns),
            count: rows.len(),
            row_of: Box::new(move |number| {
                let row = rows.get(number);
                Ok(row.map(|row| columns::cells(columns, row, utc)))
            }),
        }
    }

    /// The eSIMs in these rows, each read when its turn comes.
    fn esims(
        store: &'a Reader<'a>,
        rows: Vec<i64>,
        utc: bool,
    ) -> Result<ExportTable<'a>, SqliteError> {
        let low_percent = store.alert_settings()?.data_low_percent;
        Ok(ExportTable {
            columns: columns::heads(EsimColumn::exported()),
            count: rows.len(),
            row_of: Box::new(move |number| {
                let row = rows.get(number).copied().unwrap_or_default();
                let esims = EsimRow::read_with(store, &[row], low_percent)?;
                let cells = |esim| columns::cells(EsimColumn::exported(), esim, utc);
                Ok(esims.first().map(cells))
            }),
        })
    }
}

/// The headings of these columns; one that the window has none for is called by its id. Moments say in which zone they
/// are. With `utc`, their columns stand behind once more.
pub(crate) fn headings(
    columns: &[ExportHead],
    named: &BTreeMap<String, String>,
    zone: &TimeZone,
    utc: bool,
) -> Vec<String> {
    let name = |column: &ExportHead| {
        let name = named.get(column.id);
        name.cloned().unwrap_or_else(|| column.id.to_owned())
    };
    let zone = file::zone_name(zone);
    let mut headings: Vec<String> = columns
        .iter()
        .map(|column| match column.time {
            true => format!("{} ({zone})", name(column)),
            false => name(column),
        })
        .collect();
    if utc {
        let times = columns.iter().filter(|column| column.time);
        headings.extend(times.map(|column| format!("{} (UTC)", name(column))));
    }
    headings
}

/// Where browsers put what is downloaded; else the home folder.
pub(crate) fn folder() -> PathBuf {
    let home = || dirs::home_dir().map(|home| home.join("Downloads"));
    dirs::download_dir()
        .or_else(home)
        .unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests;
