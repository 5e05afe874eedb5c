//! Raw bytes of authentic deliveries. A delivery that comes again byte for byte is only counted, so
//! that a captured request replayed for ever costs nothing lasting. Of a body that retention dropped the
//! hash stays, for the same reason.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::store::deliver::delivery::Delivery;
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::events;

mod query;

pub use query::{DeliveryContent, DeliveryQuery, DeliveryRow, SEARCHED_BODIES};

/// Keeps the delivery that brought a new event, or tells a known one differently.
pub(in crate::store) fn insert(
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
pub(in crate::store) fn repeat(
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
pub(in crate::store) fn hash(body: &[u8]) -> Vec<u8> {
    Sha256::digest(body).to_vec()
}

/// Keeps bytes that are no event.
pub(in crate::store) fn keep_malformed(
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
pub(in crate::store) fn body_of(db: &Connection, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached(
        "SELECT body FROM deliveries WHERE event = ?1 AND body_hash IS NULL ORDER BY id LIMIT 1",
    )?
    .query_row([event], |row| row.get(0))
    .optional()
}
