//! What should be known of one eSIM.

use std::ops::Range;

use esim_watch_core::alert::{AlertSettings, Rule};

use crate::calendar::{DAY, HOUR};
use crate::play::Whom;
use crate::spans::Spans;
use crate::world::{Life, ON_NO_DEVICE, SETTLES_AFTER, World};

use super::known::{Known, Nth, in_order};
use super::telling::quiet_hours;
use super::{Found, Matter};

/// So much a time may be off by itself, in seconds: ends wobble.
const WOBBLE: i64 = 3;

fn by_the_order(sold: u32) -> String {
    format!("by the order of sale {sold}")
}

const AHEAD: &str = ", by a clock that was ahead";

/// What is told so much too early is told.
const EARLY: i64 = HOUR;

/// How seldom a computer looks that is nearly idle.
const IDLE: i64 = HOUR;

/// A package of a day is one, although its end is told a second later.
const ABOUT: i64 = HOUR;

pub fn matters(world: &World, life: &Life) -> Vec<Matter> {
    let all = in_order(life);
    let counts = Known::counts(life, &all);
    let rules = &world.office.rules;
    let noted = world
        .noted
        .iter()
        .filter(|noted| noted.reference == life.reference);
    let noted: Vec<(i64, i64)> = noted.map(|noted| (noted.at, noted.begins)).collect();
    let mut moments: Vec<i64> = all.iter().filter_map(|said| said.known_at).collect();
    let Some(first) = moments.iter().min().copied() else {
        return Vec::new();
    };
    moments.extend(rules.iter().map(|(at, _)| *at).filter(|at| *at > first));
    moments.extend(noted.iter().map(|(at, _)| *at).filter(|at| *at > first));
    let starts = life.periods.iter().map(|period| period.start);
    moments.extend(starts.filter(|at| *at > first && *at < world.end));
    moments.sort_unstable();
    moments.dedup();
    let mut found = Found::default();
    for (place, moment) in moments.iter().enumerate() {
        let until = moments.get(place + 1).copied().unwrap_or(world.end);
        let known = Known::at(life, &all, &counts, *moment);
        let set = rules.iter().rev().find(|(at, _)| at <= moment).unwrap();
        let trip = noted.iter().rev().find(|(at, _)| at <= moment);
        let now = Now {
            world,
            life,
            known: &known,
            settings: &set.1,
            order_was_known: found.has(Rule::NotInstalled, &by_the_order(known.sold)),
            trip: trip.copied().filter(|_| known.sold == 1),
            time: *moment..until,
        };
        now.look(&mut found);
    }
    found.matters(&Whom::Esim(life.number))
}

/// A stretch of time in which nothing becomes known.
struct Now<'a> {
    world: &'a World,
    life: &'a Life,
    known: &'a Known,
    settings: &'a AlertSettings,
    /// It was long sold before anybody knew of a trip.
    order_was_known: bool,
    /// When a trip was noted, and when it begins.
    trip: Option<(i64, i64)>,
    time: Range<i64>,
}

/// What is so from some time until another.
#[derive(Clone)]
struct So {
    rule: Rule,
    which: String,
    /// Others that it can't be told from.
    or: Option<String>,
    since: i64,
    from: i64,
    until: i64,
    surely: bool,
}

