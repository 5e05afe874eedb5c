//! The program's place on this workstation's desktop: tray, notifications, start with the system. Puts those parts
//! together.

pub mod autostart;
mod bus;
pub mod clipboard;
mod intent;
mod notifications;
#[cfg(windows)]
pub mod registration;
mod tray;

use esim_watch_core::catalogue::SharedLanguage;
use esim_watch_core::inbox::Notices;
use esim_watch_core::message::Message;
use esim_watch_desk::Desk;
use esim_watch_desk::desktop::{DesktopState, NotificationReason, TrayState};
use esim_watch_desk::notice::ShownNotice;
use esim_watch_desk::tray::TrayContent;
use tauri::{AppHandle, Manager};
use tokio::sync::{mpsc, watch};

use self::bus::Bus;
use self::notifications::Notifications;
use crate::window;

/// The parts, as the window and its commands reach them.
pub struct Desktop {
    tray: watch::Receiver<TrayState>,
    notifications: Notifications,
    language: SharedLanguage,
}

impl Desktop {
    /// Starts tray and notifications of the desk that the program manages. `notices`: what is to be shown.
    pub async fn start(app: &AppHandle, notices: Option<Notices>) -> Desktop {
        let bus = match Bus::open().await {
            Ok(bus) => Some(bus),
            Err(error) => {
                if cfg!(target_os = "linux") {
                    tracing::warn!(%error, "no session bus: no notifications, no tray icon");
                }
                None
            }
        };
        let desk = app.state::<Desk>();
        let language = desk.language().clone();
        let (asked, intents) = mpsc::unbounded_channel();
        let notifications = Notifications::start(app, bus.clone(), asked.clone(), language.clone());
        let content = desk.tray_content(notifications.state());
        tauri::async_runtime::spawn(tell_attention(app.clone(), content.clone()));
        let tray = tray::start(app, bus, content, asked);
        if let (Some(inbox), Some(notices)) = (desk.open_inbox(), notices) {
            let shown = notifications::show_all(notifications.clone(), notices, inbox.clone());
            tauri::async_runtime::spawn(shown);
        }
        tauri::async_runtime::spawn(intent::carry_out(app.clone(), intents));
        Desktop {
            tray,
            notifications,
            language,
        }
    }

    /// Whether there is an icon, now and whenever that changes.
    pub fn tray(&self) -> watch::Receiver<TrayState> {
        self.tray.clone()
    }

    /// Whether an icon leads back to a window that was closed.
    pub fn has_tray(&self) -> bool {
        *self.tray.borrow() == TrayState::Shown
    }

    /// Shows a notification that only says that notifications are shown.
    ///
    /// # Errors
    /// Why it is not on the screen, for the user.
    pub async fn test_notification(&self) -> Result<(), NotificationReason> {
        self.notifications.test().await
    }

    /// Says that the program goes on although its window is gone.
    pub fn tell_of_tray(&self) {
        let notifications = self.notifications.clone();
        let catalogue = self.language.catalogue();
        tauri::async_runtime::spawn(async move {
            let notice = ShownNotice {
                alerts: Vec::new(),
                title: catalogue.plain("notice.tray.title"),
                body: catalogue
                    .text(&Message::of("notice.tray.body").with("quit", Message::of("tray.quit"))),
                opens: None,
            };
            if let Err(reason) = notifications.show(notice).await {
                tracing::warn!(%reason, "nobody was told that the program goes on");
            }
        });
    }

    /// Everything that the settings show of the desktop.
    pub fn state(&self, app: &AppHandle, desk: &Desk) -> DesktopState {
        DesktopState {
            tray: self.tray.borrow().clone(),
            notifications: self.notifications.state().borrow().clone(),
            close_to_tray: desk.closes_to_tray(),
            start_with_system: autostart::is_on(app),
        }
    }
}

/// Keeps the window's title and badge up to date.
async fn tell_attention(app: AppHandle, mut content: watch::Receiver<TrayContent>) {
    loop {
        let waiting = content.borrow_and_update().attention;
        window::set_waiting(&app, waiting);
        if content.changed().await.is_err() {
            return;
        }
    }
}
