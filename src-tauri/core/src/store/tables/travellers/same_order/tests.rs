//! Who travels with an eSIM whose reference has had others.

use rusqlite::Connection;

use crate::store::Reader;
use crate::store::tables::travellers::{name_of, set};
use crate::store::tests::{database, deliver_at};
use crate::traveller::{Owner, Traveller};

const DAY: i64 = 86_400;

/// 1 December 2025, 00:00:00 UTC.
const DECEMBER: i64 = 1_764_547_200;

/// An event that gives the eSIM of this id and the reference R this status, with the days of its period.
fn becomes(db: &Connection, id: &str, status: &str, at: i64, period: Option<(i64, i64)>) {
    let period = period.map_or(String::new(), |(start, end)| {
        format!(r#","start":{start},"end":{end}"#)
    });
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{id}","reference_id":"R","status":"{status}","timestamp":{at}{period}}}"#
    );
    deliver_at(db, &body, (at + 1) * 1000);
}

/// An eSIM that was used for a week from this day on.
fn used(db: &Connection, id: &str, start: i64) {
    let period = Some((start, start + 7 * DAY));
    becomes(db, id, "NEW", start - 3 * DAY, None);
    becomes(db, id, "ACTIVATED", start, period);
    becomes(db, id, "EXPIRED", start + 7 * DAY, period);
}

fn note(db: &Connection, owner: &Owner, name: &str, first: Option<&str>, at: i64) {
    let traveller = Traveller {
        name: name.to_owned(),
        trip_start: first.map(str::to_owned),
        ..Traveller::default()
    };
    set(db, owner, Some(&traveller), at * 1000).unwrap();
}

fn order() -> Owner {
    Owner::Order("R".to_owned())
}

/// The row of the eSIM that was heard of so early.
fn row(db: &Connection, number: usize) -> i64 {
    let keys = ["old-1", "new-2", "third-3"];
    let row = Reader { db }.esim_row(keys[number - 1]).unwrap();
    row.unwrap()
}

/// Who travels with an eSIM, and whom else its reference stands for.
fn known(db: &Connection, number: usize) -> (Option<String>, Option<String>) {
    let row = row(db, number);
    let name = name_of(db, row).unwrap();
    let card = Reader { db }.traveller(row).unwrap();
    let shown = card.own.or(card.of_order).map(|shown| shown.name);
    assert_eq!(name, shown, "the list and the eSIM's page tell the same");
    let mut listed = None;
    let each = |_, found: Option<crate::store::EsimAndTraveller>| {
        listed = found.unwrap().traveller.map(|shown| shown.name);
    };
    Reader { db }.each_of_these_esims([row], each).unwrap();
    assert_eq!(name, listed, "so does the list of eSIMs");
    (name, card.other)
}

fn is(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn a_reference_that_is_used_again_does_not_stand_for_last_years_traveller() {
    let db = database();
    note(&db, &order(), "Ben", None, DECEMBER - 380 * DAY);
    used(&db, "old-1", DECEMBER - 370 * DAY);
    becomes(&db, "new-2", "NEW", DECEMBER, None);
    assert_eq!(known(&db, 1), (is("Ben"), None));
    assert_eq!(known(&db, 2), (None, is("Ben")));
    // Also when it is used.
    let period = Some((DECEMBER + 9 * DAY, DECEMBER + 16 * DAY));
    becomes(&db, "new-2", "ACTIVATED", DECEMBER + 9 * DAY, period);
    assert_eq!(known(&db, 2), (None, is("Ben")));
    let query = crate::store::TravellerQuery {
        search: "Ben".to_owned(),
        limit: 10,
        most_esims: 10,
        ..crate::store::TravellerQuery::default()
    };
    let page = Reader { db: &db }.travellers(&query, &crate::letters::Letters::default());
    let esims = page.unwrap().rows.remove(0).esims;
    let keys: Vec<String> = esims.into_iter().map(|esim| esim.key).collect();
    assert_eq!(keys, ["old-1"]);
    // Whoever is noted for it is known.
    note(&db, &Owner::Esim(row(&db, 2)), "Anna", None, DECEMBER);
    assert_eq!(known(&db, 2), (is("Anna"), None));
}

#[test]
fn who_is_noted_after_the_last_trip_waits_for_the_next_esim() {
    let db = database();
    used(&db, "old-1", DECEMBER - 370 * DAY);
    note(&db, &order(), "Anna", None, DECEMBER - 40 * DAY);
    becomes(&db, "new-2", "NEW", DECEMBER, None);
    assert_eq!(known(&db, 2), (is("Anna"), None));
}

#[test]
fn what_is_sold_within_weeks_is_for_the_same_traveller() {
    for days in [0, 5, 29] {
        let db = database();
        note(&db, &order(), "Ben", None, DECEMBER - 20 * DAY);
        used(&db, "old-1", DECEMBER - 7 * DAY);
        becomes(&db, "new-2", "NEW", DECEMBER + days * DAY, None);
        assert_eq!(known(&db, 2), (is("Ben"), None), "{days}");
    }
}

#[test]
fn an_esim_that_is_replaced_on_a_trip_leaves_its_traveller_to_the_next() {
    // Taken back while it was used, before it was, or at the end of its package.
    for (first_use, taken_back) in [(true, true), (false, true), (true, false)] {
        let db = database();
        note(&db, &order(), "Ben", Some("2025-12-01"), DECEMBER - DAY);
        becomes(&db, "old-1", "NEW", DECEMBER - 2 * DAY, None);
        let period = Some((DECEMBER, DECEMBER + 14 * DAY));
        if first_use {
            becomes(&db, "old-1", "ACTIVATED", DECEMBER, period);
        }
        if taken_back {
            becomes(&db, "old-1", "REVOKED", DECEMBER + 4 * DAY, None);
        }
        becomes(&db, "new-2", "NEW", DECEMBER + 5 * DAY, None);
        assert_eq!(known(&db, 2), (is("Ben"), None), "{first_use} {taken_back}");
    }
}

#[test]
fn what_is_sold_after_a_trip_without_a_last_day_is_for_another() {
    let db = database();
    note(&db, &order(), "Ben", Some("2025-12-01"), DECEMBER - DAY);
    used(&db, "old-1", DECEMBER);
    becomes(&db, "new-2", "NEW", DECEMBER + 11 * DAY, None);
    assert_eq!(known(&db, 2), (None, is("Ben")));
}

#[test]
fn who_has_another_esim_of_a_reference_is_named_beside_the_next_and_is_not_taken_for_its_traveller()
{
    let db = database();
    used(&db, "old-1", DECEMBER);
    note(
        &db,
        &Owner::Esim(row(&db, 1)),
        "Ben",
        Some("2025-12-01"),
        DECEMBER,
    );
    becomes(&db, "new-2", "NEW", DECEMBER + DAY, None);
    assert_eq!(known(&db, 2), (None, is("Ben")));
    // Of two nobody knows who is meant.
    becomes(&db, "third-3", "NEW", DECEMBER + DAY, None);
    note(&db, &Owner::Esim(row(&db, 3)), "Eva", None, DECEMBER);
    assert_eq!(known(&db, 2), (None, None));
}
