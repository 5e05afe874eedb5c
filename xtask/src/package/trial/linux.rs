//! The RPM's content and what it asks for; the archive in its own folder and installed for one user.

use std::fs;
use std::path::Path;
use std::process::Command;

use xshell::{Shell, cmd};

use super::super::facts::Facts;
use super::super::{rpm as packed_rpm, tarball as packed_tarball};
use super::{desk, room, see, see_in};

/// What every package for Linux installs below `/usr`.
pub const INSTALLED: [&str; 13] = [
    "bin/esim-watch",
    "bin/esim-watchd",
    "share/applications/esim-watch.desktop",
    "share/esim-watch/package",
    "share/icons/hicolor/32x32/apps/esim-watch.png",
    "share/icons/hicolor/128x128/apps/esim-watch.png",
    "share/icons/hicolor/256x256/apps/esim-watch.png",
    "share/icons/hicolor/512x512/apps/esim-watch.png",
    "share/icons/hicolor/scalable/apps/esim-watch.svg",
    "share/man/man1/esim-watch.1.gz",
    "share/man/man1/esim-watchd.1.gz",
    "share/metainfo/watch.esim.desk.metainfo.xml",
    "systemd/user/esim-watchd.service",
];

/// Libraries by whose names the RPM asks for them, on Fedora as on openSUSE.
const SONAMES: [&str; 8] = [
    "libwebkit2gtk-4.1.so.0()(64bit)",
    "libjavascriptcoregtk-4.1.so.0()(64bit)",
    "libgtk-3.so.0()(64bit)",
    "libsoup-3.0.so.0()(64bit)",
    "libdbus-1.so.3()(64bit)",
    // Loaded when the program runs.
    "libX11.so.6()(64bit)",
    "libXi.so.6()(64bit)",
    "libc.so.6(GLIBC_2.34)(64bit)",
];

/// Content, requirements, and that it unpacks to programs that start.
pub fn rpm(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let package = facts.out.join(packed_rpm::name(facts));
    let content = cmd!(sh, "rpm -qpl {package}").quiet().read()?;
    see_in("its content", &content, &INSTALLED)?;
    see_in(
        "its content",
        &content,
        &[
            "/usr/share/licenses/esim-watch/LICENSE-MIT",
            "/usr/share/licenses/esim-watch/dependencies.txt",
        ],
    )?;
    let strange = content.lines().find(|line| !line.starts_with("/usr/"));
    see("nothing of it is outside of /usr", strange.is_none())?;
    let requires = cmd!(sh, "rpm -qpR {package}").quiet().read()?;
    see_in("what it requires", &requires, &SONAMES)?;
    let by_package = requires.lines().find(|line| {
        let known = ["(64bit)", "rpmlib(", "rtld("];
        !known.iter().any(|known| line.contains(known))
    });
    see(
        &format!("nothing is required by a package's name: {by_package:?}"),
        by_package.is_none(),
    )?;
    let recommends = cmd!(sh, "rpm -qp --recommends {package}").quiet().read()?;
    see_in(
        "what it recommends",
        &recommends,
        &["(librsvg2 or gdk-pixbuf-loader-rsvg)"],
    )?;
    let format = "%{VERSION} %{RELEASE} %{ARCH} %{LICENSE} %{BUILDHOST}";
    let facts_in = cmd!(sh, "rpm -qp --queryformat {format} {package}")
        .quiet()
        .read()?;
    let wanted = format!("{} 1 x86_64 MIT OR Apache-2.0", facts.version);
    see_in("its head", &facts_in, &[&wanted])?;
    let owners = cmd!(sh, "rpm -qplv {package}").quiet().read()?;
    let foreign = owners
        .lines()
        .find(|line| !line.contains(" root     root "));
    see("everything belongs to root", foreign.is_none())?;
    let changes = cmd!(sh, "rpm -qp --changelog {package}").quiet().read()?;
    see_in("its changes", &changes, &[&facts.version])?;

    let room = room(facts, "rpm")?;
    let _there = sh.push_dir(&room);
    let archive = room.join("content.cpio");
    fs::write(
        &archive,
        cmd!(sh, "rpm2cpio {package}").quiet().output()?.stdout,
    )?;
    cmd!(
        sh,
        "cpio --extract --make-directories --quiet --file {archive}"
    )
    .quiet()
    .run()?;
    versions(sh, facts, &room.join("usr/bin"))
}

