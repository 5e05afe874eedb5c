//! Tests of folding events into a state.

mod bought_more;
mod ended_again;
mod order;
mod period;

use super::*;
use crate::event::in_one_form;
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
fn what_is_bought_for_an_esim_later_takes_it_out_of_no_order() {
    let of = |reference: &str, told: &str, at: i64| Event {
        reference_id: Some(reference.to_owned()),
        ..status(told, at)
    };
    let reference = |events: &[Event]| EsimState::fold(events.to_vec()).reference_id;
    let sold = of("TRIP-A", "NEW", 10);
    let trip = [sold.clone(), of("TRIP-A", "ACTIVATED", 20)];
    let topped_up = [trip.as_slice(), &[of("TOPUP-77", "ACTIVATED", 30)]].concat();
    assert_eq!(reference(&topped_up).as_deref(), Some("TRIP-A"));
    let refilled = [
        trip.as_slice(),
        &[status("EXPIRED", 25), of("TOPUP-77", "ACTIVATED", 30)],
    ];
    assert_eq!(reference(&refilled.concat()).as_deref(), Some("TRIP-A"));
    // One that is given again.
    for sold_again in [
        vec![of("TRIP-B", "NEW", 40)],
        vec![status("REVOKED", 35), of("TRIP-B", "ACTIVATED", 40)],
        vec![status("DELETED", 35), of("TRIP-B", "INSTALLED", 40)],
    ] {
        let history = [trip.as_slice(), &sold_again].concat();
        assert_eq!(reference(&history).as_deref(), Some("TRIP-B"));
    }
}

#[test]
fn how_a_reference_is_written_goes_with_the_reference_that_is_kept() {
    let of = |written: &str, told: &str, at: i64| {
        let (form, other) = in_one_form(written);
        Event {
            reference_id: Some(form),
            reference_written: other,
            ..status(told, at)
        }
    };
    let reference = |events: Vec<Event>| EsimState::fold(events).reference().map(str::to_owned);
    for (sold, later) in [("AG–1007", "AG-1007"), ("AG-1007", "AG–1007")] {
        let history = vec![of(sold, "NEW", 10), of(later, "ACTIVATED", 20)];
        assert_eq!(reference(history).as_deref(), Some(sold));
        let again = vec![of(sold, "NEW", 10), of(later, "NEW", 40)];
        assert_eq!(reference(again).as_deref(), Some(later));
    }
}

#[test]
fn a_number_with_a_wrong_digit_takes_the_place_of_none_that_is_right() {
    let of = |iccid: &str, at: i64| Event {
        iccid: Some(iccid.to_owned()),
        ..status("ACTIVATED", at)
    };
    let (right, wrong) = ("8944500102198304826", "8944500102198304825");
    assert!(Iccid::is_checked(right));
    let fold = |events: Vec<Event>| EsimState::fold(events).iccid;
    assert_eq!(
        fold(vec![of(right, 10), of(wrong, 20)]).as_deref(),
        Some(right)
    );
    assert_eq!(
        fold(vec![of(wrong, 10), of(right, 20)]).as_deref(),
        Some(right)
    );
    // Another number is another one, be it right or not: the eSIM was given that.
    let given = "8944500999998304821";
    assert_eq!(
        fold(vec![of(right, 10), of(given, 20)]).as_deref(),
        Some(given)
    );
    // Some senders' numbers have no check digit.
    let other = "8944500102198304821";
    assert_eq!(
        fold(vec![of(wrong, 10), of(other, 20)]).as_deref(),
        Some(other)
    );
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
