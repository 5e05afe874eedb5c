//! One request: through the gate, or turned away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http_body_util::BodyExt;
use tokio::sync::watch;

use super::admission::Connection;
use super::answer::{Refused, acknowledged, hang_up, unknown_path};
use super::pace::Pace;
use super::{Gate, Parts, headers, signature};
use crate::clock::now_ms;
use crate::health::Refusal;
use crate::ingest::{IngestError, Received};
use crate::store::Stored;

/// Largest body that is read, in bytes. The largest documented payload is a few kilobytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Most bytes of a body that are read before one that is too large is answered.
const MAX_LINGER: usize = 4 * MAX_BODY;

/// How long a sender may take for its body. Roamify itself gives up after 5 s.
const BODY_TIME: Duration = Duration::from_secs(10);

/// How long the store may take. Roamify's strictest documentation allows 2 s for an answer.
const STORE_TIME: Duration = Duration::from_millis(1900);

struct Hook {
    parts: Parts,
    /// Requests that do not know the path.
    strangers: Pace,
    /// Requests that know the path and are refused all the same.
    refusals: Pace,
}

pub(super) fn router(parts: Parts) -> Router {
    let hook = Arc::new(Hook {
        parts,
        strangers: Pace::default(),
        refusals: Pace::default(),
    });
    Router::new()
        .route("/health", get(|| async { StatusCode::NO_CONTENT }))
        .route("/hooks/{token}", any(receive))
        .fallback(stranger)
        .method_not_allowed_fallback(stranger)
        .with_state(hook)
}

async fn stranger(State(hook): State<Arc<Hook>>) -> Response {
    if hook.strangers.allows() {
        unknown_path()
    } else {
        hang_up()
    }
}

async fn receive(
    State(hook): State<Arc<Hook>>,
    Extension(connection): Extension<Arc<Connection>>,
    Path(token): Path<String>,
    // Whole, because an extractor of the headers would copy them.
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let (method, headers) = (head.method, head.headers);
    let known = signature::same_text(&hook.parts.gate.borrow().token, &token);
    if !known {
        return stranger(State(hook)).await;
    }
    let (at_ms, came) = (now_ms(), Instant::now());
    match admit(&hook.parts.gate, method, &headers, body).await {
        Ok(body) => {
            connection.prove();
            match store(&hook.parts, &headers, body, at_ms).await {
                Ok(stored) => {
                    if let Some(row) = stored.delivery {
                        (hook.parts.on_answer)(row, came.elapsed());
                    }
                    acknowledged()
                }
                Err(refused) => refuse(&hook, refused, at_ms),
            }
        }
        Err(refused) => refuse(&hook, refused, at_ms),
    }
}

/// Reads the body and checks that it is authentic.
async fn admit(
    gate: &watch::Receiver<Gate>,
    method: Method,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<u8>, Refused> {
    if method != Method::POST {
        return Err(Refused::Method);
    }
    let claimed = headers.get(signature::SIGNATURE_HEADER);
    if claimed.is_none() && !gate.borrow().secrets.is_empty() {
        return Err(Refused::NoSignature);
    }
    let body = read(headers, body).await?;
    // As they are now: a secret that was set while the body came counts.
    let secrets = &gate.borrow().secrets;
    let fits = |secret: &crate::secret::Secret| {
        claimed.is_some_and(|claimed| signature::verify(secret.reveal(), &body, claimed.as_bytes()))
    };
    if !secrets.is_empty() && !secrets.iter().any(fits) {
        return Err(Refused::WrongSignature);
    }
    Ok(body)
}

/// Has an authentic body stored.
async fn store(
    parts: &Parts,
    headers: &HeaderMap,
    body: Vec<u8>,
    at_ms: i64,
) -> Result<Stored, Refused> {
    let delivered = parts.ingest.deliver(Received {
        at_ms,
        headers: headers::worth_keeping(headers),
        foreign_type: foreign_type(headers, &body),
        body,
    });
    let outcome = match tokio::time::timeout(STORE_TIME, delivered).await {
        Ok(outcome) => outcome,
        Err(_) => {
            (parts.on_delivery)(at_ms, Err("it did not take the event in time".to_owned()));
            return Err(Refused::NotStored);
        }
    };
    let stored = match &outcome {
        Err(IngestError::NotStored(error)) => Err(error.to_string()),
        _ => Ok(()),
    };
    (parts.on_delivery)(at_ms, stored);
    match outcome {
        Ok(stored) => Ok(stored),
        Err(IngestError::Malformed(error)) => Err(Refused::Malformed(error)),
        Err(IngestError::NotStored(error)) => {
            tracing::error!(%error, "a delivery could not be stored");
            Err(Refused::NotStored)
        }
    }
}

/// The content type, if it says that the body is no JSON (RFC 9110, section 8.3). The type of a web
/// form is what HTTP clients say when nobody told them; it is only believed of what is no object.
fn foreign_type(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?;
    let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let unsaid = text.starts_with("application/x-www-form-urlencoded");
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let fits = text.contains("json") || (unsaid && is_object);
    (!fits).then_some(text)
}

fn refuse(hook: &Hook, refused: Refused, at_ms: i64) -> Response {
    if !hook.refusals.allows() {
        return hang_up();
    }
    let status = refused.status().as_u16();
    // Strangers must not be able to fill the log.
    tracing::debug!(status, "a delivery was not accepted");
    (hook.parts.on_refusal)(Refusal {
        at_ms,
        status,
        reason: refused.to_string(),
    });
    refused.into_response()
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refused> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(Refused::TooLarge);
    }
    tokio::time::timeout(BODY_TIME, collect(body))
        .await
        .unwrap_or(Err(Refused::TooSlow))
}

async fn collect(mut body: Body) -> Result<Vec<u8>, Refused> {
    let mut kept = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refused::BrokenOff)?.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= MAX_BODY {
            kept.extend_from_slice(&data);
        } else if size <= MAX_LINGER {
            // What is on its way is read and dropped: a connection that is closed over unread bytes
            // is reset, and its sender would never see the answer.
            kept = Vec::new();
        } else {
            return Err(Refused::TooLarge);
        }
    }
    if size > MAX_BODY {
        Err(Refused::TooLarge)
    } else {
        Ok(kept)
    }
}
