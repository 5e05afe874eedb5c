//! What can be asked of the store, and the rows that come back.

use rusqlite::params;
use serde::Serialize;

use crate::alert::Severity;
use crate::esim::{EsimState, NextStep};
use crate::event::{self, EventFacts, facts};
use crate::store::Reader;
use crate::store::StoredEvent;
use crate::store::tables::counters::{self, Counts, HourCount, StatusCount};
use crate::store::tables::deliveries;
use crate::store::tables::esims;
use crate::store::tables::events;
use crate::store::tables::settings::{self, Setting};

/// Most events that come with one eSIM; its row tells how many there are.
const MAX_TIMELINE: u32 = 500;

/// Most other eSIMs of the same order that come with one eSIM.
const MAX_SAME_ORDER: u32 = 50;

/// One eSIM as lists show it. Times are UTC seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EsimRow {
    /// Opens it: its eSIM id, else its ICCID.
    pub key: String,
    /// Roamify's id.
    pub esim_id: Option<String>,
    /// The SIM profile's number.
    pub iccid: Option<String>,
    /// The order reference.
    pub reference_id: Option<String>,
    /// A known status, or a text that this version does not know.
    pub status: String,
    /// Since when it has this status.
    pub status_since: Option<i64>,
    /// Start of the usage period.
    pub start: Option<i64>,
    /// End of the usage period.
    pub end: Option<i64>,
    /// When it was first seen activated.
    pub first_activated_at: Option<i64>,
    /// Time of its latest event.
    pub last_event_at: Option<i64>,
    /// Number of its events.
    pub event_count: i64,
    /// Name of its package.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub data_allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub data_remaining_mb: Option<f64>,
    /// Whether the data is unlimited.
    pub data_unlimited: Option<bool>,
    /// The traveller's name, as the desk wrote it.
    pub traveller: Option<String>,
    /// First day of the trip, `YYYY-MM-DD`.
    pub trip_start: Option<String>,
    /// Last day of the trip, `YYYY-MM-DD`.
    pub trip_end: Option<String>,
    /// The traveller's tags.
    pub tags: Vec<String>,
    /// The gravest of its new alerts that are more than news; `None`: nobody is needed.
    pub attention: Option<Severity>,
}

/// One event as feeds and timelines show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    /// Grows with the order of arrival.
    pub id: i64,
    /// `event_category`.
    pub category: String,
    /// `event_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, UTC seconds.
    pub occurred_at: Option<i64>,
    /// When its first delivery came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Opens the eSIM that it names.
    pub esim_key: Option<String>,
    /// The ICCID that it names, else its eSIM's.
    pub iccid: Option<String>,
    /// The order reference that it names, else its eSIM's.
    pub reference_id: Option<String>,
    /// The eSIM's status that it reports.
    pub status: Option<String>,
    /// Whether this version understood it.
    pub recognized: bool,
    /// Why not, for a person.
    pub problem: Option<String>,
    /// What else it says.
    pub facts: EventFacts,
}

/// A page of the list of eSIMs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EsimPage {
    /// How many rows match in all.
    pub total: i64,
    /// Rows skipped.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<EsimRow>,
}

/// One eSIM with its history.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct EsimDetail {
    /// Its state.
    pub esim: EsimRow,
    /// What comes next.
    pub next: NextStep,
    /// Its latest events, newest first.
    pub events: Vec<EventRow>,
    /// Other eSIMs with the same order reference.
    pub same_order: Vec<EsimRow>,
}

