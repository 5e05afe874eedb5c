//! What becomes of a line: whose it is, what it changes, and what was known.

mod written;

use super::over::{drops_day, over};
use super::person::is_another;
use crate::booking::doubts::{LineDoubt, LineProblem};
use crate::booking::line::Booking;
use crate::traveller::{Owner, Traveller, TravellerChange};

/// Whose a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOwner {
    /// One eSIM.
    Esim {
        /// Opens it.
        key: String,
        /// Its ICCID.
        iccid: Option<String>,
        /// Whether only its last digits stand in the list.
        by_last_digits: bool,
    },
    /// Several eSIMs that the line names.
    Esims {
        /// How many.
        count: usize,
    },
    /// An order.
    Order {
        /// How many eSIMs it has; 0: none has been told of yet, the traveller waits for it.
        esims: i64,
    },
    /// No eSIM has this number.
    Unknown,
    /// More than one eSIM ends in these digits.
    Several {
        /// How many.
        count: i64,
    },
    /// The same eSIM or order as in an earlier line.
    Repeated {
        /// That line.
        line: usize,
    },
    /// The order has another number of eSIMs than of travellers in the list: nobody knows which is whose.
    Crowded {
        /// Its eSIMs that are not over and that no line names.
        esims: usize,
        /// Its travellers in the list.
        travellers: usize,
    },
    /// The trip starts after this eSIM has ended, which is somebody else's.
    Ended,
    /// The trip is over, and none of the order's eSIMs is known to be of it.
    Past,
    /// The line is wrong.
    Wrong {
        /// What is wrong with it.
        problem: LineProblem,
    },
}

/// What taking a line over would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineChange {
    /// All of it was known.
    Same,
    /// Something else was known.
    Changed,
    /// Nothing was known.
    Added,
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Its number in the list.
    pub line: usize,
    /// Whom it is about, also where it is wrong.
    pub who: String,
    /// The ICCID, or its last digits, as in the list.
    pub iccid: Option<String>,
    /// The order reference, as in the list, or as the known order's sender writes it for which it is taken.
    pub reference: Option<String>,
    /// Who travels, as in the list; null: the line is wrong.
    pub traveller: Option<Traveller>,
    /// Whose it is.
    pub owner: LineOwner,
    /// What it would change; null: it is not taken over.
    pub change: Option<LineChange>,
    /// What of it is not taken over.
    pub doubts: Vec<LineDoubt>,
}

/// A line, and what it sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For whoever decides.
    pub row: LineRow,
    /// What is set.
    pub set: Vec<TravellerChange>,
}

/// What is known of an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its traveller.
    pub traveller: Option<Traveller>,
    /// The traveller that the eSIM shows: its own, or its order's; `None` for an order.
    pub shown: Option<Traveller>,
    /// Its eSIM, if the owner is one and is there.
    pub esim: Option<FoundEsim>,
}

/// What a person knows an eSIM by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEsim {
    /// Opens it.
    pub key: String,
    /// Its ICCID.
    pub iccid: Option<String>,
}

/// A line that sets nothing.
pub(super) fn nobodys(booking: &Booking, owner: LineOwner) -> Proposal {
    let iccids = booking.iccids.join(", ");
    Proposal {
        row: LineRow {
            line: booking.line,
            who: booking.who.clone(),
            iccid: Some(iccids).filter(|text| !text.is_empty()),
            reference: booking
                .reference
                .clone()
                .or_else(|| booking.esim_id.clone()),
            traveller: booking.traveller.as_ref().ok().cloned(),
            owner,
            change: None,
            doubts: booking.doubts.clone(),
        },
        set: Vec::new(),
    }
}

/// A line of this owner, of whom this is known. Of somebody else nothing is taken along.
pub(super) fn change(
    booking: &Booking,
    listed: &Traveller,
    set: (Owner, LineOwner),
    known: Option<&Traveller>,
) -> Proposal {
    match known.filter(|known| is_another(known, listed)) {
        Some(other) => replace(booking, listed, set, other),
        None => {
            let mut proposal = set_over(booking, listed, set, (known, known));
            let name = known.and_then(|known| whose_trip(known, listed, &proposal));
            let doubt = name.map(|name| LineDoubt::ChangesTrip { name });
            proposal.row.doubts.extend(doubt);
            proposal
        }
    }
}

/// Whose trip has other days from now on, because of a line that names nobody.
fn whose_trip(known: &Traveller, listed: &Traveller, proposal: &Proposal) -> Option<String> {
    let days = |one: &Traveller| (one.trip_start.clone(), one.trip_end.clone());
    let had = days(known);
    let others = proposal.set.iter().map(|set| days(&set.traveller));
    let changes = had != (None, None) && others.into_iter().any(|days| days != had);
    let is_told = changes && listed.name.is_empty() && !known.name.is_empty();
    is_told.then(|| known.name.clone())
}

/// A line of this owner, which was somebody else's: of them the days of the trip are the new traveller's as well.
pub(super) fn replace(
    booking: &Booking,
    listed: &Traveller,
    set: (Owner, LineOwner),
    other: &Traveller,
) -> Proposal {
    let trip = Traveller {
        trip_start: other.trip_start.clone(),
        trip_end: other.trip_end.clone(),
        ..Traveller::default()
    };
    let mut proposal = set_over(booking, listed, set, (Some(other), Some(&trip)));
    if !proposal.set.is_empty() && !other.name.is_empty() {
        let name = other.name.clone();
        proposal.row.doubts.push(LineDoubt::SomebodyElses { name });
    }
    proposal
}

/// `known`: what is known, and what of it is taken along.
fn set_over(
    booking: &Booking,
    listed: &Traveller,
    (owner, whose): (Owner, LineOwner),
    (known, along): (Option<&Traveller>, Option<&Traveller>),
) -> Proposal {
    let after = match over(along, listed).tidy() {
        Ok(after) => after,
        Err(error) => {
            let problem = error.into();
            return nobodys(booking, LineOwner::Wrong { problem });
        }
    };
    let change = match known {
        None => LineChange::Added,
        Some(known) if *known == after => LineChange::Same,
        Some(_) => LineChange::Changed,
    };
    let mut proposal = nobodys(booking, whose);
    proposal.row.change = Some(change);
    let drops = along.is_some_and(|known| drops_day(known, &after));
    proposal
        .row
        .doubts
        .extend(drops.then_some(LineDoubt::KnownDayDropped));
    if change != LineChange::Same {
        proposal.set.push(TravellerChange {
            owner,
            traveller: after,
            lines: 1,
        });
    }
    proposal
}
