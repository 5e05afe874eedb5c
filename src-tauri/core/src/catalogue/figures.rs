//! Figures and moments as a sentence has them. The window writes them by the same rules
//! (`ui/src/locales/message.ts`).

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::clock::Clock;
use super::language::Language;
use super::locale::Locale;
use crate::message::{Message, TimeForm};

/// With the mark that the language has between a whole and its parts.
fn decimal(language: Language, number: String) -> String {
    match language {
        Language::En => number,
        _ => number.replace('.', ","),
    }
}

/// To so many decimals, and away from zero in the middle, as JavaScript does.
fn rounded(number: f64, decimals: usize) -> String {
    let parts = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    format!("{:.decimals$}", (number * parts).round() / parts)
}

/// `148.20 EUR`.
pub(super) fn money(language: Language, amount: f64, currency: Option<&str>) -> String {
    let letters = currency.unwrap_or_default().chars();
    let currency: String = letters.filter(char::is_ascii_alphabetic).take(3).collect();
    let amount = decimal(language, rounded(amount, 2));
    format!("{amount} {currency}").trim_end().to_owned()
}

/// From so many MB on, data is told in GB, of which each has so many.
pub const MB_PER_GB: u32 = 1024;

/// `307 MB`, `1.17 GB`, `3 GB`: whole MB, and GB to two decimals at most. A rest below one MB is not told as none.
pub(super) fn data(language: Language, mb: f64) -> Message {
    let with = |key: &str, value: String| Message::of(key).with("value", value);
    let whole = mb.round();
    if whole.abs() >= f64::from(MB_PER_GB) {
        let gigabytes = rounded(mb / f64::from(MB_PER_GB), 2);
        let short = gigabytes.trim_end_matches('0').trim_end_matches('.');
        with("data.gigabytes", decimal(language, short.to_owned()))
    } else if mb > 0.0 && mb < 1.0 {
        Message::of("data.lessThanMegabyte")
    } else {
        // Not the zero below zero.
        with("data.megabytes", rounded(whole + 0.0, 0))
    }
}

/// `10%`, with a space before the sign where the language has one.
pub(super) fn percent(percent: f64) -> Message {
    if percent >= 1.0 {
        Message::of("alert.percent").with("value", rounded(percent, 0))
    } else {
        Message::of("alert.lessThanPercent")
    }
}

/// A second (UTC) as the clock on the reader's wall shows it: `today at 18:00`, `on 3 Dec at 6:00 PM`. Where nobody
/// knows the reader: in UTC, with the year.
pub(super) fn when(here: Option<(&Locale, i64)>, at: i64, form: TimeForm) -> Message {
    let usual = Clock::default();
    let (zone, clock, now) = match here {
        Some((locale, now)) => (locale.zone.clone(), &locale.clock, now),
        None => (TimeZone::UTC, &usual, i64::MIN),
    };
    let form = match form {
        TimeForm::When => "when",
        TimeForm::Since => "since",
        TimeForm::WhenDay => "whenDay",
    };
    let local = |second| {
        let moment = Timestamp::from_second(second).ok()?;
        Some(moment.to_zoned_datetime(zone.clone()))
    };
    let message = |key: &str| Message::of(format!("{form}.{key}"));
    let Some(at) = local(at) else {
        return message("unknown");
    };
    let (day, today) = (at.date(), local(now).map(|now| now.date()));
    let is = |other: Option<jiff::civil::Date>| other == Some(day);
    // At the ends of the calendar there is no other day.
    let key = if is(today) {
        "today"
    } else if is(today.and_then(|today| today.tomorrow().ok())) {
        "tomorrow"
    } else if is(today.and_then(|today| today.yesterday().ok())) {
        "yesterday"
    } else if today.is_some_and(|today| day.year() == today.year()) {
        "day"
    } else {
        "dayOfYear"
    };
    let mut message = message(key).with("time", clock.write(at.time()));
    if key.starts_with("day") {
        message = message
            .with("day", day.day().to_string())
            .with("month", Message::of(format!("month.{}", day.month())))
            .with("year", day.year().to_string());
    }
    message
}