impl Reader<'_> {
    /// The totals.
    pub fn counts(&self) -> rusqlite::Result<Counts> {
        counters::counts(self.db)
    }

    /// How many status changes happened in each of these hours since the epoch, by status; the last
    /// hour is included.
    pub fn activity(&self, first: i64, last: i64) -> rusqlite::Result<Vec<HourCount>> {
        counters::hourly(self.db, first, last)
    }

    /// How many eSIMs had each status at this time (UTC milliseconds, to the quarter of an hour), as far
    /// as the program had heard of it by then; a status that is not named had none.
    pub fn by_status_at(&self, at_ms: i64) -> rusqlite::Result<Vec<StatusCount>> {
        counters::by_status_at(self.db, at_ms)
    }

    /// When the last authentic delivery came, UTC milliseconds.
    pub fn last_received_at_ms(&self) -> rusqlite::Result<Option<i64>> {
        counters::last_received_at_ms(self.db)
    }

    /// A setting.
    pub fn setting(&self, setting: Setting) -> rusqlite::Result<Option<String>> {
        settings::get(self.db, setting)
    }

    /// One eSIM as it is at `now` (UTC seconds), by its eSIM id or its ICCID. `None`: no event has named it.
    pub fn esim(&self, key: &str, now: i64) -> rusqlite::Result<Option<EsimDetail>> {
        let found = match esims::by_esim_id(self.db, key)? {
            Some(found) => Some(found),
            None => esims::owner_of_iccid(self.db, key)?,
        };
        let Some(found) = found else { return Ok(None) };
        let events = self.timeline(found.id, 0)?;
        let same_order: Vec<i64> = self
            .db
            .prepare_cached(&format!(
                "SELECT id FROM esims WHERE reference_id = ?1 AND id <> ?2 ORDER BY id LIMIT {MAX_SAME_ORDER}"
            ))?
            .query_map(params![found.state.reference_id, found.id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(esim) = self.esim_rows(&[found.id])?.pop() else {
            return Ok(None);
        };
        Ok(Some(EsimDetail {
            next: NextStep::of(&found.state, now),
            esim,
            events,
            same_order: self.esim_rows(&same_order)?,
        }))
    }

    /// Events of the eSIM with this row after the first `skip`, newest first.
    pub fn timeline(&self, esim: i64, skip: u32) -> rusqlite::Result<Vec<EventRow>> {
        let of = esims::by_row(self.db, esim)?;
        self.db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE {} AND stands_for > 0
                 ORDER BY occurred_at DESC NULLS LAST, id DESC LIMIT {MAX_TIMELINE} OFFSET ?2",
                events::COLUMNS,
                events::OF_ESIM
            ))?
            .query_map(params![esim, skip], events::from_row)?
            .map(|stored| self.event_row_of(&stored?, of.as_ref().map(|of| &of.state)))
            .collect()
    }

    /// The events that arrived last, newest first.
    pub fn recent_events(&self, limit: u32) -> rusqlite::Result<Vec<EventRow>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {} FROM events WHERE stands_for > 0 ORDER BY id DESC LIMIT ?1",
                events::COLUMNS
            ))?
            .query_map([limit], events::from_row)?
            .map(|stored| self.event_row(&stored?))
            .collect()
    }

    /// A stored event as lists show it.
    pub fn event_row(&self, stored: &StoredEvent) -> rusqlite::Result<EventRow> {
        let named = stored.event.iccid.is_some() && stored.event.reference_id.is_some();
        let esim = match stored.esim {
            Some(row) if !named => esims::by_row(self.db, row)?,
            _ => None,
        };
        self.event_row_of(stored, esim.as_ref().map(|esim| &esim.state))
    }

    /// An event of this eSIM, as lists show it.
    fn event_row_of(
        &self,
        stored: &StoredEvent,
        esim: Option<&EsimState>,
    ) -> rusqlite::Result<EventRow> {
        let event = &stored.event;
        // Where the event itself names no order or ICCID, its eSIM's are what a person looks for.
        let of_esim =
            |name: fn(&EsimState) -> &Option<String>| esim.and_then(|esim| name(esim).clone());
        // A plain status says nothing else; its payload need not be read.
        let facts = match (event.category.as_str(), event.kind.as_str()) {
            ("esim", "status") => EventFacts::default(),
            // What retention leaves of a usage event whose payload it dropped.
            _ => self.payload(stored.id)?.map_or_else(
                || EventFacts {
                    package_name: event.usage.package_name.clone(),
                    data_allowed_mb: event.usage.allowed_mb,
                    data_remaining_mb: event.usage.remaining_mb,
                    data_unlimited: event.usage.unlimited,
                    ..EventFacts::default()
                },
                |body| facts(&body),
            ),
        };
        Ok(EventRow {
            id: stored.id,
            category: event.category.clone(),
            kind: event.kind.clone(),
            occurred_at: event.occurred_at,
            received_at_ms: stored.received_at_ms,
            esim_key: event.esim_id.clone().or_else(|| event.iccid.clone()),
            iccid: event
                .iccid
                .clone()
                .or_else(|| of_esim(|state| &state.iccid)),
            reference_id: event
                .reference_id
                .clone()
                .or_else(|| of_esim(|state| &state.reference_id)),
            status: event
                .status
                .as_ref()
                .map(|status| status.as_str().to_owned()),
            recognized: event.recognized(),
            problem: event.problem.clone(),
            facts,
        })
    }

    /// Whether the test event with this id arrived.
    pub fn has_test(&self, event_id: &str) -> rusqlite::Result<bool> {
        let key = event::key_of_id("esim_watch", "test", event_id);
        Ok(events::find_by_key(self.db, &key)?.is_some())
    }

    /// The raw body of the delivery that brought an event.
    pub fn payload(&self, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        deliveries::body_of(self.db, event)
    }

    /// Calls `each` with every eSIM, in the order in which they were first heard of.
    pub fn each_esim<E: From<rusqlite::Error>>(
        &self,
        mut each: impl FnMut(&EsimState) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self
            .db
            .prepare(&format!("SELECT {} FROM esims ORDER BY id", esims::COLUMNS))?;
        for esim in rows.query_map([], esims::from_row)? {
            each(&esim?.state)?;
        }
        Ok(())
    }

    /// Calls `each` with every event and its raw body, in the order in which they arrived.
    pub fn each_event<E: From<rusqlite::Error>>(
        &self,
        mut each: impl FnMut(&StoredEvent, Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self.db.prepare(&format!(
            "SELECT {} FROM events ORDER BY id",
            events::COLUMNS
        ))?;
        for stored in rows.query_map([], events::from_row)? {
            let stored = stored?;
            each(&stored, self.payload(stored.id)?.as_deref())?;
        }
        Ok(())
    }
}

pub(in crate::store) fn words(search: &str) -> Vec<String> {
    let number = search
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace());
    let joined: String = search.split_whitespace().collect();
    match (number, joined.is_empty()) {
        (_, true) => Vec::new(),
        (true, false) => vec![joined],
        (false, false) => search.split_whitespace().map(str::to_lowercase).collect(),
    }
}
