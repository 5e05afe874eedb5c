//! eSIMs, their events and what happened when.

use esim_watch_core::clock::now_ms;
use esim_watch_core::roster::{EsimFilter, EsimQuery};
use esim_watch_core::store::{
    EsimDetail, EsimPage, EsimUsage, EventRow, HourCount, LookBack, StatusCount,
};
use esim_watch_core::support;
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
    desk.read(move |store| store.esim(&key, now())).await
}

/// Events of an eSIM after the first `skip`, newest first.
#[tauri::command]
#[specta::specta]
pub async fn esim_events(desk: State<'_, Desk>, key: String, skip: u32) -> Answer<Vec<EventRow>> {
    desk.read(move |store| match store.esim_row(&key)? {
        Some(row) => store.timeline(row, skip),
        None => Ok(Vec::new()),
    })
    .await
}

/// Where and when an eSIM used its data; null: no event has named it.
#[tauri::command]
#[specta::specta]
pub async fn esim_usage(desk: State<'_, Desk>, key: String) -> Answer<Option<EsimUsage>> {
    desk.read(move |store| match store.esim_row(&key)? {
        Some(row) => store.usage(row).map(Some),
        None => Ok(None),
    })
    .await
}

/// Puts all that Roamify's support asks for about an eSIM on the clipboard, as plain text, and gives it.
#[tauri::command]
#[specta::specta]
pub async fn copy_for_support(
    app: AppHandle,
    desk: State<'_, Desk>,
    key: String,
) -> Answer<String> {
    let zone = desk.voice.zone.clone();
    let text = desk
        .read(move |store| {
            let (Some(detail), Some(row)) = (store.esim(&key, now())?, store.esim_row(&key)?)
            else {
                return Ok(None);
            };
            let usage = store.usage(row)?;
            Ok(Some(support::text(
                &detail.esim,
                &detail.events,
                &usage,
                now(),
                &zone,
            )))
        })
        .await?
        .ok_or_else(|| {
            CommandError::new(&"This eSIM is not known any more. Open it again from the list.")
        })?;
    app.clipboard()
        .write_text(text.clone())
        .map_err(|error| CommandError::new(&error))?;
    Ok(text)
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

/// How many eSIMs had each status at this time (UTC milliseconds); a status that is not named had none.
#[tauri::command]
#[specta::specta]
pub async fn status_counts_at(desk: State<'_, Desk>, at_ms: i64) -> Answer<Vec<StatusCount>> {
    desk.read(move |store| store.by_status_at(at_ms)).await
}

/// What happened since somebody last looked; null: nothing, or that was less than a quarter of an hour ago.
#[tauri::command]
#[specta::specta]
pub async fn look_back(desk: State<'_, Desk>) -> Answer<Option<LookBack>> {
    desk.read(|store| store.look_back(now_ms())).await
}

/// Notes that somebody has seen what there is now.
#[tauri::command]
#[specta::specta]
pub async fn looked(desk: State<'_, Desk>) -> Answer<()> {
    Ok(desk.engine()?.looked().await?)
}

/// UTC seconds.
fn now() -> i64 {
    now_ms().div_euclid(1000)
}
