//! The two clocks by which the program tells time: that on the wall, and one that nobody can set.

use super::now_ms;

/// A moment, by both of them. Only together they tell a sleep from a clock that was set: both go on in a sleep, and only
/// one can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What the clock on the wall shows, UTC milliseconds.
    pub clock_ms: i64,
    /// Milliseconds since some moment that stays the same while the program runs, also those in which the computer slept.
    pub running_ms: i64,
}

impl Moment {
    /// Now.
    #[must_use]
    pub fn now() -> Moment {
        Moment {
            clock_ms: now_ms(),
            running_ms: running_ms(),
        }
    }
}

/// By the system's own clock that counts sleep, which `std` does not ask on these.
#[cfg(unix)]
fn running_ms() -> i64 {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(target_os = "linux")]
    const COUNTS_SLEEP: ClockId = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    const COUNTS_SLEEP: ClockId = ClockId::Monotonic;
    let time = clock_gettime(COUNTS_SLEEP);
    let millis = time.tv_nsec / 1_000_000;
    time.tv_sec.saturating_mul(1000).saturating_add(millis)
}

/// There, that of `std` counts sleep.
#[cfg(windows)]
fn running_ms() -> i64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static FIRST_ASKED: LazyLock<Instant> = LazyLock::new(Instant::now);
    i64::try_from(FIRST_ASKED.elapsed().as_millis()).unwrap_or(i64::MAX)
}
