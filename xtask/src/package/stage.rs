//! The files of the packages, as they are installed: one tree for Linux, one folder for Windows.

use std::path::Path;

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

use super::facts::Facts;
use super::{changes, files, manual};
use crate::licences::{self, System};

/// The icon in its sizes, by the folders that a desktop looks into.
const ICONS: [(&str, &str); 5] = [
    ("32x32.png", "32x32"),
    ("128x128.png", "128x128"),
    ("128x128@2x.png", "256x256"),
    ("icon.png", "512x512"),
    ("icon.svg", "scalable"),
];

/// `linux/usr` and what is below, with Debian's documents; and the licences of others as a text of their own.
pub fn linux(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let tree = facts.work.join("linux");
    files::fresh(&tree)?;
    let usr = tree.join("usr");
    let day = facts.day(sh)?;
    for name in ["esim-watch", "esim-watchd"] {
        let program = facts.programs.join(name);
        files::place(&program, &usr.join("bin").join(name))?;
        is_this_version(sh, &program, &facts.version)?;
        let page = facts.filled(&format!("linux/{name}.1"), &[("DATE", &day)])?;
        manual::check(&program, &page)?;
        let to = usr.join(format!("share/man/man1/{name}.1"));
        files::write(&to, &page)?;
        files::gzip(sh, &to)?;
    }
    let sources = facts.sources().join("linux");
    let share = usr.join("share");
    let entry = "esim-watch.desktop";
    files::place(
        &sources.join(entry),
        &share.join("applications").join(entry),
    )?;
    let unit = "esim-watchd.service";
    files::place(
        &sources.join(unit),
        &usr.join("lib/systemd/user").join(unit),
    )?;
    for (from, size) in ICONS {
        let kind = from.rsplit_once('.').map_or("", |(_, kind)| kind);
        let to = share.join(format!("icons/hicolor/{size}/apps/esim-watch.{kind}"));
        files::place(&facts.root.join("src-tauri/icons").join(from), &to)?;
    }
    let releases = changes::for_appstream(&facts.changes);
    let described = "watch.esim.desk.metainfo.xml";
    let description = facts.filled(&format!("linux/{described}"), &[("RELEASES", &releases)])?;
    files::write(&share.join("metainfo").join(described), &description)?;
    documents(sh, facts, &share.join("doc/esim-watch"))?;
    files::settle(sh, &tree, facts.time)
}

/// What Debian wants to know: who holds the rights, and what is new.
fn documents(sh: &Shell, facts: &Facts, doc: &Path) -> anyhow::Result<()> {
    let parts = licences::gather(sh, &facts.root, System::Linux)?;
    let texts = licences::texts(&parts);
    files::write(&facts.work.join("dependencies-linux.txt"), &texts)?;
    let others = doc.join("dependencies.txt");
    files::write(&others, &texts)?;
    files::gzip(sh, &others)?;
    let mit = std::fs::read_to_string(facts.root.join("LICENSE-MIT"))?;
    let day = facts.day(sh)?;
    let year = day.split('-').next().context("a day without a year")?;
    let own = facts.filled(
        "linux/copyright",
        &[
            ("YEAR", year),
            ("DEPENDENCIES", &licences::listed(&parts)),
            ("MIT", &licences::indented(&mit)),
        ],
    )?;
    files::write(&doc.join("copyright"), &own)?;
    let changelog = doc.join("changelog");
    files::write(&changelog, &changes::for_debian(sh, &facts.changes)?)?;
    files::gzip(sh, &changelog)
}

/// `windows`: what the setup installs.
pub fn windows(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let folder = facts.work.join("windows");
    files::fresh(&folder)?;
    let programs = facts.windows_programs();
    for name in ["esim-watch.exe", "esim-watchd.exe", "WebView2Loader.dll"] {
        let from = programs.join(name);
        if !from.exists() {
            bail!(
                "{} is missing: `cargo xtask windows` builds it",
                from.display()
            );
        }
        files::place(&from, &folder.join(name))?;
    }
    let icon = facts.root.join("src-tauri/icons/128x128.png");
    files::place(&icon, &folder.join("esim-watch.png"))?;
    let parts = licences::gather(sh, &facts.root, System::Windows)?;
    let texts = licences::with_own(&facts.root, &licences::texts(&parts))?;
    files::write(&folder.join("LICENSES.txt"), &texts.replace('\n', "\r\n"))?;
    files::settle(sh, &folder, facts.time)
}

/// A program that was built before the version was raised is not packed.
fn is_this_version(sh: &Shell, program: &Path, version: &str) -> anyhow::Result<()> {
    let told = cmd!(sh, "{program} --version").quiet().read()?;
    if told.split_whitespace().last() == Some(version) {
        return Ok(());
    }
    bail!(
        "{} says \"{told}\", and {version} is packed: build it again",
        program.display()
    );
}
