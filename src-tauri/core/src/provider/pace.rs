//! How fast is asked: so many requests a second, half as many for a while after the API was asked too often or was slow.
//! Told how much time has passed since some moment.

use std::time::Duration;

/// For so many requests the rate stays halved.
const SLOW_REQUESTS: u32 = 10;

/// An answer that takes so long is slow.
const SLOW_ANSWER: Duration = Duration::from_secs(3);

/// Says when the next request may go out.
#[derive(Debug)]
pub(super) struct RequestPace {
    between: Duration,
    last: Option<Duration>,
    slow_left: u32,
    /// Until then the API wants to be left alone.
    not_before: Duration,
}

impl RequestPace {
    /// So many requests a second at most, more than none.
    pub fn new(rate: f64) -> RequestPace {
        RequestPace {
            between: Duration::from_secs_f64(1.0 / rate),
            last: None,
            slow_left: 0,
            not_before: Duration::ZERO,
        }
    }

    /// How long the next request has to wait.
    pub fn until_turn(&self, now: Duration) -> Duration {
        let between = match self.slow_left {
            0 => self.between,
            _ => self.between.saturating_mul(2),
        };
        let turn = self.last.map_or(Duration::ZERO, |last| last + between);
        turn.max(self.not_before).saturating_sub(now)
    }

    /// The API wants to be left alone until then, whatever is asked next.
    pub fn rest_until(&mut self, then: Duration) {
        self.not_before = self.not_before.max(then);
    }

    /// It goes out now.
    pub fn goes_out(&mut self, now: Duration) {
        self.slow_left = self.slow_left.saturating_sub(1);
        self.last = Some(now);
    }

    /// Asks half as often for a while.
    pub fn slow_down(&mut self) {
        self.slow_left = SLOW_REQUESTS;
    }

    /// Takes note of how long an answer took.
    pub fn answered_after(&mut self, took: Duration) {
        if took >= SLOW_ANSWER {
            self.slow_down();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of requests that are answered at once: how long each has to wait, in milliseconds.
    fn gaps(pace: &mut RequestPace, now: &mut Duration, count: usize) -> Vec<u128> {
        let mut gap = || {
            let wait = pace.until_turn(*now);
            *now += wait;
            pace.goes_out(*now);
            wait.as_millis()
        };
        (0..count).map(|_| gap()).collect()
    }

    #[test]
    fn who_wants_to_be_left_alone_is_by_whatever_is_asked_next() {
        let (mut pace, mut now) = (RequestPace::new(2.0), Duration::from_secs(9));
        assert_eq!(gaps(&mut pace, &mut now, 1), [0]);
        pace.rest_until(now + Duration::from_secs(5));
        assert_eq!(gaps(&mut pace, &mut now, 2), [5000, 500]);
    }

    #[test]
    fn the_first_request_goes_out_at_once_and_the_others_by_the_rate() {
        let (mut pace, mut now) = (RequestPace::new(2.0), Duration::from_secs(9));
        assert_eq!(gaps(&mut pace, &mut now, 3), [0, 500, 500]);
        now += Duration::from_millis(400);
        assert_eq!(gaps(&mut pace, &mut now, 1), [100]);
        now += Duration::from_secs(7);
        assert_eq!(gaps(&mut pace, &mut now, 2), [0, 500]);
    }

    #[test]
    fn the_rate_is_halved_for_ten_requests_after_being_asked_too_often() {
        let (mut pace, mut now) = (RequestPace::new(2.0), Duration::ZERO);
        pace.goes_out(now);
        pace.slow_down();
        let gaps = gaps(&mut pace, &mut now, 12);
        assert_eq!(gaps[..10], [1000; 10]);
        assert_eq!(gaps[10..], [500; 2]);
    }

    #[test]
    fn slow_answers_halve_the_rate_and_quick_ones_do_not() {
        let (mut pace, mut now) = (RequestPace::new(2.0), Duration::ZERO);
        pace.goes_out(now);
        pace.answered_after(Duration::from_millis(2_900));
        assert_eq!(gaps(&mut pace, &mut now, 1), [500]);
        pace.answered_after(Duration::from_secs(3));
        assert_eq!(gaps(&mut pace, &mut now, 1), [1000]);
    }
}
