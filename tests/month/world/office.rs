//! The office: when its computer runs, sleeps and hears, what its clock shows, what is set, and when somebody goes through
//! the inbox.

use std::ops::Range;

use esim_watch_core::alert::{AlertSettings, Quiet, Rule, RuleSetting};
use jiff::civil::Weekday;

use crate::calendar::{DAY, DAYS, HOUR, MINUTE, Place};
use crate::chance::Chance;
use crate::spans::Spans;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    Start,
    Stop,
    Sleep,
    Wake,
}

/// How a desk's days are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// On all the time; nearly idle while nobody is there.
    Always,
    /// A laptop that sleeps over lunch and at night.
    Laptop,
    /// Started in the morning, ended in the evening.
    Days,
    /// The same in the morning only.
    HalfDays,
}

/// So long a clock has to be right to be believed.
pub const SETTLES_AFTER: i64 = 7 * MINUTE;

pub struct Office {
    pub place: Place,
    /// The program runs and the computer is awake.
    pub awake: Spans,
    /// Of it, when the computer is nearly idle, and looks around every some minutes only.
    pub idle: Spans,
    /// Somebody is there.
    pub attended: Spans,
    /// When the program starts and ends, and the computer falls asleep and wakes.
    pub power: Vec<(i64, Power)>,
    /// Nothing arrives, and nobody is told so.
    pub deaf: Spans,
    /// The tunnel is known to be down.
    pub tunnel_down: Spans,
    /// The desk's clock is wrong by so many seconds.
    pub wrong_clock: Vec<(Range<i64>, i64)>,
    /// What is set about alerts, from when on.
    pub rules: Vec<(i64, AlertSettings)>,
    /// When somebody goes through the inbox.
    pub visits: Vec<i64>,
}

impl Office {
    pub fn of(chance: &mut Chance, place: Place, begin: i64) -> Office {
        let end = begin + DAYS * DAY;
        let habit = chance.one_of(&[
            Habit::Always,
            Habit::Always,
            Habit::Laptop,
            Habit::Days,
            Habit::HalfDays,
        ]);
        let closed = closed(chance, begin);
        let (attended, lunches) = attended(chance, habit, &place, begin, &closed);
        let month = Spans::one(begin..end);
        let attended = attended.and(&month);
        let awake = match habit {
            Habit::Always => month.clone(),
            Habit::Laptop => attended.without(&lunches),
            Habit::Days | Habit::HalfDays => attended.clone(),
        };
        let attended = attended.without(&lunches);
        let running = match habit {
            Habit::Always | Habit::Laptop => month.clone(),
            Habit::Days | Habit::HalfDays => awake.clone(),
        };
        let mut office = Office {
            power: power(&running, &awake),
            idle: awake.without(&attended),
            place,
            awake,
            attended,
            deaf: Spans::default(),
            tunnel_down: Spans::default(),
            wrong_clock: Vec::new(),
            rules: Vec::new(),
            visits: Vec::new(),
        };
        office.mishaps(chance, begin);
        // To wait for hours a computer has to be wide awake; otherwise that only costs time.
        let waits = Spans::of(office.deaf.iter().map(|deaf| deaf.start..deaf.end + DAY));
        office.idle = office.awake.without(&office.attended.and(&waits));
        office.restarts(chance, begin..end);
        office.set_rules(chance, begin..end);
        office.visited(chance, begin);
        office
    }

    /// What the desk's clock shows at this time, both UTC milliseconds.
    pub fn clock(&self, at_ms: i64) -> i64 {
        let at = at_ms.div_euclid(1000);
        let wrong = self.wrong_clock.iter().find(|(when, _)| when.contains(&at));
        at_ms + wrong.map_or(0, |(_, by)| by * 1000)
    }

    /// When a clock is wrong, and for some minutes after.
    pub fn settling(&self) -> Spans {
        let wrong = self.wrong_clock.iter();
        Spans::of(wrong.map(|(when, _)| when.start..when.end + SETTLES_AFTER))
    }

    /// When a delivery reaches the program.
    pub fn hears(&self) -> Spans {
        // By a clock that is far behind everything comes from the future; that is another story.
        let behind = self.wrong_clock.iter().filter(|(_, by)| *by < 0);
        let behind = Spans::of(behind.map(|(when, _)| when.clone()));
        let deaf = self.deaf.or(&self.tunnel_down).or(&behind);
        self.awake.without(&deaf)
    }

