//! Which eSIM an event belongs to. It depends on the set of stored events alone, never on the order in
//! which they came:
//! - an event that names an eSIM id belongs to the eSIM of that id;
//! - one that names only an ICCID belongs to the eSIM that had it then: whose event was the last by that time to name
//!   both, or else the first of all; while there is none, to an eSIM that is known by this ICCID only. So a number that
//!   is given again belongs to the new eSIM from then on, and the old one keeps its history.
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
use crate::store::tables::events::{self, StoredEvent};

/// Who an event belongs to as far as the stored events tell.
#[derive(Debug)]
pub(in crate::store) struct Owner {
    /// The eSIM; `None`: the event is the first of one, or names none.
    pub esim: Option<StoredEsim>,
    /// Whose the event's ICCID is, as far as that was seen on the way.
    iccid: IccidOwner,
}

/// Which eSIM gets the events that name only an ICCID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IccidOwner {
    This,
    Nobody,
    NotAsked,
}

impl Owner {
    /// Finds the owner of an event.
    pub fn of(tx: &Connection, event: &Event) -> rusqlite::Result<Owner> {
        if let Some(esim_id) = &event.esim_id
            && let Some((known, owns_its_iccid)) = esims::by_esim_id(tx, event.provider, esim_id)?
        {
            let is_its = owns_its_iccid && known.state.iccid == event.iccid;
            return Ok(Owner {
                iccid: if is_its {
                    IccidOwner::This
                } else {
                    IccidOwner::NotAsked
                },
                esim: Some(known),
            });
        }
        let Some(iccid) = &event.iccid else {
            return Ok(Owner {
                esim: None,
                iccid: IccidOwner::NotAsked,
            });
        };
        let known = esims::owner_of_iccid(tx, event.provider, iccid)?;
        let asked = match known {
            Some(_) => IccidOwner::NotAsked,
            None => IccidOwner::Nobody,
        };
        let known = match known {
            Some((now, true)) if event.esim_id.is_none() => {
                let naming = events::naming_iccid(tx, event.provider, iccid)?;
                let then = claimant_at(&claims(&naming), event.occurred_at);
                let then = then.map(|row| esims::by_row(tx, row)).transpose()?;
                then.flatten().or(Some(now))
            }
            known => known.map(|(now, _)| now),
        };
        Ok(Owner {
            // An eSIM of another id with this ICCID is another eSIM.
            esim: known.filter(|owner| event.esim_id.is_none() || owner.state.esim_id.is_none()),
            iccid: asked,
        })
    }

    /// Notes that the event's ICCID is that of the eSIM in this row, which the event was given to, if it is nobody's
    /// yet. `false`: another eSIM has it, and who gets it has to be settled.
    pub fn claim_iccid(&self, tx: &Connection, event: &Event, row: i64) -> rusqlite::Result<bool> {
        // The state's ICCID came from an event, which was noted.
        let noted = self
            .esim
            .as_ref()
            .is_some_and(|esim| esim.state.iccid == event.iccid);
        match (&event.iccid, self.iccid) {
            (None, _) => Ok(true),
            (Some(_), IccidOwner::This) if noted => Ok(true),
            (Some(iccid), IccidOwner::Nobody) => {
                esims::first_owner_of_iccid(tx, iccid, row)?;
                Ok(true)
            }
            _ => claim_iccid(tx, event, row, noted),
        }
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

/// The events that name an eSIM beside the ICCID, in order.
fn claims(naming: &[StoredEvent]) -> Vec<&StoredEvent> {
    let mut claims: Vec<_> = naming
        .iter()
        .filter(|stored| stored.event.esim_id.is_some())
        .collect();
    claims.sort_by(|a, b| a.event.order().cmp(&b.event.order()));
    claims
}

/// The row of the eSIM that had the ICCID at this time, or that was the first to have it.
fn claimant_at(claims: &[&StoredEvent], at: Option<i64>) -> Option<i64> {
    let by_then = claims.partition_point(|claim| claim.event.occurred_at <= at);
    claims.get(by_then.saturating_sub(1))?.esim
}

/// Moves the events that name only this ICCID to the eSIM that had it then, or, where there is none, to an eSIM of their
/// own. Adds the rows that lost or won events.
pub(in crate::store) fn give_iccid_to_claimants(
    tx: &Connection,
    provider: ProviderId,
    iccid: &str,
    touched: &mut BTreeSet<i64>,
    deltas: &mut Deltas,
) -> rusqlite::Result<()> {
    let naming = events::naming_iccid(tx, provider, iccid)?;
    let claims = claims(&naming);
    let claimant = claims.last().and_then(|stored| stored.esim);
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
    for stored in nameless() {
        let had_it = claimant_at(&claims, stored.event.occurred_at).unwrap_or(row);
        if stored.esim != Some(had_it) {
            events::move_to(tx, stored, had_it)?;
            touched.extend(stored.esim);
            touched.insert(had_it);
        }
    }
    touched.insert(row);
    esims::set_owner_of_iccid(tx, provider, iccid, row)
}
