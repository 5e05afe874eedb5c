//! Which period an event is of, and what it may say beyond it: a figure belongs to its period, and an end is taken back by
//! a status event or by a new period only.
//!
//! Nobody tells of money. An eSIM that runs again after its package ran out had more bought for it, whether the sender
//! names another start, another end, or none: what was left before says nothing then. One that was withdrawn and is given
//! back goes on with what it had, unless its end moved as well.

use super::sold::is_on_no_device;
use super::{EsimState, keep_latest};
use crate::event::{Event, EventKind, SAME_END_SECS, Status, Usage};

/// A period whose start moves by less is the same, in seconds: some are dated to the next midnight.
pub(crate) const SAME_START_SECS: i64 = 12 * 3_600;

/// A second that a sender rounds moves by so much, in seconds.
const ROUNDED_SECS: i64 = 60;

/// How late an end may be told, in seconds: the package that is told to have begun since begins with it.
const LATE_WORD_SECS: i64 = 3_600;

/// An end that lasts no longer, in seconds, was none: some eSIMs flap.
const FLAP_SECS: i64 = 600;

/// What is left of a package has not changed if it differs by less, in MB.
const LEAST_MB: f64 = 1.0;

/// A package to which data was added has more by this share, at least.
const LEAST_ADDED: f64 = 0.05;

/// For so long after its period began reports of the one before still come, in seconds. A report that names an earlier
/// start after that corrects it.
const LAGS_SECS: i64 = 86_400;

/// The period of an event, compared with that of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    /// The one that is known, or none is named.
    Same,
    /// Another one: what was known of data and end was the old one's.
    New,
    /// The one that was over, with a later end or with more data: what was known of data was left before.
    Extended,
    /// One that waits until the known one has run: what is told of data is of that.
    Ahead,
}

impl EsimState {
    /// Takes over what an event says of data and status, as far as it is of the eSIM's period. `known_until`: the time of
    /// the latest event before it, UTC seconds.
    pub(super) fn take_in(&mut self, event: &Event, known_until: Option<i64>) {
        let is_given_back = self.is_given_back(event);
        let Some(period) = self.enter_period(event, known_until, is_given_back) else {
            return;
        };
        if is_given_back && self.period_end <= event.occurred_at {
            self.period_end = None;
        }
        let told = event
            .status_at()
            .filter(|(status, at)| is_given_back || self.believes(status, event, *at, period));
        if told.is_some_and(|(status, at)| self.runs_again(status, at)) {
            self.usage = Usage::default();
        }
        if told.is_none() && self.goes_on_unsaid(event, period) {
            // What ended is not what goes on or has begun, and of that nobody has said more.
            (self.status, self.status_since, self.used_since_end) = (None, None, None);
            self.end_is_reported = false;
        }
        if told.is_none() && self.is_used_after_end(event) {
            self.used_since_end = self.used_since_end.or(event.occurred_at);
        }
        if period != Period::Ahead {
            self.keep_usage(&event.usage);
        }
        if let Some((status, at)) = told {
            if self.status.as_ref() != Some(status) || self.ends_again(event, at, period) {
                self.status = Some(status.clone());
                (self.status_since, self.used_since_end) = (Some(at), None);
                self.end_is_reported = status.is_terminal();
            }
            self.end_is_reported &= is_report(event);
            if *status == Status::Activated && self.first_activated_at.is_none() {
                self.first_activated_at = Some(at);
            }
        }
    }

    fn keep_usage(&mut self, usage: &Usage) {
        let Usage {
            package_name,
            allowed_mb,
            remaining_mb,
            unlimited,
        } = usage;
        if *unlimited == Some(true) && self.usage.unlimited != Some(true) {
            // What was measured of a package with a limit says nothing of one without.
            (self.usage.allowed_mb, self.usage.remaining_mb) = (None, None);
        }
        keep_latest(&mut self.usage.package_name, package_name);
        keep_latest(&mut self.usage.allowed_mb, allowed_mb);
        keep_latest(&mut self.usage.remaining_mb, remaining_mb);
        keep_latest(&mut self.usage.unlimited, unlimited);
    }

