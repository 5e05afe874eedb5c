//! What was turned away, for the person who debugs: the last few, in memory only.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::health::Refusal;

/// How many are remembered. A stranger can push out what was before, and nothing more.
const REMEMBERED: usize = 200;

/// Of how many the time is remembered: as many an hour as a rule can be set to.
const COUNTED: usize = 10_000;

/// The last refusals.
#[derive(Debug, Default)]
pub struct Refusals {
    last: Mutex<VecDeque<Refusal>>,
    /// When they were, UTC milliseconds, newest first.
    times: Mutex<VecDeque<i64>>,
}

impl Refusals {
    /// Remembers one, and forgets the oldest if there are too many.
    pub fn add(&self, refusal: Refusal) {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.truncate(COUNTED - 1);
        times.push_front(refusal.at_ms);
        drop(times);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == REMEMBERED {
            last.pop_back();
        }
        last.push_front(refusal);
    }

    /// How many there were in so many milliseconds before now (UTC milliseconds). One by a clock that was ahead does not count.
    #[must_use]
    pub fn count_within(&self, span_ms: i64, now_ms: i64) -> usize {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = |at: &&i64| (0..span_ms).contains(&now_ms.saturating_sub(**at));
        times.iter().filter(lately).count()
    }

    /// All that are remembered, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Refusal> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_ones_are_remembered_newest_first() {
        let refusals = Refusals::default();
        for at_ms in 0..=REMEMBERED {
            refusals.add(Refusal {
                at_ms: i64::try_from(at_ms).unwrap(),
                status: 401,
                reason: crate::message::Message::of("refusal.method"),
            });
        }
        let times: Vec<i64> = refusals
            .list()
            .iter()
            .map(|refusal| refusal.at_ms)
            .collect();
        assert_eq!(times.len(), REMEMBERED);
        assert_eq!((times.first(), times.last()), (Some(&200), Some(&1)));
    }

    #[test]
    fn more_are_counted_than_remembered_and_none_of_a_clock_that_was_ahead() {
        let refusals = Refusals::default();
        for at_ms in (0..1000).chain([1_000_000]) {
            refusals.add(Refusal {
                at_ms,
                status: 401,
                reason: crate::message::Message::of("refusal.method"),
            });
        }
        assert_eq!(refusals.count_within(600, 1000), 599);
        assert_eq!(refusals.count_within(3_600_000, 1000), 1000);
    }

    #[test]
    fn nothing_is_remembered_before_anything_was_refused() {
        assert_eq!(Refusals::default().list(), []);
    }
}
