//! All places of the list in one order, kept while eSIMs come, change and go.
//!
//! Every change moves an eSIM to the top of "latest event", and a busy desk changes some fifty of them
//! between two questions: those are taken out and put in again, the others stay as they are.

use std::cmp::Ordering;

use super::EsimSort;
use super::entry::{Entry, Key};
use esim_watch_core::letters::Letters;

/// Where the entries are kept; a place whose eSIM is gone is empty until the next one takes it.
pub(super) type Entries = [Option<Entry>];

/// More changes than one in this many are quicker sorted all together.
const RESORT_SHARE: usize = 8;
/// However short the list is, this many changes are put in one by one.
const FEW_CHANGES: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Order {
    /// `None`: they are in none.
    sort: Option<EsimSort>,
    /// Smallest first, then those without a value; equal ones by row.
    places: Vec<u32>,
    /// How many of them have a value.
    valued: usize,
    /// Places whose entries changed since.
    changed: Vec<u32>,
}

impl Order {
    /// What is at this place changed, came or went.
    pub(super) fn touch(&mut self, place: u32) {
        if self.sort.is_none() {
            return;
        }
        self.changed.push(place);
        if self.changed.len() > FEW_CHANGES.max(self.places.len() / RESORT_SHARE) {
            *self = Order::default();
        }
    }

    /// Puts all places into this order.
    pub(super) fn arrange(&mut self, sort: EsimSort, entries: &Entries, letters: &Letters) {
        if self.sort != Some(sort) {
            self.sort = Some(sort);
            self.places = sorted(sort, entries, letters, 0..size(entries));
        } else if !self.changed.is_empty() {
            self.places = self.with_changes(sort, entries, letters);
        } else {
            return;
        }
        self.changed.clear();
        self.valued = self.places.partition_point(|place| {
            key(sort, entries, letters, *place).is_some_and(|(key, _)| key.is_some())
        });
    }

    /// All places in this order, those without a value last both ways.
    pub(super) fn places(&self, descending: bool) -> impl Iterator<Item = u32> + '_ {
        let (valued, rest) = self
            .places
            .split_at_checked(self.valued)
            .unwrap_or((&self.places, &[]));
        let up = (!descending).then(|| valued.iter().chain(rest));
        let down = descending.then(|| valued.iter().rev().chain(rest.iter().rev()));
        up.into_iter()
            .flatten()
            .chain(down.into_iter().flatten())
            .copied()
    }

    fn with_changes(&self, sort: EsimSort, entries: &Entries, letters: &Letters) -> Vec<u32> {
        let mut moved = vec![false; entries.len()];
        for place in &self.changed {
            if let Some(moved) = moved.get_mut(*place as usize) {
                *moved = true;
            }
        }
        let is_moved = |place: u32| moved.get(place as usize).copied().unwrap_or(true);
        let mut stayed = self.places.clone();
        stayed.retain(|place| !is_moved(*place));
        let back = (0..size(entries)).filter(|place| is_moved(*place));
        let mut rest = stayed.as_slice();
        let mut places = Vec::with_capacity(entries.len());
        for place in sorted(sort, entries, letters, back) {
            let Some(moved) = key(sort, entries, letters, place) else {
                continue;
            };
            let before = rest.partition_point(|other| {
                key(sort, entries, letters, *other)
                    .is_some_and(|other| compare(&other, &moved).is_lt())
            });
            let (first, after) = rest.split_at_checked(before).unwrap_or((rest, &[]));
            places.extend_from_slice(first);
            places.push(place);
            rest = after;
        }
        places.extend_from_slice(rest);
        places
    }
}

fn size(entries: &Entries) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

/// Its key and its row; `None`: nothing is at this place.
fn key<'a>(
    sort: EsimSort,
    entries: &'a Entries,
    letters: &Letters,
    place: u32,
) -> Option<(Option<Key<'a>>, i64)> {
    let entry = entries.get(place as usize)?.as_ref()?;
    Some((entry.key(sort, letters), entry.row))
}

fn compare((a, a_row): &(Option<Key<'_>>, i64), (b, b_row): &(Option<Key<'_>>, i64)) -> Ordering {
    let order = match (a, b) {
        (Some(a), Some(b)) => a.compare(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    order.then(a_row.cmp(b_row))
}

/// Those of these places that are taken, in order.
fn sorted(
    sort: EsimSort,
    entries: &Entries,
    letters: &Letters,
    places: impl Iterator<Item = u32>,
) -> Vec<u32> {
    // The keys lie side by side while they are compared, not all over the memory.
    let mut keyed: Vec<((Option<Key<'_>>, i64), u32)> = places
        .filter_map(|place| Some((key(sort, entries, letters, place)?, place)))
        .collect();
    keyed.sort_unstable_by(|(a, _), (b, _)| compare(a, b));
    keyed.into_iter().map(|(_, place)| place).collect()
}
