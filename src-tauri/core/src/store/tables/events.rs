//! The table of events: one row per thing that happened once.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::event::{Event, Status, Usage};
use crate::store::tables::esims::{self, StoredEsim};

/// An event with its place in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Row id; grows with the order of arrival and is never used again.
    pub id: i64,
    /// When its first delivery came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Row of the eSIM it belongs to.
    pub(in crate::store) esim: Option<i64>,
    /// The event itself.
    pub event: Event,
}

impl StoredEvent {
    /// An event with its row id and the time of its first delivery (UTC milliseconds).
    #[must_use]
    pub fn new(id: i64, received_at_ms: i64, event: Event) -> StoredEvent {
        StoredEvent {
            id,
            received_at_ms,
            esim: None,
            event,
        }
    }
}

macro_rules! columns {
    () => {
        "id, received_at_ms, esim, key, category, type, occurred_at, esim_id, iccid, reference_id, status, \
         period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, problem"
    };
}

pub(in crate::store) const COLUMNS: &str = columns!();

/// Reads a row selected with [`COLUMNS`].
pub(in crate::store) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        id: row.get(0)?,
        received_at_ms: row.get(1)?,
        esim: row.get(2)?,
        event: Event {
            key: row.get(3)?,
            category: row.get(4)?,
            kind: row.get(5)?,
            occurred_at: row.get(6)?,
            esim_id: row.get(7)?,
            iccid: row.get(8)?,
            reference_id: row.get(9)?,
            status: row
                .get::<_, Option<String>>(10)?
                .map(|text| Status::from_text(&text)),
            period_start: row.get(11)?,
            period_end: row.get(12)?,
            usage: Usage {
                package_name: row.get(13)?,
                allowed_mb: row.get(14)?,
                remaining_mb: row.get(15)?,
                unlimited: row.get(16)?,
            },
            problem: row.get(17)?,
        },
    })
}

/// Which events belong to the eSIM in row `?1`: its chain. Without repeats, so that even a damaged one ends.
pub(in crate::store) const OF_ESIM: &str = "events.id IN (WITH RECURSIVE chain (id) AS (
         SELECT last_event FROM esims WHERE esims.id = ?1 AND last_event IS NOT NULL
         UNION SELECT link.previous FROM chain CROSS JOIN events AS link ON link.id = chain.id
         WHERE link.previous IS NOT NULL) SELECT id FROM chain)";

/// The event with a key that its sender gave, or that names no eSIM. Any other is found by [`find`].
pub(in crate::store) fn find_by_key(
    db: &Connection,
    key: &str,
) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM events WHERE key = ?1 AND (esim IS NULL OR substr(key, 2, 4) = ':id:')"
    ))?
    .query_row([key], from_row)
    .optional()
}

/// The stored event of this event's key. `owner`: the eSIM that it belongs to.
///
/// A key that the sender did not give is made of the event's own names and time. So an event of the same key
/// belongs to the same eSIM, and one that is later than all of its eSIM's events is new.
pub(in crate::store) fn find(
    db: &Connection,
    event: &Event,
    owner: Option<&StoredEsim>,
) -> rusqlite::Result<Option<StoredEvent>> {
    let own_key = event.key.get(1..5) == Some(":id:");
    let names_esim = event.esim_id.is_some() || event.iccid.is_some();
    if own_key || !names_esim {
        return find_by_key(db, &event.key);
    }
    let Some(owner) = owner else {
        return Ok(None);
    };
    let later = event.occurred_at.is_some() && event.occurred_at > owner.state.last_event_at;
    if later {
        return Ok(None);
    }
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE {OF_ESIM} AND key = ?2"
    ))?
    .query_row(params![owner.id, event.key], from_row)
    .optional()
}

pub(in crate::store) fn by_row(db: &Connection, id: i64) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

/// Where a new event stands: in its table, in its eSIM's chain, and which delivery brought it.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Place {
    pub id: i64,
    /// Row of its eSIM, whose chain it must be added to.
    pub esim: Option<i64>,
    /// The event that was the eSIM's last.
    pub previous: Option<i64>,
    pub delivery: i64,
}

