//! Holds what the desk has against what is true: the world is asked, and the program's rules are not.

mod told;

use esim_watch_core::catch_up::CaughtUp;
use esim_watch_core::esim::{EsimState, key_of};
use esim_watch_core::event::{Event, EventKind, Sources, Status, Topic};
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::store::StoredEvent;
use esim_watch_tools::stand_in::{Change, Life, World, listed_status};

use crate::desk::{Desk, Taken};
use crate::plan::{MINUTE, Week};

pub use told::{Told, told, told_of_absence};

/// More events than an eSIM has.
const ALL: u32 = 100_000;

/// What the desk has of an eSIM.
struct Held {
    state: EsimState,
    events: Vec<StoredEvent>,
}

impl Held {
    fn of(desk: &Desk, life: &Life) -> Option<Held> {
        let key = key_of(DEFAULT.id(), Some(&life.esim_id), Some(&life.iccid))?;
        desk.read(|store| {
            let Some(row) = store.esim_row(&key)? else {
                return Ok(None);
            };
            let events = store.events_of_esim(row, 0, ALL)?;
            let state = store.esim_state(row)?;
            Ok(state.map(|state| Held { state, events }))
        })
    }

    /// Statuses with their seconds, as events of status told them, each as often as it is there, in order.
    fn statuses(&self) -> Vec<(i64, Status)> {
        self.statuses_by(|event| event.occurred_at)
    }

    /// The same by the seconds that they claim. A clock that is behind does not believe all of them until the API tells the time.
    fn claimed(&self) -> Vec<(i64, Status)> {
        self.statuses_by(|event| event.unbelieved_at.or(event.occurred_at))
    }

    fn statuses_by(&self, at: fn(&Event) -> Option<i64>) -> Vec<(i64, Status)> {
        let statuses = self.events.iter().filter_map(|stored| {
            let event = &stored.event;
            let is_status = event.kind == EventKind::EsimStatus;
            let at = at(event).filter(|_| is_status)?;
            Some((at, event.status.clone()?))
        });
        let mut statuses: Vec<_> = statuses.collect();
        statuses.sort();
        statuses
    }
}

/// Each of its statuses as it truly was, as far as somebody can know when.
fn moments(life: &Life) -> impl Iterator<Item = (i64, &Status, bool)> {
    life.moments
        .iter()
        .filter_map(|moment| match &moment.change {
            Change::Status(status) => Some((moment.at, status, moment.by_webhook)),
            Change::Usage => None,
        })
}

/// Nobody but the list tells it, which does not say since when.
fn is_dated(status: &Status) -> bool {
    *status != Status::Ready
}

fn is_end(status: &Status) -> bool {
    matches!(status, Status::Expired | Status::Revoked)
}

/// What the desk has is true, and it has nothing twice.
pub fn nothing_false(world: &World, desk: &Desk, wrong: &mut Vec<String>) {
    let now = desk.now();
    for life in world.lives().iter().filter(|life| life.exists(now)) {
        let Some(held) = Held::of(desk, life) else {
            continue;
        };
        let mut is_wrong = |what: String| wrong.push(named(life, now, &what));
        let statuses = held.claimed();
        for twice in statuses.windows(2).filter(|two| two[0] == two[1]) {
            is_wrong(format!("{:?} is there twice", twice[0]));
        }
        let mut ready = 0;
        for (at, status) in &statuses {
            if is_dated(status) {
                let is_true = |(truly, is, _): (i64, &Status, bool)| (truly, is) == (*at, status);
                if *at > now || !moments(life).any(is_true) {
                    is_wrong(format!("{status} at {at} never was"));
                }
                continue;
            }
            ready += 1;
            let finer = moments(life)
                .find(|(_, status, _)| status.place_in_life() > Status::Ready.place_in_life());
            let until = finer.map_or(now, |(at, _, _)| at.min(now));
            if !(life.sold()..=until).contains(at) {
                is_wrong(format!("READY at {at} can't be"));
            }
        }
        if ready > 1 {
            is_wrong(format!("READY {ready} times"));
        }
        let mut sent: Vec<(i64, &str)> = held
            .events
            .iter()
            .filter(|stored| stored.sources.have(Sources::WEBHOOK))
            .filter(|stored| stored.event.kind == EventKind::EsimUsage)
            .filter_map(|stored| Some((stored.event.occurred_at?, stored.event.key.as_str())))
            .collect();
        sent.sort_unstable();
        for twice in sent.windows(2).filter(|two| two[0].0 == two[1].0) {
            is_wrong(format!("usage at {} is there twice", twice[0].0));
        }
    }
    for stored in desk.read(|store| store.events_about(Topic::Balance, ALL)) {
        let told = Money::of(&stored);
        let is_true = match stored.event.kind {
            // Of a while ago it may be, while the answer was on its way.
            EventKind::BalanceRead => {
                (told.at - 2 * MINUTE..=told.at).any(|at| world.balance(at) == told.cents)
            }
            _ => world.balance_notices().iter().any(|notice| {
                (notice.at, &notice.kind, notice.balance)
                    == (told.at, &stored.event.kind, told.cents)
            }),
        };
        if !is_true || told.at > now {
            let kind = &stored.event.kind;
            wrong.push(format!("{kind} of {} at {} never was", told.cents, told.at));
        }
    }
}

