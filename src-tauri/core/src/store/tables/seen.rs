//! What happened since somebody has seen all there was. The mark of that is a setting: a time and the event that
//! had come last.

use std::collections::HashSet;

use rusqlite::{Connection, ToSql, params};
use serde::{Deserialize, Serialize};

use crate::event::{EventKind, Sources, Status, Topic};
use crate::store::Reader;
use crate::store::Setting;
use crate::store::tables::absences::Absence;
use crate::store::tables::counters::StatusCount;
use crate::store::tables::kinds;
use crate::store::tables::receipts;
use crate::store::tables::settings;

/// Who was away for less than this has missed nothing that the screen does not show: 15 minutes.
pub const AWAY_MS: i64 = 15 * 60_000;

/// The mark is set at most this often.
pub const MARKED_EVERY_MS: i64 = 60_000;

/// What happened since somebody has seen all there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SinceSeen {
    /// When somebody had seen all there was, UTC milliseconds.
    pub since_ms: i64,
    /// How many eSIMs were told to have come to a status, by a change of it or by what a provider's list alone knows: ends by
    /// their gravity first, then the others, the most frequent first. One that came to several counts in each.
    pub by_status: Vec<StatusCount>,
    /// eSIMs that were named for the first time.
    pub new_esims: i64,
    /// Alerts that were raised and that nobody has taken up yet.
    pub alerts: i64,
    /// Affiliate orders, each counted once however often it was told of.
    pub orders: i64,
    /// Decisions about refunds.
    pub refunds: i64,
    /// Events that this version did not recognise.
    pub unrecognized: i64,
    /// When the program did not listen, oldest first.
    pub absences: Vec<Absence>,
    /// eSIMs that still live and that nothing was heard of since it listens again.
    pub unheard: i64,
    /// The event that had come last.
    pub after_event: i64,
    /// The eSIM that had been named last.
    pub after_esim: i64,
}

impl SinceSeen {
    fn is_nothing(&self) -> bool {
        *self
            == SinceSeen {
                since_ms: self.since_ms,
                after_event: self.after_event,
                after_esim: self.after_esim,
                ..SinceSeen::default()
            }
    }
}

/// What happened to eSIMs, each as one figure of [`SinceSeen`] counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// They were told to have come to a status.
    CameTo {
        /// The status, as its provider writes it.
        status: String,
        /// By an event that came later than this one.
        after_event: i64,
    },
    /// They were named for the first time.
    Named {
        /// Later than this one.
        after_esim: i64,
    },
    /// They still live, and nothing was heard of them.
    Unheard {
        /// Since then, UTC seconds.
        since: i64,
    },
}

/// What somebody has seen last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    at_ms: i64,
    event: i64,
    esim: i64,
}

/// What is news since the event `?1`: all that was sent after it, and of what the API told, too, what happened after that had
/// come. The history of an eSIM that is asked for the first time is none.
const IS_NEWS: &str = "id > ?1 AND (sources & 2 = 0 OR occurred_at * 1000 >=
     coalesce((SELECT received_at_ms FROM events WHERE id <= ?1 ORDER BY id DESC LIMIT 1), 0))";

/// What tells that an eSIM came to a status: a change of it, and what a provider's list alone knows, which is a report. A report
/// that was sent says how the eSIM was anyway.
fn comes_to_status() -> String {
    format!(
        "({changes} OR {report} AND sources = {api}) AND status IS NOT NULL AND esim IS NOT NULL",
        changes = kinds::changes_status(),
        report = kinds::is(&EventKind::EsimUsage),
        api = Sources::API.number(),
    )
}

/// Ends in the order in which they are told: what was withdrawn needs somebody most.
const GRAVEST: [Status; 3] = [Status::Revoked, Status::Expired, Status::Deleted];

/// Where a status stands among what is told: an end by its gravity, all others behind them.
fn gravity(status: &str) -> usize {
    let is_it = |end: &Status| end.as_str() == status;
    GRAVEST.iter().position(is_it).unwrap_or(GRAVEST.len())
}

fn here(db: &Connection, now_ms: i64) -> rusqlite::Result<Mark> {
    db.query_row(
        "SELECT coalesce((SELECT max(id) FROM events), 0), coalesce((SELECT max(id) FROM esims), 0)",
        [],
        |row| {
            Ok(Mark {
                at_ms: now_ms,
                event: row.get(0)?,
                esim: row.get(1)?,
            })
        },
    )
}

