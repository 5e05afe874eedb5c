//! Questions of the window about catching up.

use crate::Desk;
use crate::catch_up::{CaughtUp, TokenSet};
use crate::error::{Answer, DeskError};

impl Desk {
    /// Tries the token of the provider's API, keeps it and catches up with it; it is never given back. One that the provider
    /// refuses is kept only if it is to be `anyway`.
    ///
    /// # Errors
    /// If it is no token, comes from the environment or can't be kept.
    pub async fn set_api_token(&self, token: String, anyway: bool) -> Answer<TokenSet> {
        let set = self.engine()?.set_api_token(&token, anyway).await?;
        Ok(set.into())
    }

    /// Forgets the token of the provider's API.
    ///
    /// # Errors
    /// If it comes from the environment or can't be removed.
    pub async fn remove_api_token(&self) -> Answer<()> {
        Ok(self.engine()?.remove_api_token().await?)
    }

    /// Asks the provider whether it takes the token.
    ///
    /// # Errors
    /// If it does not, can't be asked, or there is none.
    pub async fn try_api_token(&self) -> Answer<()> {
        Ok(self.engine()?.try_api_token().await?)
    }

    /// Sets how many requests a second the provider is asked for at most, from the next catch-up on.
    ///
    /// # Errors
    /// If the environment gives it, it is out of bounds or can't be kept.
    pub async fn set_api_rate(&self, rate: f64) -> Answer<()> {
        Ok(self.engine()?.set_api_rate(rate).await?)
    }

    /// Catches up with everything that is due, when what is under way is done.
    ///
    /// # Errors
    /// If the program could not start.
    pub async fn catch_up(&self) -> Answer<CaughtUp> {
        Ok(self.engine()?.catch_up().await.into())
    }

    /// Asks the provider for one eSIM, when what is under way is done.
    ///
    /// # Errors
    /// If there is no such eSIM, its provider's id of it is not known, or the store can't be read.
    pub async fn catch_up_esim(&self, key: String) -> Answer<CaughtUp> {
        let esim = self
            .read(move |store| match store.esim_row(&key)? {
                Some(row) => store.esim_state(row),
                None => Ok(None),
            })
            .await?
            .ok_or(DeskError::EsimGone)?;
        let esim_id = esim.esim_id.ok_or(DeskError::NoEsimId)?;
        Ok(self.engine()?.catch_up_with(&esim_id).await.into())
    }

    /// Ends the catch-up that is under way; the next one goes on from there.
    ///
    /// # Errors
    /// If the program could not start.
    pub async fn cancel_catch_up(&self) -> Answer<()> {
        self.engine()?.cancel_catch_up();
        Ok(())
    }
}
