//! The list of eSIMs in memory: which of 100,000 match what somebody types, in any order, within a few
//! milliseconds.
//!
//! In: every eSIM once, then the ones that changed. Out: row numbers, in order; what stands in a row is
//! asked of the store. It is a projection: whoever has lost track reads it again. Must not know: SQL,
//! alerts (whoever asks says which eSIMs need attention), the window.

mod query;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::esim::EsimState;
use crate::event::Status;
use crate::traveller::Traveller;

pub use query::{EsimFilter, EsimQuery, EsimSort, MAX_PAGE, Period};

/// One eSIM as it is told to the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its row.
    pub row: i64,
    /// Its state.
    pub state: EsimState,
    /// Its traveller, or its order's.
    pub traveller: Option<Traveller>,
}

/// What the roster keeps of one eSIM.
#[derive(Debug)]
struct Entry {
    row: i64,
    /// Reference, ICCID, eSIM id, traveller, and the rest of what is searched, folded: a line each.
    text: Box<str>,
    status: Status,
    package: Option<Box<str>>,
    since: Option<i64>,
    start: Option<i64>,
    end: Option<i64>,
    last_event: Option<i64>,
    first_activated: Option<i64>,
    /// MB; unlimited is infinite.
    data_left: Option<f64>,
    events: i64,
}

/// Lines of [`Entry::text`].
const REFERENCE: usize = 0;
const ICCID: usize = 1;
const ESIM_ID: usize = 2;
const TRAVELLER: usize = 3;

impl Entry {
    fn of(listed: &Listed) -> Entry {
        let Listed {
            row,
            state,
            traveller,
        } = listed;
        let mut text = String::new();
        for name in [&state.reference_id, &state.iccid, &state.esim_id] {
            text.push_str(&folded(name.as_deref().unwrap_or_default()));
            text.push('\n');
        }
        if let Some(traveller) = traveller {
            let texts = [&traveller.name, &traveller.contact, &traveller.note];
            for one in texts.into_iter().chain(&traveller.tags) {
                text.push_str(&folded(one));
                text.push('\n');
            }
        }
        let usage = &state.usage;
        Entry {
            row: *row,
            text: text.into(),
            status: state.status.clone().unwrap_or(Status::Unknown),
            package: usage
                .package_name
                .as_deref()
                .map(|name| folded(name).into()),
            since: state.status_since,
            start: state.period_start,
            end: state.period_end,
            last_event: state.last_event_at,
            first_activated: state.first_activated_at,
            data_left: match usage.unlimited {
                Some(true) => Some(f64::INFINITY),
                _ => usage.remaining_mb,
            },
            events: state.event_count,
        }
    }

    /// A line of the text; `None`: it is empty.
    fn line(&self, number: usize) -> Option<&str> {
        self.text
            .split('\n')
            .nth(number)
            .filter(|line| !line.is_empty())
    }
}

/// Case and accents away, so that "garcia" finds "García", and no line breaks.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('\n', " ");
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\n' { ' ' } else { c })
        .nfc()
        .collect()
}

/// The words of a search: digits and spaces alone are one number, as it is read out in groups.
fn words(search: &str) -> Vec<String> {
    let search = folded(search);
    let number = search
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace());
    if number {
        let joined: String = search.split_whitespace().collect();
        return if joined.is_empty() {
            Vec::new()
        } else {
            vec![joined]
        };
    }
    search.split_whitespace().map(str::to_owned).collect()
}

/// All eSIMs.
#[derive(Debug, Default)]
pub struct Roster {
    entries: Vec<Entry>,
    /// Where in `entries` a row is.
    places: HashMap<i64, u32>,
    /// All places, sorted the way that was asked for last.
    order: Vec<u32>,
    sorted: Option<(EsimSort, bool)>,
    /// What was asked last, and the places that it found.
    last: Option<(EsimFilter, i64, HashSet<i64>)>,
    found: Vec<u32>,
}

impl Roster {
    /// Room for every eSIM of a store.
    #[must_use]
    pub fn of(all: impl IntoIterator<Item = Listed>) -> Roster {
        let mut roster = Roster::default();
        for listed in all {
            roster.add(&listed);
        }
        roster
    }

    /// Takes an eSIM in, or takes over how it is now.
    pub fn add(&mut self, listed: &Listed) {
        let entry = Entry::of(listed);
        self.last = None;
        match self.places.get(&listed.row).copied() {
            Some(place) => {
                if let Some(known) = self.entries.get_mut(place as usize) {
                    *known = entry;
                }
            }
            None => {
                let place = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
                self.places.insert(listed.row, place);
                self.order.push(place);
                self.entries.push(entry);
            }
        }
        // Nearly in order, it is soon sorted again.
        self.sorted = None;
    }