/// Both programs say the version that was packed.
fn versions(sh: &Shell, facts: &Facts, folder: &Path) -> anyhow::Result<()> {
    for name in ["esim-watch", "esim-watchd"] {
        let program = folder.join(name);
        let told = cmd!(sh, "{program} --version").quiet().read()?;
        see(
            &format!("{name} --version: {told}"),
            told == format!("{name} {}", facts.version),
        )?;
    }
    Ok(())
}

/// From its own folder, then installed for a user whose folder this is, and taken away again.
pub fn tarball(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let room = room(facts, "tarball")?;
    let archive = facts.out.join(packed_tarball::name(facts));
    let listed = cmd!(sh, "tar --list --verbose --file {archive}")
        .quiet()
        .read()?;
    let foreign = listed.lines().find(|line| !line.contains(" root/root "));
    see("everything belongs to root", foreign.is_none())?;
    cmd!(sh, "tar --extract --file {archive} --directory {room}")
        .quiet()
        .run()?;
    let folder = room.join(packed_tarball::folder(facts));
    for file in INSTALLED {
        let file = file.replace("systemd/", "share/systemd/");
        see(&file, folder.join(&file).is_file())?;
    }
    versions(sh, facts, &folder.join("bin"))?;
    let home = room.join("home");
    fs::create_dir_all(&home)?;
    let (_display, number) = desk::display(Command::new("Xvfb"))?;
    desk::receives(sh, facts, &number, &room.join("desk.png"), |arguments| {
        Ok(program(&folder.join("bin"), &home, arguments))
    })?;
    installed_for_one(sh, &folder, &home)
}

/// A program out of the folder, for a user who has only that home.
fn program(bin: &Path, home: &Path, arguments: &[&str]) -> Command {
    let (name, arguments) = arguments.split_first().unwrap_or((&"", &[]));
    let mut command = Command::new(bin.join(name));
    command
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home);
    command
}

fn installed_for_one(sh: &Shell, folder: &Path, home: &Path) -> anyhow::Result<()> {
    let script = folder.join("install.sh");
    let told = cmd!(sh, "{script}").env("HOME", home).quiet().read()?;
    eprintln!("{told}");
    let local = home.join(".local");
    let entry = fs::read_to_string(local.join("share/applications/esim-watch.desktop"))?;
    let exec = format!("Exec=\"{}\"", local.join("bin/esim-watch").display());
    see_in("the entry in the menu", &entry, &[&exec])?;
    let unit = fs::read_to_string(local.join("share/systemd/user/esim-watchd.service"))?;
    let exec = format!(
        "ExecStart={} serve",
        local.join("bin/esim-watchd").display()
    );
    see_in("the unit", &unit, &[&exec])?;
    // A second time, over itself.
    cmd!(sh, "{script}")
        .env("HOME", home)
        .quiet()
        .ignore_stdout()
        .run()?;
    let server = local.join("bin/esim-watchd");
    see(
        "it is installed over itself",
        cmd!(sh, "{server} --version").quiet().read().is_ok(),
    )?;
    cmd!(sh, "{script} --remove")
        .env("HOME", home)
        .quiet()
        .ignore_stdout()
        .run()?;
    let left = cmd!(sh, "find {local} -type f -not -path */watch.esim.desk/*")
        .quiet()
        .read()?;
    see(&format!("nothing of it is left: {left:?}"), left.is_empty())?;
    see(
        "the data is",
        local.join("share/watch.esim.desk/esim-watch.db").is_file(),
    )
}
