//! Questions of the window about newer versions of the program.

use crate::Desk;
use crate::error::Answer;

impl Desk {
    /// Whether the program may look for newer versions once a day. If it may, it does so at once.
    ///
    /// # Errors
    /// If the choice can't be kept; it counts until the program ends.
    pub async fn set_upgrade_consent(&self, agrees: bool) -> Answer<()> {
        self.upgrades.agree(agrees)
    }

    /// Looks for a newer version now.
    ///
    /// # Errors
    /// If nobody answers, or not with what the publisher has signed.
    pub async fn look_for_upgrade(&self) -> Answer<()> {
        self.upgrades.look().await
    }

    /// Copies the database, brings the newest version and installs it; where a package manager or the user has to do that, puts
    /// its package into the downloads folder.
    ///
    /// # Errors
    /// If any of that fails; then everything is as before.
    pub async fn install_upgrade(&self) -> Answer<()> {
        self.upgrades.install().await
    }

    /// Stops bringing a newer version; nothing is left of it.
    ///
    /// # Errors
    /// None.
    pub async fn stop_upgrade(&self) -> Answer<()> {
        self.upgrades.stop();
        Ok(())
    }
}
