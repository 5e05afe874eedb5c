//! What happens to an eSIM: the past that it had before the run began, and what happens to it
//! while the run goes on.
//!
//! In come an identity, a [`Fate`] and chance; out come steps in the order of telling, which is the
//! order of time but for a few that come late. It must not know of payloads or deliveries.

use std::collections::VecDeque;

use rand::RngExt;
use rand::rngs::StdRng;

use super::esim::{DAY, Esim, HOUR, Status, Step, What};
use super::fate::Fate;
use crate::identity::Identity;
use crate::package::Package;

/// An eSIM with its past, ordered `ordered` seconds from the clock base (at most -600): sooner if
/// its first use would leave too little time. Every step lies before the clock base.
pub(super) fn past(rng: &mut StdRng, identity: Identity, fate: Fate, ordered: i64) -> Esim {
    let package = fate.package(rng);
    let start = fate.start(rng, package);
    let ordered = start.map_or(ordered, |start| {
        ordered.min(start - rng.random_range(HOUR..DAY))
    });
    let mut steps = vec![(ordered, What::Status(Status::New))];
    let mut add = |at, status| steps.push((at, What::Status(status)));

    // From the sale to the device.
    let until = start.unwrap_or(-30);
    let downloaded = ordered + 10 + rng.random_range(0..until - ordered - 150);
    let installed = downloaded + rng.random_range(5..90);
    if rng.random_bool(0.5) {
        add(ordered + rng.random_range(2..9), Status::Ready);
    }
    match fate {
        Fate::Sold => {}
        Fate::Withdrawn => add(rng.random_range(downloaded..=until), Status::Revoked),
        _ => {
            if rng.random_bool(0.7) {
                add(downloaded, Status::Downloaded);
            }
            add(installed, Status::Installed);
        }
    }
    if fate == Fate::Unclear {
        add(rng.random_range(installed + 1..=-20), Status::Unknown);
    }
    if let Some(start) = start {
        in_use(rng, fate, package, start, &mut steps);
    }
    steps.sort_by_key(|(at, _)| *at);
    // Two reports of one second would leave their order open; the status is the earlier push.
    steps.dedup_by_key(|(at, _)| *at);

    let mut esim = Esim {
        identity,
        package,
        start,
        steps: VecDeque::with_capacity(steps.len()),
        status: Status::New,
        last_at: ordered,
        used: 0,
        silent: fate == Fate::Unsaid,
    };
    for (at, what) in steps {
        esim.push(at, what);
    }
    esim.steps = some_late(rng, esim.steps);
    esim
}

/// Adds what happened from the first use on.
fn in_use(
    rng: &mut StdRng,
    fate: Fate,
    package: Package,
    start: i64,
    steps: &mut Vec<(i64, What)>,
) {
    let end = start + package.days * DAY;
    // The last second of which a usage report can tell.
    let mut until = (end - 1).min(-1);
    let mut pauses: Vec<(i64, i64)> = Vec::new();
    let mut add = |at, status| steps.push((at, What::Status(status)));
    add(start, Status::Activated);
    match fate {
        Fate::Flapping => {
            let at = rng.random_range(start + HOUR..until - 10);
            for (after, status) in flap() {
                add(at + after, status);
            }
        }
        Fate::Paused => {
            until = rng.random_range(start + HOUR..until);
            add(until, Status::Inactive);
        }
        Fate::Revoked => {
            until = rng.random_range(start + HOUR..until);
            add(until, Status::Revoked);
        }
        // The platform looks at its clock every few seconds.
        Fate::Over => add(end + rng.random_range(0..9), Status::Expired),
        Fate::Deleted => {
            add(end + rng.random_range(0..9), Status::Expired);
            add(end + rng.random_range(60..2 * HOUR), Status::Deleted);
        }
        Fate::InUse if until - start > 8 * HOUR && rng.random_bool(0.5) => {
            let at = rng.random_range(start + HOUR..until - 6 * HOUR);
            let back = at + rng.random_range(600..5 * HOUR);
            add(at, Status::Inactive);
            add(back, Status::Activated);
            pauses.push((at, back));
        }
        _ => {}
    }

    // Use that begins slowly or quickly and reaches this share of the allowance by the end.
    let share = match fate {
        Fate::UsedUp => rng.random_range(2.0..3.0),
        _ => rng.random_range(0.2..1.4),
    };
    let bend = rng.random_range(0.7..1.4);
    let allowed = package.allowed.unwrap_or(2 * 1024 * 100 * package.days);
    let length = end - start;
    let used_at = |at: i64| {
        let gone = (at - start) as f64 / length as f64;
        let used = (allowed as f64 * share * gone.powf(bend)) as i64;
        if package.allowed.is_some() {
            used.min(allowed)
        } else {
            used
        }
    };
    let reports = (1..)
        .map(|tick| start + tick * 4 * HOUR)
        .take_while(|at| *at <= until);
    let thresholds = [0.25, 0.5, 0.75, 0.9, 1.0]
        .into_iter()
        .filter(|reached| package.allowed.is_some() && *reached < share)
        .map(|reached| {
            start + (length as f64 * f64::powf(reached / share, 1.0 / bend)).ceil() as i64
        })
        .filter(|at| *at <= until);
    let reports = reports.chain(thresholds);
    steps.extend(
        reports
            .filter(|at| !pauses.iter().any(|(from, to)| from <= at && at <= to))
            .map(|at| (at, What::Usage(used_at(at)))),
    );
}

