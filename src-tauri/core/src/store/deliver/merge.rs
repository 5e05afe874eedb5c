//! What else belongs to an eSIM's row, handed on when two rows become one. The only place in which a
//! delivery meets alerts and travellers.

use rusqlite::Connection;

use crate::store::deliver::delivery::EsimChange;
use crate::store::tables::{alerts, imports, travellers};

/// Gives the alerts and the traveller of every row that is gone to the one that survived. `at_ms`: UTC
/// milliseconds.
pub(in crate::store) fn hand_on(
    tx: &Connection,
    change: Option<&EsimChange>,
    at_ms: i64,
) -> rusqlite::Result<()> {
    for merge in change.iter().flat_map(|change| &change.merges) {
        alerts::move_to(tx, merge.gone, merge.survivor, at_ms)?;
        imports::follow(tx, merge.gone, merge.survivor)?;
        travellers::move_to(tx, merge.gone, merge.survivor, at_ms)?;
    }
    Ok(())
}
