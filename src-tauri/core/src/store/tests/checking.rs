//! What the check finds when a table says something else than the events.

use super::*;

/// A store with one eSIM of two events, one of them unrecognised.
fn sound() -> Connection {
    let db = database();
    deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"89""#, "ACTIVATED", 10),
    );
    deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"89""#, "SUSPENDED", 5),
    );
    db
}

/// How many things the check finds wrong after this was done to a sound store.
fn wrong_after(sql: &str) -> usize {
    let db = sound();
    db.execute_batch(sql).unwrap();
    Reader { db: &db }.check().unwrap().len()
}

#[test]
fn nothing_is_wrong_with_a_sound_store() {
    let db = sound();
    let reader = Reader { db: &db };
    assert_eq!(reader.check().unwrap(), Vec::<String>::new());
    assert_eq!(reader.damage().unwrap(), Vec::<String>::new());
}

#[test]
fn an_esim_that_its_events_contradict_is_found() {
    assert_eq!(wrong_after("UPDATE esims SET status_since = 11"), 1);
}

#[test]
fn a_wrong_number_of_events_is_found() {
    let sql = "UPDATE counters SET value = value + 1 WHERE name = 'events'";
    assert_eq!(wrong_after(sql), 1);
}

#[test]
fn a_wrong_number_of_unrecognised_events_is_found() {
    let sql = "UPDATE counters SET value = value - 1 WHERE name = 'unrecognized'";
    assert_eq!(wrong_after(sql), 1);
}

#[test]
fn a_wrong_number_of_esims_in_a_status_is_found() {
    let sql = "UPDATE counters SET value = value + 1 WHERE name = 'esims:ACTIVATED'";
    assert_eq!(wrong_after(sql), 1);
}

#[test]
fn esims_counted_in_a_status_that_none_has_are_found() {
    assert_eq!(
        wrong_after("INSERT INTO counters VALUES ('esims:NEW', 1)"),
        1
    );
}

#[test]
fn a_wrong_number_of_changes_in_an_hour_is_found() {
    assert_eq!(wrong_after("UPDATE hourly SET count = count + 1"), 1);
    assert_eq!(wrong_after("DELETE FROM hourly"), 1);
}

#[test]
fn an_iccid_that_leads_nowhere_is_found() {
    assert_eq!(wrong_after("DELETE FROM iccid_esims"), 1);
}

#[test]
fn a_row_that_names_one_that_is_not_there_is_damage() {
    let db = sound();
    db.execute_batch("PRAGMA foreign_keys = OFF; UPDATE deliveries SET event = 99 WHERE id = 1")
        .unwrap();
    assert_eq!(Reader { db: &db }.damage().unwrap().len(), 1);
}
