//! The package for Debian and Ubuntu, by dpkg-deb.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xshell::{Shell, cmd};

use super::facts::Facts;
use super::files;
use super::maintainer::MAINTAINER;

/// What is not linked and yet needed: X's libraries are loaded when the program runs, and GTK ends a program when it can't draw
/// the icon that it takes for a missing one, an SVG.
const LOADED: &str = "libx11-6, libxi6, librsvg2-common";

/// What a desktop has anyway: a message bus for notifications and the tray, somebody who shows them, and what opens a folder.
const RECOMMENDED: &str =
    "default-dbus-session-bus | dbus-session-bus, notification-daemon, xdg-utils";

/// A keyring for the secrets, which are in a file that only their owner can read where there is none.
const SUGGESTED: &str = "gnome-keyring | libkf5wallet-bin | keepassxc";

/// The package's file name.
pub fn name(sh: &Shell, facts: &Facts) -> anyhow::Result<String> {
    Ok(format!(
        "esim-watch_{}_{}.deb",
        facts.version,
        architecture(sh)?
    ))
}

/// Packs it.
pub fn pack(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let folder = facts.work.join("deb");
    files::fresh(&folder)?;
    let tree = facts.work.join("linux");
    let (from, to) = (tree.join("usr"), folder.join("usr"));
    cmd!(sh, "cp --archive --link {from} {to}").quiet().run()?;
    files::mark(&folder.join("usr"), "deb")?;
    let control = control(sh, facts, &folder)?;
    eprintln!("{control}");
    files::write(&folder.join("DEBIAN/control"), &control)?;
    files::write(&folder.join("DEBIAN/md5sums"), &sums(sh, &folder)?)?;
    files::settle(sh, &folder, facts.time)?;
    let out = facts.out.join(name(sh, facts)?);
    let time = facts.time.to_string();
    // One thread: how xz parts its work is part of the bytes.
    cmd!(
        sh,
        "dpkg-deb --root-owner-group -Zxz --threads-max=1 --build {folder} {out}"
    )
    .env("SOURCE_DATE_EPOCH", time)
    .quiet()
    .ignore_stdout()
    .run()?;
    Ok(())
}

fn architecture(sh: &Shell) -> anyhow::Result<String> {
    Ok(cmd!(sh, "dpkg --print-architecture").quiet().read()?)
}

fn control(sh: &Shell, facts: &Facts, folder: &Path) -> anyhow::Result<String> {
    let architecture = architecture(sh)?;
    let size = files::kilobytes(&folder.join("usr"))?;
    let linked = linked(sh, facts)?;
    let version = &facts.version;
    Ok(format!(
        "Package: esim-watch\n\
         Version: {version}\n\
         Section: comm\n\
         Priority: optional\n\
         Architecture: {architecture}\n\
         Maintainer: {MAINTAINER}\n\
         Installed-Size: {size}\n\
         Depends: {linked}, {LOADED}\n\
         Recommends: {RECOMMENDED}\n\
         Suggests: {SUGGESTED}\n\
         Description: live dashboard of your customers' travel eSIMs\n \
         For travel agencies that resell travel eSIMs through Roamify: receives\n \
         Roamify's webhooks on this computer, keeps every event, shows the state of\n \
         all eSIMs live, and raises a notification when something needs somebody.\n \
         .\n \
         It comes with esim-watchd, which does the same without a window.\n"
    ))
}

/// The packages of the libraries that the programs are linked to, with the versions that have what they use.
fn linked(sh: &Shell, facts: &Facts) -> anyhow::Result<String> {
    // It looks for a source package's control file where it is started.
    let place = facts.work.join("shlibdeps");
    files::write(
        &place.join("debian/control"),
        "Source: esim-watch\n\nPackage: esim-watch\nArchitecture: any\n",
    )?;
    let _there = sh.push_dir(&place);
    let programs: Vec<PathBuf> = ["esim-watch", "esim-watchd"]
        .iter()
        .map(|name| facts.programs.join(name))
        .collect();
    let told = cmd!(sh, "dpkg-shlibdeps -O {programs...}")
        .quiet()
        .read()
        .context("dpkg-shlibdeps does not know what the programs need")?;
    let depends = told
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .context("dpkg-shlibdeps names no packages")?;
    Ok(depends.to_owned())
}

/// As `dpkg --verify` reads them.
fn sums(sh: &Shell, folder: &Path) -> anyhow::Result<String> {
    let _there = sh.push_dir(folder);
    let files = cmd!(sh, "find usr -type f").quiet().read()?;
    let mut files: Vec<&str> = files.lines().collect();
    files.sort_unstable();
    let sums = cmd!(sh, "md5sum -- {files...}").quiet().read()?;
    Ok(format!("{sums}\n"))
}
