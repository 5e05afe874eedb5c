//! The table of what a provider's API told last of each eSIM that it has.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::esim::EsimState;
use crate::event::{ProviderId, Status};
use crate::store::Reader;
use crate::store::tables::settings::{self, Setting};
use crate::store::tables::{absences, esims, events};

/// When and how an eSIM was asked for last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAsked {
    /// What the API's list said of it then; empty: it was no more.
    pub mark: String,
    /// The number of the catch-up that asked.
    pub run: i64,
}

/// How far the last catch-up came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CatchUpRun {
    /// Its number.
    pub run: i64,
    /// When it began, UTC milliseconds.
    pub begun_at_ms: i64,
    /// Whether it came to its end.
    pub complete: bool,
    /// What was over before this is no news, UTC seconds: nobody listened yet. `None`: nobody ever caught up.
    pub quiet_before: Option<i64>,
    /// When it had been told of every eSIM how it is, UTC milliseconds; `None`: something is missing.
    pub told_all_at_ms: Option<i64>,
}

/// Takes note of how far a catch-up came.
pub(in crate::store) fn note_run(tx: &Connection, run: &CatchUpRun) -> rusqlite::Result<()> {
    // Plain numbers, which always can be written.
    let text = serde_json::to_string(run).unwrap_or_default();
    if let Some(at_ms) = run.told_all_at_ms {
        absences::note_caught_up(tx, run.begun_at_ms, at_ms)?;
    }
    settings::set(tx, Setting::CatchUp, Some(&text))
}

/// Takes note that an eSIM was asked for.
pub(in crate::store) fn note(
    tx: &Connection,
    provider: ProviderId,
    esim_id: &str,
    asked: &LastAsked,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO caught_up (provider, esim_id, mark, run) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (provider, esim_id) DO UPDATE SET mark = excluded.mark, run = excluded.run",
    )?
    .execute(params![provider.number(), esim_id, asked.mark, asked.run])?;
    Ok(())
}

impl Reader<'_> {
    /// How far the last catch-up came. What another version wrote and this one can't read is nothing.
    pub fn catch_up_run(&self) -> rusqlite::Result<CatchUpRun> {
        let text = settings::get(self.db, Setting::CatchUp)?;
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// The eSIMs of a provider that were asked for, by its ids.
    pub fn last_asked(&self, provider: ProviderId) -> rusqlite::Result<HashMap<String, LastAsked>> {
        self.db
            .prepare_cached("SELECT esim_id, mark, run FROM caught_up WHERE provider = ?1")?
            .query_map([provider.number()], |row| {
                let (mark, run) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, LastAsked { mark, run }))
            })?
            .collect()
    }

    /// The ids and statuses of all eSIMs of a provider.
    pub fn esims_by_id(
        &self,
        provider: ProviderId,
    ) -> rusqlite::Result<HashMap<String, Option<Status>>> {
        self.db
            .prepare_cached(
                "SELECT esim_id, status FROM esims WHERE provider = ?1 AND esim_id IS NOT NULL",
            )?
            .query_map([provider.number()], |row| {
                let status: Option<String> = row.get(1)?;
                Ok((row.get(0)?, status.map(|text| Status::from_text(&text))))
            })?
            .collect()
    }

    /// The eSIM with this id of a provider, and when it was told to be READY (UTC seconds).
    pub fn esim_with_id(
        &self,
        provider: ProviderId,
        esim_id: &str,
    ) -> rusqlite::Result<Option<(EsimState, Option<i64>)>> {
        let Some((found, _)) = esims::by_esim_id(self.db, provider, esim_id)? else {
            return Ok(None);
        };
        let history = events::of_esim(self.db, found.id)?;
        let ready = history.iter().filter(|stored| {
            stored.event.kind.changes_status() && stored.event.status == Some(Status::Ready)
        });
        let ready_at = ready.filter_map(|stored| stored.event.occurred_at).min();
        Ok(Some((found.state, ready_at)))
    }
}
