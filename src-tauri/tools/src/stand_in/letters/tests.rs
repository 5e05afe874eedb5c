//! Webhooks beside the documentation's samples, and as the program itself reads them.

use std::collections::BTreeSet;

use esim_watch_core::provider::{self, Authentic};
use esim_watch_core::secret::Secret;
use expect_test::expect;
use serde_json::Value;

use super::super::world::WorldPlan;
use super::*;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples");

fn world(seed: u64) -> World {
    World::of(WorldPlan {
        seed,
        begin: 1_795_737_600,
        days: 14,
        esims: 60,
        everyday: false,
        hurry: None,
    })
}

/// What is told in a few worlds: all of the account, some of the many reports about eSIMs.
fn bodies(envelope: Envelope) -> Vec<String> {
    let of_world = |seed| {
        let world = world(seed);
        let written = letters(&world);
        let body = |letter: &Letter| String::from_utf8(letter.body(&world, envelope)).unwrap();
        let is_told = |(place, letter): &(usize, &Letter)| {
            place % 9 == 0 || !matches!(letter.content, Content::Moment(..))
        };
        let told = written.iter().enumerate().filter(is_told);
        told.map(|(_, letter)| body(letter)).collect::<Vec<_>>()
    };
    (1..=4).flat_map(of_world).collect()
}

/// The first body with all of these in it.
fn first(all: &[String], parts: &[&str]) -> String {
    let has = |body: &&String| parts.iter().all(|part| body.contains(part));
    let found = all.iter().find(has);
    found
        .unwrap_or_else(|| panic!("nothing has {parts:?}"))
        .clone()
}

/// Every name in a payload with the names around it.
fn names(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                into.insert(format!("{path}.{name}"));
                names(value, &format!("{path}.{name}"), into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, path, into)),
        _ => {}
    }
}

fn shape(body: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    names(&serde_json::from_str(body).unwrap(), "", &mut found);
    found
}

#[test]
fn payloads_have_the_fields_of_the_documented_samples() {
    let [nested, flat] = [Envelope::Nested, Envelope::Flat].map(bodies);
    for (sample, all, parts) in [
        (
            "esim-status.nested",
            &nested,
            vec!["\"event_type\":\"status\"", "\"ACTIVATED\"", "reference_id"],
        ),
        (
            "esim-status.flat",
            &flat,
            vec!["\"event_type\":\"status\"", "\"ACTIVATED\"", "reference_id"],
        ),
        (
            "esim-usage.nested",
            &nested,
            vec!["\"usage\"", "reference_id"],
        ),
        ("partner-low-balance.nested", &nested, vec!["low_balance"]),
        (
            "partner-insufficient-balance.nested",
            &nested,
            vec!["insufficient_balance"],
        ),
        ("partner-top-up.nested", &nested, vec!["top_up"]),
        ("affiliate-order.nested", &nested, vec!["affiliate"]),
        ("refund-rejected.nested", &nested, vec!["REJECTED"]),
    ] {
        let documented = std::fs::read_to_string(format!("{SAMPLES}/{sample}.json")).unwrap();
        assert_eq!(shape(&first(all, &parts)), shape(&documented), "{sample}");
    }
}

#[test]
fn payloads_are_written_as_node_writes_them() {
    let [nested, flat] = [Envelope::Nested, Envelope::Flat].map(bodies);
    let status = first(&nested, &["\"event_type\":\"status\"", "\"ACTIVATED\""]);
    expect![[r#"{"event_category":"esim","event_type":"status","data":{"timestamp":1796167112,"iccid":"8933150000021669090","esim_id":"a336b713-01b6-48d2-86e1-ba6f66e7f8f8","reference_id":"MORETTI, Gruppe 11","start":1795620360,"end":1798212360,"status":"ACTIVATED"}}"#]].assert_eq(&status);
    let usage = first(&flat, &["\"usage\"", "\"isUnlimited\":true"]);
    expect![[r#"{"event_category":"esim","event_type":"usage","timestamp":1798433259,"iccid":"89331500000056884347","esim_id":"7ce1b4fe-6f52-4972-ba02-956d72f7c7af","reference_id":"TRIP-20261124-LEFEBVRE","start":1797842743,"end":1798447543,"status":"ACTIVATED","package_id":"esim-thailand-7days-ul-all","package_name":"Unlimited - 7 Days","data_units":"MB","voice_units":"minutes","sms_units":"sms","usage_data":{"isUnlimited":true,"allowed_data":9007199254740991,"remaining_data":9007199254740991,"allowed_sms":-1,"remaining_sms":-1,"allowed_voice":-1,"remaining_voice":-1},"usage_list":[{"date":"2026-12-21","data_used":1154.63,"location":"Thailand"},{"date":"2026-12-22","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-23","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-24","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-25","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-26","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-27","data_used":1818.56,"location":"Thailand"},{"date":"2026-12-28","data_used":363.27,"location":"Thailand"}]}"#]].assert_eq(&usage);
    let balance = first(&nested, &["low_balance"]);
    expect![[r#"{"event_category":"partner","event_type":"low_balance","data":{"timestamp":1796834292,"balance":186.4,"threshold":200,"threshold_percentage":100,"currency":"USD"}}"#]].assert_eq(&balance);
    for body in bodies(Envelope::Both) {
        let spaced = body.contains(": ") && !body.contains("reference_id");
        assert!(
            !spaced && !body.contains(".0,") && !body.contains(".0}"),
            "{body}"
        );
    }
}

#[test]
fn the_program_believes_and_understands_every_payload() {
    let secret = Secret::new("whsec_test_4f1d").unwrap();
    for envelope in [Envelope::Nested, Envelope::Flat, Envelope::Both] {
        for body in bodies(envelope).into_iter().step_by(3) {
            let signature = provider::DEFAULT.sign(body.as_bytes(), secret.reveal());
            let header =
                |name: &str| (name == signature.header).then_some(signature.value.as_bytes());
            let secrets = [secret.clone()];
            let authentic = Authentic::check(
                provider::DEFAULT,
                &header,
                body.clone().into_bytes(),
                &secrets,
            );
            let event = authentic.unwrap().read().unwrap();
            assert_eq!(event.problem, None, "{body}");
        }
    }
}

#[test]
fn unlimited_data_and_what_is_not_in_a_package_are_no_figures() {
    let unlimited = first(&bodies(Envelope::Nested), &["\"isUnlimited\":true"]);
    let event = provider::parse(unlimited.as_bytes()).unwrap();
    assert_eq!(event.usage.unlimited, Some(true));
    assert_eq!(event.usage.allowed_mb, None);
    assert!(unlimited.contains("\"allowed_data\":9007199254740991"));
    assert!(unlimited.contains("\"allowed_sms\":-1"));
}
