//! The endpoint that faces the internet.
//!
//! In: HTTP requests. Out: the bytes of authentic ones to [`Ingest`], refusals to whoever watches.
//! It answers 200 only after `Ingest` has said that the event is on the disk. Must not know: SQL,
//! what an event means, the window.
//!
//! A stranger learns nothing: whatever does not name the token gets the same empty 404. Signatures
//! are checked over the raw bytes before anything is parsed.
//!
//! Limits: [`server`] bounds connections, headers and their time; [`body`] bounds the body, its time and
//! what bodies hold together; [`hook`] bounds how long the store may take; [`rate_limit`] bounds how many refusals a second are answered.
//! Authentic deliveries have no rate limit: turning one away would lose it after three tries. They
//! are held back by the writer's queue instead, and answered 503 if that takes too long. HTTP/1.1
//! has one request under way per connection, so the bound on connections bounds those too.

mod admission;
mod answer;
mod body;
mod headers;
mod hook;
mod rate_limit;
mod refusals;
mod server;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::answer::Answered;
use crate::display_in_english;
use crate::event::ProviderId;
use crate::health::Refusal;
use crate::ingest::Ingest;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::provider::{self, Provider};
use crate::secret::Secret;
use crate::store::WriteError;

pub use body::MAX_BODY;
pub use refusals::Refusals;

/// Who may deliver.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The last part of the webhook's path.
    pub token: String,
    /// The signing secrets that count, by provider: the current one and, during a rotation, the one before. Of no
    /// provider any: the token alone is the credential.
    pub secrets: BTreeMap<ProviderId, Vec<Secret>>,
}

impl Gate {
    /// The secrets that count for this provider; none: the token alone is its credential. `None`: it may not deliver,
    /// because it was not set up and would be a way around the signatures of one that was.
    pub(crate) fn secrets_of(&self, provider: ProviderId) -> Option<&[Secret]> {
        match self.secrets.get(&provider) {
            Some(secrets) => Some(secrets),
            None => self.secrets.values().all(Vec::is_empty).then_some(&[]),
        }
    }
}

/// Told about each delivery that was turned away.
pub type OnRefusal = Arc<dyn Fn(Refusal) + Send + Sync>;

/// Told what the sender of a stored delivery was answered.
pub type OnAnswer = Arc<dyn Fn(Answered) + Send + Sync>;

/// Told about each delivery that came through the gate: whose, when, and whether it could be stored.
pub type OnDelivery = Arc<dyn Fn(&dyn Provider, i64, Result<(), WriteError>) + Send + Sync>;

/// Why the listener can't start. Each text is for the user and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program has the port.
    PortTaken(u16),
    /// The port may not be used: privileged, or reserved by the system.
    NotAllowed(u16),
    /// Anything else that the operating system reports.
    Other {
        /// The port asked for.
        port: u16,
        /// What the operating system said.
        reason: IoReason,
    },
}

display_in_english!(ListenError);

impl ListenError {
    /// What the operating system's answer means for this port.
    fn of(port: u16, error: &std::io::Error) -> ListenError {
        match error.kind() {
            std::io::ErrorKind::AddrInUse => ListenError::PortTaken(port),
            std::io::ErrorKind::PermissionDenied => ListenError::NotAllowed(port),
            _ => ListenError::Other {
                port,
                reason: IoReason::from(error),
            },
        }
    }
}

impl ToMessage for ListenError {
    fn to_message(&self) -> Message {
        let at = |key: &str, port: &u16| Message::of(key).with("port", port.to_string());
        match self {
            ListenError::PortTaken(port) => at("error.port.taken", port),
            ListenError::NotAllowed(port) => at("error.port.forbidden", port),
            ListenError::Other { port, reason } => {
                at("error.port.failed", port).with("reason", reason.to_message())
            }
        }
    }
}

/// What a listener needs to know.
pub struct Parts {
    /// Who may deliver; changes take effect at once.
    pub gate: watch::Receiver<Gate>,
    /// Where authentic deliveries go.
    pub ingest: Ingest,
    /// Told about each delivery that was turned away.
    pub on_refusal: OnRefusal,
    /// Told about each delivery that came through the gate.
    pub on_delivery: OnDelivery,
    /// Told how long the senders of stored deliveries waited.
    pub on_answer: OnAnswer,
}

/// A listener that accepts requests until it is stopped.
pub struct Listener {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Opens the port (0: any free one) and starts to answer.
    ///
    /// # Errors
    /// [`ListenError`] if the port can't be opened.
    pub async fn start(bind: IpAddr, port: u16, parts: Parts) -> Result<Listener, ListenError> {
        let explain = |error: std::io::Error| ListenError::of(port, &error);
        let socket = TcpListener::bind((bind, port)).await.map_err(explain)?;
        let address = socket.local_addr().map_err(explain)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(server::serve(socket, hook::router(parts), stopped));
        Ok(Listener {
            address,
            stop,
            task,
        })
    }

    /// Where it listens, with the port really bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new requests, answers those under way, and closes the port.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the listener ended with a panic");
        }
    }
}

/// The path under which a provider's deliveries are accepted: its name stands before the token. The default one's may,
/// and is not shown: it is older than the others.
#[must_use]
pub fn path(provider: &dyn Provider, token: &str) -> String {
    match provider::own_name(provider) {
        Some(name) => format!("/hooks/{name}/{token}"),
        None => format!("/hooks/{token}"),
    }
}

#[cfg(test)]
mod tests;
