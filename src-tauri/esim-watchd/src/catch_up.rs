//! `esim-watchd catch-up`: one catch-up, by this program or by the one that has the data folder.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use esim_watch_core::catch_up::{ApiVariables, CaughtUp};
use esim_watch_core::control::{self, OtherCatchUp};
use esim_watch_core::engine::{Engine, EngineError, Options, PATIENCE, secrets_from_environment};
use esim_watch_core::message::{Message, ToMessage};
use esim_watch_core::store::OpenError;
use serde::Serialize;

use crate::out;
use crate::serve::{DataDir, end_signal};

/// For so long a program that has the data folder may start or end before it is given up.
const FOLDER_TIME: Duration = Duration::from_secs(10);

/// How often it is looked whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Options of `catch-up`.
#[derive(Debug, Args)]
pub struct CatchUpArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Whether these arguments of the program, which it does not understand, ask `catch-up` for JSON.
pub fn asks_for_json(arguments: &[OsString]) -> bool {
    let is_json = |argument: &OsString| argument.to_string_lossy().starts_with("--json");
    arguments.iter().any(|argument| argument == "catch-up") && arguments.iter().any(is_json)
}

/// Prints that nothing was done because of what is wrong with the arguments.
///
/// # Errors
/// If it can't be printed.
pub fn print_refusal(error: &clap::Error) -> anyhow::Result<()> {
    let told = error.to_string();
    let what = told.lines().next().unwrap_or_default();
    let what = what.trim_start_matches("error: ").trim_end_matches(':');
    print_problem(format!("The arguments are not understood: {what}."))
}

/// Prints what kept it from beginning.
fn print_problem(problem: String) -> anyhow::Result<()> {
    let report = Report {
        problems: vec![problem],
        ..Report::default()
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&report)?)?;
    Ok(out.flush()?)
}

/// What is printed.
#[derive(Default, Serialize)]
struct Report {
    requests: u64,
    esims: u64,
    found: u64,
    new: u64,
    seconds: f64,
    problems: Vec<String>,
}

impl CatchUpArgs {
    /// Catches up; the exit code is 1 if anything is missing. That something may be, and nothing shows that it is, is told and no
    /// failure.
    ///
    /// # Errors
    /// If what was done can't be printed.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        // Taken first, so that a signal which comes early is not lost.
        let end = match end_signal() {
            Err(error) if self.json => {
                print_problem(format!("{error:#}."))?;
                return Ok(ExitCode::FAILURE);
            }
            end => end?,
        };
        let begun = Instant::now();
        let done = match self.data_dir.resolve() {
            Ok(data_dir) => catch_up(&data_dir, end).await,
            Err(error) => CaughtUp::failed(error.to_message()),
        };
        let seconds = (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let report = Report {
            requests: done.requests,
            esims: done.esims,
            found: done.found,
            new: done.new,
            seconds,
            problems: done.problems.iter().map(Message::english).collect(),
        };
        let is_whole = report.problems.is_empty() || done.only_doubts;
        let mut out = out::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            tell(&report, &mut out)?;
        }
        out.flush()?;
        Ok(if is_whole {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Does it here if nobody has the folder, else asks whoever has. One who ends before it is done leaves the rest to this.
async fn catch_up(data_dir: &Path, end: impl Future<Output = ()>) -> CaughtUp {
    let mut end = std::pin::pin!(end);
    let variables = ApiVariables::from_environment();
    // What others did before they ended.
    let mut so_far = CaughtUp::default();
    let failed = |key: &str, so_far: &CaughtUp| CaughtUp::failed(Message::of(key)).after(so_far);
    let mut began = Instant::now();
    loop {
        let options = Options {
            data_dir: data_dir.to_owned(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: None,
            secrets: secrets_from_environment(),
            api: variables.clone(),
            keyring: true,
            patience: PATIENCE,
        };
        match Engine::start(options).await {
            Ok(engine) => {
                // What became of the database belongs to this run: whoever starts next is not told any more.
                let notice = engine.health().borrow().notice.clone();
                let mut work = std::pin::pin!(engine.catch_up());
                let mut done = tokio::select! {
                    done = &mut work => done,
                    () = &mut end => {
                        engine.cancel_catch_up();
                        work.await
                    }
                };
                engine.shutdown().await;
                done.only_doubts &= notice.is_none();
                done.problems.splice(0..0, notice);
                return done.after(&so_far);
            }
            Err(EngineError::Store(OpenError::InUse { .. })) => {}
            Err(error) => return CaughtUp::failed(error.to_message()).after(&so_far),
        }
        tokio::select! {
            answered = control::ask_to_catch_up(data_dir, &variables) => match answered {
                Some(OtherCatchUp::Done(done)) => return done.after(&so_far),
                Some(OtherCatchUp::Ends(done)) => {
                    so_far = done.after(&so_far);
                    began = Instant::now();
                }
                None => {}
            },
            // Whoever has the folder does it for all that ask.
            () = &mut end => return failed("catchUp.goesOn", &so_far),
        }
        if began.elapsed() >= FOLDER_TIME {
            return failed("catchUp.noAnswer", &so_far);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = &mut end => return failed("catchUp.cancelled", &so_far),
        }
    }
}

fn tell(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let Report {
        requests,
        esims,
        found,
        new,
        seconds,
        problems,
    } = report;
    writeln!(
        out,
        "{new} new events of {found} that the API told about {esims} eSIMs, by {requests} requests in {seconds:.1} s."
    )?;
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    if problems.is_empty() {
        writeln!(out, "Nothing is known to be missing.")?;
    }
    Ok(())
}
