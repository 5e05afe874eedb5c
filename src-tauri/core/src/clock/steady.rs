//! The time that is believed: the wall clock's, unless that has just leapt or can't be right.
//!
//! A clock that is wrong for a minute must not end, raise or wake anything. Whoever leaps ahead by days is believed when
//! the clock has stood there for a while; until then time goes on from where it was. A clock that was set back is
//! believed at once: what was found by the wrong time is looked at again. But not if it tells a time before what is known
//! to have happened: then, too, time goes on from where it was, or from the last that is known, until the clock is right.

use super::is_behind;

/// A leap by more is believed only after [`SETTLES_AFTER_MS`]: longer than a computer sleeps over a long weekend.
const LEAP_MS: i64 = 4 * 86_400_000;

/// How long a clock has to stand where it leapt to.
const SETTLES_AFTER_MS: i64 = 5 * 60_000;

/// All in UTC milliseconds.
#[derive(Debug)]
pub(crate) struct SteadyTime {
    /// What the wall clock told last.
    told: i64,
    /// By how much it is ahead of what is believed; less than nothing: behind.
    ahead: i64,
    /// When it leapt, by itself.
    leapt_at: i64,
}

impl SteadyTime {
    /// Time that begins when the wall clock tells this. `known_until`: the latest second (UTC) at which something is
    /// known to have happened.
    pub(crate) fn new(now_ms: i64, known_until: Option<i64>) -> SteadyTime {
        let mut time = SteadyTime {
            told: now_ms,
            ahead: 0,
            leapt_at: now_ms,
        };
        time.hold(i64::MIN, known_until);
        time
    }

    /// What is to be believed when the wall clock tells this.
    pub(crate) fn tell(&mut self, now_ms: i64, known_until: Option<i64>) -> i64 {
        let believed = self.told.saturating_sub(self.ahead);
        let passed = now_ms.saturating_sub(self.told);
        self.told = now_ms;
        let mut goes_on = believed;
        if (0..=LEAP_MS).contains(&passed) {
            goes_on = believed.saturating_add(passed);
            if now_ms.saturating_sub(self.leapt_at) >= SETTLES_AFTER_MS {
                self.ahead = self.ahead.min(0);
            }
        } else {
            let leap = now_ms.saturating_sub(believed);
            self.ahead = if leap > LEAP_MS { leap } else { 0 };
            self.leapt_at = now_ms;
        }
        self.hold(goes_on, known_until);
        self.believed(now_ms)
    }

    /// Has time go on from here, or from the last that is known, while the clock is behind that.
    fn hold(&mut self, goes_on: i64, known_until: Option<i64>) {
        if is_behind(self.told, known_until) {
            let known = known_until.map_or(i64::MIN, |known| known.saturating_mul(1000));
            self.ahead = self.told.saturating_sub(goes_on.max(known));
        } else {
            self.ahead = self.ahead.max(0);
        }
    }

    /// The same of a time that passed since without a leap.
    pub(crate) fn believed(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.ahead)
    }

    /// When the wall clock shows what is believed to be this time; at the latest when a leap is believed.
    pub(crate) fn on_the_clock(&self, believed_ms: i64) -> i64 {
        let at = believed_ms.saturating_add(self.ahead);
        match self.ahead {
            ..=0 => at,
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
        let mut time = SteadyTime::new(0, None);
        assert_eq!(time.tell(MINUTE, None), MINUTE);
        assert_eq!(time.tell(365 * DAY, None), MINUTE);
        assert_eq!(time.tell(365 * DAY + 3 * MINUTE, None), 4 * MINUTE);
        assert_eq!(time.tell(5 * MINUTE, None), 5 * MINUTE);
        assert_eq!(time.on_the_clock(6 * MINUTE), 6 * MINUTE);
    }

    #[test]
    fn a_leap_that_stays_is_believed() {
        let mut time = SteadyTime::new(0, None);
        assert_eq!(time.tell(30 * DAY, None), 0);
        assert_eq!(time.on_the_clock(DAY), 30 * DAY + 5 * MINUTE);
        assert_eq!(
            time.tell(30 * DAY + 5 * MINUTE, None),
            30 * DAY + 5 * MINUTE
        );
    }

    #[test]
    fn a_night_and_a_clock_that_was_set_back_are_believed_at_once() {
        let mut time = SteadyTime::new(0, None);
        assert_eq!(time.tell(3 * DAY, None), 3 * DAY);
        assert_eq!(time.tell(DAY, None), DAY);
        assert_eq!(time.tell(-400 * DAY, None), -400 * DAY);
    }

    #[test]
    fn a_clock_that_tells_a_time_before_what_is_known_is_not_believed() {
        let known = |at: i64| Some(at / 1000);
        let mut time = SteadyTime::new(40 * DAY, known(40 * DAY - MINUTE));
        // Time goes on, for as long as it takes.
        assert_eq!(time.tell(10 * DAY, known(40 * DAY)), 40 * DAY);
        let later = 10 * DAY + 7 * MINUTE;
        assert_eq!(time.tell(later, known(40 * DAY)), 40 * DAY + 7 * MINUTE);
        assert_eq!(
            time.on_the_clock(40 * DAY + 8 * MINUTE),
            10 * DAY + 8 * MINUTE
        );
        // What happens meanwhile takes it along.
        let known_later = known(41 * DAY);
        assert_eq!(time.tell(10 * DAY + 9 * MINUTE, known_later), 41 * DAY);
        assert_eq!(time.tell(41 * DAY + MINUTE, known_later), 41 * DAY + MINUTE);
        assert_eq!(time.tell(42 * DAY, known_later), 42 * DAY);
        // A clock that was ahead and is right is believed.
        assert_eq!(time.tell(41 * DAY + MINUTE, known_later), 41 * DAY + MINUTE);
    }

    #[test]
    fn who_begins_with_a_clock_that_is_behind_begins_where_something_last_happened() {
        let known = Some(40 * DAY / 1000);
        let mut time = SteadyTime::new(10 * DAY, known);
        assert_eq!(time.tell(10 * DAY + MINUTE, known), 40 * DAY + MINUTE);
        assert_eq!(
            time.tell(40 * DAY + 20 * MINUTE, known),
            40 * DAY + 20 * MINUTE
        );
        // By minutes clocks differ.
        let mut time = SteadyTime::new(40 * DAY - 10 * MINUTE, known);
        assert_eq!(
            time.tell(40 * DAY - 9 * MINUTE, known),
            40 * DAY - 9 * MINUTE
        );
    }
}
