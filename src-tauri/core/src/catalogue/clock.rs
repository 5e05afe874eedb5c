//! The time of day as it is written where the desk is: `3:49 PM`, `15:49`. After Unicode's locale data (CLDR), as
//! the window does.

use icu_datetime::NoCalendarFormatter;
use icu_datetime::fieldsets::T;
use icu_datetime::input::Time;
use icu_datetime::preferences::HourCycle;
use icu_locale_core::Locale;

/// How the time of day is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hours {
    /// As the system's language has it.
    #[default]
    Usual,
    /// 1:00 PM.
    Twelve,
    /// 13:00.
    TwentyFour,
}

/// Writes the time of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    locale: Locale,
    hours: Hours,
}

impl Default for Clock {
    /// 13:00.
    fn default() -> Clock {
        Clock {
            locale: Locale::UNKNOWN,
            hours: Hours::TwentyFour,
        }
    }
}

impl Clock {
    /// By the customs of a locale, a language tag (BCP 47) like `en-US`. Those of one that makes no sense are no
    /// language's.
    #[must_use]
    pub fn of(locale: &str, hours: Hours) -> Clock {
        Clock {
            locale: locale.parse().unwrap_or(Locale::UNKNOWN),
            hours,
        }
    }

    /// The locale by whose customs it writes.
    pub(super) fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The time of day, to the minute.
    #[must_use]
    pub fn write(&self, time: jiff::civil::Time) -> String {
        self.written(time)
            .unwrap_or_else(|| time.strftime("%H:%M").to_string())
    }

    /// `None`: not by this locale.
    fn written(&self, time: jiff::civil::Time) -> Option<String> {
        let mut customs: icu_datetime::DateTimeFormatterPreferences = (&self.locale).into();
        customs.hour_cycle = match self.hours {
            Hours::Usual => customs.hour_cycle,
            Hours::Twelve => Some(HourCycle::H12),
            Hours::TwentyFour => Some(HourCycle::H23),
        };
        let format = NoCalendarFormatter::try_new(customs, T::hm()).ok()?;
        let hour = time.hour().try_into().ok()?;
        let minute = time.minute().try_into().ok()?;
        let time = Time::try_new(hour, minute, 0, 0).ok()?;
        // CLDR's space before "PM" is narrow, which the fonts of some notification servers lack.
        let text = format.format(&time).to_string();
        Some(text.replace('\u{202f}', "\u{a0}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn writes(locale: &str, hours: Hours, morning: &str, evening: &str) {
        let clock = Clock::of(locale, hours);
        let at = |hour, minute| clock.write(jiff::civil::time(hour, minute, 59, 0));
        let both = [at(0, 5), at(18, 30)].map(|text| text.replace('\u{a0}', " "));
        assert_eq!(both, [morning, evening], "{locale}");
    }

    #[test]
    fn each_place_has_its_customs() {
        writes("en-US", Hours::Usual, "12:05 AM", "6:30 PM");
        writes("en-GB", Hours::Usual, "00:05", "18:30");
        writes("de", Hours::Usual, "00:05", "18:30");
        writes("es-CO", Hours::Usual, "12:05 a. m.", "6:30 p. m.");
        writes("fr-CA", Hours::Usual, "00 h 05", "18 h 30");
    }

    #[test]
    fn who_chooses_gets_what_is_chosen() {
        writes("en-US", Hours::TwentyFour, "00:05", "18:30");
        writes("de", Hours::Twelve, "12:05 AM", "6:30 PM");
        writes("en-u-hc-h23", Hours::Twelve, "12:05 AM", "6:30 PM");
    }

    #[test]
    fn a_locale_that_makes_no_sense_still_tells_the_time() {
        writes("C", Hours::TwentyFour, "00:05", "18:30");
        writes("?!", Hours::Usual, "00:05", "18:30");
        let usual = Clock::default().write(jiff::civil::time(18, 30, 0, 0));
        assert_eq!(usual, "18:30");
    }
}
