//! The table of eSIMs: the folded state of each, and which eSIM an ICCID belongs to.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::esim::{EsimState, Queued, read_key};
use crate::event::{Iccid, ProviderId, Status, Usage};
use crate::provider;
use crate::store::tables::counters::{self, Deltas, Numbered};

mod query;

pub use query::EsimAndTraveller;

/// An eSIM's state with its row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) struct StoredEsim {
    pub id: i64,
    pub state: EsimState,
    /// The event that came last: the first of its chain.
    pub last_event: Option<i64>,
}

macro_rules! columns {
    () => {
        "id, esim_id, iccid, reference_id, status, status_since, period_start, period_end, first_activated_at, \
         package_name, data_allowed_mb, data_remaining_mb, data_unlimited, last_event_at, event_count, last_order_at, \
         last_order_place, last_order_key, last_event, provider, unbelieved_until, used_since_end, \
         reference_written, queued_start, queued_end, end_is_reported"
    };
}

pub(in crate::store) const COLUMNS: &str = columns!();

/// Reads a row selected with [`COLUMNS`].
pub(in crate::store) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredEsim> {
    Ok(StoredEsim {
        id: row.get(0)?,
        state: EsimState {
            provider: ProviderId::new(row.get(19)?),
            esim_id: row.get(1)?,
            iccid: row.get(2)?,
            reference_id: row.get(3)?,
            reference_written: row.get(22)?,
            status: row
                .get::<_, Option<String>>(4)?
                .map(|text| Status::from_text(&text)),
            status_since: row.get(5)?,
            period_start: row.get(6)?,
            period_end: row.get(7)?,
            first_activated_at: row.get(8)?,
            usage: Usage::told(row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?),
            last_event_at: row.get(13)?,
            unbelieved_until: row.get(20)?,
            used_since_end: row.get(21)?,
            queued: queued(row.get(23)?, row.get(24)?),
            end_is_reported: row.get(25)?,
            event_count: row.get(14)?,
            last_order: Some((row.get(15)?, row.get(16)?, row.get(17)?)),
        },
        last_event: row.get(18)?,
    })
}

fn queued(start: Option<i64>, end: Option<i64>) -> Option<Queued> {
    start.map(|start| Queued { start, end })
}

pub(in crate::store) fn by_row(db: &Connection, id: i64) -> rusqlite::Result<Option<StoredEsim>> {
    db.prepare_cached(concat!("SELECT ", columns!(), " FROM esims WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

/// The eSIM with this id of its provider, and whether it is the one that [`owner_of_iccid`] gives for its ICCID.
pub(in crate::store) fn by_esim_id(
    db: &Connection,
    provider: ProviderId,
    esim_id: &str,
) -> rusqlite::Result<Option<(StoredEsim, bool)>> {
    db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", (SELECT owner FROM iccid_esims WHERE iccid_esims.iccid = esims.iccid AND esim = esims.id) IS 1
         FROM esims WHERE provider = ?1 AND esim_id = ?2"
    ))?
    .query_row(params![provider.number(), esim_id], |row| {
        Ok((from_row(row)?, row.get(26)?))
    })
    .optional()
}

/// The eSIM that a window names by its key. A key that says of no provider is the first one's, else of whichever has it.
pub(in crate::store) fn by_key(db: &Connection, key: &str) -> rusqlite::Result<Option<StoredEsim>> {
    let (named, name) = read_key(key);
    for provider in provider::ids().filter(|one| named.is_none_or(|named| named == *one)) {
        if let Some((found, _)) = by_esim_id(db, provider, name)? {
            return Ok(Some(found));
        }
        let iccid = Iccid::from_text(name).known();
        let iccid = iccid.as_deref().unwrap_or(name);
        if let Some((found, _)) = owner_of_iccid(db, provider, iccid)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The eSIM that has this ICCID now, and whether another one had it before: then events that name only the ICCID go by
/// their time.
pub(in crate::store) fn owner_of_iccid(
    db: &Connection,
    provider: ProviderId,
    iccid: &str,
) -> rusqlite::Result<Option<(StoredEsim, bool)>> {
    db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        ", (SELECT count(*) FROM iccid_esims WHERE iccid = ?2) > 1",
        // From the ICCID, never from all eSIMs of the provider: nearly all are of one (sqlite.org/optoverview.html).
        " FROM (SELECT esim FROM iccid_esims WHERE iccid = ?2 AND owner = 1) AS owned
         CROSS JOIN esims NOT INDEXED ON esims.id = owned.esim WHERE +provider = ?1"
    ))?
    .query_row(params![provider.number(), iccid], |row| {
        Ok((from_row(row)?, row.get(26)?))
    })
    .optional()
}

/// The row of the eSIM that [`owner_of_iccid`] would give.
pub(in crate::store) fn owner_row_of_iccid(
    db: &Connection,
    provider: ProviderId,
    iccid: &str,
) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT esims.id FROM iccid_esims CROSS JOIN esims NOT INDEXED ON esims.id = iccid_esims.esim
         WHERE iccid_esims.iccid = ?2 AND owner = 1 AND +provider = ?1",
    )?
    .query_row(params![provider.number(), iccid], |row| row.get(0))
    .optional()
}

