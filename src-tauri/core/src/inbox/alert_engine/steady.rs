//! The time by which the engine goes: the wall clock's, unless that has just leapt.
//!
//! A clock that is wrong for a minute must not end, raise or wake anything. Whoever leaps ahead by days is believed when
//! the clock has stood there for a while; until then time goes on from where it was. A clock that was set back is
//! believed at once: what was found by the wrong time is looked at again.

/// A leap by more is believed only after [`SETTLES_AFTER_MS`]: longer than a computer sleeps over a long weekend.
const LEAP_MS: i64 = 4 * 86_400_000;

/// How long a clock has to stand where it leapt to.
const SETTLES_AFTER_MS: i64 = 5 * 60_000;

/// All in UTC milliseconds.
#[derive(Debug)]
pub(super) struct SteadyTime {
    /// What the wall clock told last.
    told: i64,
    /// By how much it is ahead of what is believed.
    ahead: i64,
    /// When it leapt, by itself.
    leapt_at: i64,
}

impl SteadyTime {
    pub(super) fn new(now_ms: i64) -> SteadyTime {
        SteadyTime {
            told: now_ms,
            ahead: 0,
            leapt_at: now_ms,
        }
    }

    /// What is to be believed when the wall clock tells this.
    pub(super) fn tell(&mut self, now_ms: i64) -> i64 {
        let believed = self.told.saturating_sub(self.ahead);
        let passed = now_ms.saturating_sub(self.told);
        self.told = now_ms;
        if !(0..=LEAP_MS).contains(&passed) {
            let leap = now_ms.saturating_sub(believed);
            self.ahead = if leap > LEAP_MS { leap } else { 0 };
            self.leapt_at = now_ms;
        } else if now_ms.saturating_sub(self.leapt_at) >= SETTLES_AFTER_MS {
            self.ahead = 0;
        }
        self.believed(now_ms)
    }

    /// The same of a time that passed since without a leap.
    pub(super) fn believed(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.ahead)
    }

    /// When the wall clock shows what is believed to be this time; at the latest when a leap is believed.
    pub(super) fn on_the_clock(&self, believed_ms: i64) -> i64 {
        let at = believed_ms.saturating_add(self.ahead);
        match self.ahead {
            0 => at,
            _ => at.min(self.leapt_at.saturating_add(SETTLES_AFTER_MS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const MINUTE: i64 = 60_000;

    #[test]
    fn a_leap_that_is_taken_back_was_none() {
        let mut time = SteadyTime::new(0);
        assert_eq!(time.tell(MINUTE), MINUTE);
        assert_eq!(time.tell(365 * DAY), MINUTE);
        assert_eq!(time.tell(365 * DAY + 3 * MINUTE), 4 * MINUTE);
        assert_eq!(time.tell(5 * MINUTE), 5 * MINUTE);
        assert_eq!(time.on_the_clock(6 * MINUTE), 6 * MINUTE);
    }

    #[test]
    fn a_leap_that_stays_is_believed() {
        let mut time = SteadyTime::new(0);
        assert_eq!(time.tell(30 * DAY), 0);
        assert_eq!(time.on_the_clock(DAY), 30 * DAY + 5 * MINUTE);
        assert_eq!(time.tell(30 * DAY + 5 * MINUTE), 30 * DAY + 5 * MINUTE);
    }

    #[test]
    fn a_night_and_a_clock_that_was_set_back_are_believed_at_once() {
        let mut time = SteadyTime::new(0);
        assert_eq!(time.tell(3 * DAY), 3 * DAY);
        assert_eq!(time.tell(DAY), DAY);
        assert_eq!(time.tell(-400 * DAY), -400 * DAY);
    }
}