/// A mark that makes no sense is none.
fn last(db: &Connection) -> rusqlite::Result<Option<Mark>> {
    Ok(settings::get(db, Setting::LastSeen)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// When a mark was set at the latest that a clock set which was ahead: before the next event came.
fn believable(db: &Connection, mark: Mark, now_ms: i64) -> rusqlite::Result<i64> {
    db.query_row(
        "SELECT coalesce((SELECT received_at_ms - 1 FROM events WHERE id > ?1 AND received_at_ms <= ?2 ORDER BY id LIMIT 1), ?2)",
        params![mark.event, now_ms],
        |row| row.get(0),
    )
}

fn since(db: &Connection, mark: Mark, now_ms: i64) -> rusqlite::Result<SinceSeen> {
    let mut by_status: Vec<StatusCount> = db
        .prepare(&format!(
            "SELECT status, count(DISTINCT esim) FROM events WHERE {IS_NEWS} AND {} GROUP BY status ORDER BY 2 DESC, 1",
            comes_to_status()
        ))?
        .query_map([mark.event], |row| {
            Ok(StatusCount {
                status: row.get(0)?,
                count: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    // Keeps the order of those that weigh the same.
    by_status.sort_by_key(|one| gravity(&one.status));
    let others = db.query_row(
        &format!(
            "SELECT count(DISTINCT coalesce(iif(details <> '', details, '{{}}') ->> '$.order.orderId', id))
                        FILTER (WHERE {} AND problem IS NULL),
                    count(*) FILTER (WHERE {}), count(*) FILTER (WHERE problem IS NOT NULL)
             FROM events WHERE id > ?1",
            kinds::is(&EventKind::Order),
            kinds::about(Topic::Refund)
        ),
        [mark.event],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let (orders, refunds, unrecognized) = others;
    let absences = Reader { db }.absences(mark.at_ms, now_ms)?;
    let unheard = match absences.last() {
        // What a provider has told since is not out of date.
        Some(last) if last.caught_up_at_ms.is_none() => db.query_row(
            &format!("SELECT count(*) {}", unheard_esims()),
            [last.to_ms.div_euclid(1000)],
            |row| row.get(0),
        )?,
        _ => 0,
    };
    Ok(SinceSeen {
        since_ms: mark.at_ms,
        by_status,
        new_esims: db.query_row(
            "SELECT count(*) FROM esims WHERE id > ?1",
            [mark.esim],
            |row| row.get(0),
        )?,
        alerts: db.query_row(
            "SELECT count(*) FROM alerts WHERE state = 'new' AND raised_at_ms > ?1",
            params![mark.at_ms],
            |row| row.get(0),
        )?,
        orders,
        refunds,
        unrecognized,
        absences,
        unheard,
        after_event: mark.event,
        after_esim: mark.esim,
    })
}

/// From which rows eSIMs are taken that still live and that nothing was heard of since `?1` (UTC seconds).
fn unheard_esims() -> String {
    let over: Vec<String> = Status::KNOWN
        .iter()
        .filter(|status| status.is_terminal())
        .map(|status| format!("'{status}'"))
        .collect();
    format!(
        "FROM esims WHERE coalesce(status, '') NOT IN ({}) AND coalesce(last_event_at, 0) < ?1",
        over.join(", ")
    )
}

impl Reader<'_> {
    /// Rows of the eSIMs to which this happened.
    pub fn esims_to_which(&self, happened: &Happened) -> rusqlite::Result<HashSet<i64>> {
        let rows = |sql: &str, params: &[&dyn ToSql]| {
            self.db
                .prepare_cached(sql)?
                .query_map(params, |row| row.get(0))?
                .collect()
        };
        match happened {
            Happened::CameTo {
                status,
                after_event,
            } => rows(
                &format!(
                    "SELECT DISTINCT esim FROM events WHERE {IS_NEWS} AND {} AND status = ?2",
                    comes_to_status()
                ),
                params![after_event, status],
            ),
            Happened::Named { after_esim } => {
                rows("SELECT id FROM esims WHERE id > ?1", params![after_esim])
            }
            Happened::Unheard { since } => {
                rows(&format!("SELECT id {}", unheard_esims()), params![since])
            }
        }
    }

    /// What happened since somebody has seen all there was, if that was more than [`AWAY_MS`] before now (UTC
    /// milliseconds) and anything did.
    pub fn since_seen(&self, now_ms: i64) -> rusqlite::Result<Option<SinceSeen>> {
        let mark = match last(self.db)? {
            Some(mark) => Some(mark),
            None => self.before_any_absence(now_ms)?,
        };
        let Some(mut mark) = mark else {
            return Ok(None);
        };
        if mark.at_ms > now_ms {
            mark.at_ms = believable(self.db, mark, now_ms)?;
        }
        if now_ms - mark.at_ms < AWAY_MS {
            return Ok(None);
        }
        Ok(Some(since(self.db, mark, now_ms)?).filter(|found| !found.is_nothing()))
    }

    /// What there was before the first time in which the program did not listen: where nobody has ever used the window, what
    /// happened since is still to be told.
    fn before_any_absence(&self, now_ms: i64) -> rusqlite::Result<Option<Mark>> {
        let absences = self.absences(0, now_ms)?;
        let Some(at_ms) = absences.first().map(|absence| absence.from_ms) else {
            return Ok(None);
        };
        let event = receipts::last_event_before(self.db, at_ms)?;
        let esim = self.db.query_row(
            "SELECT coalesce(max(esim), 0) FROM events WHERE id <= ?1",
            [event],
            |row| row.get(0),
        )?;
        Ok(Some(Mark { at_ms, event, esim }))
    }
}

/// Notes that somebody has seen what there is now (UTC milliseconds).
pub(in crate::store) fn mark_seen(tx: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    // A clock that was set back must not keep a mark in the future.
    let fresh = |mark: &Mark| (0..MARKED_EVERY_MS).contains(&(now_ms - mark.at_ms));
    if last(tx)?.is_some_and(|mark| fresh(&mark)) {
        return Ok(());
    }
    let mark = serde_json::to_string(&here(tx, now_ms)?).unwrap_or_default();
    settings::set(tx, Setting::LastSeen, Some(&mark))
}

#[cfg(test)]
mod tests;
