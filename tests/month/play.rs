//! Plays the month and counts what was shown.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use esim_watch_core::alert::{AlertSettings, Notice, Program, Quiet, Rule, Trouble};
use esim_watch_core::esim::EsimState;
use esim_watch_core::inbox::AlertEngine;
use esim_watch_core::message::Message;
use esim_watch_core::store::{AlertQuery, Commit, Delivery, Readers, Store, StoredAlert};
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::oracle::{self, Deserved};
use crate::script::{self, Arrival, Script};

/// How long commits are gathered before the rules look, as in the program.
const GATHER_MS: i64 = 50;

/// The most notifications in any minute.
const PER_MINUTE: usize = 3;

#[tokio::test(flavor = "current_thread")]
async fn a_month_is_told_completely_once_and_without_noise() {
    let script = Script::write(20_251_201);
    let deserved = oracle::deserved(&script);
    let dir = tempfile::tempdir().unwrap();
    let shown = play(&script, dir.path()).await;
    let alerts = alerts(dir.path());
    let report = Report::of(&deserved, &shown, &alerts);
    report.print(&script, &shown);
    assert_eq!(report.wrong(), Vec::<String>::new());
    assert!(
        report.per_minute <= PER_MINUTE,
        "{} in a minute",
        report.per_minute
    );
}

/// A notice, and when it was shown (UTC milliseconds).
struct Shown {
    at_ms: i64,
    notice: Notice,
}

fn settings() -> AlertSettings {
    AlertSettings {
        quiet: Some(Quiet {
            from_minute: script::QUIET_FROM_HOUR * 60,
            to_minute: script::QUIET_TO_HOUR * 60,
        }),
        ..AlertSettings::default()
    }
}

struct Running {
    store: Store,
    commits: mpsc::UnboundedReceiver<Arc<Commit>>,
    engine: AlertEngine,
    started_at: i64,
}

impl Running {
    async fn start(dir: &Path, now: i64) -> Running {
        let (sink, commits) = mpsc::unbounded_channel();
        let store = Store::open(dir, move |commit| drop(sink.send(commit))).unwrap();
        let (readers, writer) = (store.readers().clone(), store.writer().clone());
        let mut engine =
            AlertEngine::new(readers, writer, TimeZone::UTC.into(), now * 1000).unwrap();
        if *engine.settings() != settings() {
            engine.set_settings(settings()).await.unwrap();
        }
        engine.catch_up(now * 1000).await.unwrap();
        Running {
            store,
            commits,
            engine,
            started_at: now,
        }
    }

    async fn stop(self) {
        drop(self.engine);
        let store = self.store;
        tokio::task::spawn_blocking(move || store.close())
            .await
            .unwrap();
    }

    async fn deliver(&mut self, arrival: &Arrival, script: &Script) {
        let body = arrival.body.as_bytes();
        let delivery = Delivery::of(body.to_vec(), script.clock(arrival.at * 1000));
        self.store.writer().deliver(delivery).await.unwrap();
        let commit = self.commits.recv().await.unwrap();
        self.engine.note(&commit);
    }

    async fn work(&mut self, at_ms: i64, script: &Script, heard_at: i64, shown: &mut Vec<Shown>) {
        let now = at_ms.div_euclid(1000);
        let clock_ms = script.clock(at_ms);
        let down = &script.tunnel_down;
        self.engine.set_program(Program {
            started_at: self.started_at,
            tunnel_down: down.contains(&now).then(|| Trouble {
                since: down.start,
                reason: Message::of("tunnel.reason.unreachable"),
            }),
            last_received_at: Some(heard_at),
            active_esims: self.engine.active_esims(),
            ..Program::default()
        });
        for notice in self.engine.work(clock_ms).await.unwrap() {
            self.engine
                .shown(notice.alerts.clone(), clock_ms)
                .await
                .unwrap();
            shown.push(Shown { at_ms, notice });
        }
    }
}

/// Plays the month and gives what was shown.
async fn play(script: &Script, dir: &Path) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut desk = Running::start(dir, script.begin).await;
    let mut heard_at = script.begin;
    let mut at_ms = script.begin * 1000;
    let mut arrivals = script.arrivals.iter().peekable();
    let mut off = false;
    while at_ms < script.end * 1000 {
        let now = at_ms.div_euclid(1000);
        if script.off.contains(&now) && !off {
            desk.stop().await;
            at_ms = script.off.end * 1000;
            desk = Running::start(dir, script.off.end).await;
            off = true;
            continue;
        }
        let mut came = false;
        while let Some(arrival) = arrivals.next_if(|arrival| arrival.at * 1000 <= at_ms) {
            desk.deliver(arrival, script).await;
            heard_at = arrival.at;
            came = true;
        }
        if came {
            at_ms += GATHER_MS;
        }
        desk.work(at_ms, script, heard_at, &mut shown).await;
        let next = arrivals.peek().map_or(script.end, |arrival| arrival.at) * 1000;
        let clock_ms = script.clock(at_ms);
        let timer = desk.engine.next_at(clock_ms) - clock_ms + at_ms;
        let timer = timer.max(at_ms + 1);
        // The tunnel's trouble begins and ends with nobody telling the alert engine's timers.
        let change = [
            script.tunnel_down.start,
            script.tunnel_down.end,
            script.off.start,
        ];
        let clock = script.wrong_clock.iter();
        let change = clock
            .flat_map(|(when, _)| [when.start, when.end])
            .chain(change)
            .map(|at| at * 1000)
            .filter(|at| *at > at_ms)
            .min();
        at_ms = next
            .max(at_ms + 1)
            .min(timer)
            .min(change.unwrap_or(i64::MAX));
    }
    desk.stop().await;
    shown
}

