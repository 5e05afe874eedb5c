//! The table of events: one row per thing that happened once.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::event::{Details, Event, EventKind, Problem, ProviderId, Sources, Status, Topic, Usage};
use crate::store::tables::counters::{self, Numbered};
use crate::store::tables::esims;
use crate::store::tables::kinds;

mod find;
mod latest;
mod query;

pub(in crate::store) use find::{
    Whereabouts, by_keys, changes_differ, find, find_other, keys, keys_of_esim, whereabouts,
};
pub(in crate::store) use latest::{
    add_sources, came_by, last_about, last_report, latest_believed, sent_lately, set_sources,
    sold_at,
};

/// An event with its place in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Row id; grows with the order of arrival and is never used again.
    pub id: i64,
    /// When its first delivery came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Row of the eSIM it belongs to.
    pub esim: Option<i64>,
    /// Whether its details are no longer kept: then none are taken over any more.
    pub details_dropped: bool,
    /// By which ways it came to be known.
    pub sources: Sources,
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
            details_dropped: false,
            sources: Sources::WEBHOOK,
            event,
        }
    }

    /// Takes over what another telling of the event knows. Returns whether anything changed.
    pub(in crate::store) fn absorb(&mut self, other: &Event) -> bool {
        if self.details_dropped && other.details.is_some() {
            let mut without = other.clone();
            without.details = None;
            return self.event.absorb(&without);
        }
        self.event.absorb(other)
    }
}

macro_rules! columns {
    () => {
        "id, received_at_ms, esim, key, category, type, occurred_at, esim_id, iccid, reference_id, status, \
         period_start, period_end, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, problem, \
         provider, details, unbelieved_at, sources, reference_written"
    };
}

pub(in crate::store) const COLUMNS: &str = columns!();

/// Reads a row selected with [`COLUMNS`].
pub(in crate::store) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    let details = row.get_ref(19)?.as_str_or_null()?;
    Ok(StoredEvent {
        id: row.get(0)?,
        received_at_ms: row.get(1)?,
        esim: row.get(2)?,
        details_dropped: details == Some(""),
        sources: Sources::new(row.get(21)?),
        event: Event {
            key: row.get(3)?,
            provider: ProviderId::new(row.get(18)?),
            kind: EventKind::from_parts(text(row, 4)?, text(row, 5)?),
            occurred_at: row.get(6)?,
            unbelieved_at: row.get(20)?,
            esim_id: row.get(7)?,
            iccid: row.get(8)?,
            reference_id: row.get(9)?,
            reference_written: row.get(22)?,
            status: row
                .get::<_, Option<String>>(10)?
                .map(|text| Status::from_text(&text)),
            period_start: row.get(11)?,
            period_end: row.get(12)?,
            usage: Usage::told(row.get(13)?, row.get(14)?, row.get(15)?, row.get(16)?),
            problem: row.get_ref(17)?.as_str_or_null()?.map(Problem::from_text),
            details: details_from(details),
        },
    })
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a str> {
    Ok(row.get_ref(column)?.as_str()?)
}

/// Details as they are stored; `None`: there are none.
fn details_text(event: &Event) -> Option<String> {
    let details = event.details.as_deref()?;
    match serde_json::to_string(details) {
        Ok(text) => Some(text),
        // Plain numbers and texts always are JSON.
        Err(error) => {
            tracing::error!(%error, "the details of an event can't be kept");
            None
        }
    }
}

/// Reads stored details. What a later version wrote and this one can't read says nothing here.
fn details_from(text: Option<&str>) -> Option<Box<Details>> {
    let text = text.filter(|text| !text.is_empty())?;
    serde_json::from_str(text).ok()
}

/// Which events belong to the eSIM in row `?1`: its chain. Without repeats, so that even a damaged one ends.
pub(in crate::store) const OF_ESIM: &str = "events.id IN (WITH RECURSIVE chain (id) AS (
         SELECT last_event FROM esims WHERE esims.id = ?1 AND last_event IS NOT NULL
         UNION SELECT link.previous FROM chain CROSS JOIN events AS link ON link.id = chain.id
         WHERE link.previous IS NOT NULL) SELECT id FROM chain)";

pub(in crate::store) fn by_row(db: &Connection, id: i64) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

/// Row of the eSIM that a refund is for, which was decided at this second (UTC).
pub(in crate::store) fn esim_of_refund(
    db: &Connection,
    key: &str,
    decided_at: i64,
) -> rusqlite::Result<Option<i64>> {
    let esim = db
        .prepare_cached(&format!(
            "SELECT esim FROM events WHERE {} AND occurred_at = ?1 AND key = ?2",
            kinds::about(Topic::Refund)
        ))?
        .query_row(params![decided_at, key], |row| row.get(0))
        .optional()?;
    Ok(esim.flatten())
}

