//! The clocks, read in one place. Everything below the edges takes the time as an argument.

mod moment;
mod steady;
mod told;

use std::time::{SystemTime, UNIX_EPOCH};

pub use moment::Moment;
pub use steady::SteadyTime;
pub use told::{CLOCKS_DIFFER_SECS, ToldTime};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// A clock may be so much earlier than what has happened, milliseconds: those of two computers differ by minutes.
const BEHIND_MS: i64 = 15 * 60_000;

/// Whether a clock that tells this (UTC milliseconds) is wrong, because something is known to have happened later:
/// `known_until`, UTC seconds.
pub(crate) fn is_behind(now_ms: i64, known_until: Option<i64>) -> bool {
    let known_ms = known_until.map(|known| known.saturating_mul(1000));
    known_ms.is_some_and(|known| now_ms < known.saturating_sub(BEHIND_MS))
}

/// Now, in UTC milliseconds since the epoch; 0 if the system's clock stands before 1970.
#[must_use]
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

/// The UTC date of a time in milliseconds, as `YYYY-MM-DD`.
#[must_use]
pub fn utc_date(ms: i64) -> String {
    // Days are counted from 0000-03-01 in eras of 400 years, so that a leap day is a year's last.
    let days = ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A time in milliseconds as `YYYY-MM-DD HH:MM:SS`, UTC.
#[must_use]
pub fn utc_time(ms: i64) -> String {
    let second = ms.rem_euclid(DAY_MS) / 1000;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", utc_date(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_around_leap_days_and_year_ends() {
        for (seconds, date) in [
            (-1, "1969-12-31 23:59:59"),
            (0, "1970-01-01 00:00:00"),
            (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"),
            (1_764_230_405, "2025-11-27 08:00:05"),
            (1_798_761_599, "2026-12-31 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(utc_time(seconds * 1000), date);
        }
    }

    #[test]
    fn milliseconds_are_no_part_of_a_time() {
        assert_eq!(utc_time(999), "1970-01-01 00:00:00");
        assert_eq!(utc_time(-1), "1969-12-31 23:59:59");
    }

    #[test]
    fn a_day_lasts_to_its_last_millisecond() {
        assert_eq!(utc_date(DAY_MS - 1), "1970-01-01");
        assert_eq!(utc_date(DAY_MS), "1970-01-02");
    }

    #[test]
    fn a_century_is_a_leap_year_only_every_fourth_time() {
        // The day after the 28th of February in 1900 and in 2000.
        assert_eq!(utc_date(-25_508 * DAY_MS), "1900-03-01");
        assert_eq!(utc_date(11_016 * DAY_MS), "2000-02-29");
    }
}
