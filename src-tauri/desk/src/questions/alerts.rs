//! Questions of the window about alerts.

use crate::Desk;
use crate::alerts::{AlertGroup, AlertPage, AlertQuery, MAX_NOTE_CHARS};
use crate::error::Answer;
use esim_watch_core::store::AlertStep;

impl Desk {
    /// One page of the inbox.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn alerts(&self, query: AlertQuery) -> Answer<AlertPage> {
        let now = self.now();
        self.read(move |store| AlertPage::read(store, query, now))
            .await
    }

    /// What is new, by rule.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn alert_groups(&self) -> Answer<Vec<AlertGroup>> {
        let now = self.now();
        self.read(move |store| AlertGroup::read_all(store, now))
            .await
    }

    /// Takes alerts up, with a note or without.
    ///
    /// # Errors
    /// If that can't be stored.
    pub async fn acknowledge_alerts(&self, ids: Vec<i64>, note: Option<String>) -> Answer<()> {
        let note = note.map(|note| note.trim().chars().take(MAX_NOTE_CHARS).collect());
        self.alert_step(AlertStep::Acknowledge { ids, note }).await
    }

    /// Makes alerts new again.
    ///
    /// # Errors
    /// If that can't be stored.
    pub async fn reopen_alerts(&self, ids: Vec<i64>) -> Answer<()> {
        self.alert_step(AlertStep::Reopen { ids }).await
    }

    /// Puts alerts off until then (UTC seconds); they are new again and told again.
    ///
    /// # Errors
    /// If that can't be stored.
    pub async fn snooze_alerts(&self, ids: Vec<i64>, until: i64) -> Answer<()> {
        self.alert_step(AlertStep::Snooze { ids, until }).await
    }

    /// Holds back the notifications of one eSIM, or no more.
    ///
    /// # Errors
    /// If that can't be stored.
    pub async fn mute_esim(&self, key: String, muted: bool) -> Answer<()> {
        match self.read(move |store| store.esim_row(&key)).await? {
            Some(esim) => self.alert_step(AlertStep::Mute { esim, muted }).await,
            None => Ok(()),
        }
    }

    /// Whether the notifications of one eSIM are held back.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn esim_muted(&self, key: String) -> Answer<bool> {
        self.read(move |store| match store.esim_row(&key)? {
            Some(row) => store.is_muted(row),
            None => Ok(false),
        })
        .await
    }

    async fn alert_step(&self, step: AlertStep) -> Answer<()> {
        Ok(self.inbox()?.act(step).await?)
    }
}
