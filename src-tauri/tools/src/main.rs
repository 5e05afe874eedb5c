//! The command line of the tools; what they do stands in the library beside it.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use esim_watch_tools::past::PastArgs;
use esim_watch_tools::send::SendArgs;
use esim_watch_tools::simulate::SimulateArgs;
use esim_watch_tools::stand_in::StandInArgs;
use tracing_subscriber::EnvFilter;

/// Tries out a receiver of Roamify's eSIM webhooks
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Post payload files to a receiver, and print its answers
    Send(SendArgs),
    /// Send a receiver plausible traffic, and print what became of it
    Simulate(SimulateArgs),
    /// Be Roamify on this computer: its webhooks, its API, and what can go wrong with both
    StandIn(StandInArgs),
    /// Leave a data folder as a desk does that has heard of a world for days; for the demo
    #[command(hide = true)]
    Past(PastArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match Cli::parse().command {
        Command::Send(args) => args.run().await,
        Command::Simulate(args) => args.run().await,
        Command::StandIn(args) => args.run().await,
        Command::Past(args) => args.run().await,
    };
    done.unwrap_or_else(|error| fail(&error))
}

/// Says what went wrong, in one line: where in the program it did is nothing to its user, whatever RUST_BACKTRACE says.
fn fail(error: &anyhow::Error) -> ExitCode {
    // Nobody reads a stderr that can't be written.
    let _ = writeln!(std::io::stderr(), "Error: {error:#}");
    ExitCode::FAILURE
}
