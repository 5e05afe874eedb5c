//! `cargo xtask`: the commands that the README names, and continuous integration runs.
//!
//! Each command is a list of named, timed steps. A command brings the machine into the state it needs
//! (system packages, Node packages, the built window) before it compiles anything, so that a fresh
//! checkout on a fresh machine needs nothing but Rust and Node. Everything is said on stderr: stdout
//! belongs to the program that `run` starts. Knows how to build and test; knows nothing of eSIMs.
#![expect(
    clippy::print_stderr,
    reason = "a command line program talks to its user on stderr"
)]

mod ahead;
mod bench;
mod chroot;
mod demo;
mod licences;
mod package;
mod release;
mod repository;
mod rust;
mod steps;
mod system;
mod tidy;
mod window;
mod windows;
mod wine;

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xshell::Shell;

use crate::ahead::Ahead;
use crate::licences::System;
use crate::rust::Build;
use crate::steps::Steps;
use crate::system::Purpose;

/// Builds, starts, tests and checks eSIM Watch.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what is missing, builds eSIM Watch and starts it
    Run {
        /// Build without optimisation: slower to run, quicker to build
        #[arg(long)]
        debug: bool,
        /// Arguments for the program, after `--`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Shows eSIM Watch beside a made-up Roamify, in a folder of its own: the morning after a week
    Demo {
        /// Build without optimisation: slower to run, quicker to build
        #[arg(long)]
        debug: bool,
    },
    /// Installs what is missing and builds the programs as they are released, for this system
    Build,
    /// Installs what is missing and runs every test, those of the window included
    Test {
        /// Only tests whose name contains this
        filter: Option<String>,
    },
    /// Writes down the licences of everything in the programs, as the window of the next build shows them
    Licences,
    /// Checks formatting, lints, types, the house rules, and that the TypeScript bindings are current
    Check,
    /// Builds the programs for Windows, on Debian
    Windows {
        /// Run core's tests and those of esim-watchd as Windows programs, under wine (needs root); the programs are made only to see that they can be
        #[arg(long)]
        test: bool,
    },
    /// What cargo starts Windows programs with
    #[command(hide = true)]
    UnderWine {
        /// The program and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        program: Vec<String>,
    },
    /// Writes the TypeScript bindings of the window's commands anew
    Bindings,
    /// Measures parsing, verifying and folding, then loads the release esim-watchd beside sketches of the same
    Bench(bench::Options),
    /// Makes a key that packages are signed with, into this file; its password is in ESIM_WATCH_SIGNING_PASSWORD
    SigningKey {
        /// The file of the secret half
        file: std::path::PathBuf,
    },
    /// Makes the packages that are downloaded, out of what is built for release, and tries them
    Package(package::PackageOptions),
    /// Makes everything that is published: packages, checksums, bills of materials, licences; and says whether a second build is the same
    Release(release::ReleaseOptions),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut steps = Steps::default();
    let outcome = execute(cli.command, &mut steps);
    if let Err(error) = &outcome {
        eprintln!("{}\nerror: {error:#}", steps.table());
    }
    outcome.unwrap_or(ExitCode::FAILURE)
}