    fn mishaps(&mut self, chance: &mut Chance, begin: i64) {
        let month = begin..begin + DAYS * DAY;
        let attended = |chance: &mut Chance| {
            let at = chance.between(month.start + DAY, month.end - 4 * DAY);
            self.attended.next(at)
        };
        if chance.percent(25)
            && let Some(at) = attended(chance)
        {
            self.deaf = Spans::one(at..at + chance.between(3 * HOUR, 3 * DAY));
        }
        if chance.percent(25)
            && let Some(at) = attended(chance)
        {
            let mut down = Vec::new();
            let mut at = at;
            for _ in 0..chance.one_of(&[1, 1, 3, 40]) {
                let lasts = chance.one_of(&[5, 15, 30, 20 * MINUTE]);
                down.push(at..at + lasts);
                at += lasts + chance.between(MINUTE, 4 * MINUTE);
            }
            self.tunnel_down = Spans::of(down);
        }
        for _ in 0..chance.between(0, 4) {
            let Some(mut at) = attended(chance) else {
                continue;
            };
            let (by, lasts) = match chance.between(0, 5) {
                0 => (
                    chance.one_of(&[30, 365, 800]) * DAY,
                    chance.between(30, 4 * MINUTE),
                ),
                1 => (
                    -chance.one_of(&[1, 30, 800]) * DAY,
                    chance.between(30, 4 * MINUTE),
                ),
                2 => (
                    chance.between(-50 * MINUTE, 50 * MINUTE),
                    chance.between(MINUTE, HOUR),
                ),
                // Who wakes may believe a clock that keeps local time, until the network says better.
                3 => {
                    let wakes =
                        |(when, power): &&(i64, Power)| *power == Power::Wake && *when >= at;
                    at = self.power.iter().find(wakes).map_or(at, |(when, _)| *when);
                    (
                        chance.one_of(&[-8, -5, 1, 2, 7, 12]) * HOUR,
                        chance.between(5, 4 * MINUTE),
                    )
                }
                _ => (
                    chance.between(HOUR, 4 * DAY),
                    match chance.percent(50) {
                        true => chance.between(30, 4 * MINUTE),
                        false => chance.between(4 * MINUTE, 40 * MINUTE),
                    },
                ),
            };
            let when = at..at + lasts;
            let free = |(other, _): &(Range<i64>, i64)| {
                other.end + HOUR < when.start || when.end + HOUR < other.start
            };
            let trouble = self
                .tunnel_down
                .next(at - 3 * HOUR)
                .is_some_and(|next| next < at + lasts + HOUR);
            if self.wrong_clock.iter().all(free) && !trouble {
                self.wrong_clock.push((when, by));
            }
        }
    }

    /// The program ends at some moment, by itself or not, and is started again.
    fn restarts(&mut self, chance: &mut Chance, month: Range<i64>) {
        for _ in 0..chance.one_of(&[0, 0, 2, 6, 15]) {
            let at = chance.between(month.start, month.end);
            let Some(at) = self.awake.next(at) else {
                continue;
            };
            let back = at + chance.between(3, 90);
            let near = |(other, _): &&(i64, Power)| (at - MINUTE..back + MINUTE).contains(other);
            let trouble = self
                .tunnel_down
                .next(at - 3 * HOUR)
                .is_some_and(|next| next < back + HOUR);
            if self.power.iter().any(|power| near(&power)) || trouble || !self.awake.has(back) {
                continue;
            }
            self.power.push((at, Power::Stop));
            self.power.push((back, Power::Start));
            self.awake = self.awake.without(&Spans::one(at..back));
            self.idle = self.idle.and(&self.awake);
        }
        self.power.sort_by_key(|(at, _)| *at);
    }

