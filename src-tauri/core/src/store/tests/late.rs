//! Late events: how often their eSIM is gone through, however many of them share a transaction.

use std::cell::Cell;

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::*;
use crate::store::deliver::histories::Histories;

thread_local! {
    /// How often this thread's connections went through all events of an eSIM. SQLite's hook takes a plain function.
    static WALKS: Cell<usize> = const { Cell::new(0) };
}

fn count(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event
        && sql.contains("WITH RECURSIVE chain")
    {
        WALKS.set(WALKS.get() + 1);
    }
}

/// How often `act` goes through all events of an eSIM.
fn walks(db: &Connection, act: impl FnOnce()) -> usize {
    WALKS.set(0);
    db.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count));
    act();
    db.trace_v2(TraceEventCodes::empty(), None);
    WALKS.take()
}

/// An eSIM with events at the even seconds from 1000 to 1400.
fn with_history() -> Connection {
    let db = database();
    for at in 500..=700 {
        let status = if at % 2 == 0 { "ACTIVATED" } else { "INACTIVE" };
        deliver(&db, &super::status(BOTH, status, 2 * at));
    }
    db
}

const BOTH: &str = r#""esim_id":"a","iccid":"8901""#;

fn deliveries(bodies: impl IntoIterator<Item = String>) -> Vec<Delivery> {
    let of = |body| Delivery::of(body, CAME);
    bodies.into_iter().map(of).collect()
}

