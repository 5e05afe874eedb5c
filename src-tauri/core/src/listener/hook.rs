//! One request: through the gate, or turned away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, Method, Uri, header, request};
use axum::response::Response;
use axum::routing::{any, get};

use super::admission::OpenConnection;
use super::answer::{acknowledged, hang_up, listening, refused, unknown_path};
use super::body::{BODY_TIME, BodiesUnderWay};
use super::rate_limit::RateLimit;
use super::{Gate, Parts, headers};
use crate::answer::{ACKNOWLEDGED, Answered, Refused};
use crate::clock::Moment;
use crate::health::Refusal;
use crate::ingest::{IngestError, Received};
use crate::mac::same_text;
use crate::message::ToMessage;
use crate::provider::{self, Authentic, NotAuthentic, Provider, Unreadable};
use crate::store::{Stored, WriteError};

/// How long the store may take. The strictest documentation of a provider allows 2 s for an answer.
const STORE_TIME: Duration = Duration::from_millis(1900);

/// How long a request may be under way: its body, the store, and its answer on its way out.
pub(super) const LONGEST_REQUEST: Duration = BODY_TIME
    .saturating_add(STORE_TIME)
    .saturating_add(Duration::from_secs(1));

struct Hook {
    parts: Parts,
    /// Requests that do not know the path.
    strangers: RateLimit,
    /// Requests that know the path and are refused all the same.
    refusals: RateLimit,
    under_way: BodiesUnderWay,
}

pub(super) fn router(parts: Parts) -> Router {
    let hook = Arc::new(Hook {
        parts,
        strangers: RateLimit::default(),
        refusals: RateLimit::default(),
        under_way: BodiesUnderWay::default(),
    });
    Router::new()
        .route("/health", get(async || listening()))
        .route("/hooks/{token}", any(receive_default))
        .route("/hooks/{provider}/{token}", any(receive_named))
        .fallback(stranger)
        .method_not_allowed_fallback(stranger)
        .with_state(hook)
}

/// Whatever leads nowhere. Somebody who knows the token only has its path wrong: that is told to the user, and to
/// nobody else.
async fn stranger(State(hook): State<Arc<Hook>>, uri: Uri) -> Response {
    if names_the_token(uri.path(), &hook.parts.gate.borrow().token) && hook.refusals.allows() {
        (hook.parts.on_refusal)(Refusal {
            at_ms: hook.parts.ingest.now().clock_ms,
            status: Refused::Path.status(),
            reason: Refused::Path.to_message(),
        });
    }
    unknown(&hook)
}

/// Whether a path has the token somewhere: with blanks or slashes too many, in capitals, without what stands before it, with
/// the marks that stand around an address in a text.
fn names_the_token(path: &str, token: &str) -> bool {
    let of = |part: &str| {
        let marks = |mark: char| !mark.is_ascii_alphanumeric();
        part.trim_matches(marks).to_ascii_lowercase()
    };
    let mut path = path.to_owned();
    // Blank, quotation marks, apostrophe, brackets, and slash, as they are written in an address (RFC 3986).
    for (written, mark) in [
        ("%20", " "),
        ("%22", "\""),
        ("%27", "'"),
        ("%3C", "<"),
        ("%3E", ">"),
        ("%2F", "/"),
    ] {
        path = path
            .replace(written, mark)
            .replace(&written.to_ascii_lowercase(), mark);
    }
    path.split('/').any(|part| same_text(&of(part), token))
}

fn unknown(hook: &Hook) -> Response {
    if hook.strangers.allows() {
        unknown_path()
    } else {
        hang_up()
    }
}

async fn receive_default(
    State(hook): State<Arc<Hook>>,
    Extension(connection): Extension<Arc<OpenConnection>>,
    Path(token): Path<String>,
    // Whole, because an extractor of the headers would copy them.
    request: Request,
) -> Response {
    let request = request.into_parts();
    receive(hook, connection, provider::DEFAULT, &token, request).await
}

async fn receive_named(
    State(hook): State<Arc<Hook>>,
    Extension(connection): Extension<Arc<OpenConnection>>,
    Path((name, token)): Path<(String, String)>,
    request: Request,
) -> Response {
    match provider::by_name(&name) {
        Some(provider) => receive(hook, connection, provider, &token, request.into_parts()).await,
        None => stranger(State(hook), request.uri().clone()).await,
    }
}

