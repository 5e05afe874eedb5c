//! What every made-up world keeps to.

use std::collections::{BTreeMap, BTreeSet};

use esim_watch_core::event::{Iccid, Status};

use super::*;

const BEGIN: i64 = 1_795_737_600;

fn plan(seed: u64) -> WorldPlan {
    WorldPlan {
        seed,
        begin: BEGIN,
        days: 14,
        esims: 200,
        everyday: false,
        hurry: None,
    }
}

#[test]
fn one_seed_is_one_world_and_another_one_is_another() {
    let (one, same, other) = (World::of(plan(7)), World::of(plan(7)), World::of(plan(8)));
    assert_eq!(format!("{one:?}"), format!("{same:?}"));
    assert_ne!(one.truth(plan(7).end()), other.truth(plan(8).end()));
    assert_eq!(one.lives().len(), 200);
}

#[test]
fn the_past_stays_as_it_was() {
    let world = World::of(plan(3));
    let (then, later) = (world.truth(BEGIN + DAY), world.truth(BEGIN + 3 * DAY));
    for was in &then {
        let is = later.iter().find(|esim| esim.esim_id == was.esim_id);
        assert!(is.unwrap().timeline.starts_with(&was.timeline));
    }
    assert!(later.len() > then.len(), "something is sold meanwhile");
}

#[test]
fn worlds_hold_every_life() {
    let worlds: Vec<World> = (0..4).map(|seed| World::of(plan(seed))).collect();
    let end = BEGIN + 90 * DAY;
    let truths: Vec<TrueEsim> = worlds.iter().flat_map(|world| world.truth(end)).collect();
    let mut seen: BTreeMap<Status, usize> = BTreeMap::new();
    for entry in truths.iter().flat_map(|esim| &esim.timeline) {
        *seen.entry(entry.status.clone()).or_default() += 1;
    }
    for status in Status::KNOWN {
        let there = seen.contains_key(&status);
        assert_eq!(there, status != Status::Unknown, "{status}: {seen:?}");
    }
    let lives = || worlds.iter().flat_map(World::lives);
    assert!(lives().any(|life| life.plans.len() > 2), "top-ups");
    assert!(lives().any(|life| life.moments.iter().any(|it| it.phone == 1)));
    let withdrawn = lives().filter(|life| life.withdrawn_unused().is_some());
    assert!(withdrawn.count() > 4);
    let orders = || worlds.iter().flat_map(World::purchases);
    assert!(orders().any(|order| order.items.len() > 5), "groups");
    assert!(orders().any(|order| order.failed), "no money");
    for world in &worlds {
        assert!(!world.purse().refunds.is_empty());
        assert!(!world.purse().commissions.is_empty());
        let kinds = world
            .purse()
            .notices
            .iter()
            .map(|notice| notice.kind.clone());
        assert_eq!(kinds.collect::<BTreeSet<_>>().len(), 3);
        let numbers: BTreeSet<&str> = world.lives().iter().map(|it| it.iccid.as_str()).collect();
        let ids: BTreeSet<&str> = world.lives().iter().map(|it| it.esim_id.as_str()).collect();
        assert_eq!(ids.len(), 200);
        assert!((180..=200).contains(&numbers.len()));
        assert!(numbers.iter().all(|number| Iccid::is_checked(number)));
    }
    assert!(
        worlds.iter().any(|world| {
            let numbers: BTreeSet<&str> =
                world.lives().iter().map(|it| it.iccid.as_str()).collect();
            numbers.len() < 200
        }),
        "a number that was given again"
    );
}

#[test]
fn usage_only_grows_and_what_runs_has_a_period() {
    for life in World::of(plan(11)).lives() {
        let mut used = BTreeMap::new();
        let mut before = i64::MIN;
        for moment in &life.moments {
            assert!(moment.at >= before, "eSIM {} is out of order", life.number);
            before = moment.at;
            let Some(place) = moment.plan else {
                assert_ne!(moment.change, Change::Usage, "eSIM {}", life.number);
                continue;
            };
            let plan = &life.plans[place];
            let (start, end) = plan.period.unwrap();
            assert!(start < end && start <= moment.at && plan.bought <= start);
            let last = used.insert(place, plan.used(moment.at)).unwrap_or(0);
            assert!(plan.used(moment.at) >= last, "eSIM {}", life.number);
            if let Some(allowed) = plan.package.allowed {
                assert!(plan.used(moment.at) <= allowed, "eSIM {}", life.number);
            }
        }
    }
}

#[test]
fn usage_is_told_at_each_share_of_the_data() {
    let world = World::of(plan(5));
    let emptied = world.lives().iter().flat_map(|life| {
        let first = life
            .plans
            .first()
            .filter(|plan| plan.package.allowed.is_some());
        first.map(|plan| (life, plan))
    });
    let mut told = 0;
    for (life, plan) in emptied {
        let allowed = plan.package.allowed.unwrap();
        let readings = life
            .moments
            .iter()
            .filter(|moment| moment.change == Change::Usage && moment.plan == Some(0));
        let at = |share: i64| {
            let exact = allowed * share / 100;
            let near = exact..=exact + plan.appetite / 1_000 + 1;
            readings
                .clone()
                .any(|moment| near.contains(&plan.used(moment.at)))
        };
        told += usize::from([25, 50, 75, 90, 100].into_iter().all(at));
    }
    assert!(told > 10, "{told}");
}

#[test]
fn money_is_never_spent_that_is_not_there() {
    for seed in 0..20 {
        let world = World::of(plan(seed));
        let mut paid = 0;
        for order in world.purchases() {
            let left = world.purse().balance(order.at);
            assert!(left >= 0, "seed {seed}: {left}");
            paid += usize::from(!order.failed);
        }
        assert!(paid > 100);
    }
}
