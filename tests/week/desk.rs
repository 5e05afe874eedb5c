//! The desk through a week: the real store and the real inbox by a clock of their own, with webhooks coming in.

mod answered;
mod clocks;
mod mishaps;
mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use esim_watch_core::alert::{Notice, Program, Rule, Subject};
use esim_watch_core::catch_up::CatchUpProgress;
use esim_watch_core::clock::{SteadyTime, ToldTime};
use esim_watch_core::event::{EventKind, Status};
use esim_watch_core::inbox::{AlertEngine, Gather, Together};
use esim_watch_core::presence::Presence;
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::store::{Commit, Delivery, Reader, SqliteError, Store};
use esim_watch_tools::stand_in::{Faults, Outcome, Roamify, World};
use jiff::tz::TimeZone;
use rusqlite::Connection;
use tokio::sync::{mpsc, watch};

pub use answered::Answered;

use crate::line::set_clock;
use crate::plan::{MINUTE, Mishap, Week, WrongClock};

/// How long commits are gathered before the rules look, as in the program.
const GATHER_MS: i64 = 50;

/// The longest time between two looks. The program itself looks more often, and finds the same.
const LOOKS_EVERY_MS: i64 = 60 * MINUTE * 1000;

/// How often a program that listens notes so.
const NOTED_EVERY_MS: i64 = 5 * MINUTE * 1000;

/// For so long the first look waits for the API to answer, and for the lists and what is in use; as in the program.
const REACHED_WITHIN_MS: i64 = 20_000;
const URGENT_WITHIN_MS: i64 = 60_000;

/// An alert that was shown.
#[derive(Debug, Clone)]
pub struct Telling {
    pub at: i64,
    /// The eSIM's id; `None`: it is about none.
    pub esim_id: Option<String>,
    pub rule: Rule,
    /// When its cause began.
    pub since: i64,
}

/// A notification.
#[derive(Debug, Clone)]
pub struct Shown {
    pub told: Vec<Telling>,
    /// Whether the API had told of what is in use by then.
    pub knowing: bool,
}

/// A change that a webhook told the desk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    pub at: i64,
    /// When it came.
    pub came: i64,
    pub status: Option<Status>,
    pub is_status: bool,
}

/// A history that the API told.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub at: i64,
    /// Ends and packages until then are told by it, by what is left, or by the list that was read before; some histories have
    /// no ends.
    pub turns_known_until: i64,
}

/// The program, while it runs.
struct Running {
    store: Store,
    commits: mpsc::UnboundedReceiver<Arc<Commit>>,
    engine: AlertEngine,
    presence: Presence,
    started_at: i64,
    /// When it looked last; `None`: since the absence it has not.
    looked_ms: Option<i64>,
    /// When it is to look because something came.
    look_ms: Option<i64>,
}

impl Running {
    fn look_by(&mut self, at_ms: i64) {
        self.look_ms = Some(self.look_ms.map_or(at_ms, |look_ms| look_ms.min(at_ms)));
    }
}

pub struct Desk {
    pub roamify: Roamify,
    pub at_ms: i64,
    pub token: String,
    pub answered: Answered,
    pub requests: u32,
    pub mishap: Mishap,
    pub progress: Option<watch::Receiver<CatchUpProgress>>,
    /// Whether the API answers the catch-up that is under way.
    pub answering: Option<watch::Receiver<bool>>,
    /// By eSIM id.
    pub taken: BTreeMap<String, BTreeSet<Taken>>,
    /// By eSIM id, all that was told of it in the week.
    pub asked: BTreeMap<String, Vec<Asked>>,
    pub shown: Vec<Shown>,
    /// When it came back from its last absence.
    pub back_ms: i64,
    dir: PathBuf,
    tunnel_answers: bool,
    listens: bool,
    cut_until: i64,
    lock: Option<Connection>,
    is_full: bool,
    tokens: u32,
    noted_ms: i64,
    wrong_clock: Option<WrongClock>,
    /// What Roamify's clock told the program that runs.
    pub told: ToldTime,
    /// What the program's own look at itself believes.
    time: Option<SteadyTime>,
    knows: bool,
    hears_all: bool,
    /// Whether the API answered anything since it came back.
    was_answered: bool,
    /// What it waits for with telling, since it looked first.
    together: Option<Together>,
    /// When there is more to that.
    passes_ms: Option<i64>,
    /// When it was back and the API was reached first.
    pub reached_ms: Option<i64>,
    running: Option<Running>,
}

