//! Brings ICCIDs that older versions kept as they came, with dashes or padding, to their one form, within the transaction
//! of the migration: eSIMs that were several for it become one, and events that were several as well. What is no ICCID at
//! all by now stays as it is until everything is read again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::event::{Event, Iccid, Keys, ProviderId};
use crate::store::tables::claims::give_iccid_to_claimants;
use crate::store::tables::counters::{self, Deltas};
use crate::store::tables::events::StoredEvent;
use crate::store::tables::{alerts, deliveries, esims, events, travellers};

/// Brings all of them. Every eSIM has to be folded and everything counted afterwards.
pub(in crate::store) fn bring(tx: &Connection) -> rusqlite::Result<()> {
    let kept: Vec<String> = tx
        .prepare("SELECT DISTINCT iccid FROM iccid_esims ORDER BY iccid")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut changed = BTreeSet::new();
    for old in kept {
        let new = Iccid::from_text(&old).known().filter(|new| *new != old);
        if let Some(new) = new {
            let providers = rename(tx, &old, &new)?;
            changed.extend(
                providers
                    .into_iter()
                    .map(|provider| (provider, new.clone())),
            );
        }
    }
    for (provider, iccid) in changed {
        become_one(tx, provider, &iccid)?;
    }
    Ok(())
}

/// Gives an ICCID its form in all events. Returns whose it is.
fn rename(tx: &Connection, old: &str, new: &str) -> rusqlite::Result<BTreeSet<ProviderId>> {
    let rows: Vec<i64> = tx
        .prepare_cached("SELECT esim FROM iccid_esims WHERE iccid = ?1")?
        .query_map([old], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut providers = BTreeSet::new();
    for row in rows {
        let Some(esim) = esims::by_row(tx, row)? else {
            continue;
        };
        providers.insert(esim.state.provider);
        esims::note_iccid(tx, new, row)?;
        let naming = events::of_esim(tx, row)?.into_iter();
        for stored in naming.filter(|stored| stored.event.iccid.as_deref() == Some(old)) {
            let key = renamed_key(&stored.event, old, new);
            tx.prepare_cached("UPDATE events SET iccid = ?2, key = ?3 WHERE id = ?1")?
                .execute(params![stored.id, new, key])?;
        }
    }
    tx.execute("DELETE FROM iccid_esims WHERE iccid = ?1", [old])?;
    Ok(providers)
}

/// The key of an event whose ICCID is written otherwise.
fn renamed_key(event: &Event, old: &str, new: &str) -> String {
    let told_at = event.unbelieved_at.or(event.occurred_at);
    let keys = Keys(event.provider);
    let of = |iccid| {
        let esim_id = event.esim_id.as_deref();
        keys.of_status(esim_id, Some(iccid), event.status.as_ref()?, told_at?)
    };
    match of(old) {
        Some(key) if key == event.key => of(new).unwrap_or(key),
        _ => event.key.clone(),
    }
}

/// Gives the events that name an ICCID to whom they belong, and makes one of what was several.
fn become_one(tx: &Connection, provider: ProviderId, iccid: &str) -> rusqlite::Result<()> {
    let (mut touched, mut uncounted) = (BTreeSet::new(), Deltas::default());
    give_iccid_to_claimants(tx, provider, iccid, &mut touched, &mut uncounted)?;
    let owner = esims::owner_row_of_iccid(tx, provider, iccid)?;
    let at_ms = counters::last_received_at_ms(tx)?.unwrap_or(0);
    for row in touched {
        let history = events::of_esim(tx, row)?;
        let gone = esims::by_row(tx, row)?.filter(|_| history.is_empty());
        if let (Some(gone), Some(survivor)) = (gone, owner) {
            alerts::move_to(tx, row, survivor, at_ms)?;
            travellers::move_to(tx, row, survivor, at_ms)?;
            esims::delete(tx, &gone, &mut uncounted)?;
        }
        let mut told: BTreeMap<String, StoredEvent> = BTreeMap::new();
        for stored in history {
            match told.get_mut(&stored.event.key) {
                Some(first) => join(tx, first, &stored, row)?,
                None => drop(told.insert(stored.event.key.clone(), stored)),
            }
        }
    }
    Ok(())
}

/// Makes one of two events of an eSIM that are the same.
fn join(
    tx: &Connection,
    first: &mut StoredEvent,
    again: &StoredEvent,
    esim: i64,
) -> rusqlite::Result<()> {
    for delivery in deliveries::of_event(tx, again.id)? {
        deliveries::give(tx, delivery, first.id)?;
    }
    events::remove(tx, again, first.id)?;
    first.absorb(&again.event);
    events::update(tx, first, Some(esim))?;
    deliveries::agree(tx, first)
}
