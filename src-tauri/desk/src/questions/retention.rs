//! Questions of the window about retention.

use crate::Desk;
use crate::error::Answer;
use crate::retention::Ages;

impl Desk {
    /// After how many days old content goes.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn retention(&self) -> Answer<Ages> {
        Ok(self.engine()?.retention()?.into())
    }

    /// Sets after how many days old content goes, from the next step of the maintenance on.
    ///
    /// # Errors
    /// If they are out of bounds or can't be stored.
    pub async fn set_retention(&self, ages: Ages) -> Answer<Ages> {
        self.engine()?.set_retention(ages.into()).await?;
        self.retention().await
    }
}
