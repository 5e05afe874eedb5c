//! From the bytes of a delivery to an [`Event`].

use std::borrow::Cow;

use super::details::details;
use super::fields::{Fields, Object};
use super::units::megabytes;
use crate::event::{
    Event, EventKind, Iccid, Keys, Problem, ProviderId, Status, Topic, Usage, in_one_form,
    is_placeholder,
};
use crate::provider::{JsonType, Unreadable};

/// The number under which everything of this provider is kept.
pub(super) const PROVIDER: ProviderId = ProviderId::FIRST;

/// What our own test event calls itself: in the words of the others, so that it goes the same way.
pub(super) const TEST_CATEGORY: &str = "esim_watch";
/// See [`TEST_CATEGORY`].
pub(super) const TEST_TYPE: &str = "test";

/// Reads one delivery.
///
/// # Errors
/// [`Unreadable`] if the bytes are not a JSON object. Everything else becomes an event; what is
/// missing or unknown in it is told by [`Event::problem`].
pub fn parse(body: &[u8]) -> Result<Event, Unreadable> {
    let fields = read(body)?;
    let kind = kind(
        &lowercase(fields.plain("event_category")),
        &lowercase(fields.plain("event_type")),
    );
    let occurred_at = fields.time("timestamp");
    let esim_id = fields.identifier("esim_id").map(uuid_in_one_form);
    let iccid = match fields.iccid("iccid") {
        iccid if esim_id.is_some() => iccid,
        alone => alone.or_filled_up(),
    };
    let damaged = iccid == Iccid::Damaged;
    let is_esim = kind.topic() == Some(Topic::Esim);
    let reference = fields.reference("reference_id");
    let (reference_id, written) = reference.map(|written| in_one_form(&written)).unzip();
    let mut event = Event {
        provider: PROVIDER,
        key: String::new(),
        occurred_at,
        unbelieved_at: None,
        esim_id,
        iccid: iccid.known(),
        reference_id,
        reference_written: written.flatten(),
        status: is_esim.then(|| status(&fields)).flatten(),
        period_start: fields.time("start"),
        period_end: fields.time("end"),
        usage: if kind == EventKind::EsimUsage {
            usage(&fields)
        } else {
            Usage::default()
        },
        details: details(&kind, &fields).boxed(),
        problem: None,
        kind,
    };
    event.problem = match problem(&event, &fields) {
        // It names one, but nobody can tell which.
        None | Some(Problem::NoEsim) if damaged => Some(Problem::DamagedIccid),
        other => other,
    };
    event.key = key_of(&event, &fields);
    Ok(event)
}

pub(super) fn read(body: &[u8]) -> Result<Fields<'_>, Unreadable> {
    // Some editors and libraries put a byte order mark in front.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match serde_json::from_slice::<Object<'_>>(body) {
        Ok(envelope) => Ok(Fields::new(envelope)),
        Err(error) => Err(explain(body, &error)),
    }
}

