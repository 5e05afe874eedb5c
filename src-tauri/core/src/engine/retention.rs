//! For how long old content is kept: what the person at the desk can choose.

use super::{Engine, EngineError};
use crate::store::{Ages, Setting};

impl Engine {
    /// After how many days old content is dropped or folded.
    ///
    /// # Errors
    /// [`EngineError`] if the settings can't be read.
    pub fn retention(&self) -> Result<Ages, EngineError> {
        Ok(self.readers().read(|store| store.ages())?)
    }

    /// Sets after how many days old content is dropped or folded. It counts from the next look at what
    /// is old, within a quarter of an hour; what has gone by then does not come back.
    ///
    /// # Errors
    /// [`EngineError::Ages`] if one is out of bounds, else another one if they can't be stored.
    pub async fn set_retention(&self, ages: Ages) -> Result<(), EngineError> {
        let ages = ages.checked()?;
        let set = |setting, days: u32| self.store.writer().set(setting, Some(days.to_string()));
        set(Setting::BodiesDays, ages.bodies_days).await?;
        set(Setting::UsageDays, ages.usage_days)
            .await
            .map_err(EngineError::HalfWritten)
    }
}