    /// Takes over the event's period. `None`: it is a report of a period that is over, and says nothing of this one.
    fn enter_period(
        &mut self,
        event: &Event,
        known_until: Option<i64>,
        is_given_back: bool,
    ) -> Option<Period> {
        let (start, named_end) = named_period(event);
        if start.is_some_and(|start| self.queues(start, named_end, event)) {
            return Some(Period::Ahead);
        }
        let period = match (self.period_start, start) {
            (Some(known), Some(start))
                if known.abs_diff(start) >= SAME_START_SECS.unsigned_abs() =>
            {
                let lagging = is_report(event) && lags(known, start, event.occurred_at);
                if lagging || (start < known && self.outlasts(event)) {
                    return None;
                }
                if start < known && self.goes_on_beyond(event) {
                    return Some(Period::Same);
                }
                self.period_end = None;
                self.usage = Usage::default();
                Period::New
            }
            // The first start that is told after an end: of a package that was bought since, or of the one that ended.
            (None, Some(start)) if self.has_ended() && self.begins_since_end(start, event) => {
                self.period_end = None;
                self.usage = Usage::default();
                Period::New
            }
            // What was measured before the first start that is known was left of an earlier package.
            (None, Some(start))
                if known_until.is_some_and(|until| until < start.saturating_sub(ROUNDED_SECS)) =>
            {
                self.usage = Usage::default();
                Period::Same
            }
            _ if (self.is_over(event.occurred_at) && self.is_extended(start, named_end))
                || self.has_more_data(event) =>
            {
                // Made before an end that was cut short, it may name the end as it was to be.
                let may_lag = is_report(event) && !is_given_back;
                if may_lag && self.ran_out_lately(event.occurred_at) {
                    return None;
                }
                self.usage = Usage::default();
                Period::Extended
            }
            _ => Period::Same,
        };
        // A report of what ended does not date it behind its end, where a package that began since would be.
        let dated_later = period == Period::Same
            && !is_given_back
            && self.has_ended()
            && is_report(event)
            && self.status_since < start;
        self.period_start = start.filter(|_| !dated_later).or(self.period_start);
        let begins = self.period_start;
        let end = named_end.filter(|end| begins.is_none_or(|begins| begins < *end));
        self.period_end = end
            .or(self.period_end)
            .filter(|end| begins.is_none_or(|begins| begins < *end));
        Some(period)
    }

    /// Whether it takes the end back although it is a report: one that does not lag.
    fn is_given_back(&self, event: &Event) -> bool {
        let ended = matches!(self.status, Some(Status::Expired | Status::Revoked));
        let runs = matches!(event.status, Some(Status::Installed | Status::Activated));
        let goes_on = event
            .period_end
            .is_none_or(|end| event.occurred_at < Some(end));
        let later = self.status_since < event.occurred_at;
        ended && runs && goes_on && later && event.tells_return()
    }

    /// Whether the status that the event tells for then is the eSIM's from then on.
    fn believes(&self, status: &Status, event: &Event, at: i64, period: Period) -> bool {
        let Some(known) = &self.status else {
            return true;
        };
        let unknown = *status == Status::Unknown;
        // A report may have been made before the end and stamped after it; a later end it can't have made up. What ended
        // was the period before if this one began since, although the first report of it told no status.
        let began_since = match (period, self.period_start) {
            (Period::New, _) => self.began_since_end(),
            (Period::Same, Some(start)) => self.status_since < Some(start) && start <= at,
            (Period::Extended, _) => self.may_go_on(Some(at)),
            (Period::Ahead, _) | (_, None) => false,
        };
        let lags = known.is_terminal()
            && is_report(event)
            && !began_since
            && !self.takes_back(status, at)
            && status.place_in_life() < known.place_in_life();
        !unknown && !lags && !self.is_late_end(status, event, at)
    }

    /// Whether the period that was just entered began since the eSIM came to its status, or as that was told.
    fn began_since_end(&self) -> bool {
        let start = self
            .period_start
            .map(|start| start.saturating_add(LATE_WORD_SECS));
        start.is_some() && self.status_since < start
    }

    /// Whether something else than what ended goes on or has begun, by an event that tells no status of it.
    fn goes_on_unsaid(&self, event: &Event, period: Period) -> bool {
        match period {
            Period::Extended => self.may_go_on(event.occurred_at),
            Period::New => self.has_ended() && self.began_since_end(),
            Period::Same | Period::Ahead => false,
        }
    }

