//! What becomes of old content.

use esim_watch_core::store::Ages;
use tauri::State;

use super::Answer;
use crate::Desk;

/// After how many days old content goes.
#[tauri::command]
#[specta::specta]
pub async fn retention(desk: State<'_, Desk>) -> Answer<Ages> {
    Ok(desk.engine()?.retention()?)
}

/// Sets after how many days old content goes, from the next step of the maintenance on.
#[tauri::command]
#[specta::specta]
pub async fn set_retention(desk: State<'_, Desk>, ages: Ages) -> Answer<Ages> {
    let engine = desk.engine()?;
    engine.set_retention(ages).await?;
    Ok(engine.retention()?)
}
