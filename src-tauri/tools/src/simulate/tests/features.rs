//! What a run contains, and that it is the same again.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::delivery::{Arrival, Kind};
use super::super::traffic::Plan;
use super::{BASE, COUNT, RATE, Told, deliveries, plan};
use crate::identity::luhn;

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    assert_eq!(deliveries(plan(7), 2000), deliveries(plan(7), 2000));
    assert_ne!(deliveries(plan(7), 50), deliveries(plan(8), 50));
}

#[test]
fn a_later_start_moves_the_times_and_nothing_else() {
    let later = Plan {
        base: BASE + 9 * 86_400,
        ..plan(7)
    };
    for (now, then) in deliveries(plan(7), 600).iter().zip(deliveries(later, 600)) {
        assert_eq!((now.kind, now.arrival), (then.kind, then.arrival));
        let (now, then) = (Told::read(&now.body), Told::read(&then.body));
        assert_eq!(now.at() + 9 * 86_400, then.at());
        for field in [
            "iccid",
            "esim_id",
            "status",
            "package_id",
            "balance",
            "order_data",
        ] {
            assert_eq!(now.fields[field], then.fields[field]);
        }
        let left = |told: &Told| told.fields["usage_data"]["remaining_data"].clone();
        assert_eq!(left(&now), left(&then));
    }
}

#[test]
fn a_run_with_the_defaults_has_everything_whatever_the_seed() {
    for seed in 0..25 {
        let all = deliveries(plan(seed), COUNT);
        let told: Vec<Told> = all
            .iter()
            .map(|delivery| Told::read(&delivery.body))
            .collect();
        let any = |what: &str, test: &dyn Fn(&Told) -> bool| {
            assert!(told.iter().any(test), "no {what} with seed {seed}");
        };

        let found: HashSet<Kind> = all.iter().map(|delivery| delivery.kind).collect();
        assert_eq!(found.len(), 6, "{found:?}");
        let found: HashSet<Arrival> = all.iter().map(|delivery| delivery.arrival).collect();
        assert_eq!(found.len(), 3, "{found:?}");

        let known =
            "NEW READY DOWNLOADED INSTALLED ACTIVATED INACTIVE REVOKED EXPIRED DELETED UNKNOWN";
        for status in known.split(' ') {
            any(status, &|told| told.text("status") == Some(status));
        }
        any("unheard status", &|told| {
            told.kind == "status"
                && told
                    .text("status")
                    .is_some_and(|text| !known.contains(text))
        });
        for (category, kind) in [
            ("partner", "low_balance"),
            ("partner", "insufficient_balance"),
            ("partner", "top_up"),
            ("affiliate", "order"),
            ("refund", "refunded"),
            ("refund", "rejected"),
            ("esim", "esim_status"),
            ("esim", "esim_usage"),
            ("esim", "network_change"),
            ("voucher", "redeemed"),
        ] {
            any(kind, &|told| {
                (told.category.as_str(), told.kind.as_str()) == (category, kind)
            });
        }
        any("flat eSIM event", &|told| {
            told.flat && told.category == "esim"
        });
        any("refund's id", &|told| {
            told.raw.starts_with(r#"{"event_id":"rfd_"#)
        });
        any("number as text", &|told| {
            told.fields["timestamp"].is_string()
        });
        any("milliseconds", &|told| {
            told.fields["timestamp"].as_i64() > Some(100_000_000_000)
        });
        any("iccid as a number", &|told| {
            told.raw.contains(r#""iccid":89"#)
        });
        let esim = |told: &Told| told.category == "esim";
        any("iccid alone", &|told| {
            esim(told) && told.text("esim_id").is_none()
        });
        any("esim_id alone", &|told| {
            esim(told) && told.text("iccid").is_none() && !told.fields["iccid"].is_number()
        });
        for length in [19, 20] {
            any("ICCID of that length", &|told| {
                told.text("iccid")
                    .is_some_and(|iccid| iccid.len() == length)
            });
        }
        let allowed = |told: &Told| told.fields["usage_data"]["isUnlimited"].as_bool();
        any("unlimited package", &|told| allowed(told) == Some(true));
        any("used-up package", &|told| {
            allowed(told) == Some(false) && told.fields["usage_data"]["remaining_data"] == 0
        });
        let soon = BASE..BASE + 86_400;
        any("end within a day", &|told| {
            told.fields["end"]
                .as_i64()
                .is_some_and(|end| soon.contains(&end))
        });
        any("activation during the run", &|told| {
            told.text("status") == Some("ACTIVATED") && told.kind == "status" && told.at() >= BASE
        });
    }
}

#[test]
fn references_are_shared_and_some_are_odd() {
    for seed in 0..10 {
        let mut orders: HashMap<String, HashSet<String>> = HashMap::new();
        for delivery in deliveries(plan(seed), COUNT) {
            let told = Told::read(&delivery.body);
            if let (Some(order), Some(id)) = (told.text("reference_id"), told.text("esim_id")) {
                orders
                    .entry(order.to_owned())
                    .or_default()
                    .insert(id.to_owned());
            }
        }
        assert!(orders.values().filter(|esims| esims.len() > 1).count() >= 5);
        assert!(orders.values().any(|esims| esims.len() >= 4));
        for odd in ["<script>", "رحلة", "=HYPERLINK", "TRIP-2026"] {
            assert!(
                orders.keys().any(|order| order.contains(odd)),
                "no {odd}: {orders:?}"
            );
        }
        assert_eq!(
            orders.keys().map(|order| order.chars().count()).max(),
            Some(200)
        );
    }
}

#[test]
fn every_iccid_has_its_check_digit() {
    let mut seen = BTreeSet::new();
    for delivery in deliveries(plan(5), 2000) {
        seen.extend(Told::read(&delivery.body).text("iccid").map(str::to_owned));
    }
    assert_eq!(seen.len(), 100);
    for iccid in seen {
        let (body, check) = iccid.split_at(iccid.len() - 1);
        assert_eq!(luhn(body).to_string(), check, "{iccid}");
    }
}

#[test]
fn repeats_are_byte_for_byte_and_some_come_seconds_later() {
    let all = deliveries(plan(4), COUNT);
    let mut longest = 0.0_f64;
    let mut repeats = 0;
    for (place, delivery) in all.iter().enumerate() {
        let first = all
            .iter()
            .position(|other| other.body == delivery.body)
            .unwrap();
        assert_eq!(
            first != place,
            delivery.arrival == Arrival::Repeat,
            "delivery {place}"
        );
        if first != place {
            repeats += 1;
            longest = longest.max((place - first) as f64 / RATE);
        }
    }
    assert!((15..100).contains(&repeats), "{repeats}");
    assert!((3.0..25.0).contains(&longest), "{longest} s");
}
