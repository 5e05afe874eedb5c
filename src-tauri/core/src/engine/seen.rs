//! That somebody has seen what there is, and that the program was there to hear it.

use super::{Engine, EngineError};
use crate::clock;

impl Engine {
    /// Notes that somebody has seen what there is now, so that what is told later begins here.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn mark_seen(&self) -> Result<(), EngineError> {
        Ok(self.store.writer().mark_seen(clock::now_ms()).await?)
    }

    /// Notes that the program listens at this time (UTC milliseconds). What can't be noted now is noted the next time.
    pub(super) async fn note_listening(&self, at_ms: i64) {
        if let Err(error) = self.store.writer().note_listening(at_ms).await {
            tracing::debug!(%error, "that the program listens is noted later");
        }
    }
}
