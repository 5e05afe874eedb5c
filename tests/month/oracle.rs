//! What a person at the desk should have been told of a world, and what should have been open when: said of what happened and
//! of what of it was known, without the program's rules.
//!
//! A matter is one thing that is so for a while. It deserves one notification, at some time while it is known to be so and
//! somebody may be disturbed; after it was put off, another one.

mod account;
mod esim;
mod known;
mod program;
mod telling;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use esim_watch_core::alert::Rule;

use crate::play::{Log, Whom};
use crate::spans::Spans;
use crate::world::World;

pub use telling::Deserved;

/// Longer than that a thing has to be gone to be another one when it is so again.
const FLAP: i64 = 5 * 60;

/// One thing that is so for a while.
#[derive(Debug, Clone)]
pub struct Matter {
    pub whom: Whom,
    pub rule: Rule,
    /// Which of them, for a person.
    pub which: String,
    /// When it is known to be so, and told apart from others.
    pub surely: Spans,
    /// When it may be thought to be so.
    pub maybe: Spans,
    /// When it began.
    pub since: i64,
    /// It deserves a notification.
    pub deserves: bool,
}

/// Matters, while they are found.
#[derive(Default)]
struct Found {
    all: BTreeMap<(Rule, String), Times>,
    /// Those that were known before they could be told from others: what is open then stays so.
    late: BTreeSet<(Rule, String)>,
    /// Those of which a clock that was wrong may have told before their time, by the beginnings of their names.
    before: BTreeSet<(Rule, String)>,
    /// What was only so by a clock that was wrong.
    seeming: BTreeSet<(Rule, String)>,
}

#[derive(Default)]
struct Times {
    surely: Vec<Range<i64>>,
    maybe: Vec<Range<i64>>,
    since: Option<i64>,
}

impl Found {
    fn add(&mut self, rule: Rule, which: &str, surely: Range<i64>, maybe: Range<i64>, since: i64) {
        let times = self.all.entry((rule, which.to_owned())).or_default();
        times.surely.push(surely);
        times.maybe.push(maybe);
        times.since.get_or_insert(since);
    }

    /// Whether it was known, be it by a clock that was ahead.
    fn has(&self, rule: Rule, which: &str) -> bool {
        self.all.iter().any(|((of, name), times)| {
            let is_it = *of == rule && name.split(',').next() == Some(which);
            is_it && times.maybe.iter().any(|range| range.start < range.end)
        })
    }

    fn matters(self, whom: &Whom) -> Vec<Matter> {
        let Found {
            all,
            late,
            before,
            seeming,
        } = self;
        let beginning = |which: &str| which.split(',').next().unwrap_or(which).to_owned();
        let matter = |((rule, which), times): ((Rule, String), Times)| Matter {
            whom: whom.clone(),
            rule,
            surely: Spans::of(times.surely),
            maybe: Spans::of(times.maybe),
            since: times.since.unwrap_or(i64::MIN),
            deserves: !late.contains(&(rule, which.clone()))
                && !seeming.contains(&(rule, which.clone()))
                && !before.contains(&(rule, beginning(&which))),
            which,
        };
        let matters = all.into_iter().map(matter);
        matters.filter(|matter| !matter.maybe.is_empty()).collect()
    }
}

/// All matters of a world.
pub fn matters(world: &World) -> Vec<Matter> {
    let mut all = Vec::new();
    for life in &world.lives {
        all.extend(esim::matters(world, life));
    }
    all.extend(account::matters(world));
    all.extend(program::matters(world));
    all
}

/// What should have been told of them, after what somebody did.
pub fn deserved(world: &World, matters: &[Matter], log: &Log) -> Vec<Deserved> {
    matters
        .iter()
        .flat_map(|matter| telling::of(world, matter, log))
        .collect()
}
