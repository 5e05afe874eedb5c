//! Time: its units, and what the clocks of six places show in the months in which they change.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::chance::Chance;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

/// How long a month is.
pub const DAYS: i64 = 30;

/// A zone by its rule, so that no machine's own tables matter, and the days of 2026 on which its clock changes.
const PLACES: [(&str, [(i8, i8); 2]); 6] = [
    ("CET-1CEST,M3.5.0,M10.5.0/3", [(3, 29), (10, 25)]),
    ("WET0WEST,M3.5.0/1,M10.5.0", [(3, 29), (10, 25)]),
    ("EST5EDT,M3.2.0,M11.1.0", [(3, 8), (11, 1)]),
    ("PST8PDT,M3.2.0,M11.1.0", [(3, 8), (11, 1)]),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", [(4, 5), (10, 4)]),
    ("NZST-12NZDT,M9.5.0,M4.1.0/3", [(4, 5), (9, 27)]),
];

/// Where the desk is.
#[derive(Debug, Clone)]
pub struct Place {
    pub zone: TimeZone,
}

impl Place {
    /// One of them, and a midnight there from which a change of its clock is some days ahead.
    pub fn somewhere(chance: &mut Chance) -> (Place, i64) {
        let (rule, changes) = chance.one_of(&PLACES);
        let (month, day) = chance.one_of(&changes);
        let zone = TimeZone::posix(rule).unwrap();
        let place = Place { zone };
        let first = date(2026, month, day) - chance.between(2, 28).days();
        let begin = place.at(first, 0);
        (place, begin)
    }

    pub fn local(&self, at: i64) -> DateTime {
        let at = Timestamp::from_second(at).unwrap();
        at.to_zoned_datetime(self.zone.clone()).datetime()
    }

    /// When the clock shows so many minutes after midnight on this day.
    pub fn at(&self, day: Date, minute: i64) -> i64 {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        let time = midnight + minute.minutes();
        self.zone.to_timestamp(time).unwrap().as_second()
    }

    /// The days of a month from this second on, and one before and after them.
    pub fn days(&self, begin: i64) -> impl Iterator<Item = Date> {
        let first = self.local(begin).date() - 1.day();
        (0..DAYS + 2).map(move |day| first + day.days())
    }
}

/// For a person.
pub fn date_of(at: i64) -> String {
    esim_watch_core::clock::utc_time(at * 1000)
}
