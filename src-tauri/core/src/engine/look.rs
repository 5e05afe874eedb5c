//! That somebody looked.

use super::{Engine, EngineError};
use crate::clock;

impl Engine {
    /// Notes that somebody has seen what there is now, so that the next look back begins here.
    ///
    /// # Errors
    /// [`EngineError`] if nothing can be written.
    pub async fn looked(&self) -> Result<(), EngineError> {
        Ok(self.store.writer().looked(clock::now_ms()).await?)
    }
}