    /// An eSIM became one with another.
    pub fn remove(&mut self, row: i64) {
        let Some(place) = self.places.remove(&row) else {
            return;
        };
        self.last = None;
        self.sorted = None;
        self.entries.swap_remove(place as usize);
        if let Some(moved) = self.entries.get(place as usize) {
            self.places.insert(moved.row, place);
        }
        let gone = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.order.retain(|place| *place != gone);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Rows of all eSIMs that match, in order. `now`: UTC seconds. `attention`: rows of the eSIMs that need
    /// somebody; only read if the filter asks for them.
    pub fn find(
        &mut self,
        filter: &EsimFilter,
        now: i64,
        attention: &HashSet<i64>,
    ) -> impl ExactSizeIterator<Item = i64> + '_ {
        // Periods are as of a second; two pages of one list are mostly asked for within one.
        let at = if filter.period.is_some() { now } else { 0 };
        let known = self.last.as_ref().is_some_and(|(last, when, needing)| {
            last == filter && *when == at && (!filter.attention || needing == attention)
        });
        if !known {
            self.sort(filter.sort, filter.descending);
            self.found = self.matching(filter, now, attention);
            let needing = if filter.attention {
                attention.clone()
            } else {
                HashSet::new()
            };
            self.last = Some((filter.clone(), at, needing));
        }
        self.found.iter().map(|place| {
            self.entries
                .get(*place as usize)
                .map_or(0, |entry| entry.row)
        })
    }

    fn matching(&self, filter: &EsimFilter, now: i64, attention: &HashSet<i64>) -> Vec<u32> {
        let words = words(&filter.search);
        let finders: Vec<Finder<'_>> = words.iter().map(|word| Finder::new(word)).collect();
        let fits = |entry: &Entry| {
            (filter.statuses.is_empty()
                || filter
                    .statuses
                    .iter()
                    .any(|status| status == entry.status.as_str()))
                && filter
                    .period
                    .is_none_or(|period| period.fits(entry.start, entry.end, now))
                && (!filter.attention || attention.contains(&entry.row))
                && finders
                    .iter()
                    .all(|finder| finder.find(entry.text.as_bytes()).is_some())
        };
        let order = self.order.iter().copied();
        order
            .filter(|place| self.entries.get(*place as usize).is_some_and(fits))
            .collect()
    }

    fn sort(&mut self, sort: EsimSort, descending: bool) {
        if self.sorted == Some((sort, descending)) {
            return;
        }
        let entries = &self.entries;
        let by_number = |order: &mut Vec<u32>, key: fn(&Entry) -> Option<i64>| {
            sort_by_key(order, entries, descending, key, Ord::cmp);
        };
        let order = &mut self.order;
        match sort {
            EsimSort::LastEvent => by_number(order, |entry| entry.last_event),
            EsimSort::StatusSince => by_number(order, |entry| entry.since),
            EsimSort::Start => by_number(order, |entry| entry.start),
            EsimSort::End => by_number(order, |entry| entry.end),
            EsimSort::FirstActivated => by_number(order, |entry| entry.first_activated),
            EsimSort::Events => by_number(order, |entry| Some(entry.events)),
            EsimSort::DataLeft => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.data_left,
                    f64::total_cmp,
                );
            }
            EsimSort::Status => sort_by_key(
                order,
                entries,
                descending,
                // In the order of an eSIM's life, as the enum has it.
                |entry| Some(&entry.status),
                Ord::cmp,
            ),
            EsimSort::Package => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.package.as_deref(),
                    Ord::cmp,
                );
            }
            EsimSort::Reference => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.line(REFERENCE),
                    Ord::cmp,
                );
            }
            EsimSort::Iccid => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.line(ICCID),
                    Ord::cmp,
                );
            }
            EsimSort::EsimId => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.line(ESIM_ID),
                    Ord::cmp,
                );
            }
            EsimSort::Traveller => {
                sort_by_key(
                    order,
                    entries,
                    descending,
                    |entry| entry.line(TRAVELLER),
                    Ord::cmp,
                );
            }
        }
        self.sorted = Some((sort, descending));
    }
}

/// Sorts places by what `key` says of their entries, those without a value last, equal ones by row.
fn sort_by_key<'a, K>(
    order: &mut Vec<u32>,
    entries: &'a [Entry],
    descending: bool,
    key: impl Fn(&'a Entry) -> Option<K>,
    compare: impl Fn(&K, &K) -> Ordering,
) {
    // The keys lie side by side while they are compared, not all over the memory.
    let mut keyed: Vec<(Option<K>, i64, u32)> = order
        .iter()
        .filter_map(|place| {
            let entry = entries.get(*place as usize)?;
            Some((key(entry), entry.row, *place))
        })
        .collect();
    let in_order = |a: &K, b: &K, rows: Ordering| {
        let order = compare(a, b).then(rows);
        if descending { order.reverse() } else { order }
    };
    keyed.sort_by(|(a, a_row, _), (b, b_row, _)| match (a, b) {
        (Some(a), Some(b)) => in_order(a, b, a_row.cmp(b_row)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) if descending => b_row.cmp(a_row),
        (None, None) => a_row.cmp(b_row),
    });
    order.clear();
    order.extend(keyed.into_iter().map(|(_, _, place)| place));
}

#[cfg(test)]
mod tests;
