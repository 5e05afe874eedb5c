//! What a sender is told, as HTTP.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::answer::Refused;
use crate::provider::Provider;

#[derive(Serialize)]
struct Problem {
    code: u16,
    status: &'static str,
    message: String,
}

pub(super) fn refused(refused: &Refused) -> Response {
    let problem = Problem {
        code: refused.status(),
        status: "error",
        message: refused.to_string(),
    };
    // Each of ours is one.
    let status = StatusCode::from_u16(problem.code).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, Json(problem)).into_response();
    // Whoever is refused starts over: a stranger pays for a connection each time, and bytes of a
    // body that was not read can't be taken for the next request.
    if *refused != Refused::NotStored {
        response.headers_mut().insert(
            header::CONNECTION,
            header::HeaderValue::from_static("close"),
        );
    }
    if *refused == Refused::Method {
        response
            .headers_mut()
            .insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    }
    response
}

/// The answer to whoever does not know the path.
pub(super) fn unknown_path() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONNECTION, "close")]).into_response()
}

/// Marks a response that is not to be sent: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct HangUp;

/// No answer at all.
pub(super) fn hang_up() -> Response {
    let mut response = unknown_path();
    response.extensions_mut().insert(HangUp);
    response
}

/// The answer to whoever asks whether somebody listens. It says no more, and the connection is not kept: one that has
/// not proven itself is closed before long, which must not happen while a tunnel sends the next delivery over it.
pub(super) fn listening() -> Response {
    (StatusCode::NO_CONTENT, [(header::CONNECTION, "close")]).into_response()
}

pub(super) fn acknowledged(provider: &dyn Provider) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, provider.acknowledgement()).into_response()
}
