//! The slow way: what is done when two eSIMs claim one ICCID, or an event names another eSIM than before. Returns the
//! rows that became one instead of telling anybody; see [`crate::store::deliver::merge`].

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::esim::EsimState;
use crate::store::deliver::delivery::{EsimChange, Merge};
use crate::store::deliver::late::LateEvents;
use crate::store::tables::claims::give_iccid_to_claimants;
use crate::store::tables::counters::Deltas;
use crate::store::tables::esims;
use crate::store::tables::events::{self, StoredEvent};

/// Gives the ICCIDs' events to whom they belong, and folds every touched eSIM again from all of its events.
pub(in crate::store) fn settle<'a>(
    tx: &Connection,
    event: &StoredEvent,
    mut touched: BTreeSet<i64>,
    iccids: impl IntoIterator<Item = &'a String>,
    deltas: &mut Deltas,
    late: &mut LateEvents,
) -> rusqlite::Result<EsimChange> {
    for iccid in iccids {
        give_iccid_to_claimants(tx, event.event.provider, iccid, &mut touched, deltas)?;
    }
    let mut change = EsimChange {
        replaced: Vec::new(),
        rows: touched.iter().copied().collect(),
        merges: Vec::new(),
    };
    for id in touched {
        late.settled(id);
        let history = events::to_fold(tx, id)?;
        let Some(old) = esims::by_row(tx, id)? else {
            continue;
        };
        if history.is_empty() {
            esims::delete(tx, &old, deltas)?;
            if let Some(survivor) = event.esim.filter(|survivor| *survivor != id) {
                change.merges.push(Merge { gone: id, survivor });
            }
            change.replaced.extend(old.state.key());
            continue;
        }
        let state = EsimState::fold(history);
        esims::update(tx, &old, &state, None, deltas)?;
        change
            .replaced
            .extend(replaced_key(Some(&old.state), &state));
    }
    Ok(change)
}

/// The key that no longer names this eSIM.
pub(in crate::store) fn replaced_key(before: Option<&EsimState>, after: &EsimState) -> Vec<String> {
    before
        .and_then(EsimState::key)
        .filter(|old| after.key().as_ref() != Some(old))
        .into_iter()
        .collect()
}
