//! Tests of the tables through one delivery after another, and invariant 2 as a property.

mod alerts;
mod changing;
mod checking;
mod counting;
mod errors;
mod files;
mod finding;
mod late;
mod one_form;
mod owning;
#[cfg(unix)]
mod places;
mod plans;
mod same_change;
mod settings_kept;
mod times;
mod travellers;
mod writing;
mod written;

pub(in crate::store) use finding::find;

use esim_watch_payloads::Payload;
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::*;
use crate::esim::EsimState;
use crate::event::ProviderId;
use crate::provider::{self, pigeon::PIGEON};
use crate::store::deliver::append::append;
use crate::store::deliver::late::LateEvents;
use crate::store::file::schema;
use crate::store::tables::counters::Deltas;

pub(in crate::store) fn database() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate(&mut db).unwrap();
    db
}

/// When deliveries come here, UTC milliseconds: in 2001, when seconds that are counted from 0 on were believed.
const CAME: i64 = 1_000_000_000_000;

fn deliver(db: &Connection, body: &str) -> Change {
    deliver_at(db, body, CAME)
}

pub(in crate::store) fn deliver_at(db: &Connection, body: &str, received_at_ms: i64) -> Change {
    store(db, &Delivery::of(body, received_at_ms))
}

fn store(db: &Connection, delivery: &Delivery) -> Change {
    store_together(db, std::slice::from_ref(delivery))
        .pop()
        .unwrap()
}

/// Stores deliveries in one transaction, as the writer does.
fn store_together(db: &Connection, deliveries: &[Delivery]) -> Vec<Change> {
    let (mut deltas, mut late) = (Deltas::default(), LateEvents::default());
    let changes = deliveries
        .iter()
        .map(|delivery| append(db, delivery, &mut deltas, &mut late).unwrap())
        .collect();
    late.fold(db, &mut deltas).unwrap();
    deltas.write(db).unwrap();
    changes
}

/// The state of the eSIM that a change's event belongs to.
fn state_of(db: &Connection, change: &Change) -> EsimState {
    let row = change.event.as_ref().unwrap().esim.unwrap();
    Reader { db }.esim_state(row).unwrap().unwrap()
}

/// Every eSIM's row but its row id and place, sorted; and the totals.
pub(in crate::store) fn rows(db: &Connection) -> (Vec<String>, Counts) {
    let reader = Reader { db };
    assert_eq!(reader.check().unwrap(), Vec::<String>::new());
    let mut rows = Vec::new();
    reader
        .each_esim(|esim| {
            rows.push(format!("{esim:?}"));
            Ok::<_, rusqlite::Error>(())
        })
        .unwrap();
    rows.sort();
    (rows, reader.counts().unwrap())
}

/// A status of an eSIM that is named by these fields.
pub(in crate::store) fn status(names: &str, status: &str, at: i64) -> String {
    let names: Map<String, Value> = serde_json::from_str(&format!("{{{names}}}")).unwrap();
    let payload = Payload::status(status).at(at).flat();
    let named = names
        .into_iter()
        .fold(payload, |payload, (name, value)| payload.set(&name, value));
    named.json().to_string()
}

#[test]
fn the_same_delivery_again_is_counted_and_not_stored_again() {
    let db = database();
    let body = status(r#""esim_id":"a""#, "NEW", 10);
    assert_eq!(deliver(&db, &body).verdict, Verdict::Accepted);
    for _ in 0..3 {
        let again = deliver(&db, &body);
        assert_eq!(again.verdict, Verdict::Duplicate);
        assert_eq!(again.esim, None);
    }
    let (deliveries, repeats): (i64, i64) = db
        .query_row("SELECT count(*), sum(repeats) FROM deliveries", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((deliveries, repeats), (1, 3));
    assert_eq!(rows(&db).1.events, 1);
}

#[test]
fn the_same_event_in_the_other_envelope_keeps_its_bytes() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    let nested = Payload::status("NEW").esim_id("a").at(10).reference("R");
    let change = deliver(&db, &nested.json().to_string());
    assert_eq!(change.verdict, Verdict::Duplicate);
    assert_eq!(
        state_of(&db, &change).reference_id.as_deref(),
        Some("R"),
        "what it adds is taken over"
    );
    let bodies: i64 = db
        .query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0))
        .unwrap();
    assert_eq!(bodies, 2);
    assert_eq!(rows(&db).1.events, 1);
}

