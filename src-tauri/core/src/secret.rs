//! The webhook's signing secrets: the current one and, during a rotation, the one before.
//!
//! They are kept in the system's keyring. Where there is none (a server, a bare desktop) they are in
//! a file in the data directory that only its owner can read, and the window says so. They are
//! never in the database, a log, an export or the window's state.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use crate::display_in_english;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::paths::IDENTIFIER;

const FILE: &str = "webhook-secret";

/// How long the keyring may take. One that waits for a password can't be waited for: the window is
/// not there yet.
const KEYRING_TIME: Duration = Duration::from_secs(3);

/// A signing secret. Never shown: not by `Debug`, not in logs, exports or the window.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret as the user pasted it, without white space around it; `None` if nothing is left.
    #[must_use]
    pub fn new(text: &str) -> Option<Secret> {
        let text = text.trim();
        (!text.is_empty() && !text.contains(['\n', '\r'])).then(|| Secret(text.to_owned()))
    }

    /// The secret itself, for computing a signature.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secrets that count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// What the provider signs with now; `None`: signatures are not checked.
    pub current: Option<Secret>,
    /// What it signed with before, while both are accepted.
    pub previous: Option<Secret>,
}

impl Secrets {
    /// The secrets that `ESIM_WATCH_WEBHOOK_SECRET` and, during a rotation,
    /// `ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS` give; they win over the stored ones. Not command-line
    /// options: those can be read by every user of the machine. `None`: the first is not set.
    #[must_use]
    pub fn from_environment() -> Option<Secrets> {
        // A value that is no text is no secret that a provider's portal could hold.
        let named = |name| Secret::new(&std::env::var(name).ok()?);
        Some(Secrets {
            current: Some(named("ESIM_WATCH_WEBHOOK_SECRET")?),
            previous: named("ESIM_WATCH_WEBHOOK_SECRET_PREVIOUS"),
        })
    }

    /// All of them, the current one first.
    #[must_use]
    pub fn all(&self) -> Vec<Secret> {
        self.current.iter().chain(&self.previous).cloned().collect()
    }
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The system's keyring.
    Keyring,
    /// A file that only its owner can read.
    File,
}

impl Place {
    /// As it is remembered.
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Place::Keyring => "keyring",
            Place::File => "file",
        }
    }

    /// What [`Place::as_text`] has written.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Place> {
        [Place::Keyring, Place::File]
            .into_iter()
            .find(|place| place.as_text() == text)
    }
}

/// Why secrets can't be read or written. Each text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file can't be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        reason: IoReason,
    },
    /// They were kept, and are not there any more.
    Gone,
    /// The keyring, where they are, can't be opened now.
    Keyring(KeyringReason),
}

/// Why the keyring can't be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringReason {
    /// This session has none.
    None,
    /// It did not answer in time.
    TooSlow,
    /// Anything else, in the system's words.
    Other(String),
}

display_in_english!(VaultError);

impl ToMessage for VaultError {
    fn to_message(&self) -> Message {
        match self {
            VaultError::File { path, reason } => Message::of("error.secret.file")
                .with("path", path.as_path())
                .with("reason", reason.to_message()),
            VaultError::Gone => Message::of("error.secret.gone"),
            VaultError::Keyring(reason) => {
                Message::of("error.secret.keyring").with("reason", reason.to_message())
            }
        }
    }
}

impl ToMessage for KeyringReason {
    fn to_message(&self) -> Message {
        match self {
            KeyringReason::None => Message::of("keyring.reason.none"),
            KeyringReason::TooSlow => Message::of("keyring.reason.tooSlow"),
            KeyringReason::Other(text) => Message::quoted(text),
        }
    }
}

/// Keeps the secrets of one data directory.
#[derive(Debug, Clone)]
pub struct Vault {
    data_dir: PathBuf,
    with_keyring: bool,
}

impl Vault {
    /// The vault of this data directory, with the system's keyring or with a file only.
    #[must_use]
    pub fn new(data_dir: &Path, with_keyring: bool) -> Vault {
        Vault {
            data_dir: data_dir.to_owned(),
            with_keyring,
        }
    }

