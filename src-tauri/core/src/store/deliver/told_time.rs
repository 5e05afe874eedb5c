//! What a provider's own clock told when it was asked: of that much a receipt may be sure, whatever this computer's shows.

use std::sync::PoisonError;

use crate::store::deliver::writer::Writer;

impl Writer {
    /// Takes note of a provider's own time, UTC seconds, at this moment of the clock that nobody can set (milliseconds).
    pub fn told_time(&self, at: i64, running_ms: i64) {
        let mut told = self
            .told_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *told = Some((at, running_ms));
    }

    /// The time of which a receipt may be sure at this moment of the clock that nobody can set (milliseconds): that until
    /// which something is known, or what a provider's clock has come to. A desk's own that is behind by an hour would take
    /// what happened a moment ago for what is to come.
    #[must_use]
    pub fn sure_of(&self, running_ms: i64) -> Option<i64> {
        let told = *self
            .told_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let come_to = told.map(|(at, told_ms)| {
            let passed_ms = running_ms.saturating_sub(told_ms).max(0);
            at.saturating_add(passed_ms / 1000)
        });
        self.known_until().max(come_to)
    }
}
