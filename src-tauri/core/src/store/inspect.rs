//! Deliveries as a person inspects them: every request that was stored, with what became of it.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::event;
use crate::store::Reader;
use crate::store::WriteError;
use crate::store::Writer;
use crate::store::deliver::verdict::Verdict;
use crate::store::tables::events::OF_ESIM;

/// Most rows of one page.
const MAX_PAGE: u32 = 200;

/// Of how many of the latest deliveries the bodies are searched.
pub const SEARCHED_BODIES: i64 = 20_000;

/// Most eSIMs that a search follows to their deliveries.
const MOST_ESIMS: usize = 500;

/// Which deliveries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryQuery {
    /// Only these; empty: all.
    pub verdicts: Vec<Verdict>,
    /// Part of a reference, an ICCID or an eSIM id, or of the body of one of the latest
    /// [`SEARCHED_BODIES`]. Empty: all.
    pub search: String,
    /// Only rows before this one; `None`: from the latest.
    pub before: Option<i64>,
    /// Rows to return, at most 200.
    pub limit: u32,
}

/// One delivery as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
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
    /// The answer's status (RFC 9110).
    pub status: u16,
    /// How long the sender waited for the answer, microseconds; `None`: it was not measured.
    pub took_us: Option<i64>,
    /// `event_category` of its event; empty: it is none.
    pub category: String,
    /// `event_type` of its event.
    #[serde(rename = "type")]
    pub kind: String,
    /// Opens the eSIM that it names.
    pub esim_key: Option<String>,
    /// The ICCID that it names.
    pub iccid: Option<String>,
    /// The order reference that it names.
    pub reference_id: Option<String>,
    /// Size of the body, bytes; `None`: it is no longer kept.
    pub size: Option<i64>,
}

/// The answer to a [`DeliveryQuery`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DeliveryPage {
    /// The rows, newest first.
    pub rows: Vec<DeliveryRow>,
    /// Whether there are more.
    pub more: bool,
}

/// One header of a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Header {
    /// Its name, lowercase.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One delivery with all that is kept of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DeliveryDetail {
    /// As the list shows it.
    pub row: DeliveryRow,
    /// Headers that help to debug.
    pub headers: Vec<Header>,
    /// The body as text; `None`: it is no longer kept.
    pub body: Option<String>,
    /// Whether the body has bytes that are no text, shown as �.
    pub binary: bool,
    /// Why this version does not understand it, for a person.
    pub problem: Option<String>,
}

const COLUMNS: &str = "deliveries.id, deliveries.received_at_ms, last_received_at_ms, repeats, verdict, took_us,
    coalesce(category, ''), coalesce(type, ''), esim_id, iccid, reference_id, length(body), body_hash IS NULL, headers
    FROM deliveries LEFT JOIN answers ON answers.delivery = deliveries.id LEFT JOIN events ON events.id = deliveries.event";

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    let verdict: String = row.get(4)?;
    let (esim_id, iccid): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
    let kept: bool = row.get(12)?;
    let headers: Option<String> = row.get(13)?;
    let verdict = Verdict::from_text(&verdict);
    Ok(DeliveryRow {
        id: row.get(0)?,
        received_at_ms: row.get(1)?,
        last_received_at_ms: row.get(2)?,
        repeats: row.get(3)?,
        verdict,
        status: status(verdict, headers.as_deref()),
        took_us: row.get(5)?,
        category: row.get(6)?,
        kind: row.get(7)?,
        esim_key: esim_id.or_else(|| iccid.clone()),
        iccid,
        reference_id: row.get(10)?,
        size: kept.then(|| row.get(11)).transpose()?,
    })
}

/// What is stored was answered with 200, but for bytes that are no event.
fn status(verdict: Verdict, headers: Option<&str>) -> u16 {
    let is_json = headers.is_none_or(|headers| {
        let kind = headers
            .lines()
            .find_map(|line| line.strip_prefix("content-type: "));
        kind.is_none_or(|kind| kind.contains("json") || kind.contains("x-www-form-urlencoded"))
    });
    match verdict {
        Verdict::Malformed if is_json => 400,
        Verdict::Malformed => 415,
        _ => 200,
    }
}

