//! That somebody has seen what there is, and that the program was there to hear it.

use std::sync::atomic::Ordering;

use super::{Engine, EngineError};
use crate::clock::{self, Moment};

/// In [`Engine::listens_since`]: nobody noted yet that it listens.
pub(super) const HAS_NOT_BEGUN: i64 = i64::MIN;

impl Engine {
    /// Notes that somebody has seen what there is now, so that what is told later begins here.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn mark_seen(&self) -> Result<(), EngineError> {
        Ok(self.store.writer().mark_seen(clock::now_ms()).await?)
    }

    /// Notes that the program listens now: begins to, or still does. `at_ms`: now as this computer's clock is believed, UTC
    /// milliseconds. What can't be noted now is noted the next time.
    pub(super) async fn note_listening(&self, at_ms: i64, now: Moment) {
        let writer = self.store.writer();
        let since_ms = self.listens_since.load(Ordering::Relaxed);
        let noted = if since_ms == HAS_NOT_BEGUN {
            let noted = writer.note_listening(at_ms).await;
            if noted.is_ok() {
                self.listens_since.store(now.running_ms, Ordering::Relaxed);
            }
            noted
        } else {
            let for_ms = now.running_ms.saturating_sub(since_ms);
            writer.note_still_listening(at_ms, for_ms).await
        };
        if let Err(error) = noted {
            tracing::debug!(%error, "that the program listens is noted later");
        }
    }

    /// The computer slept: it begins anew.
    pub(super) fn has_not_listened(&self) {
        self.listens_since.store(HAS_NOT_BEGUN, Ordering::Relaxed);
    }
}
