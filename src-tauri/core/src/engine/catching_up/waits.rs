//! How long it is until the next catch-up.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Moment;

/// After one that missed what may be there a moment later, so long it takes until the next: right after a start or a sleep
/// there may be no network yet. After each further one twice as long, up to the longest.
const AGAIN_AFTER: Duration = Duration::from_secs(4);

const LONGEST_AGAIN: Duration = Duration::from_secs(3_600);

/// The hour at which everybody sleeps, by this computer's clock.
const NIGHT_HOUR: i64 = 3;

/// How long it is until the next try after so many that missed something. `at_least`: seconds for which the API wants to be
/// left alone.
pub(super) fn again_after(misses: u32, at_least: u64) -> Duration {
    let longer = 2_u32.saturating_pow(misses.saturating_sub(1));
    let wait = AGAIN_AFTER.saturating_mul(longer).min(LONGEST_AGAIN);
    wait.max(Duration::from_secs(at_least))
}

/// How long it is until the next night from this moment on, in this computer's time zone.
pub(super) fn until_night(now: Moment) -> Duration {
    let now = Timestamp::from_millisecond(now.clock_ms).unwrap_or_default();
    let now = TimeZone::system().to_datetime(now);
    let hour = i64::from(now.hour());
    until_hour(hour * 3600 + i64::from(now.minute()) * 60 + i64::from(now.second()))
}

/// How long it is until [`NIGHT_HOUR`] from this second of the day on; a whole day right then.
fn until_hour(second: i64) -> Duration {
    let left = (NIGHT_HOUR * 3600 - second - 1).rem_euclid(86_400) + 1;
    Duration::from_secs(left.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_asked_for_after_longer_and_longer_waits() {
        let waits = (1..13).map(|misses| again_after(misses, 0).as_secs());
        assert_eq!(
            waits.collect::<Vec<_>>(),
            [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]
        );
        assert_eq!(again_after(1, 7_200).as_secs(), 7_200);
    }

    #[test]
    fn the_next_night_is_within_a_day() {
        let hours = |second| until_hour(second).as_secs_f64() / 3600.0;
        for (second, left) in [(0, 3.0), (3 * 3600, 24.0), (9000, 0.5), (82_800, 4.0)] {
            assert!((hours(second) - left).abs() < 1e-9, "{second}");
        }
    }
}
