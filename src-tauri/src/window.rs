//! The one window: opened, shown, hidden; its title and its badge.

use std::sync::atomic::{AtomicU32, Ordering};

use esim_watch_desk::desktop::TrayState;
#[cfg(windows)]
use esim_watch_desk::pictures::badge;
#[cfg(windows)]
use tauri::image::Image;
use tauri::{
    App, AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::watch;

/// The window's label, which its capabilities name.
const LABEL: &str = "desk";

const TITLE: &str = "eSIM Watch";

/// Opens the window. Closing it ends the program, unless `stays` has seen to it that the program goes on without.
pub fn open(app: &App, visible: bool, stays: fn(&AppHandle) -> bool) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(TITLE)
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .visible(visible)
        // A file that is dropped on the window reaches the page, which knows what it is for.
        .disable_drag_drop_handler()
        // Ctrl and + or -, as in browsers.
        .zoom_hotkeys_enabled(true)
        .build()?;
    app.manage(Waiting(AtomicU32::new(0)));
    let handle = app.handle().clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && stays(&handle)
        {
            api.prevent_close();
        }
    });
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
        .and_then(|()| window.set_focus())
        .and_then(|()| show_badge_again(app, &window));
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// Finds the place of a window that was opened hidden: the tray, or the task bar where there is none.
pub async fn settle(app: AppHandle, mut tray: watch::Receiver<TrayState>) {
    let known = tray.wait_for(|tray| *tray != TrayState::Starting).await;
    let in_tray = known.is_ok_and(|tray| *tray == TrayState::Shown);
    if in_tray || !minimize(&app) {
        return;
    }
    // When the system starts, a panel may come later than this program.
    if tray
        .wait_for(|tray| *tray == TrayState::Shown)
        .await
        .is_err()
    {
        return;
    }
    let untouched = app
        .get_webview_window(LABEL)
        .is_some_and(|window| window.is_minimized().unwrap_or(false));
    if untouched {
        hide(&app);
    }
}

/// Shows how many new alerts need somebody: in the title, and on the icon where the system can do that.
pub fn set_waiting(app: &AppHandle, waiting: u32) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Some(shown) = app.try_state::<Waiting>() {
        shown.0.store(waiting, Ordering::Relaxed);
    }
    let set = window
        .set_title(&title(waiting))
        .and_then(|()| set_badge(&window, waiting));
    if let Err(error) = set {
        tracing::warn!(%error, "the window could not tell how many alerts need somebody");
    }
}

/// How many alerts the badge shows.
struct Waiting(AtomicU32);

/// Windows forgets it with the button in its taskbar, which goes when the window is hidden.
fn show_badge_again(app: &AppHandle, window: &WebviewWindow) -> tauri::Result<()> {
    match app.try_state::<Waiting>() {
        Some(waiting) if cfg!(windows) => set_badge(window, waiting.0.load(Ordering::Relaxed)),
        _ => Ok(()),
    }
}

#[cfg(windows)]
fn set_badge(window: &WebviewWindow, waiting: u32) -> tauri::Result<()> {
    let drawn = badge::draw(waiting);
    window.set_overlay_icon(
        drawn.map(|pixels| Image::new_owned(pixels, badge::PIXELS, badge::PIXELS)),
    )
}

#[cfg(not(windows))]
fn set_badge(window: &WebviewWindow, waiting: u32) -> tauri::Result<()> {
    window.set_badge_count((waiting > 0).then_some(i64::from(waiting)))
}

fn title(waiting: u32) -> String {
    match waiting {
        0 => TITLE.to_owned(),
        waiting => format!("({waiting}) {TITLE}"),
    }
}

/// Takes the window off the screen. Whether that worked.
pub fn hide(app: &AppHandle) -> bool {
    told(app, "hidden", WebviewWindow::hide)
}

fn minimize(app: &AppHandle) -> bool {
    told(app, "minimized", |window| {
        // In this order it is never on the screen.
        window.minimize().and_then(|()| window.show())
    })
}

/// Whether it worked; if not, the log tells.
fn told(
    app: &AppHandle,
    what: &str,
    work: impl FnOnce(&WebviewWindow) -> tauri::Result<()>,
) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else {
        return false;
    };
    match work(&window) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the window could not be {what}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_leads_with_the_number_of_new_alerts() {
        assert_eq!(title(0), "eSIM Watch");
        assert_eq!(title(3), "(3) eSIM Watch");
    }
}
