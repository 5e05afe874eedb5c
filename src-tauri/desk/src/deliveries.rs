//! Deliveries as a person inspects them: every request that was stored, with what became of it.

use esim_watch_core::esim::key_of;
use esim_watch_core::store::{self, Reader, SqliteError};
use serde::{Deserialize, Serialize};

use crate::esim_list::EsimList;
use crate::message::Message;

/// Of how many of the latest deliveries the bodies are searched.
pub const SEARCHED_BODIES: i64 = store::SEARCHED_BODIES;

mirrored! {
    /// What became of a delivery.
    Verdict of store::Verdict {
        /// It brought a new event.
        Accepted,
        /// It brought a new event that this version does not recognise; kept as it came.
        Unrecognized,
        /// Its event was known already.
        Duplicate,
        /// It is no JSON object; the bytes are kept all the same.
        Malformed,
    }
}

/// Which deliveries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryQuery {
    /// Only these; empty: all.
    pub verdicts: Vec<Verdict>,
    /// Part of a reference, an ICCID or an eSIM id, or of the body of one of the latest
    /// [`SEARCHED_BODIES`]. Empty: all.
    pub search: String,
    /// Only rows before this one; `None`: from the latest.
    pub before: Option<i64>,
    /// Rows to return, at most 200.
    pub limit: u32,
}

impl From<DeliveryQuery> for store::DeliveryQuery {
    fn from(query: DeliveryQuery) -> store::DeliveryQuery {
        let DeliveryQuery {
            verdicts,
            search,
            before,
            limit,
        } = query;
        store::DeliveryQuery {
            verdicts: verdicts.into_iter().map(store::Verdict::from).collect(),
            search,
            before,
            limit,
        }
    }
}

/// One delivery as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryRow {
    /// Grows with the order of arrival.
    pub id: i64,
    /// When it came first, UTC milliseconds.
    pub received_at_ms: i64,
    /// When it came last, UTC milliseconds.
    pub last_received_at_ms: i64,
    /// How often it came again.
    pub repeats: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// The answer's status (RFC 9110); `None`: it is not known of a delivery that came before answers were kept.
    pub status: Option<u16>,
    /// How long the sender waited for the answer, microseconds; `None`: it was not measured.
    pub took_us: Option<i64>,
    /// `event_category` of its event; empty: it is none.
    pub category: String,
    /// `event_type` of its event.
    #[serde(rename = "type")]
    pub kind: String,
    /// Opens the eSIM that it names.
    pub esim_key: Option<String>,
    /// The ICCID that it names.
    pub iccid: Option<String>,
    /// The order reference that it names, as it is written.
    pub reference_id: Option<String>,
    /// Size of the body, bytes; `None`: it is no longer kept.
    pub size: Option<i64>,
}

impl From<store::DeliveryRow> for DeliveryRow {
    fn from(row: store::DeliveryRow) -> DeliveryRow {
        let store::DeliveryRow {
            id,
            received_at_ms,
            last_received_at_ms,
            repeats,
            verdict,
            status,
            took_us,
            category,
            kind,
            provider,
            esim_id,
            iccid,
            reference_id,
            size,
        } = row;
        DeliveryRow {
            id,
            received_at_ms,
            last_received_at_ms,
            repeats,
            verdict: verdict.into(),
            status,
            took_us,
            category,
            kind,
            esim_key: key_of(provider, esim_id.as_deref(), iccid.as_deref()),
            iccid,
            reference_id,
            size,
        }
    }
}

/// The answer to a [`DeliveryQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct DeliveryPage {
    /// The rows, newest first.
    pub rows: Vec<DeliveryRow>,
    /// Whether there are more.
    pub more: bool,
}

impl DeliveryPage {
    /// One page of deliveries. `esims`: rows of the eSIMs that the search means, see [`searched_esims`].
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(
        store: &Reader<'_>,
        query: DeliveryQuery,
        esims: &[i64],
    ) -> Result<DeliveryPage, SqliteError> {
        let (rows, more) = store.deliveries(&query.into(), esims)?;
        Ok(DeliveryPage {
            rows: rows.into_iter().map(DeliveryRow::from).collect(),
            more,
        })
    }
}

/// Rows of the eSIMs that a search of deliveries means. `now`: UTC seconds.
///
/// # Errors
/// SQLite's.
pub fn searched_esims(
    store: &Reader<'_>,
    list: &EsimList,
    search: &str,
    now: i64,
) -> Result<Vec<i64>, SqliteError> {
    if search.trim().is_empty() {
        return Ok(Vec::new());
    }
    list.search(store, search, now)
}

/// One header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Header {
    /// Its name, lowercase.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One delivery with all that is kept of it.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct DeliveryDetail {
    /// As the list shows it.
    pub row: DeliveryRow,
    /// Headers that help to debug.
    pub headers: Vec<Header>,
    /// The body as text; `None`: it is no longer kept.
    pub body: Option<String>,
    /// Whether the body has bytes that are no text, shown as �.
    pub binary: bool,
    /// Why this version does not understand it, for a person.
    pub problem: Option<Message>,
}

impl From<store::DeliveryContent> for DeliveryDetail {
    fn from(content: store::DeliveryContent) -> DeliveryDetail {
        let store::DeliveryContent {
            row,
            headers,
            body,
            problem,
        } = content;
        let text = body.map(|body| match String::from_utf8(body) {
            Ok(text) => (text, false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
        });
        DeliveryDetail {
            row: row.into(),
            headers: headers.as_deref().map(split).unwrap_or_default(),
            binary: text.as_ref().is_some_and(|(_, binary)| *binary),
            body: text.map(|(text, _)| text),
            problem: problem.map(Message::from),
        }
    }
}

fn split(headers: &str) -> Vec<Header> {
    let pairs = headers.lines().filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, value)| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use esim_watch_core::event::ProviderId;

    use super::*;

    #[test]
    fn a_delivery_that_is_no_event_tells_why_and_shows_what_came() {
        let row = store::DeliveryRow {
            id: 5,
            received_at_ms: 1000,
            last_received_at_ms: 1000,
            repeats: 0,
            verdict: store::Verdict::Malformed,
            status: Some(415),
            took_us: None,
            category: String::new(),
            kind: String::new(),
            provider: ProviderId::FIRST,
            esim_id: None,
            iccid: Some("8944".to_owned()),
            reference_id: None,
            size: Some(6),
        };
        let detail = DeliveryDetail::from(store::DeliveryContent {
            row,
            headers: Some("content-type: text/xml\nuser-agent: x".to_owned()),
            body: Some(b"<xml/>\xff".to_vec()),
            problem: Some(esim_watch_core::message::Message::of("refusal.empty")),
        });
        assert_eq!(detail.body.as_deref(), Some("<xml/>\u{fffd}"));
        assert!(detail.binary && detail.problem.is_some());
        assert_eq!(detail.row.esim_key.as_deref(), Some("8944"));
        let names: Vec<&str> = detail.headers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["content-type", "user-agent"]);
    }
}
