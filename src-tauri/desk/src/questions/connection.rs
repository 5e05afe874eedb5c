//! Questions of the window about connection.

use crate::Desk;
use crate::connection::{Connection, Resent, Trial};
use crate::error::{Answer, DeskError};
use crate::health::Refusal;
use esim_watch_core::provider::{self, Provider};

impl Desk {
    /// How deliveries reach this desk.
    ///
    /// # Errors
    /// If the settings can't be read.
    pub async fn connection(&self) -> Answer<Connection> {
        Ok(self.engine()?.connection().await?.into())
    }

    /// Moves the listener to this port and remembers it; also the "try again" after it went down.
    ///
    /// # Errors
    /// If the port is fixed, can't be opened or can't be stored.
    pub async fn set_port(&self, port: u16) -> Answer<Connection> {
        self.engine()?.set_port(port).await?;
        self.connection().await
    }

    /// Remembers the tunnel's public address; `None` forgets it.
    ///
    /// # Errors
    /// If it is no usable address or can't be stored.
    pub async fn set_public_url(&self, url: Option<String>) -> Answer<Connection> {
        self.engine()?.set_public_url(url.as_deref()).await?;
        self.connection().await
    }

    /// Stores the signing secret of the provider of that name; it is never given back.
    ///
    /// # Errors
    /// If it is no secret, came from the environment or can't be written.
    pub async fn set_webhook_secret(&self, provider: String, secret: String) -> Answer<Connection> {
        let provider = named(&provider)?;
        self.engine()?.set_secret(provider, &secret).await?;
        self.connection().await
    }

    /// Removes the signing secrets of the provider of that name.
    ///
    /// # Errors
    /// If they came from the environment or can't be removed.
    pub async fn remove_webhook_secret(&self, provider: String) -> Answer<Connection> {
        let provider = named(&provider)?;
        self.engine()?.remove_secret(provider).await?;
        self.connection().await
    }

    /// Ends a rotation: only the provider's current signing secret is accepted from now on.
    ///
    /// # Errors
    /// If the secrets came from the environment or can't be written.
    pub async fn drop_previous_secret(&self, provider: String) -> Answer<Connection> {
        let provider = named(&provider)?;
        self.engine()?.drop_previous_secret(provider).await?;
        self.connection().await
    }

    /// The last deliveries that were turned away, newest first.
    ///
    /// # Errors
    /// If the program could not start.
    pub async fn refusals(&self) -> Answer<Vec<Refusal>> {
        let refusals = self.engine()?.refusals();
        Ok(refusals.into_iter().map(Refusal::from).collect())
    }

    /// Sends a signed test event the whole way round.
    ///
    /// # Errors
    /// If the settings can't be read or the system has no randomness.
    pub async fn send_test_event(&self) -> Answer<Trial> {
        Ok(self.engine()?.send_test().await?.into())
    }

    /// Sends the bytes of a stored delivery through the program again.
    ///
    /// # Errors
    /// If they can't be read or stored.
    pub async fn resend_delivery(&self, id: i64) -> Answer<Resent> {
        Ok(self.engine()?.resend(id).await?.into())
    }
}

/// The provider of this name. Another one never stands in for it.
fn named(name: &str) -> Result<&'static dyn Provider, DeskError> {
    provider::by_name(name).ok_or(DeskError::NoProvider)
}
