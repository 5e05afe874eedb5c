//! Facts that the window has to agree with the program on. They go to it as constants, so that each stands in one
//! place.

use std::collections::BTreeMap;

use esim_watch_core::catalogue::LANGUAGES;
use esim_watch_core::event::Status;
use esim_watch_core::store::{AWAY_MS, MARKED_EVERY_MS};
use esim_watch_core::{booking, store, traveller};
use serde::Serialize;

use crate::alerts::MAX_NOTE_CHARS;
use crate::feed::SNAPSHOT_EVENTS;
use crate::intent::MORNING_HOUR;
use crate::preferences::Language;
use crate::timeline::{FLAPPING_CHANGES, FLAPPING_SECONDS, MAX_TIMELINE_EVENTS};

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// On its way.
    Info,
    /// All is well.
    Good,
    /// Somebody should look.
    Warn,
    /// Something is wrong.
    Bad,
    /// Nothing happens.
    Still,
    /// Not known to this version.
    Novel,
}

/// A status of an eSIM.
#[derive(Debug, Clone, Serialize)]
pub struct StatusFact {
    /// As its sender writes it.
    status: String,
    /// The colour that stands for it.
    tone: Tone,
    /// Whether the eSIM works no more.
    over: bool,
}

fn tone_of(status: &Status) -> Tone {
    match status {
        Status::New | Status::Ready | Status::Downloaded | Status::Installed => Tone::Info,
        Status::Activated => Tone::Good,
        Status::Expired => Tone::Warn,
        Status::Revoked => Tone::Bad,
        Status::Inactive | Status::Deleted | Status::Unknown => Tone::Still,
        Status::Other(_) => Tone::Novel,
    }
}

/// Every status that this version knows, in the order of an eSIM's life.
#[must_use]
pub fn statuses() -> Vec<StatusFact> {
    let fact = |status: &Status| StatusFact {
        status: status.to_string(),
        tone: tone_of(status),
        over: status.is_terminal(),
    };
    Status::KNOWN.iter().map(fact).collect()
}

/// What is told of the partner's balance.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct BalanceFact {
    /// `event_type` of the event.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The colour that stands for it.
    tone: Tone,
    /// Whether an order was not carried out for it.
    failed: bool,
}

/// Everything that is told of the balance.
pub const BALANCES: &[BalanceFact] = &[
    BalanceFact {
        kind: "low_balance",
        tone: Tone::Info,
        failed: false,
    },
    BalanceFact {
        kind: "insufficient_balance",
        tone: Tone::Bad,
        failed: true,
    },
    BalanceFact {
        kind: "top_up",
        tone: Tone::Good,
        failed: false,
    },
];

/// Numbers that more than one place has to agree on.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Thresholds {
    /// Changes of status further apart than this are no flapping, seconds.
    flapping_seconds: i64,
    /// Fewer changes are shown as they are.
    flapping_changes: usize,
    /// Who did nothing for so long was away, milliseconds.
    away_ms: i64,
    /// That somebody has seen everything is noted at most this often, milliseconds.
    marked_every_ms: i64,
    /// When a desk begins its day, by its clock.
    morning_hour: i8,
    /// From so many MB on, data is written in GB, of which each has so many.
    mb_per_gb: u32,
}

/// Numbers that more than one place has to agree on.
#[must_use]
pub fn thresholds() -> Thresholds {
    Thresholds {
        flapping_seconds: FLAPPING_SECONDS,
        flapping_changes: FLAPPING_CHANGES,
        away_ms: AWAY_MS,
        marked_every_ms: MARKED_EVERY_MS,
        morning_hour: MORNING_HOUR,
        mb_per_gb: esim_watch_core::catalogue::MB_PER_GB,
    }
}

/// How long and how many things may be.
#[must_use]
pub fn limits() -> BTreeMap<&'static str, u64> {
    let many = |limit: usize| u64::try_from(limit).unwrap_or(u64::MAX);
    BTreeMap::from([
        ("alertNoteChars", many(MAX_NOTE_CHARS)),
        ("alertRows", store::MAX_ALERTS.into()),
        ("bookingBytes", many(booking::MAX_BYTES)),
        ("bookingRows", many(booking::MAX_ROWS)),
        ("feedEvents", SNAPSHOT_EVENTS.into()),
        ("timelineEvents", MAX_TIMELINE_EVENTS.into()),
        ("travellerLineChars", many(traveller::MAX_LINE)),
        ("travellerNoteChars", many(traveller::MAX_NOTE)),
        ("travellerTagChars", many(traveller::MAX_TAG)),
        ("travellerTags", many(traveller::MAX_TAGS)),
    ])
}

/// The languages that there is a catalogue of.
#[must_use]
pub fn languages() -> Vec<Language> {
    LANGUAGES.into_iter().map(Language::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use esim_watch_core::event::{EventKind, Topic};

    #[test]
    fn all_that_is_told_of_the_balance_has_its_fact() {
        let told = EventKind::KNOWN
            .iter()
            .filter(|kind| kind.topic() == Some(Topic::Balance));
        let told: Vec<&str> = told.map(|kind| kind.as_parts().1).collect();
        let facts: Vec<&str> = BALANCES.iter().map(|fact| fact.kind).collect();
        assert_eq!(facts, told);
    }

    #[test]
    fn every_known_status_has_a_colour_of_its_own_kind() {
        assert!(statuses().iter().all(|fact| fact.tone != Tone::Novel));
        assert_eq!(tone_of(&Status::Other("X".to_owned())), Tone::Novel);
    }
}
