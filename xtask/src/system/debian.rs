//! Debian, Ubuntu and their descendants: finds missing packages and installs them with apt-get.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use xshell::{Cmd, Shell, cmd};

use super::os_release::OsRelease;
use super::{Purpose, has_program};

/// One thing that is needed, and the package that brings it.
struct Package {
    /// The package's names, oldest first: distributions rename them. Any one installed is enough.
    names: &'static [&'static str],
    why: &'static str,
    needed_for: Purpose,
}

impl Package {
    const fn new(names: &'static [&'static str], needed_for: Purpose, why: &'static str) -> Self {
        Self {
            names,
            why,
            needed_for,
        }
    }
}

/// Each with its reason, and no more than is needed: TLS, SQLite and fonts come with the program.
const PACKAGES: [Package; 31] = [
    Package::new(
        &["build-essential"],
        Purpose::Run,
        "a C compiler for SQLite and cryptography",
    ),
    Package::new(&["pkg-config"], Purpose::Run, "finds the libraries below"),
    Package::new(
        &["libwebkit2gtk-4.1-dev"],
        Purpose::Run,
        "the web view that draws the window",
    ),
    Package::new(
        &["libdbus-1-dev"],
        Purpose::Run,
        "the way to the desktop's services",
    ),
    // GTK recommends it without depending on it, and aborts when its fallback icon can't be drawn.
    Package::new(
        &["librsvg2-common"],
        Purpose::Run,
        "draws GTK's own icons, which are SVG",
    ),
    Package::new(
        &["xvfb"],
        Purpose::Test,
        "a virtual display for the window tests",
    ),
    // Not dbus-daemon: up to Ubuntu 22.04 the daemon is part of this package, later it is pulled in.
    Package::new(
        &["dbus"],
        Purpose::Test,
        "a message bus of the tests' own, for notifications",
    ),
    Package::new(&["dunst"], Purpose::Test, "a real notification server"),
    Package::new(&["gnome-keyring"], Purpose::Test, "a real keyring"),
    Package::new(
        &["webkit2gtk-driver", "webkitgtk-webdriver"],
        Purpose::Test,
        "lets the tests look into the window",
    ),
    Package::new(
        &["imagemagick"],
        Purpose::Test,
        "takes pictures of the virtual display",
    ),
    Package::new(
        &["xfce4-panel"],
        Purpose::Test,
        "a real panel with a tray and a task bar",
    ),
    Package::new(
        &["xfwm4"],
        Purpose::Test,
        "a real window manager, which minimizes windows",
    ),
    Package::new(&["weston"], Purpose::Test, "a real Wayland compositor"),
    Package::new(
        &["wl-clipboard"],
        Purpose::Test,
        "another program that pastes on Wayland",
    ),
    Package::new(
        &["rustc-web"],
        Purpose::Windows,
        "a current compiler whose standard library can be compiled for Windows",
    ),
    Package::new(&["cargo-web"], Purpose::Windows, "its cargo"),
    Package::new(
        &["rust-web-src"],
        Purpose::Windows,
        "its standard library, as source",
    ),
    Package::new(
        &["gcc-mingw-w64-x86-64-posix"],
        Purpose::Windows,
        "compiles SQLite for Windows, and links",
    ),
    Package::new(
        &["g++-mingw-w64-x86-64-posix"],
        Purpose::Windows,
        "Windows' libraries for the linker",
    ),
    Package::new(
        &["debootstrap"],
        Purpose::Windows,
        "unpacks a newer Debian, for its wine",
    ),
    Package::new(
        &["debian-archive-keyring"],
        Purpose::Windows,
        "the keys by which that is known to be Debian's",
    ),
    Package::new(
        &["dpkg-dev"],
        Purpose::Package,
        "finds what the .deb depends on",
    ),
    Package::new(&["lintian"], Purpose::Package, "Debian's eye on the .deb"),
    Package::new(&["rpm"], Purpose::Package, "makes the .rpm"),
    Package::new(&["cpio"], Purpose::Package, "unpacks the .rpm"),
    Package::new(&["nsis"], Purpose::Package, "makes the setup for Windows"),
    Package::new(&["zip"], Purpose::Package, "makes the .zip"),
    Package::new(&["unzip"], Purpose::Package, "unpacks the .zip"),
    Package::new(
        &["appstream"],
        Purpose::Package,
        "checks what software centres are told",
    ),
    Package::new(
        &["desktop-file-utils"],
        Purpose::Package,
        "checks the entry in the menu",
    ),
];

