//! Times as they are written: seconds, milliseconds and finer, and ISO 8601 in the forms that programs really write.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

/// Numbers from here on are milliseconds: as seconds this would be the year 5138, as milliseconds it is 1973. A thousand
/// times as much are microseconds, and so on.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The last second of the year 9999.
const MAX_SECONDS: i64 = 253_402_300_799;

/// What stands for "no limit" is no time: the largest whole number that every program can write, of which the last digits may
/// be lost on the way through JSON.
const NO_LIMIT: std::ops::RangeInclusive<i64> = 9_007_199_254_000_000..=9_007_199_254_999_999;

/// Reads a time, in UTC seconds. One without a zone is UTC.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let value = match text.parse::<i64>() {
        Ok(value) => value,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked right after"
        )]
        Err(_) => match text.parse::<f64>() {
            Ok(number) => Some(number).filter(|n| n.abs() < 1e18)?.floor() as i64,
            Err(_) => return written(text),
        },
    };
    if NO_LIMIT.contains(&value) {
        return None;
    }
    let mut value = value;
    while value >= MILLISECONDS_FROM {
        value /= 1000;
    }
    (0..=MAX_SECONDS).contains(&value).then_some(value)
}

fn written(text: &str) -> Option<i64> {
    let day_and_time = || {
        let mut text = text.trim().replace('/', "-");
        for zone in [" UTC", " GMT", " Z"] {
            if let Some(rest) = text.strip_suffix(zone) {
                // Some name the offset and the zone.
                let named = rest.rfind(['+', '-']).is_some_and(|at| at > 10);
                text = if named {
                    rest.to_owned()
                } else {
                    format!("{rest}Z")
                };
            }
        }
        // A blank before the offset.
        text.replace(" +", "+").replace(" -", "-")
    };
    let original = text;
    let text = day_and_time();
    let zoned = || text.parse::<Timestamp>().ok();
    let utc = |at: DateTime| TimeZone::UTC.to_timestamp(at).ok();
    let plain = || utc(text.parse::<DateTime>().ok()?);
    let day = || {
        utc(text
            .parse::<Date>()
            .ok()?
            .to_datetime(jiff::civil::Time::midnight()))
    };
    let mail = || {
        jiff::fmt::rfc2822::parse(original)
            .ok()
            .map(|at| at.timestamp())
    };
    let at = zoned().or_else(plain).or_else(day).or_else(mail)?;
    Some(at.as_second()).filter(|at| *at >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_one_second_is_read() {
        for text in [
            "1795860000",
            "1795860000.9",
            "1795860000000",
            "1795860000000000",
            "1795860000000000000",
            "2026-11-28T10:00:00Z",
            "2026-11-28t10:00:00z",
            "2026-11-28 10:00:00",
            "2026-11-28T10:00:00",
            "2026-11-28T10:00:00.123456Z",
            "2026-11-28 10:00:00.5",
            "2026-11-28T10:00:00+0000",
            "2026-11-28T11:00:00+01:00",
            "2026-11-28T05:00:00-05",
            "2026-11-28 11:00:00 +0100",
            "2026-11-28 10:00:00 UTC",
            "2026-11-28 10:00:00 +0000 UTC",
            "2026/11/28 10:00:00",
            "20261128T100000Z",
            "2026-11-28T10:00Z",
            "Sat, 28 Nov 2026 10:00:00 GMT",
            "Sat, 28 Nov 2026 11:00:00 +0100",
        ] {
            assert_eq!(seconds(text), Some(1_795_860_000), "{text}");
        }
        assert_eq!(seconds("2026-11-28"), Some(1_795_824_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "soon",
            "-5",
            "2026-13-28",
            "10:00",
            "1e300",
            "0000-00-00 00:00:00",
            "9007199254740991",
            "9007199254740992.0",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("0"), Some(0));
    }
}
