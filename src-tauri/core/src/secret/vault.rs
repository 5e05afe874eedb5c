//! Where secrets are kept: the system's keyring, or a file. Must not know: which provider they are of, the database.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::{KeyringReason, Place, Secret, Secrets, VaultError};
use crate::held;
use crate::io_reason::IoReason;
use crate::paths::IDENTIFIER;
use crate::private;

/// What the file and the keyring's entry of the first provider are called.
const NAME: &str = "webhook-secret";

/// What those of its API token are called.
const API_TOKEN_NAME: &str = "api-token";

/// How long the keyring may take. One that waits for a password can't be waited for: the window is
/// not there yet.
const KEYRING_TIME: Duration = Duration::from_secs(3);

/// What the keyring answers. No entry is an empty text.
type Answer = Result<String, KeyringReason>;

/// Keeps the secrets of one provider in one data directory.
#[derive(Debug, Clone)]
pub struct Vault {
    data_dir: PathBuf,
    with_keyring: bool,
    name: String,
    /// What a keyring was asked that has not answered yet: asking it again would be one more that waits for ever.
    asked: Arc<Mutex<Option<mpsc::Receiver<Answer>>>>,
}

impl Vault {
    /// The vault of this data directory for the provider of that name (`None`: the first one), with the system's keyring
    /// or with a file only.
    #[must_use]
    pub fn new(data_dir: &Path, with_keyring: bool, own_name: Option<&str>) -> Vault {
        Vault::named(NAME, data_dir, with_keyring, own_name)
    }

    /// The same for the provider's API token.
    #[must_use]
    pub fn of_api_token(data_dir: &Path, with_keyring: bool, own_name: Option<&str>) -> Vault {
        Vault::named(API_TOKEN_NAME, data_dir, with_keyring, own_name)
    }

    fn named(what: &str, data_dir: &Path, with_keyring: bool, own_name: Option<&str>) -> Vault {
        Vault {
            data_dir: data_dir.to_owned(),
            with_keyring,
            name: match own_name {
                Some(name) => format!("{what}-{name}"),
                None => what.to_owned(),
            },
            asked: Arc::default(),
        }
    }

    /// Reads the secrets from where they were put, else from where else they may be: a database that was restored can
    /// name a place of long ago, or none. Returns where they are; `None`: there are none. Blocks.
    ///
    /// # Errors
    /// [`VaultError`] if there are some that can't be read, or were some; without them nothing could be verified.
    pub fn load(&self, known: Option<Place>) -> Result<(Secrets, Option<Place>), VaultError> {
        let found = match known {
            Some(Place::Keyring) => match self.read_keyring()? {
                None => self.read_file()?,
                there => there,
            },
            // Written only without a keyring, and removed once there is one: a file is what counts.
            Some(Place::File | Place::Nowhere | Place::Environment) | None => {
                match (self.read_file()?, known) {
                    (None, Some(Place::Nowhere)) => None,
                    (None, _) => self.read_keyring_if_any()?,
                    (there, _) => there,
                }
            }
        };
        match (found, known) {
            (Some(found), _) => {
                let place = Some(found.1);
                let mut lines = found.0.lines().map(|line| Secret::new(line).ok());
                let secrets = Secrets {
                    current: lines.next().flatten(),
                    previous: lines.next().flatten(),
                };
                // What is there and is no secret must not switch the check off unnoticed; nor what is gone.
                match secrets.all().is_empty() {
                    true => Err(VaultError::Gone),
                    false => Ok((secrets, place)),
                }
            }
            (None, Some(Place::Keyring | Place::File | Place::Environment)) => {
                Err(VaultError::Gone)
            }
            (None, Some(Place::Nowhere) | None) => Ok((Secrets::default(), None)),
        }
    }

    /// Keeps these secrets, in the keyring if there is one. Returns where they are now. Blocks.
    ///
    /// # Errors
    /// [`VaultError`]; then what was kept before still is.
    pub fn store(&self, secrets: &Secrets) -> Result<Place, VaultError> {
        let text = secrets
            .all()
            .iter()
            .map(Secret::reveal)
            .collect::<Vec<_>>()
            .join("\n");
        let kept = self.ask(move |entry| entry.set_password(&text).map(|()| String::new()));
        let kept = kept.and_then(|asked| Vault::answer(&asked));
        match kept {
            Ok(_) => {
                self.remove_file()?;
                Ok(Place::Keyring)
            }
            Err(error) => {
                tracing::info!(%error, "no keyring: the secret is kept in a file");
                self.write_file(secrets)?;
                Ok(Place::File)
            }
        }
    }

    /// Forgets the secrets, wherever they are. A keyring that can't be opened keeps its entry, which
    /// nothing asks for while the place is known to be [`Place::Nowhere`]. Blocks.
    ///
    /// # Errors
    /// [`VaultError`] if the file is still there.
    pub fn clear(&self) -> Result<(), VaultError> {
        self.remove_file()?;
        let removed = self.ask(|entry| entry.delete_credential().map(|()| String::new()));
        let removed = removed.and_then(|asked| Vault::answer(&asked));
        if let Err(error) = removed {
            tracing::info!(%error, "no secret was removed from the keyring");
        }
        Ok(())
    }

