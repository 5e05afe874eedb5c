//! What can be asked about deliveries, and how long senders waited for their answers.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::{authentic, body_of};
use crate::answer::{ACKNOWLEDGED, Answered};
use crate::event::{Problem, ProviderId};
use crate::message::{Message, ToMessage};
use crate::provider::{Authentic, Unreadable};
use crate::search::Search;
use crate::store::Reader;
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::events::OF_ESIM;

/// Most rows of one page.
const MAX_PAGE_ROWS: u32 = 200;

/// Of how many of the latest deliveries the bodies are searched.
pub const SEARCHED_BODIES: i64 = 20_000;

/// Most eSIMs that a search follows to their deliveries.
const MAX_SEARCHED_ESIMS: usize = 500;

/// Which deliveries, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// Only these; empty: all.
    pub verdicts: Vec<Verdict>,
    /// Part of the body of one of the latest [`SEARCHED_BODIES`]. Empty: all.
    pub search: String,
    /// Only rows before this one; `None`: from the latest.
    pub before: Option<i64>,
    /// Rows to return, at most 200.
    pub limit: u32,
}

/// One delivery without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Grows with the order of arrival.
    pub id: i64,
    /// When it came first, UTC milliseconds.
    pub received_at_ms: i64,
    /// When it came last, UTC milliseconds.
    pub last_received_at_ms: i64,
    /// How often it came again.
    pub repeats: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// The answer's status (RFC 9110); `None`: it is not known of a delivery that came before answers were kept.
    pub status: Option<u16>,
    /// How long the sender waited for the answer, microseconds; `None`: it was not measured.
    pub took_us: Option<i64>,
    /// `event_category` of its event; empty: it is none.
    pub category: String,
    /// `event_type` of its event.
    pub kind: String,
    /// Who sent it.
    pub provider: ProviderId,
    /// The eSIM id that it names.
    pub esim_id: Option<String>,
    /// The ICCID that it names.
    pub iccid: Option<String>,
    /// The order reference that it names, as it is written.
    pub reference_id: Option<String>,
    /// Size of the body, bytes; `None`: it is no longer kept.
    pub size: Option<i64>,
}

/// All that is kept of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryContent {
    /// What became of it.
    pub row: DeliveryRow,
    /// Headers that help to debug: `name: value`, a line each.
    pub headers: Option<String>,
    /// The body; `None`: it is no longer kept.
    pub body: Option<Vec<u8>>,
    /// Why it was turned away or its event is not understood, in English.
    pub problem: Option<Message>,
}

const COLUMNS: &str = "deliveries.id, deliveries.received_at_ms, last_received_at_ms, repeats, verdict, took_us,
    coalesce(category, ''), coalesce(type, ''), esim_id, iccid, coalesce(reference_written, reference_id), length(body), body_hash IS NULL,
    deliveries.status, reason, problem, headers, deliveries.provider
    FROM deliveries LEFT JOIN answers ON answers.delivery = deliveries.id LEFT JOIN events ON events.id = deliveries.event";

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    let verdict: String = row.get(4)?;
    let kept: bool = row.get(12)?;
    let verdict = Verdict::from_text(&verdict);
    Ok(DeliveryRow {
        id: row.get(0)?,
        received_at_ms: row.get(1)?,
        last_received_at_ms: row.get(2)?,
        repeats: row.get(3)?,
        verdict,
        status: status(verdict, row.get(13)?),
        took_us: row.get(5)?,
        category: row.get(6)?,
        kind: row.get(7)?,
        provider: ProviderId::new(row.get(17)?),
        esim_id: row.get(8)?,
        iccid: row.get(9)?,
        reference_id: row.get(10)?,
        size: kept.then(|| row.get(11)).transpose()?,
    })
}

/// The answer that is kept. Where none is, what is stored was answered with 200, but for bytes that are no event: of
/// those it is not known which of the two they got.
fn status(verdict: Verdict, kept: Option<u16>) -> Option<u16> {
    kept.or(match verdict {
        Verdict::Malformed => None,
        Verdict::Accepted | Verdict::Unrecognized | Verdict::Duplicate => Some(ACKNOWLEDGED),
    })
}

/// Why a delivery was turned away or its event is not understood, in English.
fn problem(row: &Row<'_>) -> rusqlite::Result<Option<Message>> {
    let (reason, problem): (Option<String>, Option<String>) = (row.get(14)?, row.get(15)?);
    let reason = reason.and_then(|reason| Unreadable::from_text(&reason));
    let problem = problem.map(|problem| Problem::from_text(&problem).to_message());
    Ok(reason.map(|reason| reason.to_message()).or(problem))
}

