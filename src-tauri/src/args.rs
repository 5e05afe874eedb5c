//! The desktop program's command line.

use std::path::PathBuf;

use clap::Parser;
use esim_watch_core::engine::EngineError;
use esim_watch_core::paths;

/// Receives Roamify's eSIM webhooks and shows what happened to your customers' eSIMs
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub struct Args {
    /// Folder that everything is kept in [default: this user's local application data]
    #[arg(long, env = "ESIM_WATCH_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Port to listen on; wins over the one that is set in the window
    #[arg(long, env = "ESIM_WATCH_PORT", value_name = "N")]
    pub port: Option<u16>,
    /// Start with the window minimized
    #[arg(long)]
    pub minimized: bool,
}

impl Args {
    /// The folder that was named, else this user's.
    ///
    /// # Errors
    /// [`EngineError::NoDataDir`] if the system tells no such folder.
    pub fn data_dir(&self) -> Result<PathBuf, EngineError> {
        self.data_dir
            .clone()
            .or_else(paths::default_data_dir)
            .ok_or(EngineError::NoDataDir)
    }
}