pub(in crate::store) fn insert(
    tx: &Connection,
    event: &Event,
    place: Place,
    received_at_ms: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO events (id, received_at_ms, esim, previous, delivery, key, category, type, occurred_at, esim_id,
             iccid, reference_id, status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb,
             data_unlimited, problem)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?
    .execute(params![
        place.id,
        received_at_ms,
        place.esim,
        place.previous,
        place.delivery,
        event.key,
        event.category,
        event.kind,
        event.occurred_at,
        event.esim_id,
        event.iccid,
        event.reference_id,
        event.status.as_ref().map(Status::as_str),
        event.period_start,
        event.period_end,
        event.usage.package_name,
        event.usage.allowed_mb,
        event.usage.remaining_mb,
        event.usage.unlimited,
        event.problem,
    ])?;
    Ok(())
}

/// Adds an event to the chain of its eSIM.
fn link(tx: &Connection, event: i64, esim: i64) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE events SET esim = ?2, previous = (SELECT last_event FROM esims WHERE id = ?2) WHERE id = ?1",
    )?
    .execute([event, esim])?;
    tx.prepare_cached("UPDATE esims SET last_event = ?1 WHERE id = ?2")?
        .execute([event, esim])?;
    Ok(())
}

/// Takes an event out of the chain of this eSIM. It still names the eSIM.
pub(in crate::store) fn unlink(tx: &Connection, event: i64, esim: i64) -> rusqlite::Result<()> {
    let was_last = tx
        .prepare_cached(
            "UPDATE esims SET last_event = (SELECT previous FROM events WHERE id = ?2)
             WHERE id = ?1 AND last_event = ?2",
        )?
        .execute([esim, event])?;
    if was_last == 0 {
        tx.prepare_cached(&format!(
            "UPDATE events SET previous = (SELECT previous FROM events WHERE id = ?2) WHERE {OF_ESIM} AND previous = ?2"
        ))?
        .execute([esim, event])?;
    }
    tx.prepare_cached("UPDATE events SET previous = NULL WHERE id = ?1")?
        .execute([event])?;
    Ok(())
}

/// Writes what an event absorbed from another telling of it.
/// `before`: row of the eSIM that it belonged to until now.
pub(in crate::store) fn update(
    tx: &Connection,
    stored: &StoredEvent,
    before: Option<i64>,
) -> rusqlite::Result<()> {
    let event = &stored.event;
    if stored.esim != before {
        if let Some(before) = before {
            unlink(tx, stored.id, before)?;
        }
        if let Some(esim) = stored.esim {
            link(tx, stored.id, esim)?;
        }
    }
    tx.prepare_cached(
        "UPDATE events SET occurred_at = ?2, esim_id = ?3, iccid = ?4, reference_id = ?5, status = ?6,
             period_start = ?7, period_end = ?8, package_name = ?9, data_allowed_mb = ?10, data_remaining_mb = ?11,
             data_unlimited = ?12, problem = ?13, esim = ?14
         WHERE id = ?1",
    )?
    .execute(params![
        stored.id,
        event.occurred_at,
        event.esim_id,
        event.iccid,
        event.reference_id,
        event.status.as_ref().map(Status::as_str),
        event.period_start,
        event.period_end,
        event.usage.package_name,
        event.usage.allowed_mb,
        event.usage.remaining_mb,
        event.usage.unlimited,
        event.problem,
        stored.esim,
    ])?;
    if let (Some(iccid), Some(esim)) = (&event.iccid, stored.esim) {
        esims::note_iccid(tx, iccid, esim)?;
    }
    Ok(())
}

/// Gives an event the key, category and type that it is known by now.
pub(in crate::store) fn rename(tx: &Connection, stored: &StoredEvent) -> rusqlite::Result<()> {
    let event = &stored.event;
    tx.prepare_cached("UPDATE events SET key = ?2, category = ?3, type = ?4 WHERE id = ?1")?
        .execute(params![stored.id, event.key, event.category, event.kind])?;
    Ok(())
}

