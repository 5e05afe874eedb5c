//! What an eSIM's state does not keep of its past and rules ask for.

use super::matter::SAME_START_SECS;
use crate::esim::EsimState;
use crate::event::{Event, Status};

/// What was sold or activated when, which a state does not keep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Past {
    /// Since when it is sold and on no device, UTC seconds.
    pub sold_at: Option<i64>,
    /// When it was first ACTIVATED in its present period, UTC seconds; `None`: it was not, or was in use when the
    /// period began.
    pub activated_at: Option<i64>,
}

impl Past {
    /// Reads it off an eSIM's events, in any order.
    #[must_use]
    pub fn of(history: Vec<Event>) -> Past {
        let mut past = Past::default();
        let mut begun_in_use = false;
        play(history, |before, at, state, _| {
            past.sold_at = match is_sold(state) {
                true => past.sold_at.or(state.status_since),
                false => None,
            };
            let (was, is) = (before.period_start, state.period_start);
            let other_period = match (was, is) {
                (Some(was), Some(is)) => is.saturating_sub(was) > SAME_START_SECS,
                (was, is) => was != is,
            };
            if other_period {
                let in_use = matches!(before.status, Some(Status::Activated | Status::Inactive));
                begun_in_use = in_use && before.period_end.is_none_or(|end| at < end);
                past.activated_at = None;
            }
            if !begun_in_use && state.status == Some(Status::Activated) {
                let start = is.map_or(i64::MIN, |is| is.saturating_sub(SAME_START_SECS));
                let since = state.status_since.filter(|since| *since >= start);
                past.activated_at = past.activated_at.or(since);
            }
        });
        past
    }
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
