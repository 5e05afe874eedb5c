//! What keeps the program from starting, told to somebody who sees no window.

use std::process::ExitCode;

use esim_watch_desk::preferences;

/// The status with which the program ends where the system has no web view to draw its window.
pub const NO_WEB_VIEW: u8 = 3;

/// Whether the system can draw a window. If not, says so, with what to do about it.
pub fn check_web_view() -> Result<(), ExitCode> {
    // Elsewhere the program is linked to it: without it, it does not get as far as this.
    if !cfg!(windows) {
        return Ok(());
    }
    tauri::webview_version().map(drop).map_err(|error| {
        tracing::error!(%error, "there is no WebView2 runtime: the window can't be drawn");
        tell(&preferences::no_web_view());
        ExitCode::from(NO_WEB_VIEW)
    })
}

/// Tells why the program does not start, and that it does not.
pub fn could_not_start(error: &tauri::Error) {
    tracing::error!(%error, "the program could not start");
    tell(&preferences::could_not_start(&error.to_string()));
}

/// In a message box of the system, in its language, until somebody has read it.
#[cfg(not(target_os = "linux"))]
fn tell(text: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("eSIM Watch")
        .set_description(text)
        .show();
}

/// On stderr, which the desktop keeps: what draws message boxes there is what draws the window.
#[cfg(target_os = "linux")]
fn tell(text: &str) {
    tracing::error!("{text}");
}