async fn receive(
    hook: Arc<Hook>,
    connection: Arc<OpenConnection>,
    provider: &'static dyn Provider,
    token: &str,
    (head, body): (request::Parts, Body),
) -> Response {
    let (method, headers) = (head.method, head.headers);
    let known = {
        let gate = hook.parts.gate.borrow();
        same_text(&gate.token, token) && gate.secrets_of(provider.id()).is_some()
    };
    if !known {
        return stranger(State(hook), head.uri).await;
    }
    connection.names_the_token();
    let (at, came) = (hook.parts.ingest.now(), Instant::now());
    let stored = match admit(&hook, provider, method, &headers, body).await {
        Ok(body) => store(&hook, &headers, body, at, came).await,
        Err(refused) => Err(refused),
    };
    match stored {
        Ok(stored) => {
            // Whoever has caught a delivery can send it again: only what is new says that its sender knows the secret.
            if stored.verdict.is_new() {
                connection.prove();
            }
            if let Some(delivery) = stored.delivery {
                answered(&hook.parts, delivery, ACKNOWLEDGED, came);
            }
            acknowledged(provider)
        }
        Err(refused) => refuse(&hook, &refused, at.clock_ms),
    }
}

fn answered(parts: &Parts, delivery: i64, status: u16, came: Instant) {
    (parts.on_answer)(Answered {
        delivery,
        status,
        took: came.elapsed(),
    });
}

/// Reads the body and checks that it is authentic.
async fn admit(
    hook: &Hook,
    provider: &'static dyn Provider,
    method: Method,
    headers: &HeaderMap,
    body: Body,
) -> Result<Authentic, Refused> {
    if method != Method::POST {
        return Err(Refused::Method);
    }
    let gate = &hook.parts.gate;
    let header = |name: &str| headers.get(name).map(header::HeaderValue::as_bytes);
    let is_signed = provider.brings_signature(&header);
    let asks_for_one = |gate: &Gate| {
        let secrets = gate.secrets_of(provider.id());
        secrets.is_none_or(|secrets| !secrets.is_empty())
    };
    if !is_signed && asks_for_one(&gate.borrow()) {
        return Err(Refused::not_authentic(NotAuthentic::NoSignature, provider));
    }
    let body = hook.under_way.read(headers, body).await?;
    // As they are now: a secret that was set while the body came counts.
    let checked = match gate.borrow().secrets_of(provider.id()) {
        Some(secrets) => Authentic::check(provider, &header, body, secrets),
        None => Err(NotAuthentic::WrongSignature),
    };
    checked.map_err(|why| Refused::not_authentic(why, provider))
}

/// Has an authentic body stored.
async fn store(
    hook: &Arc<Hook>,
    headers: &HeaderMap,
    body: Authentic,
    at: Moment,
    came: Instant,
) -> Result<Stored, Refused> {
    let provider = body.provider();
    let at_ms = at.clock_ms;
    let received = Received {
        at,
        headers: headers::worth_keeping(headers, provider),
        unreadable: text(headers, &header::CONTENT_ENCODING)
            .and_then(|announced| Unreadable::encoded(&announced))
            .or_else(|| {
                text(headers, &header::CONTENT_TYPE)
                    .and_then(|announced| Unreadable::announced(&announced, body.body()))
            }),
        body,
        again: false,
    };
    let ingest = hook.parts.ingest.clone();
    let mut delivered = Box::pin(async move { ingest.deliver(received).await });
    match tokio::time::timeout(STORE_TIME, &mut delivered).await {
        Ok(outcome) => tell(&hook.parts, provider, at_ms, outcome),
        Err(_) => {
            let slow = IngestError::NotStored(WriteError::TooSlow);
            let told = tell(&hook.parts, provider, at_ms, Err(slow));
            let hook = Arc::clone(hook);
            tokio::spawn(async move {
                // Why it took so long is known only now. Should it be stored all the same, its row says what its
                // sender was told.
                let stored = tell(&hook.parts, provider, at_ms, delivered.await);
                if let Ok(Stored {
                    delivery: Some(row),
                    ..
                }) = stored
                {
                    answered(&hook.parts, row, Refused::NotStored.status(), came);
                }
            });
            told
        }
    }
}

/// Tells the program's health and its log what became of a delivery, and gives what its sender is told.
fn tell(
    parts: &Parts,
    provider: &'static dyn Provider,
    at_ms: i64,
    outcome: Result<Stored, IngestError>,
) -> Result<Stored, Refused> {
    let stored = match &outcome {
        Err(IngestError::NotStored(error)) => Err(error.clone()),
        _ => Ok(()),
    };
    (parts.on_delivery)(provider, at_ms, stored);
    outcome.map_err(|error| match error {
        IngestError::Unreadable(refused) => refused,
        IngestError::NotStored(error) => {
            tracing::error!(%error, "a delivery could not be stored");
            Refused::NotStored
        }
    })
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn refuse(hook: &Hook, why: &Refused, at_ms: i64) -> Response {
    if !hook.refusals.allows() {
        return hang_up();
    }
    let status = why.status();
    // Strangers must not be able to fill the log.
    tracing::debug!(status, "a delivery was not accepted");
    (hook.parts.on_refusal)(Refusal {
        at_ms,
        status,
        reason: why.to_message(),
    });
    refused(why)
}
