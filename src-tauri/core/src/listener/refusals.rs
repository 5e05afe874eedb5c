//! What was turned away, for the person who debugs: the last few, in memory only.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::health::Refusal;

/// How many are remembered. A stranger can push out what was before, and nothing more.
const REMEMBERED: usize = 200;

/// The last refusals.
#[derive(Debug, Default)]
pub struct Refusals {
    last: Mutex<VecDeque<Refusal>>,
}

impl Refusals {
    /// Remembers one, and forgets the oldest if there are too many.
    pub fn add(&self, refusal: Refusal) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == REMEMBERED {
            last.pop_back();
        }
        last.push_front(refusal);
    }

    /// All that are remembered, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Refusal> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_ones_are_remembered_newest_first() {
        let refusals = Refusals::default();
        for at_ms in 0..=REMEMBERED {
            refusals.add(Refusal {
                at_ms: i64::try_from(at_ms).unwrap(),
                status: 401,
                reason: crate::message::Message::of("refusal.method"),
            });
        }
        let times: Vec<i64> = refusals
            .list()
            .iter()
            .map(|refusal| refusal.at_ms)
            .collect();
        assert_eq!(times.len(), REMEMBERED);
        assert_eq!((times.first(), times.last()), (Some(&200), Some(&1)));
    }

    #[test]
    fn nothing_is_remembered_before_anything_was_refused() {
        assert_eq!(Refusals::default().list(), []);
    }
}
