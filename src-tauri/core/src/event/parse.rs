//! From the bytes of a delivery to an [`Event`].

use super::fields::{Fields, Object, Scalar};
use super::{Event, Status, Usage, key};

/// Why bytes are no event at all. The texts are sent back to whoever posted them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The body is not JSON (RFC 8259).
    #[error("The body is not valid JSON: {0}.")]
    NotJson(String),
    /// The body is JSON, but not an object.
    #[error("The body must be a JSON object, but it is {0}.")]
    NotAnObject(&'static str),
    /// The body was announced as something else than JSON (RFC 9110, section 8.3).
    #[error("The content type is “{0}”; deliveries must be application/json.")]
    ContentType(String),
}

/// Reads one delivery.
///
/// # Errors
/// [`ParseError`] if the bytes are not a JSON object. Everything else becomes an event; what is
/// missing or unknown in it is told by [`Event::problem`].
pub fn parse(body: &[u8]) -> Result<Event, ParseError> {
    let fields = read(body)?;
    let category = lowercase(fields.text("event_category"));
    let kind = match (
        category.as_str(),
        lowercase(fields.text("event_type")).as_str(),
    ) {
        ("esim", "esim_status") => "status".to_owned(),
        ("esim", "esim_usage") => "usage".to_owned(),
        (_, kind) => kind.to_owned(),
    };
    let occurred_at = fields.time("timestamp");
    let is_esim = category == "esim";
    let mut event = Event {
        key: String::new(),
        occurred_at,
        esim_id: fields.identifier("esim_id").map(uuid_in_lowercase),
        iccid: fields.identifier("iccid"),
        reference_id: fields.text("reference_id"),
        status: is_esim
            .then(|| fields.text("status"))
            .flatten()
            .map(|text| Status::from_text(&text)),
        period_start: fields.time("start"),
        period_end: fields.time("end"),
        usage: if is_esim && kind == "usage" {
            usage(&fields)
        } else {
            Usage::default()
        },
        problem: None,
        category,
        kind,
    };
    event.problem = problem(&event, &fields);
    event.key = key_of(&event, &fields);
    Ok(event)
}

pub(super) fn read(body: &[u8]) -> Result<Fields<'_>, ParseError> {
    match serde_json::from_slice::<Object<'_>>(body) {
        Ok(envelope) => Ok(Fields::new(envelope)),
        Err(error) => Err(explain(body, &error)),
    }
}

fn explain(body: &[u8], error: &serde_json::Error) -> ParseError {
    if body.trim_ascii().is_empty() {
        return ParseError::NotJson("it is empty".to_owned());
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() || !error.is_data() {
        return ParseError::NotJson(error.to_string());
    }
    ParseError::NotAnObject(match body.trim_ascii().first() {
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    })
}

fn lowercase(text: Option<String>) -> String {
    text.map(|text| text.to_lowercase()).unwrap_or_default()
}

/// UUIDs are the same in either case (RFC 9562, section 4); other ids are left alone.
fn uuid_in_lowercase(id: String) -> String {
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    if is_uuid { id.to_ascii_lowercase() } else { id }
}

pub(super) fn usage(fields: &Fields<'_>) -> Usage {
    let data = fields.object("usage_data");
    let number = |name| data.as_ref().and_then(|data| data.number(name));
    Usage {
        package_name: fields.text("package_name"),
        allowed_mb: number("allowed_data"),
        remaining_mb: number("remaining_data"),
        unlimited: data.as_ref().and_then(|data| data.flag("isUnlimited")),
    }
}

/// What keeps this version from understanding the event, in words for a person.
fn problem(event: &Event, fields: &Fields<'_>) -> Option<String> {
    let known = match event.category.as_str() {
        "" => return Some("It names no event category.".to_owned()),
        "esim" => &["status", "usage"][..],
        "partner" => &["low_balance", "insufficient_balance", "top_up"][..],
        "affiliate" => &["order"][..],
        "refund" => &["refunded", "rejected"][..],
        // Our own, which the user sends to see that everything is connected.
        "esim_watch" => &["test"][..],
        other => {
            return Some(format!(
                "The category “{}” is new to this version.",
                brief(other)
            ));
        }
    };
    if !known.contains(&event.kind.as_str()) {
        return Some(match event.kind.as_str() {
            "" => "It names no event type.".to_owned(),
            kind => format!("The type “{}” is new to this version.", brief(kind)),
        });
    }
    if event.occurred_at.is_none() {
        return Some(match fields.scalar("timestamp") {
            Scalar::Absent => "It does not say when it happened (no timestamp).".to_owned(),
            Scalar::Text(_) | Scalar::Wrong => "Its timestamp can't be read.".to_owned(),
        });
    }
    match event.category.as_str() {
        "esim" if event.esim_id.is_none() && event.iccid.is_none() => {
            Some("It names no eSIM (neither esim_id nor iccid).".to_owned())
        }
        "esim" => match &event.status {
            Some(status) if status.is_known() => None,
            Some(other) => Some(format!(
                "The status “{}” is new to this version.",
                brief(other.as_str())
            )),
            None if event.kind == "usage" => None,
            None => Some("It names no status.".to_owned()),
        },
        "partner" if fields.number("balance").is_none() => {
            Some("Its balance is missing or not a number.".to_owned())
        }
        _ => None,
    }
}

fn brief(text: &str) -> String {
    text.chars().take(40).collect()
}

fn key_of(event: &Event, fields: &Fields<'_>) -> String {
    if let Some(id) = fields.text("event_id") {
        return key::of_event_id(&event.category, &event.kind, &id);
    }
    let status = match (&event.status, event.occurred_at) {
        (Some(status), Some(at)) if event.kind == "status" => {
            key::of_status(event.esim_id.as_deref(), event.iccid.as_deref(), status, at)
        }
        _ => None,
    };
    status.unwrap_or_else(|| {
        let overrides = [
            ("event_category", event.category.as_str()),
            ("event_type", &event.kind),
        ];
        key::of_content(event.occurred_at, &fields.canonical(&overrides))
    })
}
