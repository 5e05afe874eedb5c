//! The table of what a provider's API told last of each eSIM that it has.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::esim::EsimState;
use crate::event::{Bought, ProviderId, Status};
use crate::provider::ListSizes;
use crate::store::Reader;
use crate::store::tables::settings::{self, Setting};
use crate::store::tables::{absences, esims, events};

/// What is known of an eSIM before it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EsimBefore {
    /// Its status; `None`: none was told.
    pub status: Option<Status>,
    /// When its plan ends, UTC seconds.
    pub ends_at: Option<i64>,
}

/// When and how an eSIM was asked for last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAsked {
    /// What the API's list said of it then; empty: it was no more.
    pub mark: String,
    /// The number of the catch-up that asked.
    pub run: i64,
}

impl LastAsked {
    /// Whether it was no more.
    #[must_use]
    pub fn was_gone(&self) -> bool {
        self.mark.is_empty()
    }
}

/// What a provider's lists say of an eSIM and no event tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListedFacts {
    /// When the life of its profile ends, UTC seconds; `None`: nobody said.
    pub life_ends_at: Option<i64>,
    /// What was bought for it, the latest last.
    pub bought: Vec<Bought>,
}

/// An eSIM that was asked for, and what its provider's lists said of it.
#[derive(Debug, Clone)]
pub struct AskedEsim {
    /// Whose it is.
    pub provider: ProviderId,
    /// The provider's id of it.
    pub esim_id: String,
    /// When and how.
    pub last: LastAsked,
    /// What is kept of the lists.
    pub facts: ListedFacts,
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
    /// Whether the API kept it from its end: while that was out of reach, so may have been this computer. Or it came to its end,
    /// and the API had not told all.
    pub cut_off: bool,
    /// What was over before this is no news, UTC seconds: nobody listened yet. `None`: nobody ever caught up.
    pub quiet_before: Option<i64>,
    /// When it had been told of every eSIM how it is, UTC milliseconds; `None`: something is missing.
    pub told_all_at_ms: Option<i64>,
    /// The eSIMs in use that the provider no longer has.
    pub vanished: Vec<VanishedEsim>,
    /// The provider's ids of the eSIMs of which nothing could be read when catch-ups ended because of that: they are asked for
    /// last until one comes to its end.
    pub unanswered: Vec<String>,
    /// What the provider's own clock and this computer's told when it began or was gone on with; `None`: nobody noted it.
    pub told: Option<ToldClock>,
    /// How much of its lists the API gave at once.
    pub list_sizes: ListSizes,
    /// The last one that asked of all that it asked for what is left of their packages; `None`: nobody noted it.
    pub figures: Option<FiguresAsked>,
}

/// What a catch-up has done so far, also in parts: noted with each answer that is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CatchUpSoFar {
    /// Its number.
    pub run: i64,
    /// When an answer was stored last, UTC milliseconds.
    pub answered_at_ms: i64,
    /// The longest time between two answers that were stored, milliseconds.
    pub longest_pause_ms: u64,
    /// Requests that were made.
    pub requests: u64,
    /// Events that were told.
    pub found: u64,
    /// Those of them that were added.
    pub new: u64,
    /// How long it took, milliseconds, without what lies between its parts.
    pub took_ms: u64,
}

/// A catch-up that left out no figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FiguresAsked {
    /// Its number.
    pub run: i64,
    /// When it began by the provider's clock, UTC seconds.
    pub at: i64,
}

/// What two clocks told at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldClock {
    /// The provider's, UTC seconds.
    pub at: i64,
    /// This computer's, UTC milliseconds.
    pub clock_ms: i64,
}

/// An eSIM that was in use when its provider was found to have it no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VanishedEsim {
    /// The number of the provider.
    pub provider: i64,
    /// The provider's id of it.
    pub esim_id: String,
    /// When that was found, UTC milliseconds.
    pub found_at_ms: i64,
}

/// The eSIMs that their provider no longer has: its number and its ids of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VanishedEsims(HashSet<(i64, String)>);

