//! Fills in how references are written, of which versions before kept the one form alone: from the bodies that are kept, within
//! the transaction of the migration. The eSIMs of such events are folded again.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::event::ProviderId;
use crate::provider;
use crate::store::file::refold;

/// Fills in all of them.
pub(in crate::store) fn fill(tx: &Connection) -> rusqlite::Result<()> {
    for esim in events(tx)? {
        refold::esim(tx, esim)?;
    }
    Ok(())
}

/// Fills in those of events. Gives the rows of their eSIMs.
fn events(tx: &Connection) -> rusqlite::Result<BTreeSet<i64>> {
    let mut bodies = tx.prepare(
        "SELECT event, provider, body FROM deliveries WHERE event IS NOT NULL AND body_hash IS NULL ORDER BY id",
    )?;
    // Of several tellings the larger stays, as whoever stores them one by one keeps it.
    let mut write = tx.prepare(
        "UPDATE events SET reference_written = ?3
         WHERE id = ?1 AND reference_id = ?2 AND coalesce(reference_written < ?3, 1) RETURNING esim",
    )?;
    let mut esims = BTreeSet::new();
    let mut rows = bodies.query([])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(2)?.as_blob()?;
        if !may_be_otherwise(body) {
            continue;
        }
        let provider = provider::by_id(ProviderId::new(row.get(1)?));
        // What this version can't read any more says nothing.
        let Ok(told) = provider.read(body) else {
            continue;
        };
        if told.reference_written.is_none() {
            continue;
        }
        let event: i64 = row.get(0)?;
        let values = params![event, told.reference_id, told.reference_written];
        let written: Option<Option<i64>> = write.query_row(values, |row| row.get(0)).optional()?;
        esims.extend(written.flatten());
    }
    Ok(esims)
}

/// Whether something in a body may be written in another way than its one form has it: nearly none is, and to read all of
/// them takes minutes.
fn may_be_otherwise(body: &[u8]) -> bool {
    let plain = body.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
    !plain || body.windows(2).any(|pair| pair == b"  ")
}

#[cfg(test)]
mod tests;
