//! Whether the program hears, and keeps what it hears, as the status line tells it.

use esim_watch_core::health;
use serde::Serialize;

use crate::message::Message;

/// The listener's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ListenerState {
    /// It accepts deliveries.
    Up {
        /// Where, for instance `http://127.0.0.1:47615`.
        address: String,
    },
    /// It does not.
    Down {
        /// Why, and what to do.
        message: Message,
    },
}

impl From<health::ListenerState> for ListenerState {
    fn from(state: health::ListenerState) -> ListenerState {
        match state {
            health::ListenerState::Up { address } => ListenerState::Up { address },
            health::ListenerState::Down { message } => ListenerState::Down {
                message: message.into(),
            },
        }
    }
}

/// The store's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum StoreState {
    /// The last delivery was stored.
    Ok,
    /// The last delivery could not be stored.
    Failing {
        /// Why, and what to do.
        message: Message,
    },
}

impl From<health::StoreState> for StoreState {
    fn from(state: health::StoreState) -> StoreState {
        match state {
            health::StoreState::Ok => StoreState::Ok,
            health::StoreState::Failing { message } => StoreState::Failing {
                message: message.into(),
            },
        }
    }
}

/// Whether the tunnel's public address leads to this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum TunnelState {
    /// No public address is set.
    NotSet,
    /// It has not been seen to lead here since the program started or the address changed.
    Unverified {
        /// What came of trying.
        message: Message,
    },
    /// It leads here.
    Up,
    /// It did, and does no more.
    Down {
        /// Why.
        message: Message,
    },
}

impl From<health::TunnelState> for TunnelState {
    fn from(state: health::TunnelState) -> TunnelState {
        match state {
            health::TunnelState::NotSet => TunnelState::NotSet,
            health::TunnelState::Unverified { message } => TunnelState::Unverified {
                message: message.into(),
            },
            health::TunnelState::Up => TunnelState::Up,
            health::TunnelState::Down { message } => TunnelState::Down {
                message: message.into(),
            },
        }
    }
}

/// A delivery that was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Why, in words that help to put it right.
    pub reason: Message,
}

impl From<health::Refusal> for Refusal {
    fn from(refusal: health::Refusal) -> Refusal {
        let health::Refusal {
            at_ms,
            status,
            reason,
        } = refusal;
        Refusal {
            at_ms,
            status,
            reason: reason.into(),
        }
    }
}

/// The daily backup's state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupState {
    /// When the last one was made, UTC milliseconds; `None`: there is none yet.
    pub last_at_ms: Option<i64>,
    /// Why there is no newer one, and what to do.
    pub problem: Option<Message>,
}

impl From<health::BackupState> for BackupState {
    fn from(state: health::BackupState) -> BackupState {
        let health::BackupState {
            last_at_ms,
            problem,
        } = state;
        BackupState {
            last_at_ms,
            problem: problem.map(Message::from),
        }
    }
}

/// The state of what is done about old content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RetentionState {
    /// Why old content stays, and what to do. `None` once it works again.
    pub problem: Option<Message>,
}

impl From<health::RetentionState> for RetentionState {
    fn from(health::RetentionState { problem }: health::RetentionState) -> RetentionState {
        RetentionState {
            problem: problem.map(Message::from),
        }
    }
}

/// Everything the status line tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The listener's state.
    pub listener: ListenerState,
    /// The tunnel's state.
    pub tunnel: TunnelState,
    /// The store's state.
    pub store: StoreState,
    /// Since when the computer has been awake, as far as the program has seen, UTC milliseconds.
    pub awake_since_ms: i64,
    /// What happened to the store when the program started, if a person has to know: a damaged
    /// database was replaced, or the webhook's address has changed.
    pub notice: Option<Message>,
    /// Why the place of the data folder is none for a database, and what to do.
    pub unsafe_place: Option<Message>,
    /// Whether signatures of every provider are checked; if not, an address is the only credential of one.
    pub signature_checked: bool,
    /// When the last authentic delivery came, UTC milliseconds.
    pub last_received_at_ms: Option<i64>,
    /// Deliveries turned away since the program started.
    pub refused_count: u32,
    /// The last one of them.
    pub last_refusal: Option<Refusal>,
    /// The daily backup's state.
    pub backup: BackupState,
    /// The state of what is done about old content.
    pub retention: RetentionState,
}

impl From<health::Health> for Health {
    fn from(health: health::Health) -> Health {
        let health::Health {
            listener,
            tunnel,
            store,
            awake_since_ms,
            notice,
            unsafe_place,
            unsigned,
            last_received_at_ms,
            refused_count,
            last_refusal,
            backup,
            retention,
        } = health;
        Health {
            listener: listener.into(),
            tunnel: tunnel.into(),
            store: store.into(),
            awake_since_ms,
            notice: notice.map(Message::from),
            unsafe_place: unsafe_place.map(Message::from),
            signature_checked: unsigned.is_empty(),
            last_received_at_ms,
            refused_count,
            last_refusal: last_refusal.map(Refusal::from),
            backup: backup.into(),
            retention: retention.into(),
        }
    }
}
