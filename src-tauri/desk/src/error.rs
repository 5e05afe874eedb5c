//! What a question that can't be answered says.

use std::collections::BTreeMap;
use std::path::PathBuf;

use esim_watch_core::engine::EngineError;
use esim_watch_core::inbox::InboxError;
use esim_watch_core::io_reason::IoReason;
use esim_watch_core::message::{Message, ToMessage};
use esim_watch_core::store::OpenError;
use serde::Serialize;

use crate::message::{self, MessageValue};
use crate::travellers::TravellerField;

/// What a command throws: a message, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct CommandError {
    /// A key of the catalogue.
    key: String,
    /// What stands in its places.
    values: BTreeMap<String, MessageValue>,
    /// The field of a traveller that it is about.
    field: Option<TravellerField>,
}

/// What a question is answered with.
pub type Answer<T> = Result<T, CommandError>;

/// What can be wrong beside what core says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskError {
    /// The eSIM is gone, and the window shows another one.
    EsimGone,
    /// The eSIM is gone.
    EsimGoneFromList,
    /// Its provider's id of the eSIM is not known, so the provider can't be asked for it.
    NoEsimId,
    /// A traveller can't belong to an order that is not named.
    NoOrder,
    /// The provider is none of this program's.
    NoProvider,
    /// Another booking list was looked at since.
    ImportGone,
    /// Two eSIMs turned out to be one since the booking list was looked at.
    ImportOutdated,
    /// There is nothing to take back.
    ImportUndone,
    /// The rules have not started yet.
    AlertsNotReady,
    /// Another window asks for updates now.
    WindowReplaced,
    /// A choice about the window can't be kept.
    Preferences(IoReason),
    /// The clipboard takes nothing; the system's words.
    Clipboard(String),
    /// Whether the program starts with the system can't be changed; the system's words.
    Autostart(String),
    /// The system's file manager did not open.
    ShowInFolder {
        /// The file that it was to show.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// A mistake of the program's own.
    Internal(String),
}

impl ToMessage for DeskError {
    fn to_message(&self) -> Message {
        let because =
            |key: &str, text: &String| Message::of(key).with("reason", Message::quoted(text));
        match self {
            DeskError::EsimGone => Message::of("error.esim.gone"),
            DeskError::EsimGoneFromList => Message::of("error.esim.goneFromList"),
            DeskError::NoEsimId => Message::of("error.esim.noId"),
            DeskError::NoOrder => Message::of("error.esim.noOrder"),
            DeskError::NoProvider => Message::of("error.provider.unknown"),
            DeskError::ImportGone => Message::of("error.import.gone"),
            DeskError::ImportOutdated => Message::of("error.import.outdated"),
            DeskError::ImportUndone => Message::of("error.import.undone"),
            DeskError::AlertsNotReady => Message::of("error.alerts.notReady"),
            DeskError::WindowReplaced => Message::of("error.window.replaced"),
            DeskError::Preferences(reason) => {
                Message::of("error.preferences").with("reason", reason.to_message())
            }
            DeskError::Clipboard(text) => because("error.clipboard", text),
            DeskError::Autostart(text) => because("error.autostart", text),
            DeskError::ShowInFolder { path, reason } => {
                because("error.showInFolder", reason).with("path", path.as_path())
            }
            DeskError::Internal(text) => because("error.internal", text),
        }
    }
}

impl CommandError {
    /// What this error says.
    #[must_use]
    pub fn new(error: &impl ToMessage) -> CommandError {
        error.to_message().into()
    }
}

impl From<Message> for CommandError {
    fn from(message: Message) -> CommandError {
        message::Message::from(message).into()
    }
}

impl From<message::Message> for CommandError {
    fn from(message: message::Message) -> CommandError {
        let message::Message { key, values } = message;
        CommandError {
            key,
            values,
            field: None,
        }
    }
}

impl From<DeskError> for CommandError {
    fn from(error: DeskError) -> CommandError {
        CommandError::new(&error)
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> CommandError {
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
    fn from(error: OpenError) -> CommandError {
        CommandError::new(&error)
    }
}

impl From<InboxError> for CommandError {
    fn from(error: InboxError) -> CommandError {
        Message::of("error.alerts.notChanged")
            .with("reason", error.to_message())
            .into()
    }
}

impl From<tokio::task::JoinError> for CommandError {
    fn from(error: tokio::task::JoinError) -> CommandError {
        DeskError::Internal(error.to_string()).into()
    }
}

#[cfg(test)]
mod tests;
