//! What an eSIM's state does not keep of its past and rules ask for.

use crate::esim::{EsimState, SAME_START_SECS};
use crate::event::{Event, SAME_END_SECS, Status};

/// What was sold or activated when, which a state does not keep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Past {
    /// Since when it is sold and on no device, UTC seconds.
    pub sold_at: Option<i64>,
    /// When it was first ACTIVATED in its present period, UTC seconds; `None`: it was not, or was in use when the
    /// period began.
    pub activated_at: Option<i64>,
    /// Since when it is REVOKED, although another end followed, UTC seconds.
    pub withdrawn_at: Option<i64>,
    /// The data of its package was used up, and what is left is as good as none since.
    pub used_up: bool,
}

impl Past {
    /// Reads it off an eSIM's events, in any order.
    #[must_use]
    pub fn of(history: Vec<Event>) -> Past {
        let mut past = Past::default();
        let mut begun_in_use = false;
        play(history, |before, at, state, event| {
            past.sold_at = match is_sold(state) {
                true if before.is_sold_anew(event) => state.status_since,
                true => past.sold_at.or(state.status_since),
                false => None,
            };
            past.withdrawn_at = match state.status {
                Some(Status::Revoked) => state.status_since,
                _ if is_further_end(before, state) => past.withdrawn_at,
                _ => None,
            };
            let goes_on =
                past.used_up && is_same_package(before, state) && !before.is_sold_anew(event);
            past.used_up = is_used_up(state) || (goes_on && state.usage.is_as_good_as_none());
            let (was, is) = (before.period_start, state.period_start);
            let other_period = match (was, is) {
                (Some(was), Some(is)) => is.saturating_sub(was) >= SAME_START_SECS,
                (was, is) => was != is,
            };
            if other_period {
                let in_use = matches!(before.status, Some(Status::Activated | Status::Inactive));
                let begins = is.unwrap_or(at);
                // What begins where the one before ends was bought while that was in use.
                let goes_on = |end: i64| begins < end.saturating_add(SAME_END_SECS);
                begun_in_use = in_use && before.period_end.is_none_or(goes_on);
                past.activated_at = None;
            }
            // By the event and not by the state: of an end that nobody told the state knows nothing.
            let activated = event
                .status_at()
                .filter(|(status, _)| **status == Status::Activated);
            if !begun_in_use && activated.is_some() && state.status == Some(Status::Activated) {
                let start = is.map_or(i64::MIN, |is| is.saturating_sub(SAME_START_SECS));
                past.activated_at = past.activated_at.or(Some(at).filter(|at| *at >= start));
            }
        });
        past
    }
}

/// Whether no data is left of a package that holds some.
fn is_used_up(esim: &EsimState) -> bool {
    esim.usage.percent_left().is_some_and(|left| left <= 0.0)
}

/// Whether neither a period began nor one went on until later, and the package is no larger: with each comes other data.
fn is_same_package(before: &EsimState, state: &EsimState) -> bool {
    let near = |was: Option<i64>, is: Option<i64>, tolerance: i64| {
        was.zip(is)
            .is_none_or(|(was, is)| is.saturating_sub(was) < tolerance)
    };
    let sizes = before.usage.allowed_mb.zip(state.usage.allowed_mb);
    sizes.is_none_or(|(was, is)| is <= was)
        && near(before.period_start, state.period_start, SAME_START_SECS)
        && near(before.period_end, state.period_end, SAME_END_SECS)
}

/// Whether what had ended ends again without having run or been used since, so that whatever ended it first is not settled by
/// that.
pub(super) fn is_further_end(before: &EsimState, state: &EsimState) -> bool {
    let same_period = before.period_start == state.period_start;
    let had_ended = before.status.as_ref().is_some_and(Status::is_terminal);
    let ends = matches!(state.status, Some(Status::Expired | Status::Deleted));
    had_ended && ends && same_period && before.used_since_end.is_none()
}

/// Whether it is sold and on no device.
pub(super) fn is_sold(esim: &EsimState) -> bool {
    matches!(
        esim.status,
        Some(Status::New | Status::Ready | Status::Downloaded)
    )
}

/// Plays the events in their order: the state before each, its time, the state after it.
pub(super) fn play(
    mut history: Vec<Event>,
    mut each: impl FnMut(&EsimState, i64, &EsimState, &Event),
) {
    history.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut before = EsimState::default();
    let mut state = EsimState::default();
    for event in &history {
        state.apply(event);
        each(&before, event.order().0, &state, event);
        before.clone_from(&state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::parse;

    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    const START: i64 = 1_764_230_400;

    fn activated(kind: &str, at: i64, start: i64, end: i64) -> Event {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"{kind}","esim_id":"a","start":{start},"end":{end},"status":"ACTIVATED","timestamp":{at}}}"#
        );
        parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_package_is_activated_although_nobody_said_that_the_one_before_had_ended() {
        let (end, again) = (START + DAY, START + 3 * DAY);
        let first = activated("status", START, START, end);
        let past = Past::of(vec![first, activated("status", again, again, again + DAY)]);
        assert_eq!(past.activated_at, Some(again));
    }

    #[test]
    fn a_package_that_began_while_the_one_before_was_in_use_is_not_activated_whenever_that_is_learnt()
     {
        let (end, again) = (START + 5 * DAY, START + 3 * DAY);
        for learnt in [again, end - HOUR, end + HOUR] {
            let first = activated("status", START, START, end);
            let past = Past::of(vec![
                first,
                activated("usage", learnt, again, again + 7 * DAY),
            ]);
            assert_eq!(past.activated_at, None, "{learnt}");
        }
    }

    /// Nobody tells of a package that is over: what follows it begins after the last end that is known.
    #[test]
    fn a_package_that_follows_one_that_was_never_heard_of_is_activated_until_that_is_learnt() {
        let report = activated("usage", START + 4 * DAY, START + 3 * DAY, START + 7 * DAY);
        let mut history = vec![activated("status", START, START, START + DAY), report];
        let past = Past::of(history.clone());
        assert_eq!(past.activated_at, Some(START + 4 * DAY));
        let (from, to) = (START + 20 * HOUR, START + 3 * DAY + HOUR);
        history.push(activated("usage", START + 2 * DAY, from, to));
        assert_eq!(Past::of(history).activated_at, None);
    }
}
