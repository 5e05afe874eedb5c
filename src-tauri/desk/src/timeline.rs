//! Events as feeds and timelines show them.

use esim_watch_core::esim::{EsimState, key_of};
use esim_watch_core::event::{self, Event, EventKind, Sources, Topic};
use esim_watch_core::message::ToMessage;
use esim_watch_core::store::{Reader, SqliteError, StoredEvent};
use serde::Serialize;

use crate::message::Message;

/// Most events that come with one eSIM; its row tells how many there are.
pub const MAX_TIMELINE_EVENTS: u32 = 500;

/// Changes of status that follow each other within so many seconds are flapping,
pub const FLAPPING_SECONDS: i64 = 120;
/// and told as one from so many on.
pub const FLAPPING_CHANGES: usize = 3;

/// What an event is about: its icon and its word in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum EventAbout {
    /// An eSIM's status.
    Status,
    /// How much data an eSIM used.
    Usage,
    /// The partner's balance.
    Balance,
    /// An affiliate order.
    Order,
    /// A refund.
    Refund,
    /// A test of the way from the sender to here.
    Test,
    /// Something that this version does not understand.
    Unrecognized,
    /// Anything else.
    Other,
}

/// What the category of an event is about, also where the event was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum EventTopic {
    /// One eSIM.
    Esim,
    /// The partner's balance.
    Balance,
    /// An affiliate order.
    Order,
    /// A refund.
    Refund,
    /// A test of the way from the sender to here.
    Test,
    /// Nothing that this version knows.
    Other,
}

impl From<Option<Topic>> for EventTopic {
    fn from(topic: Option<Topic>) -> EventTopic {
        match topic {
            Some(Topic::Esim) => EventTopic::Esim,
            Some(Topic::Balance) => EventTopic::Balance,
            Some(Topic::Order) => EventTopic::Order,
            Some(Topic::Refund) => EventTopic::Refund,
            Some(Topic::Test) => EventTopic::Test,
            None => EventTopic::Other,
        }
    }
}

impl EventAbout {
    /// Every one of them.
    pub(crate) const ALL: [EventAbout; 8] = [
        EventAbout::Status,
        EventAbout::Usage,
        EventAbout::Balance,
        EventAbout::Order,
        EventAbout::Refund,
        EventAbout::Test,
        EventAbout::Unrecognized,
        EventAbout::Other,
    ];
}

impl From<&EventKind> for EventAbout {
    /// Each kind by its name: a new one says here what it is about, and is not taken for a change of status.
    fn from(kind: &EventKind) -> EventAbout {
        match kind {
            EventKind::EsimStatus => EventAbout::Status,
            EventKind::EsimUsage => EventAbout::Usage,
            EventKind::BalanceLow
            | EventKind::BalanceInsufficient
            | EventKind::BalanceToppedUp
            | EventKind::BalanceRead => EventAbout::Balance,
            EventKind::Order => EventAbout::Order,
            EventKind::Refunded | EventKind::RefundRejected => EventAbout::Refund,
            EventKind::Test => EventAbout::Test,
            EventKind::Other { .. } => EventAbout::Other,
        }
    }
}

impl From<&Event> for EventAbout {
    fn from(event: &Event) -> EventAbout {
        match event.recognized() {
            true => EventAbout::from(&event.kind),
            false => EventAbout::Unrecognized,
        }
    }
}

/// Details of one event for the eyes of a person. Everything is optional: payloads vary.
#[derive(Debug, Clone, Default, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EventDetails {
    /// Name of the package.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub data_allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub data_remaining_mb: Option<f64>,
    /// Whether the data is unlimited.
    pub data_unlimited: Option<bool>,
    /// An amount of money: the balance after the event, or the order's total.
    pub amount: Option<f64>,
    /// The currency of `amount` (ISO 4217).
    pub currency: Option<String>,
    /// What became of it: the affiliate order's or the refund's status.
    pub outcome: Option<String>,
    /// Why a refund was rejected.
    pub reason: Option<String>,
}

impl From<event::EventDetails> for EventDetails {
    fn from(details: event::EventDetails) -> EventDetails {
        let event::EventDetails {
            package_name,
            data_allowed_mb,
            data_remaining_mb,
            data_unlimited,
            amount,
            currency,
            outcome,
            reason,
        } = details;
        EventDetails {
            package_name,
            data_allowed_mb,
            data_remaining_mb,
            data_unlimited,
            amount,
            currency,
            outcome,
            reason,
        }
    }
}

/// One event as feeds and timelines show it.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    /// Grows with the order of arrival.
    pub id: i64,
    /// What it is about.
    pub about: EventAbout,
    /// What its category is about.
    pub topic: EventTopic,
    /// `event_category`.
    pub category: String,
    /// `event_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, UTC seconds.
    pub occurred_at: Option<i64>,
    /// When its first delivery came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Where it stands among what changed last, UTC milliseconds: as above if it was only sent, when it happened if the API
    /// told it, too.
    pub listed_at_ms: i64,
    /// Opens the eSIM that it names.
    pub esim_key: Option<String>,
    /// The ICCID that it names, else its eSIM's.
    pub iccid: Option<String>,
    /// The order reference that it names, else its eSIM's, as it is written.
    pub reference_id: Option<String>,
    /// The eSIM's status that it reports.
    pub status: Option<String>,
    /// Whether this version understood it.
    pub recognized: bool,
    /// Why not, for a person.
    pub problem: Option<Message>,
    /// Whether it tells of a refund that was not granted.
    pub rejected: bool,
    /// What else it says.
    pub details: EventDetails,
}

