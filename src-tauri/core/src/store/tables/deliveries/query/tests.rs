//! Tests: pages, verdicts and searches over the real tables.

use rusqlite::Connection;

use super::*;
use crate::provider::Unreadable;
use crate::store::deliver::append::append;
use crate::store::deliver::delivery::Delivery;
use crate::store::deliver::late::LateEvents;
use crate::store::file::schema;
use crate::store::tables::counters::Deltas;

fn database() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate(&mut db).unwrap();
    db
}

fn deliver(db: &Connection, body: &str, headers: Option<&str>) {
    let mut delivery = Delivery::of(body, 1000);
    delivery.headers = headers.map(str::to_owned);
    if headers.is_some_and(|headers| headers.contains("xml")) {
        delivery.parsed = Err(Unreadable::content_type("text/xml"));
    }
    let late = &mut LateEvents::default();
    append(db, &delivery, &mut Deltas::default(), late).unwrap();
}

fn status(number: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"id-{number}","iccid":"8944{number}","status":"NEW","timestamp":{number}}}"#
    )
}

fn all() -> DeliveryQuery {
    DeliveryQuery {
        verdicts: Vec::new(),
        search: String::new(),
        before: None,
        limit: 2,
    }
}

fn ids(page: &(Vec<DeliveryRow>, bool)) -> Vec<i64> {
    page.0.iter().map(|row| row.id).collect()
}

#[test]
fn pages_follow_each_other_newest_first() {
    let db = database();
    for number in 1..=5 {
        deliver(&db, &status(number), None);
    }
    let reader = Reader { db: &db };
    let first = reader.deliveries(&all(), &[]).unwrap();
    assert_eq!((ids(&first), first.1), (vec![5, 4], true));
    let before = |id| DeliveryQuery {
        before: Some(id),
        ..all()
    };
    let last = reader.deliveries(&before(2), &[]).unwrap();
    assert_eq!((ids(&last), last.1), (vec![1], false));
}

#[test]
fn each_verdict_has_its_answer_and_can_be_asked_for() {
    let db = database();
    deliver(&db, &status(1), Some("content-type: application/json"));
    deliver(&db, &status(1).replace("8944", "8945"), None);
    deliver(&db, r#"{"event_category":"voucher"}"#, None);
    deliver(&db, "no json", Some("content-type: application/json"));
    deliver(&db, "<xml/>", Some("content-type: text/xml\nuser-agent: x"));
    let reader = Reader { db: &db };
    let asked = |verdict| {
        let query = DeliveryQuery {
            verdicts: vec![verdict],
            limit: 9,
            ..all()
        };
        let page = reader.deliveries(&query, &[]).unwrap();
        page.0
            .iter()
            .map(|row| (row.id, row.status))
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(Verdict::Accepted), [(1, Some(200))]);
    assert_eq!(asked(Verdict::Duplicate), [(2, Some(200))]);
    assert_eq!(asked(Verdict::Unrecognized), [(3, Some(200))]);
    assert_eq!(asked(Verdict::Malformed), [(5, Some(415)), (4, Some(400))]);
    let detail = reader.delivery(5).unwrap().unwrap();
    assert_eq!(detail.body.as_deref(), Some(b"<xml/>".as_slice()));
    assert_eq!(
        detail.headers.as_deref(),
        Some("content-type: text/xml\nuser-agent: x")
    );
    assert_eq!(reader.delivery(99).unwrap(), None);
}

#[test]
fn a_search_finds_by_esim_and_in_bodies() {
    let db = database();
    deliver(&db, &status(1), None);
    deliver(
        &db,
        r#"{"event_category":"voucher","note":"Grüße 100%"}"#,
        None,
    );
    let reader = Reader { db: &db };
    let search = |words: &str, esims: &[i64]| {
        let query = DeliveryQuery {
            search: words.to_owned(),
            ..all()
        };
        ids(&reader.deliveries(&query, esims).unwrap())
    };
    assert_eq!(search("VOUCHER", &[]), [2]);
    for spelling in ["gruße 100%", "grusse 100%", "GRÜẞE 100%", "gruesse"] {
        assert_eq!(search(spelling, &[]), [2], "{spelling}");
    }
    assert_eq!(search("100 %", &[]), [0_i64; 0]);
    assert_eq!(search("nothing like it", &[1]), [1]);
    assert_eq!(search("' OR 1", &[]), [0_i64; 0]);
}

#[test]
fn an_answer_that_is_not_kept_is_told_where_it_is_sure() {
    let db = database();
    deliver(&db, &status(1), None);
    deliver(&db, "no json", None);
    db.execute("UPDATE deliveries SET status = NULL", [])
        .unwrap();
    let (rows, _) = Reader { db: &db }.deliveries(&all(), &[]).unwrap();
    let told: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(told, [None, Some(200)]);
}

#[tokio::test]
async fn an_answer_that_came_too_late_is_the_one_that_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::store::Store::open(dir.path(), |_| {}).unwrap();
    let stored = store.writer().deliver(Delivery::of(status(1), 1)).await;
    let late = Answered {
        delivery: stored.unwrap().delivery.unwrap(),
        status: 503,
        took: std::time::Duration::from_millis(1900),
    };
    store.writer().keep_answers(vec![late]).await.unwrap();
    let (rows, _) = store
        .readers()
        .read(|store| store.deliveries(&all(), &[]))
        .unwrap();
    assert_eq!(
        (rows[0].status, rows[0].took_us),
        (Some(503), Some(1_900_000))
    );
}
