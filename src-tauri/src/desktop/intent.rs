//! What a person asks for in the tray or on a notification, carried out: by the desk, and what is left of it by the
//! window.

use esim_watch_desk::Desk;
use esim_watch_desk::intent::{Intent, Remainder};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;

use crate::window;

/// Carries out intents in the order in which they come.
pub async fn carry_out(app: AppHandle, mut intents: mpsc::UnboundedReceiver<Intent>) {
    while let Some(intent) = intents.recv().await {
        match app.state::<Desk>().carry_out(intent).await {
            Remainder::Nothing => {}
            Remainder::Show => window::show(&app),
            Remainder::Quit => app.exit(0),
        }
    }
}