    /// Reads the secrets from where they were put. Blocks.
    ///
    /// # Errors
    /// [`VaultError`] if there are some that can't be read; without them nothing could be verified.
    pub fn load(&self, place: Option<Place>) -> Result<Secrets, VaultError> {
        let text = match place {
            Some(Place::Keyring) => self.keyring(|entry| entry.get_password())?,
            Some(Place::File) | None => self.read_file()?,
        };
        // A secret that was put there and is gone must not switch the check off unnoticed.
        if let (Some(_), "") = (place, text.trim()) {
            return Err(VaultError::Gone);
        }
        let mut lines = text.lines().map(Secret::new);
        Ok(Secrets {
            current: lines.next().flatten(),
            previous: lines.next().flatten(),
        })
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
        let kept = self.keyring(move |entry| entry.set_password(&text).map(|()| String::new()));
        match kept {
            Ok(_) => {
                self.remove_file()?;
                Ok(Place::Keyring)
            }
            Err(error) => {
                tracing::info!(%error, "no keyring: the signing secret is kept in a file");
                self.write_file(secrets)?;
                Ok(Place::File)
            }
        }
    }

    /// Forgets the secrets, wherever they are. A keyring that can't be opened keeps its entry, which
    /// nothing asks for any more. Blocks.
    ///
    /// # Errors
    /// [`VaultError`] if the file is still there.
    pub fn clear(&self, place: Option<Place>) -> Result<(), VaultError> {
        self.remove_file()?;
        if place == Some(Place::Keyring)
            && let Err(error) =
                self.keyring(|entry| entry.delete_credential().map(|()| String::new()))
        {
            tracing::warn!(%error, "the signing secret was not removed from the keyring");
        }
        Ok(())
    }

    /// Does something with the keyring's entry, within [`KEYRING_TIME`]. No entry is an empty text.
    fn keyring(
        &self,
        act: impl FnOnce(&keyring::Entry) -> keyring::Result<String> + Send + 'static,
    ) -> Result<String, VaultError> {
        if !self.with_keyring || !may_have_keyring() {
            return Err(VaultError::Keyring(KeyringReason::None));
        }
        let user = format!("webhook-secret {}", self.data_dir.display());
        let (done, outcome) = mpsc::channel();
        // A thread of its own, because the keyring may never answer.
        std::thread::spawn(move || {
            let acted = keyring::Entry::new(IDENTIFIER, &user).and_then(|entry| act(&entry));
            let acted = match (acted, keyring::Entry::store_status()) {
                // Why there is none says more than that there is none.
                (Err(keyring::Error::NoDefaultStore), Err(why)) => Err(why.to_string()),
                (Err(keyring::Error::NoEntry), _) => Ok(String::new()),
                (acted, _) => acted.map_err(|error| error.to_string()),
            };
            // Nobody waits any more if it took too long.
            let _ = done.send(acted);
        });
        match outcome.recv_timeout(KEYRING_TIME) {
            Ok(acted) => acted.map_err(|text| VaultError::Keyring(KeyringReason::Other(text))),
            Err(_) => Err(VaultError::Keyring(KeyringReason::TooSlow)),
        }
    }

    fn path(&self) -> PathBuf {
        self.data_dir.join(FILE)
    }

    fn file_error(&self, error: io::Error) -> VaultError {
        VaultError::File {
            path: self.path(),
            reason: IoReason::from(&error),
        }
    }

    fn read_file(&self) -> Result<String, VaultError> {
        match fs::read_to_string(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            other => other.map_err(|error| self.file_error(error)),
        }
    }

    fn remove_file(&self) -> Result<(), VaultError> {
        match fs::remove_file(self.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.file_error(error)),
            _ => Ok(()),
        }
    }

    /// The old file stays until the new one is completely written.
    fn write_file(&self, secrets: &Secrets) -> Result<(), VaultError> {
        let fresh = self.data_dir.join(format!("{FILE}.new"));
        let write = || -> io::Result<()> {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&fresh)?;
            for secret in secrets.all() {
                writeln!(file, "{}", secret.reveal())?;
            }
            file.sync_all()?;
            fs::rename(&fresh, self.path())
        };
        write().map_err(|error| self.file_error(error))
    }
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
mod tests {
    use super::*;

