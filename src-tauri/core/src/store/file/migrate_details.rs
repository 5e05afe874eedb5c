//! Fills what the ninth version of the tables keeps into the rows of versions before: details and reasons are read, once,
//! from the bodies that are kept; sentences become the codes that say the same. Goes through the rows in order, a few at
//! a time, within the transaction of the migration. Reads and writes by its own statements: those of the tables are
//! for the columns of the latest version.

use rusqlite::{Connection, params};

use crate::event::{Details, EventKind, Problem, ProviderId};
use crate::provider::{self, Unreadable};
use crate::store::tables::kinds;

/// How many rows are held in memory.
const BATCH_ROWS: i64 = 200;

/// Fills all of it.
pub(in crate::store) fn fill(tx: &Connection) -> rusqlite::Result<()> {
    // Of every other kind all bodies are kept. What is read below takes the mark away.
    let usage = kinds::is(&EventKind::EsimUsage);
    tx.execute(&format!("UPDATE events SET details = '' WHERE {usage}"), [])?;
    details(tx)?;
    reasons(tx)?;
    problems(tx)?;
    occasions(tx)
}

/// What the kept bodies of events say. Of several tellings of one event together, in whatever order.
fn details(tx: &Connection) -> rusqlite::Result<()> {
    let status = kinds::is(&EventKind::EsimStatus);
    let mut rows = tx.prepare(&format!(
        "SELECT deliveries.id, deliveries.event, body FROM deliveries JOIN events ON events.id = deliveries.event
         WHERE deliveries.id > ?1 AND body_hash IS NULL AND NOT ({status}) ORDER BY deliveries.id LIMIT ?2"
    ))?;
    let mut event = tx.prepare("SELECT category, type, details FROM events WHERE id = ?1")?;
    let mut write = tx.prepare("UPDATE events SET details = ?2 WHERE id = ?1")?;
    let mut seen = 0;
    loop {
        let batch: Vec<(i64, i64, Vec<u8>)> = rows
            .query_map([seen, BATCH_ROWS], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some((last, ..)) = batch.last() else {
            return Ok(());
        };
        seen = *last;
        for (_, id, body) in batch {
            // As they are by now: another telling may have been read a moment ago.
            let (kind, known) = event.query_row([id], |row| {
                let (category, kind): (String, String) = (row.get(0)?, row.get(1)?);
                let known: Option<String> = row.get(2)?;
                Ok((EventKind::from_parts(&category, &kind), known))
            })?;
            let mut details: Details = known
                .and_then(|known| serde_json::from_str(&known).ok())
                .unwrap_or_default();
            // What this version can't read any more says nothing.
            if let Ok(told) = provider::by_id(ProviderId::FIRST).read(&body)
                && told.kind == kind
            {
                details.absorb(&told.details.unwrap_or_default());
            }
            let text = (!details.is_empty()).then(|| serde_json::to_string(&details).ok());
            write.execute(params![id, text.flatten()])?;
        }
    }
}

/// Why bytes that are no event were turned away, and with which answer, as far as that is sure.
fn reasons(tx: &Connection) -> rusqlite::Result<()> {
    let mut rows = tx.prepare(
        "SELECT id, body, headers FROM deliveries WHERE verdict = 'malformed' AND id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut write = tx.prepare("UPDATE deliveries SET status = ?2, reason = ?3 WHERE id = ?1")?;
    let mut seen = 0;
    loop {
        let batch: Vec<(i64, Vec<u8>, Option<String>)> = rows
            .query_map([seen, BATCH_ROWS], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some((last, ..)) = batch.last() else {
            return Ok(());
        };
        seen = *last;
        for (id, body, headers) in batch {
            let announced = headers.as_deref().and_then(|headers| {
                headers
                    .lines()
                    .find_map(|line| line.strip_prefix("content-type: "))
            });
            // Those versions looked into a body for the type of a web form only.
            let foreign = announced.and_then(|announced| {
                let unsaid = announced.starts_with("application/x-www-form-urlencoded");
                Unreadable::announced(announced, if unsaid { &body } else { &[] })
            });
            let why = foreign.or_else(|| provider::by_id(ProviderId::FIRST).read(&body).err());
            // Without its headers it is not known what it was announced as, and so which answer it got.
            let answer = why.map(crate::answer::Answer::turned_away);
            let status = answer
                .as_ref()
                .filter(|_| headers.is_some())
                .map(|answer| answer.status);
            write.execute(params![id, status, answer.and_then(|answer| answer.reason)])?;
        }
    }
}

/// Why events are not understood.
fn problems(tx: &Connection) -> rusqlite::Result<()> {
    map_texts(
        tx,
        "SELECT id, problem FROM events WHERE problem IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2",
        "UPDATE events SET problem = ?2 WHERE id = ?1",
    )
}

/// The occasions of alerts about such events: by these it is known that they were told.
fn occasions(tx: &Connection) -> rusqlite::Result<()> {
    map_texts(
        tx,
        "SELECT id, occasion FROM alerts WHERE rule = 'unrecognized' AND id > ?1 ORDER BY id LIMIT ?2",
        "UPDATE alerts SET occasion = ?2 WHERE id = ?1",
    )
}

fn map_texts(tx: &Connection, read: &str, write: &str) -> rusqlite::Result<()> {
    let (mut rows, mut write) = (tx.prepare(read)?, tx.prepare(write)?);
    let mut seen = 0;
    loop {
        let batch: Vec<(i64, String)> = rows
            .query_map([seen, BATCH_ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let Some((last, _)) = batch.last() else {
            return Ok(());
        };
        seen = *last;
        for (id, sentence) in batch {
            write.execute(params![id, Problem::from_sentence(&sentence).as_text()])?;
        }
    }
}

#[cfg(test)]
mod tests;
