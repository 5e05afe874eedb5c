//! Raw bytes of authentic deliveries, and of what a provider told when it was asked, written as it would have sent it. A delivery that comes again byte for byte is only counted, so
//! that a captured request replayed for ever costs nothing lasting. Of a body that retention dropped the
//! hash stays, for the same reason.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::answer;
use crate::event::ProviderId;
use crate::provider::{self, Authentic};
use crate::store::deliver::delivery::Delivery;
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::counters::{Deltas, Numbered, keep_last_id};
use crate::store::tables::events::{self, StoredEvent};

mod query;

pub(in crate::store) use query::keep_answers;
pub use query::{DeliveryContent, DeliveryQuery, DeliveryRow, SEARCHED_BODIES};

/// Which deliveries tell of event `?1`: the one that it names as its first, and those that told it again.
pub(in crate::store) const OF_EVENT: &str = "deliveries.event = ?1 AND deliveries.id IN (
         SELECT events.delivery FROM events WHERE events.id = ?1
         UNION ALL SELECT again.id FROM deliveries AS again WHERE again.event = ?1 AND again.verdict = 'duplicate')";

/// Keeps, in the row with this id, the delivery that brought a new event or tells a known one differently.
pub(in crate::store) fn insert(
    tx: &Connection,
    id: i64,
    verdict: Verdict,
    event: i64,
    delivery: &Delivery,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO deliveries (id, received_at_ms, last_received_at_ms, verdict, event, headers, body, provider, status,
             source)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        id,
        delivery.received_at_ms,
        verdict.as_str(),
        event,
        delivery.headers,
        delivery.body,
        delivery.provider.number(),
        answer::to(&delivery.parsed).status,
        delivery.source.number(),
    ])?;
    Ok(())
}

/// Keeps another delivery of a known event: counted if these bytes came before, stored if not. Of an
/// event that another one stands for only `news` is kept, which is what the event did not say yet. Gives
/// the row that stands for it.
pub(in crate::store) fn repeat(
    tx: &Connection,
    event: i64,
    delivery: &Delivery,
    news: bool,
    deltas: &mut Deltas,
) -> rusqlite::Result<Option<i64>> {
    let counted: Option<i64> = tx
        .prepare_cached(&format!(
            "UPDATE deliveries SET repeats = repeats + 1, last_received_at_ms = max(last_received_at_ms, ?3)
             WHERE {OF_EVENT} AND (body = ?2 OR body_hash = ?4) AND source = ?5 RETURNING id"
        ))?
        .query_map(
            params![
                event,
                delivery.body,
                delivery.received_at_ms,
                hash(&delivery.body),
                delivery.source.number()
            ],
            |row| row.get(0),
        )?
        .collect::<rusqlite::Result<Vec<i64>>>()?
        .pop();
    if counted.is_none() && (news || !events::is_folded(tx, event)?) {
        let id = deltas.next_id(tx, Numbered::Deliveries)?;
        insert(tx, id, Verdict::Duplicate, event, delivery)?;
        return Ok(Some(id));
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
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    let counted = tx
        .prepare_cached(
            "UPDATE deliveries SET repeats = repeats + 1, last_received_at_ms = max(last_received_at_ms, coalesce(?2, 0))
             WHERE malformed_key = ?1",
        )?
        // Read again is not come again.
        .execute(params![
            key,
            (!delivery.again).then_some(delivery.received_at_ms)
        ])?;
    if counted > 0 {
        return Ok(());
    }
    let answer = answer::to(&delivery.parsed);
    tx.prepare_cached(
        "INSERT INTO deliveries (id, received_at_ms, last_received_at_ms, verdict, malformed_key, headers, body, provider,
             status, reason)
         VALUES (?1, ?2, ?2, 'malformed', ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        deltas.next_id(tx, Numbered::Deliveries)?,
        delivery.received_at_ms,
        key,
        delivery.headers,
        delivery.body,
        delivery.provider.number(),
        answer.status,
        answer.reason,
    ])?;
    Ok(())
}

