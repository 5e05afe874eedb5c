//! What the window is told, and how it asks. Plain data.

use esim_watch_core::alert::Opens;
use esim_watch_core::message::{self, ToMessage};
use serde::Serialize;
use tokio::sync::oneshot;

use crate::catch_up::CatchUpState;
use crate::counts::Counts;
use crate::esim::EsimRow;
use crate::health::Health;
use crate::inbox::Summary;
use crate::message::Message;
use crate::timeline::EventRow;
use crate::upgrade::UpgradeState;

/// Events that a snapshot brings, the latest first: as many as the window keeps.
pub const SNAPSHOT_EVENTS: u32 = 100;

/// Everything that the window is told.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Update {
    /// Replaces everything; lists must be asked for again. Comes first, and after an overflow.
    Snapshot {
        /// Totals.
        counts: Counts,
        /// What changed last, the latest first.
        recent: Vec<EventRow>,
        /// State of listener and store.
        health: Health,
    },
    /// What was committed since the last update.
    Changed {
        /// Totals.
        counts: Counts,
        /// New events, the one that came last in front.
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
    /// Catching up stands otherwise; comes after the alerts that follow a snapshot.
    CatchUp {
        /// How it stands.
        state: CatchUpState,
    },
    /// Newer versions of the program stand otherwise. Never told where nobody publishes any.
    Upgrade {
        /// How they stand.
        state: UpgradeState,
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
    /// What became of a time in which nobody listened.
    #[serde(rename_all = "camelCase")]
    Absence {
        /// When it began, UTC milliseconds.
        from_ms: i64,
    },
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
            Opens::Absence(from_ms) => Place::Absence { from_ms: *from_ms },
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
pub(super) type Waiting = oneshot::Sender<Vec<Update>>;

/// What the task is asked.
pub(super) enum Request {
    /// The window knows nothing yet.
    First(Waiting),
    Next(Waiting),
    Open(Place),
    Esims(Vec<i64>),
    Everything,
}