impl Reader<'_> {
    /// One page of deliveries, and whether there are more. `esims`: rows of the eSIMs that the search finds.
    pub fn deliveries(
        &self,
        query: &DeliveryQuery,
        esims: &[i64],
    ) -> rusqlite::Result<(Vec<DeliveryRow>, bool)> {
        let limit = query.limit.clamp(1, MAX_PAGE_ROWS);
        let mut values: Vec<Value> = vec![query.before.unwrap_or(i64::MAX).into()];
        // What a provider was asked for is no delivery.
        let mut condition = "deliveries.id < ?1 AND deliveries.source = 1".to_owned();
        if !query.verdicts.is_empty() {
            let marks: Vec<String> = query
                .verdicts
                .iter()
                .map(|verdict| {
                    values.push(verdict.as_str().to_owned().into());
                    format!("?{}", values.len())
                })
                .collect();
            condition.push_str(&format!(" AND verdict IN ({})", marks.join(", ")));
        }
        let phrase = Search::phrase(&query.search);
        if !phrase.is_empty() {
            let found = self.found(phrase, esims)?;
            let ids: Vec<String> = found.iter().map(i64::to_string).collect();
            condition.push_str(&format!(" AND deliveries.id IN ({})", ids.join(", ")));
        }
        let sql = format!(
            "SELECT {COLUMNS} WHERE {condition} ORDER BY deliveries.id DESC LIMIT {}",
            limit + 1
        );
        let mut rows: Vec<DeliveryRow> = self
            .db
            .prepare(&sql)?
            .query_map(params_from_iter(&values), from_row)?
            .collect::<Result<_, _>>()?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        Ok((rows, more))
    }

    /// Deliveries of these eSIMs, and those of the latest whose body holds the phrase.
    fn found(&self, phrase: Search, esims: &[i64]) -> rusqlite::Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        let mut of_esim = self.db.prepare_cached(&format!(
            "WITH told (event, delivery) AS MATERIALIZED (SELECT id, delivery FROM events WHERE {OF_ESIM})
             SELECT id FROM told JOIN deliveries ON deliveries.id = told.delivery AND deliveries.event = told.event
             UNION SELECT id FROM told JOIN deliveries ON deliveries.event = told.event AND verdict = 'duplicate'"
        ))?;
        for esim in esims.iter().take(MAX_SEARCHED_ESIMS) {
            for id in of_esim.query_map([esim], |row| row.get(0))? {
                found.insert(id?);
            }
        }
        self.know_search(phrase)?;
        let mut in_body = self.db.prepare(
            "SELECT id FROM deliveries WHERE id > (SELECT max(id) FROM deliveries) - ?1 AND found(body)",
        )?;
        for id in in_body.query_map([SEARCHED_BODIES], |row| row.get(0))? {
            found.insert(id?);
        }
        Ok(found)
    }

    /// One delivery; `None`: there is none.
    pub fn delivery(&self, id: i64) -> rusqlite::Result<Option<DeliveryContent>> {
        let found = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE deliveries.id = ?1"))?
            .query_row([id], |row| {
                let headers: Option<String> = row.get(16)?;
                Ok((from_row(row)?, headers, problem(row)?))
            })
            .optional()?;
        let Some((row, headers, problem)) = found else {
            return Ok(None);
        };
        let body = self.delivered(id)?;
        Ok(Some(DeliveryContent {
            row,
            headers,
            body,
            problem,
        }))
    }

    /// The raw body of the delivery that brought an event.
    pub fn payload(&self, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        body_of(self.db, event)
    }

    /// The bytes of one delivery, to be read again; `None`: they are no longer kept.
    pub fn authentic(&self, delivery: i64) -> rusqlite::Result<Option<Authentic>> {
        authentic(self.db, delivery)
    }

    /// The bytes of one delivery; `None`: they are no longer kept.
    pub fn delivered(&self, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        self.db
            .prepare_cached("SELECT body FROM deliveries WHERE id = ?1 AND body_hash IS NULL")?
            .query_row([id], |row| row.get(0))
            .optional()
    }
}

/// Notes what senders were answered, and how long they waited.
pub(in crate::store) fn keep_answers(
    tx: &Connection,
    answers: &[Answered],
) -> rusqlite::Result<()> {
    let mut note = tx.prepare_cached(
        "INSERT INTO answers (delivery, took_us) VALUES (?1, ?2)
         ON CONFLICT (delivery) DO UPDATE SET took_us = excluded.took_us",
    )?;
    // Another answer than the one that was meant: it came too late for that.
    let mut correct =
        tx.prepare_cached("UPDATE deliveries SET status = ?2 WHERE id = ?1 AND repeats = 0")?;
    for answer in answers {
        let took_us = i64::try_from(answer.took.as_micros()).unwrap_or(i64::MAX);
        note.execute(params![answer.delivery, took_us])?;
        if answer.status != ACKNOWLEDGED {
            correct.execute(params![answer.delivery, answer.status])?;
        }
    }
    Ok(())
}
#[cfg(test)]
mod tests;
