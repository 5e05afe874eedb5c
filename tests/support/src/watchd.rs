//! The daemon without a window, as a child process.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::PATIENCE;
use crate::child::Running;
use crate::process::bound;

/// A running `esim-watchd serve`.
pub struct Watchd {
    /// The address that deliveries are posted to, path token included.
    pub url: String,
    /// Where it keeps its database, as it says itself.
    pub data_dir: PathBuf,
    bin: PathBuf,
    running: Running,
}

impl Watchd {
    /// Starts `bin serve` on any free port with `data_dir` and further `args`, and awaits the line of
    /// JSON that says it is ready. Settings of the caller's environment do not reach it.
    ///
    /// # Errors
    /// If it does not start or prints something else; the message holds its log.
    pub async fn serve(bin: &Path, data_dir: &Path, args: &[&str]) -> Result<Self> {
        Self::serve_with(bin, data_dir, args, &[]).await
    }

    /// [`Watchd::serve`] with environment variables.
    ///
    /// # Errors
    /// As [`Watchd::serve`].
    pub async fn serve_with(
        bin: &Path,
        data_dir: &Path,
        args: &[&str],
        env: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = clean(bin);
        command
            .args(["serve", "--port", "0", "--data-dir"])
            .arg(data_dir)
            .args(args);
        command.envs(env.iter().copied());
        let mut running = Running::start(command, true)?;
        let line = running.line(PATIENCE).await?;
        let ready: Value = serde_json::from_str(&line)
            .with_context(|| format!("the ready line is no JSON: {line}"))?;
        let text = |name: &str| {
            let text = ready.get(name).and_then(Value::as_str);
            text.map(str::to_owned)
                .with_context(|| format!("no {name}: {line}"))
        };
        let (url, data_dir) = (text("url")?, text("dataDir")?.into());
        Ok(Self {
            url,
            data_dir,
            bin: bin.to_owned(),
            running,
        })
    }

    /// Asks it to end (SIGTERM; by `stop` where there are no signals) and awaits that it does, with status 0. Returns its log.
    ///
    /// # Errors
    /// If it does not end, or not cleanly.
    pub async fn sigterm(mut self) -> Result<String> {
        #[cfg(unix)]
        self.running.ask_to_end()?;
        #[cfg(not(unix))]
        Self::stop(&self.bin, &self.data_dir)?;
        let status = self.running.ended(PATIENCE).await?;
        ensure!(
            status.success(),
            "ended with {status}\n{}",
            self.running.log()
        );
        Ok(self.running.log())
    }

    /// Has the server on a data directory end with the program's own command. Returns what that printed.
    ///
    /// # Errors
    /// If there is one that goes on.
    pub fn stop(bin: &Path, data_dir: &Path) -> Result<String> {
        let mut command = clean(bin);
        let output = command
            .arg("stop")
            .arg("--data-dir")
            .arg(data_dir)
            .output()?;
        let log = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "stop ended with {}\n{log}",
            output.status
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Stops it for so long, as a computer that sleeps does.
    ///
    /// # Errors
    /// If it is no more.
    #[cfg(unix)]
    pub async fn suspend(&self, time: std::time::Duration) -> Result<()> {
        self.running.suspend(true)?;
        let wakes = tokio::time::Instant::now() + time;
        tokio::time::sleep_until(wakes).await;
        self.running.suspend(false)
    }

    /// Ends it the way a power cut would (SIGKILL).
    pub fn kill9(mut self) {
        self.running.kill();
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.running.log()
    }

    /// What `export esims|events --format json|csv` prints about this data directory, while it runs.
    ///
    /// # Errors
    /// If the export fails; the message holds what it wrote to stderr.
    pub fn export(&self, what: &str, format: &str) -> Result<String> {
        Self::export_from(&self.bin, &self.data_dir, what, format)
    }

    /// The export as JSON values.
    ///
    /// # Errors
    /// If the export fails or is no JSON array.
    pub fn exported(&self, what: &str) -> Result<Vec<Value>> {
        Ok(serde_json::from_str(&self.export(what, "json")?)?)
    }

    /// [`Watchd::export`] of any data directory, whether anything runs on it or not.
    ///
    /// # Errors
    /// As [`Watchd::export`].
    pub fn export_from(bin: &Path, data_dir: &Path, what: &str, format: &str) -> Result<String> {
        let mut command = clean(bin);
        command
            .args(["export", what, "--format", format, "--data-dir"])
            .arg(data_dir);
        let output = command
            .output()
            .with_context(|| format!("can't start {}", bin.display()))?;
        let log = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "export ended with {}\n{log}",
            output.status
        );
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn clean(bin: &Path) -> Command {
    let mut command = bound(bin);
    for name in [
        "ESIM_WATCH_DATA_DIR",
        "ESIM_WATCH_PORT",
        "ESIM_WATCH_WEBHOOK_SECRET",
        "ESIM_WATCH_API_URL",
        "ESIM_WATCH_API_TOKEN",
        "ESIM_WATCH_API_RATE",
    ] {
        command.env_remove(name);
    }
    command
}
