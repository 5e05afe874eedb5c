//! The program's place on this workstation's desktop: tray, notifications, start with the system. Puts
//! those parts together, grants what a person asks of them, and answers the window about them.

use esim_watch_core::inbox::Summary;
use esim_watch_core::words::{Language, Tongue, Value};
use serde::Serialize;
use tauri::{AppHandle, State};
use tauri_plugin_autostart::ManagerExt;
use tokio::sync::{mpsc, watch};

use crate::Desk;
use crate::bus::Bus;
use crate::commands::{Answer, CommandError};
use crate::notify::{Notice, NotificationState, Notifications};
use crate::preferences::{self, Look, Preferences};
use crate::tray::{self, TrayState};
use crate::window;
use crate::wish::Wish;

/// The parts, as the window and its commands reach them.
pub struct Desktop {
    tray: watch::Receiver<TrayState>,
    notifications: Notifications,
    preferences: Preferences,
    tongue: Tongue,
    spoken: watch::Sender<Language>,
}

/// Everything that the settings show of the desktop.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DesktopState {
    /// Whether there is an icon in the tray.
    tray: TrayState,
    /// Whether notifications are shown.
    notifications: NotificationState,
    /// Whether closing the window leaves the program running, as long as there is an icon.
    close_to_tray: bool,
    /// Whether the program starts with the system; `None` if the system does not tell.
    start_with_system: Option<bool>,
}

impl Desktop {
    /// Starts tray and notifications. What a person asks of them comes out of the receiver.
    pub fn start(
        app: &AppHandle,
        preferences: Preferences,
        tongue: Tongue,
        inbox: Option<watch::Receiver<Summary>>,
    ) -> (Desktop, mpsc::UnboundedReceiver<Wish>) {
        let bus = match tauri::async_runtime::block_on(Bus::open()) {
            Ok(bus) => Some(bus),
            Err(error) => {
                if cfg!(target_os = "linux") {
                    tracing::warn!(%error, "no session bus: no notifications, no tray icon");
                }
                None
            }
        };
        let (asked, wishes) = mpsc::unbounded_channel();
        let notifications = Notifications::start(app, bus.clone(), asked.clone(), tongue.clone());
        let (spoken, language) = watch::channel(tongue.language());
        let states = glance(app, inbox, notifications.state(), language);
        let desktop = Desktop {
            tray: tray::start(app, bus, states, asked),
            notifications,
            preferences,
            tongue,
            spoken,
        };
        (desktop, wishes)
    }

    /// Whether there is an icon, now and whenever that changes.
    pub fn tray(&self) -> watch::Receiver<TrayState> {
        self.tray.clone()
    }

    /// What shows notifications.
    pub fn notifications(&self) -> Notifications {
        self.notifications.clone()
    }

    /// Whether the program goes on when the window is closed: only if an icon leads back to it.
    pub fn goes_on_in_tray(&self) -> bool {
        *self.tray.borrow() == TrayState::Shown && self.preferences.get().close_to_tray
    }

    /// Says once that the program goes on although its window is gone.
    pub fn tell_of_tray(&self) {
        if self.preferences.get().told_of_tray {
            return;
        }
        let told = self
            .preferences
            .change(|choices| choices.told_of_tray = true);
        if let Err(error) = told {
            tracing::warn!(%error, "after the next start it will be told again");
        }
        let notifications = self.notifications();
        let words = self.tongue.words();
        tauri::async_runtime::spawn(async move {
            let notice = Notice {
                alerts: Vec::new(),
                title: words.say("notice.tray.title", &[]),
                body: words.say(
                    "notice.tray.body",
                    &[("quit", Value::Text(&words.say("tray.quit", &[])))],
                ),
                opens: None,
            };
            if let Err(reason) = notifications.show(notice).await {
                tracing::warn!(reason, "nobody was told that the program goes on");
            }
        });
    }

    async fn state(&self, app: &AppHandle) -> DesktopState {
        let start_with_system = match app.autolaunch().is_enabled() {
            Ok(enabled) => Some(enabled),
            Err(error) => {
                tracing::warn!(%error, "whether the program starts with the system can't be told");
                None
            }
        };
        DesktopState {
            tray: self.tray.borrow().clone(),
            notifications: self.notifications.state().borrow().clone(),
            close_to_tray: self.preferences.get().close_to_tray,
            start_with_system,
        }
    }
}

