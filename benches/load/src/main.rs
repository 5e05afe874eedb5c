//! The load test: starts the release `esim-watchd` and its yardsticks, loads them from a process of
//! its own, prints what came of it beside the figures that are to be reached.
//!
//! Started by `cargo xtask bench`, which builds everything first. Nothing is asserted: how fast a
//! machine is says nothing about whether the program is right. That what was acknowledged is still there
//! after a kill does, and fails the run.

mod bad;
mod client;
mod deck;
mod drive;
mod ingest;
mod kill;
mod large;
mod open;
mod report;
mod server;
mod yardstick;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use tempfile::TempDir;

#[derive(Parser)]
#[command(name = "esim-watch-load", about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the esim-watchd that lies beside this program
    Run(Options),
    /// Serve what esim-watchd is measured against
    Yardstick {
        kind: yardstick::Kind,
        #[arg(long)]
        data_dir: PathBuf,
    },
}

/// What is measured, and how long.
#[derive(Args, Debug)]
struct Options {
    /// Only these parts [default: all]
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// Length of each measured run [default: ingest 4, large 4, open 10, bad 20]
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Rounds in which the servers take turns; medians are told [default: ingest 5, else 3]
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// Connections of the closed loop
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 256], value_name = "N")]
    connections: Vec<usize>,
    /// Events in the large store
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    events: u64,
    /// A tenth of the large store, one second per run: to see that everything works
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Closed loop: throughput, latency, bytes per event, memory
    Ingest,
    /// Open loop: latency at 1,000 requests a second
    Open,
    /// The same over a large store; its start; its memory
    Large,
    /// kill -9 under load
    Kill,
    /// Bad clients beside good ones
    Bad,
}

/// What every part needs to know.
struct Bench {
    watchd: PathBuf,
    myself: PathBuf,
    scratch: PathBuf,
    seconds: Option<u64>,
    rounds: Option<usize>,
    connections: Vec<usize>,
    events: u64,
    quick: bool,
}

impl Bench {
    fn new(options: &Options) -> Result<Bench> {
        let myself = std::env::current_exe()?;
        let watchd = myself.with_file_name(format!("esim-watchd{}", std::env::consts::EXE_SUFFIX));
        // Beside the programs: on a real disk, where a folder for temporary files may be none.
        let target = myself.ancestors().nth(2).context("no target folder")?;
        let scratch = target.join("bench");
        std::fs::create_dir_all(&scratch)?;
        Ok(Bench {
            watchd,
            scratch,
            seconds: options.seconds,
            rounds: options.rounds,
            connections: options.connections.clone(),
            events: if options.quick {
                options.events / 10
            } else {
                options.events
            },
            quick: options.quick,
            myself,
        })
    }

    /// A folder for a database, removed when it is dropped.
    fn folder(&self) -> Result<TempDir> {
        Ok(TempDir::new_in(&self.scratch)?)
    }

    /// How often the servers take turns.
    fn rounds(&self, usual: usize) -> usize {
        let quick = if self.quick { 1 } else { usual };
        self.rounds.unwrap_or(quick).max(1)
    }

    /// How long a measured run takes.
    fn length(&self, usual: u64) -> Duration {
        let quick = if self.quick { 1 } else { usual };
        Duration::from_secs(self.seconds.unwrap_or(quick))
    }
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Yardstick { kind, data_dir } => yardstick::serve(kind, &data_dir),
        Command::Run(options) => run(&options),
    }
}

fn run(options: &Options) -> Result<()> {
    let bench = Bench::new(options)?;
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    if wanted(Part::Ingest) {
        ingest::run(&bench)?;
    }
    if wanted(Part::Open) {
        open::run(&bench)?;
    }
    if wanted(Part::Large) {
        large::run(&bench)?;
    }
    if wanted(Part::Kill) {
        kill::run(&bench)?;
    }
    if wanted(Part::Bad) {
        bad::run(&bench)?;
    }
    Ok(())
}
