//! The folder that holds a newer Debian, for its wine.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xshell::{Shell, cmd};

use super::FOLDER;

/// The stable release whose wine (10) knows the sockets that the programs use; that of Debian 12 (8) does not.
const RELEASE: &str = "trixie";

/// What is installed there: wine, and a display for what draws.
const PACKAGES: &str = "wine,wine64,xvfb";

/// A file that says that the folder is complete.
const COMPLETE: &str = "complete";

/// Where the newer Debian is.
pub fn folder(project: &Path) -> PathBuf {
    project.join(FOLDER).join("wine")
}

/// Unpacks the newer Debian, some 1.6 GB, unless that was done before. Needs root: its programs are entered by `chroot`.
pub fn prepare(sh: &Shell, project: &Path) -> anyhow::Result<()> {
    let folder = folder(project);
    if folder.join(COMPLETE).exists() {
        eprintln!("wine is there.");
        return Ok(());
    }
    eprintln!(
        "Unpacking Debian {RELEASE} with its wine into {}.",
        folder.display()
    );
    sh.remove_path(&folder)
        .context("what is left of an earlier try could not be removed")?;
    sh.create_dir(&folder)?;
    cmd!(
        sh,
        "debootstrap --variant=minbase --include={PACKAGES} {RELEASE} {folder}"
    )
    .ignore_stdout()
    .run()
    .context(
        "debootstrap failed; it needs root, and its log is in debootstrap/debootstrap.log there",
    )?;
    sh.write_file(folder.join(COMPLETE), "")?;
    Ok(())
}
