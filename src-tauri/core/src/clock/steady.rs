//! The time that is believed: the wall clock's, unless that has just leapt or can't be right.
//!
//! A clock that is wrong for a minute must not end, raise or wake anything. One that leaps, ahead or back, is believed when
//! it has stood there for a while; until then time goes on from where it was. A computer that slept is no leap: the clock
//! that nobody can set went on as well. While the wall clock tells a time before what is known to have happened, it is not
//! believed at all: time goes on from where it was, or from the last that is known, until the clock is right. With which
//! clock a program starts nobody knows: that is believed.

use super::{Moment, is_behind};

/// By so much the wall clock may go ahead or back by itself and be believed at once, milliseconds: clocks are set by some
/// minutes now and then, and no rule counts in minutes.
const LEAP_MS: i64 = 10 * 60_000;

/// How long a clock has to stand where it leapt to.
const SETTLES_AFTER_MS: i64 = 5 * 60_000;

/// All in milliseconds.
#[derive(Debug)]
pub struct SteadyTime {
    /// What the clocks told last.
    told: Moment,
    /// By how much the wall clock is ahead of what is believed; less than nothing: behind.
    ahead: i64,
    /// When it leapt, by the clock that nobody can set.
    leapt_at: i64,
    /// The wall clock can't be right.
    behind: bool,
}

impl SteadyTime {
    /// Time that begins now. `known_until`: the latest second (UTC) at which something is known to have happened.
    pub fn new(now: Moment, known_until: Option<i64>) -> SteadyTime {
        let mut time = SteadyTime {
            told: now,
            ahead: 0,
            leapt_at: now.running_ms,
            behind: false,
        };
        time.hold(i64::MIN, known_until);
        time
    }

    /// What is to be believed when the clocks tell this, UTC.
    pub fn tell(&mut self, now: Moment, known_until: Option<i64>) -> i64 {
        let passed = now.running_ms.saturating_sub(self.told.running_ms).max(0);
        let goes_on = self.believed(self.told.clock_ms).saturating_add(passed);
        let leapt = now.clock_ms.saturating_sub(self.told.clock_ms);
        let is_leap = |by: i64| !(-LEAP_MS..=LEAP_MS).contains(&by);
        self.told = now;
        if is_leap(leapt.saturating_sub(passed)) {
            let ahead = now.clock_ms.saturating_sub(goes_on);
            self.ahead = if is_leap(ahead) { ahead } else { 0 };
            self.leapt_at = now.running_ms;
        } else if self.settles_in().is_none() {
            self.ahead = 0;
        }
        self.agree(known_until);
        self.hold(goes_on, known_until);
        self.believed(now.clock_ms)
    }

    /// The same where somebody whose clock is right has told it: then this is the time, whatever the clock on the wall did.
    pub fn tell_right(&mut self, right: Moment) -> i64 {
        *self = SteadyTime::new(right, None);
        right.clock_ms
    }

    /// A leap ahead is believed at once if what comes tells that it is later than was believed: else something would have been
    /// found before it happened.
    fn agree(&mut self, known_until: Option<i64>) {
        if self.ahead > 0 && is_behind(self.believed(self.told.clock_ms), known_until) {
            self.ahead = 0;
        }
    }

    /// Has time go on from here, or from the last that is known, while the clock is behind that.
    fn hold(&mut self, goes_on: i64, known_until: Option<i64>) {
        self.behind = is_behind(self.told.clock_ms, known_until);
        if self.behind {
            let known = known_until.map_or(i64::MIN, |known| known.saturating_mul(1000));
            self.ahead = self.told.clock_ms.saturating_sub(goes_on.max(known));
        }
    }

    /// What the clock that nobody can set told last.
    pub fn running_ms(&self) -> i64 {
        self.told.running_ms
    }

    /// Whether the wall clock can't be right, so that it may be later than what is believed.
    pub fn may_be_later(&self) -> bool {
        self.behind
    }

    /// Whether the wall clock leapt a while ago, and may be right.
    pub fn is_settling(&self) -> bool {
        self.settles_in().is_some()
    }

