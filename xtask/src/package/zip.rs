//! The portable copy for Windows: both programs in a folder. Its data is where an installed one's is.

use std::fs;

use xshell::{Shell, cmd};

use super::facts::Facts;
use super::files;

/// The folder in the archive.
pub fn folder(facts: &Facts) -> String {
    format!("eSIM Watch {}", facts.version)
}

/// The archive's file name.
pub fn name(facts: &Facts) -> String {
    format!("esim-watch-{}-windows-x64-portable.zip", facts.version)
}

/// Packs it.
pub fn pack(sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let work = facts.work.join("zip");
    files::fresh(&work)?;
    let folder = folder(facts);
    let (from, to) = (facts.work.join("windows"), work.join(&folder));
    cmd!(sh, "cp --archive {from} {to}").quiet().run()?;
    // The installer's: notifications of an installed program have it beside their text.
    fs::remove_file(to.join("esim-watch.png"))?;
    let note = facts.filled("windows/README.txt", &[])?;
    files::write(&to.join("README.txt"), &note.replace('\n', "\r\n"))?;
    files::settle(sh, &to, facts.time)?;
    let out = facts.out.join(name(facts));
    let _there = sh.push_dir(&work);
    let names = cmd!(sh, "find {folder} -type f").quiet().read()?;
    let mut names: Vec<&str> = names.lines().collect();
    names.sort_unstable();
    // An archive holds local times; without the extra fields nothing of this computer is in it.
    cmd!(sh, "zip -X -9 --quiet {out} {names...}")
        .env("TZ", "UTC")
        .quiet()
        .run()?;
    Ok(())
}
