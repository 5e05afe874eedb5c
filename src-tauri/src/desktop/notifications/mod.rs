//! Notifications of the operating system: shown one after the other, with the answer whether they were.
//!
//! In: [`ShownNotice`]s. Out: for each whether it is on the screen, [`NotificationState`], and [`Intent`]s: a
//! click opens what the notice is about, a button acknowledges or snoozes its alerts. It decides nothing
//! about who is told what: that is core's.
//!
//! One task shows them, so that their order is kept. On Windows and macOS through
//! tauri-plugin-notification, which tells nothing of a failure. On Linux that plugin swallows the
//! server's answer too, and sends from a pool of threads in any order; there the server is asked
//! directly, over the same protocol, and the plugin is not in the program: see `esim_watch_freedesktop`.

#[cfg(not(target_os = "linux"))]
mod plugin;

use std::collections::BTreeMap;

use esim_watch_core::catalogue::SharedLanguage;
use esim_watch_core::inbox::{Inbox, Notices};
use esim_watch_core::message::ToMessage;
use esim_watch_desk::desktop::{NotificationReason, NotificationState};
use esim_watch_desk::intent::Intent;
use esim_watch_desk::notice::{NoticeEvent, ShownNotice, intent_of};
#[cfg(target_os = "linux")]
use esim_watch_freedesktop::ServerWay as Way;
use tauri::AppHandle;
use tokio::sync::{mpsc, oneshot, watch};

#[cfg(not(target_os = "linux"))]
use self::plugin::PluginWay as Way;
use super::bus::Bus;

/// Notifications whose clicks are understood: servers need not tell when one is gone.
const REMEMBERED_NOTICES: usize = 500;

struct ShowRequest {
    notice: ShownNotice,
    answer: oneshot::Sender<Result<(), NotificationReason>>,
}

/// Shows notifications. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notifications {
    requests: mpsc::UnboundedSender<ShowRequest>,
    state: watch::Receiver<NotificationState>,
    language: SharedLanguage,
}

impl Notifications {
    /// Starts the task, which first asks the server whether it is there.
    pub fn start(
        app: &AppHandle,
        bus: Option<Bus>,
        intents: mpsc::UnboundedSender<Intent>,
        language: SharedLanguage,
    ) -> Notifications {
        let (requests, incoming) = mpsc::unbounded_channel();
        let (told, state) = watch::channel(NotificationState::Ok);
        let (happened, events) = mpsc::unbounded_channel();
        let task = NotificationTask {
            way: way(app, bus, happened, &language),
            shown: BTreeMap::new(),
            state: told,
            intents,
            language: language.clone(),
        };
        tauri::async_runtime::spawn(task.run(incoming, events));
        Notifications {
            requests,
            state,
            language,
        }
    }

    /// Shows a notice, after all that were asked for before.
    ///
    /// # Errors
    /// Why it is not on the screen, for the user.
    pub async fn show(&self, notice: ShownNotice) -> Result<(), NotificationReason> {
        let (answer, shown) = oneshot::channel();
        let ended = || NotificationReason::Ends;
        self.requests
            .send(ShowRequest { notice, answer })
            .map_err(|_| ended())?;
        shown.await.map_err(|_| ended())?
    }

    /// Shows a notification that only says that notifications are shown.
    ///
    /// # Errors
    /// Why it is not on the screen, for the user.
    pub async fn test(&self) -> Result<(), NotificationReason> {
        let catalogue = self.language.catalogue();
        self.show(ShownNotice {
            alerts: Vec::new(),
            title: catalogue.plain("notice.test.title"),
            body: catalogue.plain("notice.test.body"),
            opens: None,
        })
        .await
    }

    /// Whether notifications are shown, now and whenever that changes.
    pub fn state(&self) -> watch::Receiver<NotificationState> {
        self.state.clone()
    }
}

#[cfg(target_os = "linux")]
fn way(
    _: &AppHandle,
    bus: Option<Bus>,
    happened: mpsc::UnboundedSender<NoticeEvent>,
    _: &SharedLanguage,
) -> Way {
    Way::start(bus, happened)
}

#[cfg(not(target_os = "linux"))]
fn way(
    app: &AppHandle,
    _: Option<Bus>,
    happened: mpsc::UnboundedSender<NoticeEvent>,
    language: &SharedLanguage,
) -> Way {
    Way::start(app, happened, language.catalogue())
}

/// Shows what the inbox wants shown, and tells it what came of that, and when that is possible again.
pub async fn show_all(notifications: Notifications, mut notices: Notices, inbox: Inbox) {
    let mut state = notifications.state();
    loop {
        tokio::select! {
            notice = notices.recv() => {
                let Some(notice) = notice else {
                    return;
                };
                let shown = notifications.show(ShownNotice::from(&notice)).await;
                let shown = shown.map_err(|reason| reason.to_message());
                inbox.shown(&notice, shown).await;
            }
            Ok(()) = state.changed() => {
                if *state.borrow_and_update() == NotificationState::Ok {
                    inbox.can_show().await;
                }
            }
        }
    }
}

/// Owns what is on the screen.
struct NotificationTask {
    way: Way,
    shown: BTreeMap<u32, ShownNotice>,
    state: watch::Sender<NotificationState>,
    intents: mpsc::UnboundedSender<Intent>,
    language: SharedLanguage,
}

impl NotificationTask {
    async fn run(
        mut self,
        mut incoming: mpsc::UnboundedReceiver<ShowRequest>,
        mut events: mpsc::UnboundedReceiver<NoticeEvent>,
    ) {
        self.look().await;
        loop {
            tokio::select! {
                request = incoming.recv() => match request {
                    Some(ShowRequest { notice, answer }) => {
                        let shown = self.show(notice).await;
                        // Whoever asked may have gone.
                        let _ = answer.send(shown);
                    }
                    None => return,
                },
                Some(event) = events.recv() => self.hear(event).await,
            }
        }
    }

    async fn show(&mut self, notice: ShownNotice) -> Result<(), NotificationReason> {
        let shown = self.way.show(&notice, self.language.catalogue()).await;
        self.tell(shown.as_ref().map(drop));
        self.shown.insert(shown?, notice);
        while self.shown.len() > REMEMBERED_NOTICES {
            self.shown.pop_first();
        }
        Ok(())
    }

    async fn look(&mut self) {
        let found = self.way.look().await;
        self.tell(found.as_ref().map(drop));
    }

    /// What was shown late is shown again, by whoever still owes it: then it is known what it is.
    fn hear_late(&mut self) {
        if let Some(answer) = self.way.hear_late() {
            self.tell(answer.as_ref().map(drop));
        }
    }

    fn tell(&self, result: Result<(), &NotificationReason>) {
        let state = match result {
            Ok(()) => NotificationState::Ok,
            Err(reason) => NotificationState::Missing {
                reason: reason.to_message().into(),
            },
        };
        self.state.send_if_modified(|known| {
            let changed = *known != state;
            if changed {
                tracing::info!(?state, "notifications");
                *known = state;
            }
            changed
        });
    }

    async fn hear(&mut self, event: NoticeEvent) {
        match event {
            NoticeEvent::Acted(id, action) => {
                if let Some(notice) = self.shown.get(&id) {
                    // Who carries intents out is gone only while the program ends.
                    let _ = self.intents.send(intent_of(notice, &action));
                }
            }
            NoticeEvent::Closed(id) => drop(self.shown.remove(&id)),
            NoticeEvent::Answered => self.hear_late(),
            NoticeEvent::ServerChanged => self.look().await,
        }
    }
}
