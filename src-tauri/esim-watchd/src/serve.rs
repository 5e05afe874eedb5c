//! `esim-watchd serve`: the engine, until it is told to end.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use esim_watch_core::catch_up::ApiVariables;
use esim_watch_core::engine::{Engine, EngineError, Options, PATIENCE, secrets_from_environment};
use esim_watch_core::paths;
use serde::Serialize;

use crate::out;

/// Where the data is, for every command that needs it.
#[derive(Debug, Args)]
pub struct DataDir {
    /// Folder that everything is kept in [default: this user's local application data]
    #[arg(long, env = "ESIM_WATCH_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl DataDir {
    /// The folder that was named, else this user's.
    pub fn resolve(self) -> Result<PathBuf, EngineError> {
        self.data_dir
            .or_else(paths::default_data_dir)
            .map(paths::openable)
            .ok_or(EngineError::NoDataDir)
    }
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Port to listen on; 0 takes any free one [default: the stored one, else 47615]
    #[arg(long, env = "ESIM_WATCH_PORT", value_name = "N")]
    port: Option<u16>,
    /// Address to listen on; anything but this machine's own needs a firewall in front
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
}

/// The one line on stdout that says the server is ready.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    url: String,
    data_dir: PathBuf,
}

impl ServeArgs {
    /// Serves until SIGTERM, Ctrl-C or `stop`.
    ///
    /// # Errors
    /// What keeps it from starting, in words for the user.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        // Taken first, so that a signal which comes early is not lost.
        let end = end_signal()?;
        let data_dir = self.data_dir.resolve()?;
        let options = Options {
            data_dir: data_dir.clone(),
            bind: self.bind,
            port: self.port,
            secrets: secrets_from_environment(),
            api: ApiVariables::from_environment(),
            keyring: true,
            patience: PATIENCE,
        };
        // Nobody is here to be notified: the alerts end with their receiver.
        let engine = Arc::new(Engine::start(options).await?);
        let served = serve(&engine, data_dir, end).await;
        engine.shutdown().await;
        tracing::info!("stopped");
        served.map(|()| ExitCode::SUCCESS)
    }
}

async fn serve(
    engine: &Arc<Engine>,
    data_dir: PathBuf,
    end: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let address = engine.listen().await?;
    engine.start_watchdog().await;
    for provider in &engine.health().borrow().unsigned {
        tracing::warn!(
            provider,
            "no signing secret is set: whoever knows the address can deliver events"
        );
    }
    let connection = engine.connection().await?;
    let first = connection.providers.first();
    let first = first.context("there is no provider")?;
    let url = format!("http://{address}{}", first.webhook_path);
    let ready = serde_json::to_string(&Ready { url, data_dir })?;
    let mut stdout = out::stdout();
    writeln!(stdout, "{ready}")
        .and_then(|()| stdout.flush())
        .context("stdout can't be written")?;
    // Behind the line that says that it listens: what comes meanwhile is taken.
    engine.start_catching_up();
    tokio::select! {
        () = end => {}
        () = engine.asked_to_end() => {}
    }
    Ok(())
}

#[cfg(unix)]
pub fn end_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate()).context("SIGTERM can't be awaited")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C can't be awaited")?;
    // Awaiting it would undo what `nohup` did.
    let hangup = (!ignores_hangups()).then(|| signal(SignalKind::hangup()));
    let mut hangup = hangup
        .transpose()
        .context("the terminal's end can't be awaited")?;
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => drop(hangup.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
            () = hung_up => {}
        }
    })
}

/// Whether whoever started this program has it go on when the terminal is closed. Where the system does not say, it is left to
/// the system.
#[cfg(unix)]
fn ignores_hangups() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return true;
    };
    ignored_signals(&status).is_none_or(|ignored| ignored & 1 != 0)
}

/// The signals that a process ignores, the first one in the lowest bit (`SigIgn` in proc_pid_status(5)).
#[cfg(unix)]
fn ignored_signals(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

/// Ctrl-C and Ctrl-Break, the console's window that is closed, and the system that shuts down. To the last two Windows
/// gives some seconds (`HandlerRoutine` in its documentation), and the process ends when tokio's handler returns: it
/// does not before the program is done.
#[cfg(windows)]
pub fn end_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
    let mut interrupt = ctrl_c().context("Ctrl-C can't be awaited")?;
    let mut stop = ctrl_break().context("Ctrl-Break can't be awaited")?;
    let mut close = ctrl_close().context("the console's end can't be awaited")?;
    let mut shutdown = ctrl_shutdown().context("the system's end can't be awaited")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = stop.recv() => {}
            _ = close.recv() => {}
            _ = shutdown.recv() => {}
        }
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn who_is_to_go_on_without_a_terminal_ignores_its_end() {
        let status = |ignored| format!("Name:\tx\nSigBlk:\t0001\nSigIgn:\t{ignored}\n");
        for (ignored, hangups) in [("0000000000000000", 0), ("0000000000001001", 1)] {
            let found = ignored_signals(&status(ignored)).unwrap();
            assert_eq!(found & 1, hangups, "{ignored}");
        }
        assert_eq!(ignored_signals("Name:\tx\n"), None);
    }
}
