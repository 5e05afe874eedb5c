//! The clock of a world: that of this computer, one that runs faster until it has caught up with it, or one that stands
//! until a test moves it. Nothing else here asks a clock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What time it is in a world.
#[derive(Debug)]
pub struct WorldClock(Kind);

#[derive(Debug)]
enum Kind {
    Running {
        begin: i64,
        pace: f64,
        /// When it began to run, and how far this computer's clock was ahead then, in seconds.
        began: OnceLock<(Instant, i64)>,
    },
    Stepped(AtomicI64),
}

impl WorldClock {
    /// Begins at a time in the past and goes at this pace until it is as late as it is here; then it goes as clocks do.
    #[must_use]
    pub fn running(begin: i64, pace: f64) -> WorldClock {
        let clock = WorldClock::held(begin, pace);
        clock.start();
        clock
    }

    /// The same, but it stands until it is started.
    #[must_use]
    pub fn held(begin: i64, pace: f64) -> WorldClock {
        WorldClock(Kind::Running {
            begin,
            pace: pace.max(1.0),
            began: OnceLock::new(),
        })
    }

    /// Stands at a time until somebody moves it.
    #[must_use]
    pub fn stepped(begin: i64) -> WorldClock {
        WorldClock(Kind::Stepped(AtomicI64::new(begin)))
    }

    /// Starts one that was held. One that runs goes on.
    pub(super) fn start(&self) {
        if let Kind::Running { begin, began, .. } = &self.0 {
            began.get_or_init(|| (Instant::now(), (real_time() - begin).max(0)));
        }
    }

    /// What time it is, UTC seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Kind::Stepped(at) => at.load(Ordering::SeqCst),
            Kind::Running { begin, pace, began } => match began.get() {
                None => *begin,
                Some((began, ahead)) => {
                    let past = began.elapsed().as_secs_f64();
                    begin + (past * pace).min(past + *ahead as f64) as i64
                }
            },
        }
    }

    /// Whether somebody has to move it.
    #[must_use]
    pub fn is_stepped(&self) -> bool {
        matches!(self.0, Kind::Stepped(_))
    }

    /// Moves one that stands, never back.
    pub(super) fn step_to(&self, time: i64) {
        if let Kind::Stepped(at) = &self.0 {
            at.fetch_max(time, Ordering::SeqCst);
        }
    }

    /// How long it takes until then at the least, by this computer's clock.
    pub(super) fn until(&self, time: i64) -> Duration {
        let pace = match &self.0 {
            Kind::Stepped(_) => 1.0,
            Kind::Running { pace, .. } => *pace,
        };
        Duration::from_secs_f64((time - self.now()).max(0) as f64 / pace)
    }
}

/// What time it is here, UTC seconds.
pub(super) fn real_time() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_stepped_stands_and_never_goes_back() {
        let clock = WorldClock::stepped(1_000);
        assert_eq!(clock.now(), 1_000);
        clock.step_to(5_000);
        clock.step_to(4_000);
        assert_eq!(clock.now(), 5_000);
    }

    #[test]
    fn one_that_is_held_stands_until_it_is_started() {
        let clock = WorldClock::held(1_000, 1e12);
        assert_eq!(clock.now(), 1_000);
        clock.start();
        while clock.now() == 1_000 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn one_that_hurries_stops_at_the_present() {
        let now = real_time();
        let clock = WorldClock::running(now - 7 * 86_400, 1e12);
        while clock.now() < now {
            std::thread::yield_now();
        }
        assert!(clock.now() <= real_time() + 1);
    }
}
