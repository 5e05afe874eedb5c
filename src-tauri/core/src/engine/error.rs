//! Why an engine can't start or can't do what was asked.

use super::connection::UrlError;
use crate::catch_up::SET_RATES;
use crate::inbox::InboxError;
use crate::listener::ListenError;
use crate::message::{Message, ToMessage};
use crate::provider::ApiError;
use crate::secret::{EnvironmentError, UnusableSecret, VaultError};
use crate::store::{AgesError, OpenError, WriteError};
use crate::traveller::TravellerError;
use crate::{display_in_english, hand_on};

/// Why an engine can't start or can't do what was asked. Each text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The system tells no folder for application data.
    NoDataDir,
    /// The store can't be opened or read.
    Store(OpenError),
    /// A setting can't be written.
    Write(WriteError),
    /// Only the first of two settings could be written.
    HalfWritten(WriteError),
    /// The ages are out of bounds.
    Ages(AgesError),
    /// A traveller can't be like that.
    Traveller(TravellerError),
    /// The alerts can't be read or written.
    Inbox(InboxError),
    /// The stored secret can't be read or written.
    Vault(VaultError),
    /// What was pasted is no secret.
    Secret(UnusableSecret),
    /// The environment gives something that is no secret.
    Environment(EnvironmentError),
    /// The system has no randomness for the webhook's address.
    Random(String),
    /// The listener can't start.
    Listen(ListenError),
    /// The public address is none.
    Url(UrlError),
    /// The API can't be reached like that.
    Api(ApiError),
    /// So many requests a second can't be set.
    Rate(f64),
    /// The value was given on the command line or in the environment.
    Fixed(FixedSetting),
}

/// A setting that the command line or the environment can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedSetting {
    /// The listener's port.
    Port,
    /// The signing secret.
    Secret,
    /// The API token.
    ApiToken,
    /// How many requests a second the API is asked for.
    ApiRate,
}

hand_on!(
    EngineError: Store(OpenError), Write(WriteError), Ages(AgesError), Traveller(TravellerError), Inbox(InboxError),
    Vault(VaultError), Secret(UnusableSecret), Environment(EnvironmentError), Listen(ListenError), Url(UrlError),
    Api(ApiError),
);
display_in_english!(EngineError);

impl ToMessage for EngineError {
    fn to_message(&self) -> Message {
        let because =
            |key: &str, error: &WriteError| Message::of(key).with("reason", error.to_message());
        match self {
            EngineError::NoDataDir => Message::of("error.folder.none"),
            EngineError::Store(error) => error.to_message(),
            EngineError::Write(error) => because("error.change.notStored", error),
            EngineError::HalfWritten(error) => because("error.retention.half", error),
            EngineError::Ages(error) => error.to_message(),
            EngineError::Traveller(error) => error.to_message(),
            EngineError::Inbox(error) => error.to_message(),
            EngineError::Vault(error) => error.to_message(),
            EngineError::Secret(reason) => {
                Message::of("error.secret.unusable").with("reason", reason.to_message())
            }
            EngineError::Environment(error) => error.to_message(),
            EngineError::Random(text) => {
                Message::of("error.random").with("reason", Message::quoted(text))
            }
            EngineError::Listen(error) => error.to_message(),
            EngineError::Url(error) => error.to_message(),
            EngineError::Api(error) => error.to_message(),
            EngineError::Rate(rate) => Message::of("error.apiRate")
                .with("rate", rate.to_string())
                .with("least", SET_RATES.start().to_string())
                .with("most", SET_RATES.end().to_string()),
            EngineError::Fixed(FixedSetting::Port) => Message::of("error.fixed.port"),
            EngineError::Fixed(FixedSetting::Secret) => Message::of("error.fixed.secret"),
            EngineError::Fixed(FixedSetting::ApiToken) => Message::of("error.fixed.apiToken"),
            EngineError::Fixed(FixedSetting::ApiRate) => Message::of("error.fixed.apiRate"),
        }
    }
}
