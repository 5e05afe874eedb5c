//! Which period an event is of, and what it may say beyond it: a figure belongs to its period, and an end is taken back by
//! a status event or by a new period only.

use super::{EsimState, keep_latest};
use crate::event::{Event, EventKind, Status, Usage};

/// A start that moves by less is the same one, in seconds: senders round.
const SAME_START_SECS: i64 = 60;

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
}

impl EsimState {
    /// Takes over what an event says of data and status, as far as it is of the eSIM's period. `known_until`: the time of
    /// the latest event before it, UTC seconds.
    pub(super) fn take_in(&mut self, event: &Event, known_until: Option<i64>) {
        let Some(period) = self.enter_period(event, known_until) else {
            return;
        };
        let Usage {
            package_name,
            allowed_mb,
            remaining_mb,
            unlimited,
        } = &event.usage;
        keep_latest(&mut self.usage.package_name, package_name);
        keep_latest(&mut self.usage.allowed_mb, allowed_mb);
        keep_latest(&mut self.usage.remaining_mb, remaining_mb);
        keep_latest(&mut self.usage.unlimited, unlimited);
        if let Some((status, at)) = event.status_at()
            && self.believes(status, event, period)
        {
            let ended_again = period == Period::New
                && status.is_terminal()
                && self.period_end.is_some_and(|end| end <= at);
            if self.status.as_ref() != Some(status) || ended_again {
                self.status = Some(status.clone());
                self.status_since = Some(at);
            }
            if *status == Status::Activated && self.first_activated_at.is_none() {
                self.first_activated_at = Some(at);
            }
        }
    }

    /// Takes over the event's period. `None`: it is a report of a period that is over, and says nothing of this one.
    fn enter_period(&mut self, event: &Event, known_until: Option<i64>) -> Option<Period> {
        // Zero is what some senders write for "not known".
        let given = |at: Option<i64>| at.filter(|at| *at > 0);
        let start = given(event.period_start);
        let period = match (self.period_start, start) {
            (Some(known), Some(start))
                if known.abs_diff(start) > SAME_START_SECS.unsigned_abs() =>
            {
                let lagging = is_report(event) && lags(known, start, event.occurred_at);
                if lagging || (start < known && self.outlasts(event)) {
                    return None;
                }
                self.period_end = None;
                self.usage = Usage::default();
                Period::New
            }
            // The first start that is told after an end: of a package that was bought since, or of the one that ended.
            (None, Some(start)) if self.has_ended() && self.status_since < Some(start) => {
                self.period_end = None;
                self.usage = Usage::default();
                Period::New
            }
            // What was measured before the first start that is known was left of an earlier package.
            (None, Some(start))
                if known_until
                    .is_some_and(|until| until < start.saturating_sub(SAME_START_SECS)) =>
            {
                self.usage = Usage::default();
                Period::Same
            }
            _ => Period::Same,
        };
        self.period_start = start.or(self.period_start);
        let begins = self.period_start;
        let end = given(event.period_end).filter(|end| begins.is_none_or(|begins| begins < *end));
        self.period_end = end
            .or(self.period_end)
            .filter(|end| begins.is_none_or(|begins| begins < *end));
        Some(period)
    }

    /// Whether the event's status is the eSIM's from then on.
    fn believes(&self, status: &Status, event: &Event, period: Period) -> bool {
        let Some(known) = &self.status else {
            return true;
        };
        let unknown = *status == Status::Unknown;
        // A report may have been made before the end and stamped after it; a later end it can't have made up. What ended
        // was the period before if this one began since, although the first report of it told no status.
        let lags = known.is_terminal()
            && is_report(event)
            && period == Period::Same
            && self.status_since >= self.period_start
            && status.place_in_life() < known.place_in_life();
        !unknown && !lags
    }

    /// Whether the event tells that a package ran out while the one that was bought since goes on.
    fn outlasts(&self, event: &Event) -> bool {
        event.status == Some(Status::Expired)
            && event.period_end.is_some()
            && event.period_end < self.period_end
            && event.occurred_at < self.period_end
    }

    fn has_ended(&self) -> bool {
        self.status.as_ref().is_some_and(Status::is_terminal)
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