#[test]
fn two_half_known_esims_become_one_and_keep_their_history() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a""#, "NEW", 10));
    deliver(&db, &status(r#""iccid":"89""#, "INSTALLED", 20));
    assert_eq!(rows(&db).1.esims, 2);
    let change = deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"89""#, "ACTIVATED", 30),
    )
    .esim
    .unwrap();
    assert_eq!(change.replaced, ["89"]);
    let (_, counts) = rows(&db);
    assert_eq!((counts.esims, counts.events), (1, 3));
    let reader = Reader { db: &db };
    for key in ["a", "89"] {
        let row = reader.esim_row(key).unwrap().unwrap();
        let state = reader.esim_state(row).unwrap().unwrap();
        assert_eq!(state.key().as_deref(), Some("a"));
        assert_eq!(reader.events_of_esim(row, 0, 10).unwrap().len(), 3);
    }
}

#[test]
fn an_iccid_only_esim_that_gets_its_id_stays_the_same_esim() {
    let db = database();
    deliver(&db, &status(r#""iccid":"89""#, "ACTIVATED", 10));
    let change = deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"89""#, "INACTIVE", 30),
    )
    .esim
    .unwrap();
    assert_eq!(change.replaced, ["89"]);
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn an_iccid_that_is_given_again_leaves_the_old_esim_its_history() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a","iccid":"89""#, "NEW", 10));
    deliver(&db, &status(r#""iccid":"89""#, "INSTALLED", 20));
    let change = deliver(&db, &status(r#""esim_id":"b","iccid":"89""#, "NEW", 30));
    assert_eq!(state_of(&db, &change).event_count, 1);
    let expired = deliver(&db, &status(r#""iccid":"89""#, "EXPIRED", 25));
    assert_eq!(state_of(&db, &expired).esim_id.as_deref(), Some("a"));
    let activated = deliver(&db, &status(r#""iccid":"89""#, "ACTIVATED", 35));
    let after = state_of(&db, &activated);
    assert_eq!(
        (after.esim_id.as_deref(), after.event_count),
        (Some("b"), 2)
    );
    let early = deliver(&db, &status(r#""iccid":"89""#, "READY", 5));
    assert_eq!(state_of(&db, &early).esim_id.as_deref(), Some("a"));
    rows(&db);
}

#[test]
fn malformed_bytes_are_kept_once() {
    let db = database();
    for _ in 0..2 {
        assert_eq!(deliver(&db, "not json").verdict, Verdict::Malformed);
    }
    let kept: (i64, i64) = db
        .query_row(
            "SELECT count(*), max(repeats) FROM deliveries WHERE event IS NULL",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(kept, (1, 1));
}

fn deliver_pigeon(db: &Connection, body: &str) -> Change {
    let parsed = provider::by_id(PIGEON).read(body.as_bytes());
    store(
        db,
        &Delivery::received(CAME, None, PIGEON, body.into(), parsed),
    )
}

#[test]
fn an_esim_is_known_by_its_provider_and_its_id_there() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a","iccid":"89""#, "NEW", 10));
    let other = deliver_pigeon(&db, r#"{"sim":"a","number":"89","state":"NEW","at":10}"#);
    assert_eq!(other.verdict, Verdict::Accepted);
    assert_eq!(rows(&db).1.esims, 2);
    // Each of them named by its ICCID only: the event stays with its provider.
    let named = deliver(&db, &status(r#""iccid":"89""#, "ACTIVATED", 20));
    let named = state_of(&db, &named);
    assert_eq!((named.provider, named.event_count), (ProviderId::FIRST, 2));
    let named = deliver_pigeon(&db, r#"{"number":"89","state":"EXPIRED","at":30}"#);
    let named = state_of(&db, &named);
    assert_eq!((named.provider, named.event_count), (PIGEON, 2));
    let reader = Reader { db: &db };
    let keys = reader.esim_keys(&[1, 2]).unwrap();
    assert_eq!(keys, ["a", "1000/a"]);
    for (row, key) in [(1, "a"), (2, "1000/a"), (1, "89"), (2, "1000/89")] {
        assert_eq!(reader.esim_row(key).unwrap(), Some(row), "{key}");
    }
    let found = Reader { db: &db }.esim_row("a").unwrap().unwrap();
    let state = Reader { db: &db }.esim_state(found).unwrap().unwrap();
    assert_eq!(
        state.provider,
        ProviderId::FIRST,
        "the first one is found by its id"
    );
    assert_eq!(rows(&db).1.esims, 2);
}

#[test]
fn half_known_esims_of_two_providers_never_become_one() {
    let db = database();
    deliver_pigeon(&db, r#"{"number":"89","state":"NEW","at":5}"#);
    deliver(&db, &status(r#""iccid":"89""#, "NEW", 6));
    deliver(
        &db,
        &status(r#""esim_id":"a","iccid":"89""#, "ACTIVATED", 7),
    );
    let late = deliver_pigeon(
        &db,
        r#"{"sim":"b","number":"89","state":"INSTALLED","at":4}"#,
    );
    assert_eq!(state_of(&db, &late).event_count, 2);
    assert_eq!(rows(&db).1.esims, 2);
}

#[test]
fn what_an_event_named_before_it_was_told_otherwise_keeps_no_iccid_from_a_later_one() {
    let status = |names: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"status",{names},"status":"ACTIVATED","timestamp":{at}}}"#
        )
    };
    let refund = |names: &str, at: i64| {
        format!(
            r#"{{"event_category":"refund","event_type":"refunded","event_id":"e2",{names},"timestamp":{at}}}"#
        )
    };
    let bodies = [
        refund(r#""iccid":"2""#, 4),
        status(r#""iccid":"1""#, 1),
        refund(r#""esim_id":"a","iccid":"1""#, 2),
        status(r#""esim_id":"a","iccid":"1""#, 5),
    ];
    let after = |order: [usize; 4]| {
        let db = database();
        for place in order {
            deliver(&db, &bodies[place]);
        }
        rows(&db)
    };
    let expected = after([0, 1, 2, 3]);
    assert_eq!(expected.1.esims, 1);
    for order in [[1, 2, 0, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        assert_eq!(after(order), expected, "{order:?}");
    }
}

/// Payloads that collide on purpose: few eSIMs, few seconds, identities in every combination,
/// among them two ids with one ICCID and event ids that come with different content.
fn payload() -> impl Strategy<Value = String> {
    let id = prop::option::weighted(0.7, prop::sample::select(vec!["a", "b", "c"]));
    let iccid = prop::option::weighted(
        0.7,
        prop::sample::select(vec!["1", "2", "3", "1-F", "1.5e3"]),
    );
    let reference = prop::option::of(prop::sample::select(vec!["R1", "R2"]));
    let at = prop::option::weighted(0.9, 1..8_i64);
    let status = prop::option::weighted(
        0.9,
        prop::sample::select(vec![
            "NEW",
            "ACTIVATED",
            "INACTIVE",
            "EXPIRED",
            "REVOKED",
            "UNKNOWN",
            "SUSPENDED",
        ]),
    );
    let kind = prop::sample::select(vec!["status", "status", "usage", "moved"]);
    let event_id = prop::option::weighted(0.2, prop::sample::select(vec!["e1", "e2"]));
    let end = prop::option::of(10..13_i64);
    (
        id,
        iccid,
        reference,
        at,
        status,
        kind,
        event_id,
        end,
        any::<bool>(),
    )
        .prop_map(
            |(id, iccid, reference, at, status, kind, event_id, end, nested)| {
                let fields: [(&str, Option<Value>); 6] = [
                    ("esim_id", id.map(Into::into)),
                    ("iccid", iccid.map(Into::into)),
                    ("reference_id", reference.map(Into::into)),
                    ("timestamp", at.map(Into::into)),
                    ("status", status.map(Into::into)),
                    ("end", end.map(Into::into)),
                ];
                let mut payload = Payload::new("esim", kind).without("timestamp");
                if let Some(event_id) = event_id {
                    payload = payload.event_id(event_id);
                }
                for (name, value) in fields {
                    if let Some(value) = value {
                        payload = payload.set(name, value);
                    }
                }
                let payload = if nested { payload } else { payload.flat() };
                payload.json().to_string()
            },
        )
}

/// A history, and the same with repeats, shuffled.
pub(in crate::store) fn histories() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    prop::collection::vec(payload(), 1..14).prop_flat_map(|history| {
        let repeated = prop::collection::vec(prop::sample::select(history.clone()), 0..8);
        (Just(history), repeated).prop_flat_map(|(history, repeated)| {
            let again: Vec<String> = history.iter().cloned().chain(repeated).collect();
            (Just(history), Just(again).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Invariant 2 of the design: state depends on the set of events alone.
    #[test]
    fn any_order_and_any_repeats_give_the_same_rows((history, again) in histories()) {
        let (one, other) = (database(), database());
        for body in &history {
            deliver(&one, body);
        }
        for body in &again {
            deliver(&other, body);
        }
        prop_assert_eq!(rows(&one), rows(&other));
    }
}