pub(in crate::store) fn set_owner_of_iccid(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    esim: i64,
) -> rusqlite::Result<()> {
    give_up_iccid(tx, provider, iccid)?;
    first_owner_of_iccid(tx, iccid, esim)
}

/// The same of an ICCID that nobody owns.
pub(in crate::store) fn first_owner_of_iccid(
    tx: &Connection,
    iccid: &str,
    esim: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO iccid_esims (iccid, esim, owner) VALUES (?1, ?2, 1)
         ON CONFLICT (iccid, esim) DO UPDATE SET owner = 1",
    )?
    .execute(params![iccid, esim])?;
    Ok(())
}

/// Lets no eSIM of this provider own this ICCID.
pub(in crate::store) fn give_up_iccid(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE iccid_esims SET owner = 0 WHERE iccid = ?1 AND owner = 1
             AND (SELECT provider FROM esims WHERE esims.id = esim) IS ?2",
    )?
    .execute(params![iccid, provider.number()])?;
    Ok(())
}

/// Remembers that events of this eSIM name this ICCID. Has to be so before [`events::naming_iccid`] finds
/// them; noting it again changes nothing. Gives whether it is news.
///
/// [`events::naming_iccid`]: crate::store::tables::events::naming_iccid
pub(in crate::store) fn note_iccid(
    tx: &Connection,
    iccid: &str,
    esim: i64,
) -> rusqlite::Result<bool> {
    let added = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO iccid_esims (iccid, esim, owner) VALUES (?1, ?2, 0)",
        )?
        .execute(params![iccid, esim])?;
    Ok(added > 0)
}

/// The ICCIDs that events of this eSIM name.
pub(in crate::store) fn iccids_of(db: &Connection, esim: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT iccid FROM iccid_esims WHERE esim = ?1 ORDER BY iccid")?
        .query_map([esim], |row| row.get(0))?
        .collect()
}

/// Whether events of another eSIM, of whatever provider, name this ICCID, or one that events of this eSIM name.
pub(in crate::store) fn shares_an_iccid(
    db: &Connection,
    esim: Option<i64>,
    iccid: Option<&str>,
) -> rusqlite::Result<bool> {
    const NO_ROW: i64 = -1;
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM iccid_esims WHERE iccid = ?2 AND esim <> ?1)
             OR EXISTS (SELECT 1 FROM iccid_esims AS own CROSS JOIN iccid_esims AS other ON other.iccid = own.iccid
                        WHERE own.esim = ?1 AND other.esim <> ?1)",
    )?
    .query_row(params![esim.unwrap_or(NO_ROW), iccid], |row| row.get(0))
}

