//! `esim-watchd stop`: has the server that runs on a data folder end, and waits until it has.
//!
//! A signal does the same, where the system has them.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use esim_watch_core::control::{self, EndAnswer};
use esim_watch_core::store;

use crate::out;
use crate::serve::DataDir;

/// How long a server may take to answer what it has in hand, and to write it.
const END_WAIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Options of `stop`.
#[derive(Debug, Args)]
pub struct StopArgs {
    #[command(flatten)]
    data_dir: DataDir,
}

impl StopArgs {
    /// Ends the server.
    ///
    /// # Errors
    /// If it goes on, in words for the user.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let data_dir = self.data_dir.resolve()?;
        let folder = data_dir.display();
        let mut out = out::stdout();
        if store::is_free(&data_dir) {
            writeln!(out, "No server runs on {folder}.")?;
            return Ok(ExitCode::SUCCESS);
        }
        match control::ask_to_end(&data_dir).await {
            EndAnswer::Ends => {}
            EndAnswer::Refuses => bail!(
                "{folder} is in use by eSIM Watch with its window. Quit it by its icon's menu, or with `esim-watch --quit`"
            ),
            EndAnswer::Nobody => bail!(
                "The program that uses {folder} does not answer. It may be about to start or to end: try again"
            ),
        }
        let asked = Instant::now();
        while asked.elapsed() < END_WAIT {
            if store::is_free(&data_dir) {
                writeln!(out, "The server has ended.")?;
                return Ok(ExitCode::SUCCESS);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        bail!("The server was asked to end and still uses {folder}")
    }
}
