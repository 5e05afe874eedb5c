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
        let Some(mut mark) = last(self.db)? else {
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
mod tests {
    use super::*;
    use crate::store::tests::{database, deliver_at, find, status};

    const QUARTER: i64 = 900_000;
    const DAY: i64 = 1_764_028_800_000;

    fn at(db: &Connection, ms: i64) -> Vec<(String, i64)> {
        let counts = Reader { db }.by_status_at(ms).unwrap();
        let some = counts.into_iter().filter(|entry| entry.count != 0);
        some.map(|entry| (entry.status, entry.count)).collect()
    }

    #[test]
    fn how_many_had_a_status_is_known_for_each_quarter_of_an_hour() {
        let db = database();
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
        deliver_at(&db, &status(r#""esim_id":"b""#, "NEW", 11), DAY + 5);
        deliver_at(
            &db,
            &status(r#""esim_id":"a""#, "ACTIVATED", 12),
            DAY + 8 * QUARTER,
        );
        let one = |status: &str, count| (status.to_owned(), count);
        assert_eq!(at(&db, DAY - QUARTER), []);
        assert_eq!(at(&db, DAY), [], "before its first delivery");
        for quarter in 1..=8 {
            assert_eq!(at(&db, DAY + quarter * QUARTER), [one("NEW", 2)]);
        }
        assert_eq!(
            at(&db, DAY + 9 * QUARTER),
            [one("NEW", 1), one("ACTIVATED", 1)],
            "as it is, where nothing came since"
        );
    }

    #[test]
    fn the_history_of_an_esim_that_is_asked_for_is_no_news_and_what_it_did_since_is() {
        let db = database();
        let seen = DAY / 1000;
        deliver_at(&db, &status(r#""esim_id":"a1""#, "NEW", seen - 60), DAY);
        mark_seen(&db, DAY + 1000).unwrap();
        let told = |id: &str, is: &str, at: i64| status(&format!(r#""esim_id":"{id}""#), is, at);
        let bodies = [
            told("b2", "NEW", seen - 90 * 86_400),
            told("b2", "ACTIVATED", seen - 3_600),
            told("a1", "ACTIVATED", seen + 3_600),
        ];
        find(&db, &bodies, seen + 36_000);
        // It was sent late, and is news all the same.
        let late = told("c3", "EXPIRED", seen - 7_200);
        deliver_at(&db, &late, DAY + 36_100_000);
        let reader = Reader { db: &db };
        let since = reader.since_seen(DAY + 40_000_000).unwrap().unwrap();
        let count = |entry: &StatusCount| (entry.status.clone(), entry.count);
        let by_status: Vec<_> = since.by_status.iter().map(count).collect();
        let one = |status: &str| (status.to_owned(), 1);
        assert_eq!(by_status, [one("EXPIRED"), one("ACTIVATED")]);
        assert_eq!(since.new_esims, 2);
        let activated = Happened::CameTo {
            status: "ACTIVATED".to_owned(),
            after_event: since.after_event,
        };
        let rows = reader.esims_to_which(&activated).unwrap();
        assert_eq!(
            rows,
            HashSet::from([reader.esim_row("a1").unwrap().unwrap()])
        );
    }

    #[test]
    fn ends_are_told_first_the_gravest_of_all_and_so_are_those_that_a_list_alone_knows() {
        let db = database();
        let seen = DAY / 1000;
        for name in ["a", "b", "c", "d", "e", "f"] {
            let body = status(&format!(r#""esim_id":"{name}""#), "NEW", seen - 60);
            deliver_at(&db, &body, DAY);
        }
        mark_seen(&db, DAY + 1000).unwrap();
        let told = |name: &str, is: &str, after: i64| {
            status(&format!(r#""esim_id":"{name}""#), is, seen + after)
        };
        let listed = |name: &str, is: &str, after: i64| {
            told(name, is, after).replace(r#""event_type":"status""#, r#""event_type":"usage""#)
        };
        let bodies = [
            told("a", "ACTIVATED", 100),
            told("b", "ACTIVATED", 101),
            told("c", "ACTIVATED", 102),
            told("c", "EXPIRED", 103),
            listed("d", "REVOKED", 104),
            listed("e", "DELETED", 105),
            // The list and the history tell of the same end.
            listed("b", "EXPIRED", 106),
            told("b", "EXPIRED", 107),
            // Of before somebody looked.
            listed("f", "REVOKED", -3_600),
        ];
        find(&db, &bodies, seen + 36_000);
        // How it was anyway, and no change.
        let sent = listed("f", "ACTIVATED", 36_000);
        deliver_at(&db, &sent, DAY + 36_100_000);
        let reader = Reader { db: &db };
        let since = reader.since_seen(DAY + 40_000_000).unwrap().unwrap();
        let count = |one: &StatusCount| (one.status.clone(), one.count);
        let by_status: Vec<_> = since.by_status.iter().map(count).collect();
        let some = |status: &str, count| (status.to_owned(), count);
        assert_eq!(
            by_status,
            [
                some("REVOKED", 1),
                some("EXPIRED", 2),
                some("DELETED", 1),
                some("ACTIVATED", 3),
            ]
        );
        for (status, count) in by_status {
            let happened = Happened::CameTo {
                status,
                after_event: since.after_event,
            };
            let rows = reader.esims_to_which(&happened).unwrap();
            assert_eq!(i64::try_from(rows.len()), Ok(count), "{happened:?}");
        }
    }

    #[test]
    fn gravity_knows_every_end() {
        for status in Status::KNOWN {
            assert_eq!(GRAVEST.contains(&status), status.is_terminal(), "{status}");
        }
    }

    #[test]
    fn marks_go_after_35_days() {
        let db = database();
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
        deliver_at(
            &db,
            &status(r#""esim_id":"b""#, "NEW", 10),
            DAY + 36 * 24 * 4 * QUARTER,
        );
        let marks: i64 = db
            .query_row(
                "SELECT count(DISTINCT quarter) FROM status_marks",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(marks, 1);
    }

    fn see(db: &Connection, now_ms: i64) {
        let mark = serde_json::to_string(&here(db, now_ms).unwrap()).unwrap();
        settings::set(db, Setting::LastSeen, Some(&mark)).unwrap();
    }

    #[test]
    fn who_comes_back_is_told_what_happened_meanwhile() {
        let db = database();
        let back = |now| Reader { db: &db }.since_seen(now).unwrap();
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
        assert_eq!(back(DAY + AWAY_MS), None, "nobody has ever seen anything");
        see(&db, DAY);
        assert_eq!(back(DAY + AWAY_MS), None, "nothing happened");
        for (second, to) in [(11, "ACTIVATED"), (12, "INACTIVE"), (13, "ACTIVATED")] {
            deliver_at(&db, &status(r#""esim_id":"a""#, to, second), DAY + second);
        }
        deliver_at(&db, &status(r#""esim_id":"b""#, "ACTIVATED", 9), DAY + 20);
        assert_eq!(back(DAY + AWAY_MS - 1), None, "hardly away");
        let back = back(DAY + AWAY_MS).unwrap();
        assert_eq!(back.since_ms, DAY);
        assert_eq!(back.new_esims, 1);
        let told: Vec<_> = back
            .by_status
            .iter()
            .map(|one| (&*one.status, one.count))
            .collect();
        assert_eq!(told, [("ACTIVATED", 2), ("INACTIVE", 1)]);
    }

    #[test]
    fn what_happened_is_told_although_the_mark_was_set_by_a_clock_that_was_ahead() {
        let db = database();
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
        see(&db, DAY + 400 * 24 * 4 * QUARTER);
        deliver_at(&db, &status(r#""esim_id":"b""#, "NEW", 11), DAY + QUARTER);
        let back = Reader { db: &db }
            .since_seen(DAY + QUARTER + AWAY_MS)
            .unwrap()
            .unwrap();
        assert_eq!((back.since_ms, back.new_esims), (DAY + QUARTER - 1, 1));
    }

    #[test]
    fn an_order_counts_once_however_often_it_was_told_of() {
        let db = database();
        let second = |at: i64| DAY / 1000 + at;
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", second(10)), DAY);
        see(&db, DAY);
        let order = |id: &str, status: &str, at: i64| {
            let at = second(at);
            format!(
                r#"{{"event_category":"affiliate","event_type":"order","data":{{"timestamp":{at},"order_data":{{"order_id":"{id}","order_total":3,"order_currency":"EUR","order_status":"{status}"}}}}}}"#
            )
        };
        for (id, status, at) in [
            ("a", "pending", 11),
            ("a", "completed", 12),
            ("b", "pending", 13),
        ] {
            deliver_at(&db, &order(id, status, at), DAY + at);
        }
        let unrecognised = format!(
            r#"{{"event_category":"affiliate","event_type":"click","timestamp":{}}}"#,
            second(14)
        );
        deliver_at(&db, &unrecognised, DAY + 14);
        let back = Reader { db: &db }
            .since_seen(DAY + AWAY_MS)
            .unwrap()
            .unwrap();
        assert_eq!((back.orders, back.unrecognized), (2, 1));
    }

    #[test]
    fn a_night_in_which_the_program_did_not_listen_is_told_with_the_esims_that_may_have_changed() {
        use crate::store::tables::absences::{NOTED_EVERY_MS, note_listening};
        const NIGHT_MS: i64 = 13 * 4 * QUARTER;
        let db = database();
        let back = |now| Reader { db: &db }.since_seen(now).unwrap();
        let second = DAY / 1000;
        for (name, to) in [("a", "ACTIVATED"), ("b", "ACTIVATED"), ("c", "EXPIRED")] {
            let body = status(&format!(r#""esim_id":"{name}""#), to, second);
            deliver_at(&db, &body, DAY);
        }
        note_listening(&db, DAY).unwrap();
        see(&db, DAY);
        let evening = DAY + NOTED_EVERY_MS;
        note_listening(&db, evening).unwrap();
        assert_eq!(back(evening + AWAY_MS / 2), None, "it listens");

        let morning = evening + NIGHT_MS;
        let night = |to_ms| Absence {
            from_ms: evening,
            to_ms,
            caught_up_at_ms: None,
        };
        // It has started and not noted so yet.
        let told = back(morning).unwrap();
        assert_eq!((told.absences, told.unheard), (vec![night(morning)], 2));

        note_listening(&db, morning).unwrap();
        let heard = status(r#""esim_id":"a""#, "INACTIVE", morning / 1000 + 60);
        deliver_at(&db, &heard, morning + 60_000);
        let told = back(morning + NOTED_EVERY_MS).unwrap();
        assert_eq!((told.absences, told.unheard), (vec![night(morning)], 1));
        let since = morning / 1000;
        let rows = |happened| Reader { db: &db }.esims_to_which(&happened).unwrap().len();
        assert_eq!(rows(Happened::Unheard { since }), 1);

        see(&db, morning + NOTED_EVERY_MS);
        for times in 2..=5 {
            note_listening(&db, morning + times * NOTED_EVERY_MS).unwrap();
        }
        assert_eq!(back(morning + 6 * NOTED_EVERY_MS), None, "it was read");
    }

    #[test]
    fn each_figure_leads_to_the_esims_that_it_counts() {
        let db = database();
        deliver_at(&db, &status(r#""esim_id":"a""#, "ACTIVATED", 10), DAY);
        see(&db, DAY);
        for (name, to, second) in [("a", "INACTIVE", 11), ("b", "ACTIVATED", 12)] {
            let body = status(&format!(r#""esim_id":"{name}""#), to, second);
            deliver_at(&db, &body, DAY + second);
        }
        let told = Reader { db: &db }
            .since_seen(DAY + AWAY_MS)
            .unwrap()
            .unwrap();
        let rows = |happened| Reader { db: &db }.esims_to_which(&happened).unwrap().len() as i64;
        for StatusCount { status, count } in told.by_status {
            let after_event = told.after_event;
            assert_eq!(
                rows(Happened::CameTo {
                    status,
                    after_event
                }),
                count
            );
        }
        let after_esim = told.after_esim;
        assert_eq!(rows(Happened::Named { after_esim }), told.new_esims);
        assert_eq!(told.new_esims, 1);
    }
}
