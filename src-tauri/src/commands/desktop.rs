//! Tray, notifications, start with the system.

use esim_watch_desk::desktop::DesktopState;
use esim_watch_desk::{Answer, CommandError, Desk, DeskError};
use tauri::{AppHandle, State};

use crate::desktop::{Desktop, autostart};

/// Tray, notifications, start with the system.
#[tauri::command]
#[specta::specta]
pub async fn desktop(
    app: AppHandle,
    desk: State<'_, Desk>,
    desktop: State<'_, Desktop>,
) -> Answer<DesktopState> {
    Ok(desktop.state(&app, &desk))
}

/// Whether closing the window leaves the program running in the tray.
#[tauri::command]
#[specta::specta]
pub async fn set_close_to_tray(
    app: AppHandle,
    desk: State<'_, Desk>,
    desktop: State<'_, Desktop>,
    stays: bool,
) -> Answer<DesktopState> {
    desk.set_close_to_tray(stays)?;
    Ok(desktop.state(&app, &desk))
}

/// Whether the program starts with the system, minimized.
#[tauri::command]
#[specta::specta]
pub async fn set_start_with_system(
    app: AppHandle,
    desk: State<'_, Desk>,
    desktop: State<'_, Desktop>,
    starts: bool,
) -> Answer<DesktopState> {
    autostart::set(&app, starts).map_err(|error| DeskError::Autostart(error.to_string()))?;
    Ok(desktop.state(&app, &desk))
}

/// Shows a notification that only says that notifications are shown; throws why it was not.
#[tauri::command]
#[specta::specta]
pub async fn test_notification(desktop: State<'_, Desktop>) -> Answer<()> {
    let shown = desktop.test_notification().await;
    shown.map_err(|reason| CommandError::new(&reason))
}
