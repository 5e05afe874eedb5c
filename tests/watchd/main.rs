//! `esim-watchd` from outside: the real program, real HTTP, a real database file.

mod backups;
mod catch_up;
mod catch_up_again;
mod catch_up_broken;
mod catch_up_ended;
mod catch_up_living;
mod catch_up_odd;
mod catch_up_running;
mod deliveries;
#[cfg(target_os = "linux")]
mod disk;
mod exports;
mod faults;
mod faults_damage;
mod faults_disk;
mod faults_power;
#[cfg(target_os = "linux")]
mod keyring;
mod long_paths;
mod older;
mod readers_gone;
mod refusals;
mod repair;
mod retention;
mod unsafe_place;

use std::path::Path;
use std::process::{Command, Output};

use anyhow::Result;
use esim_watch_testkit::{Sender, Watchd};
use tempfile::TempDir;

/// The program under test.
const BIN: &str = env!("CARGO_BIN_EXE_esim-watchd");

/// The secret that [`signed`] servers check.
const SECRET: &str = "whsec_test_4f1d";

/// A server with an empty data directory that checks signatures, and a sender that signs.
async fn signed() -> Result<(TempDir, Watchd, Sender)> {
    let dir = tempfile::tempdir()?;
    let server = serve_signed(dir.path()).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    Ok((dir, server, sender))
}

async fn serve_signed(data_dir: &Path) -> Result<Watchd> {
    Watchd::serve_with(
        Path::new(BIN),
        data_dir,
        &[],
        &[("ESIM_WATCH_WEBHOOK_SECRET", SECRET)],
    )
    .await
}

/// Runs the program to its end.
fn run(args: &[&str]) -> Result<Output> {
    let output = Command::new(BIN)
        .args(args)
        .env_remove("ESIM_WATCH_DATA_DIR")
        .env_remove("ESIM_WATCH_PORT")
        .env_remove("ESIM_WATCH_WEBHOOK_SECRET")
        .output()?;
    Ok(output)
}

/// A text of an exported record.
fn text<'a>(record: &'a serde_json::Value, name: &str) -> Option<&'a str> {
    record.get(name).and_then(serde_json::Value::as_str)
}

/// A number of an exported record.
fn number(record: &serde_json::Value, name: &str) -> Option<i64> {
    record.get(name).and_then(serde_json::Value::as_i64)
}
