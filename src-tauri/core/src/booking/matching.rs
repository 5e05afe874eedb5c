//! Whose the lines of a booking list are, and what a list changes of what is known of a traveller. Pure: which eSIMs
//! and travellers there are is told to it.

mod known;
mod orders;
mod over;
mod proposal;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::line::Booking;
use crate::traveller::{Owner, Traveller};
pub use known::{KnownEsim, KnownEsims};
use known::{Named, key_of_name};
use orders::{ListedOrder, Orders};
use over::over;
pub use proposal::{Found, FoundEsim, LineChange, LineOwner, LineRow, Proposal};

/// How lines are matched.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// A trip before it is over.
    pub today: Date,
    /// Whether travellers of whom nobody knows which of an order's eSIMs is whose are noted together for all of them.
    pub together: bool,
}

/// Whose each line is, and what it would change. `look` tells what is known of an owner.
///
/// # Errors
/// Those of `look`.
pub fn propose<E>(
    bookings: &[Booking],
    known: &KnownEsims,
    rules: Rules,
    look: impl FnMut(&Owner) -> Result<Found, E>,
) -> Result<Vec<Proposal>, E> {
    let named: Vec<Named> = bookings
        .iter()
        .map(|booking| known.named(booking))
        .collect();
    let mut matching = Matching {
        orders: Orders::of(bookings, &named, known),
        rules,
        look,
        taken: HashMap::new(),
        placed: HashMap::new(),
    };
    let pairs = bookings.iter().zip(named);
    pairs
        .map(|(booking, named)| matching.line(booking, named))
        .collect()
}

struct Matching<Look> {
    orders: Orders,
    rules: Rules,
    look: Look,
    /// The lines whose owners these are.
    taken: HashMap<Owner, usize>,
    /// Of each order whose eSIMs are shared out, the eSIM of each line.
    placed: HashMap<String, HashMap<usize, i64>>,
}

impl<E, Look: FnMut(&Owner) -> Result<Found, E>> Matching<Look> {
    fn line(&mut self, booking: &Booking, named: Named) -> Result<Proposal, E> {
        let listed = match &booking.traveller {
            Ok(listed) => listed,
            Err(problem) => {
                let problem = problem.clone();
                return Ok(nobodys(booking, LineOwner::Wrong { problem }));
            }
        };
        match named {
            Named::Nobody(nobody) => Ok(nobodys(booking, nobody)),
            Named::Esim {
                row,
                by_last_digits,
            } => self.esim(booking, listed, row, by_last_digits),
            Named::Esims(rows) => self.esims(booking, listed, &rows),
            Named::Order(reference) => self.order(booking, listed, &reference),
        }
    }

    /// The line that took an owner before, or this one from now on.
    fn taken(&mut self, owner: &Owner, booking: &Booking) -> Option<Proposal> {
        if let Some(line) = self.taken.get(owner) {
            return Some(nobodys(booking, LineOwner::Repeated { line: *line }));
        }
        self.taken.insert(owner.clone(), booking.line);
        None
    }

    fn esim(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        row: i64,
        by_last_digits: bool,
    ) -> Result<Proposal, E> {
        let owner = Owner::Esim(row);
        if let Some(repeated) = self.taken(&owner, booking) {
            return Ok(repeated);
        }
        let Found { shown, esim, .. } = (self.look)(&owner)?;
        let Some(FoundEsim { key, iccid }) = esim else {
            return Ok(nobodys(booking, LineOwner::Unknown));
        };
        let whose = LineOwner::Esim {
            key,
            iccid,
            by_last_digits,
        };
        Ok(change(booking, listed, (owner, whose), shown.as_ref()))
    }

    /// A traveller with several eSIMs, none of which is an order's.
    fn esims(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        rows: &[i64],
    ) -> Result<Proposal, E> {
        let mut all: Option<Proposal> = None;
        for row in rows {
            let one = self.esim(booking, listed, *row, false)?;
            match &mut all {
                None => all = Some(one),
                Some(all) => {
                    all.set.extend(one.set);
                    if one.row.change > all.row.change {
                        all.row.change = one.row.change;
                    }
                }
            }
        }
        Ok(all.unwrap_or_else(|| nobodys(booking, LineOwner::Unknown)))
    }

    fn order(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        reference: &str,
    ) -> Result<Proposal, E> {
        let Some(order) = self.orders.get(reference) else {
            return Ok(nobodys(booking, LineOwner::Unknown));
        };
        if let Some(line) = order.repeated(booking) {
            return Ok(nobodys(booking, LineOwner::Repeated { line }));
        }
        match order.people.len() {
            0 | 1 => self.alone(booking, listed, &order),
            travellers if travellers == order.free.len() => {
                let row = self.place(booking, &order)?;
                self.esim(booking, listed, row.unwrap_or_default(), false)
            }
            _ if self.rules.together => self.together(booking, &order),
            travellers => {
                let esims = order.free.len();
                Ok(nobodys(booking, LineOwner::Crowded { esims, travellers }))
            }
        }
    }