    /// What is in the keyring.
    fn read_keyring(&self) -> Result<Option<(String, Place)>, VaultError> {
        let mut waiting = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = match waiting.take() {
            Some(asked) => asked,
            None => self.ask(keyring::Entry::get_password)?,
        };
        let text = Vault::answer(&asked).inspect_err(|error| {
            if matches!(error, VaultError::Keyring(KeyringReason::TooSlow)) {
                *waiting = Some(asked);
            }
        })?;
        Ok((!text.is_empty()).then_some((text, Place::Keyring)))
    }

    /// What is in the keyring, where nobody says that something is: a session without a keyring has nothing in it. One
    /// that is there and does not open may have.
    fn read_keyring_if_any(&self) -> Result<Option<(String, Place)>, VaultError> {
        match self.read_keyring() {
            Err(VaultError::Keyring(KeyringReason::None | KeyringReason::NoService(_))) => Ok(None),
            Err(VaultError::Keyring(reason)) => Err(VaultError::Unknown(reason)),
            other => other,
        }
    }

    /// Has something done with the keyring's entry.
    fn ask(
        &self,
        act: impl FnOnce(&keyring::Entry) -> keyring::Result<String> + Send + 'static,
    ) -> Result<mpsc::Receiver<Answer>, VaultError> {
        if !self.with_keyring || !may_have_keyring() {
            return Err(VaultError::Keyring(KeyringReason::None));
        }
        let user = format!("{} {}", self.name, self.data_dir.display());
        let (done, outcome) = mpsc::channel();
        // A thread of its own, because the keyring may never answer.
        std::thread::spawn(move || {
            // Asked once without a keyring, the library has none for as long as the program runs.
            if let Err(why) = keyring_is_there() {
                let _ = done.send(Err(KeyringReason::NoService(why)));
                return;
            }
            let acted = keyring::Entry::new(IDENTIFIER, &user).and_then(|entry| act(&entry));
            let acted = match (acted, keyring::Entry::store_status()) {
                // Why there is none says more than that there is none.
                (Err(keyring::Error::NoDefaultStore), Err(why)) => {
                    Err(KeyringReason::NoService(why.to_string()))
                }
                (Err(keyring::Error::NoEntry), _) => Ok(String::new()),
                (acted, _) => acted.map_err(|error| KeyringReason::Other(error.to_string())),
            };
            // Nobody waits any more if it took too long.
            let _ = done.send(acted);
        });
        Ok(outcome)
    }

    /// What the keyring answers within [`KEYRING_TIME`].
    fn answer(asked: &mpsc::Receiver<Answer>) -> Result<String, VaultError> {
        match asked.recv_timeout(KEYRING_TIME) {
            Ok(acted) => acted.map_err(VaultError::Keyring),
            Err(_) => Err(VaultError::Keyring(KeyringReason::TooSlow)),
        }
    }

    fn path(&self) -> PathBuf {
        self.data_dir.join(&self.name)
    }

    fn file_error(&self, error: io::Error) -> VaultError {
        VaultError::File {
            path: self.path(),
            reason: IoReason::from(&error),
        }
    }

    /// What is in the file.
    fn read_file(&self) -> Result<Option<(String, Place)>, VaultError> {
        let path = self.path();
        match private::ordinary(&path).and_then(|()| fs::read_to_string(path)) {
            Ok(text) => Ok(Some((text, Place::File))),
            // Of a link that leads nowhere, what it should lead to is missing: somebody put a secret there.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_link(&self.path()) => {
                Ok(None)
            }
            Err(error) => Err(self.file_error(error)),
        }
    }

    fn remove_file(&self) -> Result<(), VaultError> {
        match held::remove_file(&self.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.file_error(error)),
            _ => Ok(()),
        }
    }

    /// The old file stays until the new one is completely written.
    fn write_file(&self, secrets: &Secrets) -> Result<(), VaultError> {
        let fresh = self.data_dir.join(format!("{}.new", self.name));
        let write = || -> io::Result<()> {
            let mut file = private::create_file(&fresh)?;
            for secret in secrets.all() {
                writeln!(file, "{}", secret.reveal())?;
            }
            file.sync_all()?;
            held::rename(&fresh, &self.path())
        };
        write().map_err(|error| self.file_error(error))
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// Whether the session has a keyring, which is started if it can be; the reason if it has none.
#[cfg(target_os = "linux")]
fn keyring_is_there() -> Result<(), String> {
    let start = || -> zbus::Result<()> {
        let bus = zbus::blocking::Connection::session()?;
        let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        let name = zbus::names::WellKnownName::try_from("org.freedesktop.secrets")?;
        // A service that nobody can start, because somebody started it by hand, is no error.
        if !names.name_has_owner(name.as_ref().into())? {
            names.start_service_by_name(name, 0)?;
        }
        Ok(())
    };
    start().map_err(|error| error.to_string())
}

/// Elsewhere it is a part of the system.
#[cfg(not(target_os = "linux"))]
fn keyring_is_there() -> Result<(), String> {
    Ok(())
}

/// Whether asking for a keyring makes sense. On Linux and the BSDs it lives on the session bus, and
/// looking for one where there is none can start one.
#[cfg(all(unix, not(target_os = "macos")))]
fn may_have_keyring() -> bool {
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn may_have_keyring() -> bool {
    true
}

#[cfg(test)]
mod tests;
