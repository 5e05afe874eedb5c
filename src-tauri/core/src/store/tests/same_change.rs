//! One change of status is one event, whether it is told by the eSIM's id, by its ICCID alone or by both, by webhook or
//! because the API was asked, and whichever comes first.

use super::*;
use crate::event::Sources;
use crate::store::deliver::found::{Findings, append_found};
use crate::store::upkeep::replay;

const AT: i64 = 1_795_000_000;

/// How a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Id,
    Iccid,
    Both,
}

/// A change of status, told once.
#[derive(Debug, Clone)]
struct Told {
    esim: &'static str,
    iccid: &'static str,
    status: &'static str,
    at: i64,
    named: Named,
    by_api: bool,
    reference: Option<&'static str>,
}

impl Told {
    fn body(&self) -> String {
        let id = (self.named != Named::Iccid).then(|| format!(r#""esim_id":"{}""#, self.esim));
        let iccid = (self.named != Named::Id).then(|| format!(r#""iccid":"{}""#, self.iccid));
        let reference = self
            .reference
            .map(|text| format!(r#""reference_id":"{text}""#));
        let names: Vec<String> = [id, iccid, reference].into_iter().flatten().collect();
        status(&names.join(","), self.status, AT + self.at)
    }

    fn deliver(&self, db: &Connection, came: i64) -> bool {
        let (mut deltas, mut late) = (Deltas::default(), LateEvents::default());
        let delivery = Delivery::of(self.body(), (AT + came) * 1000);
        let changes = if self.by_api {
            let delivery = Delivery {
                source: Sources::API,
                ..delivery
            };
            let findings = Findings {
                deliveries: vec![delivery],
                asked: None,
                so_far: None,
            };
            append_found(db, &findings, &mut deltas, &mut late).unwrap()
        } else {
            vec![append(db, &delivery, &mut deltas, &mut late).unwrap()]
        };
        late.fold(db, &mut deltas).unwrap();
        deltas.write(db).unwrap();
        changes.iter().any(|change| change.verdict.is_new())
    }
}

const OF_A: Told = Told {
    esim: "a",
    iccid: "8944500102198304826",
    status: "ACTIVATED",
    at: 50,
    named: Named::Both,
    by_api: false,
    reference: None,
};

/// What shows of the events: eSIM, key, ICCID, reference, time and source of each, sorted.
fn events(db: &Connection) -> Vec<String> {
    let mut events: Vec<String> = db
        .prepare(
            "SELECT coalesce(esims.esim_id, esims.iccid) || ' ' || key || ' ' || coalesce(events.iccid, '-') || ' '
                 || coalesce(events.reference_id, '-') || ' ' || occurred_at || ' ' || sources
             FROM events JOIN esims ON esims.id = events.esim",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    events.sort();
    events
}

/// Everything that may not depend on the order.
fn everything(db: &Connection) -> (Vec<String>, Vec<String>, Counts) {
    let (rows, counts) = rows(db);
    (events(db), rows, counts)
}

/// All that `tellings` give in this order, and how many of them were news.
fn after<'a>(tellings: impl IntoIterator<Item = &'a Told>) -> (Connection, usize) {
    let db = database();
    let news = tellings.into_iter().zip(1_000..);
    let news = news.filter(|(told, came)| told.deliver(&db, *came)).count();
    (db, news)
}

#[test]
fn what_is_told_by_the_iccid_alone_and_by_the_api_is_one_event() {
    let new = Told {
        status: "NEW",
        at: 0,
        ..OF_A
    };
    let sent = Told {
        named: Named::Iccid,
        reference: Some("TRIP-1"),
        ..OF_A
    };
    let asked = Told {
        by_api: true,
        ..OF_A
    };
    let mut ends = Vec::new();
    for order in [
        [&new, &sent, &asked],
        [&new, &asked, &sent],
        [&sent, &asked, &new],
        [&sent, &new, &asked],
        [&asked, &sent, &new],
    ] {
        let (db, news) = after(order);
        assert_eq!(news, 2);
        ends.push(everything(&db));
    }
    assert_eq!(ends[0].2.events, 2);
    assert!(
        ends[0].0[1].ends_with("8944500102198304826 TRIP-1 1795000050 3"),
        "{:?}",
        ends[0].0
    );
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:#?}");
}

#[test]
fn what_two_half_known_esims_were_told_is_one_event_once_they_are_one() {
    let by = |named, by_api| Told {
        named,
        by_api,
        ..OF_A
    };
    let halves = [by(Named::Iccid, false), by(Named::Id, true)];
    let names_both = Told {
        status: "INACTIVE",
        at: 60,
        ..OF_A
    };
    for order in [
        [&halves[0], &halves[1], &names_both],
        [&halves[1], &halves[0], &names_both],
        [&names_both, &halves[0], &halves[1]],
        [&halves[0], &names_both, &halves[1]],
    ] {
        let (db, _) = after(order);
        let (events, _, counts) = everything(&db);
        assert_eq!((counts.events, counts.esims), (2, 1), "{events:?}");
        assert!(events[0].ends_with(" - - 1795000050 3"), "{events:?}");
        // The bytes are kept, each under the event.
        let kept: i64 = db
            .query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 3);
    }
}

#[test]
fn a_late_telling_by_the_iccid_of_a_large_esim_costs_no_fold_each() {
    let told = |at, named, by_api| Told {
        at,
        named,
        by_api,
        ..OF_A
    };
    let sent: Vec<Told> = (0..300).map(|at| told(at, Named::Iccid, false)).collect();
    let asked: Vec<Told> = (0..300).map(|at| told(at, Named::Both, true)).collect();
    let (db, news) = after(sent.iter().chain(&asked));
    assert_eq!(news, 300);
    assert_eq!(everything(&db).2.events, 300);
}

#[test]
fn what_another_esim_claims_later_is_parted_again() {
    // The ICCID was told beside the id by mistake, in an event that is told otherwise afterwards.
    let usage = |iccid: &str| {
        format!(
            r#"{{"event_category":"esim","event_type":"usage","event_id":"e","esim_id":"a","iccid":"{iccid}","timestamp":{AT}}}"#
        )
    };
    let by = |named| Told { named, ..OF_A };
    let db = database();
    deliver_at(&db, &usage("8944500102198304826"), (AT + 1) * 1000);
    by(Named::Iccid).deliver(&db, 100);
    by(Named::Id).deliver(&db, 101);
    assert_eq!(everything(&db).2.events, 2);
    deliver_at(&db, &usage("8944500102198304834"), (AT + 102) * 1000);
    let (events, _, counts) = everything(&db);
    assert_eq!((counts.events, counts.esims), (3, 2), "{events:?}");
}

#[test]
fn what_an_earlier_version_kept_twice_becomes_one() {
    let by = |named, by_api| Told {
        named,
        by_api,
        ..OF_A
    };
    let new = Told {
        status: "NEW",
        at: 0,
        ..OF_A
    };
    let right = everything(&after([&new, &by(Named::Iccid, false), &by(Named::Both, true)]).0);
    for migrates in [true, false] {
        // Until the number is another eSIM's, the two are two.
        let (mut db, _) = after([&new, &by(Named::Both, true)]);
        let other = Told {
            iccid: "8944500102198304834",
            named: Named::Iccid,
            ..OF_A
        };
        other.deliver(&db, 2_000);
        for sql in [
            "UPDATE events SET iccid = '8944500102198304826', key = replace(key, '8944500102198304834', '8944500102198304826'),
                 esim = 1, previous = (SELECT last_event FROM esims WHERE id = 1) WHERE esim = 2",
            "UPDATE esims SET last_event = (SELECT max(id) FROM events) WHERE id = 1",
            "DELETE FROM esims WHERE id = 2",
            "DELETE FROM iccid_esims WHERE esim = 2",
            "UPDATE deliveries SET body = CAST(replace(CAST(body AS TEXT), '8944500102198304834', '8944500102198304826') AS BLOB)",
        ] {
            db.execute(sql, []).unwrap();
        }
        let found = Reader { db: &db }.check().unwrap();
        assert!(
            found.contains(&"that every event is stored once".to_owned()),
            "{found:?}"
        );
        if migrates {
            db.execute_batch(
                "ALTER TABLE esims DROP COLUMN reference_written; ALTER TABLE events DROP COLUMN reference_written;
                ALTER TABLE esims DROP COLUMN queued_start; ALTER TABLE esims DROP COLUMN queued_end;
                 ALTER TABLE esims DROP COLUMN end_is_reported;
                 DROP INDEX iccid_esims_esim; ALTER TABLE esims DROP COLUMN used_since_end;
                 ALTER TABLE alerts DROP COLUMN put_off_at_ms; PRAGMA user_version = 20",
            )
            .unwrap();
            schema::migrate(&mut db).unwrap();
        } else {
            let done = replay::tests::replayed(&mut db);
            assert_eq!(done.joined, 1);
        }
        assert_eq!(everything(&db), right, "{migrates}");
    }
}

/// What happens to three eSIMs, the last of which has the ICCID of the first after that one's time; told in any ways.
fn tellings() -> impl Strategy<Value = Vec<Told>> {
    let esim = prop::sample::select(vec![
        ("a", "8944500102198304826", 0_i64),
        ("b", "8944500102198304834", 0),
        ("c", "8944500102198304826", 100),
    ]);
    let status = prop::sample::select(vec!["NEW", "ACTIVATED", "INACTIVE", "EXPIRED"]);
    let named = prop::sample::select(vec![Named::Id, Named::Iccid, Named::Both]);
    let reference = prop::option::of(prop::sample::select(vec!["R1", "R2"]));
    let telling = (named, any::<bool>(), reference);
    let change = (
        esim,
        status,
        1..12_i64,
        prop::collection::vec(telling, 1..4),
    );
    prop::collection::vec(change, 1..7).prop_map(|changes| {
        let mut all = Vec::new();
        for ((esim, iccid, from), status, at, tellings) in changes {
            let told = move |(named, by_api, reference)| Told {
                esim,
                iccid,
                status,
                at: from + at,
                named,
                // The API names both.
                by_api: by_api && named == Named::Both,
                reference,
            };
            all.extend(tellings.into_iter().map(told));
        }
        // When each was sold everybody is told.
        for (esim, iccid, at) in [
            ("a", "8944500102198304826", 0),
            ("b", "8944500102198304834", 0),
            ("c", "8944500102198304826", 100),
        ] {
            if all.iter().any(|told: &Told| told.esim == esim) {
                all.push(Told {
                    esim,
                    iccid,
                    status: "NEW",
                    at,
                    ..OF_A
                });
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Each change is one event, with all ways by which it came, and nothing depends on the order.
    #[test]
    fn a_change_is_one_event_in_whatever_order_it_is_told(
        (told, again) in tellings().prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
    ) {
        let (one, other) = (after(&told).0, after(&again).0);
        let (one, other) = (everything(&one), everything(&other));
        prop_assert_eq!(&one, &other);
        let mut changes: Vec<_> = told.iter().map(|told| (told.esim, told.status, told.at)).collect();
        changes.sort_unstable();
        changes.dedup();
        prop_assert_eq!(one.0.len(), changes.len(), "{:#?}", one.0);
        let esims: std::collections::BTreeSet<_> = told.iter().map(|told| told.esim).collect();
        prop_assert_eq!(one.1.len(), esims.len());
    }
}
