//! Whose the lines of a booking list are, and what a list changes of what is known of a traveller. Pure: which eSIMs
//! and travellers there are is told to it.

mod each;
mod known;
mod orders;
mod over;
mod person;
mod proposal;
mod references;
mod sharing;
mod trips;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use jiff::civil::Date;

use super::doubts::LineDoubt;
use super::line::Booking;
use crate::traveller::{Owner, Traveller, TravellerChange};
use known::Named;
pub use known::{KnownEsim, KnownEsims};
use orders::{LineTrip, ListedOrder, Orders, People};
use person::is_same;
pub use proposal::{Found, FoundEsim, LineChange, LineOwner, LineRow, Proposal};
use proposal::{change, nobodys, replace};
use references::resolved;
use sharing::SharedOrder;
use trips::{Trips, is_over};

/// How lines are matched.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// A trip before it is over.
    pub today: Date,
    /// Whether travellers of whom nobody knows which of an order's eSIMs is whose are noted together for all of them.
    pub together: bool,
    /// Whether several names in one cell are each a traveller; `None`: where they can't be one.
    pub several: Option<bool>,
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
    let mut trips = Trips {
        known,
        today: rules.today,
        look,
    };
    let name = |trips: &mut Trips<'_, _>, bookings: &[Booking]| {
        let named = bookings.iter().map(|booking| trips.named(booking));
        named.collect::<Result<Vec<Named>, E>>()
    };
    let resolved = resolved(bookings, &known.references);
    let bookings = resolved.as_slice();
    let mut named = name(&mut trips, bookings)?;
    let each = each::each(bookings, &named, known, rules.several);
    if each.len() != bookings.len() {
        named = name(&mut trips, &each)?;
    }
    let bookings = each.as_slice();
    let orders = Orders::of(bookings, &named, known, |esims, listed, others| {
        trips.trip(esims, listed, others)
    })?;
    let mut matching = Matching {
        known,
        orders,
        rules,
        look: trips.look,
        taken: HashMap::new(),
        set: HashSet::new(),
        shared: HashMap::new(),
    };
    let pairs = bookings.iter().zip(named);
    pairs
        .map(|(booking, named)| matching.line(booking, named))
        .collect()
}

struct Matching<'a, Look> {
    known: &'a KnownEsims,
    orders: Orders,
    rules: Rules,
    look: Look,
    /// The lines whose owners these are.
    taken: HashMap<Owner, usize>,
    /// Those of whom something is set.
    set: HashSet<Owner>,
    /// Who has which of an order's eSIMs.
    shared: HashMap<String, Rc<SharedOrder>>,
}

