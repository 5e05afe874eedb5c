//! A store as a desk has it after a year, filled through the product's own core: eleven events for each eSIM whose
//! period is over, in the order in which they happened. It is kept, and copied for each run.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::store::{Counts, DATABASE_FILE, Delivery, Store};
use esim_watch_core::traveller::{Owner, Traveller};
use esim_watch_testkit::{Esim, Payload, now};
use jiff::tz::TimeZone;
use serde_json::json;
use tempfile::TempDir;

/// How large.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub esims: u32,
}

impl Size {
    pub fn of(esims: u32) -> Self {
        Self { esims }
    }
}

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

/// Deliveries that are under way at a time.
const TOGETHER: usize = 500;

/// A copy of the filled store, filled first if it is not there yet, and what is in it.
pub fn filled(kept: &Path, size: Size) -> Result<(TempDir, Counts)> {
    let folder = kept.join(format!("{}-esims", size.esims));
    let done = folder.join("complete");
    if !done.exists() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let began = Instant::now();
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(fill(&folder, size))?;
        tell(&format!(
            "the store was filled in {:.0} s",
            began.elapsed().as_secs_f64()
        ));
        std::fs::write(&done, "")?;
    }
    let copy = TempDir::with_prefix_in("run-", kept)?;
    std::fs::copy(folder.join(DATABASE_FILE), copy.path().join(DATABASE_FILE))?;
    let store = Store::open(copy.path(), |_| {})?;
    let counts = store.readers().read(|store| store.counts())?;
    store.close();
    Ok((copy, counts))
}

/// What happens to an eSIM, and when, in seconds from the start of its period.
const LIFE: [(&str, i64); 11] = [
    ("NEW", -3 * DAY),
    ("INSTALLED", -DAY),
    ("ACTIVATED", 0),
    ("usage", DAY / 6),
    ("usage", DAY),
    ("INACTIVE", DAY + 7),
    ("ACTIVATED", DAY + 13),
    ("usage", 3 * DAY),
    ("usage", 4 * DAY),
    ("usage", 6 * DAY),
    ("EXPIRED", 7 * DAY),
];

async fn fill(folder: &Path, size: Size) -> Result<()> {
    {
        let store = std::sync::Arc::new(Store::open(folder, |_| {})?);
        let last = now();
        let mut all: Vec<(i64, u32, usize)> = Vec::new();
        for number in 0..size.esims {
            // Periods begin all over the year, the last ones still to come.
            let start = start_of(number, size, last);
            let events = LIFE.iter().enumerate();
            all.extend(
                events
                    .map(|(event, (_, after))| (start + after, number, event))
                    .filter(|(at, ..)| *at <= last),
            );
        }
        all.sort_unstable();
        let mut under_way = tokio::task::JoinSet::new();
        for (at, number, event) in all {
            let writer = store.writer().clone();
            let body = payload(number, event, at, start_of(number, size, last)).bytes();
            let delivery = Delivery::of(body, at * 1000 + 700);
            under_way.spawn(async move { writer.deliver(delivery).await });
            if under_way.len() >= TOGETHER {
                under_way
                    .join_next()
                    .await
                    .context("nothing under way")???;
            }
        }
        while let Some(done) = under_way.join_next().await {
            done??;
        }
        travellers(&store, size).await?;
        tokio::task::spawn_blocking(move || store.close()).await?;
    }
    settle(folder).await
}

/// A third of all orders has a traveller.
async fn travellers(store: &Store, size: Size) -> Result<()> {
    let names = [
        "Maria Rossi",
        "José García",
        "Nguyễn Thị Lan",
        "Anna Müller",
        "Chloé Dubois",
    ];
    let changes: Vec<_> = (0..size.esims)
        .step_by(3)
        .map(|number| {
            let name = names
                .get(number as usize % names.len())
                .copied()
                .unwrap_or_default();
            let traveller = Traveller {
                name: format!("{name} {number}"),
                contact: format!("traveller{number}@example.com"),
                ..Traveller::default()
            };
            (
                Owner::Order(Esim::numbered(number).reference),
                Some(traveller),
            )
        })
        .collect();
    store.writer().set_travellers(changes, now() * 1000).await?;
    Ok(())
}

/// Has the rules look at everything once, so that the desk does not start with a year of news.
async fn settle(folder: &Path) -> Result<()> {
    let engine = Engine::start(Options {
        data_dir: PathBuf::from(folder),
        bind: std::net::Ipv4Addr::LOCALHOST.into(),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    })
    .await?;
    let (inbox, _notices) = engine.open_inbox(TimeZone::UTC).await?;
    inbox.summary().changed().await?;
    engine.shutdown().await;
    Ok(())
}

fn start_of(number: u32, size: Size, last: i64) -> i64 {
    // The last one was sold just now, and its period begins in three days.
    let step = (YEAR + 3 * DAY) / i64::from(size.esims.max(1));
    last - YEAR + i64::from(number) * step
}

fn payload(number: u32, event: usize, at: i64, start: i64) -> Payload {
    let esim = Esim::numbered(number);
    let kind = LIFE.get(event).map_or("UNKNOWN", |(kind, _)| kind);
    let payload = if kind == "usage" {
        let left = 3072.0 - (at - start) as f64 / (7 * DAY) as f64 * 2900.0;
        let days = (at - start) / DAY;
        let list: Vec<_> = (0..=days)
            .map(|day| {
                let date = jiff::Timestamp::from_second(start + day * DAY)
                    .map(|time| time.to_zoned_datetime(TimeZone::UTC).date().to_string());
                json!({ "date": date.unwrap_or_default(), "data_used": 400 + day * 7, "location": if day % 2 == 0 { "ES" } else { "FR" } })
            })
            .collect();
        esim.usage(3072.0, left.max(0.0).round())
            .set("usage_list", list)
    } else {
        esim.status(kind)
    };
    payload.at(at).period(start, start + 7 * DAY)
}

#[expect(clippy::print_stderr, reason = "somebody waits for it")]
fn tell(text: &str) {
    eprintln!("{text}");
}
