//! Raw bytes of authentic deliveries. A delivery that comes again byte for byte is only counted, so
//! that a captured request replayed for ever costs nothing lasting. Of a body that retention dropped the
//! hash stays, for the same reason.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::append::Delivery;
use super::events;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It brought a new event.
    Accepted,
    /// It brought a new event that this version does not recognise; kept as it came.
    Unrecognized,
    /// Its event was known already.
    Duplicate,
    /// It is no JSON object; the bytes are kept all the same.
    Malformed,
}

impl Verdict {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::Unrecognized => "unrecognized",
            Verdict::Duplicate => "duplicate",
            Verdict::Malformed => "malformed",
        }
    }

    pub(super) fn from_text(text: &str) -> Verdict {
        match text {
            "accepted" => Verdict::Accepted,
            "unrecognized" => Verdict::Unrecognized,
            "duplicate" => Verdict::Duplicate,
            // The table allows nothing else.
            _ => Verdict::Malformed,
        }
    }
}

/// Keeps the delivery that brought a new event, or tells a known one differently.
pub(super) fn insert(
    tx: &Connection,
    verdict: Verdict,
    event: i64,
    delivery: &Delivery,
) -> rusqlite::Result<i64> {
    tx.prepare_cached(
        "INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, event, headers, body)
         VALUES (?1, ?1, ?2, ?3, ?4, ?5)",
    )?
    .insert(params![
        delivery.received_at_ms,
        verdict.as_str(),
        event,
        delivery.headers,
        delivery.body
    ])
}

/// Keeps another delivery of a known event: counted if these bytes came before, stored if not. Of an
/// event that another one stands for only `news` is kept, which is what the event did not say yet. Gives
/// the row that stands for it.
pub(super) fn repeat(
    tx: &Connection,
    event: i64,
    delivery: &Delivery,
    news: bool,
) -> rusqlite::Result<Option<i64>> {
    let counted: Option<i64> = tx
        .prepare_cached(
            "UPDATE deliveries SET repeats = repeats + 1, last_received_at_ms = max(last_received_at_ms, ?3)
             WHERE event = ?1 AND (body = ?2 OR body_hash = ?4) RETURNING id",
        )?
        .query_map(
            params![
                event,
                delivery.body,
                delivery.received_at_ms,
                hash(&delivery.body)
            ],
            |row| row.get(0),
        )?
        .collect::<rusqlite::Result<Vec<i64>>>()?
        .pop();
    if counted.is_none() && (news || !events::is_folded(tx, event)?) {
        return insert(tx, Verdict::Duplicate, event, delivery).map(Some);
    }
    Ok(counted)
}

/// What is left of a body that is dropped.
pub(super) fn hash(body: &[u8]) -> Vec<u8> {
    Sha256::digest(body).to_vec()
}

/// Keeps bytes that are no event.
pub(super) fn keep_malformed(
    tx: &Connection,
    key: &str,
    delivery: &Delivery,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, malformed_key, headers, body)
         VALUES (?1, ?1, 'malformed', ?2, ?3, ?4)
         ON CONFLICT (malformed_key) WHERE malformed_key IS NOT NULL DO UPDATE
         SET repeats = repeats + 1, last_received_at_ms = max(last_received_at_ms, excluded.last_received_at_ms)",
    )?
    .execute(params![
        delivery.received_at_ms,
        key,
        delivery.headers,
        delivery.body
    ])?;
    Ok(())
}

/// The bytes that first brought an event, of those that are kept; `None`: none are.
pub(super) fn body_of(db: &Connection, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached(
        "SELECT body FROM deliveries WHERE event = ?1 AND body_hash IS NULL ORDER BY id LIMIT 1",
    )?
    .query_row([event], |row| row.get(0))
    .optional()
}
