//! One eSIM as text for its provider's support: what a person there asks for, in the order in which they ask.
//! Always in English, which they read, and never with what the desk noted of its traveller.

use std::fmt::Write as _;

use esim_watch_core::provider::SupportWords;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::esim::EsimRow;
use crate::timeline::{EventRow, FLAPPING_CHANGES, FLAPPING_SECONDS};
use crate::usage::EsimUsage;

/// The text. `words`: what the provider's support calls things. `events`: newest first. `now`: UTC seconds. `zone`:
/// the desk's.
#[must_use]
pub fn text(
    words: &SupportWords,
    esim: &EsimRow,
    events: &[EventRow],
    usage: &EsimUsage,
    now: i64,
    zone: &TimeZone,
) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing into a String can't fail.
        let name = format!("{name}:");
        let _ = writeln!(out, "{name:<17}{value}");
    };
    let or_unknown =
        |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
    line(words.iccid, &or_unknown(&esim.iccid));
    line(words.esim_id, &or_unknown(&esim.esim_id));
    line(words.reference_id, &or_unknown(&esim.reference_id));
    line(words.package, &or_unknown(&esim.package_name));
    let since = esim
        .status_since
        .map(|at| format!(" since {}", both(at, zone)));
    line(
        "Status",
        &format!("{}{}", esim.status, since.unwrap_or_default()),
    );
    let end = |at: Option<i64>| at.map_or_else(|| "not known".to_owned(), |at| both(at, zone));
    line("Period from", &end(esim.start));
    line("Period to", &end(esim.end));
    line("Data", &data(esim));
    if let Some(last) = usage.days.last() {
        let place = if last.location.is_empty() {
            "place not given"
        } else {
            &last.location
        };
        line(
            "Last used",
            &format!("{} ({place}), {} MB", last.date, round(last.mb)),
        );
    }
    out.push_str("\nStatus history (UTC, then local time):\n");
    let history = history(events);
    if history.is_empty() {
        out.push_str("  none\n");
    }
    for (at, words) in history {
        let _ = writeln!(out, "  {}  {words}", both(at, zone));
    }
    let places = places(usage);
    if !places.is_empty() {
        let _ = writeln!(out, "\nData used by place: {places}");
    }
    let _ = write!(out, "\nAs of {}", both(now, zone));
    out
}

fn data(esim: &EsimRow) -> String {
    match (
        esim.data_unlimited,
        esim.data_remaining_mb,
        esim.data_allowed_mb,
    ) {
        (Some(true), ..) => "unlimited".to_owned(),
        (_, Some(left), Some(all)) => format!("{} MB left of {} MB", round(left), round(all)),
        (_, Some(left), None) => format!("{} MB left", round(left)),
        (_, None, _) => "not known".to_owned(),
    }
}

/// Status changes, the oldest first; those that follow each other within seconds are one line.
fn history(events: &[EventRow]) -> Vec<(i64, String)> {
    let changes = events
        .iter()
        .rev()
        .filter(|event| event.is_status())
        .filter_map(|event| Some((event.occurred_at?, event.status.clone()?)));
    let mut lines: Vec<(i64, i64, Vec<String>)> = Vec::new();
    for (at, status) in changes {
        match lines.last_mut() {
            Some((_, last, statuses)) if at - *last <= FLAPPING_SECONDS => {
                *last = at;
                statuses.push(status);
            }
            _ => lines.push((at, at, vec![status])),
        }
    }
    let words = |(from, to, statuses): (i64, i64, Vec<String>)| {
        let last = statuses.last().cloned().unwrap_or_default();
        if statuses.len() < FLAPPING_CHANGES {
            return (from, statuses.join(", "));
        }
        let (changes, seconds) = (statuses.len(), to - from);
        (
            from,
            format!("{last} ({changes} changes within {seconds} s)"),
        )
    };
    lines.into_iter().map(words).collect()
}

/// `ES 1200 MB, FR 300 MB`, the most first.
fn places(usage: &EsimUsage) -> String {
    let mut by_place: Vec<(&str, f64)> = Vec::new();
    for day in usage.days.iter().filter(|day| !day.location.is_empty()) {
        match by_place
            .iter_mut()
            .find(|(place, _)| *place == day.location)
        {
            Some((_, mb)) => *mb += day.mb,
            None => by_place.push((&day.location, day.mb)),
        }
    }
    by_place.sort_by(|a, b| b.1.total_cmp(&a.1));
    let words = by_place
        .iter()
        .map(|(place, mb)| format!("{place} {} MB", round(*mb)));
    words.collect::<Vec<_>>().join(", ")
}

fn round(mb: f64) -> f64 {
    (mb * 10.0).round() / 10.0
}

/// A second as both sides of the telephone read it.
fn both(at: i64, zone: &TimeZone) -> String {
    let Ok(time) = Timestamp::from_second(at) else {
        return "an unknown time".to_owned();
    };
    let utc = time.to_zoned_datetime(TimeZone::UTC);
    let local = time.to_zoned_datetime(zone.clone());
    format!(
        "{} ({})",
        utc.strftime("%Y-%m-%d %H:%M:%S UTC"),
        local.strftime("%Y-%m-%d %H:%M:%S %Z")
    )
}

#[cfg(test)]
mod tests;