/// What tray and title show, from what the inbox and the notifications tell. Without an inbox the
/// program could not start.
fn glance(
    app: &AppHandle,
    inbox: Option<watch::Receiver<Summary>>,
    mut notifications: watch::Receiver<NotificationState>,
    mut language: watch::Receiver<Language>,
) -> watch::Receiver<tray::State> {
    let (told, states) = watch::channel(tray::State {
        deaf: inbox.is_none(),
        language: *language.borrow(),
        ..tray::State::default()
    });
    let Some(mut inbox) = inbox else {
        return states;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            let state = tray_state(
                &inbox.borrow_and_update(),
                &notifications.borrow_and_update(),
                *language.borrow_and_update(),
            );
            window::set_unread(&app, state.unread);
            told.send_if_modified(|known| {
                let changed = *known != state;
                *known = state;
                changed
            });
            tokio::select! {
                Ok(()) = inbox.changed() => {}
                Ok(()) = notifications.changed() => {}
                Ok(()) = language.changed() => {}
                else => return,
            }
        }
    });
    states
}

fn tray_state(
    inbox: &Summary,
    notifications: &NotificationState,
    language: Language,
) -> tray::State {
    let latest = inbox.latest.iter();
    tray::State {
        unread: u32::try_from(inbox.counts.unread).unwrap_or(u32::MAX),
        attention: inbox.counts.attention > 0,
        deaf: inbox.deaf,
        latest: latest
            .map(|headline| (headline.id, headline.title.clone()))
            .collect(),
        muted: inbox.muted_until.is_some(),
        silent: *notifications != NotificationState::Ok,
        language,
    }
}

/// Tray, notifications, start with the system.
#[tauri::command]
#[specta::specta]
pub async fn desktop(app: AppHandle, desktop: State<'_, Desktop>) -> Answer<DesktopState> {
    Ok(desktop.state(&app).await)
}

/// Whether closing the window leaves the program running in the tray.
#[tauri::command]
#[specta::specta]
pub async fn set_close_to_tray(
    app: AppHandle,
    desktop: State<'_, Desktop>,
    stays: bool,
) -> Answer<DesktopState> {
    desktop
        .preferences
        .change(|choices| choices.close_to_tray = stays)
        .map_err(|error| CommandError::new(&error))?;
    Ok(desktop.state(&app).await)
}

/// Whether the program starts with the system, minimized.
#[tauri::command]
#[specta::specta]
pub async fn set_start_with_system(
    app: AppHandle,
    desktop: State<'_, Desktop>,
    starts: bool,
) -> Answer<DesktopState> {
    let autolaunch = app.autolaunch();
    let set = if starts {
        autolaunch.enable()
    } else {
        autolaunch.disable()
    };
    set.map_err(|error| CommandError::new(&error))?;
    Ok(desktop.state(&app).await)
}

/// How the window looks.
#[tauri::command]
#[specta::specta]
pub async fn look(desktop: State<'_, Desktop>) -> Answer<Look> {
    Ok(desktop.preferences.get().look)
}

/// The system's language, as far as there is a catalogue of it.
#[tauri::command]
#[specta::specta]
pub async fn system_language() -> Answer<Language> {
    Ok(preferences::system_language())
}

/// Sets how the window looks, and keeps it.
#[tauri::command]
#[specta::specta]
pub async fn set_look(
    desk: State<'_, Desk>,
    desktop: State<'_, Desktop>,
    look: Look,
) -> Answer<()> {
    let language = look.language();
    if desktop.tongue.speak(language, look.clock()) {
        desktop.spoken.send_replace(language);
        if let Some(inbox) = &desk.inbox {
            inbox.reworded().await;
        }
    }
    desktop
        .preferences
        .change(|choices| choices.look = look)
        .map_err(|error| {
            CommandError::new(&format!(
                "The choice counts until the program ends, but it could not be kept: {error}. \
                 Check that the disk has room."
            ))
        })
}

/// Shows a notification that only says that notifications are shown; throws why it was not.
#[tauri::command]
#[specta::specta]
pub async fn test_notification(desktop: State<'_, Desktop>) -> Answer<()> {
    let shown = desktop.notifications.test().await;
    shown.map_err(|reason| CommandError::new(&reason))
}
