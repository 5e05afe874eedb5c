//! How SQLite goes about the statements of a delivery: from what the delivery names, never through a whole table.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::*;

thread_local! {
    /// Statements that this thread's connections ran. SQLite's hook takes a plain function.
    static RAN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

fn note(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event {
        RAN.with_borrow_mut(|ran| ran.insert(sql.to_owned()));
    }
}

/// Each kind of delivery once: of a new eSIM and of a known one, late, again, told differently, of half an eSIM, of one
/// whose ICCID moves, of no eSIM, and what is not understood.
fn deliver_all_kinds(db: &Connection) {
    let both = |id: &str, iccid: &str| format!(r#""esim_id":"{id}","iccid":"{iccid}""#);
    let a = both("a", "8901");
    let bodies = [
        status(&a, "NEW", 10),
        status(&a, "ACTIVATED", 30),
        status(&a, "INSTALLED", 20),
        status(&a, "INSTALLED", 20),
        status(&format!(r#"{a},"reference_id":"R-1""#), "INSTALLED", 20),
        status(r#""iccid":"8902""#, "NEW", 10),
        status(r#""esim_id":"b""#, "NEW", 11),
        status(&both("b", "8902"), "INSTALLED", 12),
        status(&both("b", "8901"), "ACTIVATED", 40),
        status(r#""iccid":"8901""#, "EXPIRED", 50),
        Payload::balance("low_balance", 10.0, "EUR")
            .at(60)
            .json()
            .to_string(),
        r#"{"event_category":"new","event_type":"thing","timestamp":70}"#.to_owned(),
        "not json".to_owned(),
        "not json".to_owned(),
    ];
    for body in bodies {
        deliver(db, &body);
    }
}

/// The steps of this statement's plan, as SQLite tells them.
fn plan(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // Without values: the plan is made before they are known.
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

/// Whether a step reads as much as there is. What a statement made for itself is as small as what it was made of.
fn goes_through_all(step: &str) -> bool {
    let of_itself = ["SCAN chain", "SCAN CONSTANT ROW", "SCAN owned"];
    let scans = step.starts_with("SCAN") && !of_itself.iter().any(|one| step.starts_with(one));
    // Nearly all eSIMs are of one provider.
    scans || step.ends_with("(provider=?)")
}

/// The statements that SQLite runs on this connection while something is done.
fn ran(db: &Connection, act: impl FnOnce()) -> BTreeSet<String> {
    db.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
    act();
    db.trace_v2(TraceEventCodes::empty(), None);
    RAN.take()
}

#[test]
fn no_statement_of_an_accepted_delivery_makes_a_table_for_itself() {
    let db = database();
    let named = r#""esim_id":"a","iccid":"8901""#;
    // What marks a quarter of an hour is not done again.
    deliver(&db, &status(named, "NEW", 10));
    let ran = ran(&db, || {
        deliver(&db, &status(named, "INSTALLED", 20));
        deliver(&db, &status(r#""esim_id":"b","iccid":"8902""#, "NEW", 10));
    });
    assert!(ran.len() > 10, "{ran:#?}");
    for sql in ran {
        let mut statement = db.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let mut steps = statement.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let opcode: String = step.get("opcode").unwrap();
            assert_ne!(opcode, "OpenEphemeral", "{sql}");
        }
    }
}

#[test]
fn a_verdict_is_one_of_four() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    let becomes = |verdict: &str| db.execute("UPDATE deliveries SET verdict = ?1", [verdict]);
    for verdict in ["unrecognized", "duplicate", "malformed", "accepted"] {
        assert_eq!(becomes(verdict).unwrap(), 1);
    }
    assert!(becomes("lost").is_err());
}

#[test]
fn no_statement_of_a_delivery_goes_through_a_whole_table() {
    let db = database();
    let ran = ran(&db, || deliver_all_kinds(&db));
    let statements: Vec<&String> = ran
        .iter()
        .filter(|sql| sql.starts_with(['S', 'I', 'U', 'D', 'W']))
        .collect();
    assert!(statements.len() > 30, "{statements:#?}");
    for sql in statements {
        let steps = plan(&db, sql);
        let whole = steps.iter().find(|step| goes_through_all(step));
        assert_eq!(whole, None, "{sql}\n{steps:#?}");
    }
}

#[test]
fn what_sqlite_learnt_of_small_tables_is_forgotten() {
    let db = database();
    deliver_all_kinds(&db);
    db.execute_batch("ANALYZE").unwrap();
    db.execute_batch(include_str!("../file/migrations/11_no_statistics.sql"))
        .unwrap();
    let learnt = "SELECT count(*) FROM sqlite_stat1";
    let left: i64 = db.query_row(learnt, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    let owner = "SELECT esims.id FROM iccid_esims CROSS JOIN esims ON esims.id = iccid_esims.esim
                 WHERE iccid_esims.iccid = ?2 AND owner = 1 AND +provider = ?1";
    let steps = plan(&db, owner);
    assert!(
        !steps.iter().any(|step| goes_through_all(step)),
        "{steps:#?}"
    );
}
