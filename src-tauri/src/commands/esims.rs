//! eSIMs, their events and what happened when.

use esim_watch_core::store::{EsimDetail, EsimPage, EsimQuery, HourCount};
use tauri::State;

use super::Answer;
use crate::Desk;

/// One page of the list of eSIMs.
#[tauri::command]
#[specta::specta]
pub async fn esims(desk: State<'_, Desk>, query: EsimQuery) -> Answer<EsimPage> {
    desk.read(move |store| store.esims(&query)).await
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