/// What an event tells of the balance.
struct Money {
    at: i64,
    cents: i64,
}

impl Money {
    fn of(stored: &StoredEvent) -> Money {
        let event = &stored.event;
        let said = event
            .details
            .as_ref()
            .and_then(|said| said.balance.as_ref());
        let balance = said.and_then(|said| said.balance).unwrap_or(f64::NAN);
        Money {
            at: event.occurred_at.unwrap_or_default(),
            cents: (balance * 100.0).round() as i64,
        }
    }
}

/// The balance is what it was when the API was asked for it, or what a webhook told since.
fn balance_is_true(world: &World, desk: &Desk, wrong: &mut Vec<String>) {
    let Some(asked) = desk.answered.balance else {
        return wrong.push("complete without a balance".to_owned());
    };
    let all = desk.read(|store| store.events_about(Topic::Balance, ALL));
    let all: Vec<Money> = all.iter().map(Money::of).collect();
    let Some(last) = all.iter().max_by_key(|told| told.at) else {
        return wrong.push("complete, and no balance is known".to_owned());
    };
    let is_of_last_second = all
        .iter()
        .any(|told| told.at == last.at && (told.cents == world.balance(asked) || told.at > asked));
    if !is_of_last_second {
        let truly = world.balance(asked);
        wrong.push(format!(
            "balance {} of {}, should be {truly} as of {asked}",
            last.cents, last.at
        ));
    }
}

/// The desk has everything that the API could tell it.
pub fn nothing_missing(
    week: &Week,
    world: &World,
    desk: &Desk,
    done: &CaughtUp,
    wrong: &mut Vec<String>,
) {
    let Some(list) = desk.answered.list else {
        return wrong.push("complete without a list".to_owned());
    };
    balance_is_true(world, desk, wrong);
    let sold = |at: i64| world.lives().iter().filter(|life| life.exists(at)).count();
    let esims = usize::try_from(done.esims).unwrap();
    let is_whole = done.problems.is_empty();
    let least = if is_whole { sold(list) } else { 0 };
    if !(least..=sold(desk.now())).contains(&esims) {
        wrong.push(format!("{esims} eSIMs of {}", sold(list)));
    }
    for life in world.lives().iter().filter(|life| life.exists(list)) {
        let mut is_wrong = |what: String| wrong.push(named(life, desk.now(), &what));
        match Held::of(desk, life) {
            // A list that is cut lacks it, and the first that was heard of it came later: the next catch-up asks.
            _ if !is_whole && is_unknown(desk, life, list) => {}
            None => is_wrong("is missing".to_owned()),
            Some(held) => {
                let lists = (list, is_whole);
                one_is_complete(week, desk, life, &held, lists, &mut is_wrong);
            }
        }
    }
}

/// Whether no list has named it, and no webhook before the list was read.
fn is_unknown(desk: &Desk, life: &Life, list: i64) -> bool {
    let taken = desk.taken.get(&life.esim_id);
    let mut taken = taken.into_iter().flatten();
    let asked = desk.answered.histories.contains_key(&life.esim_id);
    let named = desk.answered.named.contains(&life.esim_id);
    !named && !asked && taken.all(|one| one.came >= list)
}

