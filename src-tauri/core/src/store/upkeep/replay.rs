//! Reads all stored raw bodies again with this version's parser: what once was not recognised may be by
//! now, and bytes that were no event may have become one.
//!
//! In the end the store holds what it would hold had this version received everything, except that
//! - what stands in no kept body (see [`crate::store::upkeep::retention`]) stays as it is stored;
//! - bytes that this version can't read any more take nothing away.
//!
//! An event whose key is another one by now gets the new one, so that it is known when it comes again. If
//! there is an event of that key already, the two become one.
//! At last every eSIM is folded and every total counted again.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::esim::EsimState;
use crate::event::{Event, ProviderId, Receipt, Sources};
use crate::provider;
use crate::store::deliver::append::{Came, insert_new, rewrite};
use crate::store::deliver::late::LateEvents;
use crate::store::deliver::merge;
use crate::store::deliver::owner::EventOwner;
use crate::store::deliver::settle::settle;
use crate::store::file::connection::{self, DATABASE_FILE};
use crate::store::file::error::OpenError;
use crate::store::file::folder::lock;
use crate::store::tables::claims::give_iccid_to_claimants;
use crate::store::tables::counters::{self, Deltas};
use crate::store::tables::deliveries;
use crate::store::tables::esims;
use crate::store::tables::events::{self, StoredEvent};
use crate::store::tables::tellings::{self, KeptTelling};
use crate::store::upkeep::retention;

/// How many events are read again in one transaction.
const BATCH_EVENTS: i64 = 200;

/// What [`replay`] found. Everything but `deliveries` is 0 if this version reads what the last one read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Raw bodies read.
    pub deliveries: u64,
    /// Events that are recognised now and were not.
    pub recognized: u64,
    /// Events of which something else is known now.
    pub changed: u64,
    /// Deliveries out of which an event came for the first time.
    pub found: u64,
    /// Events that turned out to be others told again.
    pub joined: u64,
    /// eSIMs whose row disagreed with their events for another reason.
    pub mended: u64,
}

/// Reads everything again. No other program may use the folder meanwhile.
///
/// # Errors
/// [`OpenError`] if the folder is in use or the database can't be read or written. What was read
/// until then is stored, and the rest comes with the next time.
pub fn replay(data_dir: &Path) -> Result<Replayed, OpenError> {
    let path = data_dir.join(DATABASE_FILE);
    if !path.exists() {
        return Err(OpenError::Missing {
            path: data_dir.to_owned(),
        });
    }
    let _lock = lock(data_dir)?;
    Ok(run(&mut connection::open_writer(&path)?)?)
}

fn run(db: &mut Connection) -> rusqlite::Result<Replayed> {
    let mut done = Replayed::default();
    // Events that are found on the way have been read by this version already.
    let last: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM events", [], |row| {
        row.get(0)
    })?;
    each(
        db,
        "SELECT id FROM events WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
        last,
        |tx, id, deltas, late| event(tx, id, deltas, late, &mut done),
    )?;
    each(
        db,
        "SELECT id FROM deliveries WHERE event IS NULL AND id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
        i64::MAX,
        |tx, id, deltas, late| malformed(tx, id, deltas, late, &mut done),
    )?;
    shared_iccids(db)?;
    each(
        db,
        "SELECT id FROM esims WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
        i64::MAX,
        |tx, id, deltas, _| esim(tx, id, deltas, &mut done),
    )?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    counters::recount(&tx)?;
    deliveries::forget_orphans(&tx)?;
    if done.recognized > 0 {
        retention::forget_bodies_seen(&tx)?;
    }
    tx.commit()?;
    Ok(done)
}

