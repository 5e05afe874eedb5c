//! The one window.

use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// The window's label, which its capabilities name.
const LABEL: &str = "desk";

/// Opens the window.
pub fn open(app: &App, minimized: bool) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("eSIM Watch")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .build()?;
    if minimized {
        window.minimize()?;
    }
    Ok(())
}

/// Brings the window to the front.
pub fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}
