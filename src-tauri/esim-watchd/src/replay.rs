//! `esim-watchd replay`: reads all stored raw bodies again with this version.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use esim_watch_core::store;

use crate::out;
use crate::serve::DataDir;

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    data_dir: DataDir,
}

impl ReplayArgs {
    /// Replays.
    ///
    /// # Errors
    /// What keeps it from being done, in words for the user.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let done = store::replay(&self.data_dir.resolve()?)?;
        let mut out = out::stdout();
        writeln!(out, "{} raw bodies read again.", done.deliveries)?;
        for (count, what) in [
            (done.recognized, "events are recognised now"),
            (
                done.changed - done.recognized,
                "other events say something else now",
            ),
            (
                done.found,
                "deliveries turned out to be events of their own",
            ),
            (done.joined, "events turned out to be others told again"),
            (
                done.mended,
                "eSIMs disagreed with their events and were worked out again",
            ),
        ] {
            if count > 0 {
                writeln!(out, "{count} {what}.")?;
            }
        }
        if done.changed + done.found + done.joined + done.mended == 0 {
            writeln!(out, "Nothing changed.")?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
