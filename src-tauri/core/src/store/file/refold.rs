//! Folds every eSIM again and counts everything again, after a migration that changes the order of events, what follows from
//! them or what a state keeps. One eSIM's events at a time, within the transaction of the migration.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::provider;
use crate::store::file::one_form;
use crate::store::tables::claims::give_iccid_to_claimants;
use crate::store::tables::counters::{self, Deltas};
use crate::store::tables::{esims, events};

/// How many eSIMs are looked for at a time.
const BATCH_ROWS: i64 = 200;

/// Folds and counts everything.
pub(in crate::store) fn run(tx: &Connection) -> rusqlite::Result<()> {
    one_form::bring(tx)?;
    give_shared_iccids(tx)?;
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

/// Gives each ICCID that several eSIMs had to the one that has it, and the events that name nothing else to the one that had
/// it then, as part of what that was told of by its id.
fn give_shared_iccids(tx: &Connection) -> rusqlite::Result<()> {
    let shared: Vec<String> = tx
        .prepare("SELECT iccid FROM iccid_esims GROUP BY iccid HAVING count(*) > 1
             UNION SELECT events.iccid FROM events JOIN esims ON esims.id = events.esim
             WHERE events.esim_id IS NULL AND events.iccid IS NOT NULL AND esims.esim_id IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for provider in provider::ids() {
        for iccid in &shared {
            // Everything is folded and counted again in the end.
            let (mut touched, mut uncounted) = (BTreeSet::new(), Deltas::default());
            give_iccid_to_claimants(tx, provider, iccid, &mut touched, &mut uncounted)?;
        }
    }
    Ok(())
}

/// Folds one eSIM.
pub(super) fn esim(tx: &Connection, id: i64) -> rusqlite::Result<()> {
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
