//! What a question that can't be answered says.

use esim_watch_core::engine::EngineError;
use esim_watch_core::inbox::InboxError;
use esim_watch_core::store::OpenError;
use serde::Serialize;

use crate::travellers::TravellerField;

/// What a command throws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct CommandError {
    /// For the user, as it is.
    message: String,
    /// The field of a traveller that it is about.
    field: Option<TravellerField>,
}

/// What a question is answered with.
pub type Answer<T> = Result<T, CommandError>;

impl CommandError {
    /// What this error says.
    #[must_use]
    pub fn new(error: &impl std::fmt::Display) -> CommandError {
        CommandError {
            message: error.to_string(),
            field: None,
        }
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        let field = match &error {
            EngineError::Traveller(error) => Some(error.field().into()),
            _ => None,
        };
        CommandError {
            field,
            ..CommandError::new(&error)
        }
    }
}

impl From<OpenError> for CommandError {
    fn from(error: OpenError) -> Self {
        CommandError::new(&error)
    }
}

impl From<InboxError> for CommandError {
    fn from(error: InboxError) -> Self {
        CommandError::new(&format!("The alert could not be changed: {error}."))
    }
}
