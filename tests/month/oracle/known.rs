//! What is known of one eSIM at a moment: what was said of it so far, in the order in which it was so.

use crate::calendar::HOUR;
use crate::world::{ENDED, Life, ON_NO_DEVICE, Said};

use super::FLAP;

/// Data that rises by so many percent was added.
const ADDED: f64 = 1.05;
/// With so much nobody thinks of it as little, whatever is set.
const PLENTY: f64 = 36.0;

/// A count of times, by what is known at a moment and by all that is ever known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nth {
    count: u32,
    began: u32,
    pub really: u32,
    /// It seems to be another one than before, although it is the same: what parts the two was over within seconds, as is
    /// learnt late.
    pub seems: bool,
}

impl Nth {
    fn next(&mut self, really: u32) {
        self.seems = self.count > 0 && self.really == really && really > 0;
        self.count += 1;
        (self.began, self.really) = (really, really);
    }

    fn goes_on(&mut self, really: u32) {
        self.really = really;
    }

    /// Whether what is known tells it from the one before.
    pub fn is_distinct(&self) -> bool {
        self.began == self.really
    }

    pub fn is_none(&self) -> bool {
        self.count == 0
    }

    /// The first of those that can't be told apart.
    pub fn earliest(&self) -> u32 {
        self.began
    }
}

/// A status that ends an eSIM's life, as often as it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending {
    pub nth: Nth,
    pub since: i64,
    /// When it came last: a flap begins it anew.
    pub last: i64,
    /// It had ended already.
    pub no_news: bool,
    /// Which package ended.
    period: Option<usize>,
    stopped: Option<i64>,
    /// Since it ended data was used: if it ends once more, it had been given back.
    used: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Known {
    pub status: Option<&'static str>,
    pub period: Option<usize>,
    /// Percent, of this period.
    pub left: Option<f64>,
    pub expired: Ending,
    pub revoked: Ending,
    /// How often it was given back after an end.
    pub back: Nth,
    /// How often data was added.
    pub added: Nth,
    /// There was plenty of it when it was added last.
    pub plenty: bool,
    /// When it last ended, and was given back.
    pub broke: Option<(i64, i64)>,
    /// When that became known.
    pub broke_known_at: Option<i64>,
    /// By the first of the periods that the sender tells as one: when it was first in use.
    pub used: Vec<Option<i64>>,
    /// The same as the dates have it: a report that is dated behind an end says nothing of the time before.
    pub used_by_date: Vec<Option<i64>>,
    /// By period: whether it was in use, as far as anybody knows.
    pub seen: Vec<bool>,
    /// By period: whether it was said to have ended.
    pub ended: Vec<bool>,
    pub sold_since: Option<i64>,
    /// Another package began after an end, and nobody has said more of it.
    pub vague: bool,
    ended_at: Option<i64>,
    /// By period: the first of those that the sender tells as one.
    roots: Vec<usize>,
}

/// The counts of [`Known`] by all that is ever known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    expired: u32,
    revoked: u32,
    back: u32,
    added: u32,
}

/// What is known, in order, each with its place.
pub fn in_order(life: &Life) -> Vec<&Said> {
    let mut said: Vec<&Said> = life
        .said
        .iter()
        .filter(|said| said.known_at.is_some())
        .collect();
    said.sort_by_key(|said| said.so_at_ms);
    said
}

impl Known {
    /// After everything that was ever known, the counts after each.
    pub fn counts(life: &Life, all: &[&Said]) -> Vec<Counts> {
        let mut known = Known::of(life);
        all.iter()
            .map(|said| {
                known.takes(said, None);
                Counts {
                    expired: known.expired.nth.count,
                    revoked: known.revoked.nth.count,
                    back: known.back.count,
                    added: known.added.count,
                }
            })
            .collect()
    }

    pub fn at(life: &Life, all: &[&Said], counts: &[Counts], at: i64) -> Known {
        let mut known = Known::of(life);
        for (said, counts) in all.iter().zip(counts) {
            if said.known_at.is_some_and(|known_at| known_at <= at) {
                known.takes(said, Some(*counts));
            }
        }
        known
    }

    fn of(life: &Life) -> Known {
        Known {
            roots: (0..life.periods.len())
                .map(|period| life.root(period))
                .collect(),
            used: vec![None; life.periods.len()],
            used_by_date: vec![None; life.periods.len()],
            seen: vec![false; life.periods.len()],
            ended: vec![false; life.periods.len()],
            ..Known::default()
        }
    }

