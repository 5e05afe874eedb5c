//! Tests: what is told to who comes back, and which eSIMs each figure leads to.

use super::*;
use crate::store::tables::absences;
use crate::store::tests::{database, deliver_at, find, status};

const QUARTER: i64 = 900_000;
const DAY: i64 = 1_764_028_800_000;

fn at(db: &Connection, ms: i64) -> Vec<(String, i64)> {
    let counts = Reader { db }.by_status_at(ms).unwrap();
    let some = counts.into_iter().filter(|entry| entry.count != 0);
    some.map(|entry| (entry.status, entry.count)).collect()
}

#[test]
fn how_many_had_a_status_is_known_for_each_quarter_of_an_hour() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
    deliver_at(&db, &status(r#""esim_id":"b""#, "NEW", 11), DAY + 5);
    deliver_at(
        &db,
        &status(r#""esim_id":"a""#, "ACTIVATED", 12),
        DAY + 8 * QUARTER,
    );
    let one = |status: &str, count| (status.to_owned(), count);
    assert_eq!(at(&db, DAY - QUARTER), []);
    assert_eq!(at(&db, DAY), [], "before its first delivery");
    for quarter in 1..=8 {
        assert_eq!(at(&db, DAY + quarter * QUARTER), [one("NEW", 2)]);
    }
    assert_eq!(
        at(&db, DAY + 9 * QUARTER),
        [one("NEW", 1), one("ACTIVATED", 1)],
        "as it is, where nothing came since"
    );
}

#[test]
fn the_history_of_an_esim_that_is_asked_for_is_no_news_and_what_it_did_since_is() {
    let db = database();
    let seen = DAY / 1000;
    deliver_at(&db, &status(r#""esim_id":"a1""#, "NEW", seen - 60), DAY);
    mark_seen(&db, DAY + 1000).unwrap();
    let told = |id: &str, is: &str, at: i64| status(&format!(r#""esim_id":"{id}""#), is, at);
    let bodies = [
        told("b2", "NEW", seen - 90 * 86_400),
        told("b2", "ACTIVATED", seen - 3_600),
        told("a1", "ACTIVATED", seen + 3_600),
    ];
    find(&db, &bodies, seen + 36_000);
    // It was sent late, and is news all the same.
    let late = told("c3", "EXPIRED", seen - 7_200);
    deliver_at(&db, &late, DAY + 36_100_000);
    let reader = Reader { db: &db };
    let since = reader.since_seen(DAY + 40_000_000).unwrap().unwrap();
    let count = |entry: &StatusCount| (entry.status.clone(), entry.count);
    let by_status: Vec<_> = since.by_status.iter().map(count).collect();
    let one = |status: &str| (status.to_owned(), 1);
    assert_eq!(by_status, [one("EXPIRED"), one("ACTIVATED")]);
    assert_eq!(since.new_esims, 2);
    let activated = Happened::CameTo {
        status: "ACTIVATED".to_owned(),
        after_event: since.after_event,
    };
    let rows = reader.esims_to_which(&activated).unwrap();
    assert_eq!(
        rows,
        HashSet::from([reader.esim_row("a1").unwrap().unwrap()])
    );
}

#[test]
fn ends_are_told_first_the_gravest_of_all_and_so_are_those_that_a_list_alone_knows() {
    let db = database();
    let seen = DAY / 1000;
    for name in ["a", "b", "c", "d", "e", "f"] {
        let body = status(&format!(r#""esim_id":"{name}""#), "NEW", seen - 60);
        deliver_at(&db, &body, DAY);
    }
    mark_seen(&db, DAY + 1000).unwrap();
    let told = |name: &str, is: &str, after: i64| {
        status(&format!(r#""esim_id":"{name}""#), is, seen + after)
    };
    let listed = |name: &str, is: &str, after: i64| {
        told(name, is, after).replace(r#""event_type":"status""#, r#""event_type":"usage""#)
    };
    let bodies = [
        told("a", "ACTIVATED", 100),
        told("b", "ACTIVATED", 101),
        told("c", "ACTIVATED", 102),
        told("c", "EXPIRED", 103),
        listed("d", "REVOKED", 104),
        listed("e", "DELETED", 105),
        // The list and the history tell of the same end.
        listed("b", "EXPIRED", 106),
        told("b", "EXPIRED", 107),
        // Of before somebody looked.
        listed("f", "REVOKED", -3_600),
    ];
    find(&db, &bodies, seen + 36_000);
    // How it was anyway, and no change.
    let sent = listed("f", "ACTIVATED", 36_000);
    deliver_at(&db, &sent, DAY + 36_100_000);
    let reader = Reader { db: &db };
    let since = reader.since_seen(DAY + 40_000_000).unwrap().unwrap();
    let count = |one: &StatusCount| (one.status.clone(), one.count);
    let by_status: Vec<_> = since.by_status.iter().map(count).collect();
    let some = |status: &str, count| (status.to_owned(), count);
    assert_eq!(
        by_status,
        [
            some("REVOKED", 1),
            some("EXPIRED", 2),
            some("DELETED", 1),
            some("ACTIVATED", 3),
        ]
    );
    for (status, count) in by_status {
        let happened = Happened::CameTo {
            status,
            after_event: since.after_event,
        };
        let rows = reader.esims_to_which(&happened).unwrap();
        assert_eq!(i64::try_from(rows.len()), Ok(count), "{happened:?}");
    }
}

#[test]
fn gravity_knows_every_end() {
    for status in Status::KNOWN {
        assert_eq!(GRAVEST.contains(&status), status.is_terminal(), "{status}");
    }
}

#[test]
fn marks_go_after_35_days() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
    deliver_at(
        &db,
        &status(r#""esim_id":"b""#, "NEW", 10),
        DAY + 36 * 24 * 4 * QUARTER,
    );
    let marks: i64 = db
        .query_row(
            "SELECT count(DISTINCT quarter) FROM status_marks",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(marks, 1);
}

fn see(db: &Connection, now_ms: i64) {
    let mark = serde_json::to_string(&here(db, now_ms).unwrap()).unwrap();
    settings::set(db, Setting::LastSeen, Some(&mark)).unwrap();
}

#[test]
fn who_comes_back_is_told_what_happened_meanwhile() {
    let db = database();
    let back = |now| Reader { db: &db }.since_seen(now).unwrap();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
    assert_eq!(back(DAY + AWAY_MS), None, "nobody has ever seen anything");
    see(&db, DAY);
    assert_eq!(back(DAY + AWAY_MS), None, "nothing happened");
    for (second, to) in [(11, "ACTIVATED"), (12, "INACTIVE"), (13, "ACTIVATED")] {
        deliver_at(&db, &status(r#""esim_id":"a""#, to, second), DAY + second);
    }
    deliver_at(&db, &status(r#""esim_id":"b""#, "ACTIVATED", 9), DAY + 20);
    assert_eq!(back(DAY + AWAY_MS - 1), None, "hardly away");
    let back = back(DAY + AWAY_MS).unwrap();
    assert_eq!(back.since_ms, DAY);
    assert_eq!(back.new_esims, 1);
    let told: Vec<_> = back
        .by_status
        .iter()
        .map(|one| (&*one.status, one.count))
        .collect();
    assert_eq!(told, [("ACTIVATED", 2), ("INACTIVE", 1)]);
}

#[test]
fn what_happened_is_told_although_the_mark_was_set_by_a_clock_that_was_ahead() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), DAY);
    see(&db, DAY + 400 * 24 * 4 * QUARTER);
    deliver_at(&db, &status(r#""esim_id":"b""#, "NEW", 11), DAY + QUARTER);
    let back = Reader { db: &db }
        .since_seen(DAY + QUARTER + AWAY_MS)
        .unwrap()
        .unwrap();
    assert_eq!((back.since_ms, back.new_esims), (DAY + QUARTER - 1, 1));
}

#[test]
fn an_order_counts_once_however_often_it_was_told_of() {
    let db = database();
    let second = |at: i64| DAY / 1000 + at;
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", second(10)), DAY);
    see(&db, DAY);
    let order = |id: &str, status: &str, at: i64| {
        let at = second(at);
        format!(
            r#"{{"event_category":"affiliate","event_type":"order","data":{{"timestamp":{at},"order_data":{{"order_id":"{id}","order_total":3,"order_currency":"EUR","order_status":"{status}"}}}}}}"#
        )
    };
    for (id, status, at) in [
        ("a", "pending", 11),
        ("a", "completed", 12),
        ("b", "pending", 13),
    ] {
        deliver_at(&db, &order(id, status, at), DAY + at);
    }
    let unrecognised = format!(
        r#"{{"event_category":"affiliate","event_type":"click","timestamp":{}}}"#,
        second(14)
    );
    deliver_at(&db, &unrecognised, DAY + 14);
    let back = Reader { db: &db }
        .since_seen(DAY + AWAY_MS)
        .unwrap()
        .unwrap();
    assert_eq!((back.orders, back.unrecognized), (2, 1));
}

#[test]
fn a_night_in_which_the_program_did_not_listen_is_told_with_the_esims_that_may_have_changed() {
    use crate::store::tables::absences::{NOTED_EVERY_MS, note_listening};
    const NIGHT_MS: i64 = 13 * 4 * QUARTER;
    let db = database();
    let back = |now| Reader { db: &db }.since_seen(now).unwrap();
    let second = DAY / 1000;
    for (name, to) in [("a", "ACTIVATED"), ("b", "ACTIVATED"), ("c", "EXPIRED")] {
        let body = status(&format!(r#""esim_id":"{name}""#), to, second);
        deliver_at(&db, &body, DAY);
    }
    note_listening(&db, DAY).unwrap();
    see(&db, DAY);
    let evening = DAY + NOTED_EVERY_MS;
    note_listening(&db, evening).unwrap();
    assert_eq!(back(evening + AWAY_MS / 2), None, "it listens");

    let morning = evening + NIGHT_MS;
    let night = |to_ms| Absence {
        from_ms: evening,
        to_ms,
        caught_up_at_ms: None,
    };
    // It has started and not noted so yet.
    let told = back(morning).unwrap();
    assert_eq!((told.absences, told.unheard), (vec![night(morning)], 2));

    note_listening(&db, morning).unwrap();
    let heard = status(r#""esim_id":"a""#, "INACTIVE", morning / 1000 + 60);
    deliver_at(&db, &heard, morning + 60_000);
    let told = back(morning + NOTED_EVERY_MS).unwrap();
    assert_eq!((told.absences, told.unheard), (vec![night(morning)], 1));
    let since = morning / 1000;
    let rows = |happened| Reader { db: &db }.esims_to_which(&happened).unwrap().len();
    assert_eq!(rows(Happened::Unheard { since }), 1);

    see(&db, morning + NOTED_EVERY_MS);
    for times in 2..=5 {
        note_listening(&db, morning + times * NOTED_EVERY_MS).unwrap();
    }
    assert_eq!(back(morning + 6 * NOTED_EVERY_MS), None, "it was read");
}

#[test]
fn each_figure_leads_to_the_esims_that_it_counts() {
    let db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "ACTIVATED", 10), DAY);
    see(&db, DAY);
    for (name, to, second) in [("a", "INACTIVE", 11), ("b", "ACTIVATED", 12)] {
        let body = status(&format!(r#""esim_id":"{name}""#), to, second);
        deliver_at(&db, &body, DAY + second);
    }
    let told = Reader { db: &db }
        .since_seen(DAY + AWAY_MS)
        .unwrap()
        .unwrap();
    let rows = |happened| Reader { db: &db }.esims_to_which(&happened).unwrap().len() as i64;
    for StatusCount { status, count } in told.by_status {
        let after_event = told.after_event;
        assert_eq!(
            rows(Happened::CameTo {
                status,
                after_event
            }),
            count
        );
    }
    let after_esim = told.after_esim;
    assert_eq!(rows(Happened::Named { after_esim }), told.new_esims);
    assert_eq!(told.new_esims, 1);
}

#[test]
fn who_never_used_the_window_is_told_of_what_happened_since_the_first_absence() {
    let db = database();
    let evening = DAY / 1000;
    let told = |id: &str, is: &str, at: i64| status(&format!(r#""esim_id":"{id}""#), is, at);
    deliver_at(&db, &told("a1", "ACTIVATED", evening - 60), DAY - 50_000);
    absences::note_listening(&db, DAY).unwrap();
    let now = DAY + 36_000_000;
    let reader = Reader { db: &db };
    // No time in which it did not listen: nothing is a look back.
    assert_eq!(reader.since_seen(DAY + 60_000).unwrap(), None);
    absences::note_listening(&db, now).unwrap();
    find(
        &db,
        &[told("a1", "REVOKED", evening + 3_600)],
        now / 1000 + 20,
    );
    let since = reader.since_seen(now + 30_000).unwrap().unwrap();
    assert_eq!(since.since_ms, DAY);
    assert_eq!(since.absences.len(), 1);
    assert_eq!((since.new_esims, since.by_status.len()), (0, 1));
    mark_seen(&db, now + 40_000).unwrap();
    assert_eq!(reader.since_seen(now + 60_000).unwrap(), None);
}
