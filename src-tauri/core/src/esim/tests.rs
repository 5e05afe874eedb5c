//! Tests of folding events into a state.

mod order;
mod period;

use super::*;
use crate::provider::parse;

fn status(status: &str, at: i64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

#[test]
fn the_status_lasts_since_the_first_event_of_its_run() {
    let state = EsimState::fold(vec![
        status("ACTIVATED", 30),
        status("INACTIVE", 20),
        status("ACTIVATED", 10),
        status("ACTIVATED", 40),
    ]);
    assert_eq!(state.status, Some(Status::Activated));
    assert_eq!(state.status_since, Some(30));
    assert_eq!(state.first_activated_at, Some(10));
    assert_eq!(state.last_event_at, Some(40));
    assert_eq!(state.event_count, 4);
}

#[test]
fn a_terminal_status_wins_the_same_second() {
    for terminal in ["EXPIRED", "REVOKED", "DELETED"] {
        let state = EsimState::fold(vec![status(terminal, 10), status("INACTIVE", 10)]);
        assert_eq!(state.status_text(), terminal);
    }
}

#[test]
fn an_unknown_status_is_kept_as_it_came() {
    let state = EsimState::fold(vec![status("ACTIVATED", 10), status("suspended", 20)]);
    assert_eq!(state.status_text(), "SUSPENDED");
}

#[test]
fn an_esim_without_any_status_is_unknown() {
    assert_eq!(EsimState::default().status_text(), "UNKNOWN");
}

#[test]
fn a_later_event_without_a_reference_or_period_takes_none_away() {
    let full = parse(include_bytes!(
        "../../../../tests/samples/esim-status.flat.json"
    ))
    .unwrap();
    let mut bare = status("INACTIVE", full.occurred_at.unwrap() + 1);
    bare.esim_id.clone_from(&full.esim_id);
    let state = EsimState::fold(vec![full.clone(), bare]);
    assert_eq!(state.reference_id, full.reference_id);
    assert_eq!(state.period_end, full.period_end);
    assert_eq!(state.iccid, full.iccid);
}
