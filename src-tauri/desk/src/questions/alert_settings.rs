//! Questions of the window about alert settings.

use crate::Desk;
use crate::alert_settings::AlertSettings;
use crate::error::{Answer, CommandError};
use esim_watch_core::alert;

impl Desk {
    /// The rules as they are set.
    ///
    /// # Errors
    /// If the program could not start.
    pub async fn alert_settings(&self) -> Answer<AlertSettings> {
        Ok(self.inbox()?.settings().into())
    }

    /// Sets the rules; they count at once.
    ///
    /// # Errors
    /// If they make no sense or can't be stored.
    pub async fn set_alert_settings(&self, settings: AlertSettings) -> Answer<AlertSettings> {
        let settings = alert::AlertSettings::from(settings);
        settings
            .check()
            .map_err(|error| CommandError::new(&error))?;
        self.keep_settings(settings).await?;
        self.alert_settings().await
    }

    /// Holds notifications back until then (UTC seconds); `None`: no more.
    ///
    /// # Errors
    /// If that can't be stored.
    pub async fn mute(&self, until: Option<i64>) -> Answer<()> {
        let settings = self.inbox()?.settings();
        self.keep_settings(settings.muted(until, self.now())).await
    }

    async fn keep_settings(&self, settings: alert::AlertSettings) -> Answer<()> {
        let inbox = self.inbox()?;
        let before = inbox.settings().data_low_percent;
        let low_changed = before != settings.data_low_percent;
        let set = inbox.set_settings(settings).await;
        set.map_err(|error| CommandError::new(&error))?;
        if low_changed {
            // Which eSIMs are low on data, every list shows.
            self.feed.everything_changed();
        }
        Ok(())
    }
}
