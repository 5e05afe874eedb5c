//! What the window can ask. Every error is written for the user and can be shown as it is.

mod alerts;
mod connection;
mod deliveries;
mod esims;
pub(crate) mod export;
mod keeping;
pub(crate) mod travellers;

use std::sync::Arc;

use esim_watch_core::alert::AlertSettings;
use esim_watch_core::engine::{Engine, EngineError};
use esim_watch_core::inbox::{Inbox, InboxError};
use esim_watch_core::store::{AlertStep, OpenError, Reader, SEARCHED_BODIES, SqliteError};
use esim_watch_core::traveller::TravellerField;
use serde::Serialize;
use tauri::{AppHandle, State, Wry};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::Desk;
use crate::desktop;
use crate::feed::Update;

/// What a command throws.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct CommandError {
    /// For the user, as it is.
    message: String,
    /// The field of a traveller that it is about.
    field: Option<TravellerField>,
}

impl CommandError {
    /// What this error says.
    pub fn new(error: &impl std::fmt::Display) -> CommandError {
        CommandError {
            message: error.to_string(),
            field: None,
        }
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        let field = match &error {
            EngineError::Traveller(error) => Some(error.field()),
            _ => None,
        };
        CommandError {
            field,
            ..CommandError::new(&error)
        }
    }
}

impl From<OpenError> for CommandError {
    fn from(error: OpenError) -> Self {
        CommandError::new(&error)
    }
}

impl From<InboxError> for CommandError {
    fn from(error: InboxError) -> Self {
        CommandError::new(&format!("The alert could not be changed: {error}."))
    }
}

/// What a command answers.
pub type Answer<T> = Result<T, CommandError>;

impl Desk {
    fn engine(&self) -> Answer<Arc<Engine>> {
        self.engine
            .clone()
            .map_err(|failure| CommandError::new(&failure.message))
    }

    fn inbox(&self) -> Answer<Inbox> {
        match (&self.inbox, &self.engine) {
            (Some(inbox), _) => Ok(inbox.clone()),
            (None, Err(failure)) => Err(CommandError::new(&failure.message)),
            (None, Ok(_)) => Err(CommandError::new(&"The alerts are not ready yet.")),
        }
    }

    /// Travellers of the eSIMs in these rows changed: the window shows them, and rules ask when they leave.
    async fn travellers_changed(&self, rows: Vec<i64>) {
        if let Some(inbox) = &self.inbox {
            inbox.esims_changed(rows.clone()).await;
        }
        self.feed.esims_changed(rows);
    }

    async fn alert_step(&self, step: AlertStep) -> Answer<()> {
        Ok(self.inbox()?.act(step).await?)
    }

    async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Reader<'_>) -> Result<T, SqliteError> + Send + 'static,
    ) -> Answer<T> {
        let readers = self.engine()?.readers().clone();
        match tauri::async_runtime::spawn_blocking(move || readers.read(question)).await {
            Ok(answer) => Ok(answer?),
            Err(error) => Err(CommandError::new(&error)),
        }
    }
}

/// What the window is to be told next, in order, as soon as there is something; nothing after half a minute
/// without any. `first` while the window knows nothing: then a snapshot leads.
#[tauri::command]
#[specta::specta]
async fn updates(desk: State<'_, Desk>, first: bool) -> Answer<Vec<Update>> {
    let updates = desk.feed.updates(first).await;
    updates.map_err(|_| CommandError::new(&"Another window of this program has taken over."))
}

/// Puts text on the system's clipboard.
#[tauri::command]
#[specta::specta]
async fn copy_text(app: AppHandle, text: String) -> Answer<()> {
    app.clipboard()
        .write_text(text)
        .map_err(|error| CommandError::new(&error))
}

/// The commands, for the program and for the generated TypeScript.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            updates,
            esims::esims,
            esims::esim_keys,
            esims::copy_iccids,
            esims::esim,
            esims::esim_events,
            esims::esim_usage,
            esims::copy_for_support,
            esims::event_payload,
            esims::activity,
            esims::status_counts_at,
            esims::look_back,
            esims::looked,
            connection::connection,
            connection::set_port,
            connection::set_public_url,
            connection::set_webhook_secret,
            connection::drop_previous_secret,
            connection::refusals,
            deliveries::deliveries,
            deliveries::delivery,
            deliveries::resend_delivery,
            deliveries::send_test_event,
            export::copy_rows,
            export::export,
            export::cancel_export,
            export::show_in_folder,
            copy_text,
            keeping::retention,
            keeping::set_retention,
            travellers::esim_traveller,
            travellers::set_esim_traveller,
            travellers::traveller_tags,
            travellers::travellers,
            travellers::preview_import,
            travellers::import_travellers,
            travellers::imports,
            travellers::undo_import,
            alerts::account,
            alerts::alerts,
            alerts::alert_groups,
            alerts::acknowledge_alerts,
            alerts::reopen_alerts,
            alerts::snooze_alerts,
            alerts::mute_esim,
            alerts::esim_muted,
            alerts::alert_settings,
            alerts::set_alert_settings,
            alerts::mute,
            desktop::look,
            desktop::system_language,
            desktop::set_look,
            desktop::desktop,
            desktop::set_close_to_tray,
            desktop::set_start_with_system,
            desktop::test_notification,
        ])
        .constant("RULES", alerts::rules())
        .constant("SEARCHED_BODIES", SEARCHED_BODIES)
        .constant("USUAL_ALERT_SETTINGS", AlertSettings::default())
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
        .error_handling(ErrorHandlingMode::Throw)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    /// Fails when the committed file is stale; with `ESIM_WATCH_WRITE_BINDINGS=1` writes it.
    #[test]
    fn bindings_are_up_to_date() {
        let fresh = tempfile::tempdir().unwrap();
        let fresh = fresh.path().join("bindings.ts");
        super::builder()
            .export(Typescript::default(), &fresh)
            .unwrap();
        let fresh = std::fs::read_to_string(fresh).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/host/bindings.ts");
        if std::env::var_os("ESIM_WATCH_WRITE_BINDINGS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(
            committed == fresh,
            "ui/src/host/bindings.ts is stale: run `cargo xtask bindings`"
        );
    }
}
