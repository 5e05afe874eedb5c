//! Plays a world against the real store and the real inbox, by a clock of its own, and keeps what was shown, what was open
//! and what somebody did.

use std::path::Path;
use std::sync::Arc;

use esim_watch_core::alert::{Notice, Program, Rule, Subject, Trouble};
use esim_watch_core::clock::Moment;
use esim_watch_core::esim::EsimState;
use esim_watch_core::inbox::AlertEngine;
use esim_watch_core::ingest::{Ingest, Received};
use esim_watch_core::message::Message;
use esim_watch_core::provider::{Authentic, DEFAULT};
use esim_watch_core::store::{AlertState, AlertStep, Commit, Reader, Store, StoredAlert};
use esim_watch_core::traveller::{Owner, Traveller};
use tokio::sync::mpsc;

use crate::agenda::{self, Happening};
use crate::calendar::HOUR;
use crate::chance::Chance;
use crate::world::{Noted, World};

/// How long commits are gathered before the rules look, as in the program.
const GATHER_MS: i64 = 50;

/// The longest time between two looks of a program that is awake, as the program itself has it, and of a computer that is
/// nearly idle.
const LOOKS_EVERY_MS: i64 = 85_000;
const IDLE_LOOKS_EVERY_MS: i64 = 30 * 60_000;

/// How long a computer that is nearly idle is awake when something happened.
const LIVELY_MS: i64 = 7 * 60_000;

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    Esim(usize),
    Account,
    Program,
    Refund(usize),
    Novelty(usize),
    Other(String),
}

/// An alert that was shown.
#[derive(Debug, Clone)]
pub struct Telling {
    /// UTC seconds.
    pub at: i64,
    pub whom: Whom,
    pub rule: Rule,
    /// The alert's row and its occasion.
    pub which: String,
}

/// What was open of something at a moment.
#[derive(Debug, Clone)]
pub struct Sight {
    pub at: i64,
    pub whom: Whom,
    pub open: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    TakenUp,
    PutOffUntil(i64),
}

/// What somebody did to an alert.
#[derive(Debug, Clone)]
pub struct Done {
    pub at: i64,
    pub whom: Whom,
    pub rule: Rule,
    pub act: Act,
}

#[derive(Debug, Default)]
pub struct Log {
    pub tellings: Vec<Telling>,
    pub sights: Vec<Sight>,
    pub done: Vec<Done>,
    /// When a notification was shown, UTC milliseconds.
    pub notices: Vec<i64>,
    /// Every eSIM that is known in the end: its id and its ICCID.
    pub esims: Vec<(Option<String>, Option<String>)>,
}

/// The program, while it runs.
struct Running {
    store: Store,
    commits: mpsc::UnboundedReceiver<Arc<Commit>>,
    engine: AlertEngine,
    ingest: Ingest,
    awake_since: i64,
}

pub struct Desk<'a> {
    world: &'a World,
    dir: &'a Path,
    running: Option<Running>,
    asleep: bool,
    /// Until when it looks around as if it were wide awake.
    lively_until_ms: i64,
    at_ms: i64,
    log: Log,
}

pub async fn play(world: &World, dir: &Path) -> Log {
    let mut desk = Desk {
        world,
        dir,
        running: None,
        asleep: false,
        lively_until_ms: i64::MIN,
        at_ms: world.begin * 1000,
        log: Log::default(),
    };
    for (at, happening) in agenda::of(world) {
        desk.until(at * 1000).await;
        desk.happens(happening).await;
    }
    desk.until(world.end * 1000).await;
    desk.stop().await;
    let dir = dir.to_owned();
    let known = tokio::task::spawn_blocking(move || known_esims(&dir));
    desk.log.esims = known.await.unwrap();
    desk.log
}

