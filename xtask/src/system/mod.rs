//! Brings the operating system into the state that building, running or testing needs.
//!
//! On Debian and its descendants missing packages are installed, after saying which and why. Everywhere
//! else nothing is installed: what is missing is named together with the command that installs it.
//! Must not know what is done with the packages.

mod debian;
mod elsewhere;
mod os_release;

use anyhow::bail;
use xshell::{Shell, cmd};

use self::os_release::{Family, OsRelease};

/// What the machine is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Building and starting the program.
    Run,
    /// Running every test as well.
    Test,
    /// Compiling for Windows as well, and trying what was compiled.
    Windows,
    /// Making packages of what was built for both systems, and installing and starting them.
    Package,
}

impl Purpose {
    /// Itself, and the purposes that it needs everything of.
    const fn needs(self) -> &'static [Self] {
        match self {
            Self::Run => &[Self::Run],
            Self::Test => &[Self::Run, Self::Test],
            Self::Windows => &[Self::Run, Self::Windows],
            Self::Package => &[Self::Run, Self::Test, Self::Windows, Self::Package],
        }
    }
}

/// Makes sure that everything outside of Rust and Node is there, or says what is missing.
pub fn prepare(sh: &Shell, purpose: Purpose) -> anyhow::Result<()> {
    match std::env::consts::OS {
        "linux" => {
            let release = OsRelease::of_this_machine();
            match release.family() {
                Family::Debian => debian::prepare(sh, &release, purpose),
                _ if purpose == Purpose::Package => bail!(
                    "packages, those for Windows included, are made on Debian or Ubuntu, which have all that makes them"
                ),
                family => elsewhere::prepare_linux(sh, &release, family, purpose),
            }
        }
        "macos" => elsewhere::prepare_macos(sh),
        "windows" => {
            elsewhere::prepare_windows();
            Ok(())
        }
        other => {
            eprintln!("eSIM Watch isn't tried on {other}: going on with what is installed.");
            Ok(())
        }
    }
}

/// Whether [`prepare`] has nothing to install.
///
/// # Errors
/// The system does not say what is installed.
pub fn is_prepared(sh: &Shell, purpose: Purpose) -> anyhow::Result<bool> {
    let is_debian = || OsRelease::of_this_machine().family() == Family::Debian;
    if std::env::consts::OS == "linux" && is_debian() {
        return debian::is_prepared(sh, purpose);
    }
    Ok(true)
}

/// Whether a program of this name is found in the search path.
fn has_program(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|directory| directory.join(name).is_file())
    })
}

/// Whether pkg-config finds a library's development files.
fn has_library(sh: &Shell, name: &str) -> bool {
    cmd!(sh, "pkg-config --exists {name}")
        .quiet()
        .ignore_stderr()
        .run()
        .is_ok()
}