/// Holds back about one step in twelve until up to three newer ones are told. Never the first.
fn some_late(rng: &mut StdRng, mut steps: VecDeque<Step>) -> VecDeque<Step> {
    let mut place = 1;
    while place + 1 < steps.len() {
        if rng.random_ratio(1, 12) {
            let later = (place + rng.random_range(1..=3)).min(steps.len() - 1);
            if let Some(mut step) = steps.remove(place) {
                step.late = true;
                steps.insert(later, step);
            }
            place = later;
        }
        place += 1;
    }
    steps
}

/// Gives a living eSIM with nothing left to tell something that happens at `now` (seconds from the
/// clock base). `may_end`: it may be withdrawn or removed. Returns whether there was something: not
/// more than one change of status a second, since two in one second would be one and the same.
pub(super) fn happen(rng: &mut StdRng, esim: &mut Esim, now: i64, may_end: bool) -> bool {
    let fresh = now > esim.last_at;
    if let Some(end) = esim.end().filter(|end| now >= *end) {
        if fresh {
            esim.push(end.max(esim.last_at + 1), What::Status(Status::Expired));
        }
        return fresh;
    }
    match esim.status {
        Status::Activated => {
            let roll = rng.random_range(0..24);
            match roll {
                0 if fresh && may_end => esim.push(now, What::Status(Status::Revoked)),
                1 if fresh && may_end => esim.push(now, What::Status(Status::Deleted)),
                2..=4 if fresh => esim.push(now, What::Status(Status::Inactive)),
                5..=8 if now - 7 > esim.last_at => {
                    for (after, status) in flap() {
                        esim.push(now - 7 + after, What::Status(status));
                    }
                }
                _ => return use_some(rng, esim, now),
            }
            return true;
        }
        _ if !fresh => return false,
        Status::Inactive => esim.push(now, What::Status(Status::Activated)),
        Status::Installed => {
            esim.start = Some(now);
            esim.push(now, What::Status(Status::Activated));
        }
        Status::New | Status::Ready | Status::Downloaded | Status::Unknown => {
            esim.push(now, What::Status(Status::Installed));
        }
        Status::Revoked | Status::Expired | Status::Deleted => return false,
    }
    true
}

/// A usage report; several in one second differ in the data used. False if nothing is left to use.
fn use_some(rng: &mut StdRng, esim: &mut Esim, now: i64) -> bool {
    let left = esim
        .package
        .allowed
        .map_or(100_000, |allowed| allowed - esim.used);
    if left < 2 || now < esim.last_at {
        return false;
    }
    let used = esim.used + rng.random_range(1..=(left / 100).max(1));
    esim.push(now, What::Usage(used));
    true
}

/// On and off within seconds, as real histories show it.
fn flap() -> [(i64, Status); 4] {
    [
        (0, Status::Inactive),
        (2, Status::Activated),
        (5, Status::Inactive),
        (7, Status::Activated),
    ]
}
