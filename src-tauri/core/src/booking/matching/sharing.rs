//! Which of an order's eSIMs is whose: who has one keeps it, however the list spells the name; the others follow in
//! their order.

use std::collections::HashMap;

use super::orders::Listed;
use super::person::{Person, recognised};
use crate::booking::line::{Booking, LinePlace};
use crate::traveller::Traveller;

/// The eSIM that a traveller has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    /// Its row.
    pub row: i64,
    /// Whether whoever is known to have it is somebody else.
    pub is_somebody_elses: bool,
}

/// Who has which of an order's eSIMs.
#[derive(Debug, Default)]
pub(super) struct SharedOrder {
    /// Whom somebody knew by one of them.
    recognised: HashMap<LinePlace, Share>,
    /// Everybody, as far as there are eSIMs.
    all: HashMap<LinePlace, Share>,
}

impl SharedOrder {
    /// `esims`: rows, each with its own traveller.
    pub fn of_people(people: &[Listed], esims: &[(i64, Option<Traveller>)]) -> SharedOrder {
        let persons: Vec<&Person> = people.iter().map(|one| &one.person).collect();
        let known = esims.iter().map(|(_, own)| own.as_ref().map(Person::of));
        let known: Vec<Option<Person>> = known.collect();
        let share = |place: usize, at: usize| {
            let (row, _) = esims.get(at)?;
            let known = known.get(at).and_then(Option::as_ref);
            let named = |one: &&Person| !one.key.is_empty();
            let one = persons.get(place).copied().filter(named);
            let both = one.zip(known.filter(named));
            Some(Share {
                row: *row,
                is_somebody_elses: both.is_some_and(|(one, known)| !one.is(known)),
            })
        };
        let mut found = recognised(&persons, &known);
        let shares = |found: &[Option<usize>]| {
            let pairs = people.iter().zip(found).enumerate();
            let shares = pairs
                .filter_map(|(place, (listed, at))| Some((listed.place, share(place, (*at)?)?)));
            shares.collect::<HashMap<LinePlace, Share>>()
        };
        let recognised = shares(&found);
        let mut open: Vec<usize> = (0..esims.len()).collect();
        open.retain(|at| !found.contains(&Some(*at)));
        // Of several who are known by one name the first is the first, and nobody loses one that another may have.
        let named = |at: &usize| known.get(*at).is_some_and(Option::is_some);
        open.sort_by_key(named);
        for same in [true, false] {
            for (place, found) in found.iter_mut().enumerate() {
                let fits = |at: &usize| share(place, *at).is_some_and(|one| !one.is_somebody_elses);
                let next = open.iter().position(|at| !same || (named(at) && fits(at)));
                if found.is_none()
                    && let Some(next) = next
                {
                    *found = Some(open.remove(next));
                }
            }
        }
        SharedOrder {
            recognised,
            all: shares(&found),
        }
    }

    /// The eSIM by which the traveller of a line is known; `None`: by none.
    pub fn recognised(&self, booking: &Booking) -> Option<Share> {
        self.recognised.get(&booking.place()).copied()
    }

    /// The eSIM of the traveller of a line, where there are as many.
    pub fn of(&self, booking: &Booking) -> Option<Share> {
        self.all.get(&booking.place()).copied()
    }
}

#[cfg(test)]
mod tests;
