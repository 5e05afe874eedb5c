//! What should be known of the money, of refunds, and of kinds of events that nobody knows.

use esim_watch_core::alert::Rule;

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::play::Whom;
use crate::world::{Happened, MOST_PRICE, THRESHOLD, Told, World};

use super::{Found, Matter};

/// So seldom somebody looks at what time alone ends.
const SELDOM: i64 = 2 * MINUTE;

/// Orders that fail so long after the last are another matter.
const APART: i64 = HOUR;

/// And those that fail so long after the first.
const LONG: i64 = DAY;

/// A balance that is greater by no more is told in another way, and not another one.
const NO_MORE: f64 = THRESHOLD / 100.0;

/// A matter of money: which, by what is known at a moment and really, and since and until when.
#[derive(Debug, Clone, Copy, Default)]
struct Shortage {
    count: u32,
    began: u32,
    really: u32,
    since: i64,
    last: i64,
    open: bool,
    /// It seemed to be another one, until more was known.
    seems: bool,
}

impl Shortage {
    fn is_told(&mut self, at: i64, another: bool, really: u32) {
        if another || !self.open {
            self.seems = self.count > 0 && self.really == really && really > 0;
            self.count += 1;
            (self.began, self.since) = (really, at);
        }
        (self.really, self.last, self.open) = (really, at, true);
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Purse {
    low: Shortage,
    failed: Shortage,
    balance: Option<f64>,
    /// When money was last added, and how often.
    added: Option<(i64, usize)>,
    /// The same of money in another currency, which answers nothing here.
    added_elsewhere: Option<(i64, usize)>,
}

impl Purse {
    fn takes(&mut self, happened: &Happened, number: usize, really: (u32, u32)) {
        let Happened {
            at, told, balance, ..
        } = happened;
        match told {
            Told::Added => {
                self.failed.open = false;
                // Enough that the sender warns no more.
                self.low.open &= *balance < THRESHOLD;
                self.added = Some((*at, number));
            }
            Told::AddedElsewhere => {
                self.added_elsewhere = Some((*at, number));
                return;
            }
            Told::Low | Told::Failed => {
                // Money came, although nobody told of it: more than what one order cost. A warning at a greater balance
                // tells that it was no longer low before.
                let risen = self.balance.map_or(0.0, |was| *balance - was);
                self.low.open &= *told != Told::Low || risen <= NO_MORE;
                self.failed.open &= risen <= MOST_PRICE;
                match told {
                    Told::Low => self.low.is_told(*at, false, really.0),
                    _ => {
                        let failed = &self.failed;
                        let another = at - failed.last >= APART || at - failed.since >= LONG;
                        self.failed.is_told(*at, another, really.1);
                    }
                }
            }
            _ => return,
        }
        self.balance = Some(*balance);
    }
}

pub fn matters(world: &World) -> Vec<Matter> {
    let mut all: Vec<&Happened> = world
        .money
        .happened
        .iter()
        .filter(|happened| happened.known_at.is_some())
        .collect();
    all.sort_by_key(|happened| happened.at);
    let mut purse = Purse::default();
    let mut really = Vec::new();
    for (number, happened) in all.iter().enumerate() {
        purse.takes(happened, number, (0, 0));
        really.push((purse.low.count, purse.failed.count));
    }
    let mut moments: Vec<i64> = all
        .iter()
        .filter_map(|happened| happened.known_at)
        .collect();
    moments.extend(
        world
            .office
            .rules
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| *at > world.begin),
    );
    moments.sort_unstable();
    moments.dedup();
    let mut found = Found::default();
    for (place, moment) in moments.iter().enumerate() {
        let until = moments.get(place + 1).copied().unwrap_or(world.end);
        let mut purse = Purse::default();
        for (number, happened) in all.iter().enumerate() {
            if happened.known_at.is_some_and(|at| at <= *moment) {
                purse.takes(happened, number, really[number]);
            }
        }
        let settings = &world
            .office
            .rules
            .iter()
            .rev()
            .find(|(at, _)| at <= moment)
            .unwrap()
            .1;
        let mut note = |rule: Rule, which: String, surely: bool, since: i64, ends: i64| {
            let time = |ends: i64| *moment..until.min(ends);
            if settings.of(rule).enabled {
                let sure = if surely { time(ends) } else { 0..0 };
                found.add(rule, &which, sure, time(ends + SELDOM), since);
            }
        };
        for (rule, shortage) in [
            (Rule::BalanceLow, purse.low),
            (Rule::BalanceInsufficient, purse.failed),
        ] {
            if shortage.open {
                let distinct = shortage.began == shortage.really && !shortage.seems;
                let ends = shortage.last + 30 * DAY;
                note(
                    rule,
                    format!("no. {}", shortage.really),
                    distinct,
                    shortage.since,
                    ends,
                );
                if shortage.seems {
                    let which = format!(
                        "no. {}, as it seems, from {}",
                        shortage.really, shortage.since
                    );
                    note(rule, which, false, shortage.since, ends);
                }
                if shortage.began != shortage.really {
                    note(
                        rule,
                        format!("no. {}", shortage.began),
                        false,
                        shortage.since,
                        ends,
                    );
                }
            }
        }
        let added = [purse.added, purse.added_elsewhere];
        for (at, number) in added.into_iter().flatten() {
            note(
                Rule::BalanceToppedUp,
                format!("no. {number}"),
                true,
                at,
                at + DAY,
            );
        }
    }
    let mut matters = found.matters(&Whom::Account);
    matters.extend(news(world));
    matters
}

/// Refunds are told once; so is a kind that is not known, for a week.
fn news(world: &World) -> Vec<Matter> {
    let mut all = Vec::new();
    for happened in &world.money.happened {
        let Some(known_at) = happened.known_at else {
            continue;
        };
        match &happened.told {
            Told::Refund(number) => {
                all.push((
                    Whom::Refund(*number),
                    Rule::RefundDecided,
                    known_at..happened.at + 7 * DAY,
                ));
            }
            Told::Novelty(kind) => {
                all.push((
                    Whom::Novelty(*kind),
                    Rule::Unrecognized,
                    known_at..known_at + 7 * DAY,
                ));
            }
            _ => {}
        }
    }
    all.sort_by_key(|(.., time)| time.start);
    let mut matters: Vec<Matter> = Vec::new();
    for (whom, rule, time) in all {
        let mut found = Found::default();
        let rules = &world.office.rules;
        for (place, (from, settings)) in rules.iter().enumerate() {
            let until = rules.get(place + 1).map_or(i64::MAX, |(at, _)| *at);
            let time = time.start.max(*from)..time.end.min(until);
            if settings.of(rule).enabled {
                found.add(rule, "", time.clone(), time, 0);
            }
        }
        for matter in found.matters(&whom) {
            let goes_on = matters.iter_mut().find(|known| {
                known.whom == whom
                    && known.maybe.end()
                        >= matter.maybe.iter().next().map_or(0, |range| range.start)
            });
            match goes_on {
                Some(known) => {
                    known.maybe = known.maybe.or(&matter.maybe);
                    known.surely = known.surely.or(&matter.surely);
                }
                None => matters.push(matter),
            }
        }
    }
    matters
}
