//! The servers under load, each a process of its own, and what the operating system says of them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::Bench;
use crate::deck::SECRET;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `esim-watchd serve`, as it is shipped.
    Product,
    /// A sketch: verifies, keeps event, eSIM and body, one commit per request.
    PerRequest,
    /// A sketch: the same, but one commit for all that wait.
    Group,
    /// A sketch: verifies and parses, stores nothing.
    Nothing,
}

impl Which {
    /// All, in the order in which they take turns.
    pub const ALL: [Which; 4] = [
        Which::Product,
        Which::PerRequest,
        Which::Group,
        Which::Nothing,
    ];

    /// How the report calls it.
    pub fn name(self) -> &'static str {
        match self {
            Which::Product => "product",
            Which::PerRequest => "commit per request",
            Which::Group => "group commit",
            Which::Nothing => "nothing stored",
        }
    }
}

/// A running server. Ends, as in a power cut, when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The last part of its webhook path.
    pub token: String,
    /// From starting the process to its word that it listens.
    pub ready_after: Duration,
}

impl Server {
    /// Starts a server on this folder and awaits the line that says it is ready.
    pub fn start(bench: &Bench, which: Which, data_dir: &Path) -> Result<Server> {
        let mut command = match which {
            Which::Product => {
                let mut command = Command::new(&bench.watchd);
                command.args(["serve", "--port", "0"]);
                command
            }
            sketch => {
                let mut command = Command::new(&bench.myself);
                command.arg("yardstick");
                command.arg(match sketch {
                    Which::PerRequest => "per-request",
                    Which::Group => "group",
                    Which::Product | Which::Nothing => "nothing",
                });
                command
            }
        };
        command
            .arg("--data-dir")
            .arg(data_dir)
            .env_remove("ESIM_WATCH_PORT")
            .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped());
        let begin = Instant::now();
        let mut child = command.spawn().with_context(|| {
            let program = command.get_program().display();
            format!("{program} can't be started; `cargo xtask bench` builds it")
        })?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let ready_after = begin.elapsed();
        let Some((address, token)) = ready(&line) else {
            // Nothing is lost with it: it said no word.
            let _ = child.kill();
            child.wait()?;
            bail!(
                "the {} did not say where it listens: {line:?}",
                which.name()
            );
        };
        Ok(Server {
            child,
            address,
            token,
            ready_after,
        })
    }

    /// Ends it the way a power cut would (SIGKILL).
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Processor time so far, of all its threads.
    pub fn processor(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(self.proc("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(11);
        let ticks: u64 =
            fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
        // USER_HZ is 100 on every Linux that has /proc/PID/stat.
        Some(Duration::from_millis(ticks * 10))
    }

    /// Bytes that it made the system write to disk so far.
    pub fn written(&self) -> Option<u64> {
        number(&self.proc("io"), "write_bytes:")
    }

    /// Resident memory in bytes: now, and at its highest.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = self.proc("status");
        let kib = |name| number(&status, name).map(|kib| kib * 1024);
        Some((kib("VmRSS:")?, kib("VmHWM:")?))
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

fn ready(line: &str) -> Option<(SocketAddr, String)> {
    let ready: serde_json::Value = serde_json::from_str(line).ok()?;
    let url = ready.get("url")?.as_str()?.strip_prefix("http://")?;
    let (address, token) = url.split_once("/hooks/")?;
    Some((address.parse().ok()?, token.to_owned()))
}

fn number(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_names_address_and_token() {
        let (address, token) =
            ready(r#"{"url":"http://127.0.0.1:4000/hooks/abc","dataDir":"/x"}"#).unwrap();
        assert_eq!(
            (address.port(), address.ip().is_loopback(), token.as_str()),
            (4000, true, "abc")
        );
        assert!(ready("error: the port is taken").is_none());
    }
}
