//! Totals, and how they were at another time.

use super::*;
use crate::store::tables::counters;

/// Milliseconds of a quarter of an hour.
const QUARTER_MS: i64 = 900_000;

const NOW: i64 = 2_000_000 * QUARTER_MS;

/// How many eSIMs have this status in a list of counts.
fn count(counts: &[StatusCount], status: &str) -> i64 {
    let found = counts.iter().find(|count| count.status == status);
    found.map_or(0, |count| count.count)
}

/// The hours in which something changed, each with a status and how often.
fn hours(db: &Connection) -> Vec<(i64, String, i64)> {
    let hours = counters::hourly(db, 0, 100).unwrap();
    hours
        .into_iter()
        .map(|one| (one.hour, one.status, one.count))
        .collect()
}

#[test]
fn an_empty_store_counts_none_in_each_status_in_the_order_of_a_life() {
    let counts = counters::counts(&database()).unwrap();
    let statuses: Vec<&str> = counts
        .by_status
        .iter()
        .map(|count| count.status.as_str())
        .collect();
    assert_eq!(statuses.first(), Some(&"NEW"));
    assert_eq!(statuses.len(), 10);
    assert_eq!((counts.esims, counts.events), (0, 0));
}

#[test]
fn a_status_that_is_new_to_this_version_is_counted_behind_the_others() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "SUSPENDED", 10));
    let counts = counters::counts(&db).unwrap();
    let last = counts.by_status.last().unwrap();
    assert_eq!((last.status.as_str(), last.count), ("SUSPENDED", 1));
    assert_eq!((counts.esims, counts.unrecognized), (1, 1));
}

#[test]
fn an_esim_is_counted_in_the_status_that_it_has_now() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    deliver(&db, &status(r#""esim_id":"a""#, "ACTIVATED", 20));
    let counts = counters::counts(&db).unwrap().by_status;
    assert_eq!((count(&counts, "NEW"), count(&counts, "ACTIVATED")), (0, 1));
}

#[test]
fn changes_are_counted_in_the_hour_in_which_they_happened() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 3_599));
    deliver(&db, &status(r#""esim_id":"b""#, "NEW", 3_600));
    deliver(&db, &status(r#""esim_id":"c""#, "NEW", 3_601));
    assert_eq!(
        hours(&db),
        [(0, "NEW".to_owned(), 1), (1, "NEW".to_owned(), 2)]
    );
}

#[test]
fn a_change_that_is_told_again_is_counted_once() {
    let db = database();
    for _ in 0..2 {
        deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    }
    assert_eq!(hours(&db), [(0, "NEW".to_owned(), 1)]);
}

#[test]
fn a_usage_report_is_no_change_of_status() {
    let db = database();
    let report = r#"{"event_category":"esim","event_type":"usage","esim_id":"a","status":"ACTIVATED","timestamp":10}"#;
    deliver(&db, report);
    assert_eq!(hours(&db), []);
}

#[test]
fn hours_outside_of_those_asked_for_are_left_out() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    assert_eq!(counters::hourly(&db, 1, 5).unwrap(), []);
}

#[test]
fn how_many_had_a_status_is_known_for_the_start_of_each_quarter_of_an_hour() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), NOW);
    deliver_at(
        &db,
        &status(r#""esim_id":"b""#, "NEW", 10),
        NOW + QUARTER_MS,
    );
    let at = |ms| count(&counters::by_status_at(&db, ms).unwrap(), "NEW");
    assert_eq!(at(NOW), 0, "before the first delivery of its quarter");
    assert_eq!(at(NOW + QUARTER_MS), 1);
}

#[test]
fn when_nothing_has_come_since_it_is_as_it_is_now() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), NOW);
    let later = counters::by_status_at(&db, NOW + QUARTER_MS).unwrap();
    assert_eq!(count(&later, "NEW"), 1);
}

#[test]
fn of_a_quarter_in_which_nothing_came_the_next_one_tells() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), NOW);
    deliver_at(
        &db,
        &status(r#""esim_id":"b""#, "NEW", 10),
        NOW + 9 * QUARTER_MS,
    );
    let between = counters::by_status_at(&db, NOW + 3 * QUARTER_MS).unwrap();
    assert_eq!(count(&between, "NEW"), 1);
}

