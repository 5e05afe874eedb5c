//! The latest events and the first, and by which ways one came to be known.

use std::collections::VecDeque;

use rusqlite::{Connection, OptionalExtension};

use super::{COLUMNS, OF_ESIM, StoredEvent, from_row};
use crate::event::{Event, EventKind, Sources, Topic};
use crate::store::tables::kinds;

/// How many of the events that came last are looked through for the latest.
const LATEST_ROWS: i64 = 500;

/// The latest time of those that came last and that is believed, UTC seconds.
pub(in crate::store) fn latest_believed(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.query_row(
        "SELECT max(occurred_at) FROM (SELECT occurred_at, unbelieved_at FROM events ORDER BY id DESC LIMIT ?1)
         WHERE unbelieved_at IS NULL",
        [LATEST_ROWS],
        |row| row.get(0),
    )
}

/// So many of the events that were sent and came last, oldest first.
pub(in crate::store) fn sent_lately(
    db: &Connection,
    many: usize,
) -> rusqlite::Result<VecDeque<StoredEvent>> {
    let mut sent = db.prepare(&format!(
        "SELECT {COLUMNS} FROM events WHERE sources & 1 ORDER BY id DESC LIMIT ?1"
    ))?;
    let rows = sent.query_map([i64::try_from(many).unwrap_or(i64::MAX)], from_row)?;
    let mut all = VecDeque::new();
    for row in rows {
        all.push_front(row?);
    }
    Ok(all)
}

/// Takes note that an event came to be known by these ways too.
pub(in crate::store) fn add_sources(
    tx: &Connection,
    event: i64,
    sources: Sources,
) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE events SET sources = sources | ?2 WHERE id = ?1")?
        .execute([event, sources.number()])?;
    Ok(())
}

/// Takes note by which ways an event came to be known, and by no others.
pub(in crate::store) fn set_sources(
    tx: &Connection,
    event: i64,
    sources: Sources,
) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE events SET sources = ?2 WHERE id = ?1")?
        .execute([event, sources.number()])?;
    Ok(())
}

/// Takes note that an event was known by this time, UTC milliseconds.
pub(in crate::store) fn came_by(tx: &Connection, event: i64, at_ms: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE events SET received_at_ms = min(received_at_ms, ?2) WHERE id = ?1")?
        .execute([event, at_ms])?;
    Ok(())
}

/// The latest report of what is left of this eSIM's package.
pub(in crate::store) fn last_report(db: &Connection, esim: i64) -> rusqlite::Result<Option<Event>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM events WHERE {OF_ESIM} AND {} ORDER BY occurred_at DESC, id DESC LIMIT 1",
        kinds::is(&EventKind::EsimUsage)
    );
    let stored = db
        .prepare_cached(&sql)?
        .query_row([esim], from_row)
        .optional()?;
    Ok(stored.map(|stored| stored.event))
}

/// The latest event about this.
pub(in crate::store) fn last_about(
    db: &Connection,
    topic: Topic,
) -> rusqlite::Result<Option<Event>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM events WHERE {} ORDER BY occurred_at DESC, key DESC LIMIT 1",
        kinds::about(topic)
    );
    let stored = db
        .prepare_cached(&sql)?
        .query_row([], from_row)
        .optional()?;
    Ok(stored.map(|stored| stored.event))
}

/// When the eSIM in this row was sold, as far as its events tell: the first that it was new or ready. UTC seconds.
pub(in crate::store) fn sold_at(db: &Connection, row: i64) -> rusqlite::Result<Option<i64>> {
    let sql = format!(
        "SELECT min(occurred_at) FROM events
         WHERE {OF_ESIM} AND status IN ('NEW', 'READY') AND unbelieved_at IS NULL"
    );
    db.prepare_cached(&sql)?.query_row([row], |row| row.get(0))
}
