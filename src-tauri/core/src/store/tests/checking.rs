//! What the check finds when something kept says otherwise than the events.

use super::*;
use crate::event::Event;

/// A store with one eSIM of two events, one of them unrecognised.
fn sound() -> Connection {
    let db = database();
    let names = r#""esim_id":"a","iccid":"89""#;
    deliver(&db, &status(names, "ACTIVATED", 10));
    deliver(&db, &status(names, "SUSPENDED", 5));
    db
}

/// How many things the check finds wrong after the totals of a sound store were changed so.
fn wrong_after(falsify: impl FnOnce(&mut Deltas)) -> usize {
    let db = sound();
    let mut deltas = Deltas::default();
    falsify(&mut deltas);
    deltas.write(&db).unwrap();
    found(&db)
}

fn found(db: &Connection) -> usize {
    Reader { db }.check().unwrap().len()
}

/// A change of status that is in no store.
fn event() -> Event {
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    deliver(&database(), &body).event.unwrap().event
}

#[test]
fn nothing_is_wrong_with_a_sound_store() {
    let db = sound();
    assert_eq!(found(&db), 0);
    assert!(Reader { db: &db }.damage().unwrap().is_empty());
}

#[test]
fn an_esim_that_its_events_contradict_is_found() {
    let db = sound();
    db.execute("UPDATE esims SET status_since = 11", [])
        .unwrap();
    assert_eq!(found(&db), 1);
}

#[test]
fn a_wrong_number_of_events_is_found() {
    assert_eq!(wrong_after(|totals| totals.event_added(true)), 1);
}

#[test]
fn a_wrong_number_of_unrecognised_events_is_found() {
    assert_eq!(wrong_after(Deltas::event_became_recognized), 1);
}

#[test]
fn a_wrong_number_of_esims_in_a_status_is_found() {
    assert_eq!(wrong_after(|totals| totals.esim_added("ACTIVATED")), 1);
}

#[test]
fn esims_counted_in_a_status_that_none_has_are_found() {
    assert_eq!(wrong_after(|totals| totals.esim_added("REVOKED")), 1);
}

#[test]
fn esims_counted_in_a_status_that_this_version_does_not_know_are_found() {
    assert_eq!(wrong_after(|totals| totals.esim_added("ASLEEP")), 1);
}

#[test]
fn a_wrong_number_of_changes_in_an_hour_is_found() {
    assert_eq!(wrong_after(|totals| totals.status_told(&event(), 1)), 1);
}

#[test]
fn an_iccid_that_leads_nowhere_is_found() {
    let db = sound();
    db.execute("DELETE FROM iccid_esims", []).unwrap();
    assert_ne!(found(&db), 0);
}

/// What the check finds in a sound store with a usage event whose details were changed so.
fn wrong_with_details(details: &str) -> Vec<String> {
    let db = sound();
    let usage = r#"{"event_category":"esim","event_type":"usage","esim_id":"a","timestamp":20,
        "usage_list":[{"date":"2026-11-20","location":"ES","data_used":5}]}"#;
    deliver(&db, usage);
    assert_eq!(found(&db), 0);
    let changed = db.execute(
        "UPDATE events SET details = ?1 WHERE details IS NOT NULL",
        [details],
    );
    assert_eq!(changed.unwrap(), 1);
    Reader { db: &db }.check().unwrap()
}

#[test]
fn details_that_the_body_tells_otherwise_are_found() {
    let details = r#"{"usage":{"days":[["2026-11-20","ES",6.0]]}}"#;
    let wrong = wrong_with_details(details);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("the details of 1 events"), "{wrong:?}");
}

#[test]
fn details_that_retention_dropped_are_not_missed() {
    assert_eq!(wrong_with_details(""), Vec::<String>::new());
}

#[test]
fn a_row_that_names_one_that_is_not_there_is_damage() {
    let db = sound();
    db.execute_batch("PRAGMA foreign_keys = OFF; UPDATE deliveries SET event = 99 WHERE id = 1")
        .unwrap();
    assert_eq!(Reader { db: &db }.damage().unwrap().len(), 1);
}