impl Now<'_> {
    fn look(&self, found: &mut Found) {
        let mut all = Vec::new();
        let known = self.known;
        let withdrawn = || self.withdrawn(found);
        match known.status {
            _ if known.dormant => {}
            Some("EXPIRED" | "DELETED") if known.withdrawn => all.extend(withdrawn()),
            Some("EXPIRED") => all.extend(self.ended(found, Rule::Expired, 7 * DAY)),
            Some("REVOKED") => all.extend(self.ended(found, Rule::Revoked, 30 * DAY)),
            _ if known.is_over() => {}
            _ => {
                all.extend(self.activated());
                all.extend(self.times());
                all.extend(self.not_installed());
                all.extend(self.data());
                self.times_of_next(found);
            }
        }
        for so in all {
            self.note(found, so);
        }
    }

    fn note(&self, found: &mut Found, so: So) {
        if !self.settings.of(so.rule).enabled {
            return;
        }
        let within = |from: i64, until: i64| from.max(self.time.start)..until.min(self.time.end);
        let mut maybe = vec![within(
            so.from.saturating_sub(WOBBLE),
            so.until.saturating_add(WOBBLE),
        )];
        let mut surely = vec![within(
            so.from.saturating_add(WOBBLE),
            so.until.saturating_sub(WOBBLE),
        )];
        // By a clock that is wrong it is another time.
        for (when, by) in &self.world.office.wrong_clock {
            maybe.extend(self.by_wrong_clock(found, &so, (when, *by)));
            let right = Spans::of(surely).without(&Spans::one(when.clone()));
            surely = right.iter().cloned().collect();
        }
        if !so.surely {
            surely.clear();
        }
        let stays = !matches!(
            so.rule,
            Rule::Expired | Rule::Revoked | Rule::DataLow | Rule::DataUsedUp
        );
        if so.or.is_some() && stays {
            found.late.insert((so.rule, so.which.clone()));
        }
        for range in maybe {
            if let Some(or) = &so.or {
                found.add(so.rule, or, 0..0, range.clone(), so.since);
            }
            found.add(so.rule, &so.which, 0..0, range, so.since);
        }
        for range in surely {
            found.add(so.rule, &so.which, range, 0..0, so.since);
        }
    }

    /// When something is so by a clock that is wrong, if that may be taken for the time at which it really is.
    fn by_wrong_clock(
        &self,
        found: &mut Found,
        so: &So,
        (when, by): (&Range<i64>, i64),
    ) -> Option<Range<i64>> {
        let (from, until) = (so.from.saturating_sub(by), so.until.saturating_sub(by));
        let from = from
            .saturating_sub(WOBBLE)
            .max(self.time.start)
            .max(when.start);
        let until = until.saturating_add(WOBBLE).min(self.time.end);
        let shifted = from..until.min(when.end + SETTLES_AFTER);
        let told_before = !shifted.is_empty() && so.from > when.start;
        let late = SETTLES_AFTER + IDLE;
        let taken_back = |within: i64| self.is_taken_back(when.end, within, so.from);
        if told_before && !(by > 0 && taken_back(late)) {
            let beginning = so.which.split(',').next().unwrap_or_default();
            found.before.insert((so.rule, beginning.to_owned()));
        }
        if !(told_before && by > 0 && taken_back(0)) {
            return Some(shifted);
        }
        // It was false when it was told, and is told when it is true. Where it only may have been taken back long before, who was
        // told again was not told twice of what was true.
        let which = format!("{}{AHEAD} from {}", so.which, when.start);
        found.add(so.rule, &which, 0..0, shifted, so.since);
        found.seeming.insert((so.rule, which));
        None
    }

    /// By a clock that is ahead a package that waits may have begun: then what comes with the end is told of that.
    fn times_of_next(&self, found: &mut Found) {
        let Some(begun) = self.known.with_next() else {
            return;
        };
        let then = Now {
            known: &begun,
            time: self.time.clone(),
            ..*self
        };
        for (when, by) in self
            .world
            .office
            .wrong_clock
            .iter()
            .filter(|(_, by)| *by > 0)
        {
            let enabled = |so: &So| self.settings.of(so.rule).enabled;
            for so in then.times().into_iter().filter(enabled) {
                if let Some(shifted) = self.by_wrong_clock(found, &so, (when, *by)) {
                    found.add(so.rule, &so.which, 0..0, shifted, so.since);
                }
            }
        }
    }

    /// Whether the desk looked with the right clock, and once more so long after that, long before the time of something had
    /// come. Who ends the program meanwhile has not believed that clock yet.
    fn is_taken_back(&self, right_from: i64, within: i64, from: i64) -> bool {
        let awake = &self.world.office.awake;
        let looks = awake.next(right_from);
        let looks_again = looks.and_then(|at| awake.next(at + within));
        looks_again.is_some_and(|at| at < from - EARLY)
    }

    fn ended(&self, found: &Found, rule: Rule, lasts: i64) -> Vec<So> {
        let ending = match rule {
            Rule::Expired => &self.known.expired,
            _ => &self.known.revoked,
        };
        let which = |nth: u32| format!("no. {nth}");
        // What was told before it was known that it had ended already stays open.
        if ending.no_news && !found.has(rule, &which(ending.nth.really)) {
            return Vec::new();
        }
        let so = So {
            rule,
            which: which(ending.nth.really),
            or: (!ending.nth.is_distinct()).then(|| which(ending.nth.earliest())),
            since: ending.since,
            from: i64::MIN,
            until: ending.last + lasts,
            surely: ending.nth.is_distinct() && !ending.no_news,
        };
        // Whoever was told that it had ended, and hears hours later that it has, can't know that it did so within seconds.
        let again = ending.nth.seems.then(|| So {
            which: format!("{}, as it seems, from {}", so.which, so.since),
            or: None,
            surely: false,
            ..so.clone()
        });
        [so].into_iter().chain(again).collect()
    }

    /// What was withdrawn stays so, although another end followed.
    fn withdrawn(&self, found: &Found) -> Vec<So> {
        let of = |rule: Rule, lasts: i64| {
            let all = self.ended(found, rule, lasts).into_iter();
            all.map(|so| So {
                surely: false,
                ..so
            })
        };
        let expired = match self.known.status {
            Some("EXPIRED") => of(Rule::Expired, 7 * DAY).collect(),
            _ => Vec::new(),
        };
        of(Rule::Revoked, 30 * DAY).chain(expired).collect()
    }

    fn activated(&self) -> Vec<So> {
        let period = self.life.root(self.known.period.unwrap_or(0));
        let so = |period: usize, since: i64, surely: bool| So {
            rule: Rule::FirstActivation,
            which: format!("of package {period}"),
            or: None,
            since,
            from: i64::MIN,
            until: since + DAY,
            surely,
        };
        // Bought while it was in use, as far as anybody knows: nobody activated anything, and what was told still holds.
        let begun_in_use = self.life.periods[period].begun_in_use;
        if begun_in_use && self.known.seen[period - 1] {
            let before = self.life.root(period - 1);
            if let Some(since) = self.known.used[before] {
                return vec![so(before, since, false)];
            }
        }
        let Some(since) = self.known.used[period] else {
            return Vec::new();
        };
        let first = period == 0;
        let by_date = self.known.used_by_date[period];
        let surely = (first || self.known.status == Some("ACTIVATED")) && by_date.is_some();
        let by_date = by_date.map(|since| so(period, since, false));
        [so(period, since, surely && !begun_in_use)]
            .into_iter()
            .chain(by_date)
            .collect()
    }

    /// Which time in the life of which package.
    fn named(&self, period: usize, parts: &[Nth]) -> (String, Option<String>) {
        let name = |part: &dyn Fn(&Nth) -> u32| {
            let parts: Vec<String> = parts.iter().map(|nth| part(nth).to_string()).collect();
            format!("of package {period}, {}", parts.join("/"))
        };
        let or = parts.iter().any(|nth| !nth.is_distinct());
        (name(&|nth| nth.really), or.then(|| name(&Nth::earliest)))
    }

    /// When somebody is warned of an end the last time: who may not be disturbed then, an hour before that begins.
    fn before_the_night(&self, end: i64, from: i64) -> i64 {
        let set = self.settings;
        let Some(quiet) = set
            .quiet
            .filter(|_| !set.of(Rule::ExpiresVerySoon).breaks_quiet)
        else {
            return from;
        };
        let nights = quiet_hours(self.world, quiet);
        let night = nights
            .iter()
            .find(|night| night.start < end && end <= night.end);
        night.map_or(from, |night| from.min(night.start - HOUR))
    }

    /// What comes with the end of a package.
    fn times(&self) -> Vec<So> {
        let Some(number) = self.known.period else {
            return Vec::new();
        };
        let period = &self.life.periods[number];
        let (end, length) = (period.end, period.end - period.start);
        let hours = |hours: u32| i64::from(hours) * HOUR;
        let (soon, very_soon) = (
            hours(self.settings.expires_soon_hours),
            hours(self.settings.expires_very_soon_hours),
        );
        // An end that wobbles over the last second of the night is now in it, now behind it.
        let wobble = if self.life.wobbles { WOBBLE } else { 0 };
        let warned = [-wobble, wobble].map(|by| self.before_the_night(end + by, end - very_soon));
        let (early, late) = (warned[0].min(warned[1]), warned[0].max(warned[1]));
        let is_last = self.settings.of(Rule::ExpiresVerySoon).enabled;
        let last = |warned: i64| if is_last { warned } else { end };
        let (which, or) = self.named(self.life.dated(number), &[self.known.back]);
        // The traveller loses nothing where another package follows at once.
        let waits = self.known.waits.map(|next| self.life.periods[next].start);
        let followed = waits.is_some_and(|start| start <= end + ABOUT);
        // Given back after its time had come, as is learnt late: it may have been told before.
        // So it is of what had been given back when somebody was first there to be told: that was told of the end as it is
        // now, and what came before and is learnt afterwards makes it no other.
        let across = |from: i64| {
            let looks = self.world.office.awake.next(from);
            let learnt_late = self.known.broke_known_at > looks;
            self.known.broke.is_some_and(|(ended, back)| {
                let told_after = learnt_late && looks.is_some_and(|at| at >= back);
                from <= back && (ended <= from || told_after)
            })
        };
        let so = |rule, from: i64, until: i64| So {
            rule,
            which: which.clone(),
            or: or.clone(),
            since: from,
            from,
            until,
            surely: or.is_none() && !across(from) && !self.known.vague,
        };
        let mut all = Vec::new();
        let perhaps = |so: So| So {
            surely: false,
            ..so
        };
        if length > soon + ABOUT && !followed {
            all.push(so(Rule::ExpiresSoon, end - soon, last(early)));
            all.push(perhaps(so(Rule::ExpiresSoon, end - soon, last(late))));
        }
        if length > very_soon + ABOUT && !followed {
            all.push(so(Rule::ExpiresVerySoon, late, end));
            all.push(perhaps(so(Rule::ExpiresVerySoon, early, end)));
        }
        let on_device = self
            .known
            .status
            .is_none_or(|status| !ON_NO_DEVICE.contains(&status));
        if on_device && !self.known.ended[number] {
            all.push(so(Rule::PastEnd, end + HOUR, end + 30 * DAY));
        }
        all
    }

    fn not_installed(&self) -> Vec<So> {
        let (Some(sold), Some(status)) = (self.known.sold_since, self.known.status) else {
            return Vec::new();
        };
        let period = self.known.period.map(|number| &self.life.periods[number]);
        let end = period.map_or(i64::MAX, |period| period.end);
        let fresh = sold + HOUR;
        // A day has an hour more or less when clocks change.
        let place = &self.world.office.place;
        let ends = |begins: i64| place.at(place.local(begins).date().tomorrow().unwrap(), 0);
        let noted = self.trip.filter(|(_, begins)| ends(*begins) > sold);
        let noted = noted.map(|(_, begins)| begins);
        let begins = period.map(|period| period.start);
        let begins = begins.filter(|start| *start > fresh || status == "DOWNLOADED");
        let start = noted.or(begins);
        let trip_from = start
            .map(|start| (start - i64::from(self.settings.not_installed_hours) * HOUR).max(fresh));
        let order_from = sold + i64::from(self.settings.not_installed_days) * DAY;
        let so = |which: String, from: i64, until: i64| So {
            rule: Rule::NotInstalled,
            which,
            or: None,
            since: from,
            from,
            until: until.min(end),
            surely: true,
        };
        let order_until = (order_from + 30 * DAY).min(trip_from.unwrap_or(i64::MAX));
        let mut all = vec![so(by_the_order(self.known.sold), order_from, order_until)];
        if let (Some(start), Some(from)) = (start, trip_from) {
            // Noted or told, a trip of the same day is the same.
            let day = self.world.office.place.local(start).date();
            // Told by the order in the days in which the trip would have been, before anybody knew of one.
            let told = order_from >= from && self.order_was_known;
            all.push(So {
                surely: !told,
                ..so(format!("by the trip of {day}"), from, start + 30 * DAY)
            });
        }
        all
    }

    fn data(&self) -> Vec<So> {
        let (Some(number), Some(left)) = (self.known.period, self.known.left) else {
            return Vec::new();
        };
        let limit = f64::from(self.settings.data_low_percent);
        let rule = match left {
            ..=0.0 => Rule::DataUsedUp,
            _ if self.known.spent => Rule::DataUsedUp,
            _ if left < limit => Rule::DataLow,
            _ => return Vec::new(),
        };
        let same_dates = |of: &usize| self.life.dated(*of) == self.life.dated(number);
        let of = self.known.left_of.filter(same_dates).unwrap_or(number);
        let (which, or) = self.named(of, &[self.known.back, self.known.added]);
        let so = So {
            rule,
            surely: or.is_none()
                && !self.known.vague
                && (self.known.added.is_none() || self.known.plenty),
            which,
            or,
            since: self.time.start,
            from: i64::MIN,
            until: self.life.periods[number].end,
        };
        // Below a limit that was set lower meanwhile it may be told once more.
        let again = So {
            which: format!("{}, below {limit} %", so.which),
            or: None,
            surely: false,
            ..so.clone()
        };
        let mut limits = self
            .world
            .office
            .rules
            .iter()
            .map(|(_, set)| set.data_low_percent);
        let changed = limits.any(|other| other != self.settings.data_low_percent);
        let again = (changed && rule == Rule::DataLow).then_some(again);
        vec![so].into_iter().chain(again).collect()
    }
}
