//! A command in a root folder that holds another system.
//!
//! What has to be mounted there is mounted in a mount namespace of the command's own and is gone with it, however it ends. Needs root.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::repository;

/// Mounts what programs need, and this project's folder at the path that it has outside; then becomes the command.
/// Arguments: root, project's folder, the command. Virtual displays of either system are reachable from both.
const ENTER: &str = r#"
set -e
root=$1 project=$2 folder=$PWD
shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$project" "$root$HOME" "$root/tmp/.X11-unix"
[ -d /tmp/.X11-unix ] || mkdir -m 1777 /tmp/.X11-unix
mount --bind "$project" "$root$project"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
exec chroot "$root" env --chdir="$folder" "$@"
"#;

/// A command in the root folder, ready to be started. It is the process that is started: who ends that ends the command.
///
/// It may still get variables (the caller's own are not passed on), pipes, and a folder to start in (`current_dir`, within the
/// project; without one it starts in the project's folder). `home` is a folder as a program in the root sees it.
pub fn command<T: AsRef<OsStr>>(root: &Path, home: &str, command: &[T]) -> anyhow::Result<Command> {
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
        .env("HOME", home)
        .env("LANG", "C.UTF-8");
    Ok(entering)
}
