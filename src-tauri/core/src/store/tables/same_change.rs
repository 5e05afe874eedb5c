//! One change of status that is told by the eSIM's id and by its ICCID alone: one event, with the id's key. Which eSIM such a
//! telling is about depends on all stored events, so that what was taken together may have to be parted again. It is read
//! from the deliveries: of those that are no longer kept everything stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::event::{Event, ProviderId, Sources};
use crate::store::tables::counters::{Deltas, Numbered};
use crate::store::tables::deliveries;
use crate::store::tables::esims::{self, StoredEsim};
use crate::store::tables::events::{self, EventPlace, StoredEvent};
use crate::store::tables::tellings::{self, KeptTelling};

/// Where else than among the events of its own eSIM a change is told that names an eSIM's id.
#[derive(Debug, Default)]
pub(in crate::store) struct Elsewhere {
    /// The same, told by the ICCID alone.
    pub same: Option<StoredEvent>,
    /// ICCIDs of an eSIM that has the like at the same second: either may have been told by the ICCID.
    pub disputed: Vec<String>,
}

/// Looks where else a change is told. `own`: the eSIM that it belongs to.
pub(in crate::store) fn elsewhere(
    db: &Connection,
    event: &Event,
    own: Option<&StoredEsim>,
) -> rusqlite::Result<Elsewhere> {
    let mut found = Elsewhere::default();
    if event.esim_id.is_none() || !event.is_change_of_status() {
        return Ok(found);
    }
    // Of nearly every eSIM nobody else names its number: that is asked first, because it is asked of every change.
    if !esims::shares_an_iccid(db, own.map(|own| own.id), event.iccid.as_deref())? {
        return Ok(found);
    }
    let mut iccids: BTreeSet<String> = event.iccid.iter().cloned().collect();
    if let Some(own) = own {
        iccids.extend(esims::iccids_of(db, own.id)?);
    }
    for iccid in iccids {
        let others = esims::naming(db, event.provider, &iccid)?.into_iter();
        let is_other = |other: &StoredEsim| own.is_none_or(|own| own.id != other.id);
        let may_have_it = |other: &StoredEsim| {
            events::whereabouts(event, Some(other)) != events::Whereabouts::Nowhere
        };
        for other in others.filter(|other| is_other(other) && may_have_it(other)) {
            let told = event.key_named(None, Some(&iccid));
            if found.same.is_none() {
                found.same = events::by_keys(db, other.id, told.as_slice())?;
            }
            if named_alike(db, event, &other)?.is_some() {
                found.disputed.push(iccid.clone());
            }
        }
    }
    Ok(found)
}

/// The change of this status and second that is told by this eSIM's id.
pub(in crate::store) fn named_alike(
    db: &Connection,
    event: &Event,
    esim: &StoredEsim,
) -> rusqlite::Result<Option<StoredEvent>> {
    let id = esim.state.esim_id.as_deref();
    let key = id.and_then(|id| event.key_named(Some(id), None));
    events::by_keys(db, esim.id, key.as_slice())
}

/// Makes a change that is told by the ICCID alone one with the same that is told by the eSIM's id.
pub(in crate::store) fn join(
    tx: &Connection,
    again: &StoredEvent,
    named: &StoredEvent,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    for delivery in deliveries::of_event(tx, again.id)? {
        deliveries::give(tx, delivery, named.id)?;
    }
    events::remove(tx, again, named.id)?;
    deltas.event_removed(again.event.recognized());
    deltas.status_told(&again.event, -1);
    events::add_sources(tx, named.id, again.sources)?;
    events::came_by(tx, named.id, again.received_at_ms)?;
    let mut joined = named.clone();
    if joined.absorb(&again.event) {
        write(tx, named, &joined, deltas)?;
    }
    deliveries::agree(tx, &joined)
}

fn write(
    tx: &Connection,
    before: &StoredEvent,
    after: &StoredEvent,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    match (before.event.recognized(), after.event.recognized()) {
        (false, true) => deltas.event_became_recognized(),
        (true, false) => deltas.event_became_unrecognized(),
        _ => {}
    }
    deltas.status_told(&before.event, -1);
    deltas.status_told(&after.event, 1);
    events::update(tx, after, before.esim)
}