/// The eSIMs of this provider whose events name this ICCID, by their rows.
pub(in crate::store) fn naming(
    db: &Connection,
    provider: ProviderId,
    iccid: &str,
) -> rusqlite::Result<Vec<StoredEsim>> {
    let columns: Vec<String> = COLUMNS
        .split(", ")
        .map(|column| format!("esims.{column}"))
        .collect();
    db.prepare_cached(&format!(
        "SELECT {} FROM iccid_esims CROSS JOIN esims NOT INDEXED ON esims.id = iccid_esims.esim
         WHERE iccid_esims.iccid = ?2 AND +provider = ?1 ORDER BY esims.id",
        columns.join(", ")
    ))?
    .query_map(params![provider.number(), iccid], from_row)?
    .collect()
}

/// Remembers no longer that events of eSIMs of this provider name this ICCID, but of `still`: what an event was told to name
/// once and no longer does would keep a later one from being the first.
pub(in crate::store) fn forget_iccid(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    still: &BTreeSet<i64>,
) -> rusqlite::Result<()> {
    let noted: Vec<i64> = tx
        .prepare_cached(
            "SELECT esims.id FROM iccid_esims CROSS JOIN esims NOT INDEXED ON esims.id = iccid_esims.esim
             WHERE iccid_esims.iccid = ?2 AND +provider = ?1",
        )?
        .query_map(params![provider.number(), iccid], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for esim in noted.iter().filter(|esim| !still.contains(esim)) {
        tx.prepare_cached("DELETE FROM iccid_esims WHERE iccid = ?1 AND esim = ?2")?
            .execute(params![iccid, esim])?;
    }
    Ok(())
}

/// Whether each ICCID has one owner of each provider at most, which is there.
pub(in crate::store) fn owners_agree(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM iccid_esims AS owned JOIN esims ON esims.id = owned.esim
                 WHERE owner = 1 GROUP BY owned.iccid, provider HAVING count(*) > 1)
             AND NOT EXISTS (SELECT 1 FROM iccid_esims WHERE owner = 1 AND esim NOT IN (SELECT id FROM esims))",
        [],
        |row| row.get(0),
    )
}

/// Adds an eSIM; gives its row. `last_event`: the event that is its first.
pub(in crate::store) fn insert(
    tx: &Connection,
    state: &EsimState,
    last_event: Option<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<i64> {
    deltas.esim_added(state.status_text());
    let id = deltas.next_id(tx, Numbered::Esims)?;
    write(tx, id, state, last_event)?;
    Ok(id)
}

/// Writes an eSIM's state. `last_event`: an event that was added to it, if one was.
pub(in crate::store) fn update(
    tx: &Connection,
    before: &StoredEsim,
    state: &EsimState,
    last_event: Option<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    if before.state.status != state.status {
        deltas.esim_removed(before.state.status_text());
        deltas.esim_added(state.status_text());
    }
    let known = &before.state;
    let same_numbers = (&known.esim_id, &known.iccid) == (&state.esim_id, &state.iccid);
    let same_reference = (&known.reference_id, &known.reference_written)
        == (&state.reference_id, &state.reference_written);
    if same_numbers && same_reference {
        write_state(tx, before.id, state, last_event)
    } else {
        write(tx, before.id, state, last_event)
    }
}

/// Writes everything but the names. SQLite rewrites the index entries of every column that a
/// statement sets, even to the same value; here that would be half of all pages written.
fn write_state(
    tx: &Connection,
    id: i64,
    state: &EsimState,
    last_event: Option<i64>,
) -> rusqlite::Result<()> {
    let (at, place, key) = last_order(state);
    tx.prepare_cached(
        "UPDATE esims SET status = ?2, status_since = ?3, period_start = ?4, period_end = ?5, first_activated_at = ?6,
             package_name = ?7, data_allowed_mb = ?8, data_remaining_mb = ?9, data_unlimited = ?10, last_event_at = ?11,
             event_count = ?12, last_order_at = ?13, last_order_place = ?14, last_order_key = ?15,
             last_event = coalesce(?16, last_event), unbelieved_until = ?17,
             used_since_end = ?18, queued_start = ?19, queued_end = ?20, end_is_reported = ?21
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        state.status.as_ref().map(Status::as_str),
        state.status_since,
        state.period_start,
        state.period_end,
        state.first_activated_at,
        state.usage.package_name,
        state.usage.allowed_mb,
        state.usage.remaining_mb,
        state.usage.unlimited,
        state.last_event_at,
        state.event_count,
        at,
        place,
        key,
        last_event,
        state.unbelieved_until,
        state.used_since_end,
        state.queued.map(|queued| queued.start),
        state.queued.and_then(|queued| queued.end),
        state.end_is_reported,
    ])?;
    Ok(())
}

