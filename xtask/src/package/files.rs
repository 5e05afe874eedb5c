//! Files on their way into a package: put in place, and made the same whoever packs them when.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use xshell::{Shell, cmd};

/// An empty folder.
pub fn fresh(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} can't be removed", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))
}

/// A copy of a file, with the folders above it.
pub fn place(from: &Path, to: &Path) -> anyhow::Result<()> {
    let folder = to.parent().context("a file without a folder")?;
    fs::create_dir_all(folder)?;
    fs::copy(from, to)
        .with_context(|| format!("can't copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// A file with this text, with the folders above it.
pub fn write(to: &Path, text: &str) -> anyhow::Result<()> {
    let folder = to.parent().context("a file without a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(to, text).with_context(|| format!("can't write {}", to.display()))
}

/// Notes in a package for Linux which kind it is: by that the program knows how a newer version comes here (`upgrade/installation.rs`
/// in core reads it).
pub fn mark(usr: &Path, kind: &str) -> anyhow::Result<()> {
    write(&usr.join("share/esim-watch/package"), &format!("{kind}\n"))
}

/// Compresses a file in its place: without its name and time, which would differ.
pub fn gzip(sh: &Shell, file: &Path) -> anyhow::Result<()> {
    cmd!(sh, "gzip --best --no-name --force {file}")
        .quiet()
        .run()?;
    Ok(())
}

/// Rights and times that depend on nobody's habits: everybody may read, programs may be started, and all is as old as the commit.
pub fn settle(sh: &Shell, folder: &Path, time: u64) -> anyhow::Result<()> {
    let at = format!("--date=@{time}");
    cmd!(sh, "chmod --recursive u=rwX,go=rX {folder}")
        .quiet()
        .run()?;
    cmd!(sh, "find {folder} -exec touch --no-dereference {at}")
        .args(["{}", "+"])
        .quiet()
        .run()?;
    Ok(())
}

/// Kilobytes of all files in a folder, rounded up for each.
pub fn kilobytes(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += match entry.file_type()?.is_dir() {
            true => kilobytes(&entry.path())?,
            false => entry.metadata()?.len().div_ceil(1_024),
        };
    }
    Ok(sum)
}
