//! `simulate`: Roamify's traffic over real HTTP, for trying a desk out and for tests.
//!
//! In come a URL, perhaps a secret, and a few numbers; out go signed webhooks and a summary. It
//! stands outside like Roamify does: of the receiver it must know nothing but the URL and how
//! signatures are made, so that what it shows is what Roamify would see.
//!
//! `fate`, `lifecycle` and `account` say what happens, `esim` how it is written, `delivery` is what goes out, `cast` and `traffic` in which order it is
//! told; `drive` sends it, `summary` counts.

mod account;
mod cast;
mod delivery;
mod drive;
mod esim;
mod fate;
mod lifecycle;
mod summary;
#[cfg(test)]
mod tests;
mod traffic;

use std::io::Write;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::Args;
use tokio::sync::mpsc;

use self::traffic::{Plan, Traffic};
use crate::send::{Receiver, Target};

/// The arguments of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    #[command(flatten)]
    to: Receiver,
    /// How many eSIMs there are; about one delivery in six brings in a new one
    #[arg(long, value_name = "N", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    esims: u32,
    /// Deliveries per second, from 0.1 to 2000, kept up even if the receiver is slower
    #[arg(long, value_name = "R", default_value_t = 10.0, value_parser = rate)]
    rate: f64,
    /// How long to send, in seconds, at most a day
    #[arg(long, value_name = "T", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Same number, same traffic. Without it every run invents other eSIMs, and says its number
    #[arg(long, value_name = "K")]
    seed: Option<u64>,
    /// The clock base in seconds since the epoch, for tests; now if not given
    #[arg(long, value_name = "EPOCH", hide = true,
          value_parser = clap::value_parser!(i64).range(1_000_000_000..=4_000_000_000))]
    base: Option<i64>,
}

impl SimulateArgs {
    /// Sends until the time is over or Ctrl-C comes, then prints the summary. Status 0 if every
    /// delivery was answered 2xx.
    ///
    /// # Errors
    /// If no client can be set up, the clock stands before 1970, or stdout is gone.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let target = Target::new(self.to)?;
        let base = self.base.map_or_else(now, Ok)?;
        let seed = self.seed.unwrap_or_else(|| rand::random::<u32>().into());
        let Self {
            esims,
            rate,
            seconds,
            ..
        } = self;
        tracing::info!(
            esims,
            rate,
            seconds,
            seed,
            "sending; Ctrl-C ends it with the summary"
        );

        let (interrupted, mut stop) = mpsc::channel(1);
        let interrupts = tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() && interrupted.send(()).await.is_ok() {}
        });
        let mut traffic = Traffic::new(Plan {
            esims,
            rate,
            seed,
            base,
        });
        let mut tally = drive::drive(&target, &mut traffic, rate, seconds, &mut stop).await;
        interrupts.abort();
        tally.seed = seed;
        write!(std::io::stdout(), "{tally}")?;
        Ok(if tally.fault().is_none() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn now() -> anyhow::Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since
        .context("the clock stands before 1970; set it")?
        .as_secs();
    i64::try_from(seconds).context("the clock stands too far in the future; set it")
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.1..=2000.0).contains(&rate) => Ok(rate),
        _ => Err("give a number from 0.1 to 2000, in deliveries per second".to_owned()),
    }
}
