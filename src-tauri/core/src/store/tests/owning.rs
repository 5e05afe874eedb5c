//! Whose an event is.

use super::*;

/// What opens the eSIM that each event belongs to, in order of arrival.
fn owners(db: &Connection) -> Vec<String> {
    db.prepare(
        "SELECT coalesce(esims.esim_id, esims.iccid) FROM events JOIN esims ON esims.id = events.esim ORDER BY events.id",
    )
    .unwrap()
    .query_map([], |row| row.get(0))
    .unwrap()
    .collect::<Result<_, _>>()
    .unwrap()
}

const A: &str = r#""esim_id":"a""#;
const NUMBER: &str = r#""iccid":"89""#;

fn both(esim_id: &str) -> String {
    format!(r#""esim_id":"{esim_id}",{NUMBER}"#)
}

#[test]
fn an_event_that_names_an_id_belongs_to_the_esim_of_that_id() {
    let db = database();
    deliver(&db, &status(A, "NEW", 10));
    deliver(&db, &status(r#""esim_id":"b""#, "NEW", 10));
    deliver(&db, &status(A, "INSTALLED", 20));
    assert_eq!(owners(&db), ["a", "b", "a"]);
}

#[test]
fn an_event_that_names_only_a_number_belongs_to_the_esim_that_has_it() {
    let db = database();
    deliver(&db, &status(&both("a"), "NEW", 10));
    deliver(&db, &status(NUMBER, "INSTALLED", 20));
    assert_eq!(owners(&db), ["a", "a"]);
}

#[test]
fn a_number_that_nobody_has_is_an_esim_of_its_own() {
    let db = database();
    deliver(&db, &status(A, "NEW", 10));
    deliver(&db, &status(NUMBER, "INSTALLED", 20));
    assert_eq!(owners(&db), ["a", "89"]);
}

#[test]
fn an_esim_of_another_id_with_the_same_number_is_another_esim() {
    let db = database();
    deliver(&db, &status(&both("a"), "NEW", 10));
    deliver(&db, &status(&both("b"), "NEW", 20));
    assert_eq!(owners(&db), ["a", "b"]);
}

#[test]
fn a_number_is_its_latest_owners_whichever_event_comes_last() {
    let db = database();
    deliver(&db, &status(&both("b"), "NEW", 30));
    deliver(&db, &status(NUMBER, "INSTALLED", 40));
    deliver(&db, &status(&both("a"), "NEW", 10));
    assert_eq!(owners(&db), ["b", "b", "a"]);
}

#[test]
fn a_last_word_of_the_old_esim_takes_a_number_back_from_nobody() {
    let told = [
        status(&both("a"), "EXPIRED", 10),
        status(&both("b"), "ACTIVATED", 50),
        status(&both("a"), "DELETED", 55),
        status(NUMBER, "REVOKED", 60),
    ];
    // In any order in which they can come.
    for from in 0..4 {
        let db = database();
        for n in 0..4 {
            deliver(&db, &told[(from + n) % 4]);
        }
        let state = |key: &str| {
            let reader = Reader { db: &db };
            let row = reader.esim_row(key).unwrap().unwrap();
            let state = reader.esim_state(row).unwrap().unwrap();
            (state.status_text().to_owned(), state.event_count)
        };
        assert_eq!(state("a"), ("DELETED".to_owned(), 2), "from {from}");
        assert_eq!(state("b"), ("REVOKED".to_owned(), 2), "from {from}");
        rows(&db);
    }
}

#[test]
fn a_number_alone_means_the_esim_that_had_it_at_the_time_of_the_event() {
    let told = [
        status(&both("a"), "NEW", 10),
        status(&both("b"), "NEW", 50),
        status(NUMBER, "INSTALLED", 30),
        status(NUMBER, "ACTIVATED", 49),
        status(NUMBER, "INSTALLED", 50),
        status(NUMBER, "EXPIRED", 70),
        // Before anybody was known to have it, it was the first one's.
        status(NUMBER, "READY", 5),
    ];
    // In any order in which they can come: also where the number is given again afterwards.
    for from in 0..told.len() {
        for step in [1, 2, 3] {
            let db = database();
            let order = (0..told.len()).map(|n| (from + n * step) % told.len());
            for n in order {
                deliver(&db, &told[n]);
            }
            let reader = Reader { db: &db };
            let times = |key: &str| {
                let row = reader.esim_row(key).unwrap().unwrap();
                let events = reader.events_of_esim(row, 0, 10).unwrap();
                let mut times: Vec<_> = events
                    .iter()
                    .filter_map(|one| one.event.occurred_at)
                    .collect();
                times.sort_unstable();
                times
            };
            assert_eq!(times("a"), [5, 10, 30, 49], "from {from} by {step}");
            assert_eq!(times("b"), [50, 50, 70], "from {from} by {step}");
        }
    }
}

#[test]
fn an_event_that_names_no_esim_is_nobodys() {
    let db = database();
    let top_up = r#"{"event_category":"partner","event_type":"top_up","timestamp":10,"balance":5}"#;
    let change = deliver(&db, top_up);
    assert_eq!(change.verdict, Verdict::Accepted);
    assert_eq!((change.esim, rows(&db).1.esims), (None, 0));
}

#[test]
fn of_an_esim_that_became_another_it_is_told_who_survived() {
    let db = database();
    deliver(&db, &status(A, "NEW", 10));
    deliver(&db, &status(NUMBER, "NEW", 20));
    let change = deliver(&db, &status(&both("a"), "INSTALLED", 30));
    let merges = change.esim.unwrap().merges;
    assert_eq!(
        merges,
        [Merge {
            gone: 2,
            survivor: 1
        }]
    );
}

#[test]
fn an_unrecognised_event_is_stored_and_says_so() {
    let db = database();
    let change = deliver(&db, &status(A, "SUSPENDED", 10));
    assert_eq!(change.verdict, Verdict::Unrecognized);
    assert_eq!(rows(&db).1.unrecognized, 1);
}
