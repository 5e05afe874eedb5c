//! That somebody has seen what there is.

use super::{Engine, EngineError};

impl Engine {
    /// Notes that somebody has seen what there is now, so that what is told later begins here.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn mark_seen(&self) -> Result<(), EngineError> {
        Ok(self.store.writer().mark_seen(self.now().clock_ms).await?)
    }
}
