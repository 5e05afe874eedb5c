//! What should be known of the program itself: that it hears nothing although it ought to, and that its tunnel is down.

use esim_watch_core::alert::Rule;

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::play::Whom;
use crate::spans::Spans;
use crate::world::World;

use super::known::{Known, in_order};
use super::{Found, Matter};

/// For so long a desk is patient on which few report.
const FEW_WAIT: i64 = 9 * HOUR;

/// So seldom a computer looks that is nearly idle.
const SELDOM: i64 = 30 * MINUTE;

/// While a clock is wrong it is told later.
const SETTLES: i64 = 8 * HOUR;

/// An outage that lasts no longer is none.
const SHORT: i64 = 10;

pub fn matters(world: &World) -> Vec<Matter> {
    let mut matters = silence(world);
    matters.extend(outages(world));
    matters
}

/// Awake for so long, nothing came although several eSIMs report.
fn silence(world: &World) -> Vec<Matter> {
    let mut heard: Vec<i64> = world.arrivals.iter().map(|arrival| arrival.at).collect();
    heard.push(world.end);
    heard.dedup();
    let listens = world.office.awake.without(&world.office.idle);
    let patience = 6 * HOUR;
    let mut found = Vec::new();
    for gap in heard.windows(2) {
        let (from, until) = (gap[0], gap[1]);
        let silent = listens.and(&Spans::one(from..until));
        // Of the looks in between some are missed; a repeated delivery is no sign of life.
        let Some(early) = silent.after(patience - HOUR).filter(|at| *at < until) else {
            continue;
        };
        let late = silent.after(patience + 30 * MINUTE);
        let (surely_many, maybe_some) = reporting(world, from, late.unwrap_or(until));
        if maybe_some == 0 {
            continue;
        }
        // Told once, and again when somebody's computer is on a day after it was told last: each as early or late as the one
        // before lets it.
        let next = |told: i64| world.office.awake.next(told + DAY).unwrap_or(world.end);
        let few_wait = silent.after(FEW_WAIT + 30 * MINUTE).unwrap_or(until);
        let (mut begin, mut late) = (early, late.filter(|_| surely_many));
        let mut latest = late.unwrap_or(few_wait);
        let (mut day, mut told) = (0, begin);
        while begin < until {
            // By a clock that is ahead a day is over early.
            let ahead = world.office.wrong_clock.iter().filter(|(_, by)| *by > 0);
            let mut ahead = ahead.map(|(when, _)| when.start);
            let soon = ahead.find(|at| told < *at && *at < begin);
            begin = soon.unwrap_or(begin);
            told = begin;
            let mut one = Found::default();
            let sure = match late {
                Some(late) => late.min(until)..next(begin).min(until),
                None => 0..0,
            };
            one.add(
                Rule::NoEvents,
                &format!("since {from}, day {day}"),
                sure,
                begin..(next(latest) + SETTLES).min(until),
                from,
            );
            found.extend(one.matters(&Whom::Program));
            day += 1;
            begin = next(begin);
            late = late.map(|late| next(late + SELDOM));
            latest = next(latest + SELDOM);
        }
    }
    for matter in &mut found {
        // While clocks are wrong or nobody is there it may come later.
        matter.deserves = !matter.surely.is_empty();
    }
    found
}

/// Whether three or more ought to have reported until then, and how many might.
fn reporting(world: &World, heard: i64, until: i64) -> (bool, usize) {
    let (mut surely, mut maybe) = (0, 0);
    for life in &world.lives {
        let all = in_order(life);
        let counts = Known::counts(life, &all);
        let known = Known::at(life, &all, &counts, heard);
        let Some(period) = known.period.map(|number| &life.periods[number]) else {
            continue;
        };
        // What is told as the same package is: whoever bought more of it meanwhile reports as before.
        let root = known.period.map(|number| life.root(number));
        let lately = |hours: i64| {
            let known_report = |said: &&&crate::world::Said| {
                said.left.is_some()
                    && said.known_at.is_some_and(|at| at <= heard)
                    && said.period.map(|number| life.root(number)) == root
            };
            all.iter()
                .filter(known_report)
                .any(|said| said.dated > heard - hours * HOUR)
        };
        let in_use = known.status == Some("ACTIVATED") && period.end > heard;
        surely += usize::from(in_use && period.end > until + HOUR && lately(20));
        maybe += usize::from(!known.is_over() && lately(27));
    }
    (surely >= 3, maybe)
}

/// An outage is told; others within the hour are the same, and told once an hour.
fn outages(world: &World) -> Vec<Matter> {
    let long = world
        .office
        .tunnel_down
        .iter()
        .filter(|down| down.end - down.start > SHORT);
    let mut matters: Vec<Matter> = Vec::new();
    let mut first: Option<i64> = None;
    for down in long {
        let from = down.start + SHORT;
        let begins = *first.get_or_insert(from);
        let hour = (from - begins) / HOUR;
        let which = format!("since {begins}, hour {hour}");
        let time = Spans::one(from..down.end);
        match matters.iter_mut().find(|matter| matter.which == which) {
            Some(matter) => {
                matter.surely = matter.surely.or(&time);
                matter.maybe = matter.maybe.or(&Spans::one(from..down.end + 10 * MINUTE));
            }
            None => matters.push(Matter {
                whom: Whom::Program,
                rule: Rule::TunnelDown,
                which,
                surely: time,
                maybe: Spans::one(from..down.end + 10 * MINUTE),
                since: begins,
                deserves: hour == 0,
            }),
        }
    }
    matters
}
