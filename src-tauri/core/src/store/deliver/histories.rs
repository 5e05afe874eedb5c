//! What large eSIMs were folded from, kept over transactions: whoever sends a late event sends more, and to read 20,000
//! events for each of them keeps every other sender waiting. Nobody but the one writer changes events, so what is kept
//! is what is stored as long as it is told of every change; and a transaction that fails takes it along.
//!
//! Must not know: deliveries.

use std::collections::HashMap;

use crate::esim::EsimState;
use crate::event::Event;

/// An eSIM with fewer events is read in no time.
const WORTH_KEEPING: usize = 1_000;

/// So many events are kept in all, of some 500 bytes each.
const MOST_EVENTS: usize = 50_000;

/// The histories that are kept.
#[derive(Debug, Default)]
pub(in crate::store) struct Histories {
    /// By the eSIM's row; that which was used last at the end.
    kept: Vec<(i64, EsimHistory)>,
}

/// The events of one eSIM as far as its state depends on them.
#[derive(Debug)]
pub(in crate::store) struct EsimHistory {
    /// In order, each with its row.
    events: Vec<(i64, Event)>,
    /// The rows by the events' keys.
    rows: HashMap<String, i64>,
    /// The event that was added last: where the eSIM's chain begins.
    last: Option<i64>,
}

impl EsimHistory {
    /// Of these events, in whatever order they are.
    pub fn new(mut events: Vec<(i64, Event)>, last: Option<i64>) -> EsimHistory {
        events.sort_by(|(_, a), (_, b)| a.order().cmp(&b.order()));
        EsimHistory {
            rows: HashMap::new(),
            events,
            last,
        }
    }

    /// The state after all of them.
    pub fn fold(&self) -> EsimState {
        EsimState::fold_in_order(self.events.iter().map(|(_, event)| event))
    }

    /// The row of the event with this key.
    pub fn row_of(&self, key: &str) -> Option<i64> {
        self.rows.get(key).copied()
    }

    fn insert(&mut self, event: &Event, id: i64) {
        let event = Event {
            // No state depends on them.
            details: None,
            ..event.clone()
        };
        let before = |(_, other): &(i64, Event)| other.order() < event.order();
        let place = self.events.partition_point(before);
        self.rows.insert(event.key.clone(), id);
        self.events.insert(place, (id, event));
    }
}

impl Histories {
    /// The history of the eSIM in this row, whose chain begins with this event.
    pub fn get(&mut self, row: i64, last: Option<i64>) -> Option<&EsimHistory> {
        let place = self.place(row)?;
        let (_, history) = self.kept.get(place)?;
        if history.last != last {
            self.kept.remove(place);
            return None;
        }
        let used = self.kept.remove(place);
        self.kept.push(used);
        self.kept.last().map(|(_, history)| history)
    }

    /// Whether there is one of this eSIM.
    pub fn have(&self, row: i64) -> bool {
        self.place(row).is_some()
    }

    /// Keeps a history that was read, if it is worth it.
    pub fn keep(&mut self, row: i64, mut history: EsimHistory) {
        self.forget(row);
        if !(WORTH_KEEPING..=MOST_EVENTS).contains(&history.events.len()) {
            return;
        }
        let rows = history.events.iter();
        history.rows = rows.map(|(id, event)| (event.key.clone(), *id)).collect();
        self.kept.push((row, history));
        self.shrink();
    }

    /// Takes note of an event that was added to an eSIM.
    pub fn added(&mut self, row: i64, event: &Event, id: i64) {
        if let Some(history) = self.of(row) {
            history.insert(event, id);
            history.last = Some(id);
            self.shrink();
        }
    }

    /// Takes note of what an event of an eSIM says by now.
    pub fn rewritten(&mut self, row: i64, event: &Event, id: i64) {
        if let Some(history) = self.of(row) {
            history.events.retain(|(other, _)| *other != id);
            history.insert(event, id);
        }
    }

    /// The eSIM of this row has other events than before.
    pub fn forget(&mut self, row: i64) {
        self.kept.retain(|(other, _)| *other != row);
    }

    fn of(&mut self, row: i64) -> Option<&mut EsimHistory> {
        let found = self.kept.iter_mut().find(|(other, _)| *other == row);
        found.map(|(_, history)| history)
    }

    fn place(&self, row: i64) -> Option<usize> {
        self.kept.iter().position(|(other, _)| *other == row)
    }

    /// Lets go of those that were used longest ago, while there are too many events.
    fn shrink(&mut self) {
        let events = |kept: &[(i64, EsimHistory)]| -> usize {
            kept.iter().map(|(_, history)| history.events.len()).sum()
        };
        while events(&self.kept) > MOST_EVENTS {
            self.kept.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(events: i64, from: i64) -> EsimHistory {
        let event = |n: i64| {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"status","timestamp":{},"esim_id":"a","status":"ACTIVATED"}}"#,
                1_764_583_200 + n
            );
            (n, crate::provider::parse(body.as_bytes()).unwrap())
        };
        EsimHistory::new(
            (from..from + events).map(event).collect(),
            Some(from + events - 1),
        )
    }

    #[test]
    fn small_ones_and_those_that_were_used_longest_ago_are_let_go() {
        let mut histories = Histories::default();
        histories.keep(1, history(999, 0));
        assert!(!histories.have(1));
        for row in [2, 3] {
            histories.keep(row, history(20_000, 0));
        }
        assert!(histories.get(2, Some(19_999)).is_some());
        histories.keep(4, history(20_000, 0));
        let kept = [2, 3, 4].map(|row| histories.have(row));
        assert_eq!(kept, [true, false, true]);
        histories.keep(5, history(50_001, 0));
        assert!(!histories.have(5));
    }

    #[test]
    fn one_of_another_chain_is_none() {
        let mut histories = Histories::default();
        histories.keep(1, history(1_000, 0));
        assert!(histories.get(1, Some(7)).is_none());
        assert!(!histories.have(1));
    }
}
