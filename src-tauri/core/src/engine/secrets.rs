//! The signing secrets of each provider: where they come from, and whose deliveries need a signature.
//!
//! Each provider has an address, a secret and a state of its own. What follows from a secret that is missing:
//! - Nobody has one: each address is the only credential of its provider, and the window says so.
//! - Some have one: the first provider's address stays its only credential if it has none, because it may have delivered
//!   like that for long, and shutting it would lose what it brings. Any other provider without one is refused until its
//!   secret is set: most desks never use it, and to everybody who knows the token it would be a door around the
//!   signatures of those that are.
//! - One was set and can't be used or read: nothing listens at all, so that the senders try again. So it is where the
//!   environment gave one before and gives none now: a variable that was forgotten must not open the door.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Engine;
use super::connection::{Connection, ProviderConnection, SecretState};
use super::credentials::{Credentials, Lacking, blocking};
use super::error::{EngineError, FixedSetting};
use crate::event::ProviderId;
use crate::health::ListenerState;
use crate::listener;
use crate::message::Message;
use crate::provider::{self, Provider};
use crate::secret::{EnvironmentError, Place, Secret, Secrets, Vault, VaultError, variables};
use crate::store::Setting;

/// Who sets another secret so soon after the last one corrects that.
const CORRECTED_WITHIN: Duration = Duration::from_secs(3_600);

impl Engine {
    /// Stores a provider's signing secret, as it was pasted; it counts from the next delivery on. A secret that
    /// was there before stays accepted beside the new one until [`Engine::drop_previous_secret`], so
    /// that the portal can be changed at leisure.
    ///
    /// # Errors
    /// [`EngineError`] if it is no secret, came from the environment or can't be written.
    pub async fn set_secret(&self, provider: &dyn Provider, text: &str) -> Result<(), EngineError> {
        let secret = Secret::of_signing(text)?;
        let known = self.known(provider).await;
        let set_at = self.secrets_set.lock().await.get(&provider.id()).copied();
        let is_correction = set_at.is_some_and(|at| at.elapsed() < CORRECTED_WITHIN);
        let is_same = known.current.as_ref() == Some(&secret);
        let previous = match known.current {
            // It is there already: what is accepted beside it stays.
            Some(_) if is_same => known.previous,
            // What was mistyped a moment ago never counted in the portal: what counted before it goes on to.
            Some(mistyped) if is_correction => {
                let before = known.previous.filter(|before| *before != secret);
                before.or(Some(mistyped))
            }
            current => current,
        };
        let secrets = Secrets {
            previous,
            current: Some(secret),
        };
        self.change_secrets(provider, secrets).await?;
        if !is_same {
            let mut set = self.secrets_set.lock().await;
            set.insert(provider.id(), Instant::now());
        }
        Ok(())
    }

    /// Removes all secrets of a provider.
    ///
    /// # Errors
    /// [`EngineError`] if they came from the environment or can't be removed.
    pub async fn remove_secret(&self, provider: &dyn Provider) -> Result<(), EngineError> {
        self.change_secrets(provider, Secrets::default()).await
    }

    /// Ends a provider's rotation: only its current secret counts.
    ///
    /// # Errors
    /// [`EngineError`] if the secrets came from the environment or can't be written.
    pub async fn drop_previous_secret(&self, provider: &dyn Provider) -> Result<(), EngineError> {
        let known = self.known(provider).await;
        if known.current.is_none() {
            // Dropping the only one that counts would switch the check off.
            return Ok(());
        }
        self.keep_secrets(
            provider,
            Secrets {
                previous: None,
                ..known
            },
        )
        .await
    }

    /// The path of this provider's webhook.
    #[must_use]
    pub fn webhook_path(&self, provider: &dyn Provider) -> String {
        listener::path(provider, &self.gate.borrow().token)
    }