impl EventRow {
    /// A stored event.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, stored: &StoredEvent) -> Result<EventRow, SqliteError> {
        let named = stored.event.iccid.is_some() && stored.event.reference_id.is_some();
        let esim = match stored.esim {
            Some(row) if !named => store.esim_state(row)?,
            _ => None,
        };
        Ok(EventRow::of(stored, esim.as_ref()))
    }

    /// The events of the eSIM in this row after the first `skip`, newest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn of_esim(store: &Reader<'_>, esim: i64, skip: u32) -> Result<Vec<EventRow>, SqliteError> {
        let state = store.esim_state(esim)?;
        let events = store.events_of_esim(esim, skip, MAX_TIMELINE_EVENTS)?;
        let row = |stored| EventRow::of(stored, state.as_ref());
        Ok(events.iter().map(row).collect())
    }

    /// What changed last, the latest first.
    ///
    /// # Errors
    /// SQLite's.
    pub fn latest(store: &Reader<'_>, most: u32) -> Result<Vec<EventRow>, SqliteError> {
        let events = store.latest_changes(most)?;
        let row = |stored| EventRow::read(store, stored);
        events.iter().map(row).collect()
    }

    /// An event of this eSIM.
    fn of(stored: &StoredEvent, esim: Option<&EsimState>) -> EventRow {
        let event = &stored.event;
        let (category, kind) = event.kind.as_parts();
        // Where the event itself names no order or ICCID, its eSIM's are what a person looks for.
        EventRow {
            id: stored.id,
            details: event.event_details().into(),
            about: if is_listed_status(stored) {
                EventAbout::Status
            } else {
                event.into()
            },
            topic: event.kind.topic().into(),
            rejected: event.is_rejected_refund(),
            category: category.to_owned(),
            kind: kind.to_owned(),
            occurred_at: event.occurred_at,
            received_at_ms: stored.received_at_ms,
            listed_at_ms: stored.listed_at_ms(),
            esim_key: key_of(
                event.provider,
                event.esim_id.as_deref(),
                event.iccid.as_deref(),
            ),
            iccid: event
                .iccid
                .clone()
                .or_else(|| esim.and_then(|esim| esim.iccid.clone())),
            reference_id: event
                .reference()
                .or_else(|| esim.and_then(EsimState::reference))
                .map(str::to_owned),
            status: event
                .status
                .as_ref()
                .map(|status| status.as_str().to_owned()),
            recognized: event.recognized(),
            problem: event
                .problem
                .as_ref()
                .map(|problem| problem.to_message().into()),
        }
    }
}

/// Whether it is what a provider's list alone knows of the status, such as an end that the history does not have. That is
/// stored as a report, because no entry of the history is behind it.
fn is_listed_status(stored: &StoredEvent) -> bool {
    let event = &stored.event;
    let by_api_alone = stored.sources == Sources::API;
    by_api_alone && event.kind == EventKind::EsimUsage && event.status.is_some()
}

#[cfg(test)]
mod tests {
    use esim_watch_core::provider;

    use super::*;

    #[test]
    fn what_changes_a_status_is_shown_as_that_and_nothing_else_is() {
        for kind in EventKind::KNOWN {
            let is_status = EventAbout::from(kind) == EventAbout::Status;
            assert_eq!(is_status, kind.changes_status(), "{kind}");
            assert_ne!(EventAbout::from(kind), EventAbout::Other, "{kind}");
        }
    }

    #[test]
    fn every_kind_is_about_something_that_lists_show() {
        for kind in EventKind::KNOWN {
            assert!(EventAbout::ALL.contains(&kind.into()), "{kind}");
        }
    }

    #[test]
    fn an_end_that_a_list_alone_knows_is_told_as_one_and_a_report_is_not() {
        let body = br#"{"event_category":"esim","event_type":"usage","timestamp":1795000000,"esim_id":"e1","status":"REVOKED"}"#;
        let event = provider::DEFAULT.read(body).unwrap();
        for (sources, about) in [
            (Sources::API, EventAbout::Status),
            (Sources::WEBHOOK, EventAbout::Usage),
            (Sources::BOTH, EventAbout::Usage),
        ] {
            let mut stored = StoredEvent::new(1, 1_795_000_000_000, event.clone());
            stored.sources = sources;
            let row = EventRow::of(&stored, None);
            assert_eq!(row.about, about);
            assert_eq!(row.status.as_deref(), Some("REVOKED"));
            // What it is stays what it was.
            assert_eq!(row.kind, "usage");
        }
    }
}
