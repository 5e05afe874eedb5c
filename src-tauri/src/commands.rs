//! What the window can ask. Every error is written for the user and can be shown as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use esim_watch_core::alert::{AlertSettings, Rule, RuleSetting, Severity};
use esim_watch_core::clock::now_ms;
use esim_watch_core::engine::{Connection, Engine, EngineError};
use esim_watch_core::health::Refusal;
use esim_watch_core::inbox::{AlertPage, Inbox, InboxError};
use esim_watch_core::secret::Secret;
use esim_watch_core::store::{
    Ages, AlertQuery, AlertStep, EsimDetail, EsimPage, EsimQuery, HourCount, OpenError, Reader,
    SqliteError,
};
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, State, Wry};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::Desk;
use crate::desktop;
use crate::feed::Update;

/// Longest note on an alert, in characters.
const MAX_NOTE: usize = 2000;

/// What a command throws.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct CommandError {
    /// For the user, as it is.
    message: String,
}

impl CommandError {
    /// What this error says.
    pub fn new(error: &impl std::fmt::Display) -> CommandError {
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

impl From<InboxError> for CommandError {
    fn from(error: InboxError) -> Self {
        CommandError {
            message: format!("The alert could not be changed: {error}."),
        }
    }
}

/// What a command answers.
pub type Answer<T> = Result<T, CommandError>;

impl Desk {
    fn engine(&self) -> Answer<Arc<Engine>> {
        self.engine.clone().map_err(|failure| CommandError {
            message: failure.message,
        })
    }

    fn inbox(&self) -> Answer<Inbox> {
        match (&self.inbox, &self.engine) {
            (Some(inbox), _) => Ok(inbox.clone()),
            (None, Err(failure)) => Err(CommandError {
                message: failure.message.clone(),
            }),
            (None, Ok(_)) => Err(CommandError {
                message: "The alerts are not ready yet.".to_owned(),
            }),
        }
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

/// How many status changes happened in each of these hours since the epoch, by status; the last hour is
/// included.
#[tauri::command]
#[specta::specta]
async fn activity(
    desk: State<'_, Desk>,
    first_hour: i64,
    last_hour: i64,
) -> Answer<Vec<HourCount>> {
    desk.read(move |store| store.activity(first_hour, last_hour))
        .await
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

/// One page of the inbox.
#[tauri::command]
#[specta::specta]
async fn alerts(desk: State<'_, Desk>, query: AlertQuery) -> Answer<AlertPage> {
    let zone = desk.zone.clone();
    let now = now_ms().div_euclid(1000);
    desk.read(move |store| AlertPage::read(store, &query, now, &zone))
        .await
}

/// Takes alerts up, with a note or without.
#[tauri::command]
#[specta::specta]
async fn acknowledge_alerts(
    desk: State<'_, Desk>,
    ids: Vec<i64>,
    note: Option<String>,
) -> Answer<()> {
    let note = note.map(|note| note.trim().chars().take(MAX_NOTE).collect());
    desk.alert_step(AlertStep::Acknowledge { ids, note }).await
}

/// Makes alerts new again.
#[tauri::command]
#[specta::specta]
async fn reopen_alerts(desk: State<'_, Desk>, ids: Vec<i64>) -> Answer<()> {
    desk.alert_step(AlertStep::Reopen { ids }).await
}

/// Puts alerts off until then (UTC seconds); they are new again and told again.
#[tauri::command]
#[specta::specta]
async fn snooze_alerts(desk: State<'_, Desk>, ids: Vec<i64>, until: i64) -> Answer<()> {
    desk.alert_step(AlertStep::Snooze { ids, until }).await
}

/// Holds back the notifications of one eSIM, or no more.
#[tauri::command]
#[specta::specta]
async fn mute_esim(desk: State<'_, Desk>, key: String, muted: bool) -> Answer<()> {
    let row = desk.read(move |store| store.esim_row(&key)).await?;
    match row {
        Some(esim) => desk.alert_step(AlertStep::Mute { esim, muted }).await,
        None => Ok(()),
    }
}

/// Whether the notifications of one eSIM are held back.
#[tauri::command]
#[specta::specta]
async fn esim_muted(desk: State<'_, Desk>, key: String) -> Answer<bool> {
    desk.read(move |store| match store.esim_row(&key)? {
        Some(row) => store.is_muted(row),
        None => Ok(false),
    })
    .await
}

/// The rules as they are set.
#[tauri::command]
#[specta::specta]
async fn alert_settings(desk: State<'_, Desk>) -> Answer<AlertSettings> {
    Ok(desk.inbox()?.settings())
}

/// Sets the rules; they count at once.
#[tauri::command]
#[specta::specta]
async fn set_alert_settings(
    desk: State<'_, Desk>,
    settings: AlertSettings,
) -> Answer<AlertSettings> {
    settings
        .check()
        .map_err(|error| CommandError::new(&error))?;
    let inbox = desk.inbox()?;
    inbox
        .set_settings(settings)
        .await
        .map_err(|error| CommandError::new(&error))?;
    Ok(inbox.settings())
}

/// Holds notifications back until then (UTC seconds); null: no more.
#[tauri::command]
#[specta::specta]
async fn mute(desk: State<'_, Desk>, until: Option<i64>) -> Answer<()> {
    let inbox = desk.inbox()?;
    let settings = AlertSettings {
        muted_until: until,
        ..inbox.settings()
    };
    inbox
        .set_settings(settings)
        .await
        .map_err(|error| CommandError::new(&error))
}

/// After how many days old content goes.
#[tauri::command]
#[specta::specta]
async fn retention(desk: State<'_, Desk>) -> Answer<Ages> {
    Ok(desk.engine()?.retention()?)
}

/// Sets after how many days old content goes, from the next step of the maintenance on.
#[tauri::command]
#[specta::specta]
async fn set_retention(desk: State<'_, Desk>, ages: Ages) -> Answer<Ages> {
    let engine = desk.engine()?;
    engine.set_retention(ages).await?;
    Ok(engine.retention()?)
}

/// Puts text on the system's clipboard.
#[tauri::command]
#[specta::specta]
async fn copy_text(app: AppHandle, text: String) -> Answer<()> {
    app.clipboard()
        .write_text(text)
        .map_err(|error| CommandError::new(&error))
}

/// A rule as the window lists it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleInfo {
    severity: Severity,
    /// What is done with its alerts unless the user says otherwise.
    usual: RuleSetting,
}

/// Every rule, in order.
fn rules() -> BTreeMap<Rule, RuleInfo> {
    let info = |rule: &Rule| {
        let info = RuleInfo {
            severity: rule.severity(),
            usual: RuleSetting::default_of(*rule),
        };
        (*rule, info)
    };
    Rule::ALL.iter().map(info).collect()
}

/// The commands, for the program and for the generated TypeScript.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            watch,
            esims,
            esim,
            event_payload,
            activity,
            connection,
            set_port,
            set_public_url,
            set_webhook_secret,
            drop_previous_secret,
            refusals,
            copy_text,
            retention,
            set_retention,
            alerts,
            acknowledge_alerts,
            reopen_alerts,
            snooze_alerts,
            mute_esim,
            esim_muted,
            alert_settings,
            set_alert_settings,
            mute,
            desktop::desktop,
            desktop::set_close_to_tray,
            desktop::set_start_with_system,
            desktop::test_notification,
        ])
        .constant("RULES", rules())
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
