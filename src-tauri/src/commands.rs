//! What the window can ask. Every error is written for the user and can be shown as it is.

use std::sync::Arc;

use esim_watch_core::engine::{Connection, Engine, EngineError};
use esim_watch_core::health::Refusal;
use esim_watch_core::secret::Secret;
use esim_watch_core::store::{EsimDetail, EsimPage, EsimQuery, OpenError, Reader, SqliteError};
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, State, Wry};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::Desk;
use crate::feed::Update;

/// What a command throws.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct CommandError {
    /// For the user, as it is.
    message: String,
}

impl CommandError {
    fn new(error: &impl std::fmt::Display) -> CommandError {
        CommandError {
            message: error.to_string(),
        }
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        CommandError::new(&error)
    }
}

impl From<OpenError> for CommandError {
    fn from(error: OpenError) -> Self {
        CommandError::new(&error)
    }
}

type Answer<T> = Result<T, CommandError>;

impl Desk {
    fn engine(&self) -> Answer<Arc<Engine>> {
        self.engine.clone().map_err(|failure| CommandError {
            message: failure.message,
        })
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

/// Starts the one subscription of this window: a snapshot, then what changes.
#[tauri::command]
#[specta::specta]
async fn watch(desk: State<'_, Desk>, updates: Channel<Update>) -> Answer<()> {
    desk.feed.watch(updates);
    Ok(())
}

/// One page of the list of eSIMs.
#[tauri::command]
#[specta::specta]
async fn esims(desk: State<'_, Desk>, query: EsimQuery) -> Answer<EsimPage> {
    desk.read(move |store| store.esims(&query)).await
}

/// One eSIM by its eSIM id or ICCID; null if no event has named it.
#[tauri::command]
#[specta::specta]
async fn esim(desk: State<'_, Desk>, key: String) -> Answer<Option<EsimDetail>> {
    desk.read(move |store| store.esim(&key)).await
}

/// The raw body of the delivery that brought an event, as text.
#[tauri::command]
#[specta::specta]
async fn event_payload(desk: State<'_, Desk>, id: i64) -> Answer<Option<String>> {
    let body = desk.read(move |store| store.payload(id)).await?;
    Ok(body.map(|body| String::from_utf8_lossy(&body).into_owned()))
}

/// How Roamify reaches this desk.
#[tauri::command]
#[specta::specta]
async fn connection(desk: State<'_, Desk>) -> Answer<Connection> {
    Ok(desk.engine()?.connection().await?)
}

/// Moves the listener to this port and remembers it; also the "try again" after it went down.
#[tauri::command]
#[specta::specta]
async fn set_port(desk: State<'_, Desk>, port: u16) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.set_port(port).await?;
    Ok(engine.connection().await?)
}

/// Remembers the tunnel's public address; null forgets it.
#[tauri::command]
#[specta::specta]
async fn set_public_url(desk: State<'_, Desk>, url: Option<String>) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.set_public_url(url.as_deref()).await?;
    Ok(engine.connection().await?)
}

/// Stores the signing secret, which is never given back; null removes it.
#[tauri::command]
#[specta::specta]
async fn set_webhook_secret(desk: State<'_, Desk>, secret: Option<String>) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine
        .set_secret(secret.as_deref().and_then(Secret::new))
        .await?;
    Ok(engine.connection().await?)
}

/// Ends a rotation: only the current signing secret is accepted from now on.
#[tauri::command]
#[specta::specta]
async fn drop_previous_secret(desk: State<'_, Desk>) -> Answer<Connection> {
    let engine = desk.engine()?;
    engine.drop_previous_secret().await?;
    Ok(engine.connection().await?)
}

/// The last deliveries that were turned away, newest first.
#[tauri::command]
#[specta::specta]
async fn refusals(desk: State<'_, Desk>) -> Answer<Vec<Refusal>> {
    Ok(desk.engine()?.refusals())
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
            watch,
            esims,
            esim,
            event_payload,
            connection,
            set_port,
            set_public_url,
            set_webhook_secret,
            drop_previous_secret,
            refusals,
            copy_text,
        ])
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
