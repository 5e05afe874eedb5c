//! Where somebody reads.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
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

impl Locale {
    /// What stands between a whole and its parts where this is read: by the customs of the system where it speaks the
    /// language, else by those of the language itself. Spreadsheets there read files by it.
    #[must_use]
    pub fn decimal_mark(&self) -> char {
        let place = self.clock.locale();
        let speaks = place.id.language.as_str() == self.language.code();
        let language = || {
            self.language
                .code()
                .parse()
                .unwrap_or(icu_locale_core::Locale::UNKNOWN)
        };
        let place = if speaks { place.clone() } else { language() };
        let Ok(format) = DecimalFormatter::try_new((&place).into(), Default::default()) else {
            return '.';
        };
        let mut half = Decimal::from(5);
        half.multiply_pow10(-1);
        let half = format.format(&half).to_string();
        half.chars().find(|c| !c.is_numeric()).unwrap_or('.')
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Hours;

    #[test]
    fn each_place_has_its_decimal_mark() {
        let mark = |language, tag| {
            let locale = Locale {
                zone: TimeZone::UTC,
                language,
                clock: Clock::of(tag, Hours::Usual),
            };
            locale.decimal_mark()
        };
        for (language, tag, expected) in [
            (Language::En, "en-US", '.'),
            (Language::En, "en-ZA", ','),
            (Language::De, "de-DE", ','),
            (Language::De, "de-CH", '.'),
            (Language::Es, "es-ES", ','),
            (Language::Es, "es-MX", '.'),
            (Language::Fr, "fr-FR", ','),
            (Language::It, "it-IT", ','),
            (Language::Pt, "pt-BR", ','),
            // The system speaks another language: the language's own.
            (Language::De, "en-US", ','),
            (Language::En, "de-DE", '.'),
        ] {
            assert_eq!(mark(language, tag), expected, "{tag}");
        }
        assert_eq!(Locale::from(TimeZone::UTC).decimal_mark(), '.');
    }
}
