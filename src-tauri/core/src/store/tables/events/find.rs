//! Where the stored event is that is the same as one that comes: under its key, or, where it is a change of status, under
//! the key that the same change has when it names the eSIM otherwise, by its id or by its ICCID alone.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{COLUMNS, OF_ESIM, StoredEvent, from_row};
use crate::event::Event;
use crate::store::tables::esims::{self, StoredEsim};

/// The event with a key that its sender gave, or that names no eSIM. Any other is found by [`find`].
pub(in crate::store) fn find_by_key(
    db: &Connection,
    key: &str,
) -> rusqlite::Result<Option<StoredEvent>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE key = ?1 AND (esim IS NULL OR substr(key, 2, 4) = ':id:')"
    ))?
    .query_row([key], from_row)
    .optional()
}

/// Where a stored event of some event's key is, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Whereabouts {
    /// Under its key.
    Key,
    /// Among the events of the eSIM in this row.
    OfEsim(i64),
    Nowhere,
}

/// Where a stored event of this event's key would be. `owner`: the eSIM that it belongs to.
///
/// A key that the sender did not give is made of the event's own names and time. So an event of the same key
/// belongs to the same eSIM, and one that is later than all of its eSIM's events is new.
pub(in crate::store) fn whereabouts(event: &Event, owner: Option<&StoredEsim>) -> Whereabouts {
    let own_key = event.key.get(1..5) == Some(":id:");
    let names_esim = event.esim_id.is_some() || event.iccid.is_some();
    if own_key || !names_esim {
        return Whereabouts::Key;
    }
    let Some(owner) = owner else {
        return Whereabouts::Nowhere;
    };
    let (at, state) = (event.occurred_at, &owner.state);
    let believed = at.is_some() && event.unbelieved_at.is_none();
    // One of these may have been told before its time was believed.
    if believed && at > state.last_event_at && at > state.unbelieved_until {
        return Whereabouts::Nowhere;
    }
    Whereabouts::OfEsim(owner.id)
}

/// The stored event of this event's key. `owner`: the eSIM that it belongs to.
pub(in crate::store) fn find(
    db: &Connection,
    event: &Event,
    owner: Option<&StoredEsim>,
) -> rusqlite::Result<Option<StoredEvent>> {
    match (whereabouts(event, owner), owner) {
        (Whereabouts::Key, _) => find_by_key(db, &event.key),
        (Whereabouts::OfEsim(row), Some(owner)) => by_keys(db, row, &keys(db, event, owner)?),
        _ => Ok(None),
    }
}

/// An event of the eSIM in this row that has one of these keys, the first of them if it can be.
pub(in crate::store) fn by_keys(
    db: &Connection,
    row: i64,
    keys: &[String],
) -> rusqlite::Result<Option<StoredEvent>> {
    // Two at a time: nearly every eSIM has an id and one ICCID.
    for two in keys.chunks(2) {
        let (Some(first), Some(second)) = (two.first(), two.last()) else {
            continue;
        };
        let mut found: Vec<StoredEvent> = db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM events WHERE {OF_ESIM} AND (key = ?2 OR key = ?3)"
            ))?
            .query_map(params![row, first, second], from_row)?
            .collect::<Result<_, _>>()?;
        found.sort_by_key(|stored| stored.event.key != *first);
        if let Some(stored) = found.into_iter().next() {
            return Ok(Some(stored));
        }
    }
    Ok(None)
}

/// All events of one eSIM by their keys.
pub(in crate::store) fn keys_of_esim(
    db: &Connection,
    esim: i64,
) -> rusqlite::Result<HashMap<String, i64>> {
    db.prepare_cached(&format!("SELECT key, id FROM events WHERE {OF_ESIM}"))?
        .query_map([esim], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The stored event that is another one and the same as this one, which is in the row `id`.
pub(in crate::store) fn find_other(
    db: &Connection,
    event: &Event,
    owner: Option<&StoredEsim>,
    id: i64,
) -> rusqlite::Result<Option<StoredEvent>> {
    let found = find(db, event, owner)?;
    if found.as_ref().is_none_or(|found| found.id != id) {
        return Ok(found);
    }
    let Some(owner) = owner.filter(|_| event.is_change_of_status()) else {
        return Ok(None);
    };
    let mut others = keys(db, event, owner)?;
    others.retain(|key| *key != event.key);
    Ok(by_keys(db, owner.id, &others)?.filter(|other| other.id != id))
}

/// The keys under which an event of this eSIM may be stored, its own first.
pub(in crate::store) fn keys(
    db: &Connection,
    event: &Event,
    owner: &StoredEsim,
) -> rusqlite::Result<Vec<String>> {
    let mut keys = vec![event.key.clone()];
    if event.is_told_by_iccid() {
        let named = owner.state.esim_id.as_deref();
        keys.extend(named.and_then(|id| event.key_named(Some(id), None)));
    } else if event.is_change_of_status() {
        let iccids = esims::iccids_of(db, owner.id)?;
        let keys_of = iccids
            .iter()
            .map(|iccid| event.key_named(None, Some(iccid)));
        keys.extend(keys_of.flatten());
    }
    Ok(keys)
}

/// Whether no change of status is stored twice: as told by the eSIM's id, and as told by its ICCID alone.
pub(in crate::store) fn changes_differ(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM events WHERE key LIKE '1:%:status:%' AND esim IS NOT NULL
             AND substr(key, 2, 4) <> ':id:'
             GROUP BY esim, substr(key, 1, instr(key, ':status:')), status
             HAVING count(esim_id) > 0 AND count(*) > count(esim_id))",
        [],
        |row| row.get(0),
    )
}
