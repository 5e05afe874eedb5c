//! Starting with the system.

use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Whether the program starts with the system; `None`: the system does not tell.
pub fn is_on(app: &AppHandle) -> Option<bool> {
    match app.autolaunch().is_enabled() {
        Ok(enabled) => Some(enabled),
        Err(error) => {
            tracing::warn!(%error, "whether the program starts with the system can't be told");
            None
        }
    }
}

/// Chooses whether the program starts with the system, minimized.
///
/// # Errors
/// The system's.
pub fn set(app: &AppHandle, starts: bool) -> Result<(), tauri_plugin_autostart::Error> {
    let autolaunch = app.autolaunch();
    if starts {
        autolaunch.enable()
    } else {
        autolaunch.disable()
    }
}
