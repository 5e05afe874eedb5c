//! How fast an API is asked: so many requests a second, half as many for a while after the API was asked too often or was slow.
//! By all of a program together, whatever they ask for: whom somebody waits for goes first. Told how much time has passed since
//! some moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// For so many requests the rate stays halved.
const SLOW_REQUESTS: u32 = 10;

/// An answer that takes so long is slow.
const SLOW_ANSWER: Duration = Duration::from_secs(3);

/// Says when the next request may go out; its clones say so together.
#[derive(Debug, Clone, Default)]
pub struct RequestPace(Arc<Mutex<Pace>>);

#[derive(Debug, Default)]
struct Pace {
    last: Option<Duration>,
    slow_left: u32,
    /// Until then the API wants to be left alone.
    not_before: Duration,
    /// How many that go first wait for their turn.
    first: usize,
}

/// Somebody waits: as long as this lives, others come later.
#[derive(Debug)]
pub(super) struct GoesFirst(RequestPace);

impl Drop for GoesFirst {
    fn drop(&mut self) {
        let mut pace = self.0.lock();
        pace.first = pace.first.saturating_sub(1);
    }
}

impl RequestPace {
    /// Whoever asks next goes first.
    pub(super) fn goes_first(&self) -> GoesFirst {
        let mut pace = self.lock();
        pace.first = pace.first.saturating_add(1);
        GoesFirst(self.clone())
    }

    /// Takes the turn of a request if it has come; else tells how long that takes. `rate`: requests a second at most, more than
    /// none; `first`: what [`RequestPace::goes_first`] gave.
    pub(super) fn take_turn(
        &self,
        now: Duration,
        rate: f64,
        first: Option<&GoesFirst>,
    ) -> Option<Duration> {
        let mut pace = self.lock();
        let between = Duration::from_secs_f64(1.0 / rate);
        let between = match pace.slow_left {
            0 => between,
            _ => between.saturating_mul(2),
        };
        let turn = pace.last.map_or(Duration::ZERO, |last| last + between);
        let mut wait = turn.max(pace.not_before).saturating_sub(now);
        if first.is_none() && pace.first > 0 {
            wait += between;
        }
        if !wait.is_zero() {
            return Some(wait);
        }
        pace.slow_left = pace.slow_left.saturating_sub(1);
        pace.last = Some(now);
        None
    }

    /// How much longer the API wants to be left alone.
    pub(super) fn rests_for(&self, now: Duration) -> Duration {
        self.lock().not_before.saturating_sub(now)
    }

    /// The API wants to be left alone until then, whatever is asked next.
    pub(super) fn rest_until(&self, then: Duration) {
        let mut pace = self.lock();
        pace.not_before = pace.not_before.max(then);
    }

    /// Asks half as often for a while.
    pub(super) fn slow_down(&self) {
        self.lock().slow_left = SLOW_REQUESTS;
    }

    /// Takes note of how long an answer took.
    pub(super) fn answered_after(&self, took: Duration) {
        if took >= SLOW_ANSWER {
            self.slow_down();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pace> {
        // Whatever broke off, the figures are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 2.0;

    /// Of requests that are answered at once: how long each has to wait, in milliseconds.
    fn gaps(pace: &RequestPace, now: &mut Duration, count: usize) -> Vec<u128> {
        let mut gap = || {
            let wait = pace.take_turn(*now, RATE, None).unwrap_or_default();
            if !wait.is_zero() {
                *now += wait;
                assert_eq!(pace.take_turn(*now, RATE, None), None);
            }
            wait.as_millis()
        };
        (0..count).map(|_| gap()).collect()
    }

    #[test]
    fn who_wants_to_be_left_alone_is_by_whatever_is_asked_next() {
        let (pace, mut now) = (RequestPace::default(), Duration::from_secs(9));
        assert_eq!(gaps(&pace, &mut now, 1), [0]);
        pace.rest_until(now + Duration::from_secs(5));
        assert_eq!(pace.rests_for(now), Duration::from_secs(5));
        assert_eq!(gaps(&pace, &mut now, 2), [5000, 500]);
    }

    #[test]
    fn the_first_request_goes_out_at_once_and_the_others_by_the_rate() {
        let (pace, mut now) = (RequestPace::default(), Duration::from_secs(9));
        assert_eq!(gaps(&pace, &mut now, 3), [0, 500, 500]);
        now += Duration::from_millis(400);
        assert_eq!(gaps(&pace, &mut now, 1), [100]);
        now += Duration::from_secs(7);
        assert_eq!(gaps(&pace, &mut now, 2), [0, 500]);
    }

    #[test]
    fn the_rate_is_halved_for_ten_requests_after_being_asked_too_often() {
        let (pace, mut now) = (RequestPace::default(), Duration::ZERO);
        assert_eq!(pace.take_turn(now, RATE, None), None);
        pace.slow_down();
        let gaps = gaps(&pace, &mut now, 12);
        assert_eq!(gaps[..10], [1000; 10]);
        assert_eq!(gaps[10..], [500; 2]);
    }

    #[test]
    fn slow_answers_halve_the_rate_and_quick_ones_do_not() {
        let (pace, mut now) = (RequestPace::default(), Duration::ZERO);
        assert_eq!(pace.take_turn(now, RATE, None), None);
        pace.answered_after(Duration::from_millis(2_900));
        assert_eq!(gaps(&pace, &mut now, 1), [500]);
        pace.answered_after(Duration::from_secs(3));
        assert_eq!(gaps(&pace, &mut now, 1), [1000]);
    }

    #[test]
    fn all_keep_the_rate_together_and_whom_somebody_waits_for_goes_first() {
        let pace = RequestPace::default();
        let other = pace.clone();
        let at = Duration::from_millis;
        assert_eq!(pace.take_turn(at(0), RATE, None), None);
        assert_eq!(pace.take_turn(at(100), RATE, None), Some(at(400)));
        let first = other.goes_first();
        assert_eq!(other.take_turn(at(200), RATE, Some(&first)), Some(at(300)));
        // Both have their turn now, and one of them takes it.
        assert_eq!(pace.take_turn(at(500), RATE, None), Some(at(500)));
        assert_eq!(other.take_turn(at(500), RATE, Some(&first)), None);
        drop(first);
        assert_eq!(pace.take_turn(at(600), RATE, None), Some(at(400)));
        other.slow_down();
        assert_eq!(pace.take_turn(at(600), RATE, None), Some(at(900)));
    }
}
