//! What each sample becomes. `UPDATE_EXPECT=1 cargo test` writes the snapshots again.

use expect_test::{Expect, expect};

use super::*;
use crate::event::{EventKind, Problem};

#[track_caller]
fn becomes(sample: &str, expected: Expect) {
    let all = esim_watch_payloads::samples().unwrap();
    let sample = all.iter().find(|one| one.name == sample).unwrap();
    let event = Roamify.read(&sample.bytes).unwrap();
    let details = event
        .details
        .as_ref()
        .map(|details| serde_json::to_string(details).unwrap());
    // What is not there is left out.
    let mut lines = vec![format!("{} {}", event.kind, event.key)];
    let mut line = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{name}: {value}")));
    };
    line("occurred_at", event.occurred_at.map(|at| at.to_string()));
    line("esim_id", event.esim_id.clone());
    line("iccid", event.iccid.clone());
    line("reference_id", event.reference_id.clone());
    line("status", event.status.as_ref().map(ToString::to_string));
    line(
        "period",
        event
            .period_start
            .zip(event.period_end)
            .map(|period| format!("{period:?}")),
    );
    line(
        "usage",
        event.usage.allowed_mb.map(|_| format!("{:?}", event.usage)),
    );
    line("details", details);
    line("problem", event.problem.as_ref().map(Problem::as_text));
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn every_sample_has_a_snapshot_and_every_kind_a_sample() {
    let samples = esim_watch_payloads::samples().unwrap();
    assert_eq!(samples.len(), 9);
    let kinds: Vec<EventKind> = samples
        .iter()
        .map(|sample| Roamify.read(&sample.bytes).unwrap().kind)
        .collect();
    for kind in EventKind::KNOWN {
        // A granted refund looks like a rejected one; nobody sends our own.
        let told = matches!(kind, EventKind::Refunded | EventKind::Test);
        assert!(told || kinds.contains(kind), "{kind} has no sample");
    }
}

#[test]
fn a_flat_status() {
    becomes("esim-status.flat", expect![[r#""#]]);
}

#[test]
fn a_nested_status() {
    becomes("esim-status.nested", expect![[r#""#]]);
}

#[test]
fn usage() {
    becomes("esim-usage.nested", expect![[r#""#]]);
}

#[test]
fn a_low_balance() {
    becomes("partner-low-balance.nested", expect![[r#""#]]);
}

#[test]
fn an_insufficient_balance() {
    becomes("partner-insufficient-balance.nested", expect![[r#""#]]);
}

#[test]
fn a_top_up() {
    becomes("partner-top-up.nested", expect![[r#""#]]);
}

#[test]
fn an_order() {
    becomes("affiliate-order.nested", expect![[r#""#]]);
}

#[test]
fn a_rejected_refund() {
    becomes("refund-rejected.nested", expect![[r#""#]]);
}

#[test]
fn an_unknown_category() {
    becomes("unknown-category.nested", expect![[r#""#]]);
}