fn last_order(state: &EsimState) -> (i64, u8, &str) {
    match &state.last_order {
        Some((at, place, key)) => (*at, *place, key.as_str()),
        None => (i64::MIN, 0, ""),
    }
}

pub(in crate::store) fn delete(
    tx: &Connection,
    before: &StoredEsim,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    deltas.esim_removed(before.state.status_text());
    // Of other ICCIDs it can't be the owner: who loses an event that names one is settled with the event.
    let provider = before.state.provider;
    if let Some(iccid) = &before.state.iccid
        && owner_row_of_iccid(tx, provider, iccid)? == Some(before.id)
    {
        give_up_iccid(tx, provider, iccid)?;
    }
    counters::keep_last_id(tx, Numbered::Esims)?;
    tx.execute("DELETE FROM esims WHERE id = ?1", [before.id])?;
    Ok(())
}

/// Writes the row with this id, which may be new.
fn write(
    tx: &Connection,
    id: i64,
    state: &EsimState,
    last_event: Option<i64>,
) -> rusqlite::Result<()> {
    let (at, place, key) = last_order(state);
    tx.prepare_cached(
        "INSERT INTO esims (id, esim_id, iccid, reference_id, status, status_since, period_start, period_end,
             first_activated_at, package_name, data_allowed_mb, data_remaining_mb, data_unlimited, last_event_at,
             event_count, last_order_at, last_order_place, last_order_key, search_text, last_event, provider,
             unbelieved_until, used_since_end, reference_written, queued_start, queued_end, end_is_reported)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
             ?22, ?23, ?24, ?25, ?26, ?27)
         ON CONFLICT (id) DO UPDATE SET
             esim_id = excluded.esim_id, iccid = excluded.iccid, reference_id = excluded.reference_id,
             status = excluded.status, status_since = excluded.status_since, period_start = excluded.period_start,
             period_end = excluded.period_end, first_activated_at = excluded.first_activated_at,
             package_name = excluded.package_name, data_allowed_mb = excluded.data_allowed_mb,
             data_remaining_mb = excluded.data_remaining_mb, data_unlimited = excluded.data_unlimited,
             last_event_at = excluded.last_event_at, event_count = excluded.event_count,
             last_order_at = excluded.last_order_at, last_order_place = excluded.last_order_place,
             last_order_key = excluded.last_order_key, search_text = excluded.search_text,
             last_event = coalesce(excluded.last_event, last_event), unbelieved_until = excluded.unbelieved_until,
             used_since_end = excluded.used_since_end, reference_written = excluded.reference_written,
             queued_start = excluded.queued_start, queued_end = excluded.queued_end,
             end_is_reported = excluded.end_is_reported",
    )?
    .execute(params![
        id,
        state.esim_id,
        state.iccid,
        state.reference_id,
        state.status.as_ref().map(Status::as_str),
        state.status_since,
        state.period_start,
        state.period_end,
        state.first_activated_at,
        state.usage.package_name,
        state.usage.allowed_mb,
        state.usage.remaining_mb,
        state.usage.unlimited,
        state.last_event_at,
        state.event_count,
        at,
        place,
        key,
        search_text(state),
        last_event,
        state.provider.number(),
        state.unbelieved_until,
        state.used_since_end,
        state.reference_written,
        state.queued.map(|queued| queued.start),
        state.queued.and_then(|queued| queued.end),
        state.end_is_reported,
    ])?;
    Ok(())
}

/// What the search looks in, in lowercase; the parts can't run into each other.
fn search_text(state: &EsimState) -> String {
    let reference = [&state.reference_id, &state.reference_written];
    reference
        .into_iter()
        .chain([&state.iccid, &state.esim_id])
        .flatten()
        .map(|text| text.to_lowercase())
        .collect::<Vec<_>>()
        .join("\n")
}