    /// Whether a report tells of an end so soon after the eSIM came to run that it may have been made before: it was given back, or
    /// more was bought. If it did end since, its status tells, or the next report. What tells no figures was not measured: it is
    /// an end that a list knows.
    fn is_late_end(&self, status: &Status, event: &Event, at: i64) -> bool {
        let runs = matches!(self.status, Some(Status::Activated | Status::Inactive));
        let is_over = self.period_end.is_some_and(|end| end <= at);
        let measured = event.usage.remaining_mb.is_some() || event.usage.allowed_mb.is_some();
        let may_lag = is_report(event) && measured && !is_over && self.came_lately(Some(at));
        runs && status.is_terminal() && may_lag
    }

    /// Whether this status, told for then, has an eSIM run again whose package had run out.
    fn runs_again(&self, status: &Status, at: i64) -> bool {
        let flaps = self
            .status_since
            .is_some_and(|since| at.saturating_sub(since) <= FLAP_SECS);
        self.status == Some(Status::Expired) && !status.is_terminal() && !flaps
    }

    /// Whether the end that the event tells for then is another one than that which is known, although nobody told what lies
    /// between them: of another package, which was over by then or had begun since; or data was used meanwhile. A sender that
    /// only says it once more names no other package, and a report no end that somebody made.
    fn ends_again(&self, event: &Event, at: i64, period: Period) -> bool {
        let is_over = self.period_end.is_some_and(|end| end <= at);
        let start = self
            .period_start
            .filter(|start| self.status_since < Some(*start) && *start <= at);
        let begun = start.is_some_and(|start| self.has_run_out(event, at, start));
        let changes = !is_report(event);
        let ends = event.status.as_ref().is_some_and(Status::is_terminal);
        ends && match period {
            Period::New => is_over || begun,
            Period::Extended => is_over,
            Period::Same | Period::Ahead => begun || (changes && self.used_since_end.is_some()),
        }
    }

    /// Whether the end that the event tells for then may be that of a package that began at `start`, after what ended before. Of
    /// one that was just bought some say for a while that it ran out, as the one before did; a report says so until data of
    /// it is used.
    fn has_run_out(&self, event: &Event, at: i64, start: i64) -> bool {
        let changes = !is_report(event);
        if event.status != Some(Status::Expired) {
            return changes;
        }
        let used = event.usage.allowed_mb.zip(event.usage.remaining_mb);
        let used = used.is_some_and(|(allowed, left)| allowed - left >= LEAST_MB);
        let just_bought = at < start.saturating_add(LATE_WORD_SECS);
        !just_bought && (changes || used)
    }

    /// Whether a report tells that what ran out before its time has more data than it ever had, or more than was left: a
    /// package only gets less, so somebody bought more. What was withdrawn may have been credited.
    fn has_more_data(&self, event: &Event) -> bool {
        let ran_out = self.status == Some(Status::Expired);
        let goes_on = self
            .period_end
            .is_none_or(|end| event.occurred_at < Some(end));
        let runs = event
            .status
            .as_ref()
            .is_none_or(|status| !status.is_terminal());
        let (was, is) = (&self.usage, &event.usage);
        let rises = |was: Option<f64>, is: Option<f64>| {
            let rise = was.zip(is).map(|(was, is)| is - was);
            let least = self.usage.allowed_mb.unwrap_or_default() * LEAST_ADDED;
            rise.is_some_and(|rise| rise > least.max(LEAST_MB))
        };
        let more = rises(was.allowed_mb, is.allowed_mb) || rises(was.remaining_mb, is.remaining_mb);
        let some = is.remaining_mb.is_some_and(|left| left > 0.0);
        is_report(event) && ran_out && goes_on && runs && more && some
    }

    /// Whether a report that tells that it is in use takes back an end that is known of a report alone, long before: of two
    /// reports the later knows better, while the package has not come to its end.
    fn takes_back(&self, status: &Status, at: i64) -> bool {
        let runs = matches!(status, Status::Activated | Status::Inactive);
        let goes_on = self.period_end.is_none_or(|end| at < end);
        self.end_is_reported && runs && goes_on && !self.came_lately(Some(at))
    }

