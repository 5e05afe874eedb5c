//! Catching up as it is asked for: by itself from the start, all of it, one eSIM; and the token that it needs.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;

use super::catching_up::{after_failures, when_deaf};
use super::credentials::blocking;
use super::{Engine, EngineError, FixedSetting};
use crate::catch_up::{ApiVariables, CatchUpProgress, CaughtUp};
use crate::inbox::{FirstLook, Inbox};
use crate::provider::ApiError;
use crate::secret::{Place, Secret, Secrets};
use crate::store::Setting;

/// Where the program's API token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiToken {
    /// None is set.
    None,
    /// The environment gives it.
    Environment,
    /// It is kept in the keyring, or in a file where there is none.
    Kept,
    /// It is kept and can't be read, or what the environment gives is none.
    Unusable,
}

impl Engine {
    /// Catches up from now on: at once, and whenever something may have kept deliveries away. Without a token it waits
    /// for one.
    pub fn start_catching_up(&self) {
        self.catches_up.store(true, Ordering::Relaxed);
        tokio::spawn(Arc::clone(&self.catching_up).keep());
        tokio::spawn(after_failures(self.health(), Arc::clone(&self.catching_up)));
    }

    /// Catches up once, when what is under way is done.
    pub async fn catch_up(&self) -> CaughtUp {
        self.catching_up.run(&self.catching_up.variables).await
    }

    /// Asks for one eSIM, by its provider's id, when what is under way is done.
    pub async fn catch_up_with(&self, esim_id: &str) -> CaughtUp {
        let catching_up = &self.catching_up;
        catching_up
            .run_of(&catching_up.variables, Some(esim_id))
            .await
    }

    /// Something may have kept deliveries away: what was sent meanwhile is asked for.
    pub fn want_catch_up(&self) {
        self.catching_up.wanted.notify_one();
    }

    /// Ends the catch-up that is under way. The next one goes on from there.
    pub fn cancel_catch_up(&self) {
        self.catching_up.cancel.send_replace(true);
    }

    /// How far the catch-up is that is under way, or how far the last one came.
    #[must_use]
    pub fn catch_up_progress(&self) -> watch::Receiver<CatchUpProgress> {
        self.catching_up.progress.subscribe()
    }

    /// What the last catch-up did; `None`: there was none since the program started.
    #[must_use]
    pub fn last_catch_up(&self) -> watch::Receiver<Option<CaughtUp>> {
        self.catching_up.last.subscribe()
    }

    /// Where the API token comes from.
    pub async fn api_token(&self) -> ApiToken {
        match self.catching_up.variables.given_token() {
            Some(Ok(_)) => return ApiToken::Environment,
            Some(Err(_)) => return ApiToken::Unusable,
            None => {}
        }
        match self.catching_up.token(&ApiVariables::default()).await {
            Ok(Some(_)) => ApiToken::Kept,
            Ok(None) => ApiToken::None,
            Err(error) => {
                tracing::warn!(%error, "the API token can't be read");
                ApiToken::Unusable
            }
        }
    }

    /// Keeps an API token, as it was pasted, and catches up with it.
    ///
    /// # Errors
    /// [`EngineError`] if it is no token, comes from the environment or can't be kept.
    pub async fn set_api_token(&self, text: &str) -> Result<(), EngineError> {
        self.may_change_token()?;
        let secrets = Secrets {
            current: Some(Secret::new(text).map_err(ApiError::Token)?),
            previous: None,
        };
        let vault = self.catching_up.vault.clone();
        let place = blocking(move || vault.store(&secrets)).await?;
        self.remember_token(place).await?;
        self.want_catch_up();
        Ok(())
    }

    /// Forgets the API token.
    ///
    /// # Errors
    /// [`EngineError`] if it comes from the environment or can't be removed.
    pub async fn remove_api_token(&self) -> Result<(), EngineError> {
        self.may_change_token()?;
        let vault = self.catching_up.vault.clone();
        blocking(move || vault.clear()).await?;
        self.remember_token(Place::Nowhere).await
    }

    fn may_change_token(&self) -> Result<(), EngineError> {
        match self.catching_up.variables.given_token() {
            Some(_) => Err(EngineError::Fixed(FixedSetting::ApiToken)),
            None => Ok(()),
        }
    }

    async fn remember_token(&self, place: Place) -> Result<(), EngineError> {
        let place = Some(place.as_text().to_owned());
        let writer = self.store.writer();
        Ok(writer.set(Setting::ApiTokenPlace, place).await?)
    }

    /// Catches up when the inbox finds that nothing is heard.
    pub(super) fn watch_for_deafness(&self, inbox: &Inbox) {
        tokio::spawn(when_deaf(inbox.summary(), Arc::clone(&self.catching_up)));
    }

    /// When the inbox may look for the first time.
    pub(super) fn first_look(&self) -> FirstLook {
        if self.catches_up.load(Ordering::Relaxed) {
            Box::pin(Arc::clone(&self.catching_up).first_look())
        } else {
            Box::pin(std::future::ready(()))
        }
    }

    /// Ends what is under way, and lets nothing begin any more.
    pub(super) async fn stop_catching_up(&self) {
        self.catching_up.closed.send_replace(true);
        self.catching_up.cancel.send_replace(true);
        drop(self.catching_up.turn.lock().await);
    }
}