fn execute(command: Command, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    let root = repository::root()?;
    let sh = Shell::new()?;
    sh.change_dir(&root);
    match command {
        Command::Run { debug, args } => {
            let build = if debug { Build::Debug } else { Build::Trial };
            set_up_and_build(steps, &sh, &root, rust::DESK, build)?;
            eprintln!("{}", steps.table());
            rust::start(&root, build, &args)
        }
        Command::Demo { debug } => {
            let build = if debug { Build::Debug } else { Build::Trial };
            set_up_and_build(steps, &sh, &root, rust::ALL, build)?;
            eprintln!("{}", steps.table());
            demo::run(&root, build)
        }
        Command::Build => {
            set_up_and_build(steps, &sh, &root, rust::ALL, Build::Release)?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Test { filter } => {
            let filter = filter.as_deref();
            set_up(steps, &sh, &root, Purpose::Test)?;
            steps.run("test the window's code", || {
                window::test(&sh, &root, filter)
            })?;
            steps.run("build the tests", || rust::build_tests(&sh))?;
            steps.run("run the tests", || rust::test(&sh, filter))?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Licences => {
            set_up(steps, &sh, &root, Purpose::Run)?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            steps.run("formatting of Rust", || rust::check_formatting(&sh))?;
            steps.run("lock file of the fuzz targets", || {
                rust::check_lock_of_fuzzing(&sh)
            })?;
            steps.run("house rules", || tidy::check(&root))?;
            set_up(steps, &sh, &root, Purpose::Run)?;
            steps.run("window: types, lints, formatting", || {
                window::check(&sh, &root)
            })?;
            steps.run("lints of Rust", || rust::lint(&sh))?;
            steps.run("bindings are current", || rust::check_bindings(&sh))?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Windows { test } => {
            windows::check_system()?;
            set_up(steps, &sh, &root, Purpose::Windows)?;
            if test {
                steps.run("wine", || windows::prepare_root(&sh, &root))?;
                steps.run("build the tests for Windows", || windows::build_tests(&sh))?;
                steps.run("run the tests under wine", || windows::test(&sh, &root))?;
            }
            steps.run("build the programs for Windows", || match test {
                true => windows::prove(&sh, &root),
                false => windows::build(&sh, &root),
            })?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::UnderWine { program } => windows::under_wine(&root, &program),
        Command::Bindings => {
            steps.run("system packages", || system::prepare(&sh, Purpose::Run))?;
            steps.run("write the bindings", || {
                window::ensure_something_to_embed(&root)?;
                rust::write_bindings(&sh)
            })?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::SigningKey { file } => {
            package::make_key(&file)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Package(options) => {
            set_up(steps, &sh, &root, Purpose::Package)?;
            package::run(steps, &sh, &root, &options)?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Release(options) => {
            windows::check_system()?;
            set_up(steps, &sh, &root, Purpose::Package)?;
            release::run(steps, &sh, &root, &options)?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench(options) => {
            if options.needs_window() {
                set_up(steps, &sh, &root, Purpose::Test)?;
            }
            bench::run(steps, &sh, &options)?;
            eprintln!("{}", steps.table());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What every command that compiles the desktop package needs first: Tauri embeds `ui/dist`.
fn set_up(steps: &mut Steps, sh: &Shell, root: &Path, purpose: Purpose) -> anyhow::Result<()> {
    steps.run("system packages", || system::prepare(sh, purpose))?;
    steps.run("Node packages", || {
        window::check_node(sh)?;
        window::install(sh, root)
    })?;
    steps.run("build the window", || window::build(sh, root))?;
    steps.run("licences of the parts", || {
        let system = match purpose {
            Purpose::Windows => System::Windows,
            _ => System::here(),
        };
        licences::write_down(sh, root, system)
    })
}

/// Sets up what building and starting needs, and builds these packages.
fn set_up_and_build(
    steps: &mut Steps,
    sh: &Shell,
    root: &Path,
    packages: &[&str],
    build: Build,
) -> anyhow::Result<()> {
    let ahead = match system::is_prepared(sh, Purpose::Run)? {
        true => None,
        false => Some(Ahead::begin(rust::to_build(sh, packages, build))?),
    };
    set_up(steps, sh, root, Purpose::Run)?;
    if let Some(ahead) = ahead {
        let name = "build what needed no system package";
        steps.run(name, || ahead.wait())?;
    }
    steps.run("build the programs", || rust::build(sh, packages, build))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_program() {
        let cli = Cli::try_parse_from(["xtask", "run", "--", "--port", "0", "--minimized"]);
        match cli.map(|cli| cli.command) {
            Ok(Command::Run { debug, args }) => {
                assert!(!debug);
                assert_eq!(args, ["--port", "0", "--minimized"]);
            }
            _ => panic!("`run` was not understood"),
        }
    }
}
