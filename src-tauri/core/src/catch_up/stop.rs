//! What ends a catch-up early.

use crate::hand_on;
use crate::message::{Message, ToMessage};
use crate::provider::ApiError;
use crate::store::{OpenError, WriteError};

/// Why a catch-up ends before its end.
#[derive(Debug)]
pub(super) enum Stop {
    Api(ApiError),
    Read(OpenError),
    Write(WriteError),
    Failing(ApiError),
    Cancelled,
}

hand_on!(Stop: Api(ApiError), Read(OpenError), Write(WriteError));

impl Stop {
    /// See [`ApiError::passes_after_secs`].
    pub fn passes_after_secs(&self) -> Option<u64> {
        match self {
            Stop::Api(error) | Stop::Failing(error) => error.passes_after_secs(),
            Stop::Read(_) | Stop::Write(_) => Some(0),
            Stop::Cancelled => None,
        }
    }

    /// See [`ApiError::needs_somebody`].
    pub fn needs_somebody(&self) -> bool {
        matches!(self, Stop::Api(error) if error.needs_somebody())
    }
}

impl ToMessage for Stop {
    fn to_message(&self) -> Message {
        let because = |key: &str, reason: Message| Message::of(key).with("reason", reason);
        match self {
            Stop::Api(error) => error.to_message(),
            Stop::Read(error) => error.to_message(),
            Stop::Write(error) => because("catchUp.notStored", error.to_message()),
            Stop::Failing(error) => because("catchUp.gaveUp", error.to_message()),
            Stop::Cancelled => Message::of("catchUp.cancelled"),
        }
    }
}
