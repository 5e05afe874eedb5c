//! Questions of the window about feed.

use crate::Desk;
use crate::error::{Answer, DeskError};
use crate::feed::Update;

impl Desk {
    /// What the window is to be told next, in order, as soon as there is something; nothing after half a minute
    /// without any. `first` while the window knows nothing: then a snapshot leads.
    ///
    /// # Errors
    /// If another window asked since.
    pub async fn updates(&self, first: bool) -> Answer<Vec<Update>> {
        let updates = self.feed.updates(first).await;
        updates.map_err(|_| DeskError::WindowReplaced.into())
    }
}