    /// How deliveries reach this desk.
    ///
    /// # Errors
    /// [`EngineError`] if the settings can't be read.
    pub async fn connection(&self) -> Result<Connection, EngineError> {
        let public_url = self
            .readers()
            .read(|store| store.setting(Setting::PublicUrl))?;
        let credentials = self.credentials.lock().await.clone();
        let address = match &self.health.borrow().listener {
            ListenerState::Up { address } => Some(address.clone()),
            ListenerState::Down { .. } => None,
        };
        let doors = self.gate.borrow().clone();
        let providers = provider::all()
            .map(|provider| {
                let known = credentials.get(&provider.id());
                let webhook_path = listener::path(provider, &doors.token);
                let (variable, previous_variable) = variables(provider::own_name(provider));
                let may_deliver = doors.secrets_of(provider.id()).is_some();
                ProviderConnection {
                    name: provider.name(),
                    display_name: provider.display_name(),
                    webhook_url: public_url
                        .as_ref()
                        .map(|base| format!("{base}{webhook_path}")),
                    webhook_path,
                    secret: match (self.options.secrets.get(&provider.id()), known) {
                        (Some(Ok(_)), _) => SecretState::Environment,
                        (Some(Err(_)), _) => SecretState::EnvironmentUnusable,
                        (None, Some(Err(Lacking::Unreadable))) => SecretState::Unreadable,
                        (None, Some(Err(Lacking::Unknown))) => SecretState::Unknown,
                        (None, Some(Ok(Credentials { secrets, place })))
                            if !secrets.all().is_empty() =>
                        {
                            match place {
                                Some(Place::Keyring) => SecretState::Keyring,
                                _ => SecretState::File,
                            }
                        }
                        (None, _) if may_deliver => SecretState::None,
                        (None, _) => SecretState::Shut,
                    },
                    previous_secret: known
                        .and_then(|known| known.as_ref().ok())
                        .is_some_and(|known| known.secrets.previous.is_some()),
                    variable,
                    previous_variable,
                }
            })
            .collect();
        Ok(Connection {
            address,
            port: self.port()?,
            port_fixed: self.options.port.is_some(),
            public_url,
            providers,
            data_dir: self.options.data_dir.display().to_string(),
        })
    }

    /// Reads the secrets of every provider, unless they are known.
    pub(super) async fn open_vaults(&self) -> Result<(), EngineError> {
        for provider in provider::all() {
            self.open_vault(provider).await?;
        }
        self.use_secrets(&*self.credentials.lock().await);
        Ok(())
    }

    async fn open_vault(&self, provider: &'static dyn Provider) -> Result<(), EngineError> {
        let mut credentials = self.credentials.lock().await;
        if let Some(Ok(_)) = credentials.get(&provider.id()) {
            return Ok(());
        }
        credentials.insert(provider.id(), Err(Lacking::Unreadable));
        let known = match self.options.secrets.get(&provider.id()) {
            Some(given) => {
                let secrets = given.clone()?;
                self.remember_environment(provider).await?;
                Credentials {
                    secrets,
                    place: None,
                }
            }
            None => {
                let place = self.place(provider)?;
                let vault = self.vault(provider)?;
                let (secrets, found) = match blocking(move || vault.load(place)).await {
                    // Nobody was told the address yet, and nobody set a secret in this folder.
                    Err(EngineError::Vault(VaultError::Unknown(_))) if self.is_new => {
                        (Secrets::default(), None)
                    }
                    Err(error @ EngineError::Vault(VaultError::Unknown(_))) => {
                        credentials.insert(provider.id(), Err(Lacking::Unknown));
                        return Err(error);
                    }
                    Err(EngineError::Vault(VaultError::Gone))
                        if place == Some(Place::Environment) =>
                    {
                        let (name, _) = variables(provider::own_name(provider));
                        return Err(EnvironmentError::Gone { name }.into());
                    }
                    loaded => loaded?,
                };
                if found.is_some() && found != place {
                    self.tell_found(provider);
                    self.remember(provider, found).await?;
                }
                Credentials {
                    secrets,
                    place: found,
                }
            }
        };
        credentials.insert(provider.id(), Ok(known));
        Ok(())
    }

