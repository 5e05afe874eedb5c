//! Which event may be applied next, and what each adds.

use super::*;

/// An event of the eSIM `a`: a category, a type, and what else it says.
fn event(category: &str, kind: &str, says: &str) -> Event {
    let body =
        format!(r#"{{"event_category":"{category}","event_type":"{kind}","esim_id":"a",{says}}}"#);
    parse(body.as_bytes()).unwrap()
}

fn left(remaining: f64, at: i64) -> Event {
    let says = format!(r#""timestamp":{at},"usage_data":{{"remaining_data":{remaining}}}"#);
    event("esim", "usage", &says)
}

#[test]
fn anything_may_come_first() {
    assert!(EsimState::default().is_next(&status("NEW", 10)));
}

#[test]
fn only_what_stands_behind_the_last_event_is_next() {
    let state = EsimState::fold(vec![status("ACTIVATED", 20)]);
    assert!(state.is_next(&status("INACTIVE", 21)));
    assert!(!state.is_next(&status("INACTIVE", 19)));
}

#[test]
fn the_last_event_itself_is_not_next() {
    let last = status("ACTIVATED", 20);
    let state = EsimState::fold(vec![last.clone()]);
    assert!(!state.is_next(&last));
}

#[test]
fn a_status_that_ends_a_life_is_next_in_the_same_second() {
    let state = EsimState::fold(vec![status("ACTIVATED", 20)]);
    assert!(state.is_next(&status("EXPIRED", 20)));
}

#[test]
fn applying_one_by_one_gives_what_folding_all_gives() {
    let history = vec![
        status("NEW", 10),
        left(500.0, 15),
        status("ACTIVATED", 20),
        status("EXPIRED", 20),
    ];
    let mut state = EsimState::default();
    for event in &history {
        assert!(state.is_next(event));
        state.apply(event);
    }
    assert_eq!(state, EsimState::fold(history));
}

#[test]
fn nothing_happened_to_an_esim_without_events() {
    assert_eq!(EsimState::fold(Vec::new()), EsimState::default());
}

#[test]
fn what_is_left_is_what_the_latest_report_says() {
    let state = EsimState::fold(vec![left(100.0, 30), left(900.0, 20)]);
    assert_eq!(state.usage.remaining_mb, Some(100.0));
}

#[test]
fn a_report_without_an_amount_takes_none_away() {
    let state = EsimState::fold(vec![
        left(100.0, 20),
        event("esim", "usage", r#""timestamp":30"#),
    ]);
    assert_eq!(state.usage.remaining_mb, Some(100.0));
}

#[test]
fn the_first_activation_stays_the_first() {
    let state = EsimState::fold(vec![
        status("ACTIVATED", 10),
        status("INACTIVE", 20),
        status("ACTIVATED", 30),
    ]);
    assert_eq!(state.first_activated_at, Some(10));
}

#[test]
fn a_status_without_a_time_changes_none() {
    let timeless = event("esim", "status", r#""status":"EXPIRED""#);
    let state = EsimState::fold(vec![status("ACTIVATED", 10), timeless]);
    assert_eq!(state.status, Some(Status::Activated));
    assert_eq!(state.event_count, 2);
}

#[test]
fn a_refund_counts_and_changes_nothing_of_the_esim() {
    let refund = event(
        "refund",
        "rejected",
        r#""timestamp":20,"status":"REJECTED","reference_id":"R-1""#,
    );
    let state = EsimState::fold(vec![status("ACTIVATED", 10), refund]);
    assert_eq!(state.status, Some(Status::Activated));
    assert_eq!(state.reference_id, None);
    assert_eq!((state.event_count, state.last_event_at), (2, Some(20)));
}

#[test]
fn an_esim_is_opened_by_its_id_else_by_its_iccid() {
    let known = EsimState {
        esim_id: Some("a".to_owned()),
        iccid: Some("89".to_owned()),
        ..EsimState::default()
    };
    assert_eq!(known.key().as_deref(), Some("a"));
    let half = EsimState {
        esim_id: None,
        ..known
    };
    assert_eq!(half.key().as_deref(), Some("89"));
    assert_eq!(EsimState::default().key(), None);
}
