//! Whose the lines of a booking list are, and what a list changes of what is known of a traveller. Pure: which eSIMs
//! and travellers there are is told to it.

use std::collections::{HashMap, HashSet};

use super::{Booking, LineProblem, WHOLE_DIGITS};
use crate::traveller::{Owner, Traveller};

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
    /// The line is wrong.
    Wrong {
        /// What is wrong with it.
        problem: LineProblem,
    },
}

/// What taking a line over would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// Nothing was known.
    Added,
    /// Something else was known.
    Changed,
    /// All of it was known.
    Same,
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Its number in the list.
    pub line: usize,
    /// The ICCID, or its last digits, as in the list.
    pub iccid: Option<String>,
    /// The order reference, as in the list.
    pub reference: Option<String>,
    /// Who travels, as in the list; null: the line is wrong.
    pub traveller: Option<Traveller>,
    /// Whose it is.
    pub owner: LineOwner,
    /// What it would change; null: it is not taken over.
    pub change: Option<LineChange>,
}

/// A line, and what it sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For whoever decides.
    pub row: LineRow,
    /// What is set; `None`: nothing.
    pub set: Option<(Owner, Traveller)>,
}

/// What is known of an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its traveller.
    pub traveller: Option<Traveller>,
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

/// Which eSIMs the numbers and references of a list can name, by their rows.
#[derive(Debug, Default)]
pub struct KnownEsims {
    /// The lengths of the last digits that are looked for.
    ends: HashSet<usize>,
    /// The references that are looked for, in lowercase.
    references: HashSet<String>,
    by_iccid: HashMap<String, i64>,
    /// By length, then by the last digits: a row, and how many there are.
    by_end: HashMap<usize, HashMap<String, (i64, i64)>>,
    /// By the reference in lowercase: as it is written, a row, and how many there are.
    by_reference: HashMap<String, (String, i64, i64)>,
}

impl KnownEsims {
    /// None yet, of those that these lines can name.
    #[must_use]
    pub fn named_by(bookings: &[Booking]) -> KnownEsims {
        let iccids = bookings.iter().filter_map(|line| line.iccid.as_ref());
        let references = bookings.iter().filter_map(|line| line.reference.as_ref());
        KnownEsims {
            ends: iccids
                .map(String::len)
                .filter(|length| *length < WHOLE_DIGITS)
                .collect(),
            references: references.map(|one| one.to_lowercase()).collect(),
            ..KnownEsims::default()
        }
    }

    /// The eSIM of this row has this ICCID.
    pub fn has_iccid(&mut self, iccid: String, esim: i64) {
        for length in &self.ends {
            let from = iccid.len().saturating_sub(*length);
            if let Some(end) = iccid.get(from..).filter(|end| end.len() == *length) {
                let same = self.by_end.entry(*length).or_default();
                same.entry(end.to_owned()).or_insert((esim, 0)).1 += 1;
            }
        }
        self.by_iccid.insert(iccid, esim);
    }

    /// The eSIM of this row belongs to the order of this reference.
    pub fn has_reference(&mut self, reference: String, esim: i64) {
        let key = reference.trim().to_lowercase();
        if self.references.contains(&key) {
            let same = self.by_reference.entry(key);
            same.or_insert((reference, esim, 0)).2 += 1;
        }
    }

    /// A whole ICCID is also known with or without its check digit.
    fn whole(&self, iccid: &str) -> Option<i64> {
        let without = iccid.get(..iccid.len().saturating_sub(1)).unwrap_or(iccid);
        let with = (0..10).map(|digit| format!("{iccid}{digit}"));
        let exact = self.by_iccid.get(iccid).copied();
        exact
            .or_else(|| {
                with.into_iter()
                    .find_map(|one| self.by_iccid.get(&one).copied())
            })
            .or_else(|| self.by_iccid.get(without).copied())
    }

    fn owner(&self, booking: &Booking) -> Result<(Owner, bool), LineOwner> {
        let mut fallback = LineOwner::Unknown;
        if let Some(iccid) = &booking.iccid {
            if iccid.len() >= WHOLE_DIGITS {
                if let Some(esim) = self.whole(iccid) {
                    return Ok((Owner::Esim(esim), false));
                }
            } else if let Some((esim, count)) = self
                .by_end
                .get(&iccid.len())
                .and_then(|ends| ends.get(iccid))
            {
                if *count == 1 {
                    return Ok((Owner::Esim(*esim), true));
                }
                fallback = LineOwner::Several { count: *count };
            }
        }
        let Some(reference) = &booking.reference else {
            return Err(fallback);
        };
        match self.by_reference.get(&reference.to_lowercase()) {
            Some((_, esim, 1)) => Ok((Owner::Esim(*esim), false)),
            Some((written, _, _)) => Ok((Owner::Order(written.clone()), false)),
            // A number that names no eSIM is rather wrong than early.
            None if booking.iccid.is_some() => Err(fallback),
            None => Ok((Owner::Order(reference.clone()), false)),
        }
    }

