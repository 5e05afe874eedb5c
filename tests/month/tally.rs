//! Holds what was told and open against what should have been.

use std::collections::{BTreeMap, HashMap, HashSet};

use esim_watch_core::alert::Rule;

use crate::calendar::date_of;
use crate::oracle::{Deserved, Matter};
use crate::play::{Log, Whom};
use crate::spans::Spans;
use crate::world::{Life, World, esim_id, iccid};

/// The most notifications in any minute.
const PER_MINUTE: usize = 3;

/// Something that went wrong, and of whom.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub kind: Kind,
    pub whom: Whom,
    pub what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Missed,
    Repeated,
    Needless,
    OpenThoughOver,
    OverThoughOpen,
    Crowded,
    /// An eSIM is known by another name than its own, or as two.
    Mistaken,
}

/// Counts of one rule.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    pub matters: usize,
    pub deserved: usize,
    pub once: usize,
    /// Told, although it need not have been.
    pub allowed: usize,
}

#[derive(Default)]
pub struct Tally {
    pub lines: BTreeMap<Rule, Line>,
    pub wrong: Vec<Wrong>,
    /// How long after what ended them alerts were cleared, milliseconds.
    pub resets_ms: Vec<i64>,
    pub notices: usize,
}

impl Tally {
    pub fn of(world: &World, matters: &[Matter], deserved: &[Deserved], log: &Log) -> Tally {
        let mut tally = Tally {
            notices: log.notices.len(),
            ..Tally::default()
        };
        for matter in matters {
            tally.lines.entry(matter.rule).or_default().matters += 1;
        }
        tally.tellings(deserved, log);
        tally.sights(world, matters, log);
        tally.crowds(world, log);
        tally.identities(world, log);
        tally
    }

    fn is_wrong(&mut self, kind: Kind, whom: &Whom, what: String) {
        self.wrong.push(Wrong {
            kind,
            whom: whom.clone(),
            what,
        });
    }

    /// Each takes one of the times at which it was told: what has to be told chooses first, and what ends first.
    fn tellings(&mut self, deserved: &[Deserved], log: &Log) {
        let mut told: BTreeMap<(Whom, Rule), Vec<i64>> = BTreeMap::new();
        for telling in &log.tellings {
            told.entry((telling.whom.clone(), telling.rule))
                .or_default()
                .push(telling.at);
        }
        let mut in_turn: Vec<&Deserved> = deserved.iter().collect();
        in_turn.sort_by_key(|one| (one.due.is_none(), one.window.end()));
        for one in in_turn {
            let line = self.lines.entry(one.rule).or_default();
            line.deserved += usize::from(one.due.is_some());
            let times = told.entry((one.whom.clone(), one.rule)).or_default();
            let place = times.iter().position(|at| one.window.has(*at));
            let at = place.map(|place| times.remove(place));
            let in_time = |at: i64| one.due.is_none_or(|due| at <= due);
            match (at, one.due) {
                (Some(at), Some(_)) if in_time(at) => line.once += 1,
                (Some(_), None) => line.allowed += 1,
                (None, None) => {}
                (at, Some(due)) => {
                    let late = at.map_or(String::new(), |at| format!(", told at {}", date_of(at)));
                    let what = format!(
                        "{} {} by {}{late}",
                        one.rule.as_str(),
                        one.which,
                        date_of(due)
                    );
                    self.is_wrong(Kind::Missed, &one.whom, what);
                }
            }
        }
        for ((whom, rule), times) in told {
            for at in times {
                let known =
                    |one: &&Deserved| one.whom == whom && one.rule == rule && one.window.has(at);
                let kind = match deserved.iter().find(known) {
                    Some(_) => Kind::Repeated,
                    None => Kind::Needless,
                };
                self.is_wrong(kind, &whom, format!("{} at {}", rule.as_str(), date_of(at)));
            }
        }
    }