fn one_is_complete(
    week: &Week,
    desk: &Desk,
    life: &Life,
    held: &Held,
    (list, is_whole): (i64, bool),
    is_wrong: &mut impl FnMut(String),
) {
    let listed = list - week.lag();
    // When its history is known until, or the list told that nothing happened.
    let history = desk.answered.histories.get(&life.esim_id).copied();
    // What happens to one in use need not show in the list.
    let in_use = listed_status(life, listed) == Some(Status::Installed);
    let known = match history {
        Some(history) if in_use => history,
        Some(history) => history.max(listed),
        None => listed,
    };
    let known = known.max(life.sold());
    let taken = desk.taken.get(&life.esim_id);
    let taken: Vec<&Taken> = taken.into_iter().flatten().collect();
    let was_taken = |at: i64, is: &Status| {
        let fits = |one: &&&Taken| one.is_status && one.at == at && one.status.as_ref() == Some(is);
        taken.iter().find(fits).is_some()
    };
    let returns: Vec<i64> = life.returns().collect();
    let is_return = |at: i64| week.quirks.history_without_returns && returns.contains(&at);
    let expected: Vec<(i64, Status)> = moments(life)
        .filter(|(_, status, _)| is_dated(status))
        .filter(|(at, status, _)| {
            let is_unwritten = week.quirks.history_without_ends && is_end(status);
            let by_history = *at <= known && !is_unwritten && !is_return(*at);
            by_history || was_taken(*at, status)
        })
        .map(|(at, status, _)| (at, status.clone()))
        .collect();
    let mut statuses = held.statuses();
    let has_ready = statuses.iter().any(|(_, status)| !is_dated(status));
    statuses.retain(|(_, status)| is_dated(status));
    let mut sorted = expected;
    sorted.sort();
    if statuses != sorted {
        is_wrong(format!(
            "timeline {statuses:?}, should be {sorted:?} as of {known}"
        ));
    }
    let mut so: Vec<(i64, u8, Status)> = moments(life)
        .filter(|(at, status, _)| {
            let until = match status {
                // No history has it: where the list lags behind nobody can know it yet, and a list that is asked for once
                // more may have it by then. Whether what the desk has of it can be is seen above.
                Status::Ready if has_ready => desk.now(),
                Status::Ready => listed.max(life.sold()),
                status if is_end(status) && week.quirks.history_without_ends => listed,
                _ if is_return(*at) => listed,
                _ => known,
            };
            *at <= until || was_taken(*at, status)
        })
        .map(|(at, status, _)| (at, status.place_in_life(), status.clone()))
        .collect();
    // A report of the usage tells that it is in use.
    let reports = taken.iter().filter(|one| !one.is_status);
    so.extend(reports.filter_map(|one| {
        let status = one.status.clone()?;
        Some((one.at, status.place_in_life(), status))
    }));
    so.sort();
    let status = so.last().map(|(_, _, status)| status);
    if held.state.status.as_ref() != status {
        is_wrong(format!(
            "is {:?}, should be {status:?} as of {known}: {so:?}",
            held.state.status
        ));
    }
    let later = taken.iter().any(|one| one.at > known);
    let asked = [&life.esim_id, &life.iccid];
    let usage = asked
        .iter()
        .filter_map(|one| desk.answered.usages.get(*one).copied())
        .max();
    let read = usage.unwrap_or(known);
    let moved = |from: i64, to: i64| {
        let moved = life
            .moments
            .iter()
            .any(|moment| from < moment.at && moment.at <= to);
        let bought = life
            .plans
            .iter()
            .any(|plan| from - 15 * MINUTE <= plan.bought && plan.bought <= to);
        moved || bought
    };
    if !later && !moved(known.min(read).min(listed), known.max(read)) {
        rest_is_true(life, held, known, is_whole, &mut |what| {
            is_wrong(format!(
                "{what} (history {history:?}, usage {usage:?}, list {list})"
            ));
        });
    }
}

/// What is left, and what it is of.
fn rest_is_true(
    life: &Life,
    held: &Held,
    at: i64,
    is_whole: bool,
    is_wrong: &mut impl FnMut(String),
) {
    let Some(truly) = life.truth(at) else {
        return;
    };
    let state = &held.state;
    let mut same = |what: &str, has: String, is: String| {
        if has != is {
            is_wrong(format!("{what} {has}, should be {is} as of {at}"));
        }
    };
    // Blanks around it are no part of it.
    let reference = || format!("{:?}", truly.reference_id.as_deref().map(str::trim));
    let period = (state.period_start, state.period_end);
    same(
        "period",
        format!("{period:?}"),
        format!("{:?}", truly.period.unzip()),
    );
    same("reference", format!("{:?}", state.reference()), reference());
    for event in held.events.iter().map(|stored| &stored.event) {
        if let Some(told) = event.reference() {
            same("told reference", format!("{:?}", Some(told)), reference());
        }
    }
    // An order that the list leaves out is the only one to name it.
    if is_whole {
        same(
            "package",
            format!("{:?}", state.usage.package_name),
            format!("{:?}", Some(truly.package_name)),
        );
    }
    same(
        "number",
        format!("{:?}", state.iccid),
        format!("{:?}", Some(truly.iccid)),
    );
    if truly.period.is_some() {
        let left = |amount: Option<f64>| format!("{:?}", amount.map(|mb| (mb * 100.0).round()));
        same("data", left(state.usage.allowed_mb), left(truly.allowed_mb));
        same(
            "data left",
            left(state.usage.remaining_mb),
            left(truly.remaining_mb),
        );
    }
}

/// What is wrong with an eSIM, with all that happened to it.
fn named(life: &Life, now: i64, what: &str) -> String {
    let mut told = format!("eSIM {} ({}) {what}", life.number, life.esim_id);
    for (at, status, by_webhook) in moments(life).filter(|(at, _, _)| *at <= now + 3_600) {
        let only = if by_webhook { "" } else { " (no webhook)" };
        let date = esim_watch_core::clock::utc_time(at * 1000);
        told.push_str(&format!("\n    {at} {date} {status}{only}"));
    }
    for (start, end) in life.plans.iter().filter_map(|plan| plan.period) {
        let [from, to] = [start, end].map(|at| esim_watch_core::clock::utc_time(at * 1000));
        told.push_str(&format!("\n    period from {start} {from} to {end} {to}"));
    }
    told
}