/// Where a new event stands: in its table, in its eSIM's chain, and which delivery brought it.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct EventPlace {
    pub id: i64,
    /// Row of its eSIM, whose chain it must be added to.
    pub esim: Option<i64>,
    /// The event that was the eSIM's last.
    pub previous: Option<i64>,
    pub delivery: i64,
    pub sources: Sources,
}

pub(in crate::store) fn insert(
    tx: &Connection,
    event: &Event,
    place: EventPlace,
    received_at_ms: i64,
) -> rusqlite::Result<()> {
    let (category, kind) = event.kind.as_parts();
    tx.prepare_cached(
        "INSERT INTO events (id, received_at_ms, esim, previous, delivery, key, category, type, occurred_at, esim_id,
             iccid, reference_id, status, period_start, period_end, package_name, data_allowed_mb, data_remaining_mb,
             data_unlimited, problem, provider, details, unbelieved_at, sources, reference_written)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
             ?23, ?24, ?25)",
    )?
    .execute(params![
        place.id,
        received_at_ms,
        place.esim,
        place.previous,
        place.delivery,
        event.key,
        category,
        kind,
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
        event.problem.as_ref().map(Problem::as_text),
        event.provider.number(),
        details_text(event),
        event.unbelieved_at,
        place.sources.number(),
        event.reference_written,
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

/// Deletes an event that turned out to be another one told again, whose deliveries are the other's by now.
pub(in crate::store) fn remove(
    tx: &Connection,
    again: &StoredEvent,
    other: i64,
) -> rusqlite::Result<()> {
    // Of all that this event stood for only the event itself is gone.
    tx.execute(
        "UPDATE events SET stands_for = stands_for + (SELECT max(stands_for - 1, 0) FROM events WHERE id = ?1) WHERE id = ?2",
        [again.id, other],
    )?;
    if let Some(esim) = again.esim {
        unlink(tx, again.id, esim)?;
    }
    counters::keep_last_id(tx, Numbered::Events)?;
    tx.execute("DELETE FROM events WHERE id = ?1", [again.id])?;
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
             data_unlimited = ?12, problem = ?13, esim = ?14, details = iif(details IS '', '', ?15),
             unbelieved_at = ?16, reference_written = ?17
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
        event.problem.as_ref().map(Problem::as_text),
        stored.esim,
        details_text(event),
        event.unbelieved_at,
        event.reference_written,
    ])?;
    if let (Some(iccid), Some(esim)) = (&event.iccid, stored.esim) {
        esims::note_iccid(tx, iccid, esim)?;
    }
    Ok(())
}

/// Gives an event the key, category and type that it is known by now.
pub(in crate::store) fn rename(tx: &Connection, stored: &StoredEvent) -> rusqlite::Result<()> {
    let event = &stored.event;
    let (category, kind) = event.kind.as_parts();
    tx.prepare_cached("UPDATE events SET key = ?2, category = ?3, type = ?4 WHERE id = ?1")?
        .execute(params![stored.id, event.key, category, kind])?;
    Ok(())
}

/// All events of one eSIM.
pub(in crate::store) fn of_esim(db: &Connection, esim: i64) -> rusqlite::Result<Vec<StoredEvent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE {OF_ESIM}"))?
        .query_map([esim], from_row)?
        .collect()
}

/// All events of one eSIM as far as its state depends on them. Details are not among that, and reading them takes longer
/// than all the rest.
pub(in crate::store) fn to_fold(db: &Connection, esim: i64) -> rusqlite::Result<Vec<Event>> {
    let rows = rows_to_fold(db, esim)?.into_iter();
    Ok(rows.map(|(_, event)| event).collect())
}

/// The same, each with its row.
pub(in crate::store) fn rows_to_fold(
    db: &Connection,
    esim: i64,
) -> rusqlite::Result<Vec<(i64, Event)>> {
    let columns = COLUMNS.replace(" details,", " NULL,");
    db.prepare_cached(&format!("SELECT {columns} FROM events WHERE {OF_ESIM}"))?
        .query_map([esim], |row| {
            from_row(row).map(|stored| (stored.id, stored.event))
        })?
        .collect()
}

/// All events of this provider that name this ICCID, those that came last in front.
pub(in crate::store) fn naming_iccid(
    db: &Connection,
    provider: ProviderId,
    iccid: &str,
) -> rusqlite::Result<Vec<StoredEvent>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE id IN (WITH RECURSIVE chain (id) AS (
             SELECT last_event FROM esims WHERE last_event IS NOT NULL AND +esims.provider = ?2
                 AND esims.id IN (SELECT esim FROM iccid_esims WHERE iccid = ?1)
             UNION SELECT link.previous FROM chain CROSS JOIN events AS link ON link.id = chain.id
             WHERE link.previous IS NOT NULL) SELECT id FROM chain) AND iccid = ?1
         ORDER BY id DESC"
    ))?
    .query_map(params![iccid, provider.number()], from_row)?
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
        Some(iccid) => esims::note_iccid(tx, iccid, esim).map(drop),
        None => Ok(()),
    }
}
