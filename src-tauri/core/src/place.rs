//! Whether a folder is on a disk of this computer alone: a database is not safe in a folder that is synchronised or on
//! a network drive.
//!
//! What synchronises copies files while they are written and puts older ones back; SQLite's locks are not kept by most
//! network file systems (sqlite.org/howtocorrupt.html). What is found is told and nothing else: whoever chose the place
//! may have no other.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::message::{Message, ToMessage};

#[cfg(any(target_os = "linux", test))]
mod mounts;

/// What tells where OneDrive has its folder, on Windows.
const ONEDRIVE_VARIABLES: [&str; 3] = ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"];

/// Names that services give to the folder they synchronise; Google's in the six languages. On macOS
/// (`~/Library/CloudStorage`) and with several accounts something follows: `OneDrive - Contoso`, `Dropbox (Contoso)`,
/// `GoogleDrive-anna@example.com`.
const FOLDERS: [(&str, &str); 19] = [
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("mi unidad", "Google Drive"),
    ("mon drive", "Google Drive"),
    ("meine ablage", "Google Drive"),
    ("il mio drive", "Google Drive"),
    ("meu drive", "Google Drive"),
    ("o meu disco", "Google Drive"),
    ("iclouddrive", "iCloud"),
    ("icloud drive", "iCloud"),
    ("mobile documents", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("nextcloud", "Nextcloud"),
    ("nextcloud2", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("seafile", "Seafile"),
];

/// What may follow the name of such a folder.
const BEHIND_A_NAME: [&str; 3] = [" - ", " (", "-"];

/// Why a folder is no place for a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsafePlace {
    /// A service copies what is in it to other computers.
    Synchronised {
        /// The folder.
        path: PathBuf,
        /// Which one, by its name.
        service: &'static str,
    },
    /// It is on another computer's disk.
    Network {
        /// The folder.
        path: PathBuf,
    },
}

impl ToMessage for UnsafePlace {
    fn to_message(&self) -> Message {
        match self {
            UnsafePlace::Synchronised { path, service } => Message::of("place.synchronised")
                .with("path", path.as_path())
                .with("service", *service),
            UnsafePlace::Network { path } => {
                Message::of("place.network").with("path", path.as_path())
            }
        }
    }
}

crate::display_in_english!(UnsafePlace);

/// What is wrong with the place of a folder that exists; `None` if nothing is known to be.
#[must_use]
pub fn judge(folder: &Path) -> Option<UnsafePlace> {
    let real = real(folder);
    let path = || folder.to_owned();
    let roots = ONEDRIVE_VARIABLES.iter().filter_map(std::env::var_os);
    if is_on_the_network(&real) {
        return Some(UnsafePlace::Network { path: path() });
    }
    let service = match is_below_any(&[folder, &real], roots) {
        true => Some("OneDrive"),
        false => synchronised_by(&real).or_else(|| synchronised_by(folder)),
    };
    service.map(|service| UnsafePlace::Synchronised {
        path: path(),
        service,
    })
}

/// Where a folder is, whatever links, mapped letters of drives and the current folder lead there; one that can't be
/// followed is where it says.
fn real(folder: &Path) -> PathBuf {
    std::fs::canonicalize(folder)
        .or_else(|_| std::path::absolute(folder))
        .unwrap_or_else(|_| folder.to_owned())
}

/// Whether one of these paths is in one of the folders that variables name. A variable that names a whole drive, or
/// nothing, names no such folder.
fn is_below_any(paths: &[&Path], roots: impl Iterator<Item = OsString>) -> bool {
    roots.map(PathBuf::from).any(|root| {
        let is_folder = root.is_absolute() && root.parent().is_some();
        let below = |root: &Path| paths.iter().any(|path| is_below(path, root));
        is_folder && (below(&root) || below(&real(&root)))
    })
}

/// Whether a path is a folder or in it; by capital letters as well as by small ones where the system takes both for one.
fn is_below(path: &Path, folder: &Path) -> bool {
    let alike =
        |(of_path, of_folder): (Component<'_>, Component<'_>)| match cfg!(target_os = "linux") {
            true => of_path == of_folder,
            false => letters(of_path) == letters(of_folder),
        };
    path.components().count() >= folder.components().count()
        && path.components().zip(folder.components()).all(alike)
}

/// Which service the folders above say that it synchronises them.
fn synchronised_by(path: &Path) -> Option<&'static str> {
    path.components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .find_map(|part| service(&letters(part)))
}

