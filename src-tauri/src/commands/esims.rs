//! eSIMs, their events and what happened when.

use esim_watch_core::clock::now_ms;
use esim_watch_core::roster::{EsimFilter, EsimQuery};
use esim_watch_core::store::{EsimDetail, EsimPage, HourCount};
use tauri::{AppHandle, State};
use tauri_plugin_clipboard_manager::ClipboardExt;

use super::{Answer, CommandError};
use crate::Desk;

/// One page of the list of eSIMs.
#[tauri::command]
#[specta::specta]
pub async fn esims(desk: State<'_, Desk>, query: EsimQuery) -> Answer<EsimPage> {
    let list = desk.list.clone();
    desk.read(move |store| list.page(store, &query, now()))
        .await
}

/// The keys of all eSIMs that match, in order: what "select all" means.
#[tauri::command]
#[specta::specta]
pub async fn esim_keys(desk: State<'_, Desk>, filter: EsimFilter) -> Answer<Vec<String>> {
    let list = desk.list.clone();
    desk.read(move |store| {
        let rows = list.rows(store, &filter, now())?;
        store.esim_keys(&rows)
    })
    .await
}

/// Puts the ICCIDs of these eSIMs on the clipboard, a line each; answers how many there were.
#[tauri::command]
#[specta::specta]
pub async fn copy_iccids(app: AppHandle, desk: State<'_, Desk>, keys: Vec<String>) -> Answer<u32> {
    let iccids = desk.read(move |store| store.iccids(&keys)).await?;
    if !iccids.is_empty() {
        app.clipboard()
            .write_text(iccids.join("\n"))
            .map_err(|error| CommandError::new(&error))?;
    }
    Ok(u32::try_from(iccids.len()).unwrap_or(u32::MAX))
}

/// One eSIM by its eSIM id or ICCID; null if no event has named it.
#[tauri::command]
#[specta::specta]
pub async fn esim(desk: State<'_, Desk>, key: String) -> Answer<Option<EsimDetail>> {
    desk.read(move |store| store.esim(&key)).await
}

/// The raw body of the delivery that brought an event, as text.
#[tauri::command]
#[specta::specta]
pub async fn event_payload(desk: State<'_, Desk>, id: i64) -> Answer<Option<String>> {
    let body = desk.read(move |store| store.payload(id)).await?;
    Ok(body.map(|body| String::from_utf8_lossy(&body).into_owned()))
}

/// How many status changes happened in each of these hours since the epoch, by status; the last hour is
/// included.
#[tauri::command]
#[specta::specta]
pub async fn activity(
    desk: State<'_, Desk>,
    first_hour: i64,
    last_hour: i64,
) -> Answer<Vec<HourCount>> {
    desk.read(move |store| store.activity(first_hour, last_hour))
        .await
}

/// UTC seconds.
fn now() -> i64 {
    now_ms().div_euclid(1000)
}
