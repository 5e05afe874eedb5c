//! Lists as files for a spreadsheet, in the downloads folder, with progress and a way to stop.

mod rows;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use esim_watch_core::clock::now_ms;
use esim_watch_core::roster::EsimFilter;
use esim_watch_core::sheet::{self, Cell, Sheet, SheetError, SheetFormat, Watch};
use esim_watch_core::store::{AlertQuery, DeliveryQuery, Reader, SqliteError};
use esim_watch_core::words::Voice;
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, CommandError};
use crate::Desk;
use crate::list::List;

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
    let (id, list, voice) = (request.id, desk.list.clone(), desk.voice.clone());
    let readers = desk.engine()?.readers().clone();
    let cancelled = exports.begin(id);
    let work = move || {
        // One consistent state of the store, whatever comes meanwhile.
        readers.read(|store| Ok(run(store, &list, &voice, &request, &progress, &cancelled)))
    };
    let done = tauri::async_runtime::spawn_blocking(work).await;
    exports.end(id);
    match done {
        Ok(done) => done?.map_err(|error| CommandError::new(&error)),
        Err(error) => Err(CommandError::new(&error)),
    }
}

/// Copies eSIMs into the clipboard as a table below these headings (as of an export of eSIMs), for a spreadsheet or
/// a mail. Gives how many rows it has.
#[tauri::command]
#[specta::specta]
pub async fn copy_rows(
    app: AppHandle,
    desk: State<'_, Desk>,
    keys: Vec<String>,
    headings: Vec<String>,
) -> Answer<u32> {
    let zone = desk.voice.zone.clone();
    let (count, table) = desk
        .read(move |store| {
            let mut rows = Vec::new();
            for key in &keys {
                if let Some(row) = store.esim_row(key)? {
                    rows.extend(store.esim_rows(&[row])?.first().map(rows::esim));
                }
            }
            Ok((rows.len(), sheet::table(&headings, &rows, &zone)))
        })
        .await?;
    app.clipboard()
        .write_html(table.html, Some(table.text))
        .map_err(|error| CommandError::new(&error))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
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
    voice: &Voice,
    request: &ExportRequest,
    progress: &Channel<ExportProgress>,
    cancelled: &AtomicBool,
) -> Result<Exported, SheetError> {
    let now = now_ms().div_euclid(1000);
    let mut row_of: Rows<'_>;
    let count;
    match &request.what {
        ExportWhat::Esims { filter } => {
            let found = list.rows(store, filter, now)?;
            count = found.len();
            row_of = Box::new(move |number| {
                let row = found.get(number).copied().unwrap_or_default();
                Ok(store.esim_rows(&[row])?.first().map(rows::esim))
            });
        }
        ExportWhat::Selected { keys } => {
            count = keys.len();
            row_of = Box::new(move |number| {
                let Some(key) = keys.get(number) else {
                    return Ok(None);
                };
                let Some(row) = store.esim_row(key)? else {
                    return Ok(None);
                };
                Ok(store.esim_rows(&[row])?.first().map(rows::esim))
            });
        }
        gathered => {
            let all = match gathered {
                ExportWhat::Alerts { query } => rows::alerts(store, query, now, voice)?,
                ExportWhat::Deliveries { query } => rows::deliveries(store, query, list, now)?,
                ExportWhat::Travellers { search } => rows::travellers(store, search.clone())?,
                ExportWhat::Orders => rows::orders(store)?,
                ExportWhat::Refunds => rows::refunds(store)?,
                ExportWhat::Timeline { key } => rows::timeline(store, key)?,
                ExportWhat::Esims { .. } | ExportWhat::Selected { .. } => Vec::new(),
            };
            count = all.len();
            row_of = Box::new(move |number| Ok(all.get(number).cloned()));
        }
    }
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    let target = Sheet {
        folder: &folder(),
        name: &request.name,
        format: request.format,
        zone: &voice.zone,
        headings: &request.headings,
    };
    let path = sheet::write(
        &target,
        count,
        &mut row_of,
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
