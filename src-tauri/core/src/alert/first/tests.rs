//! Tests of alert rules, with exact texts.

use super::*;
use crate::event::parse;

fn status(status: &str, at: i64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"0b8f","iccid":"8944500102198304826","reference_id":"TRIP-ROSSI","start":100,"end":900,"status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

/// Applies the events one after another and gives the alert of the last.
fn last_alert(events: &[Event]) -> Option<Alert> {
    let (last, earlier) = events.split_last().unwrap();
    let before = (!earlier.is_empty()).then(|| EsimState::fold(earlier.to_vec()));
    evaluate(before.as_ref(), &EsimState::fold(events.to_vec()), last)
}

#[test]
fn activated_expired_and_revoked_name_the_esim() {
    let texts = |name: &str| {
        let alert = last_alert(&[status(name, 100)]).unwrap();
        (alert.title, alert.body)
    };
    let pair = |title: &str, body: &str| (title.to_owned(), body.to_owned());
    assert_eq!(
        texts("ACTIVATED"),
        pair("eSIM activated: TRIP-ROSSI", "ICCID …304826 is now in use.")
    );
    assert_eq!(
        texts("EXPIRED"),
        pair(
            "eSIM expired: TRIP-ROSSI",
            "ICCID …304826 ran out and is no longer valid."
        )
    );
    assert_eq!(
        texts("REVOKED"),
        pair(
            "eSIM revoked: TRIP-ROSSI",
            "ICCID …304826 was withdrawn and is no longer valid."
        )
    );
}

#[test]
fn every_other_status_is_silent() {
    for name in [
        "NEW",
        "READY",
        "DOWNLOADED",
        "INSTALLED",
        "INACTIVE",
        "DELETED",
        "UNKNOWN",
        "SUSPENDED",
    ] {
        assert_eq!(last_alert(&[status(name, 100)]), None, "{name}");
    }
}

#[test]
fn flapping_is_one_alert() {
    let first = [status("ACTIVATED", 100)];
    assert!(last_alert(&first).is_some());
    let again = [
        status("ACTIVATED", 100),
        status("INACTIVE", 106),
        status("ACTIVATED", 108),
    ];
    assert_eq!(last_alert(&again), None);
}

#[test]
fn a_first_activation_in_a_new_period_is_told_again() {
    let mut next = status("ACTIVATED", 2000);
    next.period_start = Some(1900);
    assert!(last_alert(&[status("ACTIVATED", 100), status("INACTIVE", 200), next]).is_some());
}

#[test]
fn coming_back_from_a_terminal_status_is_told() {
    assert!(
        last_alert(&[
            status("ACTIVATED", 100),
            status("REVOKED", 200),
            status("ACTIVATED", 300)
        ])
        .is_some()
    );
}

#[test]
fn a_late_event_that_changes_nothing_now_is_silent() {
    assert_eq!(
        last_alert(&[status("EXPIRED", 900), status("ACTIVATED", 100)]),
        None
    );
}

#[test]
fn usage_that_repeats_the_status_is_silent() {
    let mut usage = status("EXPIRED", 950);
    usage.kind = "usage".to_owned();
    assert_eq!(last_alert(&[status("EXPIRED", 900), usage]), None);
}

#[test]
fn without_a_reference_the_number_names_it() {
    let mut event = status("EXPIRED", 100);
    event.reference_id = None;
    assert_eq!(
        last_alert(&[event.clone()]).unwrap().title,
        "eSIM expired: ICCID …304826"
    );
    event.iccid = None;
    assert_eq!(
        last_alert(&[event]).unwrap().title,
        "eSIM expired: eSIM id …0b8f"
    );
}

#[test]
fn hostile_text_stays_on_one_short_line_and_out_of_the_body() {
    let mut event = status("EXPIRED", 100);
    event.reference_id = Some(format!("<b>\u{202e}a\nb</b>{}", "x".repeat(200)));
    event.iccid = Some("<i>89&445".to_owned());
    let alert = last_alert(&[event]).unwrap();
    assert!(
        alert.title.starts_with("eSIM expired: <b>ab</b>xxx"),
        "{}",
        alert.title
    );
    assert!(alert.title.ends_with('…'));
    assert_eq!(
        alert.title.chars().count(),
        "eSIM expired: ".len() + MAX_NAME
    );
    assert_eq!(alert.body, "ICCID …i89445 ran out and is no longer valid.");
}
