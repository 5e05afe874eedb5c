//! The webhook's signing secret: a file in the data directory that only its owner can read.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

const FILE: &str = "webhook-secret";

/// A signing secret. Never shown: not by `Debug`, not in logs, exports or the window.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret as the user pasted it, without white space around it; `None` if nothing is left.
    #[must_use]
    pub fn new(text: &str) -> Option<Secret> {
        let text = text.trim();
        (!text.is_empty()).then(|| Secret(text.to_owned()))
    }

    /// The secret that `ESIM_WATCH_WEBHOOK_SECRET` gives, which wins over the stored one. Not a
    /// command-line option: those can be read by every user of the machine.
    #[must_use]
    pub fn from_environment() -> Option<Secret> {
        // A value that is no text is no secret that Roamify's portal could hold.
        Secret::new(&std::env::var("ESIM_WATCH_WEBHOOK_SECRET").ok()?)
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

/// Reads the stored secret; `None`: none is stored.
///
/// # Errors
/// The operating system's, if there is one that can't be read.
pub fn load(data_dir: &Path) -> io::Result<Option<Secret>> {
    match fs::read_to_string(data_dir.join(FILE)) {
        Ok(text) => Ok(Secret::new(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Stores the secret, or removes it. The old one stays until the new one is completely written.
///
/// # Errors
/// The operating system's; then the old secret is still there.
pub fn store(data_dir: &Path, secret: Option<&Secret>) -> io::Result<()> {
    let path = data_dir.join(FILE);
    let Some(secret) = secret else {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    let fresh = data_dir.join(format!("{FILE}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(secret.reveal().as_bytes())?;
    file.sync_all()?;
    fs::rename(fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_replaced_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(load(dir.path()).unwrap(), None);
        store(dir.path(), Secret::new(" first \n").as_ref()).unwrap();
        assert_eq!(load(dir.path()).unwrap().unwrap().reveal(), "first");
        store(dir.path(), Secret::new("second").as_ref()).unwrap();
        assert_eq!(load(dir.path()).unwrap().unwrap().reveal(), "second");
        store(dir.path(), None).unwrap();
        store(dir.path(), None).unwrap();
        assert_eq!(load(dir.path()).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        store(dir.path(), Secret::new("s").as_ref()).unwrap();
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
}
