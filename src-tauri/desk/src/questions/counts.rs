//! Questions of the window about counts.

use crate::Desk;
use crate::counts::{HourCount, StatusCount};
use crate::error::Answer;

impl Desk {
    /// How many status changes happened in each of these hours since the epoch, by status; the last one is included.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn activity(&self, first_hour: i64, last_hour: i64) -> Answer<Vec<HourCount>> {
        let counts = self.read(move |store| store.activity(first_hour, last_hour));
        Ok(counts.await?.into_iter().map(HourCount::from).collect())
    }

    /// How many eSIMs had each status at this time (UTC milliseconds); a status that is not named had none.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn status_counts_at(&self, at_ms: i64) -> Answer<Vec<StatusCount>> {
        let counts = self.read(move |store| store.by_status_at(at_ms)).await?;
        Ok(counts.into_iter().map(StatusCount::from).collect())
    }
}
