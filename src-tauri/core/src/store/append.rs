//! One delivery into the tables, inside the writer's transaction.
//!
//! Which eSIM an event belongs to depends on the set of stored events alone, never on the order in
//! which they came:
//! - an event that names an eSIM id belongs to the eSIM of that id;
//! - one that names only an ICCID belongs to the eSIM whose latest event names both, or, while
//!   there is none, to an eSIM that is known by this ICCID only.
//!
//! So when an event names both for the first time, two half-known eSIMs become one.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::alerts;
use super::counters::Deltas;
use super::deliveries::{self, Verdict};
use super::esims::{self, StoredEsim};
use super::events::{self, StoredEvent};
use super::travellers;
use crate::esim::EsimState;
use crate::event::{Event, ParseError};

/// One authentic delivery, parsed.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// When it came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Headers that help to debug, `name: value` on a line each.
    pub headers: Option<String>,
    /// The body as it came.
    pub body: Vec<u8>,
    /// What the body says.
    pub parsed: Result<Event, ParseError>,
}

/// What one delivery changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What became of the delivery.
    pub verdict: Verdict,
    /// The row that stands for it; `None`: it is one of many that another row stands for by now.
    pub delivery: Option<i64>,
    /// The event that it brought or told again; `None`: it was malformed.
    pub event: Option<StoredEvent>,
    /// The eSIM that the event belongs to, if its state changed.
    pub esim: Option<EsimChange>,
}

/// How an eSIM changed.
#[derive(Debug, Clone, PartialEq)]
pub struct EsimChange {
    /// Its state without the event; `None`: the event is its first.
    pub before: Option<EsimState>,
    /// Its state now.
    pub after: EsimState,
    /// Other eSIMs whose state changed because events moved between them.
    pub others: Vec<EsimState>,
    /// Keys that name no eSIM's row any more, because it became one with this one.
    pub replaced: Vec<String>,
    /// Rows of all eSIMs that changed, also of those that are gone.
    pub rows: Vec<i64>,
}

/// Stores one delivery.
pub(super) fn append(
    tx: &Connection,
    delivery: &Delivery,
    deltas: &mut Deltas,
) -> rusqlite::Result<Change> {
    deltas.received_at(delivery.received_at_ms);
    let event = match &delivery.parsed {
        Ok(event) => event,
        Err(_) => {
            let key = crate::event::raw_key(&delivery.body);
            deliveries::keep_malformed(tx, &key, delivery)?;
            return Ok(Change {
                verdict: Verdict::Malformed,
                delivery: None,
                event: None,
                esim: None,
            });
        }
    };
    match events::find(tx, &event.key)? {
        None => append_new(tx, delivery, event, deltas),
        Some(known) => append_known(tx, delivery, event, known, deltas),
    }
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
pub(super) fn insert_new(
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
    let news = stored.event.absorb(event);
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
pub(super) fn rewrite(
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

/// The eSIM that an event belongs to as far as the stored events tell.
fn owner(tx: &Connection, event: &Event) -> rusqlite::Result<Option<StoredEsim>> {
    if let Some(esim_id) = &event.esim_id
        && let Some(known) = esims::by_esim_id(tx, esim_id)?
    {
        return Ok(Some(known));
    }
    match &event.iccid {
        // An eSIM of another id with this ICCID is another eSIM.
        Some(iccid) => Ok(esims::owner_of_iccid(tx, iccid)?
            .filter(|owner| event.esim_id.is_none() || owner.state.esim_id.is_none())),
        None => Ok(None),
    }
}

/// Notes whose the event's ICCID is, if nobody's yet. `false`: another eSIM has it, and who gets
/// it has to be settled.
fn claim_iccid(tx: &Connection, event: &Event, row: i64) -> rusqlite::Result<bool> {
    let Some(iccid) = &event.iccid else {
        return Ok(true);
    };
    match esims::owner_row_of_iccid(tx, iccid)? {
        Some(owner) => Ok(owner == row),
        None => {
            esims::set_owner_of_iccid(tx, iccid, row)?;
            Ok(true)
        }
    }
}

/// The slow way, taken when an event came late or two eSIMs claim one ICCID: gives the ICCID's
/// events to whom they belong and folds every touched eSIM again from all of its events.
pub(super) fn settle<'a>(
    tx: &Connection,
    event: &StoredEvent,
    mut touched: BTreeSet<i64>,
    iccids: impl IntoIterator<Item = &'a String>,
    deltas: &mut Deltas,
) -> rusqlite::Result<EsimChange> {
    for iccid in iccids {
        give_iccid_to_latest_claimant(tx, iccid, &mut touched, deltas)?;
    }
    let mut change = EsimChange {
        before: None,
        after: EsimState::default(),
        others: Vec::new(),
        replaced: Vec::new(),
        rows: touched.iter().copied().collect(),
    };
    for id in touched {
        let history = events::of_esim(tx, id)?;
        let Some(old) = esims::by_row(tx, id)? else {
            continue;
        };
        if history.is_empty() {
            esims::delete(tx, &old, deltas)?;
            if let Some(survivor) = event.esim.filter(|survivor| *survivor != id) {
                alerts::move_to(tx, id, survivor)?;
                travellers::move_to(tx, id, survivor, event.received_at_ms)?;
            }
            change.replaced.extend(old.state.key());
            continue;
        }
        let holds_event = history.iter().any(|stored| stored.id == event.id);
        if holds_event && history.len() > 1 {
            let earlier = history.iter().filter(|stored| stored.id != event.id);
            change.before = Some(EsimState::fold(
                earlier.map(|stored| stored.event.clone()).collect(),
            ));
        }
        let state = EsimState::fold(history.into_iter().map(|stored| stored.event).collect());
        esims::update(tx, &old, &state, deltas)?;
        change
            .replaced
            .extend(replaced_key(Some(&old.state), &state));
        if holds_event {
            change.after = state;
        } else {
            change.others.push(state);
        }
    }
    Ok(change)
}

/// Moves the events that name only this ICCID to the eSIM whose latest event names both, or,
/// where there is none, to an eSIM of their own. Adds the rows that lost or won events.
fn give_iccid_to_latest_claimant(
    tx: &Connection,
    iccid: &str,
    touched: &mut BTreeSet<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    let naming = events::naming_iccid(tx, iccid)?;
    let claimant = naming
        .iter()
        .filter(|stored| stored.event.esim_id.is_some())
        .max_by(|a, b| a.event.order().cmp(&b.event.order()))
        .and_then(|stored| stored.esim);
    let nameless = || {
        naming
            .iter()
            .filter(|stored| stored.event.esim_id.is_none())
    };
    let row = match (claimant, nameless().next()) {
        (Some(row), _) => row,
        (None, None) => {
            tx.execute("DELETE FROM iccids WHERE iccid = ?1", [iccid])?;
            return Ok(());
        }
        (None, Some(first)) => match first
            .esim
            .map(|row| esims::by_row(tx, row))
            .transpose()?
            .flatten()
        {
            Some(owner) if owner.state.esim_id.is_none() => owner.id,
            _ => esims::insert(tx, &EsimState::default(), deltas)?,
        },
    };
    for stored in nameless().filter(|stored| stored.esim != Some(row)) {
        events::move_to(tx, stored, row)?;
        touched.extend(stored.esim);
    }
    touched.insert(row);
    esims::set_owner_of_iccid(tx, iccid, row)
}

fn replaced_key(before: Option<&EsimState>, after: &EsimState) -> Vec<String> {
    before
        .and_then(EsimState::key)
        .filter(|old| after.key().as_ref() != Some(old))
        .into_iter()
        .collect()
}