impl Reader<'_> {
    /// One page of deliveries. `esims`: rows of the eSIMs that the search finds.
    pub fn deliveries(
        &self,
        query: &DeliveryQuery,
        esims: &[i64],
    ) -> rusqlite::Result<DeliveryPage> {
        let limit = query.limit.clamp(1, MAX_PAGE);
        let mut values: Vec<Value> = vec![query.before.unwrap_or(i64::MAX).into()];
        let mut condition = "deliveries.id < ?1".to_owned();
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
        if !query.search.trim().is_empty() {
            let found = self.found(query.search.trim(), esims)?;
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
        Ok(DeliveryPage { rows, more })
    }

    /// Deliveries of these eSIMs, and those of the latest whose body holds the words.
    fn found(&self, words: &str, esims: &[i64]) -> rusqlite::Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        let mut of_esim = self.db.prepare_cached(&format!(
            "WITH told (event, delivery) AS MATERIALIZED (SELECT id, delivery FROM events WHERE {OF_ESIM})
             SELECT id FROM told JOIN deliveries ON deliveries.id = told.delivery AND deliveries.event = told.event
             UNION SELECT id FROM told JOIN deliveries ON deliveries.event = told.event AND verdict = 'duplicate'"
        ))?;
        for esim in esims.iter().take(MOST_ESIMS) {
            for id in of_esim.query_map([esim], |row| row.get(0))? {
                found.insert(id?);
            }
        }
        let mut in_body = self.db.prepare_cached(
            "SELECT id FROM deliveries WHERE id > (SELECT max(id) FROM deliveries) - ?2
             AND instr(lower(CAST(body AS TEXT)), lower(?1)) > 0",
        )?;
        for id in in_body.query_map(params![words, SEARCHED_BODIES], |row| row.get(0))? {
            found.insert(id?);
        }
        Ok(found)
    }

    /// One delivery; `None`: there is none.
    pub fn delivery(&self, id: i64) -> rusqlite::Result<Option<DeliveryDetail>> {
        let found = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE deliveries.id = ?1"))?
            .query_row([id], |row| {
                let headers: Option<String> = row.get(13)?;
                Ok((from_row(row)?, headers))
            })
            .optional()?;
        let Some((row, headers)) = found else {
            return Ok(None);
        };
        let body = self.delivered(id)?;
        let problem = body.as_deref().and_then(|body| match event::parse(body) {
            Ok(event) => event.problem,
            Err(error) => Some(error.to_string()),
        });
        let text = body.map(|body| match String::from_utf8(body) {
            Ok(text) => (text, false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
        });
        Ok(Some(DeliveryDetail {
            row,
            headers: headers.as_deref().map(split).unwrap_or_default(),
            binary: text.as_ref().is_some_and(|(_, binary)| *binary),
            body: text.map(|(text, _)| text),
            problem,
        }))
    }

    /// The bytes of one delivery; `None`: they are no longer kept.
    pub fn delivered(&self, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        self.db
            .prepare_cached("SELECT body FROM deliveries WHERE id = ?1 AND body_hash IS NULL")?
            .query_row([id], |row| row.get(0))
            .optional()
    }
}

fn split(headers: &str) -> Vec<Header> {
    let pairs = headers.lines().filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, value)| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .collect()
}

impl Writer {
    /// Notes how long senders waited: rows of deliveries, microseconds.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored.
    pub async fn keep_answers(&self, answers: Vec<(i64, i64)>) -> Result<(), WriteError> {
        self.change(move |tx| {
            let mut note = tx.prepare_cached(
                "INSERT INTO answers (delivery, took_us) VALUES (?1, ?2)
                 ON CONFLICT (delivery) DO UPDATE SET took_us = excluded.took_us",
            )?;
            for (delivery, took_us) in &answers {
                note.execute(params![delivery, took_us])?;
            }
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests;
