//! The orders that a list names, and who travels with each.

use super::proposal::LineOwner;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::known::{EsimsOfOrder, KnownEsims, Named};
use super::person::{Person, key_of_name};
use crate::booking::line::{Booking, LinePlace};
use crate::traveller::Traveller;

/// Which of the trips of an order a line is about: a reference may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineTrip {
    /// That of the eSIMs that are not over.
    Now,
    /// One that begins when those have ended, so that its eSIM is still to come.
    Later,
    /// That of this eSIM, which is over, or is the only one that is not over before the trip begins.
    Of(i64),
    /// One that is over, and none of the eSIMs is known to be of it.
    Gone,
}

/// An order in a list.
#[derive(Debug, Clone, Default)]
pub(super) struct ListedOrder {
    /// Its reference in its one form; of one that is not known as the list has it.
    pub reference: String,
    /// Its eSIMs that are not over.
    pub live: Vec<i64>,
    /// Those of them that no line names by a number, and of whose trip no line is.
    pub free: Vec<i64>,
    /// Whether some of them are of another trip than the others.
    pub parted: bool,
    /// Its eSIMs that are over.
    pub over: Vec<i64>,
    /// Whoever travels with the eSIMs that are not over.
    pub now: People,
    /// Whoever travels later.
    pub later: People,
    trips: HashMap<LinePlace, LineTrip>,
}

impl ListedOrder {
    /// The order, with those of its eSIMs that are meant.
    pub fn whole(&self) -> LineOwner {
        let esims = match self.live.is_empty() {
            true => self.over.len(),
            false => self.live.len(),
        };
        let esims = i64::try_from(esims).unwrap_or(i64::MAX);
        LineOwner::Order { esims }
    }

    /// Which trip a line is about.
    pub fn trip(&self, booking: &Booking) -> LineTrip {
        self.trips
            .get(&booking.place())
            .copied()
            .unwrap_or(LineTrip::Now)
    }

    /// Of an eSIM that is not over one line may be; more of them are asked for like those of any order.
    fn share_only_once(&mut self) {
        let mut lines: HashMap<i64, usize> = HashMap::new();
        for trip in self.trips.values() {
            if let LineTrip::Of(row) = trip {
                *lines.entry(*row).or_default() += 1;
            }
        }
        let live = &self.live;
        for trip in self.trips.values_mut() {
            if let LineTrip::Of(row) = *trip
                && live.contains(&row)
                && lines.get(&row).is_some_and(|lines| *lines > 1)
            {
                *trip = LineTrip::Now;
            }
        }
        let trips = &self.trips;
        let others = self.free.len();
        self.free
            .retain(|row| !trips.values().any(|trip| *trip == LineTrip::Of(*row)));
        self.parted = self.free.len() < others;
    }
}

/// Somebody whom a list names.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub person: Person,
    /// The first line about them.
    pub place: LinePlace,
}

/// Most people of one name who travel together.
const MAX_NAMESAKES: usize = 20;

/// Those who travel together.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    /// In the order of the lines.
    pub all: Vec<Listed>,
    /// By name, the places in `all`.
    named: HashMap<String, Vec<usize>>,
    /// By line, the first line about the same traveller.
    firsts: HashMap<LinePlace, LinePlace>,
    /// All of them in one.
    pub together: Traveller,
}

impl People {
    /// The other line about the same traveller. A line without a name is about whoever the first is.
    pub fn repeated(&self, booking: &Booking) -> Option<usize> {
        let first = self.firsts.get(&booking.place());
        let same = first.or(self.all.first().map(|first| &first.place));
        let other = same.filter(|place| **place != booking.place());
        other.map(|(line, _)| *line)
    }

    /// `namesakes`: whether people of one name who are reached otherwise are several.
    fn add(&mut self, booking: &Booking, traveller: &Traveller, namesakes: bool) {
        let person = Person::of(traveller);
        let place = booking.place();
        if person.key.is_empty() && !self.all.is_empty() {
            return;
        }
        if !person.key.is_empty() {
            // Whoever was not named before is somebody who is named here.
            self.all.retain(|listed| !listed.person.key.is_empty());
            let named = self.named.entry(person.key.clone()).or_default();
            let others = named.iter().filter_map(|at| self.all.get(*at));
            let is = |other: &&Listed| !namesakes || !person.is_reached_otherwise(&other.person);
            let crowd = named.len() >= MAX_NAMESAKES;
            let mut others = others.filter(|other| crowd || is(other));
            if let Some(same) = others.next() {
                self.firsts.insert(place, same.place);
                return;
            }
            named.push(self.all.len());
            self.firsts.insert(place, place);
        }
        self.all.push(Listed { person, place });
        beside(&mut self.together, traveller);
    }
}

