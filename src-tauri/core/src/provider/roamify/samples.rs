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
    for sample in &samples {
        let event = Roamify.read(&sample.bytes).unwrap();
        let known = !matches!(event.kind, EventKind::Other { .. });
        assert_eq!(event.recognized(), known, "{}", sample.name);
    }
    for kind in EventKind::KNOWN {
        // A granted refund looks like a rejected one; nobody sends our own, nor what was asked for.
        let told = matches!(
            kind,
            EventKind::Refunded | EventKind::Test | EventKind::BalanceRead
        );
        assert!(told || kinds.contains(kind), "{kind} has no sample");
    }
}

#[test]
fn a_flat_status() {
    becomes(
        "esim-status.flat",
        expect![[r#"
        esim/status 1:01764230400:status:esim:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11:ACTIVATED
        occurred_at: 1764230400
        esim_id: 0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11
        iccid: 8944500102198304826
        reference_id: TRIP-20251127-ROSSI
        status: ACTIVATED
        period: (1764230400, 1764835200)
    "#]],
    );
}

#[test]
fn a_nested_status() {
    becomes(
        "esim-status.nested",
        expect![[r#"
        esim/status 1:01764835205:status:esim:0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11:EXPIRED
        occurred_at: 1764835205
        esim_id: 0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11
        iccid: 8944500102198304826
        reference_id: TRIP-20251127-ROSSI
        status: EXPIRED
        period: (1764230400, 1764835200)
    "#]],
    );
}

#[test]
fn usage() {
    becomes(
        "esim-usage.nested",
        expect![[r#"
        esim/usage 1:01764316800:hash:dc5651afff7146593ffd01ded7a796ff97b68db02c780088530eea0b94ad43a0
        occurred_at: 1764316800
        esim_id: 0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11
        iccid: 8944500102198304826
        reference_id: TRIP-20251127-ROSSI
        status: ACTIVATED
        period: (1764230400, 1764835200)
        usage: Usage { package_name: Some("3 GB - 7 Days"), allowed_mb: Some(3072.0), remaining_mb: Some(307.2), unlimited: Some(false) }
        details: {"usage":{"days":[["2025-11-27","Japan",1900.5],["2025-11-28","Japan",864.3]]}}
    "#]],
    );
}

#[test]
fn a_low_balance() {
    becomes(
        "partner-low-balance.nested",
        expect![[r#"
        partner/low_balance 1:01764320000:hash:253978bb8c4bb915b10fa54be940d35e9ab5b58cd4a76ba68aed5b9800dc64f2
        occurred_at: 1764320000
        details: {"balance":{"balance":148.2,"threshold":200.0,"currency":"EUR"}}
    "#]],
    );
}

#[test]
fn an_insufficient_balance() {
    becomes(
        "partner-insufficient-balance.nested",
        expect![[r#"
        partner/insufficient_balance 1:01764325000:hash:091ac1170e5bad635d448db96c5e2a0757a72f4b99b8cd18a27fcf87d02fb360
        occurred_at: 1764325000
        details: {"balance":{"balance":3.1,"currency":"EUR"}}
    "#]],
    );
}

#[test]
fn a_top_up() {
    becomes(
        "partner-top-up.nested",
        expect![[r#"
        partner/top_up 1:01764330000:hash:4ff60506df56e4c6a516d0f7ab226380857cd3f915e82a175f25001d11eceaae
        occurred_at: 1764330000
        details: {"balance":{"balance":1003.1,"currency":"EUR"}}
    "#]],
    );
}

#[test]
fn an_order() {
    becomes(
        "affiliate-order.nested",
        expect![[r#"
        affiliate/order 1:01764333000:hash:dd5b3d61c6cb28386e801d62777c6a907b5447ee5de5d2c7dd2a73db4f63a2cf
        occurred_at: 1764333000
        details: {"order":{"orderId":"5d3d0c4e-9f7e-4b6c-8a55-1f1f6f0b7f20","partner":"Blue Harbour Travel","total":18.99,"currency":"EUR","status":"completed","commission":2.37}}
    "#]],
    );
}

#[test]
fn a_rejected_refund() {
    becomes(
        "refund-rejected.nested",
        expect![[r#"
        refund/rejected 1:id:refund:rejected:rfd_41c0_rejected
        occurred_at: 1764340000
        esim_id: 7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901
        details: {"refund":{"refundId":"41c0","outcome":"REJECTED","reason":"eSIM already used"}}
    "#]],
    );
}

#[test]
fn an_unknown_category() {
    becomes(
        "unknown-category.nested",
        expect![[r#"
        voucher/redeemed 1:01764350000:hash:ed6b6cef8f66fe4982377d9da8016e0f142befdc0e5b90fc41462a3033bd7ad8
        occurred_at: 1764350000
        esim_id: 7c0c2fd4-0f5a-4a53-a5c7-40f6c3d8b901
        problem: unknownCategory:voucher
    "#]],
    );
}