/// Parts what was told by this ICCID alone from the changes that may be others': of eSIMs whose events name it beside their id
/// no more, and of those of which two have the like at one second. Adds the rows that have other events then. Gives whether
/// there are any.
pub(in crate::store) fn part(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    claimants: &BTreeSet<i64>,
    touched: &mut BTreeSet<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<bool> {
    let named: Vec<StoredEsim> = esims::naming(tx, provider, iccid)?
        .into_iter()
        .filter(|esim| esim.state.esim_id.is_some())
        .collect();
    if named.len() < 2 && named.iter().all(|esim| claimants.contains(&esim.id)) {
        return Ok(false);
    }
    let mut suspects = Vec::new();
    let mut alike: BTreeMap<String, Vec<StoredEvent>> = BTreeMap::new();
    for esim in named {
        for stored in events::of_esim(tx, esim.id)? {
            let event = &stored.event;
            let Some(told) = event.key_named(None, Some(iccid)) else {
                continue;
            };
            if event.esim_id.is_none() {
                continue;
            }
            if claimants.contains(&esim.id) {
                alike.entry(told).or_default().push(stored);
            } else {
                suspects.push(stored);
            }
        }
    }
    let disputed = alike.into_values().filter(|alike| alike.len() > 1);
    suspects.extend(disputed.flatten());
    let mut parted = false;
    for stored in suspects {
        if let (Some(row), true) = (stored.esim, part_one(tx, &stored, iccid, deltas)?) {
            touched.insert(row);
            parted = true;
        }
    }
    Ok(parted)
}

/// Parts what was told of a change by this ICCID alone from it, if it was and that can be read. Gives whether it did.
fn part_one(
    tx: &Connection,
    stored: &StoredEvent,
    iccid: &str,
    deltas: &mut Deltas,
) -> rusqlite::Result<bool> {
    let tellings = tellings::of(tx, stored.id)?;
    let by_iccid = |telling: &KeptTelling| {
        telling.event.is_other_telling_of(&stored.event)
            && telling.event.iccid.as_deref() == Some(iccid)
    };
    let (theirs, mine): (Vec<_>, Vec<_>) = tellings.found.into_iter().partition(by_iccid);
    let (Some(row), Some(own), Some(parted)) = (stored.esim, whole(&mine), whole(&theirs)) else {
        return Ok(false);
    };
    if !tellings.complete {
        return Ok(false);
    }
    let ways = |tellings: &[KeptTelling]| {
        let ways = tellings.iter().map(|telling| telling.source);
        ways.reduce(Sources::and).unwrap_or(stored.sources)
    };
    let mut left = StoredEvent {
        event: own,
        ..stored.clone()
    };
    left.event.keep_decision(&stored.event);
    write(tx, stored, &left, deltas)?;
    // What the API told without saying more has no delivery.
    let told_only = stored.sources.without(ways(&theirs));
    events::set_sources(tx, stored.id, ways(&mine).and(told_only))?;
    let id = deltas.next_id(tx, Numbered::Events)?;
    let received_at_ms = theirs.iter().map(|telling| telling.received_at_ms).min();
    let received_at_ms = received_at_ms.unwrap_or(stored.received_at_ms);
    let place = EventPlace {
        id,
        esim: None,
        previous: None,
        delivery: 0,
        sources: ways(&theirs),
    };
    events::insert(tx, &parted, place, received_at_ms)?;
    deltas.event_added(parted.recognized());
    deltas.status_told(&parted, 1);
    let parted = StoredEvent {
        esim: None,
        ..StoredEvent::new(id, received_at_ms, parted)
    };
    events::move_to(tx, &parted, row)?;
    for (event, tellings) in [(&left, &mine), (&parted, &theirs)] {
        let rows: Vec<i64> = tellings.iter().map(|telling| telling.delivery).collect();
        deliveries::share_out(tx, event, &rows)?;
    }
    Ok(true)
}

/// What these tell together.
fn whole(tellings: &[KeptTelling]) -> Option<Event> {
    let mut tellings = tellings.iter().map(|telling| &telling.event);
    let mut event = tellings.next()?.clone();
    for telling in tellings {
        event.absorb(telling);
    }
    Some(event)
}
