//! The list of eSIMs in memory: which of 100,000 match what somebody types, in any order, within a few
//! milliseconds.
//!
//! In: every eSIM once, then the ones that changed. Out: row numbers, in order; what stands in a row is
//! asked of the store. It is a projection: whoever has lost track reads it again. Must not know: SQL,
//! alerts (whoever asks says which eSIMs need attention, or to which something happened), the window.

mod columns;
mod entry;
mod kept;
mod order;
mod query;

use std::collections::{HashMap, HashSet};

use esim_watch_core::catalogue::Language;
use esim_watch_core::letters::Letters;
use esim_watch_core::search::Search;
use esim_watch_core::store::EsimAndTraveller;
use memchr::memmem::Finder;

use entry::Entry;
use order::Order;

pub use columns::{ColumnFilter, EsimColumn, EsimColumnFact, esim_columns};
pub use kept::{EsimList, EsimPage, StaleRows};
pub use query::{EsimFilter, EsimQuery, EsimSort, MAX_PAGE_ESIMS, Period};

/// Where more than one eSIM in so many was found, looking at all of them as they lie in the memory is
/// quicker than at those that were found, in their order.
const SCAN_SHARE: usize = 16;

/// All eSIMs.
#[derive(Debug, Default)]
pub struct EsimIndex {
    /// `None`: whoever was there is gone; the next one takes the place.
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    /// Where in `entries` a row is.
    places: HashMap<i64, u32>,
    order: Order,
    letters: Letters,
    /// What was asked last, unless something changed since.
    last: Option<Asked>,
    /// The places that it found.
    found: Vec<u32>,
}

/// A question as of the moment it was asked.
#[derive(Debug)]
struct Asked {
    filter: EsimFilter,
    /// Its search, understood.
    search: Search,
    /// UTC seconds; 0 where time does not matter.
    at: i64,
    /// The rows that are meant; empty where the filter names none.
    rows: HashSet<i64>,
}

impl Asked {
    /// Whether they differ in the search at most.
    fn is_as(&self, other: &Asked) -> bool {
        let alike = EsimFilter {
            search: other.filter.search.clone(),
            ..self.filter.clone()
        };
        alike == other.filter && self.at == other.at && self.rows == other.rows
    }

    /// Whether everything that its words find was found by those of `wider`: somebody typed on.
    fn narrows(&self, wider: &Asked) -> bool {
        self.search.narrows(&wider.search)
    }

    /// Whether it leaves anything out.
    fn is_narrow(&self) -> bool {
        let filter = &self.filter;
        !self.search.is_empty() || filter.names_rows() || !columns::filters(filter).is_empty()
    }
}

/// What a question found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    entries: &'a [Option<Entry>],
    places: &'a [u32],
}

impl Found<'_> {
    /// How many eSIMs match.
    #[must_use]
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// Their rows after the first `skip`, in order, at most so many.
    pub fn rows(&self, skip: usize, most: usize) -> impl Iterator<Item = i64> + '_ {
        let places = self.places.iter().skip(skip).take(most);
        let entry = |place: u32| self.entries.get(place as usize)?.as_ref();
        places.filter_map(move |place| Some(entry(*place)?.row))
    }
}

impl EsimIndex {
    /// A list of these.
    #[must_use]
    pub fn of(all: impl IntoIterator<Item = EsimAndTraveller>) -> EsimIndex {
        let mut index = EsimIndex::default();
        for esim in all {
            index.add(&esim);
        }
        index
    }

    /// Takes an eSIM in, or takes over how it is now.
    pub fn add(&mut self, esim: &EsimAndTraveller) {
        let entry = Some(Entry::of(esim));
        self.last = None;
        let place = self.places.get(&esim.row).copied();
        let place = place.or_else(|| self.free.pop()).unwrap_or_else(|| {
            self.entries.push(None);
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        });
        self.places.insert(esim.row, place);
        if let Some(kept) = self.entries.get_mut(place as usize) {
            *kept = entry;
        }
        self.order.touch(place);
    }

    /// An eSIM became one with another.
    pub fn remove(&mut self, row: i64) {
        let Some(place) = self.places.remove(&row) else {
            return;
        };
        self.last = None;
        if let Some(kept) = self.entries.get_mut(place as usize) {
            *kept = None;
        }
        self.free.push(place);
        self.order.touch(place);
    }

    /// Sorts names by the order of this language's letters from now on.
    pub fn speak(&mut self, language: Language) {
        if language == self.letters.language() {
            return;
        }
        self.letters = Letters::of(language);
        self.order = Order::default();
        self.last = None;
        for entry in self.entries.iter_mut().flatten() {
            entry.forget_letters();
        }
    }

    /// Everybody is in: gives back the memory that was only there to grow.
    pub fn settle(&mut self) {
        self.entries.shrink_to_fit();
        self.places.shrink_to_fit();
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All eSIMs that match, in order. `now`: UTC seconds. `rows`: rows of the eSIMs that need
    /// somebody, or to which something happened; only read if the filter asks for them.
    pub fn find(&mut self, filter: &EsimFilter, now: i64, rows: &HashSet<i64>) -> Found<'_> {
        let asked = Asked {
            filter: filter.clone(),
            search: Search::of(&filter.search),
            // Periods are as of a second; two pages of one list are mostly asked for within one.
            at: match columns::goes_by_time(filter) {
                true => now,
                false => 0,
            },
            rows: match filter.names_rows() {
                true => rows.clone(),
                false => HashSet::new(),
            },
        };
        let few = self.found.len() <= self.entries.len() / SCAN_SHARE;
        match &self.last {
            Some(last) if asked.is_as(last) && asked.search == last.search => {}
            Some(last) if few && asked.is_as(last) && asked.narrows(last) => {
                let fits = fits(&asked);
                let entry = |place: u32| self.entries.get(place as usize)?.as_ref();
                self.found.retain(|place| entry(*place).is_some_and(&fits));
            }
            _ => {
                self.order
                    .arrange(filter.sort, &self.entries, &self.letters);
                self.found = self.matching(&asked);
            }
        }
        self.last = Some(asked);
        Found {
            entries: &self.entries,
            places: &self.found,
        }
    }

    fn matching(&self, asked: &Asked) -> Vec<u32> {
        let order = self.order.places(asked.filter.descending);
        if !asked.is_narrow() {
            return order.collect();
        }
        // One after the other as they lie in the memory, which is several times as fast as in order.
        let fits = fits(asked);
        let entries = self.entries.iter();
        let matching: Vec<bool> = entries
            .map(|entry| entry.as_ref().is_some_and(&fits))
            .collect();
        order
            .filter(|place| matching.get(*place as usize).copied().unwrap_or(false))
            .collect()
    }
}

/// Tells which eSIMs a question finds.
fn fits(asked: &Asked) -> impl Fn(&Entry) -> bool + '_ {
    let filter = &asked.filter;
    let words: Vec<Vec<Finder<'_>>> = asked
        .search
        .words()
        .map(|spellings| spellings.iter().map(Finder::new).collect())
        .collect();
    let filters = columns::filters(filter);
    move |entry: &Entry| {
        filters.iter().all(|one| one.keeps(filter, entry, asked.at))
            && (!filter.names_rows() || asked.rows.contains(&entry.row))
            && entry.has(&words)
    }
}

#[cfg(test)]
mod tests;
