//! Every request that was stored, and the test event.

use esim_watch_core::clock::now_ms;
use esim_watch_core::engine::{Resent, Trial};
use esim_watch_core::roster::{EsimFilter, EsimSort};
use esim_watch_core::store::{DeliveryDetail, DeliveryPage, DeliveryQuery, Reader, SqliteError};
use tauri::State;

use super::Answer;
use crate::Desk;
use crate::list::List;

/// One page of deliveries, newest first.
#[tauri::command]
#[specta::specta]
pub async fn deliveries(desk: State<'_, Desk>, query: DeliveryQuery) -> Answer<DeliveryPage> {
    let list = desk.list.clone();
    desk.read(move |store| {
        let esims = found(store, &list, &query.search, now_ms().div_euclid(1000))?;
        store.deliveries(&query, &esims)
    })
    .await
}

/// Rows of the eSIMs that a search means.
pub(super) fn found(
    store: &Reader<'_>,
    list: &List,
    search: &str,
    now: i64,
) -> Result<Vec<i64>, SqliteError> {
    if search.trim().is_empty() {
        return Ok(Vec::new());
    }
    let filter = EsimFilter {
        search: search.to_owned(),
        statuses: Vec::new(),
        attention: false,
        period: None,
        sort: EsimSort::LastEvent,
        descending: true,
    };
    list.rows(store, &filter, now)
}

/// One delivery with all that is kept of it; null: there is none.
#[tauri::command]
#[specta::specta]
pub async fn delivery(desk: State<'_, Desk>, id: i64) -> Answer<Option<DeliveryDetail>> {
    desk.read(move |store| store.delivery(id)).await
}

/// Sends the bytes of a stored delivery through the program again.
#[tauri::command]
#[specta::specta]
pub async fn resend_delivery(desk: State<'_, Desk>, id: i64) -> Answer<Resent> {
    Ok(desk.engine()?.resend(id).await?)
}

/// Sends a signed test event the whole way round.
#[tauri::command]
#[specta::specta]
pub async fn send_test_event(desk: State<'_, Desk>) -> Answer<Trial> {
    Ok(desk.engine()?.send_test().await?)
}
