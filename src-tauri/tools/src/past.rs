//! `past`: the data folder of a desk as a program leaves it that listened since a made-up world began, for the demo.
//!
//! What was sold before is found as by a first catch-up. What the stand-in of the same world would have sent is stored with the time at which it would have come, and the rules look
//! once an hour, by a clock of their own. Every evening somebody takes the agency's booking list over, as the window does. So a week
//! is there in seconds, and nothing in the window is later than it would be.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};

use anyhow::Context;
use clap::Args;
use esim_watch_core::alert::Program;
use esim_watch_core::booking::{self, Calendar, Reading, Rules, Table};
use esim_watch_core::clock::Moment;
use esim_watch_core::event::Sources;
use esim_watch_core::inbox::AlertEngine;
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::store::{
    AlertQuery, AlertState, AlertStep, CatchUpRun, Commit, Delivery, Findings, MAX_ALERTS, Store,
};
use esim_watch_core::traveller::TravellerChange;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::task::JoinSet;

use crate::stand_in::{
    FaultRule, Faults, HurryArgs, Outcome, Roamify, World, WorldPlan, booking_list, told_when_asked,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// How long a webhook is on its way, in milliseconds.
const ON_ITS_WAY_MS: i64 = 700;

/// So long after the beginning somebody takes a booking list over for the first time, in seconds.
const FIRST_LIST_AFTER: i64 = 10 * HOUR;

/// So long before the beginning the trips of that list may have ended, in seconds.
const FIRST_LIST_SINCE: i64 = 60 * DAY;

/// Whoever sits at the desk takes up what is so old, in seconds.
const TAKEN_UP_AFTER: i64 = 12 * HOUR;

/// The arguments of `past`.
#[derive(Debug, Args)]
pub struct PastArgs {
    /// The data folder; a program that was there before has left it
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Same number, same world
    #[arg(long, value_name = "K")]
    seed: u64,
    /// How many eSIMs are sold
    #[arg(long, value_name = "N")]
    esims: u32,
    /// For so many days eSIMs are sold
    #[arg(long, value_name = "DAYS")]
    days: u32,
    /// When the world began, in seconds since the epoch
    #[arg(long, value_name = "EPOCH")]
    began: i64,
    /// Until when the program listened
    #[arg(long, value_name = "EPOCH")]
    until: i64,
    #[command(flatten)]
    hurry: HurryArgs,
    /// What went wrong, for instance "webhook lost 5%"; can be repeated
    #[arg(long = "fault", value_name = "RULE")]
    faults: Vec<FaultRule>,
}

impl PastArgs {
    /// Lives through it.
    ///
    /// # Errors
    /// If the folder can't be used.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let plan = WorldPlan {
            seed: self.seed,
            begin: self.began,
            days: self.days,
            esims: self.esims,
            everyday: true,
            hurry: self.hurry.plan(),
        };
        let mut faults = Faults::none(self.seed);
        self.faults.into_iter().for_each(|rule| faults.add(rule));
        let roamify = Roamify::over(Arc::new(World::of(plan)), faults, None);
        let (data_dir, until) = (self.data_dir, self.until);
        let lived = tokio::task::spawn_blocking(move || {
            // On one thread what is handed over in order is kept in order, and many share a commit.
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            runtime.block_on(live_through(roamify, &data_dir, until))
        });
        lived.await??;
        Ok(ExitCode::SUCCESS)
    }
}

/// Has a desk hear what this Roamify sends until then (UTC seconds), and leaves its folder as the program does that ends then.
///
/// # Errors
/// If the folder can't be used.
pub async fn live_through(roamify: Roamify, data_dir: &Path, until: i64) -> anyhow::Result<()> {
    let mut past = Past::begin(roamify, data_dir)?;
    past.ask().await?;
    let mut now = past.began;
    while now < until {
        now = (now + HOUR).min(until);
        past.hear(now).await?;
        past.look(now).await?;
        if now >= past.next_list {
            past.next_list += DAY;
            past.take_over_bookings(now).await?;
        }
    }
    past.take_over_bookings(until).await?;
    past.end(until).await
}

struct Past {
    roamify: Roamify,
    began: i64,
    /// When the booking list is taken over next.
    next_list: i64,
    /// Trips that ended before are in no list any more.
    listed_since: i64,
    store: Store,
    commits: mpsc::Receiver<Arc<Commit>>,
    engine: AlertEngine,
}

impl Past {
    fn begin(roamify: Roamify, data_dir: &Path) -> anyhow::Result<Past> {
        let began = roamify.world().plan().begin;
        let (sink, commits) = mpsc::channel();
        // Whoever listens lives as long as the store.
        let store = Store::open(data_dir, move |commit| drop(sink.send(commit)))
            .with_context(|| format!("{} can't be used", data_dir.display()))?;
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let engine = AlertEngine::new(readers, writer, TimeZone::UTC.into(), at(began))?;
        Ok(Past {
            roamify,
            began,
            next_list: began + FIRST_LIST_AFTER,
            listed_since: began - FIRST_LIST_SINCE,
            store,
            commits,
            engine,
        })
    }

