//! What a sender is told.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::MAX_BODY;
use crate::display_in_english;
use crate::event::ParseError;
use crate::message::{Message, ToMessage};

/// The answer that Roamify asks for, to the byte (Roamify's documentation).
const ACKNOWLEDGED: &str = r#"{"code":200,"status":"success"}"#;

/// Why a delivery to the right path was turned away. The texts help the person who debugs; only
/// who knows the path sees them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    Method,
    TooLarge,
    TooSlow,
    BrokenOff,
    NoSignature,
    WrongSignature,
    Malformed(ParseError),
    NotStored,
}

display_in_english!(Refused);

impl ToMessage for Refused {
    fn to_message(&self) -> Message {
        Message::of(match self {
            Refused::Method => "refusal.method",
            Refused::TooLarge => {
                let size = (MAX_BODY / 1024).to_string();
                return Message::of("refusal.tooLarge").with("size", size);
            }
            Refused::TooSlow => "refusal.tooSlow",
            Refused::BrokenOff => "refusal.brokenOff",
            Refused::NoSignature => "refusal.noSignature",
            Refused::WrongSignature => "refusal.wrongSignature",
            Refused::Malformed(error) => return error.to_message(),
            Refused::NotStored => "refusal.notStored",
        })
    }
}

impl Refused {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Refused::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refused::Malformed(ParseError::ContentType(_)) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refused::BrokenOff | Refused::Malformed(_) => StatusCode::BAD_REQUEST,
            Refused::NoSignature | Refused::WrongSignature => StatusCode::UNAUTHORIZED,
            Refused::NotStored => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

#[derive(Serialize)]
struct Problem {
    code: u16,
    status: &'static str,
    message: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = self.status();
        let problem = Problem {
            code: status.as_u16(),
            status: "error",
            message: self.to_string(),
        };
        let mut response = (status, Json(problem)).into_response();
        // Whoever is refused starts over: a stranger pays for a connection each time, and bytes of a
        // body that was not read can't be taken for the next request.
        if self != Refused::NotStored {
            response.headers_mut().insert(
                header::CONNECTION,
                header::HeaderValue::from_static("close"),
            );
        }
        if self == Refused::Method {
            response
                .headers_mut()
                .insert(header::ALLOW, header::HeaderValue::from_static("POST"));
        }
        response
    }
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

pub(super) fn acknowledged() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], ACKNOWLEDGED).into_response()
}
