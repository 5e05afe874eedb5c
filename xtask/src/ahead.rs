//! Compiles ahead what needs no system package, while those are installed: on a fresh machine that saves a minute and more.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use anyhow::Context as _;
use xshell::Cmd;

/// A cargo that compiles what it can. What it can't compile yet is no news: whoever builds afterwards compiles that, and tells what
/// fails then.
pub struct Ahead {
    cargo: Child,
    /// Whether somebody waits for it, and sees what it compiles.
    is_shown: Arc<AtomicBool>,
    telling: Option<JoinHandle<()>>,
}

impl Ahead {
    /// `build`: the build that comes afterwards.
    ///
    /// # Errors
    /// cargo can't be started.
    pub fn begin(build: Cmd<'_>) -> anyhow::Result<Self> {
        let mut cargo = Command::from(build.arg("--keep-going"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cargo could not be started")?;
        let told = cargo.stderr.take().context("cargo's stderr is a pipe")?;
        let is_shown = Arc::new(AtomicBool::new(false));
        let is_seen = Arc::clone(&is_shown);
        let telling = std::thread::spawn(move || {
            let lines = BufReader::new(told).lines().map_while(Result::ok);
            for line in lines.filter(|line| is_progress(line)) {
                if is_seen.load(Ordering::Relaxed) {
                    eprintln!("{line}");
                }
            }
        });
        Ok(Self {
            cargo,
            is_shown,
            telling: Some(telling),
        })
    }

    /// Shows what it compiles until it has done what it can.
    ///
    /// # Errors
    /// The system loses sight of it.
    pub fn wait(mut self) -> anyhow::Result<()> {
        self.is_shown.store(true, Ordering::Relaxed);
        // Whatever its status is: it may have failed wherever a system package was not there yet.
        let _ = self.cargo.wait().context("waiting for cargo")?;
        // A thread that panicked had told what it could.
        let _ = self.telling.take().map(JoinHandle::join);
        Ok(())
    }
}

impl Drop for Ahead {
    /// Nobody builds afterwards where something else failed: then it would go on for minutes, and nobody would know.
    fn drop(&mut self) {
        // It may be over.
        let _ = self.cargo.kill();
        let _ = self.cargo.wait();
    }
}

/// Whether cargo tells with this line what it compiles, and not what it can't.
fn is_progress(line: &str) -> bool {
    line.trim_start().starts_with("Compiling ")
}

#[cfg(test)]
mod tests {
    use xshell::{Shell, cmd};

    use super::*;

    #[test]
    fn what_is_compiled_is_told_and_what_fails_is_not() {
        assert!(is_progress("   Compiling serde v1.0.229"));
        for line in [
            "error: failed to run custom build command for `gtk-sys v0.18.2`",
            "warning: build failed, waiting for other jobs to finish...",
            "  The system library `gtk+-3.0` required by crate `gtk-sys` was not found.",
        ] {
            assert!(!is_progress(line), "{line}");
        }
    }

    #[test]
    fn a_build_that_fails_ahead_is_no_failure() {
        let sh = Shell::new().unwrap();
        let dir = sh.create_temp_dir().unwrap();
        sh.change_dir(dir.path());
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // There is nothing to build.
        let ahead = Ahead::begin(cmd!(sh, "{cargo} build")).unwrap();
        ahead.wait().unwrap();
    }
}
