//! `cargo xtask demo`: the desk in a folder of its own beside a made-up Roamify, a week in ten minutes. Nothing has to be
//! configured, and nothing of the user's own desk is touched.
//!
//! The week ends today: what happened in it is as late as the clock of this computer after ten minutes, and goes on from
//! there as slowly as real life. For some hours in between no webhook arrives.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::rust::{self, Build};

/// A week in ten minutes.
const PACE: u64 = 1_008;
const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

/// Of the made-up Roamify alone: they open nothing else.
const SECRET: &str = "whsec_of_the_demo";
const TOKEN: &str = "token_of_the_demo";

/// The file by which the program knows a demo's folder.
const MARK: &str = "this-is-a-demo.txt";
const MARK_TEXT: &str =
    "Everything in this folder is made up, by `cargo xtask demo`. The next demo throws it away.\n";

/// Always the same week.
const SEED: &str = "7";

/// Ends a program when the demo ends, however it ends.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// Starts both and waits until the window's program is closed.
pub fn run(root: &Path, build: Build) -> anyhow::Result<ExitCode> {
    let programs = rust::folder_of_programs(root, build)?;
    let folder = fresh_folder(&programs)?;
    eprintln!("{}", welcome(&folder));

    let address = webhook_address(&programs, &folder)?;
    // The window says so in each of its pictures.
    fs::write(folder.join(MARK), MARK_TEXT)
        .with_context(|| format!("can't write into {}", folder.display()))?;
    let port = port_of(&address)
        .with_context(|| format!("no port in the address that esim-watchd printed: {address}"))?;
    let mut stand_in = Ended(stand_in(&programs, &address)?);
    let api = said_on_stdout(&mut stand_in.0)?;

    let status = Command::new(programs.join("esim-watch"))
        .arg("--data-dir")
        .arg(&folder)
        .args(["--port", &port.to_string()])
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
        .env("ESIM_WATCH_API_URL", api)
        .env("ESIM_WATCH_API_TOKEN", TOKEN)
        .status()
        .context("eSIM Watch could not be started")?;
    eprintln!("\nThe demo is over. Your own desk, if you have one, is as it was.");
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn welcome(folder: &Path) -> String {
    format!(
        "\nThis is a demo. Every eSIM, order and traveller in it is made up, by a Roamify that runs on this computer.\n\
         A week passes in ten minutes, up to now; then time goes on as it does. For ten hours in the middle of it no webhook arrives.\n\
         What it keeps is in {} and is thrown away by the next demo.\n\
         If eSIM Watch is open already, close it first: only one can run. Closing the window ends the demo where there \
         is no tray; otherwise quit it in the tray's menu, or press Ctrl-C here.\n",
        folder.display()
    )
}

/// A folder that holds nothing yet.
fn fresh_folder(programs: &Path) -> anyhow::Result<PathBuf> {
    let folder = programs.join("demo");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("{} is in use; is a demo running?", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    Ok(folder)
}

/// Where webhooks have to go: asked of the program without a window, on the folder that the one with a window gets.
fn webhook_address(programs: &Path, folder: &Path) -> anyhow::Result<String> {
    let child = Command::new(programs.join("esim-watchd"))
        .args(["serve", "--port", "0", "--data-dir"])
        .arg(folder)
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .context("esim-watchd could not be started")?;
    said_on_stdout(&mut Ended(child).0)
}

fn stand_in(programs: &Path, webhook: &str) -> anyhow::Result<Child> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970; set it")?
        .as_secs();
    let (from, to) = outage(now - 7 * DAY);
    Command::new(programs.join("esim-watch-tools"))
        .args(["stand-in", "--port", "0", "--seed", SEED, "--esims", "150"])
        .args([
            "--days-ago",
            "7",
            "--days",
            "9",
            "--pace",
            &PACE.to_string(),
        ])
        .args(["--webhook", webhook, "--wait-for-receiver"])
        .args(["--fault", &format!("webhook lost always {from}..{to}")])
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
        .env("ESIM_WATCH_API_TOKEN", TOKEN)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .context("the made-up Roamify could not be started")
}

/// When nothing arrives, in a week that begins then.
fn outage(begin: u64) -> (u64, u64) {
    (begin + 3 * DAY + 12 * HOUR, begin + 3 * DAY + 22 * HOUR)
}

/// The address in the one line that a program prints when it is ready.
fn said_on_stdout(child: &mut Child) -> anyhow::Result<String> {
    let stdout = child.stdout.take().context("a program has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    address_in(&line)
        .map(str::to_owned)
        .context("a program ended before it was ready; what it said stands above")
}

fn address_in(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("\"url\":\"")?;
    Some(rest.split_once('"')?.0)
}

fn port_of(address: &str) -> Option<u16> {
    let rest = address.strip_prefix("http://")?;
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    host.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_ready_line_is_found() {
        let line = "{\"url\":\"http://127.0.0.1:40123/hooks/abc\",\"dataDir\":\"/tmp/x\"}\n";
        let address = address_in(line);
        assert_eq!(address, Some("http://127.0.0.1:40123/hooks/abc"));
        assert_eq!(address.and_then(port_of), Some(40_123));
        assert_eq!(address_in(""), None);
    }

    #[test]
    fn the_hours_without_webhooks_are_within_the_week() {
        let (from, to) = outage(0);
        assert!(from < to && to < 7 * DAY);
    }

    #[test]
    fn whoever_starts_it_is_told_that_it_is_a_demo() {
        let said = welcome(Path::new("/somewhere/demo"));
        assert!(said.contains("This is a demo") && said.contains("/somewhere/demo"));
    }
}
