//! Lines that name several travellers in one cell: each has an eSIM of its own where there are as many; else they are
//! noted together, as they are written.

use std::collections::{HashMap, HashSet};

use super::known::{KnownEsims, Named};
use super::person::key_of_name;
use super::references::add;
use crate::booking::doubts::LineDoubt;
use crate::booking::line::{Booking, SeveralTravellers};

/// The lines, with one for each traveller of those that name several. `asked`: what somebody says of such lines.
pub(super) fn each(
    bookings: &[Booking],
    named: &[Named],
    known: &KnownEsims,
    asked: Option<bool>,
) -> Vec<Booking> {
    let orders = free_and_listed(bookings, named, known, asked);
    let mut all: Vec<Booking> = Vec::with_capacity(bookings.len());
    for (booking, named) in bookings.iter().zip(named) {
        let Some(several) = &booking.several else {
            add(&mut all, booking.clone());
            continue;
        };
        let count = several.travellers.len();
        if !is_each(several, asked) {
            let mut one = booking.clone();
            let doubt = LineDoubt::MaybeSeveral { count };
            one.doubts.extend(asked.is_none().then_some(doubt));
            add(&mut all, one);
            continue;
        }
        let as_many = match named {
            _ if !booking.iccids.is_empty() => booking.iccids.len() == count,
            Named::Order(reference) => orders
                .get(reference)
                .is_some_and(|(free, listed)| *free == listed.len()),
            Named::Esim { .. } | Named::Esims { .. } | Named::Nobody(_) => false,
        };
        if !as_many {
            let mut one = booking.clone();
            one.doubts.push(LineDoubt::SeveralTogether { count });
            add(&mut all, one);
            continue;
        }
        for (at, traveller) in several.travellers.iter().enumerate() {
            let mut one = Booking {
                who: traveller.name.clone(),
                traveller: Ok(traveller.clone()),
                several: None,
                ..booking.clone()
            };
            if let Some(iccid) = booking.iccids.get(at) {
                one.iccids = vec![iccid.clone()];
            }
            one.doubts.push(LineDoubt::OneOfSeveral { count });
            add(&mut all, one);
        }
    }
    all
}

fn is_each(several: &SeveralTravellers, asked: Option<bool>) -> bool {
    asked.unwrap_or(several.sure)
}

/// Of each order by its reference: its eSIMs that no line names by a number, and the names of all whom the list names.
fn free_and_listed(
    bookings: &[Booking],
    named: &[Named],
    known: &KnownEsims,
    asked: Option<bool>,
) -> HashMap<String, (usize, HashSet<String>)> {
    let mut by_number = HashSet::new();
    for one in named {
        match one {
            Named::Esim { row, .. } => drop(by_number.insert(*row)),
            Named::Esims { rows, .. } => by_number.extend(rows.iter().map(|(_, row)| *row)),
            Named::Order(_) | Named::Nobody(_) => {}
        }
    }
    let mut orders: HashMap<String, (usize, HashSet<String>)> = HashMap::new();
    for (booking, named) in bookings.iter().zip(named) {
        let (Named::Order(reference), Ok(traveller)) = (named, &booking.traveller) else {
            continue;
        };
        let (_, listed) = orders.entry(reference.clone()).or_insert_with(|| {
            let live = known.order(reference).live;
            let free = live.iter().filter(|row| !by_number.contains(row));
            (free.count(), HashSet::new())
        });
        let several = booking.several.as_ref();
        match several.filter(|several| is_each(several, asked)) {
            Some(several) => {
                let names = several.travellers.iter().map(|one| key_of_name(&one.name));
                listed.extend(names);
            }
            None => drop(listed.insert(key_of_name(&traveller.name))),
        }
    }
    orders
}
