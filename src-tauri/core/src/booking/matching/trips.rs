//! Which trip a line is about: an order's reference, or an eSIM's number, may stand in a list long after its first trip.

use std::collections::HashSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::known::{EsimsOfOrder, KnownEsims, Named};
use super::orders::LineTrip;
use super::person::{is_same, key_of_name, may_be_same};
use super::proposal::{Found, LineOwner};
use crate::booking::line::Booking;
use crate::traveller::{Owner, Traveller};

/// What tells trips apart.
pub(super) struct Trips<'a, Look> {
    pub known: &'a KnownEsims,
    /// A trip before it is over.
    pub today: Date,
    pub look: Look,
}

impl<E, Look: FnMut(&Owner) -> Result<Found, E>> Trips<'_, Look> {
    /// What a line names. A number of an eSIM that was somebody's on an earlier trip is not the one that is meant: the
    /// order's next eSIM is.
    pub fn named(&mut self, booking: &Booking) -> Result<Named, E> {
        let named = self.known.named(booking);
        let (Named::Esim { row, .. }, Ok(listed)) = (&named, &booking.traveller) else {
            return Ok(named);
        };
        if !self.is_somebody_elses(*row, listed)? {
            return Ok(named);
        }
        let order = booking.reference.clone().map(Named::Order);
        Ok(order.unwrap_or(Named::Nobody(LineOwner::Ended)))
    }

    fn is_somebody_elses(&mut self, row: i64, listed: &Traveller) -> Result<bool, E> {
        if !listed.begins_after(self.known.life(row).1) {
            return Ok(false);
        }
        let shown = (self.look)(&Owner::Esim(row))?.shown;
        Ok(shown.is_some_and(|shown| !is_same(&shown, listed)))
    }

    /// Which trip of an order a line is about. `others`: all that the list says of the order.
    pub fn trip(
        &mut self,
        esims: &EsimsOfOrder,
        listed: &Traveller,
        others: &[&Traveller],
    ) -> Result<LineTrip, E> {
        let past = is_over(listed, self.today);
        let beside = each_has_one(esims, others);
        let mut bare = Vec::new();
        for row in &esims.over {
            let shown = (self.look)(&Owner::Esim(*row))?.shown;
            match shown {
                None => bare.push(*row),
                Some(shown) => {
                    // Without days a line is rather about an eSIM that there is still something to say of.
                    let may_be = past || esims.live.is_empty();
                    if may_be && is_same(&shown, listed) && !self.is_later(*row, listed, beside)? {
                        return Ok(LineTrip::Of(*row));
                    }
                }
            }
        }
        if !esims.live.is_empty() {
            let mut fitting = Vec::new();
            for row in &esims.live {
                if !self.is_later(*row, listed, beside)? {
                    fitting.push(*row);
                }
            }
            let before = |row: &i64| listed.ends_before(self.known.life(*row).1);
            return Ok(match () {
                () if fitting.is_empty() => LineTrip::Later,
                () if fitting.len() < esims.live.len() && fitting.len() == 1 => {
                    LineTrip::Of(fitting.first().copied().unwrap_or_default())
                }
                () if past && esims.live.iter().all(before) => {
                    only(&bare, &esims.over).map_or(LineTrip::Gone, LineTrip::Of)
                }
                () => LineTrip::Now,
            });
        }
        if past {
            if let Some(row) = only(&bare, &esims.over) {
                return Ok(LineTrip::Of(row));
            }
            let of_order = (self.look)(&Owner::Order(esims.reference.clone()))?.traveller;
            let other = of_order.is_some_and(|known| !is_same(&known, listed));
            let ahead = others.iter().any(|other| !is_over(other, self.today));
            return Ok(if other || ahead {
                LineTrip::Gone
            } else {
                LineTrip::Now
            });
        }
        let is_ahead = listed.trip_start.as_deref() > Some(self.today.to_string().as_str());
        let mut lives = esims.over.iter().map(|row| self.known.life(*row).1);
        let ended = lives.all(|time| listed.begins_after(time));
        Ok(match only(&bare, &esims.over) {
            _ if esims.over.is_empty() => LineTrip::Now,
            _ if is_ahead || ended || bare.len() < esims.over.len() => LineTrip::Later,
            Some(row) if listed.trip_start.is_some() => LineTrip::Of(row),
            _ => LineTrip::Now,
        })
    }

    /// Whether a trip begins when an eSIM has ended, or when the trip is over that it was for.
    /// `beside`: those of whom each may have an eSIM of the order.
    fn is_later(&mut self, row: i64, listed: &Traveller, beside: &[&Traveller]) -> Result<bool, E> {
        let (is_used, time) = self.known.life(row);
        if listed.trip_start.is_none() {
            return Ok(false);
        }
        if listed.begins_after(time) {
            return Ok(true);
        }
        let Some(shown) = (self.look)(&Owner::Esim(row))?.shown else {
            return Ok(false);
        };
        // Who has not used it yet may go another day.
        let moved = is_same(&shown, listed) && !is_used;
        let behind = listed.trip_start.as_deref() > shown.last_day();
        let ended = is_over(&shown, self.today) && behind && !moved;
        // Beside whoever is known somebody may travel later with another eSIM that is there.
        let is_beside = || beside.iter().any(|one| may_be_same(&shown, one));
        Ok(ended || (is_next_trip(&shown, listed) && !is_beside()))
    }
}

/// Most travellers of an order of whom it is looked at whether they have one eSIM each.
const MAX_BESIDE: usize = 20;

/// Those whom a list names for an order, if they are as many as its eSIMs, and several.
fn each_has_one<'a>(esims: &EsimsOfOrder, others: &'a [&'a Traveller]) -> &'a [&'a Traveller] {
    let count = esims.live.len();
    let names = || others.iter().map(|one| key_of_name(&one.name));
    let each =
        (2..=MAX_BESIDE).contains(&count) && names().collect::<HashSet<String>>().len() == count;
    if each { others } else { &[] }
}

/// How long a trip may be whose last day nobody noted, in days.
const TRIP_DAYS: i64 = 30;

/// Whether somebody else travels when the trip of whoever is known is over, which may be still to come.
fn is_next_trip(known: &Traveller, listed: &Traveller) -> bool {
    let guessed = || {
        let first: Date = known.trip_start.as_deref()?.parse().ok()?;
        Some(first.checked_add(TRIP_DAYS.days()).ok()?.to_string())
    };
    let last = known.trip_end.clone().or_else(guessed);
    // Written with the year first, days compare as their texts do.
    let begins = listed.trip_start.as_ref().zip(last);
    begins.is_some_and(|(first, last)| *first > last) && !may_be_same(known, listed)
}

/// The only one of all, of which nobody is known.
fn only(bare: &[i64], all: &[i64]) -> Option<i64> {
    match (bare, all) {
        ([row], [_]) => Some(*row),
        _ => None,
    }
}

/// Whether a trip is over.
pub(super) fn is_over(traveller: &Traveller, today: Date) -> bool {
    let last = traveller.last_day();
    last.is_some_and(|last| *last < *today.to_string())
}