impl VanishedEsims {
    /// Whether this one is among them. What ended since, as a late webhook tells, is over and not gone.
    #[must_use]
    pub fn have(&self, esim: &EsimState) -> bool {
        let over = esim.status.as_ref().is_some_and(Status::is_terminal);
        let id = esim.esim_id.as_ref().filter(|_| !over);
        id.is_some_and(|id| self.0.contains(&(esim.provider.number(), id.clone())))
    }
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

/// Takes note of what a catch-up has done with this answer, which added so many events.
pub(in crate::store) fn note_so_far(
    tx: &Connection,
    now: &CatchUpSoFar,
    new: u64,
) -> rusqlite::Result<()> {
    let before = so_far(tx)?;
    let longest_pause_ms = match before.run == now.run {
        // A clock that was set back meanwhile tells as little of what happened since.
        true => before
            .longest_pause_ms
            .max(now.answered_at_ms.abs_diff(before.answered_at_ms)),
        false => 0,
    };
    let noted = CatchUpSoFar {
        longest_pause_ms,
        new: now.new.saturating_add(new),
        ..*now
    };
    // Plain numbers, which always can be written.
    let text = serde_json::to_string(&noted).unwrap_or_default();
    settings::set(tx, Setting::CatchUpSoFar, Some(&text))
}

/// What another version wrote and this one can't read is nothing.
fn so_far(db: &Connection) -> rusqlite::Result<CatchUpSoFar> {
    let text = settings::get(db, Setting::CatchUpSoFar)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Takes note that an eSIM was asked for. What the lists said of it before and do not say now stays: once its plan runs
/// nobody tells any more when its profile's life ends, and a list of orders may be cut.
pub(in crate::store) fn note(tx: &Connection, asked: &AskedEsim) -> rusqlite::Result<()> {
    let AskedEsim {
        provider,
        esim_id,
        last,
        facts,
    } = asked;
    // Plain figures and texts, which always can be written.
    let bought = serde_json::to_string(&facts.bought).unwrap_or_else(|_| "[]".to_owned());
    tx.prepare_cached(
        "INSERT INTO caught_up (provider, esim_id, mark, run, life_ends_at, bought) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (provider, esim_id) DO UPDATE SET mark = excluded.mark, run = excluded.run,
            life_ends_at = coalesce(excluded.life_ends_at, life_ends_at),
            bought = iif(json_array_length(excluded.bought) < json_array_length(bought), bought, excluded.bought)",
    )?
    .execute(params![
        provider.number(),
        esim_id,
        last.mark,
        last.run,
        facts.life_ends_at,
        bought
    ])?;
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

    /// What the last catch-up that stored anything has done so far.
    pub fn catch_up_so_far(&self) -> rusqlite::Result<CatchUpSoFar> {
        so_far(self.db)
    }

    /// The eSIMs that were in use when their provider was found to have them no longer.
    pub fn vanished_esims(&self) -> rusqlite::Result<VanishedEsims> {
        let vanished = self.catch_up_run()?.vanished.into_iter();
        let names = vanished.map(|one| (one.provider, one.esim_id));
        Ok(VanishedEsims(names.collect()))
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

    /// The eSIMs of a provider of which it is known what was bought, by its ids.
    pub fn esims_with_orders(&self, provider: ProviderId) -> rusqlite::Result<HashSet<String>> {
        self.db
            .prepare_cached(
                "SELECT esim_id FROM caught_up WHERE provider = ?1 AND json_array_length(bought) > 0",
            )?
            .query_map([provider.number()], |row| row.get(0))?
            .collect()
    }

    /// What a provider's lists said of one of its eSIMs. What another version wrote and this one can't read is nothing.
    pub fn listed_facts(
        &self,
        provider: ProviderId,
        esim_id: &str,
    ) -> rusqlite::Result<ListedFacts> {
        let found = self
            .db
            .prepare_cached(
                "SELECT life_ends_at, bought FROM caught_up WHERE provider = ?1 AND esim_id = ?2",
            )?
            .query_row(params![provider.number(), esim_id], |row| {
                let bought: String = row.get(1)?;
                Ok(ListedFacts {
                    life_ends_at: row.get(0)?,
                    bought: serde_json::from_str(&bought).unwrap_or_default(),
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// What is known of all eSIMs of a provider, by their ids.
    pub fn esims_by_id(
        &self,
        provider: ProviderId,
    ) -> rusqlite::Result<HashMap<String, EsimBefore>> {
        self.db
            .prepare_cached(
                "SELECT esim_id, status, period_end FROM esims WHERE provider = ?1 AND esim_id IS NOT NULL",
            )?
            .query_map([provider.number()], |row| {
                let status: Option<String> = row.get(1)?;
                let known = EsimBefore {
                    status: status.map(|text| Status::from_text(&text)),
                    ends_at: row.get(2)?,
                };
                Ok((row.get(0)?, known))
            })?
            .collect()
    }

    /// Whether another eSIM of the provider has an ICCID of the eSIM with this id, or had it.
    pub fn shares_iccid(&self, provider: ProviderId, esim_id: &str) -> rusqlite::Result<bool> {
        let Some((found, _)) = esims::by_esim_id(self.db, provider, esim_id)? else {
            return Ok(false);
        };
        for iccid in esims::iccids_of(self.db, found.id)? {
            if esims::naming(self.db, provider, &iccid)?.len() > 1 {
                return Ok(true);
            }
        }
        Ok(false)
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
