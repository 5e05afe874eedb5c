//! What makes two deliveries the same event.
//!
//! Version 1, in this order: Roamify's own `event_id` where one is given; for a status the eSIM, the
//! status and the second it happened, so that the same change from the webhook and from the API is
//! one event; otherwise a hash of the canonical content. Keys of timed events lead with the time,
//! so that rows which arrive together lie together in the index.

use sha2::{Digest, Sha256};

use super::Status;

/// Longest text that stands in a key as it is, in bytes; longer ones are hashed.
const MAX_PLAIN: usize = 160;

/// The key of an event with an id of its own.
pub(super) fn of_event_id(category: &str, kind: &str, event_id: &str) -> String {
    short("1:id", &format!("{category}:{kind}:{event_id}"))
}

/// The key of a status change of the eSIM with this identity.
pub(super) fn of_status(
    esim_id: Option<&str>,
    iccid: Option<&str>,
    status: &Status,
    at: i64,
) -> Option<String> {
    let esim = match (esim_id, iccid) {
        (Some(esim_id), _) => format!("esim:{esim_id}"),
        (None, Some(iccid)) => format!("iccid:{iccid}"),
        (None, None) => return None,
    };
    Some(short(
        &format!("1:{at:011}:status"),
        &format!("{esim}:{status}"),
    ))
}

/// The key of an event that is known by its content alone.
pub(super) fn of_content(at: Option<i64>, canonical: &str) -> String {
    format!(
        "1:{:011}:hash:{}",
        at.unwrap_or(0),
        hash(canonical.as_bytes())
    )
}

/// The key of bytes that are no event at all, for recognising them when they come again.
pub(super) fn of_raw(body: &[u8]) -> String {
    format!("1:raw:{}", hash(body))
}

fn short(prefix: &str, rest: &str) -> String {
    if rest.len() <= MAX_PLAIN {
        format!("{prefix}:{rest}")
    } else {
        format!("{prefix}:hash:{}", hash(rest.as_bytes()))
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
