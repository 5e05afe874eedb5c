//! Alerts as notifications of the operating system.

use esim_watch_core::alert::Alert;
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use tokio::sync::mpsc;

use crate::feed::Feed;
use crate::window;

/// Alerts in the order in which they came up.
pub type Alerts = mpsc::UnboundedReceiver<Alert>;

/// Under this name a notification carries the key of its eSIM.
const ESIM: &str = "esim";

/// Shows each alert; a click brings the window to the front with the alert's eSIM open.
pub fn start(app: &AppHandle, mut alerts: Alerts, feed: Feed) {
    let handle = app.clone();
    let registered = app.notification().on_action(move |action| {
        let esim = action
            .notification()
            .and_then(|shown| shown.extra().get(ESIM)?.as_str());
        if let Some(esim) = esim {
            feed.open_esim(esim.to_owned());
        }
        window::show(&handle);
    });
    if let Err(error) = registered {
        tracing::error!(%error, "clicks on notifications will not be heard");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut id = 0_i32;
        while let Some(alert) = alerts.recv().await {
            id = id.wrapping_add(1);
            let shown = app
                .notification()
                .builder()
                .id(id)
                .title(alert.title)
                .body(alert.body)
                .extra(ESIM, alert.esim)
                .show();
            if let Err(error) = shown {
                tracing::error!(%error, "a notification could not be shown");
            }
        }
    });
}