/// Every alert that was raised, by its row.
fn alerts(dir: &Path) -> HashMap<i64, StoredAlert> {
    let readers = Readers::of(dir).unwrap();
    let mut alerts = HashMap::new();
    loop {
        let query = AlertQuery {
            search: String::new(),
            states: Vec::new(),
            rules: Vec::new(),
            esim: None,
            offset: u32::try_from(alerts.len()).unwrap(),
            limit: 200,
        };
        let (_, page) = readers.read(|store| store.alerts(&query)).unwrap();
        if page.is_empty() {
            return alerts;
        }
        alerts.extend(page.into_iter().map(|row| (row.id, row)));
    }
}

#[derive(Default)]
struct Line {
    deserved: usize,
    once: usize,
    missed: Vec<String>,
    repeated: Vec<String>,
    needless: Vec<String>,
}

struct Report {
    lines: BTreeMap<&'static str, Line>,
    per_minute: usize,
}

impl Report {
    fn of(deserved: &[Deserved], shown: &[Shown], alerts: &HashMap<i64, StoredAlert>) -> Report {
        let mut lines: BTreeMap<&'static str, Line> = BTreeMap::new();
        for rule in Rule::ALL {
            lines.insert(rule.as_str(), Line::default());
        }
        // How often each was shown, by rule and whom it is about.
        let mut times: HashMap<(&'static str, String), Vec<i64>> = HashMap::new();
        for shown in shown {
            for id in &shown.notice.alerts {
                let alert = &alerts[id];
                let whom = alert.esim.as_ref().and_then(EsimState::key);
                let key = (alert.fact.rule.as_str(), whom.unwrap_or_default());
                times
                    .entry(key)
                    .or_default()
                    .push(shown.at_ms.div_euclid(1000));
            }
        }
        // Each takes one of the times at which it was told: what ends first chooses first.
        let mut by_end: Vec<&Deserved> = deserved.iter().collect();
        by_end.sort_by_key(|fact| fact.window.end);
        let within = |fact: &Deserved, at: &i64| fact.window.start <= *at && *at <= fact.window.end;
        for fact in &by_end {
            let line = lines.get_mut(fact.rule.as_str()).unwrap();
            line.deserved += 1;
            let told = times
                .entry((fact.rule.as_str(), fact.whom.clone()))
                .or_default();
            match told.iter().position(|at| within(fact, at)) {
                Some(place) => {
                    told.remove(place);
                    line.once += 1;
                }
                None => line.missed.push(fact.describe()),
            }
        }
        // What is left was told without need, or once more.
        for ((rule, whom), rest) in times {
            let line = lines.get_mut(rule).unwrap();
            for at in rest {
                let what = format!("{rule} {whom} at {}", script::date(at));
                let known = by_end.iter().any(|fact| {
                    fact.rule.as_str() == rule && fact.whom == whom && within(fact, &at)
                });
                if known {
                    line.repeated.push(what);
                } else {
                    line.needless.push(what);
                }
            }
        }
        let at: Vec<i64> = shown.iter().map(|shown| shown.at_ms).collect();
        let in_minute = |from: &i64| {
            at.iter()
                .filter(|at| (*from..*from + 60_000).contains(at))
                .count()
        };
        Report {
            lines,
            per_minute: at.iter().map(in_minute).max().unwrap_or(0),
        }
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for line in self.lines.values() {
            wrong.extend(line.missed.iter().map(|fact| format!("missed: {fact}")));
            wrong.extend(line.repeated.iter().map(|fact| format!("repeated: {fact}")));
            wrong.extend(line.needless.iter().map(|fact| format!("needless: {fact}")));
        }
        wrong
    }

    fn print(&self, script: &Script, shown: &[Shown]) {
        println!(
            "\nA month of {} eSIMs: {} deliveries arrived of {} that were sent, {} notifications, {} in any minute",
            script::ESIMS,
            script.arrivals.len(),
            script.sent,
            shown.len(),
            self.per_minute
        );
        println!("  rule                    deserved  exactly once  missed  repeated  needless");
        for (rule, line) in &self.lines {
            println!(
                "  {rule:<23} {:>8}  {:>12}  {:>6}  {:>8}  {:>8}",
                line.deserved,
                line.once,
                line.missed.len(),
                line.repeated.len(),
                line.needless.len()
            );
        }
    }
}
