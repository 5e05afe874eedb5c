//! Facts that the window has to agree with the program on. They go to it as constants, so that each stands in one
//! place.

use std::collections::BTreeMap;

use esim_watch_core::catalogue::LANGUAGES;
use esim_watch_core::event::{EventKind, Status};
use esim_watch_core::store::{AWAY_MS, MARKED_EVERY_MS};
use esim_watch_core::{booking, store, traveller};
use serde::Serialize;

use crate::alerts::MAX_NOTE_CHARS;
use crate::feed::SNAPSHOT_EVENTS;
use crate::intent::MORNING_HOUR;
use crate::preferences::Language;
use crate::timeline::{EventAbout, FLAPPING_CHANGES, FLAPPING_SECONDS, MAX_TIMELINE_EVENTS};

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
    /// The picture that stands for it.
    icon: &'static str,
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

fn icon_of(status: &Status) -> &'static str {
    match status {
        Status::New => "Sparkles",
        Status::Ready => "PackageCheck",
        Status::Downloaded => "Download",
        Status::Installed => "Smartphone",
        Status::Activated => "CircleCheck",
        Status::Inactive => "CirclePause",
        Status::Expired => "TimerOff",
        Status::Revoked => "Ban",
        Status::Deleted => "Trash2",
        Status::Unknown => "CircleQuestionMark",
        Status::Other(_) => "CircleDashed",
    }
}

/// Every status that this version knows, in the order of an eSIM's life.
#[must_use]
pub fn statuses() -> Vec<StatusFact> {
    let fact = |status: &Status| StatusFact {
        status: status.to_string(),
        tone: tone_of(status),
        icon: icon_of(status),
        over: status.is_terminal(),
    };
    Status::KNOWN.iter().map(fact).collect()
}

/// Statuses that mean something beside their place in an eSIM's life.
#[must_use]
pub fn status_roles() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        // Stands for an eSIM that nobody named a status of.
        ("none", Status::Unknown.to_string()),
        // What an eSIM flaps between.
        ("connected", Status::Activated.to_string()),
        ("disconnected", Status::Inactive.to_string()),
    ])
}

/// What events are about, as lists show it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AboutFact {
    /// The colour that stands for it; `None`: a frame and no colour.
    tone: Option<Tone>,
    /// The picture that stands for it.
    icon: &'static str,
    /// Whether it is about the account where it names no eSIM.
    of_account_alone: bool,
    /// The text that says it; `None`: what it says depends on its details.
    says: Option<&'static str>,
}

/// Everything that events are about, but statuses, which have pictures of their own.
#[must_use]
pub fn event_abouts() -> BTreeMap<EventAbout, AboutFact> {
    let fact = |about: EventAbout| {
        let fact = |icon: &'static str| AboutFact {
            tone: None,
            icon,
            of_account_alone: false,
            says: None,
        };
        let of_account = |icon: &'static str| AboutFact {
            of_account_alone: true,
            ..fact(icon)
        };
        let fact = match about {
            EventAbout::Status => return None,
            EventAbout::Usage => fact("Gauge"),
            EventAbout::Balance => of_account("Wallet"),
            EventAbout::Order => of_account("ShoppingCart"),
            EventAbout::Refund => fact("RotateCcw"),
            EventAbout::Test => AboutFact {
                says: Some("event.test"),
                ..fact("Send")
            },
            EventAbout::Unrecognized => AboutFact {
                tone: Some(Tone::Novel),
                ..fact("CircleQuestionMark")
            },
            EventAbout::Other => fact("Inbox"),
        };
        Some((about, fact))
    };
    EventAbout::ALL.iter().copied().filter_map(fact).collect()
}

/// What is told of the partner's balance.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceFact {
    /// `event_type` of the event.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The colour that stands for it.
    tone: Tone,
    /// The text that says it with the amount.
    says: &'static str,
    /// The text that says it where no amount is known.
    says_without: &'static str,
}

/// Everything that is told of the balance.
#[must_use]
pub fn balances() -> Vec<BalanceFact> {
    let fact = |kind: &'static EventKind| {
        let (tone, says, says_without) = match kind {
            EventKind::BalanceLow => (Tone::Info, "event.lowBalance", "event.lowBalanceUnknown"),
            EventKind::BalanceInsufficient => (
                Tone::Bad,
                "event.insufficientBalance",
                "event.insufficientBalanceUnknown",
            ),
            EventKind::BalanceToppedUp => (Tone::Good, "event.topUp", "event.topUpUnknown"),
            EventKind::BalanceRead => (Tone::Info, "event.balanceRead", "event.balanceReadUnknown"),
            EventKind::EsimStatus
            | EventKind::EsimUsage
            | EventKind::Order
            | EventKind::Refunded
            | EventKind::RefundRejected
            | EventKind::Test
            | EventKind::Other { .. } => return None,
        };
        Some(BalanceFact {
            kind: kind.as_parts().1,
            tone,
            says,
            says_without,
        })
    };
    EventKind::KNOWN.iter().filter_map(fact).collect()
}

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
    /// Clocks of two computers differ by so much, milliseconds.
    clocks_differ_ms: i64,
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
        clocks_differ_ms: esim_watch_core::clock::CLOCKS_DIFFER_SECS * 1000,
    }
}

/// How long and how many things may be.
#[must_use]
pub fn limits() -> BTreeMap<&'static str, u64> {
    let many = |limit: usize| u64::try_from(limit).unwrap_or(u64::MAX);
    BTreeMap::from([
        ("absences", many(store::MAX_ABSENCES)),
        ("alertNoteChars", many(MAX_NOTE_CHARS)),
        ("alertRows", store::MAX_ALERTS.into()),
        ("bodiesDays", (*store::Ages::BODIES_DAYS.end()).into()),
        ("bookingBytes", many(booking::MAX_BYTES)),
        ("bookingRows", many(booking::MAX_ROWS)),
        ("feedEvents", SNAPSHOT_EVENTS.into()),
        ("timelineEvents", MAX_TIMELINE_EVENTS.into()),
        ("travellerLineChars", many(traveller::MAX_LINE)),
        ("travellerNoteChars", many(traveller::MAX_NOTE)),
        ("travellerTagChars", many(traveller::MAX_TAG)),
        ("travellerTags", many(traveller::MAX_TAGS)),
        ("usageDays", (*store::Ages::USAGE_DAYS.end()).into()),
    ])
}

/// The languages that there is a catalogue of.
#[must_use]
pub fn languages() -> Vec<Language> {
    LANGUAGES.into_iter().map(Language::from).collect()
}

#[cfg(test)]
mod tests {
    use esim_watch_core::event::Topic;

    use super::*;

    #[test]
    fn every_kind_about_the_balance_is_told_of() {
        let about = |kind: &&EventKind| kind.topic() == Some(Topic::Balance);
        let kinds = EventKind::KNOWN.iter().filter(about);
        let names: Vec<_> = kinds.map(|kind| kind.as_parts().1).collect();
        let told: Vec<_> = balances().iter().map(|fact| fact.kind).collect();
        assert_eq!(told, names);
    }

    #[test]
    fn every_known_status_has_a_colour_of_its_own_kind() {
        assert!(statuses().iter().all(|fact| fact.tone != Tone::Novel));
        assert_eq!(tone_of(&Status::Other("X".to_owned())), Tone::Novel);
    }
}