    /// In how long a leap is believed; `None`: it was long ago.
    fn settles_in(&self) -> Option<i64> {
        let stood = self.told.running_ms.saturating_sub(self.leapt_at);
        (self.ahead != 0 && stood < SETTLES_AFTER_MS).then(|| SETTLES_AFTER_MS - stood)
    }

    /// The same of a time that passed since without a leap.
    pub fn believed(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.ahead)
    }

    /// By how much the wall clock is ahead of what is believed, less than nothing: behind; milliseconds.
    pub fn ahead_ms(&self) -> i64 {
        self.ahead
    }

    /// What the wall clock shows when what lasts until this time is over by what is believed then.
    pub fn over_on_the_clock(&self, until_ms: i64) -> i64 {
        let at = until_ms.saturating_add(self.ahead);
        // One that can't be right is not believed, however long it stands there.
        match self.settles_in().filter(|_| !self.behind) {
            Some(wait) => {
                let settles_at = self.told.clock_ms.saturating_add(wait);
                if at <= settles_at {
                    at
                } else {
                    until_ms.max(settles_at)
                }
            }
            None => at,
        }
    }

    /// When the wall clock shows what is believed to be this time; at the latest when a leap is believed.
    pub fn on_the_clock(&self, believed_ms: i64) -> i64 {
        let at = believed_ms.saturating_add(self.ahead);
        match self.settles_in() {
            Some(wait) => at.min(self.told.clock_ms.saturating_add(wait)),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const HOUR: i64 = 3_600_000;
    const MINUTE: i64 = 60_000;

    /// A time that begins at 0, by both clocks.
    fn time() -> SteadyTime {
        SteadyTime::new(at(0, 0), None)
    }

    /// What the wall clock shows after so long.
    fn at(clock_ms: i64, running_ms: i64) -> Moment {
        Moment {
            clock_ms,
            running_ms,
        }
    }

    fn right(ms: i64) -> Moment {
        at(ms, ms)
    }

    #[test]
    fn a_leap_that_is_taken_back_was_none() {
        let longs = [12 * MINUTE, HOUR, 7 * HOUR, 2 * DAY, 4 * DAY, 365 * DAY];
        for by in longs.into_iter().flat_map(|by| [by, -by]) {
            let mut time = time();
            assert_eq!(time.tell(right(MINUTE), None), MINUTE);
            assert_eq!(time.tell(at(by + MINUTE, MINUTE), None), MINUTE);
            let later = at(by + 4 * MINUTE, 4 * MINUTE);
            assert_eq!(time.tell(later, None), 4 * MINUTE, "{by}");
            assert_eq!(time.tell(right(5 * MINUTE), None), 5 * MINUTE);
            assert_eq!(time.on_the_clock(6 * MINUTE), 6 * MINUTE);
        }
    }

    #[test]
    fn a_leap_that_stays_is_believed() {
        for by in [HOUR, 30 * DAY, -HOUR, -30 * DAY] {
            let mut time = time();
            assert_eq!(time.tell(at(by, 0), None), 0);
            assert_eq!(time.on_the_clock(DAY), by + 5 * MINUTE);
            let settled = at(by + 5 * MINUTE, 5 * MINUTE);
            assert_eq!(time.tell(settled, None), by + 5 * MINUTE);
        }
    }

    #[test]
    fn what_lasts_is_over_when_it_is_so_by_what_is_believed_then() {
        // What the clock shows then of what lasts until after 2 and 60 minutes, half a minute after a leap.
        for (by, over) in [
            (HOUR, [62 * MINUTE, HOUR + 5 * MINUTE]),
            (20 * MINUTE, [22 * MINUTE, HOUR]),
            (-HOUR, [2 * MINUTE - HOUR, HOUR]),
        ] {
            let mut time = time();
            time.tell(at(by, 0), None);
            time.tell(at(by + MINUTE / 2, MINUTE / 2), None);
            let is_over = |after| time.over_on_the_clock(after);
            assert_eq!([2 * MINUTE, HOUR].map(is_over), over, "{by}");
        }
    }

    #[test]
    fn a_leap_ahead_is_believed_at_once_if_what_comes_agrees_with_it() {
        // Set right after it was behind by half an hour, of which nobody knew.
        let right = at(31 * MINUTE, MINUTE);
        for (known, believed) in [
            (-HOUR, MINUTE),
            (10 * MINUTE, MINUTE),
            (25 * MINUTE, 31 * MINUTE),
        ] {
            let mut time = time();
            assert_eq!(time.tell(right, Some(0)), MINUTE);
            assert_eq!(time.tell(right, Some(known / 1000)), believed, "{known}");
        }
    }

    #[test]
    fn a_time_that_somebody_told_who_knows_is_believed_at_once() {
        let mut time = time();
        assert_eq!(time.tell(at(DAY, 0), None), 0);
        for passed in [MINUTE, 2 * MINUTE] {
            assert_eq!(time.tell_right(right(passed)), passed);
            assert!(!time.is_settling() && !time.may_be_later());
            assert_eq!(time.on_the_clock(DAY), DAY);
        }
    }

    #[test]
    fn a_sleep_is_no_leap() {
        let mut time = time();
        for days in [1, 4, 40, 400] {
            assert_eq!(time.tell(right(days * DAY), None), days * DAY);
        }
        // Who wakes with a clock that is wrong by hours, and right a minute later, was never told so.
        let morning = 400 * DAY + 12 * HOUR;
        let wakes = at(morning + 7 * HOUR, morning);
        assert_eq!(time.tell(wakes, None), morning);
        let later = morning + MINUTE;
        assert_eq!(time.tell(right(later), None), later);
    }

    #[test]
    fn a_clock_that_is_set_by_minutes_is_believed_at_once() {
        let mut time = time();
        assert_eq!(time.tell(at(9 * MINUTE, 0), None), 9 * MINUTE);
        assert_eq!(time.tell(at(MINUTE, MINUTE), None), MINUTE);
    }

    #[test]
    fn a_clock_that_tells_a_time_before_what_is_known_is_not_believed() {
        let known = |at: i64| Some(at / 1000);
        let mut time = SteadyTime::new(at(40 * DAY, 0), known(40 * DAY - MINUTE));
        // Time goes on, for as long as it takes.
        assert_eq!(time.tell(at(10 * DAY, 0), known(40 * DAY)), 40 * DAY);
        let after = |minutes: i64| at(10 * DAY + minutes * MINUTE, minutes * MINUTE);
        assert_eq!(time.tell(after(7), known(40 * DAY)), 40 * DAY + 7 * MINUTE);
        assert_eq!(
            time.on_the_clock(40 * DAY + 8 * MINUTE),
            10 * DAY + 8 * MINUTE
        );
        // What happens meanwhile takes it along.
        let known_later = known(41 * DAY);
        assert_eq!(time.tell(after(9), known_later), 41 * DAY);
        assert_eq!(time.tell(after(10), known_later), 41 * DAY + MINUTE);
        // A clock that is right again is believed.
        let right = at(41 * DAY + 4 * MINUTE, 11 * MINUTE);
        assert_eq!(time.tell(right, known_later), 41 * DAY + 4 * MINUTE);
    }

    #[test]
    fn who_begins_with_a_clock_that_is_behind_begins_where_something_last_happened() {
        let known = Some(40 * DAY / 1000);
        let mut time = SteadyTime::new(at(10 * DAY, 0), known);
        let later = at(10 * DAY + MINUTE, MINUTE);
        assert_eq!(time.tell(later, known), 40 * DAY + MINUTE);
        let right = at(40 * DAY + 10 * MINUTE, 2 * MINUTE);
        assert_eq!(time.tell(right, known), 40 * DAY + 10 * MINUTE);
        // By minutes clocks differ.
        let mut time = SteadyTime::new(at(40 * DAY - 10 * MINUTE, 0), known);
        assert_eq!(
            time.tell(at(40 * DAY - 9 * MINUTE, MINUTE), known),
            40 * DAY - 9 * MINUTE
        );
    }
}