    /// Notes that the environment gives a provider's secret, unless one is kept that counts without it.
    async fn remember_environment(&self, provider: &dyn Provider) -> Result<(), EngineError> {
        match self.place(provider)? {
            Some(Place::Keyring | Place::File | Place::Environment) => Ok(()),
            Some(Place::Nowhere) | None => self.remember(provider, Some(Place::Environment)).await,
        }
    }

    /// Says that a secret was not where the database says, but is there.
    fn tell_found(&self, provider: &dyn Provider) {
        tracing::warn!(
            provider = provider.name(),
            "the database did not say where the signing secret is kept; it was found, and signatures are checked"
        );
        self.health.send_modify(|health| {
            // What happened to the database itself says more.
            health.notice.get_or_insert_with(|| {
                Message::of("secret.found").with("provider", provider.display_name())
            });
        });
    }

    /// The secrets of a provider that count now.
    async fn known(&self, provider: &dyn Provider) -> Secrets {
        let credentials = self.credentials.lock().await;
        let known = credentials.get(&provider.id()).cloned();
        // Of those that can't be read none is known.
        known.and_then(Result::ok).unwrap_or_default().secrets
    }

    async fn change_secrets(
        &self,
        provider: &dyn Provider,
        secrets: Secrets,
    ) -> Result<(), EngineError> {
        self.keep_secrets(provider, secrets).await?;
        // It may be down because the old secret could not be read.
        if self.listener.lock().await.is_none() {
            self.listen().await?;
        }
        Ok(())
    }

    async fn keep_secrets(
        &self,
        provider: &dyn Provider,
        secrets: Secrets,
    ) -> Result<(), EngineError> {
        if self.options.secrets.contains_key(&provider.id()) {
            return Err(EngineError::Fixed(FixedSetting::Secret));
        }
        let mut credentials = self.credentials.lock().await;
        let vault = self.vault(provider)?;
        let kept = secrets.clone();
        let place = blocking(move || match kept.current {
            Some(_) => vault.store(&kept),
            None => vault.clear().map(|()| Place::Nowhere),
        })
        .await?;
        self.remember(provider, Some(place)).await?;
        let place = Some(place);
        credentials.insert(provider.id(), Ok(Credentials { secrets, place }));
        self.use_secrets(&credentials);
        Ok(())
    }

    fn place(&self, provider: &dyn Provider) -> Result<Option<Place>, EngineError> {
        let setting = Setting::SecretPlace(provider::own_name(provider));
        let place = self.readers().read(|store| store.setting(setting))?;
        Ok(place.as_deref().and_then(Place::from_text))
    }

    async fn remember(
        &self,
        provider: &dyn Provider,
        place: Option<Place>,
    ) -> Result<(), EngineError> {
        let setting = Setting::SecretPlace(provider::own_name(provider));
        let text = place.map(|place| place.as_text().to_owned());
        Ok(self.store.writer().set(setting, text).await?)
    }

    fn vault(&self, provider: &dyn Provider) -> Result<Vault, EngineError> {
        let vault = self.vaults.get(&provider.id()).cloned();
        // There is one for each provider.
        Ok(vault.ok_or(VaultError::Gone)?)
    }

    fn use_secrets(&self, credentials: &BTreeMap<ProviderId, Result<Credentials, Lacking>>) {
        // The first provider is always among them; see the top of this file.
        let mut secrets = BTreeMap::from([(provider::DEFAULT.id(), Vec::new())]);
        for (id, known) in credentials {
            let all = known
                .iter()
                .flat_map(|known| known.secrets.all())
                .collect::<Vec<_>>();
            if !all.is_empty() {
                secrets.insert(*id, all);
            }
        }
        self.gate.send_modify(|gate| gate.secrets = secrets);
        let gate = self.gate.borrow();
        let is_unsigned = |id| gate.secrets_of(id).is_some_and(<[Secret]>::is_empty);
        let unsigned: Vec<_> = provider::all()
            .filter(|provider| is_unsigned(provider.id()))
            .map(Provider::display_name)
            .collect();
        self.health.send_modify(|health| health.unsigned = unsigned);
    }
}
