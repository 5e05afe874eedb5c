//! Tests over rows as the version before wrote them.

use super::*;
use crate::event::{BalanceDetails, UsageDay};
use crate::store::file::schema;
use crate::store::tables::events;

/// A database of the version before, with what an event, its deliveries and its alert looked like there.
fn before() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate_to(&mut db, schema::BEFORE_DETAILS).unwrap();
    db
}

fn event(
    db: &Connection,
    category: &str,
    kind: &str,
    problem: Option<&str>,
    bodies: &[&str],
) -> i64 {
    db.execute(
        "INSERT INTO events (key, category, type, received_at_ms, problem) VALUES (?1, ?2, ?3, 1, ?4)",
        params![format!("{category}:{kind}:{}", bodies.concat()), category, kind, problem],
    )
    .unwrap();
    let id = db.last_insert_rowid();
    for (at, body) in bodies.iter().enumerate() {
        let verdict = if at == 0 { "accepted" } else { "duplicate" };
        let hash = body.is_empty().then(|| vec![0_u8]);
        db.execute(
            "INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, event, body, body_hash)
             VALUES (1, 1, ?1, ?2, ?3, ?4)",
            params![verdict, id, body.as_bytes(), hash],
        )
        .unwrap();
    }
    id
}

fn malformed(db: &Connection, body: &str, headers: Option<&str>) -> i64 {
    db.execute(
        "INSERT INTO deliveries (received_at_ms, last_received_at_ms, verdict, malformed_key, headers, body)
         VALUES (1, 1, 'malformed', ?1, ?2, ?3)",
        params![format!("{body}{headers:?}"), headers, body.as_bytes()],
    )
    .unwrap();
    db.last_insert_rowid()
}

fn migrated(db: &mut Connection) {
    schema::migrate(db).unwrap();
}

fn usage(days: &str) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"usage","event_id":"u","data":{{"timestamp":5,"esim_id":"a","usage_list":[{days}]}}}}"#
    )
}

#[test]
fn details_are_read_from_all_kept_tellings_of_an_event() {
    let mut db = before();
    let first = usage(r#"{"date":"2026-11-20","data_used":3,"location":"ES"}"#);
    let second = usage(r#"{"date":"2026-11-21","data_used":4}"#);
    let told = event(&db, "esim", "usage", None, &[&first, &second]);
    let low = r#"{"event_category":"partner","event_type":"low_balance","timestamp":5,"balance":"7.5","currency":"EUR"}"#;
    let low = event(&db, "partner", "low_balance", None, &[low]);
    let dropped = event(&db, "esim", "usage", None, &[""]);
    let silent = event(&db, "esim", "usage", None, &[&usage("")]);
    let status = event(&db, "esim", "status", None, &[&first]);
    migrated(&mut db);
    let of = |id| events::by_row(&db, id).unwrap().unwrap();
    let day = |date: &str, location: &str, mb| UsageDay {
        date: date.to_owned(),
        location: location.to_owned(),
        mb,
    };
    assert_eq!(
        of(told).event.details.unwrap().usage.unwrap().days,
        [day("2026-11-20", "ES", 3.0), day("2026-11-21", "", 4.0)]
    );
    let balance = BalanceDetails {
        balance: Some(7.5),
        threshold: None,
        currency: Some("EUR".to_owned()),
    };
    assert_eq!(of(low).event.details.unwrap().balance, Some(balance));
    let details = |id| (of(id).event.details, of(id).details_dropped);
    assert_eq!(details(dropped), (None, true), "its body is gone");
    assert_eq!(details(silent), (None, false), "it says nothing more");
    assert_eq!(details(status), (None, false));
}

#[test]
fn answers_are_told_where_they_are_sure() {
    let mut db = before();
    let announced = Some("content-type: text/xml\nuser-agent: x");
    let xml = malformed(&db, "<xml/>", announced);
    let object = malformed(&db, "{}", announced);
    let broken = malformed(&db, "{", Some("content-type: application/json"));
    let unknown = malformed(&db, "[]", None);
    migrated(&mut db);
    let kept = |id: i64| -> (Option<u16>, Option<String>) {
        db.query_row(
            "SELECT status, reason FROM deliveries WHERE id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap()
    };
    let foreign = || (Some(415), Some("contentType:text/xml".to_owned()));
    assert_eq!(kept(xml), foreign());
    assert_eq!(kept(object), foreign());
    assert_eq!(kept(broken).0, Some(400));
    assert!(kept(broken).1.unwrap().starts_with("notJson:EOF"));
    assert_eq!(kept(unknown), (None, Some("notAnObject:list".to_owned())));
}

#[test]
fn sentences_become_codes_in_events_and_in_the_occasions_of_their_alerts() {
    let mut db = before();
    let sentence = "The category “voucher” is new to this version.";
    let id = event(&db, "voucher", "issued", Some(sentence), &["{}"]);
    db.execute(
        "INSERT INTO alerts (subject, rule, occasion, since, detail, raised_at_ms, state, owed) VALUES
             ('kind:voucher/issued', 'unrecognized', ?1, 1, '{}', 1, 'cleared', 0),
             ('account', 'balance_low', 'first', 1, '{}', 1, 'new', 0)",
        [sentence],
    )
    .unwrap();
    migrated(&mut db);
    let problem = events::by_row(&db, id).unwrap().unwrap().event.problem;
    assert_eq!(
        problem,
        Some(Problem::UnknownCategory("voucher".to_owned()))
    );
    let occasions: Vec<String> = db
        .prepare("SELECT occasion FROM alerts ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(occasions, ["unknownCategory:voucher", "first"]);
}

#[test]
fn more_rows_than_are_held_in_memory_are_all_filled() {
    let mut db = before();
    let many = BATCH_ROWS * 2 + 7;
    for n in 0..many {
        let body = format!(
            r#"{{"event_category":"partner","event_type":"top_up","timestamp":5,"balance":{n}}}"#
        );
        event(&db, "partner", "top_up", None, &[&body]);
    }
    migrated(&mut db);
    let filled: i64 = db
        .query_row(
            "SELECT count(*) FROM events WHERE details IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(filled, many);
}

#[test]
fn a_migration_whose_code_fails_leaves_everything_as_it_was() {
    let mut db = before();
    event(&db, "esim", "usage", None, &[&usage("")]);
    db.execute("DROP TABLE alerts", []).unwrap();
    assert!(schema::migrate(&mut db).is_err());
    let columns: i64 = db
        .query_row(
            "SELECT count(*) FROM pragma_table_info('events') WHERE name = 'details'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(columns, 0);
}
