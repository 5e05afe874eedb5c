//! Questions of the window about connection.

use crate::Desk;
use crate::connection::{Connection, Resent, Trial};
use crate::error::Answer;
use crate::health::Refusal;
use esim_watch_core::secret::Secret;

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

    /// Stores the signing secret, which is never given back; `None` removes it.
    ///
    /// # Errors
    /// If it came from the environment or can't be written.
    pub async fn set_webhook_secret(&self, secret: Option<String>) -> Answer<Connection> {
        let secret = secret.as_deref().and_then(Secret::new);
        self.engine()?.set_secret(secret).await?;
        self.connection().await
    }

    /// Ends a rotation: only the current signing secret is accepted from now on.
    ///
    /// # Errors
    /// If the secrets came from the environment or can't be written.
    pub async fn drop_previous_secret(&self) -> Answer<Connection> {
        self.engine()?.drop_previous_secret().await?;
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
