//! `cargo xtask demo`: the desk in a folder of its own beside a made-up Roamify. Nothing has to be configured, and nothing of
//! the user's own desk is touched.
//!
//! A week has gone by when it opens, as it would have: the desk heard of it as it happened, but for some hours in which no
//! webhook arrived, and then the computer was off. What was missed is asked for, and from there on webhooks come as they do. Some
//! more eSIMs are sold then whose weeks take ten minutes each: so everything that can happen is seen to happen. Every time in the
//! window is true; a week that hurried by as a whole would be days late in each of its lines.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::rust::{self, Build};

/// So many that something happens every quarter of a minute. Some are sold tomorrow.
const ESIMS: &str = "3000";
/// For so long they are sold: today and some days more.
const DAYS: &str = "9";
/// So many more live a week in ten minutes.
const HURRIED: &str = "36";
/// When those begin to be sold: the window is there by then, seconds after the start.
const HURRIED_AFTER: u64 = 60;
/// For so long the computer was off.
const OFF: u64 = 10 * HOUR;
/// The made-up Roamify is asked as often as it likes, requests a second.
const RATE: &str = "50";
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
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970; set it")?
        .as_secs();
    let week = Week::until(now);
    live_through(&programs, &folder, week)?;
    let mut stand_in = Ended(stand_in(&programs, &address, week)?);
    let api = said_on_stdout(&mut stand_in.0)?;

    let status = Command::new(programs.join("esim-watch"))
        .arg("--data-dir")
        .arg(&folder)
        .args(["--port", &port.to_string()])
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
        .env("ESIM_WATCH_API_URL", api)
        .env("ESIM_WATCH_API_TOKEN", TOKEN)
        .env("ESIM_WATCH_API_RATE", RATE)
        .status()
        .context("eSIM Watch could not be started")?;
    eprintln!("\nThe demo is over. Your own desk, if you have one, is as it was.");
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn welcome(folder: &Path) -> String {
    format!(
        "\nThis is a demo. Every eSIM, order and traveller in it is made up, by a Roamify that runs on this computer.\n\
         A week has gone by, in the middle of which no webhook arrived for ten hours; for the last ten the computer was off.\n\
         What was missed is asked for now, which takes some minutes; meanwhile webhooks come as they do in real life.\n\
         For three dozen of the eSIMs a week takes ten minutes from now on: watch them being sold, activated, used up and expired.\n\
         Making the week up takes some seconds.\n\
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

/// A week, UTC seconds.
#[derive(Clone, Copy)]
struct Week {
    began: u64,
    /// When the computer was switched off.
    until: u64,
    /// Between these no webhook arrived although it was on.
    deaf: (u64, u64),
    /// When the hurried ones begin to be sold.
    hurried: u64,
}

impl Week {
    fn until(now: u64) -> Week {
        let began = now - 7 * DAY;
        let deaf = began + 3 * DAY + 12 * HOUR;
        Week {
            began,
            until: now - OFF,
            deaf: (deaf, deaf + 10 * HOUR),
            hurried: now + HURRIED_AFTER,
        }
    }
}

/// A program of the tools in this world.
fn tool(programs: &Path, name: &str, week: Week) -> Command {
    let mut tool = Command::new(programs.join("esim-watch-tools"));
    tool.args([name, "--seed", SEED, "--esims", ESIMS, "--days", DAYS])
        .args(["--began", &week.began.to_string()])
        .args(["--hurried", HURRIED])
        .args(["--hurry-from", &week.hurried.to_string()])
        .env("RUST_LOG", "warn");
    tool
}

/// Has the desk hear of the week, until it is switched off.
fn live_through(programs: &Path, folder: &Path, week: Week) -> anyhow::Result<()> {
    let Week {
        until,
        deaf: (from, to),
        ..
    } = week;
    let ended = tool(programs, "past", week)
        .args(["--until", &until.to_string(), "--data-dir"])
        .arg(folder)
        .args(["--fault", &format!("webhook lost always {from}..{to}")])
        .status()
        .context("the past week could not be made up")?;
    anyhow::ensure!(
        ended.success(),
        "the past week could not be made up; why stands above"
    );
    Ok(())
}

fn stand_in(programs: &Path, webhook: &str, week: Week) -> anyhow::Result<Child> {
    tool(programs, "stand-in", week)
        .args(["--port", "0", "--webhook", webhook])
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
        .env("ESIM_WATCH_API_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .spawn()
        .context("the made-up Roamify could not be started")
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
    fn the_hours_without_webhooks_are_within_the_week_and_before_the_computer_was_off() {
        let week = Week::until(1_800_000_000);
        let (from, to) = week.deaf;
        assert!(week.began < from && from < to && to < week.until);
    }

    #[test]
    fn whoever_starts_it_is_told_that_it_is_a_demo() {
        let said = welcome(Path::new("/somewhere/demo"));
        assert!(said.contains("This is a demo") && said.contains("/somewhere/demo"));
    }
}