    fn secrets(current: &str, previous: Option<&str>) -> Secrets {
        Secrets {
            current: Secret::new(current),
            previous: previous.and_then(Secret::new),
        }
    }

    #[test]
    fn secrets_in_a_file_are_kept_replaced_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::new(dir.path(), false);
        assert_eq!(vault.load(None).unwrap(), Secrets::default());
        vault.write_file(&secrets(" first \n", None)).unwrap();
        assert_eq!(
            vault.load(Some(Place::File)).unwrap(),
            secrets("first", None)
        );
        vault.write_file(&secrets("second", Some("first"))).unwrap();
        assert_eq!(
            vault.load(Some(Place::File)).unwrap(),
            secrets("second", Some("first"))
        );
        vault.clear(Some(Place::File)).unwrap();
        vault.clear(None).unwrap();
        assert_eq!(vault.load(None).unwrap(), Secrets::default());
    }

    #[test]
    fn a_secret_that_is_gone_is_told_and_not_taken_for_none() {
        let dir = tempfile::tempdir().unwrap();
        let gone = Vault::new(dir.path(), false).load(Some(Place::File));
        assert!(matches!(gone, Err(VaultError::Gone)));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        Vault::new(dir.path(), false)
            .write_file(&secrets("s", None))
            .unwrap();
        let mode = fs::metadata(dir.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_secret_is_never_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Some(Secret(…))");
    }

    #[test]
    fn text_of_two_lines_is_no_secret() {
        assert_eq!(Secret::new("one\ntwo"), None);
        assert_eq!(Secret::new(" \n "), None);
    }

    #[test]
    fn blanks_inside_of_a_secret_belong_to_it() {
        assert_eq!(Secret::new(" a b ").unwrap().reveal(), "a b");
    }

    #[test]
    fn the_current_secret_comes_before_the_previous_one() {
        let all = secrets("second", Some("first")).all();
        let texts: Vec<&str> = all.iter().map(Secret::reveal).collect();
        assert_eq!(texts, ["second", "first"]);
    }

    #[test]
    fn a_place_survives_its_text() {
        for place in [Place::Keyring, Place::File] {
            assert_eq!(Place::from_text(place.as_text()), Some(place));
        }
        assert_eq!(Place::from_text("under the mat"), None);
    }

    #[test]
    fn without_a_keyring_secrets_go_into_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::new(dir.path(), false);
        let place = vault.store(&secrets("s", None)).unwrap();
        assert_eq!(place, Place::File);
        assert_eq!(vault.load(Some(place)).unwrap(), secrets("s", None));
    }

    #[test]
    fn what_is_in_a_keyring_that_is_not_there_cannot_be_read() {
        let dir = tempfile::tempdir().unwrap();
        let unreadable = Vault::new(dir.path(), false).load(Some(Place::Keyring));
        assert!(matches!(unreadable, Err(VaultError::Keyring(_))));
    }

    #[test]
    fn an_empty_file_is_not_taken_for_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), " \n").unwrap();
        let gone = Vault::new(dir.path(), false).load(Some(Place::File));
        assert!(matches!(gone, Err(VaultError::Gone)));
    }

    #[test]
    fn a_file_that_was_not_finished_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::new(dir.path(), false);
        vault.store(&secrets("good", None)).unwrap();
        fs::write(dir.path().join(format!("{FILE}.new")), "ha").unwrap();
        let kept = vault.load(Some(Place::File)).unwrap();
        assert_eq!(kept, secrets("good", None));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        fs::create_dir(&path).unwrap();
        let unreadable = Vault::new(dir.path(), false).load(Some(Place::File));
        let Err(VaultError::File { path: named, .. }) = unreadable else {
            panic!("{unreadable:?}");
        };
        assert_eq!(named, path);
    }

    #[test]
    fn what_cannot_be_written_is_told_and_leaves_what_was_kept() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::new(dir.path(), false);
        vault.store(&secrets("old", None)).unwrap();
        fs::create_dir(dir.path().join(format!("{FILE}.new"))).unwrap();
        let refused = vault.store(&secrets("new", None));
        assert!(matches!(refused, Err(VaultError::File { .. })));
        let kept = vault.load(Some(Place::File)).unwrap();
        assert_eq!(kept, secrets("old", None));
    }
}