/// Deletes a delivery, and how long its sender waited.
pub(in crate::store) fn forget(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM answers WHERE delivery = ?1")?
        .execute([id])?;
    tx.prepare_cached("DELETE FROM deliveries WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Makes a delivery one of a known event: counted if its bytes are there, kept if not.
pub(in crate::store) fn give(tx: &Connection, delivery: i64, event: i64) -> rusqlite::Result<()> {
    let counted = tx
        .prepare_cached(&format!(
            "UPDATE deliveries SET repeats = deliveries.repeats + 1 + mine.repeats,
                 last_received_at_ms = max(deliveries.last_received_at_ms, mine.last_received_at_ms)
             FROM deliveries AS mine
             WHERE mine.id = ?2 AND {OF_EVENT} AND deliveries.id <> ?2
                 AND mine.body = deliveries.body AND mine.body_hash IS deliveries.body_hash"
        ))?
        .execute([event, delivery])?;
    if counted > 0 {
        keep_last_id(tx, Numbered::Deliveries)?;
    }
    if counted == 0 {
        tx.prepare_cached(
            "UPDATE deliveries SET event = ?2, verdict = 'duplicate', malformed_key = NULL WHERE id = ?1",
        )?
        .execute([delivery, event])?;
        return Ok(());
    }
    let mine: Option<i64> = tx
        .prepare_cached("SELECT event FROM deliveries WHERE id = ?1")?
        .query_row([delivery], |row| row.get(0))?;
    if mine == Some(event) {
        return Ok(());
    }
    forget(tx, delivery)
}

/// Gives these deliveries to an event that was part of another one.
pub(in crate::store) fn share_out(
    tx: &Connection,
    stored: &StoredEvent,
    rows: &[i64],
) -> rusqlite::Result<()> {
    let first = rows.iter().min();
    for row in rows {
        tx.prepare_cached("UPDATE deliveries SET event = ?2, verdict = ?3 WHERE id = ?1")?
            .execute(params![
                row,
                stored.id,
                match (first == Some(row), stored.event.recognized()) {
                    (false, _) => Verdict::Duplicate.as_str(),
                    (true, true) => Verdict::Accepted.as_str(),
                    (true, false) => Verdict::Unrecognized.as_str(),
                }
            ])?;
    }
    tx.prepare_cached("UPDATE events SET delivery = ?2 WHERE id = ?1")?
        .execute(params![stored.id, first])?;
    Ok(())
}

/// Lets the delivery that brought an event say what is known of it now.
pub(in crate::store) fn agree(tx: &Connection, stored: &StoredEvent) -> rusqlite::Result<()> {
    let (now, before) = if stored.event.recognized() {
        ("accepted", "unrecognized")
    } else {
        ("unrecognized", "accepted")
    };
    tx.prepare_cached(&format!(
        "UPDATE deliveries SET verdict = ?2 WHERE {OF_EVENT} AND verdict = ?3"
    ))?
    .execute(params![stored.id, now, before])?;
    Ok(())
}

/// Deletes what versions before [`forget`] left of deliveries that are gone.
pub(in crate::store) fn forget_orphans(tx: &Connection) -> rusqlite::Result<()> {
    tx.execute(
        "DELETE FROM answers WHERE delivery NOT IN (SELECT id FROM deliveries)",
        [],
    )?;
    Ok(())
}

/// The deliveries that tell of an event.
pub(in crate::store) fn of_event(db: &Connection, event: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(&format!("SELECT id FROM deliveries WHERE {OF_EVENT}"))?
        .query_map([event], |row| row.get(0))?
        .collect()
}

/// The bytes that first brought an event, of those that are kept, what was sent before what was asked for; `None`: none
/// are.
pub(in crate::store) fn body_of(db: &Connection, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached(&format!(
        "SELECT body FROM deliveries WHERE {OF_EVENT} AND body_hash IS NULL ORDER BY source, id LIMIT 1"
    ))?
    .query_row([event], |row| row.get(0))
    .optional()
}

/// The bytes of one delivery, which were authentic when they came; `None`: they are no longer kept.
pub(in crate::store) fn authentic(db: &Connection, id: i64) -> rusqlite::Result<Option<Authentic>> {
    db.prepare_cached("SELECT provider, body FROM deliveries WHERE id = ?1 AND body_hash IS NULL")?
        .query_row([id], |row| {
            let provider = provider::by_id(ProviderId::new(row.get(0)?));
            Ok(Authentic::kept(provider, row.get(1)?))
        })
        .optional()
}