impl Desk {
    /// The desk of a week, before the program is installed.
    pub fn new(week: &Week, world: &Arc<World>, dir: &Path) -> Desk {
        let mut faults = Faults::none(week.seed);
        for rule in &week.faults {
            faults.add(rule.parse().unwrap());
        }
        let token = "tok_0".to_owned();
        let mut roamify = Roamify::over(Arc::clone(world), faults, Some(&token));
        roamify.quirks = week.quirks;
        roamify.envelope = week.envelope;
        roamify.outbox.repeats_refused = week.repeats_refused;
        roamify.outbox.skip(week.installed);
        Desk::with(roamify, week, dir, token)
    }

    /// One that hears everything at once, and asks nobody. Its clock is right: whoever asks the API is told the time as well.
    pub fn that_hears_all(week: &Week, world: &Arc<World>, dir: &Path) -> Desk {
        let roamify = Roamify::over(Arc::clone(world), Faults::none(week.seed), None);
        let mut desk = Desk::with(roamify, week, dir, String::new());
        desk.at_ms = week.world.begin * 1000;
        desk.wrong_clock = None;
        desk.hears_all = true;
        desk
    }

    fn with(roamify: Roamify, week: &Week, dir: &Path, token: String) -> Desk {
        Desk {
            roamify,
            at_ms: week.installed * 1000,
            token,
            answered: Answered::default(),
            requests: 0,
            mishap: Mishap::Nothing,
            progress: None,
            answering: None,
            taken: BTreeMap::new(),
            asked: BTreeMap::new(),
            shown: Vec::new(),
            back_ms: 0,
            dir: dir.to_owned(),
            tunnel_answers: week.tunnel_answers,
            listens: false,
            cut_until: 0,
            lock: None,
            is_full: false,
            tokens: 0,
            noted_ms: 0,
            wrong_clock: week.wrong_clock,
            told: ToldTime::default(),
            time: None,
            knows: false,
            hears_all: false,
            was_answered: false,
            together: None,
            passes_ms: None,
            reached_ms: None,
            running: None,
        }
    }

    pub fn now(&self) -> i64 {
        self.at_ms.div_euclid(1000)
    }

    pub fn store(&self) -> &Store {
        &self.running.as_ref().unwrap().store
    }

