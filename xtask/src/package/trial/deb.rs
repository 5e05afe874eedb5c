//! The package for Debian: what lintian says of it; and installed in a fresh system, used there, and removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

use super::super::facts::Facts;
use super::super::{deb, files};
use super::linux::INSTALLED;
use super::{desk, room, see, see_in};
use crate::chroot;

/// The oldest Debian that the package is for.
const SUITE: &str = "bookworm";

/// Where Debian's packages are, unless this machine takes them from elsewhere.
const MIRROR: &str = "http://deb.debian.org/debian";

/// The user in the fresh system.
const USER: &str = "agent";

/// What lintian says, and what the package says of itself.
pub fn look(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let package = facts.out.join(deb::name(sh, facts)?);
    let told = cmd!(
        sh,
        "lintian --allow-root --info --show-overrides --fail-on error,warning {package}"
    )
    .quiet()
    .ignore_status()
    .output()?;
    let said = String::from_utf8_lossy(&told.stdout);
    eprint!("{said}{}", String::from_utf8_lossy(&told.stderr));
    see(
        "lintian has no errors and no warnings",
        told.status.success(),
    )?;
    let fields = cmd!(sh, "dpkg-deb --field {package}").quiet().read()?;
    see_in(
        "its control file",
        &fields,
        &[
            "libwebkit2gtk-4.1-0",
            "libgtk-3-0",
            "libdbus-1-3",
            "libsoup-3.0-0",
            "libc6 (>=",
            "librsvg2-common",
        ],
    )?;
    let owners = cmd!(sh, "dpkg-deb --contents {package}").quiet().read()?;
    let foreign = owners.lines().find(|line| !line.contains(" root/root "));
    see("everything belongs to root", foreign.is_none())?;
    described(sh, facts, &package)
}

/// What desktops and software centres read is as they want it.
fn described(sh: &Shell, facts: &Facts, package: &Path) -> anyhow::Result<()> {
    let room = room(facts, "deb")?;
    cmd!(sh, "dpkg-deb --extract {package} {room}")
        .quiet()
        .run()?;
    let entry = room.join("usr/share/applications/esim-watch.desktop");
    let told = cmd!(sh, "desktop-file-validate {entry}").quiet().output()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    see(
        &format!("desktop-file-validate finds nothing: {told:?}"),
        told.is_empty(),
    )?;
    let described = room.join("usr/share/metainfo/watch.esim.desk.metainfo.xml");
    let told = cmd!(sh, "appstreamcli validate --no-net {described}")
        .quiet()
        .ignore_status()
        .output()?;
    eprint!("{}", String::from_utf8_lossy(&told.stdout));
    see("appstreamcli is content", told.status.success())
}

/// A fresh system, the package, a desk that receives, and nothing left of it.
pub fn install(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let root = fresh_system(sh, facts)?;
    let package = facts.out.join(deb::name(sh, facts)?);
    let package = package.to_string_lossy().into_owned();
    apt(facts, &root, &["update"])?;
    apt(
        facts,
        &root,
        &["install", "--no-install-recommends", &package],
    )?;
    let status = said(&root, &["dpkg", "--status", "esim-watch"])?;
    see_in("dpkg", &status, &["Status: install ok installed"])?;
    for file in INSTALLED {
        let file = file.replace("systemd/", "lib/systemd/");
        see(&file, root.join("usr").join(&file).is_file())?;
    }
    let linked = said(&root, &["ldd", "/usr/bin/esim-watch"])?;
    see("every library is found", !linked.contains("not found"))?;
    let verified = said(&root, &["dpkg", "--verify", "esim-watch"])?;
    see(
        &format!("dpkg --verify finds nothing: {verified:?}"),
        verified.is_empty(),
    )?;
    // What a desktop has anyway.
    apt(
        facts,
        &root,
        &["install", "--no-install-recommends", "xvfb"],
    )?;
    said(&root, &["useradd", "--create-home", USER])?;
    let (_display, number) = desk::display(chroot::command(&root, "/root", &["Xvfb"])?)?;
    let picture = facts.trials().join("deb.png");
    desk::receives(sh, facts, &number, &picture, |arguments| {
        as_user(&root, arguments)
    })?;
    removed(facts, &root)
}