fn explain(body: &[u8], error: &serde_json::Error) -> Unreadable {
    if body.trim_ascii().is_empty() {
        return Unreadable::Empty;
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() || !error.is_data() {
        return Unreadable::NotJson(error.to_string());
    }
    Unreadable::NotAnObject(match body.trim_ascii().first() {
        Some(b'[') => JsonType::List,
        Some(b'"') => JsonType::Text,
        Some(b't' | b'f') => JsonType::Boolean,
        Some(b'n') => JsonType::Null,
        _ => JsonType::Number,
    })
}

/// The documented kinds, which the desk has its own names from; some sample code names two of them otherwise.
fn kind(category: &str, kind: &str) -> EventKind {
    match (category, kind) {
        ("esim", "esim_status") => EventKind::EsimStatus,
        ("esim", "esim_usage") => EventKind::EsimUsage,
        (category, kind) => EventKind::from_parts(category, kind),
    }
}

fn lowercase(text: Option<Cow<'_, str>>) -> Cow<'_, str> {
    match text {
        Some(Cow::Borrowed(text)) if is_plainly_lowercase(text) => Cow::Borrowed(text),
        Some(text) => Cow::Owned(text.to_lowercase()),
        None => Cow::default(),
    }
}

fn is_plainly_lowercase(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
}

/// The status that is told, be it one that this version does not know. A number is none: it would take the place of one
/// that the eSIM has.
fn status(fields: &Fields<'_>) -> Option<Status> {
    let told = Status::from_text(&fields.plain("status")?);
    (told.is_known() || fields.word("status").is_some()).then_some(told)
}

/// Digits in a UUID, and where the dashes stand among them.
const UUID_DIGITS: usize = 32;
const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// UUIDs are the same in either case (RFC 9562, section 4), in braces, as a URN and without dashes; other ids are left
/// alone.
pub(super) fn uuid_in_one_form(id: String) -> String {
    let bare = id.strip_prefix('{').and_then(|id| id.strip_suffix('}'));
    let bare = bare.unwrap_or(&id);
    let bare = match bare.get(..9) {
        Some(urn) if urn.eq_ignore_ascii_case("urn:uuid:") => bare.get(9..).unwrap_or_default(),
        _ => bare,
    };
    let groups = || bare.split('-').map(str::len);
    let dashed = groups().eq(UUID_GROUPS) || (groups().count() == 1 && bare.len() == UUID_DIGITS);
    let mut digits = bare.bytes().filter(|b| *b != b'-');
    if !dashed || !digits.all(|b| b.is_ascii_hexdigit()) {
        return id;
    }
    let mut digits = bare.chars().filter(|c| *c != '-');
    let groups = UUID_GROUPS.map(|length| digits.by_ref().take(length).collect::<String>());
    groups.join("-").to_ascii_lowercase()
}

fn usage(fields: &Fields<'_>) -> Usage {
    let data = fields.object("usage_data");
    let number = |name| {
        data.as_ref()
            .and_then(|data| megabytes(fields, data.number(name)))
    };
    Usage::told(
        fields.text("package_name"),
        number("allowed_data"),
        number("remaining_data"),
        data.as_ref().and_then(|data| data.flag("isUnlimited")),
    )
}

/// What keeps this version from understanding the event.
fn problem(event: &Event, fields: &Fields<'_>) -> Option<Problem> {
    if let EventKind::Other { category, kind } = &event.kind {
        return Some(match (event.kind.topic(), kind.as_str()) {
            (None, _) if category.is_empty() => Problem::NoCategory,
            (None, _) => Problem::naming(Problem::UnknownCategory, category),
            (Some(_), "") => Problem::NoType,
            (Some(_), kind) => Problem::naming(Problem::UnknownType, kind),
        });
    }
    if event.occurred_at.is_none() {
        return Some(if fields.has_no_time("timestamp") {
            Problem::NoTime
        } else {
            Problem::UnreadableTime
        });
    }
    let nameless = event.esim_id.is_none() && event.iccid.is_none();
    match (event.kind.topic()?, &event.status) {
        (Topic::Esim, _) if nameless => Some(Problem::NoEsim),
        (Topic::Esim, Some(status)) => {
            (!status.is_known()).then(|| Problem::naming(Problem::UnknownStatus, status.as_str()))
        }
        (Topic::Esim, None) => match fields.plain("status").filter(|told| !is_placeholder(told)) {
            Some(told) => Some(Problem::naming(Problem::UnknownStatus, &told)),
            None => event.kind.changes_status().then_some(Problem::NoStatus),
        },
        (Topic::Balance, _) => fields
            .number("balance")
            .is_none()
            .then_some(Problem::NoBalance),
        (Topic::Order | Topic::Refund | Topic::Test, _) => None,
    }
}

fn key_of(event: &Event, fields: &Fields<'_>) -> String {
    let keys = Keys(PROVIDER);
    let (esim_id, iccid) = (event.esim_id.as_deref(), event.iccid.as_deref());
    // Before an id of its own: the API tells the same change without one.
    if let (Some(status), Some(at)) = (&event.status, event.occurred_at)
        && event.kind.changes_status()
        && let Some(key) = keys.of_status(esim_id, iccid, status, at)
    {
        return key;
    }
    if let Some(id) = fields.identifier("event_id") {
        // Of a refund the id is documented to be its own.
        let of_esim = event.kind.topic() == Some(Topic::Esim);
        let esim = esim_id.or(iccid).filter(|_| of_esim);
        return keys.of_event_id(&event.kind, &id, esim);
    }
    let (category, kind) = event.kind.as_parts();
    let overrides = [("event_category", category), ("event_type", kind)];
    keys.of_content(event.occurred_at, &fields.canonical(&overrides))
}
