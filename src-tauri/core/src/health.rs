//! Whether the program hears, and keeps what it hears. What it says of that is for the user.

use crate::message::Message;

/// The listener's state.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The store's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreState {
    /// The last delivery was stored.
    Ok,
    /// The last delivery could not be stored.
    Failing {
        /// Why, and what to do.
        message: Message,
    },
}

/// Whether the tunnel's public address leads to this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A delivery that was turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Why, in words that help to put it right.
    pub reason: Message,
}

/// The daily backup's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupState {
    /// When the last one was made, UTC milliseconds; `None`: there is none yet.
    pub last_at_ms: Option<i64>,
    /// Why there is no newer one, and what to do.
    pub problem: Option<Message>,
}

/// The state of what is done about old content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetentionState {
    /// Why old content stays, and what to do. `None` once it works again.
    pub problem: Option<Message>,
}

/// Everything the status line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Why the place of the data folder is none for a database, and what to do. Stays until the program is started elsewhere.
    pub unsafe_place: Option<Message>,
    /// Providers whose signatures are not checked, by the name that a person reads: the webhook's address is their only
    /// credential.
    pub unsigned: Vec<&'static str>,
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

impl Health {
    /// Before the listener has started.
    #[must_use]
    pub fn starting(last_received_at_ms: Option<i64>) -> Health {
        let now_ms = crate::clock::now_ms();
        Health {
            listener: ListenerState::Down {
                message: Message::of("listener.starting"),
            },
            tunnel: TunnelState::NotSet,
            store: StoreState::Ok,
            awake_since_ms: now_ms,
            notice: None,
            unsafe_place: None,
            unsigned: Vec::new(),
            last_received_at_ms,
            refused_count: 0,
            last_refusal: None,
            backup: BackupState::default(),
            retention: RetentionState::default(),
        }
    }
}
