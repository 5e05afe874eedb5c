//! A package that waits until another has run: its period was told while the one before runs, and begins later.

use std::borrow::Cow;

use super::EsimState;
use super::period::SAME_START_SECS;
use crate::event::{Event, SAME_END_SECS, Status, Usage};

/// The period of a package that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// When it begins, UTC seconds.
    pub start: i64,
    /// When it ends, UTC seconds.
    pub end: Option<i64>,
}

impl EsimState {
    /// The state at `now` (UTC seconds): a package that waited has begun by then, although nothing has been told since.
    #[must_use]
    pub fn as_of(&self, now: i64) -> Cow<'_, EsimState> {
        match self.queued {
            Some(queued) if queued.start <= now => {
                let mut state = self.clone();
                state.begin_queued(Some(now));
                Cow::Owned(state)
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// Whether a package that waits goes on where the present one ends: then the traveller loses nothing.
    #[must_use]
    pub fn goes_on_after(&self, end: i64) -> bool {
        self.queued
            .is_some_and(|queued| queued.start <= end.saturating_add(SAME_END_SECS))
    }

    /// Lets the package that waits begin, if its time has come at `at`. What was left is another's.
    pub(super) fn begin_queued(&mut self, at: Option<i64>) {
        let begins = |queued: &mut Queued| Some(queued.start) <= at;
        if let Some(Queued { start, end }) = self.queued.take_if(begins) {
            (self.period_start, self.period_end) = (Some(start), end);
            self.usage = Usage::default();
        }
    }

    /// Keeps a period for later, if that is what the event names while the known one is in use. Some are dated to the next
    /// midnight, and have begun. Gives whether it is one.
    pub(super) fn queues(&mut self, start: i64, end: Option<i64>, event: &Event) -> bool {
        let Some(at) = event.occurred_at else {
            return false;
        };
        let runs = self.period_start <= Some(at) && self.period_end.is_none_or(|end| at < end);
        let in_use = matches!(self.status, Some(Status::Activated | Status::Inactive));
        let waits = start >= at.saturating_add(SAME_START_SECS);
        if !(runs && in_use && waits) {
            return false;
        }
        // Of several the next counts.
        let is_later = |known: Queued| start >= known.start.saturating_add(SAME_START_SECS);
        if !self.queued.is_some_and(is_later) {
            let end = end.or(self.queued.and_then(|known| known.end));
            let end = end.filter(|end| start < *end);
            self.queued = Some(Queued { start, end });
        }
        true
    }
}
