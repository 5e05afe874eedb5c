//! A disk of a few megabytes that can be filled, and a program whose writes can be refused.
//!
//! The disk is a tmpfs in a mount namespace of its own: it needs no root where unprivileged namespaces
//! are allowed, nothing of it is seen elsewhere, and it ends with the shell that holds it. Programs are
//! started inside; files are reached from outside through `/proc/PID/root`, though not with SQLite, which
//! resolves that link by itself and misses the disk.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The mounted disk. Dropping it unmounts it.
pub struct Disk {
    /// What to start instead of the program, so that it runs where the disk is mounted.
    pub bin: PathBuf,
    /// Its root, as programs inside see it.
    pub path: PathBuf,
    outside: PathBuf,
    _mount_point: TempDir,
    scripts: TempDir,
    shell: Child,
    commands: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Disk {
    /// A disk of this many kilobytes for `program`; `None` where the system allows no mount.
    pub fn mount(program: &str, kilobytes: u32) -> Result<Option<Disk>> {
        let (mount_point, scripts) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let spawned = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut shell) = spawned else {
            return Ok(None);
        };
        let commands = shell.stdin.take().context("no stdin")?;
        let replies = BufReader::new(shell.stdout.take().context("no stdout")?);
        let pid = shell.id();
        let path = mount_point.path().to_owned();
        let outside = Path::new("/proc")
            .join(pid.to_string())
            .join("root")
            .join(path.strip_prefix("/")?);
        let bin = scripts.path().join("start");
        let enter = format!("nsenter --user --mount --preserve-credentials --target {pid}");
        script(&bin, &format!("exec {enter} '{program}' \"$@\""))?;
        let mut disk = Disk {
            bin,
            path,
            outside,
            _mount_point: mount_point,
            scripts,
            shell,
            commands,
            replies,
        };
        let mount = format!("mount -t tmpfs -o size={kilobytes}k none \"$DISK\"");
        let mounted = disk.run(&mount).is_ok();
        Ok(mounted.then_some(disk))
    }

    /// Lets a file take every byte that is left.
    pub fn fill(&self) -> Result<()> {
        let mut ballast = File::options()
            .create(true)
            .append(true)
            .open(self.outside.join("ballast"))?;
        for size in [64 * 1024, 4096, 1] {
            while ballast.write_all(&vec![b'x'; size]).is_ok() {}
        }
        Ok(())
    }

    /// Makes the room free that [`Disk::fill`] took.
    pub fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.outside.join("ballast"))?)
    }

    /// Mounts it for reading only.
    pub fn read_only(&mut self) -> Result<()> {
        self.run("mount -o remount,ro \"$DISK\"")
    }

    /// A copy of what is on it, where SQLite can read it.
    pub fn copy(&self) -> Result<PathBuf> {
        let copy = self.scripts.path().join("copy");
        std::fs::create_dir_all(&copy)?;
        for entry in std::fs::read_dir(&self.outside)? {
            let entry = entry?;
            std::fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
        Ok(copy)
    }

    fn run(&mut self, command: &str) -> Result<()> {
        let disk = self.path.display();
        writeln!(
            self.commands,
            "DISK='{disk}'; if {command}; then echo done; else echo failed; fi"
        )?;
        let mut reply = String::new();
        self.replies.read_line(&mut reply)?;
        ensure!(reply.trim() == "done", "{command}: {reply}");
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Fails only if it has ended by itself.
        self.shell.kill().ok();
        self.shell.wait().ok();
    }
}

/// A way to start the program so that its writes can be refused later on: the limit on the size of files
/// (`RLIMIT_FSIZE`) holds for every user, also for root, and for files that are open already. SQLite sees
/// the error that a disk turned read-only gives.
pub struct Gagged {
    /// What to start instead of the program.
    pub bin: PathBuf,
    dir: TempDir,
}

impl Gagged {
    pub fn new(program: &str) -> Result<Gagged> {
        let dir = tempfile::tempdir()?;
        let bin = dir.path().join("start");
        // Ignored, so that a refused write is an error and not the end. Ignored signals stay so.
        script(
            &bin,
            &format!("echo $$ >\"${{0%/*}}/pid\"\ntrap '' XFSZ\nexec '{program}' \"$@\""),
        )?;
        Ok(Gagged { bin, dir })
    }

    /// Refuses every write to a file from now on.
    pub fn refuse_writes(&self) -> Result<()> {
        self.limit("0")
    }

    /// Allows them again.
    pub fn allow_writes(&self) -> Result<()> {
        self.limit("unlimited")
    }

    fn limit(&self, soft: &str) -> Result<()> {
        let pid = std::fs::read_to_string(self.dir.path().join("pid"))?;
        let set = Command::new("prlimit")
            .args(["--pid", pid.trim(), &format!("--fsize={soft}:unlimited")])
            .status()?;
        ensure!(set.success(), "prlimit: {set}");
        Ok(())
    }
}

fn script(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, format!("#!/bin/sh\n{text}\n"))?;
    Ok(std::fs::set_permissions(
        path,
        PermissionsExt::from_mode(0o755),
    )?)
}