    fn set_rules(&mut self, chance: &mut Chance, month: Range<i64>) {
        let quiet = [
            None,
            Some((22, 7)),
            Some((22, 7)),
            Some((20, 9)),
            Some((0, 6)),
        ];
        let quiet = chance.one_of(&quiet).map(|(from, to)| Quiet {
            from_minute: from * 60,
            to_minute: to * 60,
        });
        let mut settings = AlertSettings {
            quiet,
            ..AlertSettings::default()
        };
        self.rules.push((i64::MIN, settings.clone()));
        let mut times = Vec::new();
        for _ in 0..chance.one_of(&[0, 0, 1, 3, 6]) {
            let at = self.attended.next(chance.between(month.start, month.end));
            times.extend(at.map(|at| at + chance.between(0, 10 * MINUTE)));
        }
        times.retain(|at| self.awake.has(*at) && self.clock(at * 1000) == at * 1000);
        times.sort_unstable();
        times.dedup();
        for at in times {
            match chance.between(0, 6) {
                0 => settings.expires_soon_hours = chance.one_of(&[12, 24, 48]),
                1 => settings.data_low_percent = chance.one_of(&[10, 20, 30]),
                2 => settings.muted_until = Some(at + chance.between(HOUR, 30 * HOUR)),
                3 => {
                    let hours = chance.one_of(&[22, 23, 1]);
                    settings.quiet = Some(Quiet {
                        from_minute: hours * 60 + 30,
                        to_minute: 8 * 60,
                    });
                }
                _ => {
                    let rule = chance.one_of(&[
                        Rule::FirstActivation,
                        Rule::Expired,
                        Rule::ExpiresSoon,
                        Rule::DataLow,
                        Rule::DataUsedUp,
                        Rule::BalanceLow,
                        Rule::RefundDecided,
                        Rule::ExpiresVerySoon,
                    ]);
                    let RuleSetting {
                        enabled,
                        notify,
                        breaks_quiet,
                    } = settings.of(rule);
                    let set = match chance.between(0, 3) {
                        0 => RuleSetting {
                            enabled: !enabled,
                            notify,
                            breaks_quiet,
                        },
                        1 => RuleSetting {
                            enabled,
                            notify: !notify,
                            breaks_quiet,
                        },
                        _ => RuleSetting {
                            enabled,
                            notify,
                            breaks_quiet: !breaks_quiet,
                        },
                    };
                    settings.rules.insert(rule, set);
                }
            }
            self.rules.push((at, settings.clone()));
        }
    }

    fn visited(&mut self, chance: &mut Chance, begin: i64) {
        let often = chance.one_of(&[0, 1, 2]);
        for day in 0..DAYS * often {
            let at = begin + day / often * DAY + chance.between(0, DAY);
            self.visits.extend(
                self.attended
                    .next(at)
                    .map(|at| at + chance.between(MINUTE, 30 * MINUTE)),
            );
        }
        self.visits.retain(|at| self.awake.has(*at));
        self.visits.sort_unstable();
        self.visits.dedup();
    }
}

/// Some desks are closed over days.
fn closed(chance: &mut Chance, begin: i64) -> Spans {
    if !chance.percent(40) {
        return Spans::default();
    }
    let from = begin + chance.between(3, 20) * DAY;
    Spans::one(from..from + chance.between(3, 8) * DAY)
}

/// When somebody is there, and when lunch is.
fn attended(
    chance: &mut Chance,
    habit: Habit,
    place: &Place,
    begin: i64,
    closed: &Spans,
) -> (Spans, Spans) {
    let (mut there, mut lunches) = (Vec::new(), Vec::new());
    let weekends = chance.percent(30);
    for day in place.days(begin) {
        let free = !weekends && matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if free || closed.has(place.at(day, 12 * 60)) {
            continue;
        }
        let from = place.at(day, 8 * 60 + chance.between(15, 60));
        let to = match habit {
            Habit::HalfDays => place.at(day, 13 * 60),
            _ => place.at(day, 17 * 60 + chance.between(0, 90)),
        };
        there.push(from..to);
        if habit == Habit::Laptop {
            let noon = place.at(day, 12 * 60 + chance.between(0, 60));
            lunches.push(noon..noon + chance.between(30, 70) * MINUTE);
        }
    }
    (Spans::of(there), Spans::of(lunches))
}

fn power(running: &Spans, awake: &Spans) -> Vec<(i64, Power)> {
    let mut all = Vec::new();
    for span in running.iter() {
        let sleeps = Spans::one(span.clone()).without(awake);
        all.push((span.start, Power::Start));
        for sleep in sleeps.iter() {
            all.push((sleep.start, Power::Sleep));
            all.push((sleep.end, Power::Wake));
        }
        all.push((span.end, Power::Stop));
    }
    all.sort_by_key(|(at, _)| *at);
    all
}
