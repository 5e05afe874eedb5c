//! eSIMs that have to be looked at, and of when what came of each tells.

use std::collections::BTreeMap;

use crate::event::Event;

/// eSIMs that have to be looked at.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// By row: the earliest second (UTC) of which something came since it was looked at.
    rows: BTreeMap<i64, i64>,
}

impl Changed {
    /// These have to be looked at although nothing came of them.
    pub(super) fn look_at(&mut self, rows: impl IntoIterator<Item = i64>) {
        for row in rows {
            self.told_since(row, i64::MAX);
        }
    }

    /// Of what came of these nothing is known.
    pub(super) fn missed(&mut self, rows: &[i64]) {
        for row in rows {
            self.told_since(*row, i64::MIN);
        }
    }

    /// This event came. Two that became one eSIM have each other's events as well.
    pub(super) fn told(&mut self, rows: &[i64], event: Option<&Event>) {
        match (rows, event) {
            ([row], Some(event)) => self.told_since(*row, event.order().0),
            _ => self.missed(rows),
        }
    }

    fn told_since(&mut self, row: i64, at: i64) {
        let earliest = self.rows.entry(row).or_insert(at);
        *earliest = at.min(*earliest);
    }

    /// Whether something of the time before this second (UTC) came only now.
    pub(super) fn came_late(&self, row: i64, at: i64) -> bool {
        self.rows.get(&row).is_some_and(|earliest| *earliest < at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The first so many.
    pub(super) fn first(&self, most: usize) -> Vec<i64> {
        self.rows.keys().take(most).copied().collect()
    }

    /// This one was looked at.
    pub(super) fn remove(&mut self, row: i64) {
        self.rows.remove(&row);
    }
}