#[test]
fn a_burst_of_late_events_folds_its_esim_once() {
    let db = with_history();
    let burst = deliveries((0..60).map(|n| status(BOTH, "READY", 1001 + 2 * n)));
    // One to look for the first, one to know them all, and the fold.
    let mut changes = Vec::new();
    assert_eq!(walks(&db, || changes = store_together(&db, &burst)), 3);
    assert_eq!(rows(&db).1.events, 261);
    let rows_changed = changes
        .iter()
        .map(|change| change.esim.clone().unwrap().rows);
    assert!(rows_changed.into_iter().all(|rows| rows == [1]));
    assert_eq!(state_of(&db, &changes[0]).event_count, 261);
    // All of them again, and one that adds something.
    let more = format!(r#"{BOTH},"reference_id":"R-1""#);
    let more = deliveries((0..60).map(|n| status(&more, "READY", 1001 + 2 * n)));
    let again = walks(&db, || {
        for change in store_together(&db, &burst) {
            assert_eq!(change.verdict, Verdict::Duplicate);
        }
    });
    assert_eq!(again, 2);
    assert_eq!(walks(&db, || drop(store_together(&db, &more))), 3);
    assert_eq!(rows(&db).1.events, 261);
}

/// Stores deliveries in one transaction that follows another.
fn store_after(db: &Connection, histories: &mut Histories, deliveries: &[Delivery]) -> Vec<Change> {
    let (mut deltas, mut late) = (
        Deltas::default(),
        LateEvents::after(std::mem::take(histories)),
    );
    let changes = deliveries
        .iter()
        .map(|delivery| append(db, delivery, &mut deltas, &mut late).unwrap())
        .collect();
    late.fold(db, &mut deltas).unwrap();
    deltas.write(db).unwrap();
    *histories = late.into_histories();
    changes
}

/// An eSIM with so many events, at every second second from 1000.
fn with_long_history(events: i64) -> Connection {
    let db = database();
    let each = (0..events).map(|n| {
        let status = if n % 2 == 0 { "ACTIVATED" } else { "INACTIVE" };
        super::status(BOTH, status, 1000 + 2 * n)
    });
    store_together(&db, &deliveries(each));
    db
}

#[test]
fn senders_that_take_turns_with_late_events_go_through_a_large_esim_once() {
    let db = with_long_history(1_200);
    let mut histories = Histories::default();
    let mut turn = |of: &[String]| {
        let of = deliveries(of.iter().cloned());
        walks(&db, || drop(store_after(&db, &mut histories, &of)))
    };
    let late = |n: i64| status(BOTH, "READY", 1001 + 2 * n);
    assert!(turn(&[late(0), late(1), late(2)]) > 0);
    for n in (3..60).step_by(3) {
        assert_eq!(turn(&[late(n), late(n + 1), late(n + 2)]), 0, "{n}");
        // One of them once more, one that says more, and one that is the latest.
        let more = format!(r#"{BOTH},"reference_id":"R-{n}""#);
        let says_more = status(&more, "READY", 1001 + 2 * n);
        let latest = status(BOTH, "INACTIVE", 9_000 + n);
        assert_eq!(turn(&[late(n + 1), says_more, latest]), 0, "{n}");
    }
    let (known, counts) = rows(&db);
    assert_eq!(counts.events, 1_200 + 60 + 19);
    // As if all had come in order.
    let events = crate::store::tables::events::to_fold(&db, 1).unwrap();
    let state = EsimState::fold(events);
    assert_eq!(Reader { db: &db }.esim_state(1).unwrap(), Some(state));
    assert_eq!(known.len(), 1);
}

#[test]
fn what_was_kept_of_an_esim_is_not_believed_once_its_events_moved() {
    let db = with_long_history(1_200);
    let mut histories = Histories::default();
    let late = |n: i64| status(BOTH, "READY", 1001 + 2 * n);
    let mut turn = |body: String| drop(store_after(&db, &mut histories, &deliveries([body])));
    turn(late(0));
    // The number is another eSIM's from the middle on, so that what names it alone goes there.
    turn(status(r#""iccid":"8901""#, "ACTIVATED", 3_500));
    turn(status(r#""esim_id":"b","iccid":"8901""#, "NEW", 3_450));
    turn(late(1));
    turn(status(r#""iccid":"8901""#, "INACTIVE", 3_001));
    turn(late(2));
    for row in [1, 2] {
        let events = crate::store::tables::events::to_fold(&db, row).unwrap();
        let state = EsimState::fold(events);
        assert_eq!(Reader { db: &db }.esim_state(row).unwrap(), Some(state));
    }
    assert_eq!(rows(&db).1.esims, 2);
}

#[tokio::test]
async fn what_a_transaction_that_failed_told_of_an_esim_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), |_| {}).unwrap();
    let writer = store.writer();
    let each = (0..1_200).map(|n| status(BOTH, "ACTIVATED", 1000 + 2 * n));
    for delivery in deliveries(each) {
        writer.deliver(delivery).await.unwrap();
    }
    let late = |n: i64| deliveries([status(BOTH, "READY", 1001 + 2 * n)]).remove(0);
    writer.deliver(late(0)).await.unwrap();
    // The event is stored, and the transaction takes it back.
    let break_it = |tx: &Connection| {
        tx.execute_batch(
            "CREATE TRIGGER broken BEFORE UPDATE OF event_count ON esims BEGIN SELECT raise(ABORT, 'broken'); END",
        )
    };
    writer.change(break_it).await.unwrap();
    assert!(writer.deliver(late(1)).await.is_err());
    let mend = |tx: &Connection| tx.execute_batch("DROP TRIGGER broken");
    writer.change(mend).await.unwrap();
    let stored = writer.deliver(late(1)).await.unwrap();
    assert_eq!(stored.verdict, Verdict::Accepted);
    let state = store.readers().read(|store| store.esim_state(1)).unwrap();
    assert_eq!(state.unwrap().event_count, 1_202);
}

#[test]
fn late_events_without_a_name_of_their_own_are_folded_once_too() {
    let db = with_history();
    let burst = deliveries((0..60).map(|n| status(r#""iccid":"8901""#, "READY", 1001 + 2 * n)));
    assert_eq!(walks(&db, || drop(store_together(&db, &burst))), 3);
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn two_esims_that_claim_one_iccid_by_turns_cost_no_more_than_others() {
    let db = with_history();
    deliver(&db, &status(r#""esim_id":"b","iccid":"8901""#, "NEW", 2000));
    let turns = (0..60).map(|n| {
        let name = if n % 2 == 0 { "a" } else { "b" };
        let names = format!(r#""esim_id":"{name}","iccid":"8901""#);
        status(&names, "ACTIVATED", 2001 + n)
    });
    let nameless = (0..20).map(|n| status(r#""iccid":"8901""#, "INACTIVE", 3000 + n));
    let bodies = deliveries(turns.chain(nameless));
    assert_eq!(walks(&db, || drop(store_together(&db, &bodies))), 0);
    let row = Reader { db: &db }.esim_row("8901").unwrap().unwrap();
    assert_eq!(row, 2, "the last one that claimed it has it");
    assert_eq!(rows(&db).1.events, 282);
}

#[test]
fn a_transaction_with_much_to_fold_takes_no_more_on() {
    let mut late = LateEvents::default();
    for _ in 0..60 {
        late.fold_later(1, 20_000);
    }
    assert!(!late.are_many(), "one eSIM is folded once");
    late.fold_later(2, 20_000);
    late.fold_later(3, 20_000);
    assert!(late.are_many());
}

#[test]
fn a_fold_needs_no_details() {
    use crate::event::Event;
    use crate::store::tables::events::{of_esim, to_fold};
    let db = with_history();
    let usage = r#"{"event_category":"esim","event_type":"usage","esim_id":"a","iccid":"8901","timestamp":1701,"usage_data":{"allowed_data":9,"remaining_data":3},"usage_list":[{"date":"2025-11-27","data_used":6}]}"#;
    deliver(&db, usage);
    let whole: Vec<_> = of_esim(&db, 1).unwrap();
    assert!(whole.iter().any(|stored| stored.event.details.is_some()));
    let without = whole.into_iter().map(|stored| Event {
        details: None,
        ..stored.event
    });
    assert_eq!(to_fold(&db, 1).unwrap(), without.collect::<Vec<_>>());
}
