//! Lists as files for a spreadsheet, in the downloads folder, with progress and a way to stop.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use esim_watch_core::clock::now_ms;
use esim_watch_core::inbox::AlertPage;
use esim_watch_core::roster::EsimFilter;
use esim_watch_core::sheet::{self, Cell, Sheet, SheetError, SheetFormat, Watch};
use esim_watch_core::store::{
    AlertQuery, DeliveryQuery, DeliveryRow, EsimRow, MAX_ALERTS, Reader, SqliteError,
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::{Answer, CommandError};
use crate::Desk;
use crate::list::List;

/// Most deliveries of one export; each page of the reader is a question of its own.
const MOST_DELIVERIES: usize = 1_000_000;

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
    /// What the file is called, without its ending.
    pub name: String,
    /// Headings of the columns in the window's language, as many as the list has columns.
    pub headings: Vec<String>,
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
pub struct Exports {
    running: Mutex<HashMap<u32, Arc<AtomicBool>>>,
}

impl Exports {
    fn begin(&self, id: u32) -> Arc<AtomicBool> {
        let cancelled = Arc::new(AtomicBool::new(false));
        self.lock().insert(id, Arc::clone(&cancelled));
        cancelled
    }

    fn end(&self, id: u32) {
        self.lock().remove(&id);
    }

    fn cancel(&self, id: u32) {
        if let Some(cancelled) = self.lock().get(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Arc<AtomicBool>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a list into a file in the downloads folder.
#[tauri::command]
#[specta::specta]
pub async fn export(
    desk: State<'_, Desk>,
    exports: State<'_, Exports>,
    request: ExportRequest,
    progress: Channel<ExportProgress>,
) -> Answer<Exported> {
    let (id, list, zone) = (request.id, desk.list.clone(), desk.zone.clone());
    let readers = desk.engine()?.readers().clone();
    let cancelled = exports.begin(id);
    let work = move || {
        // One consistent state of the store, whatever comes meanwhile.
        readers.read(|store| Ok(run(store, &list, &zone, &request, &progress, &cancelled)))
    };
    let done = tauri::async_runtime::spawn_blocking(work).await;
    exports.end(id);
    match done {
        Ok(done) => done?.map_err(|error| CommandError::new(&error)),
        Err(error) => Err(CommandError::new(&error)),
    }
}

/// Stops an export; it leaves no file.
#[tauri::command]
#[specta::specta]
pub async fn cancel_export(exports: State<'_, Exports>, id: u32) -> Answer<()> {
    exports.cancel(id);
    Ok(())
}

/// Shows a file in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn show_in_folder(app: AppHandle, path: String) -> Answer<()> {
    app.opener().reveal_item_in_dir(&path).map_err(|error| {
        CommandError::new(&format!(
            "The folder could not be opened: {error}. The file is {path}."
        ))
    })
}

fn run(
    store: &Reader<'_>,
    list: &List,
    zone: &TimeZone,
    request: &ExportRequest,
    progress: &Channel<ExportProgress>,
    cancelled: &AtomicBool,
) -> Result<Exported, SheetError> {
    let now = now_ms().div_euclid(1000);
    let mut rows: Rows<'_>;
    let count;
    match &request.what {
        ExportWhat::Esims { filter } => {
            let found = list.rows(store, filter, now)?;
            count = found.len();
            rows = Box::new(move |number| {
                let row = found.get(number).copied().unwrap_or_default();
                Ok(store.esim_rows(&[row])?.first().map(esim))
            });
        }
        ExportWhat::Selected { keys } => {
            count = keys.len();
            rows = Box::new(move |number| {
                let Some(key) = keys.get(number) else {
                    return Ok(None);
                };
                let Some(row) = store.esim_row(key)? else {
                    return Ok(None);
                };
                Ok(store.esim_rows(&[row])?.first().map(esim))
            });
        }
        ExportWhat::Alerts { query } => {
            let all = alerts(store, query, now, zone)?;
            count = all.len();
            rows = Box::new(move |number| Ok(all.get(number).cloned()));
        }
        ExportWhat::Deliveries { query } => {
            let all = deliveries(store, query, list, now)?;
            count = all.len();
            rows = Box::new(move |number| Ok(all.get(number).cloned()));
        }
    }
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    let target = Sheet {
        folder: &folder(),
        name: &request.name,
        format: request.format,
        zone,
        headings: &request.headings,
    };
    let path = sheet::write(
        &target,
        count,
        &mut rows,
        Watch {
            progress: &mut |done| {
                let done = u32::try_from(done).unwrap_or(u32::MAX);
                if let Err(error) = progress.send(ExportProgress { done, total }) {
                    tracing::debug!(%error, "the window is not listening");
                }
            },
            cancelled,
        },
    )?;
    Ok(Exported {
        path: path.display().to_string(),
        rows: total,
    })
}

/// Where browsers put what is downloaded; else the home folder.
fn folder() -> PathBuf {
    let home = || dirs::home_dir().map(|home| home.join("Downloads"));
    dirs::download_dir()
        .or_else(home)
        .unwrap_or_else(std::env::temp_dir)
}

/// One eSIM; the columns that the window names.
fn esim(row: &EsimRow) -> Vec<Cell> {
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

fn alerts(
    store: &Reader<'_>,
    query: &AlertQuery,
    now: i64,
    zone: &TimeZone,
) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let mut all = Vec::new();
    loop {
        let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let query = AlertQuery {
            offset,
            limit: MAX_ALERTS,
            ..query.clone()
        };
        let page = AlertPage::read(store, &query, now, zone)?;
        if page.rows.is_empty() {
            return Ok(all);
        }
        let ms = |ms: i64| ms.div_euclid(1000);
        all.extend(page.rows.into_iter().map(|row| {
            vec![
                Cell::Time(ms(row.raised_at_ms)),
                Cell::Text(row.title),
                Cell::Text(row.body),
                Cell::text(row.reference_id.as_deref()),
                Cell::text(row.iccid.as_deref()),
                Cell::time(row.acknowledged_at_ms.map(ms)),
                Cell::time(row.cleared_at_ms.map(ms)),
                Cell::text(row.note.as_deref()),
            ]
        }));
    }
}

fn deliveries(
    store: &Reader<'_>,
    query: &DeliveryQuery,
    list: &List,
    now: i64,
) -> Result<Vec<Vec<Cell>>, SqliteError> {
    let esims = super::deliveries::found(store, list, &query.search, now)?;
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let query = DeliveryQuery {
            before,
            limit: 200,
            ..query.clone()
        };
        let page = store.deliveries(&query, &esims)?;
        before = page.rows.last().map(|row| row.id);
        all.extend(page.rows.iter().map(delivery));
        if !page.more || all.len() >= MOST_DELIVERIES {
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
