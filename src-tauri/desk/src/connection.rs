//! How deliveries reach this desk, what was turned away, and the test event.

use esim_watch_core::engine;
use serde::Serialize;

use crate::message::Message;

mirrored! {
    /// Where the signing secret comes from.
    SecretState of engine::SecretState {
        /// There is none: the webhook's address is the only credential.
        None,
        /// It is in the system's keyring.
        Keyring,
        /// It is in a file in the data directory, because the system has no keyring.
        File,
        /// One was set, and can't be read: the listener stays down.
        Unreadable,
        /// One may be in the system's keyring, which does not open: the listener stays down.
        Unknown,
        /// It came from the environment and can't be changed in the window.
        Environment,
        /// The environment gives something that is no secret: the listener stays down.
        EnvironmentUnusable,
        /// There is none, and others have theirs: this provider's deliveries are refused.
        Shut,
    }
}

mirrored! {
    /// What sending a stored delivery through the program again did.
    Resent of engine::Resent {
        /// Its event was known; nothing changed unless this version reads more out of it.
        Known,
        /// It brought an event that was not there.
        New,
        /// It brought an event that was not there and that this version does not recognise.
        Unrecognized,
        /// It still is no event.
        Malformed,
        /// Its body is no longer kept.
        Dropped,
    }
}

/// Everything that the set-up needs. Never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// Where the listener is, for instance `http://127.0.0.1:47615`; `None` while it is down.
    pub address: Option<String>,
    /// The port that is set.
    pub port: u16,
    /// Whether the port came from the command line or the environment.
    pub port_fixed: bool,
    /// The tunnel's public address.
    pub public_url: Option<String>,
    /// What is each provider's own; the first one leads.
    pub providers: Vec<ProviderConnection>,
    /// Where everything is kept.
    pub data_dir: String,
}

impl From<engine::Connection> for Connection {
    fn from(connection: engine::Connection) -> Connection {
        let engine::Connection {
            address,
            port,
            port_fixed,
            public_url,
            providers,
            data_dir,
        } = connection;
        Connection {
            address,
            port,
            port_fixed,
            public_url,
            providers: providers
                .into_iter()
                .map(ProviderConnection::from)
                .collect(),
            data_dir,
        }
    }
}

/// How the deliveries of one provider reach this desk. Never its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ProviderConnection {
    /// Its name, as in paths and questions.
    pub name: String,
    /// Its name as a person reads it.
    pub display_name: String,
    /// Its path below the listener's and the public address.
    pub webhook_path: String,
    /// What to paste into its portal.
    pub webhook_url: Option<String>,
    /// Where its signing secret comes from.
    pub secret: SecretState,
    /// Whether the secret before this one is still accepted.
    pub previous_secret: bool,
    /// The environment's variable that gives its secret.
    pub variable: String,
    /// The one that gives the secret before it.
    pub previous_variable: String,
}

impl From<engine::ProviderConnection> for ProviderConnection {
    fn from(connection: engine::ProviderConnection) -> ProviderConnection {
        let engine::ProviderConnection {
            name,
            display_name,
            webhook_path,
            webhook_url,
            secret,
            previous_secret,
            variable,
            previous_variable,
        } = connection;
        ProviderConnection {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            webhook_path,
            webhook_url,
            secret: secret.into(),
            previous_secret,
            variable,
            previous_variable,
        }
    }
}

/// How far a test event came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// Whether it went out to the public address, or only to this computer's own.
    pub public: bool,
    /// Whether it was signed, and so whether the signature was checked.
    pub signed: bool,
    /// The answer's status; `None`: there was no answer.
    pub status: Option<u16>,
    /// How long that took, milliseconds.
    pub took_ms: u32,
    /// Whether it is in the store.
    pub stored: bool,
    /// What went wrong and what to do, for the user; `None`: all is well.
    pub problem: Option<Message>,
}

impl From<engine::Trial> for Trial {
    fn from(trial: engine::Trial) -> Trial {
        let engine::Trial {
            public,
            signed,
            status,
            took_ms,
            stored,
            problem,
        } = trial;
        Trial {
            public,
            signed,
            status,
            took_ms,
            stored,
            problem: problem.map(Message::from),
        }
    }
}
