//! Figures and moments as a sentence has them. The window writes them by the same rules
//! (`ui/src/locales/message.ts`).

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Language;
use super::clock::Clock;
use super::format::Scribe;
use crate::message::{Message, TimeForm};

/// With the mark that the language has between a whole and its parts.
fn decimal(scribe: Scribe<'_>, number: String) -> String {
    match scribe.catalogue.language() {
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
pub(super) fn money(scribe: Scribe<'_>, amount: f64, currency: Option<&str>) -> String {
    let letters = currency.unwrap_or_default().chars();
    let currency: String = letters.filter(char::is_ascii_alphabetic).take(3).collect();
    let amount = decimal(scribe, rounded(amount, 2));
    format!("{amount} {currency}").trim_end().to_owned()
}

/// From so many MB on, data is told in GB, of which each has so many.
pub const MB_PER_GB: u32 = 1024;

/// `307 MB`, `1.2 GB`.
pub(super) fn data(scribe: Scribe<'_>, mb: f64) -> String {
    let with = |key: &str, value: String| scribe.text(&Message::of(key).with("value", value));
    if mb >= f64::from(MB_PER_GB) {
        with(
            "data.gigabytes",
            decimal(scribe, rounded(mb / f64::from(MB_PER_GB), 1)),
        )
    } else if mb >= 1.0 {
        with("data.megabytes", rounded(mb, 0))
    } else {
        scribe.text(&Message::of("alert.lessThanMegabyte"))
    }
}

/// `10%`, with a space before the sign where the language has one.
pub(super) fn percent(scribe: Scribe<'_>, percent: f64) -> String {
    scribe.text(&if percent >= 1.0 {
        Message::of("alert.percent").with("value", rounded(percent, 0))
    } else {
        Message::of("alert.lessThanPercent")
    })
}

/// A second (UTC) as the clock on the reader's wall shows it: `today at 18:00`, `on 3 Dec at 6:00 PM`. Where nobody
/// knows the reader: in UTC, with the year.
pub(super) fn when(scribe: Scribe<'_>, at: i64, form: TimeForm) -> String {
    let usual = Clock::default();
    let (zone, clock, now) = match scribe.here {
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
        return scribe.text(&message("unknown"));
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
    scribe.text(&message)
}
