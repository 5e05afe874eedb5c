//! What the window is told: a snapshot, then changes and what the inbox holds, in order, at most ten times a
//! second. A window that missed something is given a snapshot again: whatever it shows can be asked from the
//! store.
//!
//! The window asks for the next updates and is answered once there are some. Tauri's channels would have the
//! web view compile each update as a script of its own, and WebKit keeps the last two thousand of those.

mod pending;
mod pump;

use std::sync::Arc;

use esim_watch_core::alert::Opens;
use esim_watch_core::engine::Engine;
use esim_watch_core::inbox::Inbox;
use esim_watch_core::message::{self, ToMessage};
use serde::Serialize;
use tokio::sync::oneshot::error::RecvError;
use tokio::sync::{mpsc, oneshot};

use crate::Desk;
use crate::counts::Counts;
use crate::error::{Answer, DeskError};
use crate::esim::EsimRow;
use crate::esim_list::EsimList;
use crate::health::Health;
use crate::inbox::Summary;
use crate::message::Message;
use crate::timeline::EventRow;
use pump::{Pump, tell_failure};

/// Events that a snapshot brings, newest first: as many as the window keeps.
pub const SNAPSHOT_EVENTS: u32 = 100;

/// Everything that the window is told.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Update {
    /// Replaces everything; lists must be asked for again. Comes first, and after an overflow.
    Snapshot {
        /// Totals.
        counts: Counts,
        /// The events that arrived last, newest first.
        recent: Vec<EventRow>,
        /// State of listener and store.
        health: Health,
    },
    /// What was committed since the last update.
    Changed {
        /// Totals.
        counts: Counts,
        /// New events, newest first.
        events: Vec<EventRow>,
        /// eSIMs that changed.
        esims: Vec<EsimRow>,
        /// Keys that no longer are a row's key: the eSIM goes by another now.
        replaced: Vec<String>,
        /// State of listener and store.
        health: Health,
    },
    /// Only the state of listener or store changed.
    Health {
        /// State of listener and store.
        health: Health,
    },
    /// The alerts changed; comes first after a snapshot.
    Alerts {
        /// The inbox at a glance.
        summary: Summary,
    },
    /// A notification was clicked, or something in the tray: show this.
    Open {
        /// What to show.
        place: Place,
    },
    /// The program could not start; there is nothing else to show.
    Failed(Failure),
}

/// What the window can be asked to show.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Place {
    /// One eSIM.
    Esim {
        /// Its key.
        key: String,
    },
    /// The inbox.
    Alerts,
    /// The partner's account.
    Account,
    /// How deliveries reach this desk.
    Connection,
}

impl From<&Opens> for Place {
    fn from(opens: &Opens) -> Place {
        match opens {
            Opens::Esim(key) => Place::Esim { key: key.clone() },
            Opens::Connection => Place::Connection,
            Opens::Alerts => Place::Alerts,
            Opens::Account => Place::Account,
        }
    }
}

/// Why the program could not start, for the user.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct Failure {
    /// One line.
    pub title: Message,
    /// What to do.
    pub message: Message,
}

impl Failure {
    /// A failure told by this error.
    #[must_use]
    pub fn new(error: &impl ToMessage) -> Failure {
        Failure {
            title: message::Message::of("error.start").into(),
            message: error.to_message().into(),
        }
    }
}

/// Where a waiting window is answered.
type Waiting = oneshot::Sender<Vec<Update>>;

enum Request {
    /// The window knows nothing yet.
    First(Waiting),
    Next(Waiting),
    Open(Place),
    Esims(Vec<i64>),
    Everything,
}

/// Reaches the task that tells the window. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    requests: mpsc::UnboundedSender<Request>,
}

impl Feed {
    /// Starts the task.
    #[must_use]
    pub fn start(engine: Result<(Arc<Engine>, Inbox), Failure>, list: EsimList) -> Feed {
        let (requests, incoming) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            match engine {
                Ok((engine, inbox)) => Pump::new(engine, list, inbox.summary()).run(incoming).await,
                Err(failure) => tell_failure(failure, incoming).await,
            }
        });
        Feed { requests }
    }

    /// What the window is to be told next, in order, as soon as there is something; none after half a minute
    /// in which nothing happened. `first` if the window knows nothing yet: a snapshot leads.
    ///
    /// # Errors
    ///
    /// If another question took the place of this one: there is one window.
    pub async fn updates(&self, first: bool) -> Result<Vec<Update>, RecvError> {
        let (waiting, answer) = oneshot::channel();
        self.request(if first {
            Request::First(waiting)
        } else {
            Request::Next(waiting)
        });
        answer.await
    }

    /// Has the window show something, at once or as soon as it is there.
    pub fn open(&self, place: Place) {
        self.request(Request::Open(place));
    }

    /// Tells the window that these eSIMs changed although no event came: rows of the store.
    pub fn esims_changed(&self, rows: Vec<i64>) {
        self.request(Request::Esims(rows));
    }

    /// Tells the window that all eSIMs look different although nothing happened to them: a snapshot.
    pub fn everything_changed(&self) {
        self.request(Request::Everything);
    }

    fn request(&self, request: Request) {
        // The task ends only with the program.
        let _ = self.requests.send(request);
    }
}

impl Desk {
    /// What the window is to be told next, in order, as soon as there is something; nothing after half a minute
    /// without any. `first` while the window knows nothing: then a snapshot leads.
    ///
    /// # Errors
    /// If another window asked since.
    pub async fn updates(&self, first: bool) -> Answer<Vec<Update>> {
        let updates = self.feed.updates(first).await;
        updates.map_err(|_| DeskError::WindowReplaced.into())
    }
}

#[cfg(test)]
mod tests;