    pub fn read<T>(&self, question: impl FnOnce(&Reader<'_>) -> Result<T, SqliteError>) -> T {
        self.store().readers().read(question).unwrap()
    }

    /// The program starts.
    pub fn start(&mut self) {
        set_clock(self.moment());
        self.time = None;
        let (sink, commits) = mpsc::unbounded_channel();
        let store = Store::open(&self.dir, move |commit| drop(sink.send(commit))).unwrap();
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let run = readers.read(|store| store.catch_up_run()).unwrap();
        self.told = run.told.map_or_else(ToldTime::default, |told| {
            ToldTime::before_the_start(told.at, told.clock_ms)
        });
        let engine =
            AlertEngine::new(readers, writer, TimeZone::UTC.into(), self.moment()).unwrap();
        let presence = Presence::new(store.writer().clone());
        self.running = Some(Running {
            store,
            commits,
            engine: engine.sure_of(self.told.clone()),
            presence,
            started_at: self.clock_ms().div_euclid(1000),
            looked_ms: None,
            look_ms: None,
        });
        self.comes_back();
    }

    /// The program ends, or is killed.
    pub async fn stop(&mut self) {
        self.note_listening().await;
        self.listens = false;
        self.heal();
        if let Some(Running { store, engine, .. }) = self.running.take() {
            drop(engine);
            let close = move || store.close();
            tokio::task::spawn_blocking(close).await.unwrap();
        }
    }

    pub async fn doze(&mut self) {
        self.note_listening().await;
        self.listens = false;
    }

    pub fn wake(&mut self) {
        let moment = self.right();
        let running = self.running.as_mut().unwrap();
        running.started_at = moment.clock_ms.div_euclid(1000);
        running.looked_ms = None;
        running.engine.comes_back(moment, Together::begin().1);
        self.comes_back();
    }

    fn comes_back(&mut self) {
        self.listens = true;
        self.back_ms = self.at_ms;
        self.noted_ms = 0;
        self.running.as_ref().unwrap().presence.ends();
        self.knows = false;
        self.answering = None;
        self.was_answered = false;
        self.together = None;
        self.passes_ms = None;
        self.reached_ms = None;
    }

    /// Lets time pass: webhooks come, and the rules look.
    pub async fn pass(&mut self, until_ms: i64) {
        let answering = self.answering.as_ref();
        self.was_answered |= answering.is_some_and(|answering| *answering.borrow());
        if let Some(progress) = &self.progress {
            let progress = *progress.borrow();
            self.knows |= progress.listed && progress.urgent == 0;
            if progress.listed {
                self.reached_ms.get_or_insert(self.at_ms);
                self.learns(Together::reached);
            }
        }
        if self.at_ms - self.noted_ms >= NOTED_EVERY_MS {
            self.note_listening().await;
        }
        loop {
            let letter = self.roamify.outbox.next_due().map(|due| due * 1000);
            let look = self.next_look_ms();
            let set = self.next_set_ms();
            let passes = self.passes_ms.filter(|_| self.listens);
            let all = [letter, look, set, passes];
            let next = all.into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until_ms) else {
                break;
            };
            self.set_now(next);
            if passes.is_some_and(|at| at <= next) {
                self.passes_ms = None;
                self.learns(Together::passed);
            }
            while let Some(sending) = self.roamify.take(self.now()) {
                let outcome = match self.roamify.written(sending) {
                    Some((body, _)) => self.deliver(body).await,
                    None => Outcome::Taken,
                };
                self.roamify.outbox.came_of(sending, outcome);
                if self
                    .running
                    .as_ref()
                    .is_some_and(|it| it.looked_ms.is_none())
                {
                    self.gather().await;
                }
            }
            if set.is_some_and(|at| at <= next) {
                // It looks every half a minute.
                self.note_listening().await;
                let at_ms = self.at_ms;
                let looks = self.running.iter_mut().filter(|it| it.looked_ms.is_some());
                looks.for_each(|running| running.look_by(at_ms));
            }
            if self.next_look_ms().is_some_and(|at| at <= self.at_ms) {
                self.look().await;
            }
        }
        self.set_now(until_ms);
    }

    /// All that happened in the absence is known.
    pub async fn knows_all(&mut self) {
        self.knows = true;
        self.gather().await;
        self.learns(Together::all_known);
    }

    /// As the program does when it learns this.
    fn learns(&mut self, learns: fn(&mut Together) -> Option<Gather>) {
        if let Some(gather) = self.together.as_mut().and_then(learns) {
            self.tells_together(gather);
        }
    }

    fn tells_together(&mut self, gather: Gather) {
        let (at_ms, moment) = (self.at_ms, self.right());
        self.passes_ms = gather.next_ms.map(|after| at_ms + after);
        if let Some(running) = self.running.as_mut() {
            running.engine.tell_together(moment, gather);
            running.look_by(at_ms + GATHER_MS);
        }
    }

    fn next_look_ms(&self) -> Option<i64> {
        let running = self.running.as_ref().filter(|_| self.listens)?;
        if let Some(looked_ms) = running.looked_ms {
            let wanted = looked_ms + LOOKS_EVERY_MS;
            return Some(running.look_ms.map_or(wanted, |at| at.min(wanted)));
        }
        let progress = self.progress.as_ref().map(|progress| *progress.borrow());
        let progress = progress.unwrap_or(CatchUpProgress {
            over: true,
            ..CatchUpProgress::default()
        });
        let until_ms = match (progress.listed, progress.urgent) {
            (true, 0) => 0,
            _ if progress.over && !progress.again => 0,
            (true, _) if progress.over => 0,
            (true, _) => URGENT_WITHIN_MS,
            (false, _) if self.was_answered => URGENT_WITHIN_MS,
            (false, _) => REACHED_WITHIN_MS,
        };
        Some(self.at_ms.max(self.back_ms + until_ms))
    }

