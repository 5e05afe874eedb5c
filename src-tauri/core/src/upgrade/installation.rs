//! How the running program came onto this computer: by that it is told how a newer one comes here.

use std::path::Path;

/// A kind of installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// By the setup for Windows.
    Setup,
    /// A folder on Windows that nobody has installed.
    Portable,
    /// By the package manager of Debian or Ubuntu.
    Deb,
    /// By the one of Fedora or openSUSE.
    Rpm,
    /// Out of the archive for any Linux.
    Tarball,
    /// None of these: built on this computer, or packed by somebody else.
    Other,
}

/// Each package for Linux has a file with the word of its kind, below the folder that `bin` is in.
#[cfg(not(windows))]
const MARK: &str = "share/esim-watch/package";

/// Where the setup notes what it has installed.
#[cfg(windows)]
const UNINSTALL_KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\watch.esim.desk";

impl Installation {
    /// The running program's.
    #[must_use]
    pub fn of_this_program() -> Installation {
        match std::env::current_exe().and_then(std::fs::canonicalize) {
            Ok(program) => Installation::of(&program),
            Err(error) => {
                tracing::warn!(%error, "where the program was started from is not known");
                Installation::Other
            }
        }
    }

    #[cfg(not(windows))]
    fn of(program: &Path) -> Installation {
        let folder = program.parent().and_then(Path::parent);
        // Without a mark it is none of the packages'.
        let mark = folder.and_then(|folder| std::fs::read_to_string(folder.join(MARK)).ok());
        match mark.as_deref().map(str::trim) {
            Some("deb") => Installation::Deb,
            Some("rpm") => Installation::Rpm,
            Some("tarball") => Installation::Tarball,
            _ => Installation::Other,
        }
    }

    /// A folder that somebody copied from where the setup had put it is none that a setup would replace.
    #[cfg(windows)]
    fn of(program: &Path) -> Installation {
        let installed = windows_registry::CURRENT_USER
            .open(UNINSTALL_KEY)
            .and_then(|key| key.get_string("InstallLocation"));
        // Where there is no such key, nothing is installed.
        let installed = installed.ok().map(std::fs::canonicalize);
        match (installed, program.parent()) {
            (Some(Ok(installed)), Some(folder)) if installed == folder => Installation::Setup,
            _ => Installation::Portable,
        }
    }

    /// Its packages in a manifest, the best first.
    pub(super) fn platforms(self) -> Vec<String> {
        let arch = std::env::consts::ARCH;
        let names: &[&str] = match self {
            // As the Tauri updater looks for them.
            Installation::Setup => &["windows-{}-nsis", "windows-{}"],
            Installation::Portable => &["windows-{}-zip"],
            Installation::Deb => &["linux-{}-deb"],
            Installation::Rpm => &["linux-{}-rpm"],
            Installation::Tarball => &["linux-{}-tarball"],
            Installation::Other => &[],
        };
        names.iter().map(|name| name.replace("{}", arch)).collect()
    }
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_the_package_tells_the_kind_and_without_one_it_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("bin/esim-watch");
        assert_eq!(Installation::of(&program), Installation::Other);
        let mark = dir.path().join(MARK);
        std::fs::create_dir_all(mark.parent().unwrap()).unwrap();
        for (word, kind) in [
            ("deb\n", Installation::Deb),
            ("rpm", Installation::Rpm),
            ("tarball\n", Installation::Tarball),
            ("flatpak", Installation::Other),
        ] {
            std::fs::write(&mark, word).unwrap();
            assert_eq!(Installation::of(&program), kind, "{word}");
        }
    }
}