    fn sights(&mut self, world: &World, matters: &[Matter], log: &Log) {
        let mut of: HashMap<&Whom, BTreeMap<Rule, (Spans, Spans)>> = HashMap::new();
        for matter in matters {
            let rules = of.entry(&matter.whom).or_default();
            let (surely, maybe) = rules.entry(matter.rule).or_default();
            *surely = surely.or(&matter.surely);
            *maybe = maybe.or(&matter.maybe);
        }
        let wrong_clock = world.office.settling();
        let arrived: HashSet<i64> = world.arrivals.iter().map(|arrival| arrival.at).collect();
        let none = BTreeMap::new();
        let mut told: Vec<(Whom, Rule, Kind)> = Vec::new();
        // What was open when last seen.
        let mut before: HashMap<&Whom, &Vec<Rule>> = HashMap::new();
        for sight in &log.sights {
            let rules = of.get(&sight.whom).unwrap_or(&none);
            let mut wrong = Vec::new();
            for rule in &sight.open {
                if !rules
                    .get(rule)
                    .is_some_and(|(_, maybe)| maybe.has(sight.at))
                {
                    wrong.push((*rule, Kind::OpenThoughOver));
                }
            }
            for (rule, (surely, _)) in rules {
                if surely.has(sight.at) && !sight.open.contains(rule) {
                    wrong.push((*rule, Kind::OverThoughOpen));
                }
            }
            if !wrong_clock.has(sight.at) {
                for (rule, kind) in wrong {
                    // Once is enough to know.
                    let one = (sight.whom.clone(), rule, kind);
                    if !told.contains(&one) {
                        told.push(one);
                        let what = format!("{} at {}", rule.as_str(), date_of(sight.at));
                        self.is_wrong(kind, &sight.whom, what);
                    }
                }
            }
            if let Some(was) = before.insert(&sight.whom, &sight.open) {
                let gone = was.iter().filter(|rule| !sight.open.contains(rule));
                for rule in gone {
                    let ended = rules
                        .get(rule)
                        .and_then(|(_, maybe)| ended_before(maybe, sight.at));
                    // What time ends is looked at when its time comes; what was told meanwhile, with the next start.
                    let settled =
                        ended.filter(|ended| arrived.contains(ended) && !wrong_clock.has(sight.at));
                    // A look follows an event by the time in which others are gathered.
                    self.resets_ms
                        .extend(settled.map(|ended| (sight.at - ended) * 1000 + 50));
                }
            }
        }
    }

    fn crowds(&mut self, world: &World, log: &Log) {
        // A clock that leaps makes a minute of a moment.
        let leaps = world.office.settling();
        for (place, at) in log.notices.iter().enumerate() {
            let in_minute = log.notices[place..]
                .iter()
                .filter(|other| **other - at < 60_000)
                .count();
            if in_minute > PER_MINUTE && !leaps.has(*at / 1000) && !leaps.has(*at / 1000 + 60) {
                self.is_wrong(
                    Kind::Crowded,
                    &Whom::Program,
                    format!("{in_minute} in the minute from {}", date_of(at / 1000)),
                );
            }
        }
    }

    /// Each eSIM of which anything came is known once, by its own names.
    fn identities(&mut self, world: &World, log: &Log) {
        let named = |life: &Life| (Some(esim_id(life.number)), Some(iccid(life.iccid_of)));
        let heard_of = |life: &&Life| life.said.iter().any(|said| said.known_at.is_some());
        let mut rest = log.esims.clone();
        for life in world.lives.iter().filter(heard_of) {
            let names = named(life);
            match rest.iter().position(|one| *one == names) {
                Some(place) => drop(rest.remove(place)),
                None => {
                    let whom = Whom::Esim(life.number);
                    self.is_wrong(Kind::Mistaken, &whom, format!("{names:?} is not known"));
                }
            }
        }
        for names in rest {
            let what = format!("{names:?} is nobody");
            self.is_wrong(Kind::Mistaken, &Whom::Program, what);
        }
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.wrong.iter().filter(|wrong| wrong.kind == kind).count()
    }

    pub fn add(&mut self, other: Tally) {
        for (rule, line) in other.lines {
            let sum = self.lines.entry(rule).or_default();
            sum.matters += line.matters;
            sum.deserved += line.deserved;
            sum.once += line.once;
            sum.allowed += line.allowed;
        }
        self.wrong.extend(other.wrong);
        self.resets_ms.extend(other.resets_ms);
        self.notices += other.notices;
    }

    pub fn print(&self) {
        println!(
            "  rule                    matters  deserved  told once  told though it need not be"
        );
        for (rule, line) in &self.lines {
            println!(
                "  {:<22} {:>8}  {:>8}  {:>9}  {:>8}",
                rule.as_str(),
                line.matters,
                line.deserved,
                line.once,
                line.allowed
            );
        }
        let sum = |of: fn(&Line) -> usize| self.lines.values().map(of).sum::<usize>();
        println!(
            "  {} matters, {} deserved, {} told once in {} notifications: {} missed, {} repeated, {} needless, {} open though over, {} over though open, {} mistaken for others",
            sum(|line| line.matters),
            sum(|line| line.deserved),
            sum(|line| line.once),
            self.notices,
            self.count(Kind::Missed),
            self.count(Kind::Repeated),
            self.count(Kind::Needless),
            self.count(Kind::OpenThoughOver),
            self.count(Kind::OverThoughOpen),
            self.count(Kind::Mistaken)
        );
        println!(
            "  cleared after {} ms (95 %), of {} alerts",
            self.reset_ms(),
            self.resets_ms.len()
        );
    }

    /// How long it took to clear 95 % of the alerts.
    pub fn reset_ms(&self) -> i64 {
        let mut all = self.resets_ms.clone();
        all.sort_unstable();
        all.get(all.len() * 95 / 100).copied().unwrap_or(0)
    }
}

/// When these last ended before a second, if it was not long ago that somebody could have seen it.
fn ended_before(spans: &Spans, at: i64) -> Option<i64> {
    spans
        .iter()
        .map(|range| range.end)
        .filter(|end| *end <= at)
        .max()
}
