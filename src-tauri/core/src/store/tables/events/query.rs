//! What can be asked about events.

use rusqlite::{OptionalExtension, params};

use super::{COLUMNS, OF_ESIM, StoredEvent, find, from_row, of_esim};
use crate::event::{Event, EventKind, Sources, Status, Topic};
use crate::store::Reader;
use crate::store::deliver::owner::EventOwner;
use crate::store::tables::kinds;

impl StoredEvent {
    /// Whether it tells of something that changed. What the API alone told of a package is how it is when it was asked, or
    /// stands for the order that brought it: nobody knows when that came about, and every eSIM in use is asked for each time.
    /// What it says of a status is a change. [`Reader::latest_changes`] says the same in SQL.
    #[must_use]
    pub fn is_change(&self) -> bool {
        let is_report = self.event.kind == EventKind::EsimUsage;
        !(is_report && self.sources == Sources::API && self.event.status.is_none())
    }

    /// Where it stands among what changed last, UTC milliseconds: what was sent when it came, for it is news, however late;
    /// what the API told, too, when it happened, for it may be told months later.
    #[must_use]
    pub fn listed_at_ms(&self) -> i64 {
        let came = self.received_at_ms;
        let happened = self
            .event
            .occurred_at
            .filter(|_| self.sources.have(Sources::API));
        happened.map_or(came, |at| at.saturating_mul(1000).min(came))
    }
}

impl Reader<'_> {
    /// At most `most` events of the eSIM with this row after the first `skip`, newest first.
    pub fn events_of_esim(
        &self,
        esim: i64,
        skip: u32,
        most: u32,
    ) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM events WHERE {OF_ESIM} AND stands_for > 0
                 ORDER BY occurred_at DESC NULLS LAST, id DESC LIMIT ?3 OFFSET ?2"
            ))?
            .query_map(params![esim, skip, most], from_row)?
            .collect()
    }

    /// Every event of the eSIM with this row, in no order; none if it is gone.
    pub fn history_of(&self, row: i64) -> rusqlite::Result<Vec<Event>> {
        let events = of_esim(self.db, row)?;
        Ok(events.into_iter().map(|stored| stored.event).collect())
    }

    /// Whether the eSIM with this row was ever withdrawn.
    pub fn was_withdrawn(&self, row: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE esim = ?1 AND status = ?2)";
        let revoked = Status::Revoked;
        self.db
            .prepare_cached(sql)?
            .query_row((row, revoked.as_str()), |found| found.get(0))
    }

    /// When the profile of the eSIM with this row came to a step of its life the last time (UTC seconds), by that time.
    pub fn profile_steps(&self, esim: i64) -> rusqlite::Result<Vec<(Status, i64)>> {
        let steps: Vec<String> = Status::OF_PROFILE
            .iter()
            .map(|status| format!("'{status}'"))
            .collect();
        self.db
            .prepare_cached(&format!(
                "SELECT status, max(occurred_at) AS at FROM events
                 WHERE {OF_ESIM} AND {} AND status IN ({}) AND unbelieved_at IS NULL GROUP BY status ORDER BY at, status",
                kinds::about(Topic::Esim),
                steps.join(", ")
            ))?
            .query_map([esim], |row| {
                let status: String = row.get(0)?;
                Ok((Status::from_text(&status), row.get(1)?))
            })?
            .collect()
    }

    /// What changed last and tells of a change ([`StoredEvent::is_change`]), the latest first: what was sent as it came, and
    /// among it what the API told, too, by when it happened ([`StoredEvent::listed_at_ms`]). Else what a catch-up finds of
    /// months ago would hide what happened today.
    pub fn latest_changes(&self, most: u32) -> rusqlite::Result<Vec<StoredEvent>> {
        let report = kinds::is(&EventKind::EsimUsage);
        let api = Sources::API.number();
        let changes = |which: &str, order: &str| -> rusqlite::Result<Vec<StoredEvent>> {
            self.db
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM events WHERE {which} AND stands_for > 0
                         AND NOT ({report} AND sources = {api} AND status IS NULL)
                     ORDER BY {order} DESC, id DESC LIMIT ?1"
                ))?
                .query_map([most], from_row)?
                .collect()
        };
        // The second by an index of its own, which SQLite takes for these words.
        let sent = changes("sources & 2 = 0", "id")?;
        let told = changes("sources & 2 != 0", "occurred_at")?;
        // Not sorted: by a clock that was set back what came later was received before.
        let mut latest = Vec::with_capacity(sent.len() + told.len());
        let (mut sent, mut told) = (sent.into_iter().peekable(), told.into_iter().peekable());
        while latest.len() < most as usize {
            let is_told = match (sent.peek(), told.peek()) {
                (Some(sent), Some(told)) => told.listed_at_ms() > sent.listed_at_ms(),
                (sent, _) => sent.is_none(),
            };
            match if is_told { told.next() } else { sent.next() } {
                Some(stored) => latest.push(stored),
                None => break,
            }
        }
        Ok(latest)
    }

    /// The latest events about this, at most so many, newest first: those of kinds that this version knows.
    pub fn events_about(&self, topic: Topic, most: u32) -> rusqlite::Result<Vec<StoredEvent>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events WHERE {} ORDER BY occurred_at DESC, key DESC LIMIT ?1",
            kinds::known_about(topic)
        );
        self.db
            .prepare_cached(&sql)?
            .query_map(params![most], from_row)?
            .collect()
    }

    /// The latest usage reports of the eSIM with this row, at most so many, newest first.
    pub fn usage_reports(&self, esim: i64, most: u32) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM events WHERE {OF_ESIM} AND {} AND problem IS NULL
                 ORDER BY occurred_at DESC, id DESC LIMIT ?2",
                kinds::is(&EventKind::EsimUsage)
            ))?
            .query_map(params![esim, most], from_row)?
            .collect()
    }

    /// When the first event of all came, UTC milliseconds.
    pub fn first_received_at_ms(&self) -> rusqlite::Result<Option<i64>> {
        self.db
            .query_row(
                "SELECT received_at_ms FROM events ORDER BY id LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()
    }

    /// Whether this event came.
    pub fn has_event(&self, event: &Event) -> rusqlite::Result<bool> {
        let owner = EventOwner::of(self.db, event)?;
        Ok(find(self.db, event, owner.esim.as_ref())?.is_some())
    }

    /// Calls `each` with every event and its raw body, in the order in which they arrived.
    pub fn each_event<E: From<rusqlite::Error>>(
        &self,
        mut each: impl FnMut(&StoredEvent, Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self
            .db
            .prepare(&format!("SELECT {COLUMNS} FROM events ORDER BY id"))?;
        for stored in rows.query_map([], from_row)? {
            let stored = stored?;
            each(&stored, self.payload(stored.id)?.as_deref())?;
        }
        Ok(())
    }
}
