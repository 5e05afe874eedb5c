//! Tests of the facts about the account, refunds and kinds of event that nobody understands yet.

mod balance;

use proptest::prelude::*;

use super::*;
use crate::event::Receipt;
use crate::provider::parse;

/// UTC seconds, on the hour.
const NOW: i64 = 1_764_320_400;
const MINUTE: i64 = 60;

fn event(kind: EventKind, occurred_at: i64, amount: f64) -> AccountEvent {
    AccountEvent {
        key: format!("{kind}:{occurred_at}"),
        kind,
        occurred_at,
        amount: Some(amount),
        threshold: None,
        currency: Some("EUR".to_owned()),
    }
}

fn low(at: i64, amount: f64) -> AccountEvent {
    event(EventKind::BalanceLow, at, amount)
}

fn insufficient(at: i64) -> AccountEvent {
    event(EventKind::BalanceInsufficient, at, 3.1)
}

fn top_up(at: i64) -> AccountEvent {
    event(EventKind::BalanceToppedUp, at, 1003.1)
}

fn rules(events: &[AccountEvent], now: i64) -> Vec<Rule> {
    let facts = account_facts(events, now);
    facts.into_iter().map(|fact| fact.rule).collect()
}

#[track_caller]
fn only(events: &[AccountEvent], now: i64) -> Fact {
    let mut facts = account_facts(events, now);
    assert_eq!(facts.len(), 1, "{facts:?}");
    facts.remove(0)
}

proptest! {
    #[test]
    fn neither_order_nor_repeats_matter(
        events in proptest::collection::vec((0..3_usize, 0..200_i64), 0..12),
        ahead in 0..200_i64,
    ) {
        let events: Vec<AccountEvent> = events
            .into_iter()
            .map(|(kind, at)| match kind {
                0 => low(NOW + at * HOUR_SECS / 2, 10.0),
                1 => insufficient(NOW + at * HOUR_SECS / 2),
                _ => top_up(NOW + at * HOUR_SECS / 2),
            })
            .collect();
        let mut backwards: Vec<AccountEvent> = events.iter().rev().cloned().collect();
        backwards.extend(events.clone());
        let now = NOW + ahead * HOUR_SECS;
        prop_assert_eq!(account_facts(&events, now), account_facts(&backwards, now));
    }
}

#[test]
fn a_refund_is_told_for_a_week_after_it_was_decided() {
    let body = include_bytes!("../../../../../tests/samples/refund-rejected.nested.json");
    let event = parse(body).unwrap();
    let decided_at = event.occurred_at.unwrap();
    let fact = refund_fact(&event, decided_at + 7 * DAY_SECS - 1).unwrap();
    assert_eq!(fact.subject, Subject::Refund(event.key.clone()));
    assert_eq!((fact.rule, fact.since), (Rule::RefundDecided, decided_at));
    assert_eq!(fact.occasion, "decided");
    assert_eq!(fact.detail.outcome.as_deref(), Some("REJECTED"));
    assert_eq!(fact.detail.reason.as_deref(), Some("eSIM already used"));
    assert_eq!(refund_fact(&event, decided_at + 7 * DAY_SECS), None);
}

#[test]
fn only_a_refund_that_is_understood_is_decided() {
    let now = NOW;
    for body in [
        include_bytes!("../../../../../tests/samples/partner-top-up.nested.json").to_vec(),
        br#"{"event_category":"refund","event_type":"requested","timestamp":1764320400}"#.to_vec(),
        br#"{"event_category":"refund","event_type":"refunded"}"#.to_vec(),
    ] {
        let event = parse(&body).unwrap();
        assert_eq!(refund_fact(&event, now), None);
    }
}

#[test]
fn a_kind_of_event_that_nobody_understands_is_told_for_a_week_after_the_last() {
    let body = include_bytes!("../../../../../tests/samples/unknown-category.nested.json");
    let event = parse(body).unwrap();
    let fact = unrecognized_fact(&event, 3, NOW, NOW).unwrap();
    assert_eq!(fact.subject, Subject::Kind("voucher/redeemed".to_owned()));
    assert_eq!((fact.rule, fact.since), (Rule::Unrecognized, NOW));
    assert_eq!(fact.detail.count, Some(3));
    assert_eq!(fact.detail.kind.as_deref(), Some("voucher/redeemed"));
    let later = unrecognized_fact(&event, 4, NOW + DAY_SECS, NOW + DAY_SECS).unwrap();
    assert_eq!(later.occasion, fact.occasion);
    assert!(unrecognized_fact(&event, 3, NOW, NOW + 7 * DAY_SECS - 1).is_some());
    assert_eq!(unrecognized_fact(&event, 3, NOW, NOW + 7 * DAY_SECS), None);
    let known = parse(include_bytes!(
        "../../../../../tests/samples/partner-top-up.nested.json"
    ));
    assert_eq!(unrecognized_fact(&known.unwrap(), 1, NOW, NOW), None);
}

#[test]
fn two_new_statuses_are_two_occasions_of_one_kind() {
    let with_status = |status: &str| {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"{status}","timestamp":1764320400}}"#
        );
        unrecognized_fact(&parse(body.as_bytes()).unwrap(), 1, NOW, NOW).unwrap()
    };
    let (suspended, paused) = (with_status("SUSPENDED"), with_status("PAUSED"));
    assert_eq!(suspended.subject, paused.subject);
    assert_ne!(suspended.occasion, paused.occasion);
    assert_eq!(suspended, with_status("suspended"));
}

#[test]
fn a_category_as_long_as_its_payload_is_cut_short() {
    let body = format!(
        r#"{{"event_category":"{}","event_type":"{}","timestamp":1764320400}}"#,
        "x".repeat(5000),
        "y".repeat(5000)
    );
    let fact = unrecognized_fact(&parse(body.as_bytes()).unwrap(), 1, NOW, NOW).unwrap();
    assert!(fact.subject.as_text().len() < 100);
    assert!(fact.occasion.len() < 200);
}

#[test]
fn an_event_that_is_understood_in_part_names_its_esim() {
    let told = |body: &str| {
        let mut event = parse(body.as_bytes()).unwrap();
        event.received(Receipt::at(NOW));
        unrecognized_fact(&event, 1, NOW, NOW).unwrap().detail
    };
    for timestamp in ["soon", "2099-01-01T00:00:00Z", ""] {
        let named = told(&format!(
            r#"{{"event_category":"esim","event_type":"status","iccid":"8944500102198300023","esim_id":"a","status":"NEW","timestamp":"{timestamp}"}}"#
        ));
        assert_eq!(named.iccid.as_deref(), Some("8944500102198300023"));
        assert_eq!(named.esim_id.as_deref(), Some("a"));
    }
}