/// The orders of a list by their references.
#[derive(Debug, Default)]
pub(super) struct Orders(HashMap<String, Rc<ListedOrder>>);

impl Orders {
    /// `trip` tells which trip a line is about.
    pub fn of<E>(
        bookings: &[Booking],
        named: &[Named],
        known: &KnownEsims,
        mut trip: impl FnMut(&EsimsOfOrder, &Traveller, &[&Traveller]) -> Result<LineTrip, E>,
    ) -> Result<Orders, E> {
        let mut by_number = HashSet::new();
        for one in named {
            match one {
                Named::Esim { row, .. } => drop(by_number.insert(*row)),
                Named::Esims { rows, .. } => by_number.extend(rows.iter().map(|(_, row)| *row)),
                Named::Order(_) | Named::Nobody(_) => {}
            }
        }
        let mut lines: BTreeMap<String, Vec<(&Booking, &Traveller)>> = BTreeMap::new();
        for (booking, named) in bookings.iter().zip(named) {
            if let (Named::Order(reference), Ok(traveller)) = (named, &booking.traveller) {
                let lines = lines.entry(reference.clone()).or_default();
                lines.push((booking, traveller));
            }
        }
        let mut orders = HashMap::new();
        for (key, lines) in lines {
            let esims = known.order(&key);
            let free = esims.live.iter().filter(|row| !by_number.contains(row));
            let mut order = ListedOrder {
                reference: esims.reference.clone(),
                free: free.copied().collect(),
                live: esims.live.clone(),
                over: esims.over.clone(),
                ..ListedOrder::default()
            };
            let all: Vec<&Traveller> = lines.iter().map(|(_, one)| *one).collect();
            for (booking, traveller) in &lines {
                let trip = trip(&esims, traveller, &all)?;
                order.trips.insert(booking.place(), trip);
            }
            order.share_only_once();
            let names = lines.iter().map(|(_, one)| key_of_name(&one.name));
            let names: HashSet<String> = names.filter(|name| !name.is_empty()).collect();
            // As many names as eSIMs have one each, in however many lines they are reached otherwise.
            let namesakes = names.len() != order.free.len();
            for (booking, traveller) in lines {
                match order.trip(booking) {
                    LineTrip::Now => order.now.add(booking, traveller, namesakes),
                    LineTrip::Later => order.later.add(booking, traveller, namesakes),
                    LineTrip::Of(_) | LineTrip::Gone => {}
                }
            }
            orders.insert(key, Rc::new(order));
        }
        Ok(Orders(orders))
    }

    pub fn get(&self, reference: &str) -> Option<Rc<ListedOrder>> {
        self.0.get(reference).cloned()
    }
}

/// Longest text of several travellers that is put together: more does not fit into one anyway.
const MAX_JOINED: usize = 10_000;

/// Another traveller, beside those that are there: each name, and each contact.
fn beside(all: &mut Traveller, one: &Traveller) {
    let join = |all: &mut String, by: &str, one: &str| {
        let known = one.is_empty() || all.split(by).any(|known| known == one);
        if !known && all.len() < MAX_JOINED {
            if !all.is_empty() {
                all.push_str(by);
            }
            all.push_str(one);
        }
    };
    join(&mut all.name, ", ", &one.name);
    join(&mut all.contact, ", ", &one.contact);
    join(&mut all.note, "\n", &one.note);
    // Whoever leaves first has to be ready first.
    let starts = all
        .trip_start
        .take()
        .into_iter()
        .chain(one.trip_start.clone());
    all.trip_start = starts.min();
    let ends = all.trip_end.take().into_iter().chain(one.trip_end.clone());
    all.trip_end = ends.max();
    if all.tags.len() < MAX_JOINED {
        all.tags.extend(one.tags.iter().cloned());
    }
}
