//! The command `stand-in`: what can be chosen, and the running.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::api::Quirks;
use super::clock::{WorldClock, real_time};
use super::faults::{FaultRule, Faults};
use super::letters::Envelope;
use super::roamify::Roamify;
use super::server::StandIn;
use super::world::{DAY, Hurry, MINUTE, World, WorldPlan};

/// Something that the documentation leaves open or tells in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Quirk {
    /// Histories hold neither expiries nor revocations
    HistoryWithoutEnds,
    /// Histories do not hold that an eSIM runs again for which more was bought after its end
    HistoryWithoutReturns,
    /// Histories begin with what happened last
    HistoryBackwards,
    /// Usage is asked for by esimId, and by iccid no more
    UsageByEsimId,
    /// Usage details are in bytes; otherwise in kB
    DetailsInBytes,
    /// The list of eSIMs shows what was true ten minutes ago
    ListLags,
    /// Lists have at most 100 rows
    ShortLists,
}

/// How much goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Troubles {
    /// Nothing but what is asked for
    None,
    /// Some webhooks are lost, late, repeated or out of order, some answers fail, and there are outages
    Usual,
}

/// eSIMs whose weeks take ten minutes, for the demo.
#[derive(Debug, Clone, Copy, Args)]
pub struct HurryArgs {
    /// So many eSIMs more, whose weeks take ten minutes. For the demo
    #[arg(long, value_name = "N", hide = true, requires = "hurry_from")]
    hurried: Option<u32>,
    /// From when on those are sold, in seconds since the epoch
    #[arg(long, value_name = "EPOCH", hide = true)]
    hurry_from: Option<i64>,
}

impl HurryArgs {
    pub(crate) fn plan(self) -> Option<Hurry> {
        let (from, esims) = (self.hurry_from?, self.hurried?);
        Some(Hurry { from, esims })
    }
}

/// The arguments of `stand-in`.
#[derive(Debug, Args)]
pub struct StandInArgs {
    /// The port of the API, on this computer only; 0: any that is free
    #[arg(long, value_name = "N", default_value_t = 47_616)]
    port: u16,
    /// Where webhooks go, as the receiver shows it; without it nobody is told
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// The webhook secret: webhooks are signed with it. Unsigned without one
    #[arg(
        long,
        env = "ESIM_WATCH_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    secret: Option<String>,
    /// The token that the API asks for. Without one everybody may ask
    #[arg(
        long,
        env = "ESIM_WATCH_API_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    token: Option<String>,
    /// Same number, same world. Without it every run makes up another one, and says its number
    #[arg(long, value_name = "K")]
    seed: Option<u64>,
    /// How many eSIMs are sold, the past included
    #[arg(long, value_name = "N", default_value_t = 300,
          value_parser = clap::value_parser!(u32).range(1..=20_000))]
    esims: u32,
    /// For so many days eSIMs are sold
    #[arg(long, value_name = "DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=400))]
    days: u32,
    /// Its world begins so many days ago, and catches up with today at the pace that is given
    #[arg(long, value_name = "DAYS", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=60))]
    days_ago: u32,
    /// So many seconds of the world in one; a week takes ten minutes at 1008
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = pace)]
    pace: f64,
    /// Its clock stands until somebody listens where webhooks go
    #[arg(long, requires = "webhook")]
    wait_for_receiver: bool,
    /// When the world begins, in seconds since the epoch; then its clock stands until it is moved. For tests
    #[arg(long, value_name = "EPOCH", hide = true, conflicts_with_all = ["days_ago", "pace"])]
    stepped_from: Option<i64>,
    /// When the world began, in seconds since the epoch; its past is over, and its clock is that of this computer. For the demo
    #[arg(long, value_name = "EPOCH", hide = true, conflicts_with_all = ["days_ago", "pace", "stepped_from"])]
    began: Option<i64>,
    #[command(flatten)]
    hurry: HurryArgs,
    /// The form of webhooks
    #[arg(long, value_enum, default_value_t = Envelope::Nested)]
    envelope: Envelope,
    /// How much goes wrong
    #[arg(long, value_enum, default_value_t = Troubles::None)]
    trouble: Troubles,
    /// What goes wrong besides, for instance "webhook lost 5%" or "/api/esims 429:7 once"; can be repeated
    #[arg(long = "fault", value_name = "RULE")]
    faults: Vec<FaultRule>,
    /// What the documentation leaves open; can be repeated
    #[arg(long = "quirk", value_enum)]
    quirks: Vec<Quirk>,
}

impl StandInArgs {
    /// Runs until Ctrl-C comes. What can be read by a program is one line on stdout: the address.
    ///
    /// # Errors
    /// If the port is taken, the webhook's address is none, or stdout is gone.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let seed = self.seed.unwrap_or_else(|| rand::random::<u32>().into());
        let (begin, clock) = match (self.stepped_from, self.began) {
            (Some(begin), _) => (begin, WorldClock::stepped(begin)),
            (None, Some(begin)) => (begin, WorldClock::running(real_time(), 1.0)),
            (None, None) => {
                let begin = real_time() - i64::from(self.days_ago) * DAY;
                (begin, WorldClock::held(begin, self.pace))
            }
        };
        let plan = WorldPlan {
            seed,
            begin,
            days: self.days,
            esims: self.esims,
            everyday: self.began.is_some(),
            hurry: self.hurry.plan(),
        };
        let mut faults = match self.trouble {
            Troubles::None => Faults::none(seed),
            Troubles::Usual => Faults::usual(&plan),
        };
        self.faults.into_iter().for_each(|rule| faults.add(rule));
        let token = self.token.as_deref().filter(|token| !token.is_empty());
        let mut roamify = Roamify::over(Arc::new(World::of(plan)), faults, token);
        roamify.quirks = quirks(&self.quirks);
        roamify.envelope = self.envelope;
        if self.began.is_some() {
            roamify.outbox.skip(clock.now());
        }
        let stand_in = StandIn::start(roamify, clock, self.port).await?;
        if let Some(url) = &self.webhook {
            stand_in.point_at(url, self.secret.as_deref())?;
        }
        tracing::info!(
            "this is no Roamify but a stand-in: {} made-up eSIMs, seed {seed}; Ctrl-C ends it",
            self.esims
        );
        let asks = if token.is_some() { "a" } else { "no" };
        tracing::info!("the API is at {} and asks for {asks} token", stand_in.url());
        let mut stdout = std::io::stdout();
        writeln!(stdout, "{{\"url\":\"{}\"}}", stand_in.url())?;
        stdout.flush()?;
        let begun = async {
            if self.wait_for_receiver {
                stand_in.start_with_receiver().await;
            } else {
                stand_in.start_clock();
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            () = begun => {}
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn quirks(chosen: &[Quirk]) -> Quirks {
    let has = |quirk| chosen.contains(&quirk);
    Quirks {
        history_without_ends: has(Quirk::HistoryWithoutEnds),
        history_without_returns: has(Quirk::HistoryWithoutReturns),
        history_backwards: has(Quirk::HistoryBackwards),
        usage_by_esim_id: has(Quirk::UsageByEsimId),
        details_in_bytes: has(Quirk::DetailsInBytes),
        list_lags_seconds: if has(Quirk::ListLags) { 10 * MINUTE } else { 0 },
        most_rows: has(Quirk::ShortLists).then_some(100),
    }
}

fn pace(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(pace) if (1.0..=100_000.0).contains(&pace) => Ok(pace),
        _ => Err("give a number from 1 to 100000".to_owned()),
    }
}
