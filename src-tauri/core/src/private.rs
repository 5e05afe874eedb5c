//! Files and folders that their owner alone may read: they hold the webhook's address, travellers' names and signing
//! secrets.
//!
//! Unix has permissions for that. On Windows a folder below `%LOCALAPPDATA%` is its owner's as it is; one elsewhere
//! is as private as whoever made it decided.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::held;

/// What the owner alone may do: with a folder, with a file.
#[cfg(unix)]
const PRIVATE_FOLDER: u32 = 0o700;
#[cfg(unix)]
const PRIVATE_FILE: u32 = 0o600;

/// Names of the program's files begin so.
#[cfg(unix)]
const OURS: [&str; 3] = ["esim-watch.", "webhook-secret", "api-token"];

/// Creates a folder, and those above it where they are missing.
///
/// # Errors
/// The system's.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, PRIVATE_FOLDER);
    folder.create(path)
}

/// Creates a file in place of whatever has its name, be that a link to elsewhere.
///
/// # Errors
/// The system's.
pub fn create_file(path: &Path) -> io::Result<File> {
    match held::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    owners_alone(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// Tells what leads to a pipe, a socket or a device: whoever opens or reads one may wait for ever. A file that is not
/// there is for others to miss, and so is a folder.
///
/// # Errors
/// It is neither a file nor a folder: [`io::ErrorKind::NotSeekable`].
pub(crate) fn ordinary(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(io::ErrorKind::NotSeekable.into()),
        _ => Ok(()),
    }
}

/// Opens a file to add to it, creating it where it is missing. What is in it stays.
///
/// # Errors
/// The system's; one that is neither a file nor a folder: [`io::ErrorKind::NotSeekable`].
pub fn open_file(path: &Path) -> io::Result<File> {
    ordinary(path)?;
    // For reading as well: Windows locks no file that is only added to (`std::fs::File::lock`).
    owners_alone(OpenOptions::new().read(true).append(true).create(true)).open(path)
}

fn owners_alone(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, PRIVATE_FILE);
    options
}

/// Takes a data folder, and the program's files in it, away from everybody but their owner: versions before made them
/// as open as the system's usual. `home` is left as it is, and so is a folder of which everybody owns a part, as `/tmp`
/// is. Returns whether anything was open.
#[cfg(unix)]
pub(crate) fn tighten(folder: &Path, home: Option<&Path>) -> bool {
    use std::os::unix::fs::PermissionsExt;

    const FOR_OTHERS: u32 = 0o077;
    const STICKY: u32 = 0o1000;
    let close = |path: &Path, mode: u32| {
        let closed = fs::set_permissions(path, fs::Permissions::from_mode(mode));
        if let Err(error) = &closed {
            tracing::warn!(path = %path.display(), %error, "others on this computer can read what is kept");
        }
        closed.is_ok()
    };
    let mode = |path: &Path| Some(fs::symlink_metadata(path).ok()?.permissions().mode());
    let is_home = home.is_some_and(|home| home == folder);
    let mut any = false;
    if mode(folder).is_some_and(|mode| mode & STICKY != 0) {
        tracing::warn!(
            folder = %folder.display(),
            "other users of this computer can write to the data folder: choose one that is yours alone"
        );
    }
    if mode(folder).is_some_and(|mode| mode & FOR_OTHERS != 0 && mode & STICKY == 0) && !is_home {
        any |= close(folder, PRIVATE_FOLDER);
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        OURS.iter()
            .any(|ours| name.to_string_lossy().starts_with(ours))
    };
    for entry in entries.filter(is_ours) {
        let (path, is_file) = (
            entry.path(),
            entry.file_type().is_ok_and(|kind| kind.is_file()),
        );
        if is_file && mode(&path).is_some_and(|mode| mode & FOR_OTHERS != 0) {
            any |= close(&path, PRIVATE_FILE);
        }
    }
    any
}

#[cfg(not(unix))]
pub(crate) fn tighten(_folder: &Path, _home: Option<&Path>) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_created_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/b");
        create_folder(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&dir.path().join("a"))), (0o700, 0o700));
        let (fresh, kept) = (folder.join("fresh"), folder.join("kept"));
        fs::write(&fresh, "old").unwrap();
        set(&fresh, 0o666);
        create_file(&fresh).unwrap();
        assert_eq!((mode(&fresh), fs::read(&fresh).unwrap()), (0o600, vec![]));
        open_file(&kept).unwrap();
        fs::write(&kept, "old").unwrap();
        open_file(&kept).unwrap();
        assert_eq!(
            (mode(&kept), fs::read_to_string(&kept).unwrap()),
            (0o600, "old".to_owned())
        );
    }

    #[test]
    fn a_link_in_the_place_of_a_new_file_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let (elsewhere, link) = (dir.path().join("elsewhere"), dir.path().join("link"));
        fs::write(&elsewhere, "theirs").unwrap();
        symlink(&elsewhere, &link).unwrap();
        create_file(&link).unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs");
        assert!(fs::symlink_metadata(&link).unwrap().is_file());
    }

    #[test]
    fn what_was_open_is_closed_once_and_nothing_of_others_is_touched() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        fs::create_dir(&folder).unwrap();
        let (ours, theirs) = (folder.join("esim-watch.db-wal"), folder.join("invoice.pdf"));
        for path in [&ours, &theirs] {
            fs::write(path, "x").unwrap();
            set(path, 0o644);
        }
        set(&folder, 0o755);
        assert!(tighten(&folder, None));
        assert_eq!(
            (mode(&folder), mode(&ours), mode(&theirs)),
            (0o700, 0o600, 0o644)
        );
        assert!(!tighten(&folder, None));
        // A system on which groups may write.
        set(&folder, 0o775);
        assert!(tighten(&folder, None));
        assert_eq!(mode(&folder), 0o700);
        // Somebody's home, and a folder that many write to.
        set(&folder, 0o755);
        assert!(!tighten(&folder, Some(&folder)));
        assert_eq!(mode(&folder), 0o755);
        set(&folder, 0o1777);
        assert!(!tighten(&folder, None));
        assert_eq!(mode(&folder), 0o1777);
    }

    #[test]
    fn what_leads_to_no_file_is_told_and_never_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (pipe, link) = (dir.path().join("pipe"), dir.path().join("link"));
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
        symlink("/dev/zero", &link).unwrap();
        for path in [&pipe, &link] {
            let kind = |result: io::Result<()>| result.unwrap_err().kind();
            assert_eq!(kind(ordinary(path)), io::ErrorKind::NotSeekable);
            assert_eq!(kind(open_file(path).map(drop)), io::ErrorKind::NotSeekable);
        }
        // A link to a file is as good as the file.
        let (file, other) = (dir.path().join("file"), dir.path().join("other"));
        fs::write(&file, "x").unwrap();
        symlink(&file, &other).unwrap();
        ordinary(&other).unwrap();
        ordinary(&dir.path().join("missing")).unwrap();
    }
}