/// The id and the ICCID of every eSIM in a folder.
fn known_esims(dir: &Path) -> Vec<(Option<String>, Option<String>)> {
    let store = Store::open(dir, drop).unwrap();
    let mut all = Vec::new();
    let each = |state: &EsimState| {
        all.push((state.esim_id.clone(), state.iccid.clone()));
        Ok::<_, esim_watch_core::store::SqliteError>(())
    };
    store.readers().read(|store| store.each_esim(each)).unwrap();
    store.close();
    all
}

impl Desk<'_> {
    fn now(&self) -> i64 {
        self.at_ms.div_euclid(1000)
    }

    fn clock_ms(&self) -> i64 {
        self.world.office.clock(self.at_ms)
    }

    fn moment(&self) -> Moment {
        Moment {
            clock_ms: self.clock_ms(),
            running_ms: self.at_ms,
        }
    }

    /// Lets time pass, with a look whenever the program wants one.
    async fn until(&mut self, end_ms: i64) {
        while let Some(running) = &self.running {
            if self.asleep {
                break;
            }
            let clock_ms = self.clock_ms();
            let wanted = (running.engine.next_at(clock_ms) - clock_ms).max(1);
            let idle = self.world.office.idle.has(self.now()) && self.lively_until_ms < self.at_ms;
            // Only what is due every minute is left out now and then.
            let wait = match wanted {
                ..59_000 => wanted,
                _ if idle => {
                    let ends = self.world.office.idle.until(self.now()) * 1000;
                    let mark = self.at_ms - self.at_ms % IDLE_LOOKS_EVERY_MS + IDLE_LOOKS_EVERY_MS;
                    (mark.min(ends) - self.at_ms).max(1)
                }
                _ => LOOKS_EVERY_MS,
            };
            if self.at_ms + wait >= end_ms {
                break;
            }
            self.at_ms += wait;
            self.look().await;
        }
        self.at_ms = self.at_ms.max(end_ms);
    }

    async fn happens(&mut self, happening: Happening<'_>) {
        if !matches!(happening, Happening::Arrives(_)) {
            self.is_lively();
        }
        match happening {
            Happening::Start => self.start().await,
            Happening::Stop => self.stop().await,
            Happening::Sleep => self.asleep = true,
            Happening::Wake => {
                self.asleep = false;
                if let Some(running) = &mut self.running {
                    running.awake_since = self.world.office.clock(self.at_ms).div_euclid(1000);
                }
                self.look().await;
            }
            Happening::Arrives(body) => self.deliver(body).await,
            Happening::Look => self.look_if_awake().await,
            Happening::Sets(settings) => {
                if let Some(running) = &mut self.running {
                    running.engine.set_settings(settings.clone()).await.unwrap();
                    self.look().await;
                    self.see_all();
                }
            }
            Happening::Visit => self.visit().await,
            Happening::Notes(noted) => self.note(noted).await,
        }
    }

    /// Something happened that may bring about more.
    fn is_lively(&mut self) {
        self.lively_until_ms = self.at_ms + LIVELY_MS;
    }

    async fn start(&mut self) {
        let (sink, commits) = mpsc::unbounded_channel();
        let store = Store::open(self.dir, move |commit| drop(sink.send(commit))).unwrap();
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let (zone, now) = (self.world.office.place.zone.clone(), self.moment());
        let ingest = Ingest::opened(writer.clone(), now);
        let mut engine = AlertEngine::new(readers, writer, zone.into(), now).unwrap();
        let first = &self.world.office.rules[0].1;
        if self.log.sights.is_empty() && engine.settings() != first {
            engine.set_settings(first.clone()).await.unwrap();
        }
        engine.catch_up(now).await.unwrap();
        let awake_since = now.clock_ms.div_euclid(1000);
        self.asleep = false;
        self.running = Some(Running {
            store,
            commits,
            engine,
            ingest,
            awake_since,
        });
        self.look().await;
        self.see_all();
    }

    async fn stop(&mut self) {
        if let Some(Running { store, engine, .. }) = self.running.take() {
            drop(engine);
            let close = move || store.close();
            tokio::task::spawn_blocking(close).await.unwrap();
        }
    }

    async fn deliver(&mut self, body: &str) {
        let at = self.moment();
        let running = self.running.as_mut().unwrap();
        let bytes = body.as_bytes().to_vec();
        let received = Received {
            at,
            headers: None,
            unreadable: None,
            body: Authentic::check(DEFAULT, &|_| None, bytes, &[]).unwrap(),
            again: false,
        };
        running.ingest.deliver(received).await.unwrap();
        let commit = running.commits.recv().await.unwrap();
        running.engine.note(&commit);
        self.at_ms += GATHER_MS;
        self.look().await;
        let changed = commit
            .changes
            .iter()
            .filter_map(|change| change.esim.as_ref());
        let rows: Vec<i64> = changed.flat_map(|esim| esim.rows.clone()).collect();
        for row in rows {
            self.see_esim(row);
        }
        if body.contains("balance") {
            self.see(Whom::Account, &self.read(|store| store.open_alerts()));
        }
    }

    async fn look_if_awake(&mut self) {
        if self.running.is_some() && !self.asleep {
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let (now, moment) = (self.now(), self.moment());
        let down = self
            .world
            .office
            .tunnel_down
            .iter()
            .find(|down| down.contains(&now));
        let running = self.running.as_mut().unwrap();
        running.ingest.tell(moment);
        let engine = &mut running.engine;
        engine.set_program(Program {
            started_at: running.awake_since,
            tunnel_down: down.map(|down| Trouble {
                since: down.start,
                reason: Message::of("tunnel.reason.unreachable"),
            }),
            last_received_at: engine.heard_at(),
            active_esims: engine.active_esims(),
            ..Program::default()
        });
        for notice in engine.work(moment).await.unwrap() {
            self.show(notice).await;
        }
    }

    async fn show(&mut self, notice: Notice) {
        let (at_ms, clock_ms) = (self.at_ms, self.clock_ms());
        for id in &notice.alerts {
            let alert = self.read(|store| store.alert(*id)).unwrap();
            let (whom, rule) = (whom(&alert), alert.fact.rule);
            let which = format!("{id}, {}", alert.fact.occasion);
            // That a time lies ahead is told as well, and no matter of the world.
            if matches!(whom, Whom::Other(_)) {
                continue;
            }
            self.log.tellings.push(Telling {
                which,
                at: at_ms.div_euclid(1000),
                whom,
                rule,
            });
        }
        self.log.notices.push(at_ms);
        self.is_lively();
        let engine = &mut self.running.as_mut().unwrap().engine;
        engine.shown(notice.alerts, clock_ms).await.unwrap();
    }

    /// Somebody takes up some of what is new, and puts off some of it.
    async fn visit(&mut self) {
        if self.running.is_none() || self.asleep || self.world.office.settling().has(self.now()) {
            return;
        }
        self.look().await;
        let (now, clock_ms) = (self.now(), self.clock_ms());
        self.see_all();
        let open = self.read(|store| store.open_alerts());
        for alert in open
            .into_iter()
            .filter(|alert| alert.state == AlertState::New)
        {
            let (whom, rule) = (whom(&alert), alert.fact.rule);
            if whom == Whom::Program {
                continue;
            }
            let part = match &whom {
                Whom::Esim(number) => u64::try_from(*number).unwrap(),
                _ => 999,
            };
            let mut mood = Chance::of(
                self.world.seed ^ u64::try_from(now).unwrap(),
                part * 64 + rule as u64,
            );
            let ids = vec![alert.id];
            let (step, act) = match mood.between(0, 10) {
                0..4 => (AlertStep::Acknowledge { ids, note: None }, Act::TakenUp),
                4 => {
                    let until = now + mood.one_of(&[HOUR, 5 * HOUR, 26 * HOUR]);
                    (AlertStep::Snooze { ids, until }, Act::PutOffUntil(until))
                }
                _ => continue,
            };
            let engine = &mut self.running.as_mut().unwrap().engine;
            engine.act(step, clock_ms).await.unwrap();
            self.log.done.push(Done {
                at: now,
                whom,
                rule,
                act,
            });
        }
    }

    async fn note(&mut self, noted: &Noted) {
        let Some(running) = &mut self.running else {
            return;
        };
        let traveller = Traveller {
            name: "Maria Rossi".to_owned(),
            trip_start: Some(noted.day.clone()),
            ..Traveller::default()
        };
        let owner = Owner::Order(noted.reference.clone());
        let writer = running.store.writer().clone();
        let changes = vec![(owner, Some(traveller))];
        let changed = writer
            .set_travellers(changes, self.world.office.clock(self.at_ms))
            .await
            .unwrap();
        running.engine.note_esims(changed.unwrap().esims);
        self.look().await;
        self.see_all();
    }

    fn read<T>(
        &self,
        question: impl FnOnce(&Reader<'_>) -> Result<T, esim_watch_core::store::SqliteError>,
    ) -> T {
        let running = self.running.as_ref().unwrap();
        running.store.readers().read(question).unwrap()
    }

    fn see_esim(&mut self, row: i64) {
        let (states, open) =
            self.read(|store| Ok((store.esim_states(&[row])?, store.open_alerts_of(row)?)));
        if let Some((_, Some(state))) = states.first() {
            self.see(of_state(state), &open);
        }
    }

    fn see(&mut self, about: Whom, open: &[StoredAlert]) {
        let of_it = open.iter().filter(|alert| whom(alert) == about);
        let open = of_it.map(|alert| alert.fact.rule).collect();
        let at = self.now();
        // Of one second the last look counts.
        if let Some(last) = self
            .log
            .sights
            .iter_mut()
            .rev()
            .take_while(|sight| sight.at == at)
            .find(|sight| sight.whom == about)
        {
            last.open = open;
            return;
        }
        self.log.sights.push(Sight {
            at,
            whom: about,
            open,
        });
    }

    /// Everything that is there.
    fn see_all(&mut self) {
        let open = self.read(|store| store.open_alerts());
        for number in 0..self.world.lives.len() {
            self.see(Whom::Esim(number), &open);
        }
        self.see(Whom::Account, &open);
        self.see(Whom::Program, &open);
    }
}

fn whom(alert: &StoredAlert) -> Whom {
    let number = |text: &str| {
        text.bytes()
            .filter(u8::is_ascii_digit)
            .fold(0, |all, digit| all * 10 + usize::from(digit - b'0'))
    };
    match &alert.fact.subject {
        Subject::Esim(_) => alert
            .esim
            .as_ref()
            .map_or(Whom::Other("gone".to_owned()), of_state),
        Subject::Account => Whom::Account,
        Subject::Program => Whom::Program,
        Subject::Refund(key) => {
            Whom::Refund(key.split_once("rfd_").map_or(0, |(_, rest)| number(rest)))
        }
        Subject::Kind(kind) if kind.starts_with("novelty-") => Whom::Novelty(number(kind)),
        Subject::Kind(kind) => Whom::Other(kind.clone()),
        Subject::Unreadable(code) => Whom::Other(code.clone()),
    }
}

fn of_state(state: &EsimState) -> Whom {
    let by_id = state
        .esim_id
        .as_ref()
        .and_then(|id| id.strip_prefix("esim-")?.parse().ok());
    let by_iccid = || {
        let digits = state.iccid.as_ref()?.strip_prefix("894450010219")?;
        digits.parse::<usize>().ok()?.checked_sub(1)
    };
    by_id
        .or_else(by_iccid)
        .map_or(Whom::Other(format!("{:?}", state.key())), Whom::Esim)
}