    /// Finds what was sold before, as the first catch-up does.
    async fn ask(&mut self) -> anyhow::Result<()> {
        let writer = self.store.writer();
        writer.note_catch_up(first_run(self.began)).await?;
        let world = Arc::clone(self.roamify.world());
        let mut all = JoinSet::new();
        for bodies in told_when_asked(&world) {
            let deliveries = bodies.into_iter().map(|body| {
                let read = DEFAULT.read(&body);
                Delivery {
                    source: Sources::API,
                    ..Delivery::received(self.began * 1000, None, DEFAULT.id(), body, read)
                }
            });
            let found = Findings {
                deliveries: deliveries.collect(),
                asked: None,
                so_far: None,
            };
            let writer = writer.clone();
            all.spawn(async move { writer.found(found).await });
        }
        while let Some(stored) = all.join_next().await {
            stored??;
        }
        Ok(())
    }

    /// Stores what is sent until then.
    async fn hear(&mut self, until: i64) -> anyhow::Result<()> {
        let mut all = JoinSet::new();
        while let Some(sending) = self.roamify.take(until) {
            if let Some((body, _)) = self.roamify.written(sending) {
                let read = DEFAULT.read(&body);
                let came_ms = sending.due * 1000 + ON_ITS_WAY_MS;
                let delivery = Delivery::received(came_ms, None, DEFAULT.id(), body, read);
                let writer = self.store.writer().clone();
                all.spawn(async move { writer.deliver(delivery).await });
            }
            self.roamify.outbox.came_of(sending, Outcome::Taken);
        }
        while let Some(stored) = all.join_next().await {
            stored??;
        }
        Ok(())
    }

    /// Has the rules look, and somebody take up what they found some hours ago.
    async fn look(&mut self, now: i64) -> anyhow::Result<()> {
        let engine = &mut self.engine;
        self.commits
            .try_iter()
            .for_each(|commit| engine.note(&commit));
        engine.set_program(Program {
            started_at: self.began,
            last_received_at: engine.heard_at(),
            active_esims: engine.active_esims(),
            ..Program::default()
        });
        for notice in engine.work(at(now)).await? {
            engine.shown(notice.alerts, now * 1000).await?;
        }
        let query = AlertQuery {
            search: String::new(),
            states: vec![AlertState::New],
            rules: Vec::new(),
            esim: None,
            offset: 0,
            limit: MAX_ALERTS,
        };
        let (_, new) = self.store.readers().read(|store| store.alerts(&query))?;
        let old = new
            .iter()
            .filter(|alert| alert.raised_at_ms < (now - TAKEN_UP_AFTER) * 1000);
        let ids: Vec<i64> = old.map(|alert| alert.id).collect();
        if !ids.is_empty() {
            let taken_up = AlertStep::Acknowledge { ids, note: None };
            self.engine.act(taken_up, now * 1000).await?;
        }
        Ok(())
    }

    /// Takes over the list that the agency has of its bookings, as the window does when it is dropped there.
    async fn take_over_bookings(&mut self, now: i64) -> anyhow::Result<()> {
        let since = std::mem::replace(&mut self.listed_since, now);
        let list = booking_list(self.roamify.world().lives(), since, now);
        let today = Timestamp::from_second(now)?
            .to_zoned_datetime(TimeZone::UTC)
            .date();
        let calendar = Calendar {
            today,
            zone: TimeZone::UTC,
        };
        let rules = Rules {
            today,
            together: false,
            several: None,
        };
        let reading = Reading::default();
        let table = Table::read(list.as_bytes(), &reading)?;
        let proposals = self.store.readers().read(|store| {
            let marks = store.marks(&table)?;
            let bookings = booking::read_knowing(&table, &reading, &calendar, &marks);
            store.propose(&bookings.lines, rules)
        })?;
        let set: Vec<TravellerChange> = proposals.into_iter().flat_map(|one| one.set).collect();
        if set.is_empty() {
            return Ok(());
        }
        let source = format!("bookings-{today}.csv");
        let writer = self.store.writer();
        let changed = writer.import_travellers(source, set, now * 1000).await?;
        if let Some(changed) = changed {
            self.engine.note_esims(changed.esims);
        }
        Ok(())
    }

    /// Ends as the program does: it had listened, and somebody had looked.
    async fn end(self, now: i64) -> anyhow::Result<()> {
        let writer = self.store.writer();
        writer.note_listening(now * 1000).await?;
        writer.mark_seen(now * 1000).await?;
        drop(self.engine);
        let store = self.store;
        Ok(tokio::task::spawn_blocking(move || store.close()).await?)
    }
}

/// A catch-up that began when the program was installed (UTC seconds), and was told everything.
fn first_run(began: i64) -> CatchUpRun {
    CatchUpRun {
        run: 1,
        begun_at_ms: began * 1000,
        complete: true,
        quiet_before: Some(began),
        told_all_at_ms: Some(began * 1000),
        ..CatchUpRun::default()
    }
}

/// Both clocks of a computer at this second, UTC.
fn at(second: i64) -> Moment {
    Moment {
        clock_ms: second * 1000,
        running_ms: second * 1000,
    }
}