/// All events of one eSIM.
pub(in crate::store) fn of_esim(db: &Connection, esim: i64) -> rusqlite::Result<Vec<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE {OF_ESIM}"))?
        .query_map([esim], from_row)?
        .collect()
}

/// All events that name this ICCID, those that came last in front.
pub(in crate::store) fn naming_iccid(
    db: &Connection,
    iccid: &str,
) -> rusqlite::Result<Vec<StoredEvent>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE id IN (WITH RECURSIVE chain (id) AS (
             SELECT last_event FROM esims WHERE last_event IS NOT NULL
                 AND esims.id IN (SELECT esim FROM iccid_esims WHERE iccid = ?1)
             UNION SELECT link.previous FROM chain CROSS JOIN events AS link ON link.id = chain.id
             WHERE link.previous IS NOT NULL) SELECT id FROM chain) AND iccid = ?1
         ORDER BY id DESC"
    ))?
    .query_map([iccid], from_row)?
    .collect()
}

/// Whether [`naming_iccid`] finds every event that names an ICCID.
pub(in crate::store) fn all_iccids_noted(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (
             SELECT iccid, esim FROM events WHERE iccid IS NOT NULL AND esim IS NOT NULL
             EXCEPT SELECT iccid, esim FROM iccid_esims)",
        [],
        |row| row.get(0),
    )
}

/// What is wrong with the chains, if anything: each has to hold the events of its eSIM, all of them and once.
pub(in crate::store) fn chains_agree(db: &Connection) -> rusqlite::Result<bool> {
    let wrong = |sql: &str| db.query_row(sql, [], |row| row.get::<_, bool>(0));
    // As many links as events, none of them shared, and all within one eSIM: then no chain can end early or go round.
    let stray = wrong(
        "SELECT EXISTS (SELECT 1 FROM events LEFT JOIN events AS link ON link.id = events.previous
             WHERE events.previous IS NOT NULL AND link.esim IS NOT events.esim)
         OR EXISTS (SELECT 1 FROM esims LEFT JOIN events ON events.id = last_event WHERE events.esim IS NOT esims.id)",
    )?;
    let shared = wrong(
        "SELECT EXISTS (SELECT 1 FROM (SELECT previous AS id FROM events WHERE previous IS NOT NULL
             UNION ALL SELECT last_event FROM esims) GROUP BY id HAVING count(*) > 1)",
    )?;
    let missing = wrong(
        "SELECT (SELECT count(*) FROM events WHERE esim IS NOT NULL)
             <> (SELECT count(previous) FROM events) + (SELECT count(last_event) FROM esims)",
    )?;
    Ok(!stray && !shared && !missing)
}

/// Whether no two events have the same key.
pub(in crate::store) fn keys_differ(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM events GROUP BY key HAVING count(*) > 1)",
        [],
        |row| row.get(0),
    )
}

/// Whether each event names the delivery that brought it.
pub(in crate::store) fn deliveries_found(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM deliveries JOIN events ON events.id = event
             WHERE verdict <> 'duplicate' AND events.delivery IS NOT deliveries.id)",
        [],
        |row| row.get(0),
    )
}

/// Whether lists show another event in this one's place.
pub(in crate::store) fn is_folded(db: &Connection, event: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT stands_for = 0 FROM events WHERE id = ?1")?
        .query_row([event], |row| row.get(0))
}

/// Gives an event to another eSIM.
pub(in crate::store) fn move_to(
    tx: &Connection,
    stored: &StoredEvent,
    esim: i64,
) -> rusqlite::Result<()> {
    if let Some(before) = stored.esim {
        unlink(tx, stored.id, before)?;
    }
    link(tx, stored.id, esim)?;
    match &stored.event.iccid {
        Some(iccid) => esims::note_iccid(tx, iccid, esim),
        None => Ok(()),
    }
}
