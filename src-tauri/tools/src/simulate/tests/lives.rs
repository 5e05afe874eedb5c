//! What happens to each eSIM, and when.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::delivery::{Arrival, Delivery, Kind};
use super::super::traffic::Plan;
use super::{BASE, COUNT, RATE, Told, deliveries, plan};

/// The changes of status of each eSIM in the order of telling, known by `esim_id`.
fn statuses(deliveries: &[Delivery]) -> BTreeMap<String, Vec<(i64, String, Arrival)>> {
    let read: Vec<(Told, &Delivery)> = deliveries
        .iter()
        .filter(|delivery| matches!(delivery.kind, Kind::Status | Kind::Usage))
        .map(|delivery| (Told::read(&delivery.body), delivery))
        .collect();
    let ids: HashMap<String, String> = read
        .iter()
        .filter_map(|(told, _)| Some((told.text("iccid")?.into(), told.text("esim_id")?.into())))
        .collect();
    let mut lives: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (told, delivery) in read {
        if delivery.kind != Kind::Status || delivery.arrival == Arrival::Repeat {
            continue;
        }
        let by_iccid = || ids.get(told.text("iccid")?).cloned();
        if let Some(id) = told.text("esim_id").map(str::to_owned).or_else(by_iccid) {
            let status = told.text("status").unwrap().to_owned();
            lives
                .entry(id)
                .or_default()
                .push((told.at(), status, delivery.arrival));
        }
    }
    lives
}

#[test]
fn each_life_is_plausible_by_its_times() {
    for seed in 0..8 {
        for (id, mut life) in statuses(&deliveries(plan(seed), 3000)) {
            let in_turn: Vec<i64> = life
                .iter()
                .filter(|told| told.2 == Arrival::InTurn)
                .map(|told| told.0)
                .collect();
            assert!(in_turn.is_sorted(), "seed {seed}, {id}: {life:?}");
            life.sort();
            let words: Vec<&str> = life.iter().map(|told| told.1.as_str()).collect();
            assert_eq!(words.first(), Some(&"NEW"), "seed {seed}, {id}");
            assert_eq!(
                words.iter().filter(|word| **word == "NEW").count(),
                1,
                "{words:?}"
            );
            for (word, next) in words.iter().zip(words.iter().skip(1)) {
                let fits = match *word {
                    "NEW" => matches!(*next, "READY" | "DOWNLOADED" | "INSTALLED" | "REVOKED"),
                    "READY" => matches!(*next, "DOWNLOADED" | "INSTALLED" | "REVOKED"),
                    "DOWNLOADED" => *next == "INSTALLED",
                    "INSTALLED" => matches!(*next, "ACTIVATED" | "UNKNOWN"),
                    "UNKNOWN" => *next == "INSTALLED",
                    "ACTIVATED" => matches!(*next, "INACTIVE" | "EXPIRED" | "REVOKED" | "DELETED"),
                    "INACTIVE" => matches!(*next, "ACTIVATED" | "EXPIRED"),
                    "EXPIRED" => *next == "DELETED",
                    _ => false,
                };
                assert!(fits, "seed {seed}, {id}: {next} after {word} in {words:?}");
            }
        }
    }
}

#[test]
fn some_go_on_and_off_within_seconds() {
    for seed in 0..10 {
        let flaps = statuses(&deliveries(plan(seed), COUNT))
            .into_values()
            .any(|mut life| {
                life.sort();
                life.windows(4).any(|four| {
                    let words: Vec<&str> = four.iter().map(|told| told.1.as_str()).collect();
                    words == ["INACTIVE", "ACTIVATED", "INACTIVE", "ACTIVATED"]
                        && four[3].0 - four[0].0 < 10
                })
            });
        assert!(flaps, "seed {seed}");
    }
}

#[test]
fn what_is_late_was_overtaken_by_something_newer_of_the_same_esim() {
    let mut late = 0;
    for (id, life) in statuses(&deliveries(plan(2), 3000)) {
        let mut newest = i64::MIN;
        for (at, _, arrival) in life {
            // Usage reports overtake as well; among the statuses alone not every late one shows.
            late += usize::from(arrival == Arrival::Late && at < newest);
            assert!(arrival == Arrival::Late || at > newest, "{id}");
            newest = newest.max(at);
        }
    }
    assert!(late >= 5, "{late}");
}

#[test]
fn events_lie_around_the_present() {
    for (place, delivery) in deliveries(plan(6), 3000).iter().enumerate() {
        let at = Told::read(&delivery.body).at();
        let now = BASE + (place as f64 / RATE) as i64;
        assert!((BASE - 40 * 86_400..=now).contains(&at), "{at} at {now}");
    }
}

#[test]
fn many_esims_are_told_of_at_the_same_time() {
    let told: Vec<Told> = deliveries(plan(3), COUNT)
        .iter()
        .map(|delivery| Told::read(&delivery.body))
        .collect();
    // The first ones are few: every eSIM has to begin some time.
    for part in told.chunks(40).skip(1) {
        let ids: HashSet<&str> = part
            .iter()
            .filter_map(|told| told.text("esim_id"))
            .collect();
        assert!(ids.len() > 10, "{}", ids.len());
    }
}

#[test]
fn it_never_runs_dry_nor_says_two_things_in_the_same_words() {
    for (esims, rate, count) in [
        (1, 2000.0, 10_000),
        (20, 500.0, 20_000),
        (5000, 0.1, 10_000),
    ] {
        let all = deliveries(
            Plan {
                esims,
                rate,
                seed: 9,
                base: BASE,
            },
            count,
        );
        assert_eq!(all.len(), count);
        let mut bodies = HashSet::new();
        for delivery in all
            .iter()
            .filter(|delivery| delivery.arrival != Arrival::Repeat)
        {
            assert!(
                bodies.insert(&delivery.body),
                "{}",
                String::from_utf8_lossy(&delivery.body)
            );
        }
        for (id, life) in statuses(&all) {
            let times: HashSet<i64> = life.iter().map(|told| told.0).collect();
            assert_eq!(
                times.len(),
                life.len(),
                "{id}: two changes of status in one second"
            );
        }
    }
}
