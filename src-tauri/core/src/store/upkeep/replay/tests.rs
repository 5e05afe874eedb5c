//! Tests of replay. What an older version may have stored is made by editing the tables.

use proptest::prelude::*;

use super::*;
use crate::store::tests::{database, deliver_at, histories, rows, status};
use crate::store::{Reader, Verdict};

pub(in crate::store) fn replayed(db: &mut Connection) -> Replayed {
    let done = run(db).unwrap();
    assert_eq!(Reader { db }.damage().unwrap(), Vec::new());
    done
}

#[test]
fn what_was_not_recognised_is_and_moves_its_esim() {
    let mut db = database();
    deliver_at(&db, &status(r#""esim_id":"a""#, "NEW", 10), 1);
    deliver_at(&db, &status(r#""esim_id":"a""#, "ACTIVATED", 20), 1);
    let right = rows(&db);
    db.execute_batch(
        "UPDATE events SET status = NULL, problem = 'new to this version' WHERE id = 2;
         UPDATE deliveries SET verdict = 'unrecognized' WHERE event = 2;",
    )
    .unwrap();
    let done = replayed(&mut db);
    assert_eq!((done.deliveries, done.recognized, done.changed), (2, 1, 1));
    assert_eq!(rows(&db), right);
    let verdicts: i64 = db
        .query_row(
            "SELECT count(*) FROM deliveries WHERE verdict = 'accepted'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(verdicts, 2);
    assert_eq!(
        replayed(&mut db),
        Replayed {
            deliveries: 2,
            ..Replayed::default()
        }
    );
}

#[test]
fn what_an_earlier_version_stored_of_no_figure_is_not_read_and_leaves_the_esim() {
    let mut db = database();
    let usage = |left: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","esim_id":"a","timestamp":{at},"usage_data":{{"allowed_data":{left},"remaining_data":{left}}}}}"#
        )
    };
    deliver_at(&db, &usage("300", 10), 1);
    deliver_at(&db, &usage("-1", 20), 1);
    let right = rows(&db);
    db.execute_batch(
        "UPDATE events SET data_allowed_mb = -1, data_remaining_mb = 9007199254740991 WHERE id = 2;
         UPDATE esims SET data_allowed_mb = -1, data_remaining_mb = -1;",
    )
    .unwrap();
    let reader = Reader { db: &db };
    let shown = reader.events_of_esim(1, 0, 9).unwrap();
    let figures: Vec<_> = shown
        .iter()
        .map(|shown| (shown.event.usage.allowed_mb, shown.event.usage.remaining_mb))
        .collect();
    assert_eq!(figures, [(None, None), (Some(300.0), Some(300.0))]);
    replayed(&mut db);
    assert_eq!(rows(&db), right);
    assert_eq!(Reader { db: &db }.check().unwrap(), Vec::<String>::new());
}

#[test]
fn bytes_that_were_no_event_become_one() {
    let mut db = database();
    deliver_at(&db, "not json", 1);
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    db.execute(
        "UPDATE deliveries SET body = ?1, repeats = 2",
        [body.as_bytes()],
    )
    .unwrap();
    let done = replayed(&mut db);
    assert_eq!((done.deliveries, done.found), (1, 1));
    assert_eq!(rows(&db).1.events, 1);
    assert_eq!(deliver_at(&db, &body, 2).verdict, Verdict::Duplicate);
    let kept: (i64, i64) = db
        .query_row("SELECT count(*), max(repeats) FROM deliveries", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(kept, (1, 3));
}

#[test]
fn an_event_with_an_old_key_is_known_again_and_never_doubled() {
    let mut db = database();
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    deliver_at(&db, &body, 1);
    let right = rows(&db);
    db.execute_batch("UPDATE events SET key = '0:' || key")
        .unwrap();
    assert_eq!(
        deliver_at(&db, &body, 2).verdict,
        Verdict::Accepted,
        "doubled"
    );
    let done = replayed(&mut db);
    assert_eq!(done.joined, 1);
    assert_eq!(rows(&db), right);
    assert_eq!(deliver_at(&db, &body, 3).verdict, Verdict::Duplicate);
}

#[test]
fn what_stands_in_no_kept_body_stays() {
    let mut db = database();
    deliver_at(
        &db,
        &status(r#""esim_id":"a","reference_id":"R""#, "NEW", 10),
        1,
    );
    deliver_at(&db, &status(r#""esim_id":"a","end":99"#, "NEW", 10), 2);
    let right = rows(&db);
    db.execute_batch("UPDATE deliveries SET body = x'', body_hash = x'00' WHERE id = 1")
        .unwrap();
    assert_eq!(
        replayed(&mut db),
        Replayed {
            deliveries: 1,
            ..Replayed::default()
        }
    );
    assert_eq!(rows(&db), right);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever an older version made of some events, and whatever came after: as if this version had
    /// received it all.
    #[test]
    fn the_store_becomes_what_this_version_would_have_made(
        (history, again) in histories(), nth in 1..4_i64, unread in any::<bool>(), old_keys in any::<bool>()
    ) {
        let (fresh, mut db) = (database(), database());
        for body in &history {
            deliver_at(&fresh, body, 1);
            deliver_at(&db, body, 1);
        }
        if unread {
            db.execute("UPDATE events SET status = NULL, problem = 'z' WHERE id % ?1 = 0", [nth]).unwrap();
        }
        if old_keys {
            db.execute("UPDATE events SET key = '0:' || key WHERE id % ?1 = 0", [nth]).unwrap();
        }
        for body in &again {
            deliver_at(&fresh, body, 1);
            deliver_at(&db, body, 1);
        }
        replayed(&mut db);
        prop_assert_eq!(rows(&fresh), rows(&db));
        let second = replayed(&mut db);
        prop_assert_eq!(second, Replayed { deliveries: second.deliveries, ..Replayed::default() });
    }
}
