//! The orders that a list names, and who travels with each.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::known::{KnownEsims, Named, key_of, key_of_name};
use crate::booking::line::Booking;
use crate::traveller::Traveller;

/// An order in a list.
#[derive(Debug, Clone, Default)]
pub(super) struct ListedOrder {
    /// Its reference as its sender writes it, else as the list does.
    pub written: String,
    /// Its eSIMs that are not over.
    pub live: Vec<i64>,
    /// Those of them that no line names by a number.
    pub free: Vec<i64>,
    /// Its eSIMs that are over.
    pub over: Vec<i64>,
    /// Whoever travels with it, by name, and the first line of each, in the order of the lines.
    pub people: Vec<(String, usize)>,
    lines: HashMap<String, usize>,
    /// All of them in one.
    pub all: Traveller,
}

impl ListedOrder {
    /// The other line about the same traveller. A line without a name is about whoever the first is.
    pub fn repeated(&self, booking: &Booking) -> Option<usize> {
        let name = key_of_name(&booking.traveller.as_ref().ok()?.name);
        let first = self.people.first().map(|(_, line)| line);
        let same = self.lines.get(&name).or(first.filter(|_| name.is_empty()));
        same.copied().filter(|line| *line != booking.line)
    }

    fn add(&mut self, booking: &Booking, traveller: &Traveller) {
        let name = key_of_name(&traveller.name);
        if self.lines.contains_key(&name) {
            return;
        }
        if !name.is_empty() {
            // Whoever was not named before is somebody who is named here.
            self.people.retain(|(name, _)| !name.is_empty());
            self.lines.remove("");
        } else if !self.people.is_empty() {
            return;
        }
        self.lines.insert(name.clone(), booking.line);
        self.people.push((name, booking.line));
        beside(&mut self.all, traveller);
    }
}

/// The orders of a list by their references.
#[derive(Debug, Default)]
pub(super) struct Orders(HashMap<String, Rc<ListedOrder>>);

impl Orders {
    pub fn of(bookings: &[Booking], named: &[Named], known: &KnownEsims) -> Orders {
        let mut by_number = HashSet::new();
        for one in named {
            match one {
                Named::Esim { row, .. } => drop(by_number.insert(*row)),
                Named::Esims(rows) => by_number.extend(rows),
                Named::Order(_) | Named::Nobody(_) => {}
            }
        }
        let mut orders: HashMap<String, ListedOrder> = HashMap::new();
        for (booking, named) in bookings.iter().zip(named) {
            let (Named::Order(reference), Ok(traveller)) = (named, &booking.traveller) else {
                continue;
            };
            let order = orders.entry(key_of(reference)).or_insert_with(|| {
                let esims = known.order(reference);
                let free = esims.live.iter().filter(|row| !by_number.contains(row));
                ListedOrder {
                    free: free.copied().collect(),
                    written: esims.written,
                    live: esims.live,
                    over: esims.over,
                    ..ListedOrder::default()
                }
            });
            order.add(booking, traveller);
        }
        let shared = orders.into_iter().map(|(key, order)| (key, Rc::new(order)));
        Orders(shared.collect())
    }

    pub fn get(&self, reference: &str) -> Option<Rc<ListedOrder>> {
        self.0.get(&key_of(reference)).cloned()
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
