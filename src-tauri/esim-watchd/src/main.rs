//! eSIM Watch without a window: puts the commands together.

mod catch_up;
mod check;
mod export;
mod out;
mod replay;
mod restore;
mod serve;
mod stop;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Receives Roamify's eSIM webhooks on a machine without a desktop
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg_attr(not(windows), doc = "Receive webhooks until SIGTERM, Ctrl-C or `stop`")]
    #[cfg_attr(windows, doc = "Receive webhooks until Ctrl-C or `stop`")]
    Serve(serve::ServeArgs),
    /// End the server that runs on a data folder, and wait until it has ended
    Stop(stop::StopArgs),
    /// Ask Roamify's API for what was sent while nobody listened, beside a running server or without
    CatchUp(catch_up::CatchUpArgs),
    /// Write all eSIMs or events as JSON or CSV
    Export(export::ExportArgs),
    /// Look whether the database is whole and agrees with itself
    Check(check::CheckArgs),
    /// List the backups, or put one in the database's place
    Restore(restore::RestoreArgs),
    /// Read all stored deliveries again with this version
    Replay(replay::ReplayArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that can't be written, on a full disk for instance, would be told on stderr: a panic.
        .log_internal_errors(false)
        .init();
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return refused(&error),
    };
    let done = match command {
        Command::Serve(args) => args.run().await,
        Command::Stop(args) => args.run().await,
        Command::CatchUp(args) => args.run().await,
        Command::Export(args) => args.run(),
        Command::Check(args) => args.run(),
        Command::Restore(args) => args.run(),
        Command::Replay(args) => args.run(),
    };
    done.unwrap_or_else(|error| fail(&error))
}

/// Says what is wrong with the arguments, to a script that asked for JSON in JSON.
fn refused(error: &clap::Error) -> ExitCode {
    // Nobody reads what can't be written.
    let _ = error.print();
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if error.use_stderr() && catch_up::asks_for_json(&arguments) {
        let _ = catch_up::print_refusal(error);
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(u8::MAX))
}

/// Says what went wrong, in one line: where in the program it did is nothing to its user, whatever RUST_BACKTRACE says.
fn fail(error: &anyhow::Error) -> ExitCode {
    // Nobody reads a stderr that can't be written.
    let _ = writeln!(std::io::stderr(), "Error: {error:#}");
    ExitCode::FAILURE
}
