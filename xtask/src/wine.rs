//! Windows programs on Linux: runs a command in a root folder of a newer Debian that has wine.
//!
//! The wine of Debian 12 is too old for the sockets that the programs use, so a newer one stands in a folder and is entered by
//! `chroot`. What has to be mounted there is mounted in a mount namespace of the command's own and is gone with it, however
//! it ends. Needs root. Knows how a command is started there; must not know what it is for, nor how the folder came to be.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::Context as _;

use crate::repository;

/// Mounts what programs need, and this project's folder at the path that it has outside; then becomes the command.
/// Arguments: root, project's folder, the command. A virtual display of the host's is reachable, too.
const ENTER: &str = r#"
set -e
root=$1 project=$2 folder=$PWD
shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$project" "$root$HOME"
mount --bind "$project" "$root$project"
if [ -d /tmp/.X11-unix ]; then
    mkdir -p "$root/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
fi
exec chroot "$root" env --chdir="$folder" "$@"
"#;

/// A command in the root folder, ready to be started: it may still get variables (the caller's own are not passed on), pipes,
/// and a folder to start in (`current_dir`, within the project; without one it starts in the project's folder).
///
/// `root` is the folder that holds the newer system, `prefix` is a folder as a program in the root sees it, such as `/home/tests`: wine keeps its registry and its drive C below it, in `.wine`. Commands with different prefixes
/// do not see each other. `command` is anything that the root has: `["wine", "program.exe", "--flag"]`, `["wineboot", "-i"]`.
pub fn command<T: AsRef<OsStr>>(
    root: &Path,
    prefix: &str,
    command: &[T],
) -> anyhow::Result<Command> {
    let project = repository::root()?;
    let mut entering = Command::new("unshare");
    entering
        .args(["--mount", "--", "sh", "-c"])
        .args([ENTER, "enter"])
        .args([root, project.as_path()])
        .args(command)
        .current_dir(&project)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin")
        .env("HOME", prefix)
        .env("LANG", "C.UTF-8")
        .env("WINEDEBUG", "-all")
        // Without a word about .NET and a browser's engine, which it would offer to install.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=");
    Ok(entering)
}

/// Runs a command to its end and tells what it said; that it could be started, not that it was content. Its arguments: see [`command`].
pub fn run<T: AsRef<OsStr>>(root: &Path, prefix: &str, arguments: &[T]) -> anyhow::Result<Output> {
    command(root, prefix, arguments)?
        .output()
        .with_context(|| format!("nothing can be started in {}", root.display()))
}