fn removed(facts: &Facts, root: &Path) -> anyhow::Result<()> {
    let listed = said(root, &["dpkg", "--listfiles", "esim-watch"])?;
    apt(facts, root, &["purge", "esim-watch"])?;
    let left: Vec<&str> = listed
        .lines()
        .filter(|path| {
            let path = root.join(path.trim_start_matches('/'));
            path.is_file() || (path.is_dir() && path.to_string_lossy().contains("esim-watch"))
        })
        .collect();
    see(&format!("nothing of it is left: {left:?}"), left.is_empty())?;
    let known = run(root, &["dpkg", "--status", "esim-watch"])?;
    see("dpkg does not know it any more", !known.status.success())?;
    let data = format!("home/{USER}/.local/share/watch.esim.desk/esim-watch.db");
    see("the user's data is still there", root.join(data).is_file())
}

/// A new copy of a system that was made once: only what every Debian has.
fn fresh_system(sh: &Shell, facts: &Facts) -> anyhow::Result<PathBuf> {
    let roots = facts.target.join("roots");
    let (made, fresh) = (roots.join(SUITE), roots.join("deb"));
    let done = made.join("complete");
    if !done.is_file() {
        files::fresh(&made)?;
        let mirror = mirror(sh)?;
        cmd!(sh, "debootstrap --variant=minbase {SUITE} {made} {mirror}")
            .ignore_stdout()
            .run()?;
        fs::write(done, "")?;
    }
    if fresh.exists() {
        fs::remove_dir_all(&fresh).context("the system of the last trial can't be removed")?;
    }
    cmd!(sh, "cp --archive {made} {fresh}").quiet().run()?;
    // Nothing is to be started by installing.
    files::write(&fresh.join("usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n")?;
    let policy = fresh.join("usr/sbin/policy-rc.d");
    cmd!(sh, "chmod 755 {policy}").quiet().run()?;
    Ok(fresh)
}

/// Where this machine has its packages from, if it is the same Debian.
fn mirror(sh: &Shell) -> anyhow::Result<String> {
    let format = "$(REPO_URI)";
    let codename = format!("Codename: {SUITE}");
    let told = cmd!(sh, "apt-get indextargets --format {format}")
        .args(["Created-By: Packages", &codename, "Component: main"])
        .quiet()
        .ignore_status()
        .read()?;
    let known = told.lines().next().filter(|line| line.starts_with("http"));
    Ok(known.unwrap_or(MIRROR).to_owned())
}

fn run(root: &Path, command: &[&str]) -> anyhow::Result<std::process::Output> {
    let mut entering = chroot::command(root, "/root", command)?;
    Ok(entering.output()?)
}

/// What a command says that is content.
fn said(root: &Path, command: &[&str]) -> anyhow::Result<String> {
    let output = run(root, command)?;
    if !output.status.success() {
        bail!(
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// apt-get in the fresh system. What it loads is kept outside: the next fresh system needs the same.
fn apt(facts: &Facts, root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let kept = facts.target.join("roots/archives");
    fs::create_dir_all(kept.join("partial"))?;
    let kept = format!("Dir::Cache::archives={}", kept.display());
    let mut words = vec![
        "apt-get",
        "--yes",
        "--quiet=2",
        "-o",
        &kept,
        "-o",
        "APT::Sandbox::User=root",
    ];
    words.extend(arguments);
    let mut command = chroot::command(root, "/root", &words)?;
    let output = command.env("DEBIAN_FRONTEND", "noninteractive").output()?;
    if !output.status.success() {
        bail!(
            "apt-get {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    eprintln!("  seen: apt-get {} succeeds", arguments.join(" "));
    Ok(())
}

/// A command of the user's, who has a home and nothing else.
fn as_user(root: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    let home = format!("/home/{USER}");
    // Becomes the program: who ends the one ends the other.
    let mut words = vec![
        "setpriv",
        "--reuid",
        USER,
        "--regid",
        USER,
        "--init-groups",
        "--",
    ];
    words.extend(arguments);
    let mut command = chroot::command(root, &home, &words)?;
    command.env("USER", USER);
    Ok(command)
}
