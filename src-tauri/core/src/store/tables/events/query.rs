//! What can be asked about events.

use rusqlite::params;

use super::{COLUMNS, StoredEvent, find, from_row};
use crate::event;
use crate::store::Reader;

/// One usage report of an eSIM.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsageReportRow {
    /// The event's row.
    pub id: i64,
    /// When, UTC seconds.
    pub occurred_at: Option<i64>,
    /// Data left, in MB.
    pub remaining_mb: Option<f64>,
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
                "SELECT {COLUMNS} FROM events WHERE esim = ?1 AND stands_for > 0
                 ORDER BY occurred_at DESC NULLS LAST, id DESC LIMIT ?3 OFFSET ?2"
            ))?
            .query_map(params![esim, skip, most], from_row)?
            .collect()
    }

    /// The events that arrived last, newest first.
    pub fn recent_events(&self, limit: u32) -> rusqlite::Result<Vec<StoredEvent>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM events WHERE stands_for > 0 ORDER BY id DESC LIMIT ?1"
            ))?
            .query_map([limit], from_row)?
            .collect()
    }

    /// The latest recognised events of a category, at most so many, newest first.
    pub fn events_of_category(
        &self,
        category: &'static str,
        most: u32,
    ) -> rusqlite::Result<Vec<StoredEvent>> {
        // Written into the text, so that SQLite may use the index of this category.
        let sql = format!(
            "SELECT {COLUMNS} FROM events WHERE category = '{category}' AND problem IS NULL
             ORDER BY occurred_at DESC, id DESC LIMIT ?1"
        );
        self.db
            .prepare_cached(&sql)?
            .query_map(params![most], from_row)?
            .collect()
    }

    /// The latest usage reports of the eSIM with this row, at most so many, newest first.
    pub fn usage_reports(&self, esim: i64, most: u32) -> rusqlite::Result<Vec<UsageReportRow>> {
        self.db
            .prepare_cached(
                "SELECT id, occurred_at, data_remaining_mb FROM events
                 WHERE esim = ?1 AND category = 'esim' AND type = 'usage' AND problem IS NULL
                 ORDER BY occurred_at DESC, id DESC LIMIT ?2",
            )?
            .query_map(params![esim, most], |row| {
                Ok(UsageReportRow {
                    id: row.get(0)?,
                    occurred_at: row.get(1)?,
                    remaining_mb: row.get(2)?,
                })
            })?
            .collect()
    }

    /// Whether the test event with this id arrived.
    pub fn has_test(&self, event_id: &str) -> rusqlite::Result<bool> {
        let key = event::key_of_id("esim_watch", "test", event_id);
        Ok(find(self.db, &key)?.is_some())
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