    /// Whether an event reports that less or more data is left of what had ended, so long after that it was not measured
    /// before.
    fn is_used_after_end(&self, event: &Event) -> bool {
        let left = self.usage.remaining_mb.zip(event.usage.remaining_mb);
        let moved = left.is_some_and(|(was, is)| (was - is).abs() >= LEAST_MB);
        let runs = matches!(event.status, Some(Status::Activated | Status::Inactive));
        let ended = self.has_ended() && !self.came_lately(event.occurred_at);
        ended && runs && moved && is_report(event)
    }

    /// Whether it had ended by then, although maybe nobody said so.
    fn is_over(&self, at: Option<i64>) -> bool {
        let passed = self.period_end.zip(at).is_some_and(|(end, at)| end <= at);
        self.has_ended() || passed
    }

    fn ran_out_lately(&self, at: Option<i64>) -> bool {
        self.status == Some(Status::Expired) && self.came_lately(at)
    }

    /// Whether what ended goes on if its end is told to be later: more was bought for what ran out, and what was withdrawn
    /// was given back if that is told so long after that it can't have been made up before.
    fn may_go_on(&self, at: Option<i64>) -> bool {
        let ended = self.has_ended();
        self.status == Some(Status::Expired) || (ended && !self.came_lately(at))
    }

    /// Whether it came to its status lately as of then.
    fn came_lately(&self, at: Option<i64>) -> bool {
        let since = self
            .status_since
            .map(|since| since.saturating_add(LATE_WORD_SECS));
        at <= since
    }

    /// Whether the end is later than the known one, and not only dated in another way together with the start.
    fn is_extended(&self, start: Option<i64>, end: Option<i64>) -> bool {
        let by = |new: Option<i64>, known: Option<i64>| {
            new.zip(known).map(|(new, known)| new.saturating_sub(known))
        };
        let moved = by(start, self.period_start).unwrap_or(0);
        by(end, self.period_end).is_some_and(|by| by.saturating_sub(moved) >= SAME_END_SECS)
    }

    /// Whether a first start is of a package that was bought since the eSIM ended. A report may lag, and date what ended
    /// to the next midnight.
    fn begins_since_end(&self, start: i64, event: &Event) -> bool {
        let later = if is_report(event) { SAME_START_SECS } else { 1 };
        self.status_since
            .is_some_and(|since| since.saturating_add(later) <= start)
    }

    /// Whether the event tells that a package ran out while the one that was bought since goes on.
    fn outlasts(&self, event: &Event) -> bool {
        event.status == Some(Status::Expired)
            && event.period_end.is_some()
            && event.period_end < self.period_end
            && event.occurred_at < self.period_end
    }

    /// Whether the event tells what an eSIM does now beside the dates of a period that was over by then, while this one goes
    /// on: the sender has not looked up the latest.
    fn goes_on_beyond(&self, event: &Event) -> bool {
        event.period_end.is_some()
            && event.period_end <= event.occurred_at
            && event.occurred_at < self.period_end
    }

    fn has_ended(&self) -> bool {
        self.status.as_ref().is_some_and(Status::is_terminal)
    }
}

/// The period that an event names, its start and its end. Zero is what some senders write for "not known", and what is sold
/// and on no device names one that was over by then only because somebody had it before.
fn named_period(event: &Event) -> (Option<i64>, Option<i64>) {
    let given = |at: Option<i64>| at.filter(|at| *at > 0);
    let (start, end) = (given(event.period_start), given(event.period_end));
    let is_sold = event.status.as_ref().is_some_and(is_on_no_device);
    match end.zip(event.occurred_at) {
        Some((end, at)) if is_sold && end <= at => (None, None),
        _ => (start, end),
    }
}

/// Whether it tells how things stood when it was made, and not what happened.
fn is_report(event: &Event) -> bool {
    event.kind != EventKind::EsimStatus
}

/// Whether a report of this start comes from the period before the known one.
fn lags(known: i64, start: i64, at: Option<i64>) -> bool {
    let since = at.map(|at| at.saturating_sub(known));
    start < known && since.is_none_or(|since| (0..LAGS_SECS).contains(&since))
}
