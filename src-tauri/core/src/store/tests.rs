//! Tests of the tables through one delivery after another, and invariant 2 as a property.

mod alerts;
mod changing;
mod checking;
mod counting;
mod errors;
mod files;
mod owning;
mod settings_kept;
mod travellers;
mod writing;

use proptest::prelude::*;

use rusqlite::Connection;

use super::*;
use crate::event::parse;
use crate::store::deliver::append::append;
use crate::store::file::schema;
use crate::store::tables::counters::Deltas;

pub(in crate::store) fn database() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate(&mut db).unwrap();
    db
}

fn deliver(db: &Connection, body: &str) -> Change {
    deliver_at(db, body, 1_764_000_000_000)
}

pub(in crate::store) fn deliver_at(db: &Connection, body: &str, received_at_ms: i64) -> Change {
    let mut deltas = Deltas::default();
    let delivery = Delivery {
        received_at_ms,
        headers: None,
        body: body.as_bytes().to_vec(),
        parsed: parse(body.as_bytes()),
    };
    let change = append(db, &delivery, &mut deltas).unwrap();
    deltas.write(db).unwrap();
    change
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

pub(in crate::store) fn status(id: &str, status: &str, at: i64) -> String {
    format!(
        r#"{{"event_category":"esim","event_type":"status",{id},"status":"{status}","timestamp":{at}}}"#
    )
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
    deliver(
        &db,
        r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":10}"#,
    );
    let nested = r#"{"event_category":"esim","event_type":"status","data":{"esim_id":"a","status":"NEW","timestamp":10,"reference_id":"R"}}"#;
    let change = deliver(&db, nested);
    assert_eq!(change.verdict, Verdict::Duplicate);
    assert_eq!(
        change.esim.unwrap().after.reference_id.as_deref(),
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
    assert_eq!(change.before.unwrap().status_text(), "INSTALLED");
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
    assert_eq!(change.before.unwrap().status_text(), "ACTIVATED");
    assert_eq!(change.replaced, ["89"]);
    assert_eq!(rows(&db).1.esims, 1);
}

#[test]
fn an_iccid_that_moves_takes_its_nameless_events_to_the_latest_owner() {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a","iccid":"89""#, "NEW", 10));
    deliver(&db, &status(r#""iccid":"89""#, "INSTALLED", 20));
    let change = deliver(&db, &status(r#""esim_id":"b","iccid":"89""#, "NEW", 30))
        .esim
        .unwrap();
    assert_eq!(change.after.event_count, 2);
    assert_eq!(change.others.len(), 1);
    assert_eq!(change.others[0].event_count, 1);
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

/// Payloads that collide on purpose: few eSIMs, few seconds, identities in every combination,
/// among them two ids with one ICCID and event ids that come with different content.
fn payload() -> impl Strategy<Value = String> {
    let id = prop::option::weighted(0.7, prop::sample::select(vec!["a", "b", "c"]));
    let iccid = prop::option::weighted(0.7, prop::sample::select(vec!["1", "2", "3"]));
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
                let mut fields = serde_json::Map::new();
                let mut put = |name: &str, value: Option<serde_json::Value>| {
                    if let Some(value) = value {
                        fields.insert(name.to_owned(), value);
                    }
                };
                put("esim_id", id.map(Into::into));
                put("iccid", iccid.map(Into::into));
                put("reference_id", reference.map(Into::into));
                put("timestamp", at.map(Into::into));
                put("status", status.map(Into::into));
                put("end", end.map(Into::into));
                let mut envelope =
                    serde_json::json!({"event_category": "esim", "event_type": kind});
                if let Some(event_id) = event_id {
                    envelope["event_id"] = event_id.into();
                }
                if nested {
                    envelope["data"] = fields.into();
                } else {
                    envelope.as_object_mut().unwrap().extend(fields);
                }
                envelope.to_string()
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
