//! What only the whole history of an eSIM tells: since when a fact holds without a break longer than a flap, and
//! what went before it.
//!
//! The history is played through the rules themselves, whatever the desk saw of it and when. Only asked for when an
//! alert would be raised that may be an earlier one, or no news at all: it costs a look at every event.

use super::esim_facts::{Trip, Watched, found};
use super::matter::{Kept, alike};
use super::past::{Past, is_further_end, play};
use super::{AlertSettings, Fact, Rule};
use crate::esim::{EsimState, SAME_START_SECS};
use crate::event::{Event, Left, SAME_END_SECS, Status};

/// Data that falls under the limit again is another matter only if it had risen over it by so many percent.
const LOW_AGAIN_PERCENT: u32 = 5;

/// The course of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Since when it holds without a break longer than a flap, UTC seconds.
    pub began: i64,
    /// It is no news: an end of what had ended, an end that was told and is only not so now, a package that holds
    /// calls and no data.
    pub no_news: bool,
    /// It held before that as well.
    again: bool,
}

impl Course {
    /// Whether it holds since what is kept was found. Of data that is kept as little, and was not by a limit that is lower now,
    /// no break is known.
    #[must_use]
    pub fn goes_on(&self, kept: &Kept<'_>) -> bool {
        let always_little = kept.open && kept.fact.rule.is_of_data() && !self.again;
        always_little || kept.held_at() >= self.began
    }
}

/// The course of this fact, which holds now. `history`: every event of its eSIM, in any order.
#[must_use]
pub fn course(
    history: Vec<Event>,
    fact: &Fact,
    trip: Option<Trip>,
    settings: &AlertSettings,
) -> Course {
    let mut run = Run::new(fact.rule);
    let mut expired = false;
    let mut calls = false;
    let mut last = None;
    play(history, |before, at, state, event| {
        let watched = Watched {
            state,
            trip,
            past: Past::default(),
            quiet_from: None,
        };
        let holds = found(0, watched, settings)
            .into_iter()
            .find(|found| found.rule == fact.rule && alike(found, fact))
            .map(|found| found.since)
            .or_else(|| goes_on(fact, state, settings).then_some(at))
            .or_else(|| run.withdrawn_still(before, state));
        if is_extended(before, at, state) {
            run.breaks_off();
        }
        if before.is_sold_anew(event) {
            run.is_anothers();
        }
        run.step(before, at, state, holds);
        let end = fact.detail.at;
        match &state.status {
            Some(Status::Expired) => {
                let same = |end: i64| {
                    state
                        .period_end
                        .is_some_and(|is| is.abs_diff(end) < SAME_END_SECS.unsigned_abs())
                };
                expired |=
                    end.is_some_and(|end| same(end) || at >= end.saturating_sub(SAME_END_SECS));
            }
            Some(Status::Activated | Status::Inactive) => expired = false,
            _ => {}
        }
        let report = event.details.as_ref().and_then(|said| said.usage.as_ref());
        if let Some(report) = report {
            let some = |left: &Option<Left>| {
                left.as_ref()
                    .is_some_and(|left| left.allowed.is_some_and(|allowed| allowed > 0.0))
            };
            calls = some(&report.voice) || some(&report.sms);
        }
        last = Some(at);
    });
    let no_news = match fact.rule {
        Rule::Expired | Rule::Revoked => run.after_end,
        Rule::PastEnd => expired,
        Rule::ConnectedWithoutData => calls,
        _ => false,
    };
    Course {
        began: run.began.or(last).unwrap_or(fact.since),
        no_news,
        again: run.again,
    }
}

/// Whether what is left is still so near to what the fact says that it has not ended: reports around a limit.
fn goes_on(fact: &Fact, state: &EsimState, settings: &AlertSettings) -> bool {
    let ended = matches!(
        state.status,
        Some(Status::Expired | Status::Revoked | Status::Deleted | Status::Other(_))
    );
    let limit = settings.data_low_percent.saturating_add(LOW_AGAIN_PERCENT);
    match fact.rule {
        _ if ended => false,
        Rule::DataLow => state.usage.is_low(limit),
        Rule::DataUsedUp => state.usage.is_as_good_as_none(),
        _ => false,
    }
}

