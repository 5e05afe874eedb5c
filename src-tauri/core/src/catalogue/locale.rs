//! Where somebody reads.

use jiff::tz::TimeZone;

use super::clock::Clock;
use super::language::Language;

/// Where somebody reads: in which time zone, in which language, by which clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Locale {
    /// The time zone.
    pub zone: TimeZone,
    /// The language.
    pub language: Language,
    /// How the time of day is written.
    pub clock: Clock,
}

impl From<TimeZone> for Locale {
    /// In English, from 0:00 to 23:59.
    fn from(zone: TimeZone) -> Locale {
        Locale {
            zone,
            language: Language::default(),
            clock: Clock::default(),
        }
    }
}
