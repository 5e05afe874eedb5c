//! How many refusals a second are answered. Beyond that a connection is closed without a word.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// Refusals a second, in the long run.
const REFUSALS_PER_SECOND: f64 = 200.0;

/// Refusals at once, after a quiet time.
const BURST_REFUSALS: f64 = 400.0;

/// A token bucket.
#[derive(Debug)]
pub(super) struct RateLimit {
    left: Mutex<(f64, Instant)>,
}

impl Default for RateLimit {
    fn default() -> Self {
        RateLimit {
            left: Mutex::new((BURST_REFUSALS, Instant::now())),
        }
    }
}

impl RateLimit {
    /// Whether one more is within the limit; it counts from now on.
    pub(super) fn allows(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, counted) = &mut *left;
        let now = Instant::now();
        *tokens = (*tokens + now.duration_since(*counted).as_secs_f64() * REFUSALS_PER_SECOND)
            .min(BURST_REFUSALS);
        *counted = now;
        if *tokens < 1.0 {
            return false;
        }
        *tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_answered_then_only_the_rate() {
        let limit = RateLimit::default();
        let answered = |offered: usize| (0..offered).filter(|_| limit.allows()).count();
        assert_eq!(answered(1000), 400);
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(answered(1000), 100);
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(answered(1000), 400);
    }
}