/// Which service gives such a name, in small letters, to its folder.
fn service(name: &str) -> Option<&'static str> {
    // A team's: "Contoso Dropbox".
    if name.ends_with(" dropbox") {
        return Some("Dropbox");
    }
    FOLDERS.iter().find_map(|(folder, service)| {
        let rest = name.strip_prefix(folder)?;
        let is_it = rest.is_empty() || BEHIND_A_NAME.iter().any(|mark| rest.starts_with(mark));
        is_it.then_some(*service)
    })
}

fn letters(part: Component<'_>) -> String {
    part.as_os_str().to_string_lossy().to_lowercase()
}

/// By what is mounted there.
#[cfg(target_os = "linux")]
fn is_on_the_network(real: &Path) -> bool {
    // Without it nothing is known, and nothing told.
    std::fs::read_to_string("/proc/self/mountinfo")
        .is_ok_and(|mounts| mounts::is_on_the_network(&mounts, real))
}

/// By the path: also what is behind the letter of a network drive has its server in the path that Windows finally
/// comes to (`GetFinalPathNameByHandle`, which [`real`] asks).
#[cfg(windows)]
fn is_on_the_network(real: &Path) -> bool {
    use std::path::Prefix;

    let first = real.components().next();
    matches!(first, Some(Component::Prefix(prefix))
        if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)))
}

/// By what the system says of its file system.
#[cfg(target_os = "macos")]
fn is_on_the_network(real: &Path) -> bool {
    /// `MNT_LOCAL` of sys/mount.h.
    const LOCAL: u32 = 0x1000;
    rustix::fs::statfs(real).is_ok_and(|told| told.f_flags & LOCAL == 0)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn is_on_the_network(_real: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_a_service_is_known_by_its_name() {
        for (path, service) in [
            ("/home/anna/Dropbox/desk", "Dropbox"),
            ("/home/anna/Contoso Dropbox/Anna/desk", "Dropbox"),
            ("/home/anna/Dropbox (Contoso)/desk", "Dropbox"),
            ("/home/anna/OneDrive - Contoso/Documents/desk", "OneDrive"),
            (
                "/Users/anna/Library/CloudStorage/OneDrive-Contoso/desk",
                "OneDrive",
            ),
            (
                "/Users/anna/Library/CloudStorage/GoogleDrive-anna@example.com/desk",
                "Google Drive",
            ),
            ("/mnt/g/Meine Ablage/desk", "Google Drive"),
            (
                "/Users/anna/Library/Mobile Documents/com~apple~CloudDocs/desk",
                "iCloud",
            ),
            ("/home/anna/iCloudDrive/desk", "iCloud"),
            ("/home/anna/nextcloud", "Nextcloud"),
        ] {
            assert_eq!(synchronised_by(Path::new(path)), Some(service), "{path}");
        }
    }

    #[test]
    fn a_name_that_only_resembles_one_is_none() {
        for path in [
            "/home/anna/.local/share/watch.esim.desk",
            "/home/anna/Dropboxes/desk",
            "/home/onedriver/desk",
            "/srv/nextclouds",
            "/home/anna/drive",
        ] {
            assert_eq!(synchronised_by(Path::new(path)), None, "{path}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_share_is_on_the_network_and_a_drive_is_not() {
        for there in [r"\\server\share\desk", r"\\?\UNC\server\share\desk"] {
            assert!(is_on_the_network(Path::new(there)), "{there}");
        }
        for here in [r"C:\Users\anna\desk", r"\\?\C:\Users\anna\desk"] {
            assert!(!is_on_the_network(Path::new(here)), "{here}");
        }
    }

    #[test]
    fn what_a_variable_names_holds_what_is_below_it_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (root, desk) = (dir.path().join("Cloud"), dir.path().join("Cloud/a/desk"));
        let beside = dir.path().join("Cloudless");
        for folder in [&desk, &beside] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let named = |root: &Path| [root.as_os_str().to_owned()].into_iter();
        assert!(is_below_any(&[&desk], named(&root)));
        assert!(is_below_any(&[&root], named(&root)));
        assert!(!is_below_any(&[&beside], named(&root)));
        assert!(!is_below_any(&[dir.path()], named(&root)));
        for nothing in ["", "/", "Cloud"] {
            assert!(
                !is_below_any(&[&desk], named(Path::new(nothing))),
                "{nothing}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_where_a_folder_is() {
        let dir = tempfile::tempdir().unwrap();
        let (there, link) = (dir.path().join("Dropbox/desk"), dir.path().join("desk"));
        std::fs::create_dir_all(&there).unwrap();
        std::os::unix::fs::symlink(&there, &link).unwrap();
        let found = judge(&link);
        assert_eq!(
            found,
            Some(UnsafePlace::Synchronised {
                path: link,
                service: "Dropbox"
            })
        );
        assert_eq!(judge(dir.path()), None);
    }
}
