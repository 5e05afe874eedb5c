//! When a matter may be told, and by when it has to be.

use std::ops::Range;

use esim_watch_core::alert::{AlertSettings, Quiet, Rule};

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::play::{Act, Done, Log, Whom};
use crate::spans::Spans;
use crate::world::{SETTLES_AFTER, World};

use super::Matter;

/// How long a notification may wait for its turn: for others of its order, in a crowd, after a start.
const TURN: i64 = 7 * MINUTE;

/// The same of a computer that is nearly idle.
const IDLE_TURN: i64 = 75 * MINUTE;

/// Something that is to be told once.
#[derive(Debug, Clone)]
pub struct Deserved {
    pub whom: Whom,
    pub rule: Rule,
    pub which: String,
    /// When it may be told.
    pub window: Spans,
    /// By when it has to be; `None`: it need not.
    pub due: Option<i64>,
}

/// What is to be told of a matter: once, and once more when a time is over for which it was put off.
pub fn of(world: &World, matter: &Matter, log: &Log) -> Vec<Deserved> {
    let (may, must) = tellable(world, matter.rule, matter.since);
    // What ends in the second in which somebody comes back was told before.
    let maybe = Spans::of(matter.maybe.iter().map(|time| time.start..time.end + 1));
    let (window, sure) = (maybe.and(&may), matter.surely.and(&must));
    let of_it = |done: &&Done| {
        done.whom == matter.whom && done.rule == matter.rule && matter.maybe.has(done.at)
    };
    let mut acts: Vec<&Done> = log.done.iter().filter(of_it).collect();
    acts.sort_by_key(|done| done.at);
    let mut all = Vec::new();
    let mut from = i64::MIN;
    let mut deserves = matter.deserves && was_wanted(world, matter);
    // By a clock that is ahead.
    let mut early = Spans::default();
    for place in 0..=acts.len() {
        // Who looks sees what is shown in that second.
        let until = acts.get(place).map_or(i64::MAX, |done| done.at + 1);
        let time = Spans::one(from..until);
        let sure = sure.and(&time);
        let time = time.or(&early);
        let (busy, any) = (
            sure.without(&world.office.idle).after(TURN),
            sure.after(IDLE_TURN),
        );
        let due = busy.into_iter().chain(any).min();
        all.push(Deserved {
            whom: matter.whom.clone(),
            rule: matter.rule,
            which: matter.which.clone(),
            window: window.and(&time),
            due: due.filter(|_| deserves),
        });
        match acts.get(place).map(|done| done.act) {
            Some(Act::PutOffUntil(until)) => {
                (from, deserves) = (until, true);
                // A clock that was ahead meanwhile may have woken it, also in the minutes in which the right time is not believed.
                let put_off = acts[place].at;
                let ahead = world.office.wrong_clock.iter();
                let ahead = ahead.filter(|(when, by)| {
                    when.end > put_off && when.end + SETTLES_AFTER + by > until
                });
                early = Spans::of(ahead.map(|(when, _)| when.start.max(put_off)..until));
            }
            // Another order may fail after somebody took up the others.
            Some(Act::TakenUp) if matter.rule == Rule::BalanceInsufficient => {
                (from, deserves) = (acts[place].at, false);
            }
            _ => break,
        }
    }
    all.retain(|deserved| !deserved.window.is_empty());
    all
}

/// Whether notifications by its rule were on when it was found: whoever had them off has it in the inbox, and does not want it
/// told days later, when they are on again.
fn was_wanted(world: &World, matter: &Matter) -> bool {
    let first = |times: &Spans| times.iter().next().map(|time| time.start);
    let found = [first(&matter.maybe), first(&matter.surely)];
    let set = |at: i64| {
        world
            .office
            .rules
            .iter()
            .rev()
            .find(|(from, _)| *from <= at)
    };
    let wanted = |at: i64| set(at).is_none_or(|(_, settings)| settings.of(matter.rule).notify);
    found.into_iter().flatten().all(wanted)
}

/// When somebody may be told by this rule, and when it is expected.
fn tellable(world: &World, rule: Rule, since: i64) -> (Spans, Spans) {
    let office = &world.office;
    // What was wrong is put right within minutes.
    let settling = office.settling();
    let (mut may, mut must) = (Vec::new(), Vec::new());
    for (place, (from, settings)) in office.rules.iter().enumerate() {
        let until = office.rules.get(place + 1).map_or(world.end, |(at, _)| *at);
        let since_set = (*from).max(world.begin);
        let time = Spans::one(since_set..until).and(&office.awake);
        // Who starts in the very second in which it is set otherwise is told before that.
        let time_may = Spans::one(since_set..until + 1).and(&office.awake);
        let set = settings.of(rule);
        let held = quiet(world, settings);
        // What is older than a day wakes nobody.
        let fresh = Spans::one(i64::MIN..since.saturating_add(DAY));
        let through = match set.breaks_quiet {
            true if by_age(rule) => fresh,
            true => Spans::one(i64::MIN..i64::MAX),
            false => Spans::default(),
        };
        let held = held.without(&through);
        if set.enabled && set.notify {
            must.extend(time.without(&held).without(&settling).iter().cloned());
            may.extend(time_may.without(&held.without(&settling)).iter().cloned());
        }
    }
    (Spans::of(may), Spans::of(must))
}

fn by_age(rule: Rule) -> bool {
    rule.about() == esim_watch_core::alert::About::Esim
}

/// When nobody is to be disturbed each day.
pub fn quiet_hours(world: &World, quiet: Quiet) -> Vec<Range<i64>> {
    let place = &world.office.place;
    let (from, to) = (i64::from(quiet.from_minute), i64::from(quiet.to_minute));
    let to = if from < to { to } else { to + 24 * 60 };
    let days = place.days(world.begin);
    days.map(|day| place.at(day, from)..place.at(day, to))
        .collect()
}

/// When nobody is to be disturbed: by the clock on the wall, and while muted.
fn quiet(world: &World, settings: &AlertSettings) -> Spans {
    let quiet = settings.quiet;
    let mut all = quiet.map_or(Vec::new(), |quiet| quiet_hours(world, quiet));
    if let Some(until) = settings.muted_until {
        all.push(world.begin - HOUR..until);
    }
    Spans::of(all)
}