/// Installs what is missing, after saying so. Nothing missing: does nothing, and needs no privileges.
pub fn prepare(sh: &Shell, release: &OsRelease, purpose: Purpose) -> anyhow::Result<()> {
    let missing = missing(&installed(sh)?, purpose);
    if missing.is_empty() {
        eprintln!("All system packages are there.");
        return Ok(());
    }
    eprintln!("{}", announcement(&missing));
    let names: Vec<&str> = missing.iter().map(|package| primary(package)).collect();
    let by_hand = format!(
        "apt-get install --no-install-recommends {}",
        names.join(" ")
    );
    let Some(rights) = Rights::of_this_user(sh)? else {
        bail!(
            "installing packages needs root, and there is no sudo here. As root, run:\n  apt-get update && {by_hand}"
        );
    };
    eprintln!(
        "Installing them with apt-get{}.",
        match rights {
            Rights::Root => "",
            Rights::Sudo => "; sudo may ask for your password",
        }
    );
    install(sh, rights, &missing).with_context(|| {
        format!(
            "apt-get could not install the packages on {}. eSIM Watch needs Debian 12, Ubuntu 22.04 or newer. By hand, as root:\n  {by_hand}",
            release.name()
        )
    })
}

/// Whether nothing is missing.
pub fn is_prepared(sh: &Shell, purpose: Purpose) -> anyhow::Result<bool> {
    Ok(missing(&installed(sh)?, purpose).is_empty())
}

/// By which right packages are installed.
#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    /// None: neither root, nor a sudo to become it.
    fn of_this_user(sh: &Shell) -> anyhow::Result<Option<Self>> {
        let user = cmd!(sh, "id -u").quiet().read()?;
        Ok(if user.trim() == "0" {
            Some(Self::Root)
        } else if has_program("sudo") {
            Some(Self::Sudo)
        } else {
            None
        })
    }

    fn apt_get(self, sh: &Shell) -> Cmd<'_> {
        let quiet = "DEBIAN_FRONTEND=noninteractive";
        let cmd = match self {
            Self::Root => cmd!(sh, "env {quiet} apt-get"),
            Self::Sudo => cmd!(sh, "sudo env {quiet} apt-get"),
        };
        // A fresh machine may be busy with its own upgrades: wait for them instead of failing.
        cmd.args(["-o", "DPkg::Lock::Timeout=300"])
    }
}

/// The names of all our packages that dpkg has as installed.
fn installed(sh: &Shell) -> anyhow::Result<BTreeSet<String>> {
    let names = PACKAGES.iter().flat_map(|package| package.names);
    // Its status is non-zero as soon as one of them is unknown; what it lists is right all the same.
    let format = r"--showformat=${Package}\t${Status}\n";
    let list = cmd!(sh, "dpkg-query --show {format} {names...}")
        .quiet()
        .ignore_status()
        .ignore_stderr()
        .read()
        .context("dpkg-query, which every Debian has, could not be started")?;
    Ok(parse_dpkg(&list))
}

/// Understands lines of `name<TAB>want ok status`. A removed package that left its configuration, or one
/// that was never configured, isn't installed.
fn parse_dpkg(list: &str) -> BTreeSet<String> {
    list.lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, status)| status.trim_end().ends_with(" ok installed"))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn missing(installed: &BTreeSet<String>, purpose: Purpose) -> Vec<&'static Package> {
    PACKAGES
        .iter()
        .filter(|package| purpose.needs().contains(&package.needed_for))
        .filter(|package| !package.names.iter().any(|name| installed.contains(*name)))
        .collect()
}

