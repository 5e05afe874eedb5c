//! That somebody has seen what there is.

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
}
