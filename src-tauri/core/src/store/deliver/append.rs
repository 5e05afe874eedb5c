//! One delivery into the tables, inside the writer's transaction.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::event::{Event, Keys};
use crate::store::deliver::delivery::{Change, Delivery, EsimChange};
use crate::store::deliver::merge;
use crate::store::deliver::owner::{claim_iccid, owner};
use crate::store::deliver::settle::{replaced_key, settle};
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::counters::Deltas;
use crate::store::tables::events::{self, StoredEvent};
use crate::store::tables::{deliveries, esims};

/// Stores one delivery.
pub(in crate::store) fn append(
    tx: &Connection,
    delivery: &Delivery,
    deltas: &mut Deltas,
) -> rusqlite::Result<Change> {
    deltas.received_at(delivery.received_at_ms);
    let event = match &delivery.parsed {
        Ok(event) => event,
        Err(_) => {
            let key = Keys(delivery.provider).of_raw(&delivery.body);
            deliveries::keep_malformed(tx, &key, delivery)?;
            return Ok(Change {
                verdict: Verdict::Malformed,
                delivery: None,
                event: None,
                esim: None,
            });
        }
    };
    let change = match events::find(tx, &event.key)? {
        None => append_new(tx, delivery, event, deltas)?,
        Some(known) => append_known(tx, delivery, event, known, deltas)?,
    };
    merge::hand_on(tx, change.esim.as_ref(), delivery.received_at_ms)?;
    Ok(change)
}

fn append_new(
    tx: &Connection,
    delivery: &Delivery,
    event: &Event,
    deltas: &mut Deltas,
) -> rusqlite::Result<Change> {
    let (stored, esim) = insert_new(tx, event, delivery.received_at_ms, deltas)?;
    let verdict = if event.recognized() {
        Verdict::Accepted
    } else {
        Verdict::Unrecognized
    };
    let row = deliveries::insert(tx, verdict, stored.id, delivery)?;
    Ok(Change {
        verdict,
        delivery: Some(row),
        event: Some(stored),
        esim,
    })
}

/// Stores an event whose key is new, and applies it to its eSIM.
pub(in crate::store) fn insert_new(
    tx: &Connection,
    event: &Event,
    received_at_ms: i64,
    deltas: &mut Deltas,
) -> rusqlite::Result<(StoredEvent, Option<EsimChange>)> {
    let owner = owner(tx, event)?;
    let mut esim = None;
    let mut row = None;
    if event.esim_id.is_some() || event.iccid.is_some() {
        let before = owner.as_ref().map(|owner| owner.state.clone());
        let mut after = before.clone().unwrap_or_default();
        let in_order = after.is_next(event);
        if in_order {
            after.apply(event);
        }
        row = Some(match &owner {
            Some(owner) if in_order => {
                esims::update(tx, owner, &after, deltas)?;
                owner.id
            }
            Some(owner) => owner.id,
            None => esims::insert(tx, &after, deltas)?,
        });
        esim = Some((before, after, in_order));
    }
    let id = events::insert(tx, event, row, received_at_ms)?;
    if let Some(row) = row {
        // The state's ICCID came from an event, which was noted.
        let noted = owner
            .as_ref()
            .is_some_and(|owner| owner.state.iccid == event.iccid);
        if !noted {
            events::note_iccid(tx, event.iccid.as_deref(), row)?;
        }
    }
    deltas.event_added(event.recognized());
    deltas.status_told(event, 1);
    let stored = StoredEvent {
        id,
        received_at_ms,
        esim: row,
        details_dropped: false,
        event: event.clone(),
    };
    let esim = match (esim, row) {
        (Some((before, after, in_order)), Some(row)) => {
            let clean = claim_iccid(tx, event, row)?;
            Some(if in_order && clean {
                let replaced = replaced_key(before.as_ref(), &after);
                EsimChange {
                    before,
                    after,
                    others: Vec::new(),
                    replaced,
                    rows: vec![row],
                    merges: Vec::new(),
                }
            } else {
                settle(
                    tx,
                    &stored,
                    BTreeSet::from([row]),
                    event.iccid.as_slice(),
                    deltas,
                )?
            })
        }
        _ => None,
    };
    Ok((stored, esim))
}

fn append_known(
    tx: &Connection,
    delivery: &Delivery,
    event: &Event,
    known: StoredEvent,
    deltas: &mut Deltas,
) -> rusqlite::Result<Change> {
    let mut stored = known.clone();
    let news = stored.absorb(event);
    let row = deliveries::repeat(tx, known.id, delivery, news)?;
    let esim = if news {
        rewrite(tx, &known, &mut stored, deltas)?
    } else {
        None
    };
    Ok(Change {
        verdict: Verdict::Duplicate,
        delivery: row,
        event: Some(stored),
        esim,
    })
}

/// Writes what is now known of a stored event, and folds again whatever eSIM it belonged to or
/// belongs to. Its key stays.
pub(in crate::store) fn rewrite(
    tx: &Connection,
    known: &StoredEvent,
    stored: &mut StoredEvent,
    deltas: &mut Deltas,
) -> rusqlite::Result<Option<EsimChange>> {
    match (known.event.recognized(), stored.event.recognized()) {
        (false, true) => deltas.event_became_recognized(),
        (true, false) => deltas.event_became_unrecognized(),
        _ => {}
    }
    deltas.status_told(&known.event, -1);
    deltas.status_told(&stored.event, 1);
    stored.esim = None;
    if stored.event.esim_id.is_some() || stored.event.iccid.is_some() {
        stored.esim = Some(match owner(tx, &stored.event)? {
            Some(owner) => owner.id,
            // A name that no eSIM had yet; the state is folded below.
            None => {
                let state = EsimState {
                    provider: stored.event.provider,
                    esim_id: stored.event.esim_id.clone(),
                    ..EsimState::default()
                };
                esims::insert(tx, &state, deltas)?
            }
        });
    }
    events::update(tx, stored)?;
    if let Some(row) = stored.esim {
        claim_iccid(tx, &stored.event, row)?;
    }
    let touched: BTreeSet<i64> = known.esim.into_iter().chain(stored.esim).collect();
    if touched.is_empty() {
        return Ok(None);
    }
    let iccids: BTreeSet<&String> = known
        .event
        .iccid
        .iter()
        .chain(&stored.event.iccid)
        .collect();
    settle(tx, stored, touched, iccids, deltas).map(Some)
}
