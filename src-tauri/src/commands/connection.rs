//! How Roamify reaches this desk, and what was turned away.

use esim_watch_core::engine::Connection;
use esim_watch_core::health::Refusal;
use esim_watch_core::secret::Secret;
use tauri::State;

use super::Answer;
use crate::Desk;

/// How Roamify reaches this desk.
#[tauri::command]
#[specta::specta]
pub async fn connection(desk: State<'_, Desk>) -> Answer<Connection> {
    Ok(desk.engine()?.connection().await?)
}

/// Moves the listener to this port and remembers it; also the "try again" after it went down.
#[tauri::command]
#[specta::specta]
pub async fn set_port(desk: State<'_, Desk>, port: u16) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.set_port(port).await?;
    Ok(engine.connection().await?)
}

/// Remembers the tunnel's public address; null forgets it.
#[tauri::command]
#[specta::specta]
pub async fn set_public_url(desk: State<'_, Desk>, url: Option<String>) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.set_public_url(url.as_deref()).await?;
    Ok(engine.connection().await?)
}

/// Stores the signing secret, which is never given back; null removes it.
#[tauri::command]
#[specta::specta]
pub async fn set_webhook_secret(
    desk: State<'_, Desk>,
    secret: Option<String>,
) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine
        .set_secret(secret.as_deref().and_then(Secret::new))
        .await?;
    Ok(engine.connection().await?)
}

/// Ends a rotation: only the current signing secret is accepted from now on.
#[tauri::command]
#[specta::specta]
pub async fn drop_previous_secret(desk: State<'_, Desk>) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.drop_previous_secret().await?;
    Ok(engine.connection().await?)
}

/// The last deliveries that were turned away, newest first.
#[tauri::command]
#[specta::specta]
pub async fn refusals(desk: State<'_, Desk>) -> Answer<Vec<Refusal>> {
    Ok(desk.engine()?.refusals())
}
