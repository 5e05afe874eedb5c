//! What the other eSIMs of a reference tell of whose trip one is for: references are used again, and what is replaced on a
//! trip has the same one.

use rusqlite::{Connection, params};

use super::time_of;
use crate::esim::EsimState;
use crate::store::tables::esims;
use crate::traveller::Traveller;

/// An eSIM that is sold so long after the others of its reference have ended is for another trip, seconds.
const ANOTHER_TRIP_SECS: i64 = 30 * 86_400;

/// So long after the end of an eSIM the next one may still be for the same trip, seconds.
const REPLACED_WITHIN_SECS: i64 = 3 * 86_400;

/// Of so many eSIMs of a reference it is looked at whose they were: it groups some, and is none of an agency's all.
const MAX_ESIMS: u32 = 50;

/// The eSIMs of a reference but this one that have no traveller of their own.
fn others(db: &Connection, row: i64, reference: &str) -> rusqlite::Result<Vec<(i64, EsimState)>> {
    let rows: Vec<i64> = db
        .prepare_cached(
            "SELECT id FROM esims WHERE reference_id = ?1 AND id <> ?2
                 AND NOT EXISTS (SELECT 1 FROM travellers WHERE travellers.esim = esims.id)
             ORDER BY id DESC LIMIT ?3",
        )?
        .query_map(params![reference, row, MAX_ESIMS], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut others = Vec::with_capacity(rows.len());
    for other in rows {
        if let Some(found) = esims::by_row(db, other)? {
            others.push((other, found.state));
        }
    }
    Ok(others)
}

/// Whether whoever is noted for a reference without the days of a trip had another eSIM of it, that was over long before this
/// one began (UTC seconds), and was noted by then.
pub(super) fn is_of_an_earlier_trip(
    db: &Connection,
    row: i64,
    reference: &str,
    began: i64,
) -> rusqlite::Result<bool> {
    let mut over = None;
    for (other, state) in others(db, row, reference)? {
        let time = time_of(db, other, &state)?;
        if time.began.is_some_and(|other| other > began) {
            continue;
        }
        let Some(ended) = time.ended else {
            return Ok(false);
        };
        over = over.max(Some(ended));
    }
    let Some(over) = over.map(|over| over.saturating_add(ANOTHER_TRIP_SECS)) else {
        return Ok(false);
    };
    let noted_ms: i64 = db
        .prepare_cached("SELECT changed_at_ms FROM travellers WHERE reference_id = ?1")?
        .query_row([reference], |row| row.get(0))?;
    Ok(over < began && noted_ms.div_euclid(1000) < over)
}

/// Whether an eSIM began (UTC seconds) on the trip on which another of its reference was used, whose last day nobody noted.
pub(super) fn replaces(
    db: &Connection,
    row: i64,
    reference: &str,
    began: i64,
    traveller: &Traveller,
) -> rusqlite::Result<bool> {
    for (other, state) in others(db, row, reference)? {
        let time = time_of(db, other, &state)?;
        let Some(ended) = time.ended else {
            continue;
        };
        // One that was taken back has a period beyond its end.
        let until = ended.max(state.period_end.unwrap_or(ended));
        let within = time.began.is_none_or(|first| first <= began)
            && began <= until.saturating_add(REPLACED_WITHIN_SECS);
        if within && traveller.fits(time) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name of the only one who is noted for a reference and for its eSIMs.
pub(super) fn only_name(db: &Connection, reference: &str) -> rusqlite::Result<Option<String>> {
    let names: Vec<String> = db
        .prepare_cached(
            "SELECT DISTINCT name FROM travellers
             WHERE name <> '' AND (reference_id = ?1 OR esim IN (SELECT id FROM esims WHERE reference_id = ?1)) LIMIT 2",
        )?
        .query_map([reference], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let only = <[String; 1]>::try_from(names);
    // Of several nobody knows who is meant.
    Ok(only.ok().map(|[name]| name))
}

#[cfg(test)]
mod tests;