fn announcement(missing: &[&Package]) -> String {
    let width = missing.iter().map(|package| primary(package).len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::from("eSIM Watch needs system packages that are missing:");
    for package in missing {
        let line = format!("\n  {:width$}  {}", primary(package), package.why);
        text.push_str(&line);
    }
    text
}

fn primary(package: &Package) -> &'static str {
    package.names.first().copied().unwrap_or_default()
}

fn install(sh: &Shell, rights: Rights, missing: &[&Package]) -> anyhow::Result<()> {
    rights.apt_get(sh).arg("update").run()?;
    // Only after the update does apt know which of a package's names this release has.
    let names: Vec<&str> = missing
        .iter()
        .map(|package| {
            let known = package.names.iter().find(|name| is_known(sh, name));
            known.copied().unwrap_or(primary(package))
        })
        .collect();
    rights
        .apt_get(sh)
        .args(["install", "--yes", "--no-install-recommends"])
        .args(names)
        .run()?;
    Ok(())
}

fn is_known(sh: &Shell, name: &str) -> bool {
    cmd!(sh, "apt-cache show --no-all-versions {name}")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn names(packages: &[&Package]) -> Vec<&'static str> {
        packages.iter().map(|package| primary(package)).collect()
    }

    #[test]
    fn only_fully_installed_packages_count() {
        let list = "xvfb\tinstall ok installed\ndunst\tdeinstall ok config-files\ndbus\tinstall ok unpacked\nlibdbus-1-dev\thold ok installed\npkg-config\tunknown ok not-installed\n";
        assert_eq!(parse_dpkg(list), set(&["xvfb", "libdbus-1-dev"]));
    }

    #[test]
    fn a_bare_machine_lacks_everything_and_running_needs_no_test_packages() {
        let to_run = names(&missing(&set(&[]), Purpose::Run));
        assert!(to_run.contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!to_run.contains(&"xvfb"));
        assert!(names(&missing(&set(&[]), Purpose::Test)).contains(&"xvfb"));
        assert!(names(&missing(&set(&[]), Purpose::Windows)).contains(&"rustc-web"));
        assert_eq!(missing(&set(&[]), Purpose::Package).len(), PACKAGES.len());
    }

    #[test]
    fn what_is_there_is_not_asked_for_again() {
        let run = PACKAGES.iter().filter(|it| it.needed_for == Purpose::Run);
        let there: Vec<&str> = run.map(primary).collect();
        assert!(missing(&set(&there), Purpose::Run).is_empty());
        assert_eq!(
            names(&missing(&set(&there), Purpose::Test)),
            [
                "xvfb",
                "dbus",
                "dunst",
                "gnome-keyring",
                "webkit2gtk-driver",
                "imagemagick",
                "xfce4-panel",
                "xfwm4",
                "weston",
                "wl-clipboard"
            ]
        );
    }

    #[test]
    fn a_renamed_package_counts_under_either_name() {
        let missing = names(&missing(&set(&["webkitgtk-webdriver"]), Purpose::Test));
        assert!(!missing.contains(&"webkit2gtk-driver"));
    }

    #[test]
    fn the_announcement_names_each_package_and_its_reason() {
        let there = set(&[
            "xvfb",
            "dbus",
            "gnome-keyring",
            "webkit2gtk-driver",
            "imagemagick",
            "xfce4-panel",
            "xfwm4",
            "weston",
            "wl-clipboard",
        ]);
        let wanted: Vec<&Package> = missing(&there, Purpose::Test)
            .into_iter()
            .filter(|package| package.needed_for == Purpose::Test)
            .collect();
        assert_eq!(
            announcement(&wanted),
            "eSIM Watch needs system packages that are missing:\n  dunst  a real notification server"
        );
    }
}
