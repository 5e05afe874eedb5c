//! How fast is asked: so many requests a second, half as many for a while after the API was asked too often or was slow.

use std::time::Duration;

use tokio::time::Instant;

/// For so many requests the rate stays halved.
const SLOW_REQUESTS: u32 = 10;

/// An answer that takes so long is slow.
const SLOW_ANSWER: Duration = Duration::from_secs(3);

/// Says when the next request may go out.
#[derive(Debug)]
pub(super) struct RequestPace {
    between: Duration,
    last: Option<Instant>,
    slow_left: u32,
}

impl RequestPace {
    /// So many requests a second at most, more than none.
    pub fn new(rate: f64) -> RequestPace {
        RequestPace {
            between: Duration::from_secs_f64(1.0 / rate),
            last: None,
            slow_left: 0,
        }
    }

    /// Waits until the next request may go out.
    pub async fn turn(&mut self) {
        let between = match self.slow_left {
            0 => self.between,
            _ => self.between.saturating_mul(2),
        };
        self.slow_left = self.slow_left.saturating_sub(1);
        if let Some(last) = self.last {
            tokio::time::sleep_until(last + between).await;
        }
        self.last = Some(Instant::now());
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

    async fn gaps(pace: &mut RequestPace, count: usize) -> Vec<u128> {
        let mut gaps = Vec::new();
        let mut before = Instant::now();
        for _ in 0..count {
            pace.turn().await;
            gaps.push(before.elapsed().as_millis());
            before = Instant::now();
        }
        gaps
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_goes_out_at_once_and_the_others_by_the_rate() {
        let mut pace = RequestPace::new(2.0);
        assert_eq!(gaps(&mut pace, 3).await, [0, 500, 500]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_is_halved_for_ten_requests_after_being_asked_too_often() {
        let mut pace = RequestPace::new(2.0);
        pace.turn().await;
        pace.slow_down();
        let gaps = gaps(&mut pace, 12).await;
        assert_eq!(gaps[..10], [1000; 10]);
        assert_eq!(gaps[10..], [500; 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_answers_halve_the_rate_and_quick_ones_do_not() {
        let mut pace = RequestPace::new(2.0);
        pace.turn().await;
        pace.answered_after(Duration::from_millis(2_900));
        assert_eq!(gaps(&mut pace, 1).await, [500]);
        pace.answered_after(Duration::from_secs(3));
        assert_eq!(gaps(&mut pace, 1).await, [1000]);
    }
}
