//! What a provider's own clock told when it was asked: of that much a receipt may be sure, whatever this computer's shows.

use std::sync::{Arc, Mutex, PoisonError};

use super::Moment;

/// Clocks of two computers differ by so much, seconds.
pub const CLOCKS_DIFFER_SECS: i64 = 10 * 60;

/// The last that a provider's clock told. Cheap to clone: all clones are one.
#[derive(Debug, Clone, Default)]
pub struct ToldTime(Arc<Mutex<Told>>);

#[derive(Debug, Clone, Copy, Default)]
enum Told {
    /// Nobody was asked.
    #[default]
    Nothing,
    /// This time, UTC seconds, when this computer's clock told that, UTC milliseconds; before the program started.
    Before(i64, i64),
    /// This time, UTC seconds, at this moment of the clock that nobody can set, milliseconds.
    Since(i64, i64),
}

impl ToldTime {
    /// With what was told before the program started, UTC seconds, when this computer's clock told that, UTC milliseconds.
    #[must_use]
    pub fn before_the_start(at: i64, clock_ms: i64) -> ToldTime {
        ToldTime(Arc::new(Mutex::new(Told::Before(at, clock_ms))))
    }

    /// Takes note of a provider's own time, UTC seconds, at this moment.
    pub fn told(&self, at: i64, now: Moment) {
        let told = Told::Since(at, now.running_ms);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    /// The time of which a receipt may be sure at this moment: that until which something is known (UTC seconds), or what a
    /// provider's clock has come to. A desk's own that is behind by an hour would take what happened a moment ago for what is
    /// to come. One that was behind when the program ran last is as far behind until somebody tells: who has set it right
    /// meanwhile is told a moment later, and until then only what has no time of its own is dated too late.
    #[must_use]
    pub fn sure_of(&self, known_until: Option<i64>, now: Moment) -> Option<i64> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, passed_ms) = match told {
            Told::Nothing => return known_until,
            Told::Before(at, clock_ms) => (at, now.clock_ms.saturating_sub(clock_ms)),
            Told::Since(at, running_ms) => (at, now.running_ms.saturating_sub(running_ms)),
        };
        known_until.max(Some(at.saturating_add(passed_ms.max(0) / 1000)))
    }

    /// What a provider's clock has come to at this moment, UTC milliseconds; `None`: nobody was asked since the program started.
    fn providers_ms(&self, now: Moment) -> Option<i64> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Told::Since(at, running_ms) = told else {
            return None;
        };
        let passed_ms = now.running_ms.saturating_sub(running_ms);
        Some(at.saturating_mul(1000).saturating_add(passed_ms))
    }

    /// The same moment by a clock that is right: this computer's, unless that is further from the provider's than clocks differ.
    /// `None`: nobody was asked since the program started.
    #[must_use]
    pub fn surely(&self, now: Moment) -> Option<Moment> {
        let providers_ms = self.providers_ms(now)?;
        let differ = now.clock_ms.abs_diff(providers_ms) > CLOCKS_DIFFER_SECS.unsigned_abs() * 1000;
        let clock_ms = if differ { providers_ms } else { now.clock_ms };
        Some(Moment { clock_ms, ..now })
    }

    /// The same moment by a clock that is right, as far as anybody knows.
    #[must_use]
    pub fn right(&self, now: Moment) -> Moment {
        self.surely(now).unwrap_or(now)
    }

    /// By how many minutes this computer's clock is ahead of a provider's, less than nothing: behind. `None`: by no more than
    /// clocks differ, or nobody was asked since the program started.
    #[must_use]
    pub fn minutes_ahead(&self, now: Moment) -> Option<i64> {
        let ahead_ms = now.clock_ms.saturating_sub(self.surely(now)?.clock_ms);
        (ahead_ms != 0).then_some(ahead_ms.saturating_add(30_000).div_euclid(60_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_860_000;
    const HOUR: i64 = 3_600;

    /// So many seconds later, by a clock that is ahead by so many.
    fn moment(after: i64, ahead: i64) -> Moment {
        Moment {
            clock_ms: (NOW + after + ahead) * 1000,
            running_ms: (100_000 + after) * 1000,
        }
    }

    #[test]
    fn a_providers_clock_goes_on_by_the_one_that_nobody_can_set() {
        let time = ToldTime::default();
        assert_eq!(time.sure_of(None, moment(0, 0)), None);
        time.clone().told(NOW, moment(0, 0));
        let later = moment(60, -HOUR);
        assert_eq!(time.sure_of(None, later), Some(NOW + 60));
        assert_eq!(time.sure_of(Some(NOW + 90), later), Some(NOW + 90));
    }

    #[test]
    fn a_clock_that_is_wrong_is_told_until_it_is_right() {
        let time = ToldTime::before_the_start(NOW, moment(0, HOUR).clock_ms);
        assert_eq!(time.minutes_ahead(moment(0, HOUR)), None, "of another time");
        time.told(NOW, moment(0, HOUR));
        for (ahead, told) in [
            (HOUR, Some(60)),
            (-HOUR, Some(-60)),
            (-HOUR + 1, Some(-60)),
            (HOUR - 1, Some(60)),
            (300, None),
            (0, None),
        ] {
            assert_eq!(time.minutes_ahead(moment(7 * HOUR, ahead)), told);
        }
    }

    #[test]
    fn the_providers_time_is_right_where_clocks_differ_by_more_than_they_do() {
        let time = ToldTime::default();
        let wrong = moment(0, HOUR);
        assert_eq!((time.surely(wrong), time.right(wrong)), (None, wrong));
        time.told(NOW, wrong);
        for (ahead, right) in [(HOUR, 0), (-30 * HOUR, 0), (599, 599), (-600, -600), (0, 0)] {
            assert_eq!(time.right(moment(60, ahead)), moment(60, right));
        }
    }

    #[test]
    fn a_clock_that_was_behind_when_the_program_ran_last_is_so_until_it_is_told_another() {
        let clock_ms = moment(0, -7 * HOUR).clock_ms;
        let time = ToldTime::before_the_start(NOW, clock_ms);
        let morning = moment(10 * HOUR, -7 * HOUR);
        let evening = Some(NOW - HOUR);
        assert_eq!(time.sure_of(evening, morning), Some(NOW + 10 * HOUR));
        // It was put back further: then at least what was told has come.
        let earlier = moment(10 * HOUR, -20 * HOUR);
        assert_eq!(time.sure_of(evening, earlier), Some(NOW));
        time.told(NOW + 10 * HOUR, morning);
        let later = moment(10 * HOUR + 60, 0);
        assert_eq!(time.sure_of(evening, later), Some(NOW + 10 * HOUR + 60));
    }
}