#[test]
fn marks_are_kept_for_thirty_five_days() {
    let db = database();
    let later = NOW + 36 * 24 * 4 * QUARTER_MS;
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), NOW);
    deliver_at(&db, &status(r#""esim_id":"b""#, "NEW", 10), later);
    let first: i64 = db
        .query_row("SELECT min(quarter) FROM status_marks", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(first, later / QUARTER_MS);
}

#[test]
fn each_quarter_is_marked_although_the_one_before_is_remembered() {
    let db = database();
    let mut known = counters::Known::default();
    for (quarter, esim) in ["a", "b", "c"].into_iter().enumerate() {
        let at = NOW + i64::try_from(quarter).unwrap() * QUARTER_MS;
        for status_name in ["NEW", "READY"] {
            let body = status(&format!(r#""esim_id":"{esim}""#), status_name, 10);
            let mut deltas = Deltas::after(known);
            let mut late = LateEvents::default();
            append(&db, &Delivery::of(body, at), &mut deltas, &mut late).unwrap();
            known = deltas.write(&db).unwrap();
        }
    }
    let at = |quarter| counters::by_status_at(&db, NOW + quarter * QUARTER_MS).unwrap();
    let ready: Vec<i64> = (0..3).map(|quarter| count(&at(quarter), "READY")).collect();
    assert_eq!(ready, [0, 1, 2]);
}

#[test]
fn a_clock_that_was_ahead_forgets_and_tells_nothing_of_today() {
    let db = database();
    let deliver = |esim: &str, at: i64| {
        let named = format!(r#""esim_id":"{esim}""#);
        deliver_at(&db, &status(&named, "NEW", 10), at);
    };
    for quarter in 0..96 {
        deliver("x", NOW + (quarter - 96) * QUARTER_MS);
    }
    deliver("a", NOW);
    deliver("b", NOW + QUARTER_MS);
    for quarter in 0..9 {
        deliver("c", NOW + (40 * 96 + quarter) * QUARTER_MS);
    }
    let at = |ms| count(&counters::by_status_at(&db, ms).unwrap(), "NEW");
    deliver("d", NOW + 3 * QUARTER_MS);
    assert_eq!((at(NOW), at(NOW + QUARTER_MS)), (1, 2));
    assert_eq!(at(NOW + 4 * QUARTER_MS), 5, "as it is");
}

#[test]
fn before_anything_came_there_is_no_last_delivery() {
    assert_eq!(counters::last_received_at_ms(&database()).unwrap(), None);
}

#[test]
fn only_what_is_new_and_came_by_itself_is_a_sign_of_life() {
    let db = database();
    let told = || {
        let reader = Reader { db: &db };
        let heard = reader.last_heard_at_ms().unwrap();
        (heard, counters::last_received_at_ms(&db).unwrap())
    };
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    deliver_at(&db, &body, NOW);
    assert_eq!(told(), (Some(NOW), Some(NOW)));
    let own = provider::DEFAULT.test_event("test_1", 10);
    let own = String::from_utf8(own).unwrap();
    for (number, body) in [&*body, "not json", &own].into_iter().enumerate() {
        let at = NOW + 1 + i64::try_from(number).unwrap();
        deliver_at(&db, body, at);
        assert_eq!(told(), (Some(NOW), Some(at)), "{body}");
    }
    // A person has it read again.
    let again = Delivery {
        again: true,
        ..Delivery::of(status(r#""esim_id":"b""#, "NEW", 11), NOW + 99)
    };
    assert!(!store(&db, &again).heard);
    assert_eq!(told(), (Some(NOW), Some(NOW + 3)));
}

#[test]
fn counting_everything_again_puts_wrong_totals_right() {
    let db = database();
    let change = deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    let right = (counters::counts(&db).unwrap(), hours(&db));
    let mut wrong = Deltas::default();
    wrong.event_added(true);
    wrong.esim_added("NEW");
    wrong.status_told(&change.event.unwrap().event, 1);
    wrong.write(&db).unwrap();
    assert_ne!((counters::counts(&db).unwrap(), hours(&db)), right);
    counters::recount(&db).unwrap();
    assert_eq!((counters::counts(&db).unwrap(), hours(&db)), right);
}
