//! Ends that a provider's list alone knows. No entry of a history tells them, so they are stored as reports.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::event::{Event, EventKind, Sources, Status};
use crate::store::Reader;
use crate::store::tables::counters::{self, HourCount};
use crate::store::tables::{events, kinds};

/// The condition that a row of `events` is an end which the API's list told; as in the index of them.
pub(in crate::store) fn are() -> String {
    let ends: Vec<String> = Status::KNOWN
        .iter()
        .filter(|status| status.is_terminal())
        .map(|status| format!("events.status = '{}'", status.as_str()))
        .collect();
    format!(
        "{report} AND events.sources & {webhook} = 0 AND ({ends})",
        report = kinds::is(&EventKind::EsimUsage),
        webhook = Sources::WEBHOOK.number(),
        ends = ends.join(" OR "),
    )
}

/// Whether no change of status right before or after an end (UTC seconds) of the eSIM in this row tells the same end: then
/// the list alone knows it.
pub(in crate::store) fn is_alone(
    db: &Connection,
    at: i64,
    status: Option<&str>,
    esim: Option<i64>,
) -> rusqlite::Result<bool> {
    let Some(esim) = esim else {
        return Ok(true);
    };
    let history = events::of_esim(db, esim)?;
    let changes = || {
        let changes = history.iter().map(|stored| &stored.event);
        changes.filter(|event| event.kind.changes_status() && event.occurred_at.is_some())
    };
    let before = changes()
        .filter(|event| event.occurred_at <= Some(at))
        .max_by(|a, b| a.order().cmp(&b.order()));
    let after = changes()
        .filter(|event| event.occurred_at > Some(at))
        .min_by(|a, b| a.order().cmp(&b.order()));
    let tells_it = |event: &Event| event.status.as_ref().map(Status::as_str) == status;
    Ok(!before.is_some_and(tells_it) && !after.is_some_and(tells_it))
}

/// How many there were of which status in each of these hours since the epoch, the last one included.
fn by_hour(
    db: &Connection,
    first: i64,
    last: i64,
) -> rusqlite::Result<BTreeMap<(i64, String), i64>> {
    let (from, to) = (first.saturating_mul(3600), last.saturating_add(1));
    let all: Vec<(i64, String, Option<i64>)> = db
        .prepare_cached(&format!(
            "SELECT occurred_at, status, esim FROM events WHERE {} AND occurred_at >= ?1 AND occurred_at < ?2",
            are()
        ))?
        .query_map([from, to.saturating_mul(3600)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut counts: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for (at, status, esim) in all {
        if is_alone(db, at, Some(&status), esim)? {
            *counts.entry((at.div_euclid(3600), status)).or_default() += 1;
        }
    }
    Ok(counts)
}

impl Reader<'_> {
    /// How many status changes happened in each of these hours since the epoch, by status; the last
    /// hour is included. So are ends that a provider's list alone knows.
    pub fn activity(&self, first: i64, last: i64) -> rusqlite::Result<Vec<HourCount>> {
        let mut counts = by_hour(self.db, first, last)?;
        for one in counters::hourly(self.db, first, last)? {
            *counts.entry((one.hour, one.status)).or_default() += one.count;
        }
        let counts = counts.into_iter();
        Ok(counts
            .map(|((hour, status), count)| HourCount {
                hour,
                status,
                count,
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{database, deliver_at, find, status};

    const HOUR: i64 = 3600;
    const BEGIN: i64 = 496_000 * HOUR;

    fn listed(name: &str, to: &str, at: i64) -> String {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","timestamp":{at},"esim_id":"{name}","status":"{to}"}}"#
        )
    }

    /// Hours from [`BEGIN`] on, with what happened in each and how often.
    fn activity(db: &Connection) -> Vec<(i64, String, i64)> {
        let begin = BEGIN / HOUR;
        let counts = Reader { db }.activity(begin, begin + 23).unwrap();
        let counts = counts.into_iter();
        counts
            .map(|one| (one.hour - begin, one.status, one.count))
            .collect()
    }

    #[test]
    fn an_end_that_a_list_alone_knows_counts_as_a_change_of_status_once() {
        let db = database();
        for name in ["a", "b", "c"] {
            let body = status(&format!(r#""esim_id":"{name}""#), "ACTIVATED", BEGIN);
            deliver_at(&db, &body, BEGIN * 1000);
        }
        let at = BEGIN + 5 * HOUR;
        let now = BEGIN + 20 * HOUR;
        find(&db, &[listed("a", "REVOKED", at)], now);
        find(&db, &[listed("b", "REVOKED", at + 60)], now);
        let told = |hour, status: &str, count| (hour, status.to_owned(), count);
        let both = [told(0, "ACTIVATED", 3), told(5, "REVOKED", 2)];
        assert_eq!(activity(&db), both);
        // The webhook comes after all.
        let body = status(r#""esim_id":"b""#, "REVOKED", at + 58);
        deliver_at(&db, &body, (now + 60) * 1000);
        assert_eq!(activity(&db), both);
        // What a webhook reports besides is none.
        let report = listed("c", "EXPIRED", at);
        deliver_at(&db, &report, (now + 60) * 1000);
        assert_eq!(activity(&db), both);
    }

    #[test]
    fn they_are_found_by_an_index_of_their_own() {
        let db = database();
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT esim FROM events WHERE {} AND occurred_at >= ?1",
            are()
        );
        let mut statement = db.prepare(&sql).unwrap();
        let mut rows = statement.raw_query();
        let step: String = rows.next().unwrap().unwrap().get("detail").unwrap();
        assert!(step.contains("events_listed_ends"), "{step}");
    }
}
