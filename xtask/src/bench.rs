//! `cargo xtask bench`: builds what is shipped and what it is measured against, then measures.
//!
//! The two are built apart: built together, cargo would give `esim-watchd` the features that only the
//! load test asks of what both use, and the program that is measured would not be the one that is shipped.

use clap::{Args, ValueEnum};
use xshell::Shell;

use crate::rust::cargo;
use crate::steps::Steps;

/// What is measured, and how long.
#[derive(Args)]
pub struct Options {
    /// `ui`: only the window, over a store of 100,000 eSIMs and 1,000,000 events
    suite: Option<Suite>,
    /// Only these parts [default: all]
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// Length of each measured run [default: ingest 4, large 4, open 10, bad 20; for those, 1800 is half an hour]
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Rounds in which the servers take turns [default: ingest 5, else 3]
    #[arg(long, value_name = "N")]
    rounds: Option<u32>,
    /// Connections of the closed loop, for instance 1,64 [default: 1,64,256]
    #[arg(long, value_name = "N,…")]
    connections: Option<String>,
    /// Events in the large store [default: 1000000]
    #[arg(long, value_name = "N")]
    events: Option<u64>,
    /// With `ui`: minutes over which the memory of the web process is watched [default: 3; 60 for the hour]
    #[arg(long, value_name = "N")]
    minutes: Option<u64>,
    /// One round of one second each and a small large store: to see that everything works
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// What the window costs a person in waiting
    Ui,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// criterion: parse, verify, fold
    Micro,
    /// criterion: the list of 100,000 eSIMs in memory
    Roster,
    /// The rules over 100,000 eSIMs when nothing happens
    Rules,
    /// Closed loop of status events into an empty store, beside the sketches
    Ingest,
    /// Open loop, 1,000 requests a second over 64 connections
    Open,
    /// A million events: start, throughput, memory
    Large,
    /// kill -9 under full load
    Kill,
    /// Bad clients beside good ones
    Bad,
}

impl Part {
    /// The parts of the load test, by the names that it knows them by; `None`: not one of them.
    const fn load(self) -> Option<&'static str> {
        match self {
            Self::Micro | Self::Roster | Self::Rules => None,
            Self::Ingest => Some("ingest"),
            Self::Open => Some("open"),
            Self::Large => Some("large"),
            Self::Kill => Some("kill"),
            Self::Bad => Some("bad"),
        }
    }
}

impl Options {
    /// Whether the real window is measured, which needs what its tests need.
    pub fn needs_window(&self) -> bool {
        self.suite == Some(Suite::Ui)
    }
}

/// Builds and measures what was asked for.
pub fn run(steps: &mut Steps, sh: &Shell, options: &Options) -> anyhow::Result<()> {
    if options.needs_window() {
        return steps.run("the window", || ui(sh, options));
    }
    let all = options.only.is_empty();
    let load: Vec<&str> = options.only.iter().filter_map(|part| part.load()).collect();
    if all || options.only.contains(&Part::Micro) {
        steps.run("parse, verify, fold", || {
            criterion(
                sh,
                "core",
                &["parse", "verify", "fold", "late"],
                options.quick,
            )
        })?;
    }
    if all || options.only.contains(&Part::Roster) {
        steps.run("esim_list", || {
            criterion(sh, "desk", &["esim_list"], options.quick)
        })?;
    }
    if all || options.only.contains(&Part::Rules) {
        steps.run("rules", || rules(sh))?;
    }
    if all || !load.is_empty() {
        steps.run("build esim-watchd", || build(sh, "esim-watchd"))?;
        steps.run("build the load test", || build(sh, "esim-watch-load"))?;
        steps.run("load", || {
            let arguments = arguments(options, &load);
            cargo(sh)
                .args([
                    "run",
                    "--quiet",
                    "--release",
                    "--package",
                    "esim-watch-load",
                ])
                .args(["--", "run"])
                .args(arguments)
                .run()?;
            Ok(())
        })?;
    }
    Ok(())
}

fn criterion(sh: &Shell, package: &str, benches: &[&str], quick: bool) -> anyhow::Result<()> {
    let quick: &[&str] = if quick { &["--", "--quick"] } else { &[] };
    cargo(sh)
        .args(["bench", "--package", &format!("esim-watch-{package}")])
        .args(benches.iter().flat_map(|bench| ["--bench", bench]))
        .args(quick)
        .run()?;
    Ok(())
}

fn ui(sh: &Shell, options: &Options) -> anyhow::Result<()> {
    let minutes = options.minutes.map(|minutes| minutes.to_string());
    let mut arguments = vec!["--"];
    if let Some(minutes) = &minutes {
        arguments.extend(["--minutes", minutes]);
    }
    if options.quick {
        arguments.push("--quick");
    }
    cargo(sh)
        .args(["bench", "--package", "esim-watch", "--bench", "desk_ui"])
        .args(arguments)
        .run()?;
    Ok(())
}

fn rules(sh: &Shell) -> anyhow::Result<()> {
    cargo(sh)
        .args(["bench", "--package", "esim-watch-core", "--bench", "rules"])
        .run()?;
    Ok(())
}

fn build(sh: &Shell, package: &str) -> anyhow::Result<()> {
    cargo(sh)
        .args(["build", "--release", "--package", package])
        .run()?;
    Ok(())
}

fn arguments(options: &Options, parts: &[&str]) -> Vec<String> {
    let only = (!parts.is_empty()).then(|| parts.join(","));
    let named = [
        ("--only", only),
        ("--seconds", options.seconds.map(|n| n.to_string())),
        ("--rounds", options.rounds.map(|n| n.to_string())),
        ("--connections", options.connections.clone()),
        ("--events", options.events.map(|n| n.to_string())),
    ];
    let mut arguments: Vec<String> = named
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value?]))
        .flatten()
        .collect();
    if options.quick {
        arguments.push("--quick".to_owned());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_test_is_told_what_was_asked_for_and_no_more() {
        let options = Options {
            suite: None,
            minutes: None,
            only: vec![Part::Micro, Part::Kill, Part::Bad],
            seconds: Some(1800),
            rounds: None,
            connections: None,
            events: None,
            quick: true,
        };
        assert_eq!(
            arguments(&options, &["kill", "bad"]),
            ["--only", "kill,bad", "--seconds", "1800", "--quick"]
        );
    }
}
