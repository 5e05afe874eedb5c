//! Events that stand before what is known of their eSIM already. Each such eSIM is folded once, when all events of a
//! transaction are there, and what is told again is found without going through all of its events each time: else a
//! burst of them would keep every other sender past its time. What a large eSIM was folded from is kept for the next
//! transactions ([`Histories`]): senders that wait for each answer share none.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::event::Event;
use crate::store::deliver::histories::{EsimHistory, Histories};
use crate::store::tables::counters::Deltas;
use crate::store::tables::esims::{self, StoredEsim};
use crate::store::tables::events::{self, StoredEvent, Whereabouts};

/// With so many events to fold a transaction has enough to do.
const MANY_EVENTS: i64 = 50_000;

/// What late events of one transaction leave to be done, and what was seen of their eSIMs.
#[derive(Debug, Default)]
pub(in crate::store) struct LateEvents {
    /// The eSIMs that have to be folded.
    rows: BTreeSet<i64>,
    /// How many events these and those that were looked through have.
    events: i64,
    /// How long it took to look through them: what the next events of the same eSIMs will not take.
    spent: Duration,
    /// Of each eSIM whose events were looked through the events by their keys; `None`: that was once so far.
    seen: HashMap<i64, Option<HashMap<String, i64>>>,
    histories: Histories,
}

impl LateEvents {
    /// Those of a transaction that follows the one of which these are left.
    pub fn after(histories: Histories) -> LateEvents {
        LateEvents {
            histories,
            ..LateEvents::default()
        }
    }

    /// What the next transaction goes on with, if this one is committed.
    pub fn into_histories(self) -> Histories {
        self.histories
    }

    /// The stored event of this event's key; see [`events::find`].
    pub fn find(
        &mut self,
        tx: &Connection,
        event: &Event,
        owner: Option<&StoredEsim>,
    ) -> rusqlite::Result<Option<StoredEvent>> {
        let Whereabouts::OfEsim(row) = events::whereabouts(event, owner) else {
            return events::find(tx, event, owner);
        };
        if let Some(history) = self
            .histories
            .get(row, owner.and_then(|owner| owner.last_event))
        {
            let keys = match owner {
                Some(owner) => events::keys(tx, event, owner)?,
                None => vec![event.key.clone()],
            };
            let found = keys.iter().find_map(|key| history.row_of(key));
            let found = found.map(|id| events::by_row(tx, id));
            return Ok(found.transpose()?.flatten());
        }
        let keys = match self.seen.get_mut(&row) {
            None => {
                let started = Instant::now();
                let count = owner.map_or(0, |owner| owner.state.event_count);
                self.seen.insert(row, None);
                self.events = self.events.saturating_add(count);
                let found = events::find(tx, event, owner);
                self.spent += started.elapsed();
                return found;
            }
            Some(Some(keys)) => keys,
            Some(keys) => {
                let started = Instant::now();
                let keys = keys.insert(events::keys_of_esim(tx, row)?);
                self.spent += started.elapsed();
                keys
            }
        };
        let alike = match owner {
            Some(owner) => events::keys(tx, event, owner)?,
            None => vec![event.key.clone()],
        };
        let found = alike.iter().find_map(|key| keys.get(key));
        let found = found.map(|id| events::by_row(tx, *id));
        Ok(found.transpose()?.flatten())
    }

    /// Takes note of an event that was added to an eSIM.
    pub fn added(&mut self, row: i64, event: &Event, id: i64) {
        if let Some(Some(keys)) = self.seen.get_mut(&row) {
            keys.insert(event.key.clone(), id);
        }
        self.histories.added(row, event, id);
    }

    /// Takes note of what an event of an eSIM says by now.
    pub fn rewritten(&mut self, row: i64, event: &Event, id: i64) {
        if let Some(Some(keys)) = self.seen.get_mut(&row) {
            keys.insert(event.key.clone(), id);
        }
        self.histories.rewritten(row, event, id);
    }

    /// The eSIM of this row has to be folded, of so many events.
    pub fn fold_later(&mut self, row: i64, count: i64) {
        let known = self.seen.contains_key(&row) || self.histories.have(row);
        if self.rows.insert(row) && !known {
            self.events = self.events.saturating_add(count);
        }
    }

    /// The eSIM of this row was folded, or is about to be, and has other events than were seen.
    pub fn settled(&mut self, row: i64) {
        self.rows.remove(&row);
        self.seen.remove(&row);
        self.histories.forget(row);
    }

    /// Whether there is so much to fold that no more should be taken on.
    pub fn are_many(&self) -> bool {
        self.events >= MANY_EVENTS
    }

    /// How long a transaction took but for the looking through, which is bounded by [`LateEvents::are_many`].
    pub fn without(&self, took: Duration) -> Duration {
        took.saturating_sub(self.spent)
    }

    /// Folds the eSIMs that are left.
    pub fn fold(&mut self, tx: &Connection, deltas: &mut Deltas) -> rusqlite::Result<()> {
        for row in std::mem::take(&mut self.rows) {
            let Some(old) = esims::by_row(tx, row)? else {
                continue;
            };
            let known = self.histories.get(row, old.last_event);
            let state = match known.map(|history| history.fold()) {
                Some(state) => state,
                None => {
                    let history = EsimHistory::new(events::rows_to_fold(tx, row)?, old.last_event);
                    let state = history.fold();
                    self.histories.keep(row, history);
                    state
                }
            };
            esims::update(tx, &old, &state, None, deltas)?;
        }
        Ok(())
    }
}
