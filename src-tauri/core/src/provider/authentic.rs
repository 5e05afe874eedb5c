//! Bodies that are known to come from who they say they do.

use super::{Header, Provider, Unreadable};
use crate::event::Event;
use crate::secret::Secret;

/// A body that its provider sent. Only [`Authentic::check`] makes one; what was kept of one in the store is one still.
#[derive(Debug, Clone)]
pub struct Authentic {
    provider: &'static dyn Provider,
    body: Vec<u8>,
}

/// Why a body is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAuthentic {
    /// The request brings no signature.
    NoSignature,
    /// The signature is not one of this body under any secret.
    WrongSignature,
}

impl Authentic {
    /// Believes a body whose signature fits one of these secrets. Without any secret everything is believed: then the
    /// webhook's address is the only credential.
    ///
    /// # Errors
    /// [`NotAuthentic`] if it is not signed, or by somebody else.
    pub fn check(
        provider: &'static dyn Provider,
        header: &Header<'_>,
        body: Vec<u8>,
        secrets: &[Secret],
    ) -> Result<Authentic, NotAuthentic> {
        let fits = |secret: &Secret| provider.signature_fits(header, &body, secret);
        if secrets.is_empty() || secrets.iter().any(fits) {
            return Ok(Authentic { provider, body });
        }
        Err(if provider.brings_signature(header) {
            NotAuthentic::WrongSignature
        } else {
            NotAuthentic::NoSignature
        })
    }

    /// A body that the store kept: only authentic ones are.
    pub(crate) fn kept(provider: &'static dyn Provider, body: Vec<u8>) -> Authentic {
        Authentic { provider, body }
    }

    /// Who sent it.
    #[must_use]
    pub fn provider(&self) -> &'static dyn Provider {
        self.provider
    }

    /// The bytes as they came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Unreadable`] if it is no event at all.
    pub fn read(&self) -> Result<Event, Unreadable> {
        self.provider.read(&self.body)
    }

    /// The bytes as they came, without another copy.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }
}