    /// Which of an order's eSIMs is this line's: who has one keeps it, the others follow in their order.
    fn place(&mut self, booking: &Booking, order: &ListedOrder) -> Result<Option<i64>, E> {
        if !self.placed.contains_key(&order.written) {
            let mut free = Vec::new();
            let mut kept = HashMap::new();
            let people: HashSet<&String> = order.people.iter().map(|(name, _)| name).collect();
            for row in &order.free {
                let own = (self.look)(&Owner::Esim(*row))?.traveller;
                let name = own.map(|own| key_of_name(&own.name));
                match name.filter(|name| people.contains(name) && !kept.contains_key(name)) {
                    Some(name) => drop(kept.insert(name, *row)),
                    None => free.push(*row),
                }
            }
            let mut free = free.into_iter();
            let rows = order.people.iter().filter_map(|(name, line)| {
                let row = kept.get(name).copied().or_else(|| free.next());
                Some((*line, row?))
            });
            self.placed.insert(order.written.clone(), rows.collect());
        }
        let placed = self.placed.get(&order.written);
        Ok(placed.and_then(|lines| lines.get(&booking.line)).copied())
    }

    /// All travellers of an order in one, which the first of its lines sets.
    fn together(&mut self, booking: &Booking, order: &ListedOrder) -> Result<Proposal, E> {
        let owner = Owner::Order(order.written.clone());
        let whose = LineOwner::Order {
            esims: i64::try_from(order.live.len()).unwrap_or(i64::MAX),
        };
        let known = (self.look)(&owner)?.traveller;
        let mut proposal = change(booking, &order.all, (owner.clone(), whose), known.as_ref());
        if self.taken.contains_key(&owner) {
            proposal.set.clear();
        }
        self.taken.insert(owner, booking.line);
        Ok(proposal)
    }

    /// The only traveller of an order.
    fn alone(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        order: &ListedOrder,
    ) -> Result<Proposal, E> {
        if order.free.is_empty() && !order.live.is_empty() {
            // Each of its eSIMs is named by another line.
            let taken = order
                .live
                .iter()
                .find_map(|row| self.taken.get(&Owner::Esim(*row)));
            let owner = match taken {
                Some(line) => LineOwner::Repeated { line: *line },
                None => LineOwner::Crowded {
                    esims: 0,
                    travellers: 1,
                },
            };
            return Ok(nobodys(booking, owner));
        }
        let owner = Owner::Order(order.written.clone());
        let of_order = (self.look)(&owner)?.traveller;
        let whose = LineOwner::Order {
            esims: i64::try_from(order.live.len()).unwrap_or(i64::MAX),
        };
        if order.over.is_empty() {
            // What somebody wrote at the only eSIM is what it shows.
            if let [row] = *order.live.as_slice()
                && (self.look)(&Owner::Esim(row))?.traveller.is_some()
            {
                return self.esim(booking, listed, row, false);
            }
            let repeated = self.taken(&owner, booking);
            return Ok(repeated
                .unwrap_or_else(|| change(booking, listed, (owner, whose), of_order.as_ref())));
        }
        // The reference was used before, for eSIMs that are over.
        let mut showing = Vec::new();
        let mut bare = false;
        for row in &order.over {
            let found = (self.look)(&Owner::Esim(*row))?;
            let same = found
                .shown
                .as_ref()
                .is_some_and(|shown| is_same_trip(shown, listed, self.rules.today));
            if same && order.live.is_empty() {
                return match found.traveller {
                    Some(_) => self.esim(booking, listed, *row, false),
                    None => {
                        let repeated = self.taken(&owner, booking);
                        Ok(repeated.unwrap_or_else(|| {
                            change(booking, listed, (owner, whose), of_order.as_ref())
                        }))
                    }
                };
            }
            bare |= found.shown.is_none();
            if found.traveller.is_none() {
                showing.push(*row);
            }
        }
        let past = is_over(listed, self.rules.today);
        if past
            && let [row] = *order.over.as_slice()
            && order.live.is_empty()
        {
            return self.esim(booking, listed, row, false);
        }
        if bare && !order.live.is_empty() {
            // The order's traveller would stand at the old eSIMs as well.
            let live = order.live.clone();
            return self.esims(booking, listed, &live);
        }
        if let Some(repeated) = self.taken(&owner, booking) {
            return Ok(repeated);
        }
        let known = of_order
            .as_ref()
            .filter(|known| key_of_name(&known.name) == key_of_name(&listed.name));
        let mut proposal = change(booking, listed, (owner, whose), known);
        if let Some(before) = of_order.filter(|_| !proposal.set.is_empty()) {
            // Who had the old eSIMs still has.
            let kept = showing
                .into_iter()
                .map(|row| (Owner::Esim(row), before.clone()));
            proposal.set.extend(kept);
        }
        Ok(proposal)
    }
}

/// Whether a trip is over.
fn is_over(traveller: &Traveller, today: Date) -> bool {
    let last = traveller
        .trip_end
        .as_ref()
        .or(traveller.trip_start.as_ref());
    last.is_some_and(|last| *last < today.to_string())
}

/// Whether a line is about the trip for which an eSIM that is over was.
fn is_same_trip(shown: &Traveller, listed: &Traveller, today: Date) -> bool {
    let later = listed
        .trip_start
        .as_ref()
        .is_some_and(|start| *start > today.to_string());
    !later && key_of_name(&shown.name) == key_of_name(&listed.name)
}

/// A line that sets nothing.
fn nobodys(booking: &Booking, owner: LineOwner) -> Proposal {
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
    if change != LineChange::Same {
        proposal.set.push((owner, after));
    }
    proposal
}

#[cfg(test)]
mod tests;
