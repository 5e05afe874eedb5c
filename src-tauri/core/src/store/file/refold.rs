//! Folds every eSIM again and counts everything again, after a migration that changes the order of events, what follows from
//! them or what a state keeps. One eSIM's events at a time, within the transaction of the migration.

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::store::file::one_form;
use crate::store::tables::counters::{self, Deltas};
use crate::store::tables::{esims, events};

/// How many eSIMs are looked for at a time.
const BATCH_ROWS: i64 = 200;

/// Folds and counts everything.
pub(in crate::store) fn run(tx: &Connection) -> rusqlite::Result<()> {
    one_form::bring(tx)?;
    let mut ids = tx.prepare("SELECT id FROM esims WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut seen = 0;
    loop {
        let batch: Vec<i64> = ids
            .query_map([seen, BATCH_ROWS], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let Some(last) = batch.last() else {
            return counters::recount(tx);
        };
        seen = *last;
        for id in batch {
            esim(tx, id)?;
        }
    }
}

fn esim(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    let Some(known) = esims::by_row(tx, id)? else {
        return Ok(());
    };
    let state = EsimState::fold(events::to_fold(tx, id)?);
    if state != known.state {
        // Everything is counted again in the end.
        esims::update(tx, &known, &state, None, &mut Deltas::default())?;
    }
    Ok(())
}
