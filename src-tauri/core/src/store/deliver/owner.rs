//! Which eSIM an event belongs to. It depends on the set of stored events alone, never on the order in
//! which they came:
//! - an event that names an eSIM id belongs to the eSIM of that id;
//! - one that names only an ICCID belongs to the eSIM that had it then: whose event was the last by that time to name
//!   both for the first time, or else the first of all; while there is none, to an eSIM that is known by this ICCID only.
//!   So a number that is given again belongs to the new eSIM from then on, and the old one keeps its history. A change of
//!   status that one of them is told of by its id as well, at the same second, is that one's, and the same event.
//!
//! Both mean something only within one provider: two providers' eSIMs are never one.
//!
//! So when an event names both for the first time, two half-known eSIMs become one.

use rusqlite::Connection;

use crate::event::Event;
use crate::store::deliver::late::LateEvents;
use crate::store::tables::claims;
use crate::store::tables::esims::{self, StoredEsim};
use crate::store::tables::events::StoredEvent;
use crate::store::tables::same_change;

/// Who an event belongs to as far as the stored events tell.
#[derive(Debug)]
pub(in crate::store) struct EventOwner {
    /// The eSIM; `None`: the event is the first of one, or names none.
    pub esim: Option<StoredEsim>,
    /// Whose the event's ICCID is, as far as that was seen on the way.
    iccid: IccidOwner,
    /// ICCIDs by which another eSIM may have been told of the like at the same second.
    disputed: Vec<String>,
}

/// Which eSIM gets the events that name only an ICCID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IccidOwner {
    This,
    /// One of several, by the time of the event, which claims nothing.
    Then,
    Nobody,
    NotAsked,
}

/// What becomes of the ICCID that an event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum IccidClaim {
    /// It is that of the event's eSIM.
    Its,
    /// It is another's, and is named beside this eSIM for the first time: who gets it has to be settled.
    First,
    /// It was this eSIM's, and was given to another since.
    Again,
}

impl EventOwner {
    /// Finds the owner of an event.
    pub fn of(tx: &Connection, event: &Event) -> rusqlite::Result<EventOwner> {
        if let Some(esim_id) = &event.esim_id
            && let Some((known, owns_its_iccid)) = esims::by_esim_id(tx, event.provider, esim_id)?
        {
            let is_its = owns_its_iccid && known.state.iccid == event.iccid;
            return Ok(EventOwner {
                iccid: if is_its {
                    IccidOwner::This
                } else {
                    IccidOwner::NotAsked
                },
                esim: Some(known),
                disputed: Vec::new(),
            });
        }
        let Some(iccid) = &event.iccid else {
            return Ok(EventOwner {
                esim: None,
                iccid: IccidOwner::NotAsked,
                disputed: Vec::new(),
            });
        };
        let known = esims::owner_of_iccid(tx, event.provider, iccid)?;
        let asked = match known {
            Some(_) => IccidOwner::NotAsked,
            None => IccidOwner::Nobody,
        };
        let known = match known {
            Some((now, true)) if event.esim_id.is_none() => {
                return Ok(EventOwner {
                    esim: Some(claims::owner_then(tx, event, iccid, now)?),
                    iccid: IccidOwner::Then,
                    disputed: Vec::new(),
                });
            }
            known => known.map(|(now, _)| now),
        };
        Ok(EventOwner {
            // An eSIM of another id with this ICCID is another eSIM.
            esim: known.filter(|owner| event.esim_id.is_none() || owner.state.esim_id.is_none()),
            iccid: asked,
            disputed: Vec::new(),
        })
    }

    /// The stored event that this one is. It may be told of an eSIM by its ICCID alone, and not be among those of this one
    /// yet.
    pub fn find(
        &mut self,
        tx: &Connection,
        event: &Event,
        late: &mut LateEvents,
    ) -> rusqlite::Result<Option<StoredEvent>> {
        if let Some(found) = late.find(tx, event, self.esim.as_ref())? {
            return Ok(Some(found));
        }
        let elsewhere = same_change::elsewhere(tx, event, self.esim.as_ref())?;
        self.disputed = elsewhere.disputed;
        Ok(elsewhere.same)
    }

    /// The ICCIDs of which it has to be settled whose they are, whatever else the event says.
    pub fn disputed(&self) -> &[String] {
        &self.disputed
    }

    /// Whether the eSIM is known by its id already, if the event names one.
    pub fn knows_name(&self, event: &Event) -> bool {
        let known = self.esim.as_ref();
        event.esim_id.is_none() || known.is_some_and(|known| known.state.esim_id.is_some())
    }

    /// Notes that the event's ICCID is that of the eSIM in this row, which the event was given to, if it is nobody's
    /// yet.
    pub fn claim_iccid(
        &self,
        tx: &Connection,
        event: &Event,
        row: i64,
    ) -> rusqlite::Result<IccidClaim> {
        // The state's ICCID came from an event, which was noted.
        let noted = self
            .esim
            .as_ref()
            .is_some_and(|esim| esim.state.iccid == event.iccid);
        match (&event.iccid, self.iccid) {
            (None, _) | (Some(_), IccidOwner::Then) => Ok(IccidClaim::Its),
            (Some(_), IccidOwner::This) if noted => Ok(IccidClaim::Its),
            (Some(iccid), IccidOwner::Nobody) => {
                esims::first_owner_of_iccid(tx, iccid, row)?;
                Ok(IccidClaim::Its)
            }
            _ => claim_iccid(tx, event, row, noted),
        }
    }
}

/// Notes whose the event's ICCID is, if nobody's yet. `noted`: that events of this eSIM name it is known already.
pub(in crate::store) fn claim_iccid(
    tx: &Connection,
    event: &Event,
    row: i64,
    noted: bool,
) -> rusqlite::Result<IccidClaim> {
    let Some(iccid) = &event.iccid else {
        return Ok(IccidClaim::Its);
    };
    match esims::owner_row_of_iccid(tx, event.provider, iccid)? {
        Some(owner) => {
            let first = !noted && esims::note_iccid(tx, iccid, row)?;
            Ok(match () {
                () if owner == row => IccidClaim::Its,
                () if first => IccidClaim::First,
                () => IccidClaim::Again,
            })
        }
        None => {
            esims::first_owner_of_iccid(tx, iccid, row)?;
            Ok(IccidClaim::Its)
        }
    }
}