impl<E, Look: FnMut(&Owner) -> Result<Found, E>> Matching<'_, Look> {
    fn line(&mut self, booking: &Booking, named: Named) -> Result<Proposal, E> {
        let listed = match &booking.traveller {
            Ok(listed) => listed,
            Err(problem) => {
                let problem = problem.clone();
                return Ok(nobodys(booking, LineOwner::Wrong { problem }));
            }
        };
        let proposal = match named {
            Named::Nobody(nobody) => nobodys(booking, nobody),
            Named::Esim {
                row,
                by_last_digits,
            } => {
                let mut proposal = self.esim(booking, listed, row, by_last_digits)?;
                if let LineOwner::Esim { .. } = proposal.row.owner {
                    proposal.row.doubts.extend(self.other_order(booking, row));
                }
                proposal
            }
            Named::Esims { rows, unknown } => self.esims(booking, listed, &rows, unknown)?,
            Named::Order(reference) => {
                let mut proposal = self.order(booking, listed, &reference)?;
                if proposal.row.change.is_some() {
                    proposal
                        .row
                        .doubts
                        .extend(self.unknown(booking, &reference));
                }
                proposal
            }
        };
        let owners = proposal.set.iter().map(|change| change.owner.clone());
        self.set.extend(owners);
        Ok(proposal)
    }

    /// The numbers of a line that no eSIM has, although eSIMs of its order are known.
    fn unknown(&self, booking: &Booking, reference: &str) -> Vec<LineDoubt> {
        let order = self.known.order(reference);
        let awaited = order.live.is_empty() && order.over.is_empty();
        let unknown = |iccid: &&String| !awaited && !self.known.has_number(iccid);
        let unknown = booking.iccids.iter().filter(unknown).cloned();
        unknown.map(|iccid| LineDoubt::NoEsim { iccid }).collect()
    }

    /// Whether the eSIM that a line names by its number is none of those of the order that it names.
    fn other_order(&self, booking: &Booking, row: i64) -> Option<LineDoubt> {
        let reference = booking.reference.as_ref()?;
        let order = self.known.order(reference);
        let mut esims = order.live.iter().chain(&order.over).peekable();
        let is_known = esims.peek().is_some();
        let is_other = is_known && !esims.any(|one| *one == row);
        is_other.then(|| LineDoubt::OtherOrder {
            reference: reference.clone(),
        })
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
        self.esim_of(booking, listed, (row, by_last_digits), false)
    }

    /// `somebody_elses`: whether whoever is known to have it is somebody else.
    fn esim_of(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        (row, by_last_digits): (i64, bool),
        somebody_elses: bool,
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
        let set = (owner, whose);
        Ok(match shown.as_ref().filter(|_| somebody_elses) {
            Some(other) => replace(booking, listed, set, other),
            None => change(booking, listed, set, shown.as_ref()),
        })
    }

    /// A traveller with several eSIMs, which are not all of an order's.
    fn esims(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        rows: &[(String, i64)],
        unknown: Vec<String>,
    ) -> Result<Proposal, E> {
        let mut all: Option<Proposal> = None;
        let mut doubts = Vec::new();
        let mut count = 0;
        for (iccid, row) in rows {
            let mut one = self.esim(booking, listed, *row, false)?;
            if let LineOwner::Repeated { line } = one.row.owner {
                let iccid = iccid.clone();
                doubts.push(LineDoubt::Taken { iccid, line });
            }
            count += usize::from(one.row.change.is_some());
            match &mut all {
                Some(all) if all.row.change.is_some() => {
                    // The others go along with the first that is set.
                    let first = all.set.is_empty();
                    let set = one.set.into_iter().map(|change| TravellerChange {
                        lines: if first { change.lines } else { 0 },
                        ..change
                    });
                    all.set.extend(set);
                    all.row.change = all.row.change.max(one.row.change);
                }
                all => drop(all.replace(std::mem::replace(
                    &mut one,
                    nobodys(booking, LineOwner::Unknown),
                ))),
            }
        }
        let mut all = all.unwrap_or_else(|| nobodys(booking, LineOwner::Unknown));
        if count > 1 {
            all.row.owner = LineOwner::Esims { count };
        }
        if all.row.change.is_some() {
            let unknown = unknown.into_iter();
            doubts.extend(unknown.map(|iccid| LineDoubt::NoEsim { iccid }));
            all.row.doubts.extend(doubts);
        }
        Ok(all)
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
        let people = match order.trip(booking) {
            LineTrip::Gone => return Ok(nobodys(booking, LineOwner::Past)),
            LineTrip::Of(row) => return self.of_one(booking, listed, &order, row),
            LineTrip::Now => &order.now,
            LineTrip::Later => &order.later,
        };
        if let Some(line) = people.repeated(booking) {
            return Ok(nobodys(booking, LineOwner::Repeated { line }));
        }
        let later = order.trip(booking) == LineTrip::Later;
        if !later
            && !self.rules.together
            && order.free.len() > 1
            && let Some(share) = self.shared(&order)?.recognised(booking)
        {
            let whose = share.is_somebody_elses;
            return self.esim_of(booking, listed, (share.row, false), whose);
        }
        let free = if later { 0 } else { order.free.len() };
        match people.all.len() {
            0 | 1 if later => self.waits(booking, listed, &order),
            0 | 1 => self.alone(booking, listed, &order),
            travellers if travellers == free => {
                let share = self.shared(&order)?.of(booking);
                let share = share.unwrap_or_default();
                self.esim_of(booking, listed, (share.row, false), share.is_somebody_elses)
            }
            _ if self.rules.together => self.together(booking, &order, people, later),
            // None of its eSIMs can be named yet: they wait together, and have one each when the list comes again.
            count if (later || order.live.is_empty()) && people.together.clone().tidy().is_ok() => {
                let mut proposal = self.together(booking, &order, people, later)?;
                proposal.row.doubts.push(LineDoubt::WaitsTogether { count });
                Ok(proposal)
            }
            travellers => {
                let esims = free;
                Ok(nobodys(booking, LineOwner::Crowded { esims, travellers }))
            }
        }
    }

    /// Who has which of the eSIMs of an order that no line names by a number.
    fn shared(&mut self, order: &ListedOrder) -> Result<Rc<SharedOrder>, E> {
        if let Some(shared) = self.shared.get(&order.reference) {
            return Ok(shared.clone());
        }
        let mut esims = Vec::with_capacity(order.free.len());
        for row in &order.free {
            esims.push((*row, (self.look)(&Owner::Esim(*row))?.traveller));
        }
        let shared = Rc::new(SharedOrder::of_people(&order.now.all, &esims));
        self.shared.insert(order.reference.clone(), shared.clone());
        Ok(shared)
    }

    /// All travellers of an order in one, which the first of its lines sets.
    fn together(
        &mut self,
        booking: &Booking,
        order: &ListedOrder,
        people: &People,
        later: bool,
    ) -> Result<Proposal, E> {
        let owner = Owner::Order(order.reference.clone());
        let whose = match later {
            true => LineOwner::Order { esims: 0 },
            false => order.whole(),
        };
        let of_order = (self.look)(&owner)?.traveller;
        let same = |known: &Traveller| known.name == people.together.name;
        // Who travels now is nobody of a later trip.
        let known = of_order
            .as_ref()
            .filter(|known| same(known) || !(later || is_over(known, self.rules.today)));
        let another = known.is_none();
        let set = (owner.clone(), whose);
        let mut proposal = change(booking, &people.together, set, known);
        if self.taken.contains_key(&owner) {
            proposal.set.clear();
        } else if another {
            let now = order.live.iter().filter(|_| later);
            let rows: Vec<i64> = now.chain(&order.over).copied().collect();
            self.keep(&rows, &mut proposal, of_order)?;
        }
        for change in &mut proposal.set {
            change.lines *= people.all.len();
        }
        self.taken.insert(owner, booking.line);
        Ok(proposal)
    }

    /// A line about the trip of one of an order's eSIMs.
    fn of_one(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        order: &ListedOrder,
        row: i64,
    ) -> Result<Proposal, E> {
        let Found {
            traveller,
            shown,
            esim,
        } = (self.look)(&Owner::Esim(row))?;
        let nobody_else = order.later.all.is_empty() && order.now.all.is_empty();
        // What the eSIM shows is its order's, and nobody else is about to be.
        if let Some(FoundEsim { key, iccid }) = esim
            && traveller.is_none()
            && shown.is_some()
            && nobody_else
        {
            let whose = LineOwner::Esim {
                key,
                iccid,
                by_last_digits: false,
            };
            let owner = Owner::Order(order.reference.clone());
            let repeated = self.taken(&owner, booking);
            let change = || change(booking, listed, (owner, whose), shown.as_ref());
            return Ok(repeated.unwrap_or_else(change));
        }
        self.esim(booking, listed, row, false)
    }

    /// The only traveller who waits for an eSIM of an order whose others are of another trip.
    fn waits(
        &mut self,
        booking: &Booking,
        listed: &Traveller,
        order: &ListedOrder,
    ) -> Result<Proposal, E> {
        let owner = Owner::Order(order.reference.clone());
        if let Some(repeated) = self.taken(&owner, booking) {
            return Ok(repeated);
        }
        let of_order = (self.look)(&owner)?.traveller;
        let known = of_order.as_ref().filter(|known| is_same(known, listed));
        let whose = LineOwner::Order { esims: 0 };
        let mut proposal = change(booking, listed, (owner, whose), known);
        let rows = [order.live.as_slice(), &order.over].concat();
        self.keep(&rows, &mut proposal, of_order)?;
        Ok(proposal)
    }

    /// Those who have these eSIMs still have them when somebody else is the order's traveller.
    fn keep(
        &mut self,
        rows: &[i64],
        proposal: &mut Proposal,
        before: Option<Traveller>,
    ) -> Result<(), E> {
        let Some(before) = before.filter(|_| !proposal.set.is_empty()) else {
            return Ok(());
        };
        for row in rows {
            let owner = Owner::Esim(*row);
            let found = (self.look)(&owner)?;
            let is_orders = found.traveller.is_none() && found.shown.is_some();
            if is_orders && !self.set.contains(&owner) {
                proposal.set.push(TravellerChange {
                    owner,
                    traveller: before.clone(),
                    lines: 0,
                });
            }
        }
        Ok(())
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
        // What somebody wrote at the only eSIM is what it shows.
        if let [row] = *order.free.as_slice()
            && order.live.len() == 1
            && (self.look)(&Owner::Esim(row))?.traveller.is_some()
        {
            return self.esim(booking, listed, row, false);
        }
        let mut bare = false;
        for row in &order.over {
            bare |= (self.look)(&Owner::Esim(*row))?.shown.is_none();
        }
        // Who is noted without days had the old ones, and the next is another's.
        let of_earlier =
            |noted: Option<Traveller>| noted.is_some_and(|one| one.last_day().is_none());
        for row in &order.free {
            bare |= !order.over.is_empty()
                && (self.look)(&Owner::Esim(*row))?.shown.is_none()
                && of_earlier((self.look)(&Owner::Order(order.reference.clone()))?.traveller);
        }
        let others = bare || order.parted || !order.later.all.is_empty();
        if others && !order.free.is_empty() {
            // The order's traveller stands at the old eSIMs as well, or is somebody who travels later.
            let free: Vec<_> = order.free.iter().map(|row| (String::new(), *row)).collect();
            return self.esims(booking, listed, &free, Vec::new());
        }
        let owner = Owner::Order(order.reference.clone());
        if let Some(repeated) = self.taken(&owner, booking) {
            return Ok(repeated);
        }
        let of_order = (self.look)(&owner)?.traveller;
        let same = |known: &Traveller| is_same(known, listed);
        // Of another trip nothing is taken along, but who had its eSIMs keeps them.
        let another = |known: &Traveller| {
            !same(known) && (!order.over.is_empty() || is_over(known, self.rules.today))
        };
        let known = of_order.as_ref().filter(|known| !another(known));
        let is_another = known.is_none();
        let mut proposal = change(booking, listed, (owner, order.whole()), known);
        if is_another {
            self.keep(&order.over, &mut proposal, of_order)?;
        }
        Ok(proposal)
    }
}

#[cfg(test)]
mod tests;
