//! The endpoint that faces the internet.
//!
//! In: HTTP requests. Out: the bytes of authentic ones to [`Ingest`], refusals to whoever watches.
//! It answers 200 only after `Ingest` has said that the event is on the disk. Must not know: SQL,
//! what an event means, the window.
//!
//! A stranger learns nothing: whatever does not name the token gets the same empty 404. Signatures
//! are checked over the raw bytes before anything is parsed.

mod answer;
pub mod signature;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::now_ms;
use crate::ingest::{Ingest, IngestError};
use crate::secret::Secret;
use answer::{Refused, acknowledged};

/// Largest body that is read, in bytes. The largest documented payload is a few kilobytes.
pub const MAX_BODY: usize = 256 * 1024;

/// How long a sender may take for its body. Roamify itself gives up after 5 s.
const BODY_TIME: Duration = Duration::from_secs(10);

/// How long requests that are under way may take to end when the listener is stopped.
const STOP_TIME: Duration = Duration::from_secs(3);

/// Who may deliver.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The last part of the webhook's path.
    pub token: String,
    /// The signing secret; `None`: the token alone is the credential.
    pub secret: Option<Secret>,
}

/// Told about each delivery that was turned away: when (UTC milliseconds) and why.
pub type OnRefusal = Arc<dyn Fn(i64, String) + Send + Sync>;

/// Told about each delivery that came through the gate: when, and whether it could be stored.
pub type OnDelivery = Arc<dyn Fn(i64, Result<(), String>) + Send + Sync>;

/// Why the listener can't start. Each text is for the user and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program has the port.
    #[error(
        "Port {0} is already used by another program. Choose another port, or close that program and try again."
    )]
    PortTaken(u16),
    /// The port may not be used: privileged, or reserved by the system.
    #[error("The system does not allow port {0}. Choose one between 1024 and 49151.")]
    NotAllowed(u16),
    /// Anything else that the operating system reports.
    #[error("Port {port} can't be opened: {reason}. Choose another port.")]
    Other {
        /// The port asked for.
        port: u16,
        /// What the operating system said.
        reason: String,
    },
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
        let explain = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AddrInUse => ListenError::PortTaken(port),
            std::io::ErrorKind::PermissionDenied => ListenError::NotAllowed(port),
            _ => ListenError::Other {
                port,
                reason: error.to_string(),
            },
        };
        let socket = TcpListener::bind((bind, port)).await.map_err(explain)?;
        let address = socket.local_addr().map_err(explain)?;
        let (stop, mut stopped) = watch::channel(false);
        let router = router(parts);
        let task = tokio::spawn(async move {
            let ended = async move {
                // An error means that the sender is gone, which is a stop as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(socket, router)
                .with_graceful_shutdown(ended)
                .await
            {
                tracing::error!(%error, "the listener ended");
            }
        });
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
        let abort = self.task.abort_handle();
        if tokio::time::timeout(STOP_TIME, self.task).await.is_err() {
            // Only clients that neither finish nor go away are left.
            abort.abort();
        }
    }
}

/// The path under which deliveries are accepted.
#[must_use]
pub fn path(token: &str) -> String {
    format!("/hooks/{token}")
}

fn router(parts: Parts) -> Router {
    Router::new()
        .route("/health", get(|| async { StatusCode::NO_CONTENT }))
        .route("/hooks/{token}", any(hook))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .method_not_allowed_fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(Arc::new(parts))
}

async fn hook(
    State(parts): State<Arc<Parts>>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let gate = parts.gate.borrow().clone();
    if !signature::same_text(&gate.token, &token) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let at_ms = now_ms();
    match receive(&parts, &gate, method, &headers, body, at_ms).await {
        Ok(()) => acknowledged(),
        Err(refused) => {
            // Strangers must not be able to fill the log.
            tracing::debug!(
                status = refused.status().as_u16(),
                "a delivery was not accepted"
            );
            (parts.on_refusal)(at_ms, refused.to_string());
            refused.into_response()
        }
    }
}

async fn receive(
    parts: &Parts,
    gate: &Gate,
    method: Method,
    headers: &HeaderMap,
    body: Body,
    at_ms: i64,
) -> Result<(), Refused> {
    if method != Method::POST {
        return Err(Refused::Method);
    }
    let body = read(headers, body).await?;
    if let Some(secret) = &gate.secret {
        let claimed = headers
            .get(signature::SIGNATURE_HEADER)
            .ok_or(Refused::NoSignature)?;
        if !signature::verify(secret.reveal(), &body, claimed.as_bytes()) {
            return Err(Refused::WrongSignature);
        }
    }
    let outcome = parts.ingest.deliver(body.into(), at_ms).await;
    let stored = match &outcome {
        Err(IngestError::NotStored(error)) => Err(error.to_string()),
        _ => Ok(()),
    };
    (parts.on_delivery)(at_ms, stored);
    match outcome {
        Ok(_) => Ok(()),
        Err(IngestError::Malformed(error)) => Err(Refused::Malformed(error)),
        Err(IngestError::NotStored(error)) => {
            tracing::error!(%error, "a delivery could not be stored");
            Err(Refused::NotStored)
        }
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refused> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(Refused::TooLarge);
    }
    match tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refused::TooLarge),
        Ok(Err(_)) => Err(Refused::BrokenOff),
        Err(_) => Err(Refused::TooSlow),
    }
}
