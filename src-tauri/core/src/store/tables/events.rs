//! The table of events: one row per thing that happened once.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::event::{Event, Status, Usage};

mod query;

pub use query::UsageReportRow;

/// An event with its place in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Row id; grows with the order of arrival and is never used again.
    pub id: i64,
    /// When its first delivery came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Row of the eSIM it belongs to.
    pub esim: Option<i64>,
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

pub(in crate::store) const COLUMNS: &str = "id, received_at_ms, esim, key, category, type, occurred_at, esim_id, iccid, \
     reference_id, status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, \
     data_unlimited, problem";

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

pub(in crate::store) fn find(db: &Connection, key: &str) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE key = ?1"))?
        .query_row([key], from_row)
        .optional()
}

pub(in crate::store) fn by_row(db: &Connection, id: i64) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

pub(in crate::store) fn insert(
    tx: &Connection,
    event: &Event,
    esim: Option<i64>,
    received_at_ms: i64,
) -> rusqlite::Result<i64> {
    tx.prepare_cached(
        "INSERT INTO events (received_at_ms, esim, key, category, type, occurred_at, esim_id, iccid, reference_id,
             status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, problem)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .insert(params![
        received_at_ms,
        esim,
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
    ])
}

/// Writes what an event absorbed from another telling of it.
pub(in crate::store) fn update(tx: &Connection, stored: &StoredEvent) -> rusqlite::Result<()> {
    let event = &stored.event;
    tx.prepare_cached(
        "UPDATE events SET esim = ?2, occurred_at = ?3, esim_id = ?4, iccid = ?5, reference_id = ?6, status = ?7,
             period_start = ?8, period_end = ?9, package_name = ?10, data_allowed_mb = ?11, data_remaining_mb = ?12,
             data_unlimited = ?13, problem = ?14
         WHERE id = ?1",
    )?
    .execute(params![
        stored.id,
        stored.esim,
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
    if let Some(esim) = stored.esim {
        note_iccid(tx, event.iccid.as_deref(), esim)?;
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
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE esim = ?1"))?
        .query_map([esim], from_row)?
        .collect()
}

/// All events that name this ICCID.
pub(in crate::store) fn naming_iccid(
    db: &Connection,
    iccid: &str,
) -> rusqlite::Result<Vec<StoredEvent>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events
         WHERE esim IN (SELECT esim FROM iccid_esims WHERE iccid = ?1) AND iccid = ?1"
    ))?
    .query_map([iccid], from_row)?
    .collect()
}

/// Remembers that events of this eSIM name this ICCID. Has to be so before [`naming_iccid`] finds
/// them; noting it again changes nothing.
pub(in crate::store) fn note_iccid(
    tx: &Connection,
    iccid: Option<&str>,
    esim: i64,
) -> rusqlite::Result<()> {
    if let Some(iccid) = iccid {
        tx.prepare_cached("INSERT OR IGNORE INTO iccid_esims (iccid, esim) VALUES (?1, ?2)")?
            .execute(params![iccid, esim])?;
    }
    Ok(())
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
    tx.prepare_cached("UPDATE events SET esim = ?2 WHERE id = ?1")?
        .execute(params![stored.id, esim])?;
    note_iccid(tx, stored.event.iccid.as_deref(), esim)
}
