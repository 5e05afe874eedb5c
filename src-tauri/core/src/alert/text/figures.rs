//! Figures, times and other people's words, made fit for one line of a notification.

use jiff::Timestamp;

use crate::words::{Language, Value, Voice, Words};

/// Longest name in a title, in characters; the window shows all of it.
pub(super) const MAX_NAME: usize = 60;

/// Longest reason in a body, in characters.
const MAX_REASON: usize = 160;

/// Text of a payload or a person on one line, for a title: no control characters, nothing that
/// turns the direction of the text around it (Unicode Technical Report 36), not longer than
/// [`MAX_NAME`]. `None`: nothing is left.
pub(super) fn one_line(text: &str) -> Option<String> {
    shortened(text, MAX_NAME, |_| true)
}

/// Text of a payload on one line of a body: beyond [`one_line`], nothing that a notification server
/// reads as markup. Ends as a sentence does.
pub(super) fn sentence(text: &str) -> Option<String> {
    let text = shortened(text, MAX_REASON, |c| !matches!(c, '<' | '>' | '&'))?;
    let ends = text.ends_with(['.', '!', '?', '…']);
    Some(if ends { text } else { text + "." })
}

fn shortened(text: &str, most: usize, allowed: impl Fn(char) -> bool) -> Option<String> {
    let spaced: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() && !turns_direction(*c) && allowed(*c))
        .collect();
    let clean: Vec<char> = spaced.trim().chars().collect();
    match clean.len() {
        0 => None,
        length if length > most => Some(clean.into_iter().take(most - 1).chain(['…']).collect()),
        _ => Some(clean.into_iter().collect()),
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// `ICCID …304826`, as support staff read it out.
pub(super) fn number(words: &Words, iccid: Option<&str>, esim_id: Option<&str>) -> Option<String> {
    let last = |id: &str| -> Option<String> {
        let plain: Vec<char> = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let last: String = plain.iter().skip(plain.len().saturating_sub(6)).collect();
        (!last.is_empty()).then_some(last)
    };
    let named = |key: &str, last: String| words.say(key, &[("digits", Value::Text(&last))]);
    let iccid = iccid
        .and_then(last)
        .map(|last| named("alert.number.iccid", last));
    let esim_id = || {
        let last = esim_id.and_then(last)?;
        Some(named("alert.number.esimId", last))
    };
    iccid.or_else(esim_id)
}

/// With the mark that the language has between a whole and its parts.
fn decimal(words: &Words, number: String) -> String {
    match words.language() {
        Language::En => number,
        _ => number.replace('.', ","),
    }
}

/// `148.20 EUR`.
pub(super) fn money(words: &Words, amount: f64, currency: Option<&str>) -> String {
    let letters = currency.unwrap_or_default().chars();
    let currency: String = letters.filter(char::is_ascii_alphabetic).take(3).collect();
    let amount = decimal(words, format!("{amount:.2}"));
    format!("{amount} {currency}").trim_end().to_owned()
}

/// From so many MB on, data is told in GB, of which each has so many.
pub const MB_PER_GB: u32 = 1024;

/// `307 MB`, `1.2 GB`.
pub(super) fn data(words: &Words, mb: f64) -> String {
    let say = |key: &str, value: &str| words.say(key, &[("value", Value::Text(value))]);
    let gigabytes = mb / f64::from(MB_PER_GB);
    if gigabytes >= 1.0 {
        let gigabytes = decimal(words, format!("{gigabytes:.1}"));
        say("data.gigabytes", &gigabytes)
    } else if mb >= 1.0 {
        say("data.megabytes", &format!("{mb:.0}"))
    } else {
        words.say("alert.lessThanMegabyte", &[])
    }
}

/// `10%`, with a space before the sign where the language has one.
pub(super) fn percent(words: &Words, percent: f64) -> String {
    if percent >= 1.0 {
        let value = format!("{percent:.0}");
        words.say("alert.percent", &[("value", Value::Text(&value))])
    } else {
        words.say("alert.lessThanPercent", &[])
    }
}

/// A second (UTC) as the clock on the wall shows it: `today at 18:00`, `on 3 Dec at 6:00 PM`. `form`: `when`,
/// `since` where it stands behind that word, or `whenDay` for the day alone.
pub(super) fn when(words: &Words, form: &str, at: i64, now: i64, voice: &Voice) -> String {
    let local = |second| {
        Some(
            Timestamp::from_second(second)
                .ok()?
                .to_zoned_datetime(voice.zone.clone()),
        )
    };
    let say = |key: &str, places: &[(&str, Value<'_>)]| words.say(&format!("{form}.{key}"), places);
    let (Some(at), Some(now)) = (local(at), local(now)) else {
        return say("unknown", &[]);
    };
    let (day, today) = (at.date(), now.date());
    let time = voice.tongue.clock().write(at.time());
    let time = ("time", Value::Text(&time));
    // At the ends of the calendar there is no other day.
    if day == today {
        say("today", &[time])
    } else if today.tomorrow().is_ok_and(|tomorrow| day == tomorrow) {
        say("tomorrow", &[time])
    } else if today.yesterday().is_ok_and(|yesterday| day == yesterday) {
        say("yesterday", &[time])
    } else {
        let month = words.say(&format!("month.{}", day.month()), &[]);
        let (number, year) = (day.day().to_string(), day.year().to_string());
        let places = [
            ("day", Value::Text(&number)),
            ("month", Value::Text(&month)),
            ("year", Value::Text(&year)),
            time,
        ];
        if day.year() == today.year() {
            say("day", &places)
        } else {
            say("dayOfYear", &places)
        }
    }
}
