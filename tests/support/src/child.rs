//! A child process that ends with the value that stands for it, and whose log is kept.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::NamedTempFile;

use crate::poll::eventually;
use crate::process;

/// A running program. Dropping it kills it and everything that it started.
pub(crate) struct Running {
    name: String,
    child: Child,
    stdout: Option<ChildStdout>,
    log: NamedTempFile,
}

impl Running {
    /// Starts `command` in a process group of its own, with stderr kept as its log; stdout goes there
    /// as well, unless it is `piped` to be read.
    pub(crate) fn start(mut command: Command, piped: bool) -> Result<Self> {
        // Of a bound command: what `setpriv` runs.
        let program = command
            .get_args()
            .nth(3)
            .filter(|_| command.get_program() == "setpriv");
        let name = program
            .unwrap_or(command.get_program())
            .to_string_lossy()
            .into_owned();
        let log = NamedTempFile::new()?;
        process::in_its_own_group(&mut command);
        command.stdin(Stdio::null()).stderr(append(&log)?);
        command.stdout(if piped {
            Stdio::piped()
        } else {
            append(&log)?.into()
        });
        let mut child = command.spawn().with_context(|| {
            format!("can't start {name}; `cargo xtask test` installs what the tests need")
        })?;
        let stdout = child.stdout.take();
        Ok(Self {
            name,
            child,
            stdout,
            log,
        })
    }

    /// The next line that the program prints, without its end.
    pub(crate) async fn line(&mut self, within: Duration) -> Result<String> {
        let stdout = self.stdout.take().context("stdout is not piped")?;
        let mut reader = BufReader::with_capacity(1, stdout);
        let reading = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            reader
                .read_line(&mut line)
                .map(|_| (reader.into_inner(), line))
        });
        let Ok(read) = tokio::time::timeout(within, reading).await else {
            // The reader ends with the process.
            self.kill();
            bail!(
                "{} printed no line within {within:?}\n{}",
                self.name,
                self.log()
            );
        };
        let (stdout, line) = read??;
        self.stdout = Some(stdout);
        ensure!(
            line.ends_with('\n'),
            "{} ended without a line\n{}",
            self.name,
            self.log()
        );
        Ok(line.trim_end().to_owned())
    }

    /// Fails with the log if the program has ended.
    #[cfg(target_os = "linux")]
    pub(crate) fn ensure_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended with {status}\n{}", self.name, self.log()),
        }
    }

    /// Asks the program itself to end, not what it started.
    #[cfg(unix)]
    pub(crate) fn ask_to_end(&self) -> Result<()> {
        process::ask_to_end(self.child.id()).with_context(|| format!("asking {}", self.name))
    }

    /// Stops the program for a while, or lets it go on.
    #[cfg(unix)]
    pub(crate) fn suspend(&self, stopped: bool) -> Result<()> {
        process::suspend(self.child.id(), stopped).with_context(|| self.name.clone())
    }

    /// Awaits the end of the program.
    pub(crate) async fn ended(&mut self, within: Duration) -> Result<ExitStatus> {
        let what = format!("the end of {}", self.name);
        let log = self.log.path().to_owned();
        eventually(within, &what, async || {
            self.child.try_wait()?.with_context(|| {
                format!(
                    "still running\n{}",
                    std::fs::read_to_string(&log).unwrap_or_default()
                )
            })
        })
        .await
    }

    /// Kills the program with all that it started, as a power cut would.
    pub(crate) fn kill(&mut self) {
        process::kill_group(&mut self.child);
        // Reaps it; fails only if that was done before.
        self.child.wait().ok();
    }

    /// Whether anything that the program started, or itself, is still alive.
    #[cfg(target_os = "linux")]
    pub(crate) fn has_descendants(&self) -> bool {
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return false;
        };
        // `pid (name) state parent group …`; a process that ended meanwhile has no such file.
        let alive = |stat: String| {
            let mut fields = stat
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .split_whitespace();
            let state = fields.next();
            state != Some("Z") && fields.nth(1) == Some(self.child.id().to_string().as_str())
        };
        let stats = entries.flatten().map(|entry| entry.path().join("stat"));
        stats
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .any(alive)
    }

    /// The process that executes `file` among those that the program started: its folder in `/proc`.
    #[cfg(target_os = "linux")]
    pub(crate) fn process_of(&self, file: &std::path::Path) -> Option<std::path::PathBuf> {
        let group = self.child.id().to_string();
        let in_group = |folder: &std::path::Path| {
            std::fs::read_to_string(folder.join("stat")).is_ok_and(|stat| {
                let after_name = stat.rsplit(')').next().unwrap_or_default();
                after_name.split_whitespace().nth(2) == Some(group.as_str())
            })
        };
        let folders = std::fs::read_dir("/proc").ok()?.flatten();
        folders
            .map(|entry| entry.path())
            .filter(|folder| in_group(folder))
            // One that has ended, but for its entry, executes nothing.
            .find(|folder| {
                std::fs::read_link(folder.join("exe"))
                    .is_ok_and(|executed| executed.file_name() == file.file_name())
            })
    }

    /// What the program wrote so far, under its name.
    pub(crate) fn log(&self) -> String {
        let text = match std::fs::read(self.log.path()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => format!("(its log can't be read: {error})"),
        };
        format!("--- {} ---\n{}", self.name, text.trim_end())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn append(log: &NamedTempFile) -> Result<File> {
    Ok(File::options().append(true).open(log.path())?)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use rustix::process::Pid;

    use super::*;
    use crate::process::bound;

    fn shell(script: &str, piped: bool) -> Running {
        let mut command = bound("sh");
        command.args(["-c", script]);
        Running::start(command, piped).unwrap()
    }

    #[tokio::test]
    async fn reads_lines_and_keeps_the_log() {
        let mut child = shell("echo one; echo oops >&2; echo two; exec sleep 60", true);
        assert_eq!(child.line(Duration::from_secs(5)).await.unwrap(), "one");
        assert_eq!(child.line(Duration::from_secs(5)).await.unwrap(), "two");
        assert_eq!(child.log(), "--- sh ---\noops");
    }

    #[tokio::test]
    async fn a_program_that_ends_early_shows_its_log() {
        let mut child = shell("echo out of luck >&2", true);
        let error = child
            .line(Duration::from_secs(5))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("out of luck"), "{error}");
    }

    #[tokio::test]
    async fn dropping_it_ends_what_it_started_too() {
        let mut child = shell("sleep 60 & echo $!; wait", true);
        let grandchild: i32 = child
            .line(Duration::from_secs(5))
            .await
            .unwrap()
            .parse()
            .unwrap();
        let grandchild = Pid::from_raw(grandchild).unwrap();
        drop(child);
        eventually(
            Duration::from_secs(5),
            "the end of the grandchild",
            async || {
                // An orphan stays a zombie where no init reaps it; that is dead enough.
                let path = format!("/proc/{}/stat", grandchild.as_raw_nonzero());
                let state = std::fs::read_to_string(path).unwrap_or_default();
                ensure!(state.is_empty() || state.contains(") Z "), "{state}");
                Ok(())
            },
        )
        .await
        .unwrap();
    }
}
