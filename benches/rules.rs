//! What the rules cost when nothing happens: 100,000 eSIMs, each with an open timer, in the real engine.
//!
//! Prints how long the first look at all of them takes, and the processor time of two quiet minutes. Nothing
//! is asserted: how fast a machine is says nothing about whether the program is right.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use esim_watch_core::clock::now_ms;
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::store::{Delivery, Store};
use jiff::tz::TimeZone;

const ESIMS: i64 = 100_000;

/// Before the quiet time, so that the first backup, a minute after the start, is over.
const SETTLE: Duration = Duration::from_secs(90);

/// Length of the quiet time.
const QUIET: Duration = Duration::from_secs(120);

/// How many deliveries are under way at a time while the store is filled.
const TOGETHER: i64 = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    fill(dir.path()).await?;
    let engine = Engine::start(Options {
        data_dir: dir.path().to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    })
    .await?;
    engine.listen().await?;
    let (began, spent) = (Instant::now(), processor()?);
    let (inbox, _notices) = engine.open_inbox(TimeZone::system()).await?;
    // The first summary comes when everything was looked at once.
    inbox.summary().changed().await?;
    let (first, first_spent) = (began.elapsed(), processor()? - spent);
    tokio::time::sleep(SETTLE).await;
    let (began, spent) = (Instant::now(), processor()?);
    tokio::time::sleep(QUIET).await;
    let (quiet, quiet_spent) = (began.elapsed(), processor()? - spent);
    print(first, first_spent, quiet, quiet_spent);
    engine.shutdown().await;
    Ok(())
}

/// eSIMs in use, of which none is about to end.
async fn fill(dir: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open(dir, |_| {})?;
    let now = now_ms() / 1000;
    for first in (0..ESIMS).step_by(TOGETHER as usize) {
        let mut under_way = tokio::task::JoinSet::new();
        for number in first..first + TOGETHER {
            let end = now + 3 * 86_400 + number % 86_400;
            let body = format!(
                r#"{{"event_category":"esim","event_type":"status","esim_id":"{number:08}","iccid":"89445001{number:011}","reference_id":"TRIP-{number}","start":{},"end":{end},"status":"ACTIVATED","timestamp":{}}}"#,
                now - 2 * 86_400,
                now - 2 * 86_400,
            );
            let delivery = Delivery::of(body, now_ms());
            let writer = store.writer().clone();
            under_way.spawn(async move { writer.deliver(delivery).await });
        }
        while let Some(done) = under_way.join_next().await {
            done??;
        }
    }
    tokio::task::spawn_blocking(move || store.close()).await?;
    Ok(())
}

/// Processor time of this process so far, user and system (proc_pid_stat(5): fields 14 and 15, in
/// hundredths of a second).
fn processor() -> std::io::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn print(first: Duration, first_spent: Duration, quiet: Duration, quiet_spent: Duration) {
    println!("{ESIMS} eSIMs, each with an open timer");
    println!(
        "  first look at all of them   {:.2} s, {:.2} s of the processor",
        first.as_secs_f64(),
        first_spent.as_secs_f64()
    );
    println!(
        "  a quiet {:.0} s              {:.2} % of a core (to reach: below 0.5 %)",
        quiet.as_secs_f64(),
        100.0 * quiet_spent.as_secs_f64() / quiet.as_secs_f64()
    );
}
