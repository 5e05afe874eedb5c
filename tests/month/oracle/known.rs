//! What is known of one eSIM at a moment: what was said of it so far, in the order in which it was so.

use crate::calendar::HOUR;
use crate::world::{ENDED, Life, ON_NO_DEVICE, Period, Said};

use super::FLAP;

/// Data that rises by so many percent was added.
const ADDED: f64 = 1.05;
/// What ran out and has so much more left, in percent, had data added.
const REFILLED: f64 = 5.0;
/// An end that lasts no longer, in seconds, was none.
const END_FLAPS: i64 = 10 * 60;
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
    /// Of which package that was told.
    pub left_of: Option<usize>,
    pub expired: Ending,
    pub revoked: Ending,
    /// How often it was given back after an end.
    pub back: Nth,
    /// All of it was used, and hardly any is left since.
    pub spent: bool,
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
    /// The package that begins when the present one is over.
    pub waits: Option<usize>,
    /// A package that waited has begun after an end, and nobody has said more of it.
    pub dormant: bool,
    /// It is withdrawn, although another end may have followed.
    pub withdrawn: bool,
    /// How often it was sold.
    pub sold: u32,
    ended_at: Option<i64>,
    /// That it ended is known of a report alone.
    end_is_reported: bool,
    periods: Vec<Period>,
    /// By period: the first of those that the sender tells as one.
    roots: Vec<usize>,
    /// By period: the first of those with the same dates.
    dated: Vec<usize>,
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
        known.comes_to(at);
        known
    }

    /// Time passes: what waited begins.
    fn comes_to(&mut self, at: i64) {
        let begins = |next: &mut usize| self.periods[*next].start <= at;
        if let Some(next) = self.waits.take_if(begins) {
            self.dormant = self.is_over();
            (self.period, self.left) = (Some(next), None);
        }
    }

    /// The same once the package that waits has begun, if one does.
    pub fn with_next(&self) -> Option<Known> {
        let next = self.waits?;
        Some(Known {
            period: Some(next),
            left: None,
            waits: None,
            ..self.clone()
        })
    }

    /// So much left of a package, in percent, is hardly any: a hundredth, but from 5 to 50 MB.
    fn hardly_any(&self, period: Option<usize>) -> f64 {
        let size = period.map_or(0.0, |period| self.periods[period].size);
        (size / 100.0).clamp(5.0, 50.0) / size.max(1.0) * 100.0
    }

    /// Whether the known package is not over by its dates.
    fn goes_on(&self, at: i64) -> bool {
        self.period
            .is_none_or(|period| at < self.periods[period].end)
    }

    fn dates(&self, period: Option<usize>) -> Option<usize> {
        period.map(|period| self.dated[period])
    }

    /// Whether it names a package that begins later, while the known one is in use.
    fn is_ahead(&self, said: &Said, at: i64) -> bool {
        let in_use = matches!(self.status, Some("ACTIVATED" | "INACTIVE"));
        said.waits
            && in_use
            && said
                .period
                .is_some_and(|next| self.periods[next].start > at)
    }

    /// Whether it tells that it was sold once more.
    fn is_sold_anew(&self, said: &Said) -> bool {
        let ready = said
            .status
            .is_some_and(|status| ON_NO_DEVICE.contains(&status));
        let used = self
            .status
            .is_none_or(|status| !ON_NO_DEVICE.contains(&status));
        said.sold > self.sold && ready && (used || said.status == Some("NEW"))
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
            sold: 1,
            dated: (0..life.periods.len())
                .map(|period| life.dated(period))
                .collect(),
            periods: life.periods.clone(),
            ..Known::default()
        }
    }

    fn takes(&mut self, said: &Said, counts: Option<Counts>) {
        let at = said.so_at_ms.div_euclid(1000);
        // While the counts are made there are none to go by.
        let counts = counts.unwrap_or_default();
        self.comes_to(at);
        if self.is_sold_anew(said) {
            (self.sold, self.status, self.sold_since) = (said.sold, None, None);
            (self.period, self.left, self.waits) = (None, None, None);
            self.used.fill(None);
            self.used_by_date.fill(None);
        }
        let before = (self.status, self.period);
        let ended = self.is_over();
        let just_ended = self.ended_at.is_some_and(|ended| at - ended <= HOUR);
        // Data was added to a package that ran out, which only who knows how much it had can tell.
        let other = said.period.is_some() && said.period != self.period && self.period.is_some();
        let same_dates = other && self.dates(said.period) == self.dates(self.period);
        let runs = said.status.is_none_or(|status| !ENDED.contains(&status));
        let rise = said.left.zip(self.left).map(|(is, was)| is - was);
        let more = rise.is_some_and(|rise| same_dates || rise > REFILLED);
        let some = said.left.is_some_and(|left| left > 0.0);
        let same = same_dates || !other;
        let ran_out = self.status == Some("EXPIRED") && !just_ended;
        let refilled = same && ran_out && runs && more && some && self.goes_on(at);
        if self.is_ahead(said, at) {
            self.waits = said.period;
        } else if let Some(period) = said.period {
            if self.period != Some(period) && (refilled || !same_dates) {
                self.left = None;
            }
            self.period = Some(period);
        }
        let same_period = before.1 == self.period || before.1.is_none();
        // Of an end a report knows nothing: it may have been made before.
        let root = |period: Option<usize>| period.map(|period| self.roots[period]);
        let same_start = same_period || root(before.1) == root(self.period);
        let taken_back = self.end_is_reported
            && said.status == Some("ACTIVATED")
            && self.goes_on(at)
            && !just_ended;
        let same_period = (same_period || same_dates) && !refilled;
        let lags = ended
            && (same_period || (same_start && just_ended))
            && !taken_back
            && !self.dormant
            && said.left.is_some();
        // Nor of an end that came before in a life.
        let place = |status: Option<&str>| ENDED.iter().position(|end| Some(*end) == status);
        let told = said
            .status
            .filter(|status| !lags || place(Some(status)) >= place(self.status));
        if told.is_none() && ended && !lags && !same_period {
            // Another package, or more data for what ran out, of which nobody says more: it was given back all the same.
            self.expired.stopped = self.expired.stopped.or(Some(at));
            (self.status, self.withdrawn) = (None, false);
            self.vague = true;
            if self.is_given_back(at, counts) {
                self.broke_known_at = said.known_at;
            }
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
        let lasted = self.ended_at.is_some_and(|ended| at - ended > END_FLAPS);
        if before.0 == Some("EXPIRED") && lasted && told.is_some_and(|it| !ENDED.contains(&it)) {
            // Nobody tells what is left of what was bought.
            self.left = None;
        }
        if let Some(status) = told {
            let goes_on = self.status == Some(status) && self.end_is_reported;
            let reported = said.left.is_some() && ENDED.contains(&status);
            // The end of another package is another one, of which nobody but this report tells.
            let another = self.status != Some(status) || !same_period || self.dormant;
            self.end_is_reported = reported && (goes_on || another);
            let ends_again = self.withdrawn && same_period && ENDED.contains(&status);
            self.withdrawn = status == "REVOKED" || ends_again;
            let broke = self.broke;
            self.status_is(status, (at, said.left.is_none()), counts, before);
            (self.vague, self.dormant) = (false, false);
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
            let same = self.left.is_some() && self.left_of == said.period;
            let still = self.spent && same && left <= self.hardly_any(said.period);
            self.spent = left <= 0.0 || still;
            self.left = Some(left);
            self.left_of = said.period;
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
        let dated = self.dated.clone();
        let dates = |period: Option<usize>| period.map(|period| dated[period]);
        let same_period = dates(before.1) == dates(self.period) || before.1.is_none();
        // What ended was the package before the one that waited and has begun since.
        let same_period = same_period && !self.dormant;
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
            let of_another = dates(ending.period).zip(dates(self.period));
            let of_another = of_another.is_some_and(|(one, other)| one != other);
            let begins = before.0 != Some(name) && (gone || of_another);
            ending.period = self.period.or(ending.period);
            if ending.nth.count == 0 || begins || !same_period || again {
                ending.used = false;
                ending.nth.next(really);
                ending.since = at;
                ending.no_news = was_ended && before.0 != Some(name) && same_period;
                if !same_period {
                    self.ended_at = Some(at);
                }
            } else {
                ending.nth.goes_on(really);
            }
        }
        if ENDED.contains(&status) {
            if !was_ended {
                self.ended_at = Some(at);
            }
        } else if !was_ended || !self.is_given_back(at, counts) {
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

    /// What had ended goes on. Gives whether it had for longer than a flap.
    fn is_given_back(&mut self, at: i64, counts: Counts) -> bool {
        let ended = self.ended_at.filter(|ended| at - ended > FLAP);
        if let Some(ended) = ended {
            self.back.next(counts.back);
            self.broke = Some((ended, at));
        }
        ended.is_some()
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