/// Calls `act` with every id that `sql` gives, up to `last`, some of them in each transaction.
fn each(
    db: &mut Connection,
    sql: &str,
    last: i64,
    mut act: impl FnMut(&Connection, i64, &mut Deltas, &mut LateEvents) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut seen = 0;
    loop {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let ids: Vec<i64> = tx
            .prepare_cached(sql)?
            .query_map([seen, last, BATCH_EVENTS], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(newest) = ids.last() else {
            return Ok(());
        };
        seen = *newest;
        let (mut deltas, mut late) = (Deltas::default(), LateEvents::default());
        for id in ids {
            act(&tx, id, &mut deltas, &mut late)?;
        }
        late.fold(&tx, &mut deltas)?;
        deltas.write(&tx)?;
        tx.commit()?;
    }
}

fn event(
    tx: &Connection,
    id: i64,
    deltas: &mut Deltas,
    late: &mut LateEvents,
    done: &mut Replayed,
) -> rusqlite::Result<()> {
    // None: it became one with an earlier event.
    let Some(known) = events::by_row(tx, id)? else {
        return Ok(());
    };
    let Some((event, others)) = read_again(tx, &known, &mut done.deliveries)? else {
        return Ok(());
    };
    let owner = EventOwner::of(tx, &event)?;
    match events::find_other(tx, &event, owner.esim.as_ref(), id)? {
        Some(other) => {
            join(tx, &known, other, &event, deltas, late)?;
            done.joined += 1;
        }
        None if event != known.event => {
            if event.recognized() && !known.event.recognized() {
                done.recognized += 1;
            }
            done.changed += 1;
            let mut stored = StoredEvent {
                event,
                ..known.clone()
            };
            events::rename(tx, &stored)?;
            let change = rewrite(tx, &known, &mut stored, deltas, late)?;
            merge::hand_on(tx, change.as_ref(), stored.received_at_ms)?;
            deliveries::agree(tx, &stored)?;
        }
        None => {}
    }
    for telling in others {
        adopt(tx, &telling, deltas, late)?;
        done.found += 1;
    }
    Ok(())
}

/// Gives the events that name only an ICCID which several eSIMs had to the one that had it then.
fn shared_iccids(db: &mut Connection) -> rusqlite::Result<()> {
    let shared: Vec<(String, i64)> = db
        .prepare(
            "SELECT iccid_esims.iccid, provider FROM iccid_esims JOIN esims ON esims.id = esim
             GROUP BY iccid_esims.iccid, provider HAVING count(*) > 1",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (iccid, provider) in shared {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut deltas = Deltas::default();
        // All of them are folded right after.
        let mut touched = BTreeSet::new();
        give_iccid_to_claimants(
            &tx,
            ProviderId::new(provider),
            &iccid,
            &mut touched,
            &mut deltas,
        )?;
        deltas.write(&tx)?;
        tx.commit()?;
    }
    Ok(())
}

/// An event as this version reads it from what is kept of it, and what else its deliveries tell; `None`: nothing is
/// kept. `read` counts the bodies.
fn read_again(
    db: &Connection,
    known: &StoredEvent,
    read: &mut u64,
) -> rusqlite::Result<Option<(Event, Vec<KeptTelling>)>> {
    let tellings = tellings::of(db, known.id)?;
    *read += tellings.read;
    let Some(named) = named_best(&tellings.found) else {
        return Ok(None);
    };
    let complete = tellings.complete;
    let (mine, others): (Vec<_>, Vec<_>) = tellings
        .found
        .into_iter()
        .partition(|telling| is_same(&telling.event, &named));
    let key = named.key;
    let mut all = mine.iter().map(|telling| &telling.event);
    let mut event = match all.next() {
        Some(first) if complete => first.clone(),
        _ => known.event.clone(),
    };
    for telling in mine.iter().map(|telling| &telling.event) {
        event.absorb(telling);
    }
    event.keep_decision(&known.event);
    if known.details_dropped {
        event.details = None;
    }
    event.key = key;
    Ok(Some((event, others)))
}

/// What the first of these tells, by the eSIM's id if one of them tells it by that.
fn named_best(tellings: &[KeptTelling]) -> Option<Event> {
    let first = &tellings.first()?.event;
    let others = tellings.iter().map(|telling| &telling.event);
    let mut named =
        others.filter(|other| other.esim_id.is_some() && other.is_other_telling_of(first));
    Some(named.next().unwrap_or(first).clone())
}

fn is_same(event: &Event, named: &Event) -> bool {
    event.key == named.key || (event.is_told_by_iccid() && event.is_other_telling_of(named))
}

/// How many events are kept with other details than their bodies say. Holds one event at a time.
pub(super) fn wrong_details(db: &Connection) -> rusqlite::Result<usize> {
    let (mut wrong, mut read) = (0, 0);
    let mut ids = db.prepare("SELECT id FROM events ORDER BY id")?;
    for id in ids.query_map([], |row| row.get(0))? {
        let Some(known) = events::by_row(db, id?)? else {
            continue;
        };
        if let Some((event, _)) = read_again(db, &known, &mut read)? {
            wrong += usize::from(event.details != known.event.details);
        }
    }
    Ok(wrong)
}

/// Folds an eSIM again, in case that its row says something else than its events.
fn esim(
    tx: &Connection,
    id: i64,
    deltas: &mut Deltas,
    done: &mut Replayed,
) -> rusqlite::Result<()> {
    let Some(stored) = esims::by_row(tx, id)? else {
        return Ok(());
    };
    let history = events::of_esim(tx, id)?;
    let state = EsimState::fold(history.into_iter().map(|stored| stored.event).collect());
    if state != stored.state {
        esims::update(tx, &stored, &state, None, deltas)?;
        done.mended += 1;
    }
    Ok(())
}

/// Makes an event one with the other of its key.
fn join(
    tx: &Connection,
    known: &StoredEvent,
    other: StoredEvent,
    event: &Event,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<()> {
    for delivery in deliveries::of_event(tx, known.id)? {
        deliveries::give(tx, delivery, other.id)?;
    }
    events::remove(tx, known, other.id)?;
    deltas.event_removed(known.event.recognized());
    deltas.status_told(&known.event, -1);
    events::add_sources(tx, other.id, known.sources)?;
    let mut joined = other.clone();
    joined.absorb(event);
    let change = rewrite(tx, &other, &mut joined, deltas, late)?;
    merge::hand_on(tx, change.as_ref(), joined.received_at_ms)?;
    deliveries::agree(tx, &joined)?;
    let touched: BTreeSet<i64> = known.esim.into_iter().collect();
    if !touched.is_empty() {
        let change = settle(tx, &joined, touched, &known.event.iccid, deltas, late)?;
        merge::hand_on(tx, Some(&change), joined.received_at_ms)?;
    }
    Ok(())
}

fn malformed(
    tx: &Connection,
    delivery: i64,
    deltas: &mut Deltas,
    late: &mut LateEvents,
    done: &mut Replayed,
) -> rusqlite::Result<()> {
    let (provider, received_at_ms, body): (i64, i64, Vec<u8>) = tx
        .prepare_cached("SELECT provider, received_at_ms, body FROM deliveries WHERE id = ?1")?
        .query_row([delivery], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    done.deliveries += 1;
    // Still none; the bytes stay for the next version.
    let provider = provider::by_id(ProviderId::new(provider));
    let Ok(mut event) = provider.read(&body) else {
        return Ok(());
    };
    event.received(Receipt::at(received_at_ms.div_euclid(1000)));
    let telling = KeptTelling {
        delivery,
        received_at_ms,
        // What was asked for was always understood.
        source: Sources::WEBHOOK,
        event,
    };
    adopt(tx, &telling, deltas, late)?;
    done.found += 1;
    Ok(())
}

/// Stores the event that a kept delivery turned out to tell, or adds to the one that is known.
fn adopt(
    tx: &Connection,
    telling: &KeptTelling,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<()> {
    let mut owner = EventOwner::of(tx, &telling.event)?;
    let Some(known) = owner.find(tx, &telling.event, late)? else {
        let came = Came {
            delivery: telling.delivery,
            at_ms: telling.received_at_ms,
            source: telling.source,
        };
        let (stored, change) = insert_new(tx, &telling.event, owner, came, deltas, late)?;
        merge::hand_on(tx, change.as_ref(), telling.received_at_ms)?;
        tx.prepare_cached(
            "UPDATE deliveries SET event = ?2, verdict = 'accepted', malformed_key = NULL WHERE id = ?1",
        )?
        .execute([telling.delivery, stored.id])?;
        return deliveries::agree(tx, &stored);
    };
    deliveries::give(tx, telling.delivery, known.id)?;
    events::add_sources(tx, known.id, telling.source)?;
    let mut stored = known.clone();
    if stored.absorb(&telling.event) {
        let change = rewrite(tx, &known, &mut stored, deltas, late)?;
        merge::hand_on(tx, change.as_ref(), stored.received_at_ms)?;
        deliveries::agree(tx, &stored)?;
    }
    Ok(())
}

#[cfg(test)]
pub(in crate::store) mod tests;
