//! Which eSIM an event belongs to. It depends on the set of stored events alone, never on the order in
//! which they came:
//! - an event that names an eSIM id belongs to the eSIM of that id;
//! - one that names only an ICCID belongs to the eSIM whose latest event names both, or, while
//!   there is none, to an eSIM that is known by this ICCID only.
//!
//! Both mean something only within one provider: two providers' eSIMs are never one.
//!
//! So when an event names both for the first time, two half-known eSIMs become one.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::event::{Event, ProviderId};
use crate::store::tables::counters::Deltas;
use crate::store::tables::esims::{self, StoredEsim};
use crate::store::tables::events;

/// The eSIM that an event belongs to as far as the stored events tell.
pub(in crate::store) fn owner(
    tx: &Connection,
    event: &Event,
) -> rusqlite::Result<Option<StoredEsim>> {
    if let Some(esim_id) = &event.esim_id
        && let Some(known) = esims::by_esim_id(tx, event.provider, esim_id)?
    {
        return Ok(Some(known));
    }
    match &event.iccid {
        // An eSIM of another id with this ICCID is another eSIM.
        Some(iccid) => Ok(esims::owner_of_iccid(tx, event.provider, iccid)?
            .filter(|owner| event.esim_id.is_none() || owner.state.esim_id.is_none())),
        None => Ok(None),
    }
}

/// Notes whose the event's ICCID is, if nobody's yet. `false`: another eSIM has it, and who gets
/// it has to be settled. `noted`: that events of this eSIM name it is known already.
pub(in crate::store) fn claim_iccid(
    tx: &Connection,
    event: &Event,
    row: i64,
    noted: bool,
) -> rusqlite::Result<bool> {
    let Some(iccid) = &event.iccid else {
        return Ok(true);
    };
    match esims::owner_row_of_iccid(tx, event.provider, iccid)? {
        Some(owner) => {
            if !noted {
                esims::note_iccid(tx, iccid, row)?;
            }
            Ok(owner == row)
        }
        None => {
            esims::first_owner_of_iccid(tx, iccid, row)?;
            Ok(true)
        }
    }
}

/// Moves the events that name only this ICCID to the eSIM whose latest event names both, or,
/// where there is none, to an eSIM of their own. Adds the rows that lost or won events.
pub(in crate::store) fn give_iccid_to_latest_claimant(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    touched: &mut BTreeSet<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    let naming = events::naming_iccid(tx, provider, iccid)?;
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
            return esims::give_up_iccid(tx, provider, iccid);
        }
        (None, Some(first)) => match first
            .esim
            .map(|row| esims::by_row(tx, row))
            .transpose()?
            .flatten()
        {
            Some(owner) if owner.state.esim_id.is_none() => owner.id,
            _ => {
                let state = EsimState {
                    provider,
                    ..EsimState::default()
                };
                esims::insert(tx, &state, None, deltas)?
            }
        },
    };
    for stored in nameless().filter(|stored| stored.esim != Some(row)) {
        events::move_to(tx, stored, row)?;
        touched.extend(stored.esim);
    }
    touched.insert(row);
    esims::set_owner_of_iccid(tx, provider, iccid, row)
}