/// A time in which a fact held, while the history is played.
struct Run {
    rule: Rule,
    began: Option<i64>,
    /// It had begun before.
    again: bool,
    /// When it last stopped; `None`: it holds.
    stopped: Option<i64>,
    /// What it said last of its beginning.
    since: i64,
    /// The period in which it held last: its start and end, as far as they are known.
    of: (Option<i64>, Option<i64>),
    after_end: bool,
}

impl Run {
    fn new(rule: Rule) -> Run {
        Run {
            rule,
            began: None,
            again: false,
            stopped: Some(i64::MIN),
            since: i64::MIN,
            of: (None, None),
            after_end: false,
        }
    }

    /// Since when it has been withdrawn, if it was and only another end followed.
    fn withdrawn_still(&self, before: &EsimState, state: &EsimState) -> Option<i64> {
        let holds = self.rule == Rule::Revoked && self.stopped.is_none();
        (holds && is_further_end(before, state)).then_some(self.since)
    }

    /// Whatever held before was so of another customer.
    fn is_anothers(&mut self) {
        self.stopped = Some(i64::MIN);
    }

    /// What was left before is another package's, although it is as little again.
    fn breaks_off(&mut self) {
        if self.rule.is_of_data() {
            self.stopped = Some(i64::MIN);
        }
    }

    fn step(&mut self, before: &EsimState, at: i64, state: &EsimState, holds: Option<i64>) {
        let of_status = matches!(self.rule, Rule::Expired | Rule::Revoked);
        let Some(since) = holds else {
            // What was used since it ended had been given back by then.
            let used = before.used_since_end.filter(|_| of_status);
            self.stopped = self.stopped.or(used).or(Some(at));
            return;
        };
        let flap = self.rule.flap_secs();
        let gap = self.stopped.map_or(0, |stopped| at.saturating_sub(stopped));
        // The next period of an eSIM of which nobody said that it was in use again.
        let next = of_status && self.stopped.is_none() && since.saturating_sub(self.since) > flap;
        // Of another package it is another one, although hardly anything came of that before.
        let of = (state.period_start, state.period_end);
        let of_another = of_status && gap > 0 && is_another_period(self.of, of);
        let gap = if of_another { i64::MAX } else { gap };
        if self.began.is_none() || gap > flap || next {
            self.again = self.began.is_some();
            self.began = Some(if next { since } else { at });
            self.after_end = !next && is_after_end(before, state);
        }
        self.stopped = None;
        (self.since, self.of) = (since, of);
    }
}

/// Whether a period that was over goes on until later.
fn is_extended(before: &EsimState, at: i64, state: &EsimState) -> bool {
    let ends = before.period_end.zip(state.period_end);
    ends.is_some_and(|(was, is)| was <= at && is.saturating_sub(was) >= SAME_END_SECS)
}

/// Whether what ends had ended before, in the same period.
fn is_after_end(before: &EsimState, state: &EsimState) -> bool {
    let ended = matches!(
        before.status,
        Some(Status::Expired | Status::Revoked | Status::Deleted)
    );
    // Of a package that began since, maybe nobody said that it runs.
    let began_since = before.status_since.zip(state.period_start);
    let began_since =
        began_since.is_some_and(|(since, start)| start.saturating_sub(since) > SAME_END_SECS);
    let [was, is] = [before, state].map(|state| (state.period_start, state.period_end));
    let of_another = began_since || is_another_period(was, is);
    ended && before.status != state.status && !of_another
}

/// Whether a period begins at another time than one before, or goes on until later and is not only dated in another way
/// together with its start: more was bought. Both by their starts and ends.
fn is_another_period(
    (was_start, was_end): (Option<i64>, Option<i64>),
    (start, end): (Option<i64>, Option<i64>),
) -> bool {
    let by =
        |was: Option<i64>, is: Option<i64>| was.zip(is).map(|(was, is)| is.saturating_sub(was));
    let moved = by(was_start, start).unwrap_or(0);
    let later = by(was_end, end).unwrap_or(0).saturating_sub(moved);
    moved.abs() >= SAME_START_SECS || later >= SAME_END_SECS
}

#[cfg(test)]
mod tests;
