//! Secrets by provider: those that the environment gives, and those that count with where they are kept.

use std::collections::BTreeMap;

use super::error::EngineError;
use crate::event::ProviderId;
use crate::provider;
use crate::secret::{EnvironmentError, KeyringReason, Place, Secrets, VaultError};

/// Secrets from the environment, by provider. A provider that is not among them has its stored ones.
pub type GivenSecrets = BTreeMap<ProviderId, Result<Secrets, EnvironmentError>>;

/// What this program's environment gives, for every provider.
#[must_use]
pub fn secrets_from_environment() -> GivenSecrets {
    provider::all()
        .filter_map(|provider| {
            let own_name = provider::own_name(provider);
            let given = Secrets::from_environment(own_name, |name| std::env::var_os(name));
            Some((provider.id(), given?))
        })
        .collect()
}

/// The secrets of one provider, and where they are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Credentials {
    pub secrets: Secrets,
    pub place: Option<Place>,
}

/// Why nobody knows a provider's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacking {
    /// There are some, and they can't be read.
    Unreadable,
    /// There may be some, where nobody can look.
    Unknown,
}

/// Runs what blocks beside the requests.
pub(super) async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::task::spawn_blocking(act).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(VaultError::Keyring(KeyringReason::Other(error.to_string())).into()),
    }
}
