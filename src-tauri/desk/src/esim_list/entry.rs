//! What the list keeps of one eSIM: what is searched, and what it is sorted and filtered by.

use std::cmp::Ordering;

use esim_watch_core::event::Status;
use esim_watch_core::search::fold;
use esim_watch_core::store::EsimAndTraveller;
use memchr::memmem::Finder;

use super::EsimSort;

/// What the list keeps of one eSIM.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) row: i64,
    /// Reference, ICCID, eSIM id, traveller, and the rest of what is searched, folded: a line each.
    text: Box<str>,
    pub(super) status: Status,
    package: Option<Box<str>>,
    since: Option<i64>,
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
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
    pub(super) fn of(esim: &EsimAndTraveller) -> Entry {
        let EsimAndTraveller {
            row,
            state,
            traveller,
        } = esim;
        let mut text = String::new();
        for name in [&state.reference_id, &state.iccid, &state.esim_id] {
            text.push_str(&fold(name.as_deref().unwrap_or_default()));
            text.push('\n');
        }
        if let Some(traveller) = traveller {
            let texts = [&traveller.name, &traveller.contact, &traveller.note];
            for one in texts.into_iter().chain(&traveller.tags) {
                text.push_str(&fold(one));
                text.push('\n');
            }
        }
        let usage = &state.usage;
        Entry {
            row: *row,
            text: text.into(),
            status: state.status.clone().unwrap_or(Status::Unknown),
            package: usage.package_name.as_deref().map(|name| fold(name).into()),
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

    /// Whether all of these are somewhere in its text.
    pub(super) fn has(&self, words: &[Finder<'_>]) -> bool {
        let text = self.text.as_bytes();
        words.iter().all(|word| word.find(text).is_some())
    }

    /// What it is sorted by; `None`: it has no such value.
    pub(super) fn key(&self, sort: EsimSort) -> Option<Key<'_>> {
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
            EsimSort::Package => self.package.as_deref().map(Key::Text),
            EsimSort::Reference => self.line(REFERENCE).map(Key::Text),
            EsimSort::Iccid => self.line(ICCID).map(Key::Text),
            EsimSort::EsimId => self.line(ESIM_ID).map(Key::Text),
            EsimSort::Traveller => self.line(TRAVELLER).map(Key::Text),
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

/// What eSIMs are sorted by. One order compares only keys of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    Number(i64),
    Data(f64),
    Status(&'a Status),
    Text(&'a str),
}

impl Key<'_> {
    pub(super) fn compare(&self, other: &Key<'_>) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.cmp(b),
            (Key::Data(a), Key::Data(b)) => a.total_cmp(b),
            (Key::Status(a), Key::Status(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}
