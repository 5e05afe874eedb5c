//! Questions of the window about preferences.

use crate::Desk;
use crate::error::{Answer, DeskError};
use crate::preferences::{Language, Look, system_language};
use esim_watch_core::io_reason::IoReason;

impl Desk {
    /// Whether everything that the window shows is made up: the folder says so.
    ///
    /// # Errors
    /// None.
    pub async fn is_demo(&self) -> Answer<bool> {
        Ok(self.is_demo)
    }

    /// Whether closing the window leaves the program running in the tray.
    #[must_use]
    pub fn closes_to_tray(&self) -> bool {
        self.preferences.get().close_to_tray
    }

    /// Chooses whether closing the window leaves the program running in the tray.
    ///
    /// # Errors
    /// If the choice can't be kept; it counts until the program ends.
    pub fn set_close_to_tray(&self, stays: bool) -> Answer<()> {
        let kept = self
            .preferences
            .change(|choices| choices.close_to_tray = stays);
        kept.map_err(|error| DeskError::Preferences(IoReason::from(&error)).into())
    }

    /// Whether a person is to be told that the program goes on in the tray: once.
    pub fn tells_of_tray(&self) -> bool {
        if self.preferences.get().told_of_tray {
            return false;
        }
        let told = self
            .preferences
            .change(|choices| choices.told_of_tray = true);
        if let Err(error) = told {
            tracing::warn!(%error, "after the next start it will be told again");
        }
        true
    }

    /// How the window looks.
    ///
    /// # Errors
    /// None.
    pub async fn look(&self) -> Answer<Look> {
        Ok(self.preferences.get().look)
    }

    /// The system's language, as far as there is a catalogue of it.
    ///
    /// # Errors
    /// None.
    pub async fn system_language(&self) -> Answer<Language> {
        Ok(system_language())
    }

    /// Sets how the window looks, and keeps it.
    ///
    /// # Errors
    /// If the choice can't be kept; it counts until the program ends.
    pub async fn set_look(&self, look: Look) -> Answer<()> {
        let language = look.language().into();
        if self.language.set(language, look.clock()) {
            self.spoken.send_replace(language);
            if let Some(inbox) = self.open_inbox() {
                inbox.reworded().await;
            }
        }
        let kept = self.preferences.change(|choices| choices.look = look);
        kept.map_err(|error| DeskError::Preferences(IoReason::from(&error)).into())
    }
}
