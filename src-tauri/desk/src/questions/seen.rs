//! Questions of the window about seen.

use crate::Desk;
use crate::error::Answer;
use crate::receipts::Receipt;
use crate::seen::SinceSeen;

impl Desk {
    /// What happened since somebody has seen all there was; `None`: nothing, or that was less than a quarter of an hour
    /// ago.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn since_seen(&self) -> Answer<Option<SinceSeen>> {
        let now_ms = self.now_ms();
        let seen = self.read(move |store| store.since_seen(now_ms)).await?;
        Ok(seen.map(SinceSeen::from))
    }

    /// What became of the last so many times in which nobody listened, latest first.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn receipts(&self, most: u32) -> Answer<Vec<Receipt>> {
        self.read(move |store| Receipt::read_last(store, most))
            .await
    }

    /// Notes that somebody has seen what there is now.
    ///
    /// # Errors
    /// If it can't be stored.
    pub async fn mark_seen(&self) -> Answer<()> {
        Ok(self.engine()?.mark_seen().await?)
    }
}