    fn line_owner(
        &self,
        owner: &Owner,
        esim: Option<FoundEsim>,
        by_last_digits: bool,
    ) -> LineOwner {
        match (owner, esim) {
            (Owner::Order(reference), _) => LineOwner::Order {
                esims: self.size(reference),
            },
            (Owner::Esim(_), Some(FoundEsim { key, iccid })) => LineOwner::Esim {
                key,
                iccid,
                by_last_digits,
            },
            (Owner::Esim(_), None) => LineOwner::Unknown,
        }
    }

    fn size(&self, reference: &str) -> i64 {
        let found = self.by_reference.get(&reference.trim().to_lowercase());
        found.map_or(0, |(_, _, count)| *count)
    }
}

/// Whose each line is, and what it would change. `look` tells what is known of an owner.
///
/// # Errors
/// Those of `look`.
pub fn propose<E>(
    bookings: &[Booking],
    known: &KnownEsims,
    mut look: impl FnMut(&Owner) -> Result<Found, E>,
) -> Result<Vec<Proposal>, E> {
    let mut taken: HashMap<Owner, usize> = HashMap::new();
    let mut proposals = Vec::with_capacity(bookings.len());
    for booking in bookings {
        let proposal = match (&booking.traveller, known.owner(booking)) {
            (Err(problem), _) => nobodys(
                booking,
                LineOwner::Wrong {
                    problem: problem.clone(),
                },
            ),
            (Ok(_), Err(nobody)) => nobodys(booking, nobody),
            (Ok(listed), Ok((owner, by_last_digits))) => match taken.get(&owner) {
                Some(line) => nobodys(booking, LineOwner::Repeated { line: *line }),
                None => {
                    taken.insert(owner.clone(), booking.line);
                    let found = look(&owner)?;
                    let whose = known.line_owner(&owner, found.esim, by_last_digits);
                    change(booking, listed, (owner, whose), found.traveller.as_ref())
                }
            },
        };
        proposals.push(proposal);
    }
    Ok(proposals)
}

/// A line that sets nothing.
fn nobodys(booking: &Booking, owner: LineOwner) -> Proposal {
    Proposal {
        row: LineRow {
            line: booking.line,
            iccid: booking.iccid.clone(),
            reference: booking.reference.clone(),
            traveller: booking.traveller.as_ref().ok().cloned(),
            owner,
            change: None,
        },
        set: None,
    }
}

/// A line of this owner, of whom this is known.
fn change(
    booking: &Booking,
    listed: &Traveller,
    (owner, whose): (Owner, LineOwner),
    known: Option<&Traveller>,
) -> Proposal {
    let after = match over(known, listed).tidy() {
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
    proposal.set = (change != LineChange::Same).then_some((owner, after));
    proposal
}

/// What the list says counts; what it says nothing of stays, and no note is lost.
fn over(known: Option<&Traveller>, listed: &Traveller) -> Traveller {
    let Some(known) = known else {
        return listed.clone();
    };
    let or = |new: &String, old: &String| if new.is_empty() { old } else { new }.clone();
    let note = match (known.note.is_empty(), listed.note.is_empty()) {
        (false, false) if !known.note.contains(&listed.note) => {
            format!("{}\n{}", known.note, listed.note)
        }
        (true, _) => listed.note.clone(),
        _ => known.note.clone(),
    };
    let mut tags = known.tags.clone();
    for tag in &listed.tags {
        if !tags
            .iter()
            .any(|one| one.to_lowercase() == tag.to_lowercase())
        {
            tags.push(tag.clone());
        }
    }
    Traveller {
        name: or(&listed.name, &known.name),
        contact: or(&listed.contact, &known.contact),
        trip_start: listed
            .trip_start
            .clone()
            .or_else(|| known.trip_start.clone()),
        trip_end: listed.trip_end.clone().or_else(|| known.trip_end.clone()),
        note,
        tags,
    }
}

#[cfg(test)]
mod tests;
