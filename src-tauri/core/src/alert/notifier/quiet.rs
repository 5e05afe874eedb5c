//! When nobody is to be disturbed.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::super::{AlertSettings, Quiet};

/// Until when notifications are held back at `now_ms`, UTC milliseconds; `None`: they are not.
///
/// Quiet hours are by the clock on the wall. Where that clock is put forward over their start or
/// end, it is as long after the jump as it would have been without one; where it is put back, the first
/// time counts.
pub(super) fn until(settings: &AlertSettings, zone: &TimeZone, now_ms: i64) -> Option<i64> {
    let mut end = now_ms;
    // Muting can end in quiet hours, and quiet hours while muted.
    for _ in 0..3 {
        let muted = settings.muted_until.map(|until| until.saturating_mul(1000));
        let quiet = || end_of_quiet_hours(settings.quiet?, zone, end);
        match muted.filter(|until| *until > end).or_else(quiet) {
            Some(later) => end = later,
            None => break,
        }
    }
    (end > now_ms).then_some(end)
}

fn end_of_quiet_hours(quiet: Quiet, zone: &TimeZone, at_ms: i64) -> Option<i64> {
    // Beyond the calendar, from the year 10000 on, nothing is quiet any more.
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    let today = at.to_zoned_datetime(zone.clone()).date();
    // The hours that began yesterday may go on; those of today may have begun.
    [today.yesterday().ok()?, today]
        .into_iter()
        .find_map(|day| {
            let (from, to) = hours_of(quiet, zone, day)?;
            (from <= at && at < to).then(|| to.as_millisecond())
        })
}

/// When the quiet hours begin in which somebody would be told at this second, or at whose end; `None`: it is in none. UTC
/// seconds. Muting is for once, and no hours.
#[must_use]
pub fn quiet_from(settings: &AlertSettings, zone: &TimeZone, at: i64) -> Option<i64> {
    let quiet = settings.quiet?;
    let at = Timestamp::from_second(at).ok()?;
    let today = at.to_zoned_datetime(zone.clone()).date();
    [today.yesterday().ok()?, today]
        .into_iter()
        .find_map(|day| {
            let (from, to) = hours_of(quiet, zone, day)?;
            (from < at && at <= to).then(|| from.as_second())
        })
}

/// The quiet hours that begin on this day.
fn hours_of(quiet: Quiet, zone: &TimeZone, day: Date) -> Option<(Timestamp, Timestamp)> {
    let last_day = match quiet.from_minute < quiet.to_minute {
        true => day,
        false => day.tomorrow().ok()?,
    };
    Some((
        moment(zone, day, quiet.from_minute)?,
        moment(zone, last_day, quiet.to_minute)?,
    ))
}

fn moment(zone: &TimeZone, day: Date, minute: u16) -> Option<Timestamp> {
    let hour = i8::try_from(minute / 60).ok()?;
    let minute = i8::try_from(minute % 60).ok()?;
    let time = Time::new(hour, minute, 0, 0).ok()?;
    zone.to_timestamp(day.to_datetime(time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sunday 29 March 2026, 00:00 in Berlin, the night in which the clock goes from 02:00 to 03:00.
    const FORWARD: i64 = 1_774_738_800;
    /// Sunday 25 October 2026, 00:00 in Berlin, the night in which it goes from 03:00 back to 02:00.
    const BACK: i64 = 1_792_879_200;
    const MINUTE: i64 = 60;

    fn quiet(from: u16, to: u16) -> AlertSettings {
        AlertSettings {
            quiet: Some(Quiet {
                from_minute: from,
                to_minute: to,
            }),
            ..AlertSettings::default()
        }
    }

    /// In seconds, by the clock of Berlin.
    fn until_in_berlin(settings: &AlertSettings, now: i64) -> Option<i64> {
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        until(settings, &berlin, now * 1000).map(|end| end / 1000)
    }

    #[test]
    fn hours_of_one_day_hold_from_the_first_minute_up_to_the_last() {
        let night = quiet(60, 90);
        let from = FORWARD + 60 * MINUTE;
        assert_eq!(until_in_berlin(&night, from - 1), None);
        assert_eq!(until_in_berlin(&night, from), Some(from + 30 * MINUTE));
        assert_eq!(
            until_in_berlin(&night, from + 30 * MINUTE - 1),
            Some(from + 30 * MINUTE)
        );
        assert_eq!(until_in_berlin(&night, from + 30 * MINUTE), None);
    }

    #[test]
    fn hours_over_midnight_end_on_the_next_day_also_when_the_night_is_short_or_long() {
        let night = quiet(22 * 60, 7 * 60);
        // Seven o'clock comes after 6 hours of the one night, and 8 of the other.
        for (midnight, hours) in [(FORWARD, 6), (BACK, 8), (BACK + 25 * 3600, 7)] {
            let end = midnight + hours * 3600;
            assert_eq!(until_in_berlin(&night, midnight - 7201), None);
            assert_eq!(until_in_berlin(&night, midnight - 7200), Some(end));
            assert_eq!(until_in_berlin(&night, midnight), Some(end));
            assert_eq!(until_in_berlin(&night, end - 1), Some(end));
            assert_eq!(until_in_berlin(&night, end), None);
        }
    }

    #[test]
    fn a_minute_that_does_not_exist_still_ends_the_quiet() {
        let night = quiet(0, 150);
        let end = FORWARD + 150 * MINUTE;
        assert_eq!(until_in_berlin(&night, FORWARD), Some(end));
        assert_eq!(until_in_berlin(&night, end), None);
    }

    #[test]
    fn of_a_minute_that_comes_twice_the_first_one_ends_the_quiet_for_good() {
        let night = quiet(0, 150);
        let end = BACK + 150 * MINUTE;
        assert_eq!(until_in_berlin(&night, BACK), Some(end));
        assert_eq!(until_in_berlin(&night, end), None);
        assert_eq!(until_in_berlin(&night, end + 50 * MINUTE), None);
    }

    #[test]
    fn muting_and_quiet_hours_that_meet_are_one() {
        let mut night = quiet(60, 90);
        night.muted_until = Some(FORWARD + 60 * MINUTE);
        let end = FORWARD + 90 * MINUTE;
        assert_eq!(until_in_berlin(&night, FORWARD), Some(end));
        night.muted_until = Some(end + 5);
        assert_eq!(
            until_in_berlin(&night, FORWARD + 60 * MINUTE),
            Some(end + 5)
        );
        night.muted_until = Some(FORWARD);
        assert_eq!(until_in_berlin(&night, FORWARD), None);
    }

    #[test]
    fn quiet_hours_are_known_from_within_and_from_their_end() {
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let from = |at: i64| quiet_from(&quiet(22 * 60, 7 * 60), &berlin, at);
        for (midnight, hours) in [(FORWARD, 6), (BACK, 8)] {
            let (begin, end) = (midnight - 7200, midnight + hours * 3600);
            assert_eq!([begin, end + 1].map(from), [None, None]);
            assert_eq!([begin + 1, midnight, end].map(from), [Some(begin); 3]);
        }
        assert_eq!(quiet_from(&AlertSettings::default(), &berlin, BACK), None);
    }

    #[test]
    fn nonsense_is_never_quiet() {
        assert_eq!(until_in_berlin(&quiet(30_000, 60_000), FORWARD), None);
        assert_eq!(until(&quiet(0, 60), &TimeZone::UTC, i64::MAX), None);
        let forever = AlertSettings {
            muted_until: Some(i64::MAX),
            ..AlertSettings::default()
        };
        assert_eq!(until(&forever, &TimeZone::UTC, 0), Some(i64::MAX));
    }
}
