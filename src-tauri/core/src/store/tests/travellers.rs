//! Travellers of eSIMs and of orders.

use super::*;
use crate::letters::Letters;
use crate::store::tables::travellers::{move_to, name_of, of, rows_of, set};
use crate::store::{EsimAndTraveller, TravellerPage, TravellerQuery};
use crate::traveller::{Owner, Traveller};

/// A store with two eSIMs of the order R, in rows 1 and 2.
fn with_an_order() -> Connection {
    let db = database();
    for id in ["a", "b"] {
        let names = format!(r#""esim_id":"{id}","reference_id":"R""#);
        deliver(&db, &status(&names, "NEW", 10));
    }
    db
}

fn named(name: &str) -> Traveller {
    Traveller {
        name: name.to_owned(),
        ..Traveller::default()
    }
}

fn order() -> Owner {
    Owner::Order("R".to_owned())
}

/// Notes a traveller of this name.
fn note(db: &Connection, owner: &Owner, name: &str) {
    set(db, owner, Some(&named(name)), 0).unwrap();
}

fn name(db: &Connection, esim: i64) -> Option<String> {
    name_of(db, esim).unwrap()
}

#[test]
fn nobody_is_noted_at_first() {
    let db = with_an_order();
    assert_eq!(of(&db, &order()).unwrap(), None);
    assert_eq!(name(&db, 1), None);
}

#[test]
fn a_traveller_is_kept_whole() {
    let db = with_an_order();
    let whole = Traveller {
        contact: "+39 06 1".to_owned(),
        trip_start: Some("2026-12-01".to_owned()),
        trip_end: Some("2026-12-09".to_owned()),
        note: "Vegan\nWindow".to_owned(),
        tags: vec!["VIP".to_owned(), "group 7".to_owned()],
        ..named("Maria Rossi")
    };
    set(&db, &Owner::Esim(1), Some(&whole), 0).unwrap();
    assert_eq!(of(&db, &Owner::Esim(1)).unwrap(), Some(whole));
}

#[test]
fn the_orders_traveller_is_that_of_each_of_its_esims() {
    let db = with_an_order();
    note(&db, &order(), "Maria");
    assert_eq!(name(&db, 1).as_deref(), Some("Maria"));
    assert_eq!(name(&db, 2).as_deref(), Some("Maria"));
}

#[test]
fn an_esims_own_traveller_counts_before_the_orders() {
    let db = with_an_order();
    note(&db, &order(), "Maria");
    note(&db, &Owner::Esim(1), "Luca");
    assert_eq!(name(&db, 1).as_deref(), Some("Luca"));
    assert_eq!(name(&db, 2).as_deref(), Some("Maria"));
}

#[test]
fn whoever_is_noted_last_takes_the_place_of_the_one_before() {
    let db = with_an_order();
    note(&db, &order(), "Maria");
    note(&db, &order(), "Luca");
    assert_eq!(of(&db, &order()).unwrap(), Some(named("Luca")));
}

#[test]
fn an_empty_traveller_is_none() {
    let db = with_an_order();
    note(&db, &order(), "Maria");
    set(&db, &order(), Some(&Traveller::default()), 0).unwrap();
    assert_eq!(of(&db, &order()).unwrap(), None);
}

#[test]
fn removing_an_esims_own_traveller_leaves_the_orders() {
    let db = with_an_order();
    note(&db, &order(), "Maria");
    note(&db, &Owner::Esim(1), "Luca");
    set(&db, &Owner::Esim(1), None, 0).unwrap();
    assert_eq!(name(&db, 1).as_deref(), Some("Maria"));
}

#[test]
fn an_order_shows_its_traveller_at_all_of_its_esims() {
    let db = with_an_order();
    assert_eq!(rows_of(&db, &order()).unwrap(), [1, 2]);
    assert_eq!(rows_of(&db, &Owner::Esim(2)).unwrap(), [2]);
    let unknown = Owner::Order("nobody's".to_owned());
    assert_eq!(rows_of(&db, &unknown).unwrap(), [0_i64; 0]);
}

#[test]
fn the_traveller_of_an_esim_that_became_another_goes_along() {
    let db = with_an_order();
    note(&db, &Owner::Esim(1), "Luca");
    move_to(&db, 1, 2, 0).unwrap();
    assert_eq!(of(&db, &Owner::Esim(1)).unwrap(), None);
    assert_eq!(of(&db, &Owner::Esim(2)).unwrap(), Some(named("Luca")));
}

#[test]
fn of_two_travellers_that_become_one_the_survivors_stands_and_the_other_is_noted() {
    let db = with_an_order();
    note(&db, &Owner::Esim(1), "Luca");
    note(&db, &Owner::Esim(2), "Maria");
    move_to(&db, 1, 2, 0).unwrap();
    let both = of(&db, &Owner::Esim(2)).unwrap().unwrap();
    assert_eq!((both.name.as_str(), both.note.as_str()), ("Maria", "Luca"));
}

#[test]
fn where_nobody_was_noted_nobody_goes_along() {
    let db = with_an_order();
    note(&db, &Owner::Esim(2), "Maria");
    move_to(&db, 1, 2, 0).unwrap();
    assert_eq!(of(&db, &Owner::Esim(2)).unwrap(), Some(named("Maria")));
}

#[test]
fn the_first_day_of_a_trip_is_the_esims_own_else_the_orders() {
    let db = with_an_order();
    let leaves = |day: &str| Traveller {
        trip_start: Some(day.to_owned()),
        ..Traveller::default()
    };
    set(&db, &order(), Some(&leaves("2026-12-01")), 0).unwrap();
    set(&db, &Owner::Esim(1), Some(&leaves("2026-12-05")), 0).unwrap();
    let trip = |esim| Reader { db: &db }.trip_start(esim).unwrap();
    assert_eq!(trip(1).as_deref(), Some("2026-12-05"));
    assert_eq!(trip(2).as_deref(), Some("2026-12-01"));
}

#[test]
fn who_travels_with_an_esim_does_so_also_when_it_is_made_ready_days_after_its_sale() {
    // 27 November 2025, 08:00:00 UTC.
    const SOLD: i64 = 1_764_230_400;
    let db = database();
    let told = |name: &str, at: i64| {
        deliver(
            &db,
            &status(r#""esim_id":"a","reference_id":"R""#, name, at),
        );
    };
    told("NEW", SOLD);
    let leaves = Traveller {
        trip_start: Some("2025-11-27".to_owned()),
        ..named("Maria")
    };
    set(&db, &order(), Some(&leaves), 0).unwrap();
    let everywhere = || {
        let reader = Reader { db: &db };
        let mut listed = None;
        let list = |_, found: Option<EsimAndTraveller>| listed = found.unwrap().traveller;
        reader.each_of_these_esims([1], list).unwrap();
        [
            of(&db, &order())
                .unwrap()
                .filter(|_| name(&db, 1).is_some()),
            reader.traveller(1).unwrap().of_order,
            listed,
        ]
    };
    told("READY", SOLD + 4 * 86_400);
    let it = Some(leaves);
    assert_eq!(everywhere(), [it.clone(), it.clone(), it]);
    // One that is sold after the trip is another's.
    let later = status(
        r#""esim_id":"b","reference_id":"R""#,
        "READY",
        SOLD + 4 * 86_400,
    );
    deliver(&db, &later);
    assert_eq!(name(&db, 2), None);
}

#[test]
fn every_tag_is_listed_once_by_name() {
    let db = with_an_order();
    let tagged = |tags: &[&str]| Traveller {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..Traveller::default()
    };
    set(&db, &Owner::Esim(1), Some(&tagged(&["vip", "Group 7"])), 0).unwrap();
    set(&db, &Owner::Esim(2), Some(&tagged(&["vip"])), 0).unwrap();
    let tags = Reader { db: &db }
        .traveller_tags(&Letters::default())
        .unwrap();
    assert_eq!(tags, ["Group 7", "vip"]);
}

/// The names of the travellers that a search finds, in order.
fn found(db: &Connection, search: &str) -> Vec<String> {
    let query = TravellerQuery {
        search: search.to_owned(),
        offset: 0,
        limit: 100,
        most_esims: 10,
    };
    let page = Reader { db }.travellers(&query, &Letters::default());
    let TravellerPage { total, rows } = page.unwrap();
    assert_eq!(total, rows.len());
    let names = rows.into_iter().map(|row| row.traveller.name);
    names.collect()
}

#[test]
fn travellers_are_found_by_the_search_of_every_list() {
    let db = with_an_order();
    let names = r#""esim_id":"c","iccid":"8944500102198304826","reference_id":"S-7""#;
    deliver(&db, &status(names, "NEW", 10));
    let garcia = Traveller {
        contact: "+48 600 100 200".to_owned(),
        ..named("José García")
    };
    set(&db, &Owner::Esim(1), Some(&garcia), 0).unwrap();
    set(
        &db,
        &Owner::Order("S-7".to_owned()),
        Some(&named("Łukasz Groß")),
        0,
    )
    .unwrap();
    for search in ["garcia", "GARCÍA", "600100200", "600 100", "+48600100200"] {
        assert_eq!(found(&db, search), ["José García"], "{search}");
    }
    // The order's, by a number of one of its eSIMs.
    for search in [
        "lukasz gross",
        "8944500102198304826",
        "ICCID 8944-5001-0219-8304-826,",
        "304826",
        "s-7",
    ] {
        assert_eq!(found(&db, search), ["Łukasz Groß"], "{search}");
    }
}

#[test]
fn travellers_are_in_the_order_of_letters_those_without_a_name_last() {
    let db = database();
    let names = [
        "", "Zoe", "Øster", "Łukasz", "marta", "Group 10", "Group 9", "Ａnna",
    ];
    for (number, name) in (0..).zip(names) {
        let traveller = Traveller {
            contact: "x".to_owned(),
            ..named(name)
        };
        set(&db, &Owner::Order(format!("{number}")), Some(&traveller), 0).unwrap();
    }
    let order = [
        "Ａnna", "Group 9", "Group 10", "Łukasz", "marta", "Øster", "Zoe", "",
    ];
    assert_eq!(found(&db, ""), order);
}