    fn takes(&mut self, said: &Said, counts: Option<Counts>) {
        let at = said.so_at_ms.div_euclid(1000);
        // While the counts are made there are none to go by.
        let counts = counts.unwrap_or_default();
        let before = (self.status, self.period);
        if let Some(period) = said.period {
            if self.period != Some(period) {
                self.left = None;
            }
            self.period = Some(period);
        }
        let ended = self.status.is_some_and(|status| ENDED.contains(&status));
        let same_period = before.1 == self.period || before.1.is_none();
        // Of an end a report knows nothing: it may have been made before.
        let root = |period: Option<usize>| period.map(|period| self.roots[period]);
        let same_start = same_period || root(before.1) == root(self.period);
        let just_ended = self.ended_at.is_some_and(|ended| at - ended <= HOUR);
        let lags = ended && (same_period || (same_start && just_ended)) && said.left.is_some();
        // Nor of an end that came before in a life.
        let place = |status: Option<&str>| ENDED.iter().position(|end| Some(*end) == status);
        let told = said
            .status
            .filter(|status| !lags || place(Some(status)) >= place(self.status));
        if told.is_none() && ended && !lags && !same_period {
            // Another package, of which nobody says more.
            self.expired.stopped = self.expired.stopped.or(Some(at));
            self.status = None;
            self.vague = true;
        }
        if told.is_none() {
            // It may have been given back before, as is learnt late.
            self.back.goes_on(counts.back);
        }
        let moved = said.left.zip(self.left).is_some_and(|(is, was)| is != was);
        let used = lags && moved && !said.lags && said.status == Some("ACTIVATED");
        for (name, ending) in [
            ("EXPIRED", &mut self.expired),
            ("REVOKED", &mut self.revoked),
        ] {
            let ended = self.status == Some(name) && at - ending.last > HOUR;
            ending.used |= used && ended;
        }
        if let Some(status) = told {
            self.vague = false;
            let broke = self.broke;
            self.status_is(status, (at, said.left.is_none()), counts, before);
            if self.broke != broke {
                self.broke_known_at = said.known_at;
            }
            if status == "ACTIVATED" {
                self.is_used(at, said.lags);
            }
        }
        if let Some(left) = said.left
            && said.period == self.period
        {
            match self.left {
                Some(was) if left >= was + ADDED => {
                    self.added.next(counts.added);
                    self.plenty = left >= PLENTY;
                }
                _ => self.added.goes_on(counts.added),
            }
            self.left = Some(left);
        }
    }

    fn status_is(
        &mut self,
        status: &'static str,
        (at, changes): (i64, bool),
        counts: Counts,
        before: (Option<&'static str>, Option<usize>),
    ) {
        let was_ended = before.0.is_some_and(|status| ENDED.contains(&status));
        let same_period = before.1 == self.period || before.1.is_none();
        for (name, ending, really) in [
            ("EXPIRED", &mut self.expired, counts.expired),
            ("REVOKED", &mut self.revoked, counts.revoked),
        ] {
            if status != name {
                if before.0 == Some(name) {
                    // What was used had been given back by then.
                    ending.stopped = Some(if ending.used { at - HOUR } else { at });
                }
                ending.used = false;
                continue;
            }
            let again = changes && ending.used && before.0 == Some(name);
            if before.0 != Some(name) || !same_period || again {
                ending.last = at;
            }
            let gone = ending.stopped.is_none_or(|stopped| at - stopped > FLAP);
            // Of another package it is another end, although hardly anything was heard of that before.
            let of_another = ending.period.zip(self.period);
            let of_another = of_another.is_some_and(|(one, other)| one != other);
            let begins = before.0 != Some(name) && (gone || of_another);
            ending.period = self.period.or(ending.period);
            if ending.nth.count == 0 || begins || !same_period || again {
                ending.used = false;
                ending.nth.next(really);
                ending.since = at;
                ending.no_news = was_ended && before.0 != Some(name) && same_period;
            } else {
                ending.nth.goes_on(really);
            }
        }
        if ENDED.contains(&status) {
            if !was_ended {
                self.ended_at = Some(at);
            }
        } else if was_ended && self.ended_at.is_some_and(|ended| at - ended > FLAP) {
            self.back.next(counts.back);
            self.broke = self.ended_at.map(|ended| (ended, at));
        } else {
            self.back.goes_on(counts.back);
        }
        if ON_NO_DEVICE.contains(&status) {
            self.sold_since = self.sold_since.or(Some(at));
        } else {
            self.sold_since = None;
        }
        if let Some(period) = self.period {
            self.seen[period] |= status == "ACTIVATED";
            match status {
                "EXPIRED" => self.ended[period] = true,
                "ACTIVATED" | "INACTIVE" => self.ended[period] = false,
                _ => {}
            }
        }
        self.status = Some(status);
    }

    fn is_used(&mut self, at: i64, lags: bool) {
        let root = self.period.map_or(0, |period| self.roots[period]);
        let first = |all: &mut [Option<i64>]| all[root] = all[root].or(Some(at));
        first(&mut self.used);
        if !lags {
            first(&mut self.used_by_date);
        }
    }

    pub fn is_over(&self) -> bool {
        self.status.is_some_and(|status| ENDED.contains(&status))
    }
}
