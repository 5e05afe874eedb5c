//! Windows programs on Linux: runs a command in a root folder of a newer Debian that has wine.
//!
//! The wine of Debian 12 is too old for the sockets that the programs use. Knows how a command is started there; must not know what
//! it is for, nor how the folder came to be.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::Context as _;

use crate::chroot;

/// A command in the root folder, ready to be started: see [`chroot::command`] for what may still be set.
///
/// `root` is the folder that holds the newer system, `prefix` is a folder as a program in the root sees it, such as `/home/tests`:
/// wine keeps its registry and its drive C below it, in `.wine`. Commands with different prefixes do not see each other. `command` is
/// anything that the root has: `["wine", "program.exe", "--flag"]`, `["wineboot", "-i"]`.
pub fn command<T: AsRef<OsStr>>(
    root: &Path,
    prefix: &str,
    command: &[T],
) -> anyhow::Result<Command> {
    let mut entering = chroot::command(root, prefix, command)?;
    entering
        .env("WINEDEBUG", "-all")
        // Without a word about .NET and a browser's engine, which it would offer to install.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
        // Looked for by a driver for screens that are not there, loudly.
        .env("XDG_RUNTIME_DIR", "/tmp");
    Ok(entering)
}

/// Runs a command to its end and tells what it said; that it could be started, not that it was content. Its arguments: see [`command`].
pub fn run<T: AsRef<OsStr>>(root: &Path, prefix: &str, arguments: &[T]) -> anyhow::Result<Output> {
    command(root, prefix, arguments)?
        .output()
        .with_context(|| format!("nothing can be started in {}", root.display()))
}