    async fn deliver(&mut self, body: Vec<u8>) -> Outcome {
        if !self.listens {
            return match self.tunnel_answers {
                true => Outcome::Refused,
                false => Outcome::Unanswered,
            };
        }
        let read = DEFAULT.read(&body);
        let event = read.as_ref().unwrap().clone();
        let (clock_ms, moment) = (self.clock_ms(), self.right());
        let running = self.running.as_mut().unwrap();
        let writer = running.store.writer();
        let known_until = self.told.sure_of(writer.known_until(), moment);
        let delivery = Delivery::received(clock_ms, known_until, DEFAULT.id(), body, read);
        match writer.deliver(delivery).await {
            Ok(_) => {
                running.look_by(self.at_ms + GATHER_MS);
                let taken = Taken {
                    at: event.occurred_at.unwrap(),
                    came: self.at_ms.div_euclid(1000),
                    is_status: event.kind == EventKind::EsimStatus,
                    status: event.status,
                };
                if let Some(esim_id) = event.esim_id {
                    self.taken.entry(esim_id).or_default().insert(taken);
                }
                Outcome::Taken
            }
            Err(error) => {
                assert!(self.is_failing(), "{error}");
                Outcome::Refused
            }
        }
    }

    /// Notes what was committed until now: whoever has an answer has it before it is told.
    pub async fn gather(&mut self) {
        let (at_ms, clock_ms, moment) = (self.at_ms, self.clock_ms(), self.right());
        let failing = self.is_failing();
        let Some(running) = &mut self.running else {
            return;
        };
        let barrier = running.store.writer().alerts(Vec::new(), clock_ms).await;
        assert!(barrier.is_ok() || failing);
        let mut notices = Vec::new();
        while let Ok(commit) = running.commits.try_recv() {
            if running.looked_ms.is_some() {
                running.engine.note(&commit);
                running.look_by(at_ms + GATHER_MS);
                continue;
            }
            let due = running.engine.look_at_ends(&commit, moment).await;
            assert!(due.is_ok() || failing);
            notices.extend(due.into_iter().flatten());
        }
        for notice in notices {
            self.show(notice).await;
        }
    }

    async fn look(&mut self) {
        self.gather().await;
        let failing = self.is_failing();
        let (at_ms, clock_ms, moment) = (self.at_ms, self.clock_ms(), self.right());
        let running = self.running.as_mut().unwrap();
        let engine = &mut running.engine;
        engine.set_program(Program {
            started_at: running.started_at,
            last_received_at: engine.heard_at(),
            active_esims: engine.active_esims(),
            ..Program::default()
        });
        let looks_first = running.looked_ms.is_none();
        running.looked_ms = Some(at_ms);
        if looks_first {
            let (mut together, first) = Together::begin();
            let is_over = |progress: &CatchUpProgress| progress.over && !progress.again;
            let progress = self.progress.as_ref().map(|progress| *progress.borrow());
            let known = progress.as_ref().is_none_or(is_over);
            let known = known.then(|| together.all_known()).flatten();
            self.together = Some(together);
            self.tells_together(known.unwrap_or(first));
            let running = self.running.as_mut().unwrap();
            let looked = running.engine.catch_up(moment).await;
            assert!(looked.is_ok() || failing, "{looked:?}");
        }
        let running = self.running.as_mut().unwrap();
        running.look_ms = None;
        match running.engine.work(moment).await {
            Ok(notices) => {
                for notice in notices {
                    self.show(notice).await;
                }
            }
            Err(error) => assert!(failing, "{error}"),
        }
        let running = self.running.as_mut().unwrap();
        let next = running.engine.next_at(clock_ms) - clock_ms + at_ms;
        // Only what is due every minute is left out.
        if next < at_ms + 59_000 {
            running.look_ms = Some(next.max(at_ms + GATHER_MS));
        }
    }
}
