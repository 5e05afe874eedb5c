//! What happened since somebody has seen all there was. The mark of that is a setting: a time and the event that
//! had come last.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::event::{EventKind, Topic};
use crate::store::Reader;
use crate::store::Setting;
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
    /// How many eSIMs were told to have come to a status, the most frequent first. One that came to
    /// several counts in each.
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
}

impl SinceSeen {
    fn is_nothing(&self) -> bool {
        *self
            == SinceSeen {
                since_ms: self.since_ms,
                ..SinceSeen::default()
            }
    }
}

/// What somebody has seen last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    at_ms: i64,
    event: i64,
    esim: i64,
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

fn since(db: &Connection, mark: Mark) -> rusqlite::Result<SinceSeen> {
    let by_status = db
        .prepare(&format!(
            "SELECT status, count(DISTINCT esim) FROM events
             WHERE id > ?1 AND {} AND status IS NOT NULL AND esim IS NOT NULL
             GROUP BY status ORDER BY 2 DESC, 1",
            kinds::changes_status()
        ))?
        .query_map([mark.event], |row| {
            Ok(StatusCount {
                status: row.get(0)?,
                count: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?;
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
    })
}

impl Reader<'_> {
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
        Ok(Some(since(self.db, mark)?).filter(|found| !found.is_nothing()))
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
    use crate::store::tests::{database, deliver_at, status};

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
        deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
        see(&db, DAY);
        let order = |id: &str, status: &str, at: i64| {
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
        let unrecognised = r#"{"event_category":"affiliate","event_type":"click","timestamp":14}"#;
        deliver_at(&db, unrecognised, DAY + 14);
        let back = Reader { db: &db }
            .since_seen(DAY + AWAY_MS)
            .unwrap()
            .unwrap();
        assert_eq!((back.orders, back.unrecognized), (2, 1));
    }
}
