//! One eSIM as text for its provider's support: what a person there asks for, in the order in which they ask.
//! Always in English, which they read, and never with what the desk noted of its traveller.

use std::fmt::Write as _;

use esim_watch_core::event::Event;
use esim_watch_core::provider::SupportWords;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::esim::EsimRow;
use crate::timeline::{FLAPPING_CHANGES, FLAPPING_SECONDS};
use crate::usage::EsimUsage;

/// So many changes that follow each other within seconds are named one by one.
const NAMED_CHANGES: usize = 12;

/// So many lines of the status history are told; what was before them is one more.
const HISTORY_LINES: usize = 300;

/// The text. `words`: what the provider's support calls things. `events`: all of the eSIM, in whatever order. `now`: UTC
/// seconds. `zone`: the desk's.
#[must_use]
pub fn text(
    words: &SupportWords,
    esim: &EsimRow,
    events: &[Event],
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

/// Changes of status that are told together.
struct Run<'a> {
    /// UTC seconds.
    from: i64,
    /// UTC seconds.
    to: i64,
    statuses: Vec<&'a str>,
}

/// Status changes, the oldest first; those that follow each other within seconds are one line, which leaves none of them
/// out: support asks for the one that the last has hidden.
fn history(events: &[Event]) -> Vec<(i64, String)> {
    let mut changes: Vec<&Event> = events.iter().collect();
    changes.retain(|event| event.kind.changes_status());
    changes.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (status, at) in changes.into_iter().filter_map(Event::status_at) {
        match runs.last_mut() {
            Some(run) if at - run.to <= FLAPPING_SECONDS => {
                run.to = at;
                run.statuses.push(status.as_str());
            }
            _ => runs.push(Run {
                from: at,
                to: at,
                statuses: vec![status.as_str()],
            }),
        }
    }
    let told = runs.split_off(runs.len().saturating_sub(HISTORY_LINES));
    let before = runs.into_iter().reduce(|mut before, run| {
        before.to = run.to;
        before.statuses.extend(run.statuses);
        before
    });
    before
        .into_iter()
        .chain(told)
        .map(|run| run.words())
        .collect()
}

impl Run<'_> {
    fn words(&self) -> (i64, String) {
        let (changes, seconds) = (self.statuses.len(), self.to - self.from);
        let within = format!("({changes} changes within {seconds} s)");
        let words = match changes {
            ..FLAPPING_CHANGES => self.statuses.join(", "),
            FLAPPING_CHANGES..=NAMED_CHANGES => format!("{} {within}", self.statuses.join(", ")),
            _ => {
                let last = self.statuses.last().copied().unwrap_or_default();
                format!("{}, at last {last} {within}", self.counts())
            }
        };
        (self.from, words)
    }

    /// How often each came, in the order in which they first did.
    fn counts(&self) -> String {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for status in &self.statuses {
            match counts.iter_mut().find(|(known, _)| known == status) {
                Some((_, count)) => *count += 1,
                None => counts.push((status, 1)),
            }
        }
        let words = counts.iter().map(|(status, count)| match count {
            1 => (*status).to_owned(),
            count => format!("{status} {count} times"),
        });
        words.collect::<Vec<_>>().join(", ")
    }
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
