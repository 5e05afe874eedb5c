//! What the list keeps of one eSIM: what is searched, and what it is sorted and filtered by.

use std::cell::OnceCell;
use std::cmp::Ordering;

use esim_watch_core::event::Status;
use esim_watch_core::letters::Letters;
use esim_watch_core::search::SearchedText;
use esim_watch_core::store::EsimAndTraveller;
use memchr::memmem::Finder;

use super::EsimSort;

/// What the list keeps of one eSIM.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) row: i64,
    /// What is searched, then the names that it is sorted by as they are written: a line each.
    text: Box<str>,
    /// Where the names begin.
    names: u32,
    pub(super) status: Status,
    since: Option<i64>,
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    last_event: Option<i64>,
    first_activated: Option<i64>,
    /// MB; unlimited is infinite.
    data_left: Option<f64>,
    events: i64,
    /// Places of names in the order of letters, made when somebody sorts by them.
    keys: OnceCell<Box<Keys>>,
}

/// Places of the names of one eSIM in the order of letters.
type Keys = [OnceCell<Box<[u8]>>; 3];

/// A name that eSIMs are sorted by: its line, and its place in [`Entry::keys`].
#[derive(Debug, Clone, Copy)]
enum Name {
    Reference = 0,
    Traveller = 1,
    Package = 2,
    Iccid = 3,
    EsimId = 4,
}

impl Entry {
    pub(super) fn of(esim: &EsimAndTraveller) -> Entry {
        let EsimAndTraveller {
            row,
            state,
            traveller,
        } = esim;
        let mut text = SearchedText::default();
        let reference = [&state.reference_id, &state.reference_written];
        for number in reference.into_iter().chain([&state.iccid]).flatten() {
            text.add_number(number);
        }
        if let Some(id) = &state.esim_id {
            text.add_id(id);
        }
        if let Some(traveller) = traveller {
            let texts = [&traveller.name, &traveller.contact, &traveller.note];
            for one in texts.into_iter().chain(&traveller.tags) {
                text.add(one);
            }
        }
        let usage = &state.usage;
        let mut text = String::from(text);
        let names = u32::try_from(text.len()).unwrap_or(u32::MAX);
        // In the order of `Name`.
        for name in [
            state.reference_id.as_deref(),
            traveller.as_ref().map(|traveller| traveller.name.as_str()),
            usage.package_name.as_deref(),
            state.iccid.as_deref(),
            state.esim_id.as_deref(),
        ] {
            let one_line = name.unwrap_or_default().split('\n');
            text.extend(one_line);
            text.push('\n');
        }
        Entry {
            row: *row,
            text: text.into(),
            names,
            status: state.status.clone().unwrap_or(Status::Unknown),
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
            keys: OnceCell::new(),
        }
    }

    /// Whether each of these words is somewhere in its text, in one of its spellings.
    pub(super) fn has(&self, words: &[Vec<Finder<'_>>]) -> bool {
        let text = self.text.as_bytes();
        let text = text.get(..self.names as usize).unwrap_or(text);
        words
            .iter()
            .all(|word| word.iter().any(|spelling| spelling.find(text).is_some()))
    }

    /// What it is sorted by; `None`: it has no such value.
    pub(super) fn key(&self, sort: EsimSort, letters: &Letters) -> Option<Key<'_>> {
        match sort {
            EsimSort::LastEvent => self.last_event.map(Key::Number),
            EsimSort::StatusSince => self.since.map(Key::Number),
            EsimSort::Start => self.start.map(Key::Number),
            EsimSort::End => self.end.map(Key::Number),
            EsimSort::FirstActivated => self.first_activated.map(Key::Number),
            EsimSort::Events => Some(Key::Number(self.events)),
            EsimSort::DataLeft => self.data_left.map(Key::Data),
            // In the order of an eSIM's life, as the enum has it.
            EsimSort::Status => Some(Key::Status(&self.status)),
            EsimSort::Package => self.letters(Name::Package, letters),
            EsimSort::Reference => self.letters(Name::Reference, letters),
            EsimSort::Traveller => self.letters(Name::Traveller, letters),
            // Digits, and letters of one case: their bytes are in order.
            EsimSort::Iccid => self
                .name(Name::Iccid)
                .map(|name| Key::Letters(name.as_bytes())),
            EsimSort::EsimId => self
                .name(Name::EsimId)
                .map(|name| Key::Letters(name.as_bytes())),
        }
    }

    /// Forgets its places in the order of letters: there is another order.
    pub(super) fn forget_letters(&mut self) {
        self.keys = OnceCell::new();
    }

    fn letters(&self, name: Name, letters: &Letters) -> Option<Key<'_>> {
        let text = self.name(name)?;
        let key = self.keys.get_or_init(Box::default).get(name as usize)?;
        Some(Key::Letters(key.get_or_init(|| letters.key(text))))
    }

    /// A name; `None`: it is empty.
    fn name(&self, name: Name) -> Option<&str> {
        let mut names = self.text.get(self.names as usize..)?.split('\n');
        names.nth(name as usize).filter(|name| !name.is_empty())
    }
}

/// What eSIMs are sorted by. One order compares only keys of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    Number(i64),
    Data(f64),
    Status(&'a Status),
    /// Bytes in the order of what they stand for.
    Letters(&'a [u8]),
}

impl Key<'_> {
    pub(super) fn compare(&self, other: &Key<'_>) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.cmp(b),
            (Key::Data(a), Key::Data(b)) => a.total_cmp(b),
            (Key::Status(a), Key::Status(b)) => a.cmp(b),
            (Key::Letters(a), Key::Letters(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}
