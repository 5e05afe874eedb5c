//! A reference that is used again, and eSIMs that are still in use when somebody else's trip is listed.

use super::orders::{becomes, shown};
use super::*;

const DAY: i64 = 86_400;

/// Midnight of a day, UTC seconds.
fn at(day: Date) -> i64 {
    let days = (day - date(1970, 1, 1)).get_days();
    i64::from(days) * DAY
}

/// An eSIM in use from the first to the last day.
async fn used(store: &Store, (id, iccid): (&str, &str), first: Date, last: Date) {
    let (start, end) = (at(first), at(last) + DAY / 2);
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{id}","iccid":"{iccid}","reference_id":"R",
            "status":"ACTIVATED","start":{start},"end":{end},"timestamp":{start}}}"#
    );
    let delivery = Delivery::of(body, NOW);
    store.writer().deliver(delivery).await.unwrap();
}

const OLD: (&str, &str) = ("old1", "89445012345678301111");
const NEW: (&str, &str, &str) = ("new2", "89445012345678302222", "R");

/// Ben's trip, on which an eSIM is in use until the last of November.
const BEN: &str = "Name,Reference,Start,End\nBen,R,2025-11-20,2025-11-29\n";
const BOTH: &str = "Name,Reference,Start,End\n\
                    Ben,R,2025-11-20,2025-11-29\n\
                    Anna,R,2025-12-10,2025-12-20\n";

fn sets_nothing(proposals: &[Proposal]) -> bool {
    let same = |one: &Proposal| one.row.change == Some(booking::LineChange::Same);
    proposals.iter().all(|one| same(one) && one.set.is_empty())
}

async fn in_use(list: &str) -> (tempfile::TempDir, Arc<Store>) {
    let (dir, store) = store(&[]).await;
    used(&store, OLD, date(2025, 11, 20), date(2025, 11, 30)).await;
    take(&store, list).await;
    (dir, store)
}

#[tokio::test]
async fn an_esim_in_use_keeps_its_traveller_when_the_next_trip_is_listed() {
    let (_dir, store) = in_use(BEN).await;
    let anna = "Name,Reference,Start,End\nAnna,R,2025-12-10,2025-12-20\n";
    assert_eq!(owners(&proposed(&store, anna)), ["order of 0"]);
    take(&store, anna).await;
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
    assert!(sets_nothing(&proposed(&store, anna)));
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
    assert!(sets_nothing(&proposed(&store, anna)));
}

#[tokio::test]
async fn several_who_travel_later_wait_together_and_leave_an_esim_in_use_with_its_traveller() {
    let (_dir, store) = in_use(BEN).await;
    let later =
        "Name,Reference,Start,End\nAnna,R,2025-12-10,2025-12-20\nEva,R,2025-12-10,2025-12-20\n";
    assert_eq!(owners(&proposed(&store, later)), ["order of 0"; 2]);
    take(&store, later).await;
    assert_eq!(shown(&store, "old1"), shown(&in_use(BEN).await.1, "old1"));
    assert!(sets_nothing(&proposed(&store, later)));
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna, Eva"));
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
}

#[tokio::test]
async fn both_trips_of_a_reference_may_stand_in_one_list() {
    for reversed in [false, true] {
        let list = match reversed {
            true => {
                "Name,Reference,Start,End\nAnna,R,2025-12-10,2025-12-20\nBen,R,2025-11-20,2025-11-29\n"
            }
            false => BOTH,
        };
        let (_dir, store) = in_use(BEN).await;
        for _ in 0..2 {
            take(&store, list).await;
            assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
            assert!(
                sets_nothing(&proposed(&store, list)),
                "{:?}",
                proposed(&store, list)
            );
        }
        becomes(&store, NEW, "NEW", NOW / 1000).await;
        assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
        assert!(
            sets_nothing(&proposed(&store, list)),
            "{:?}",
            proposed(&store, list)
        );
    }
}

#[tokio::test]
async fn both_trips_are_told_apart_where_nobody_was_known() {
    let (_dir, store) = in_use(BOTH).await;
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
    assert!(sets_nothing(&proposed(&store, BOTH)));
    becomes(&store, (OLD.0, OLD.1, "R"), "EXPIRED", NOW / 1000 - 60).await;
    assert!(
        sets_nothing(&proposed(&store, BOTH)),
        "{:?}",
        proposed(&store, BOTH)
    );
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
}

#[tokio::test]
async fn one_who_travels_twice_with_a_reference_has_two_trips() {
    let list = "Name,Reference,Start,End\n\
                Ben,R,2025-11-20,2025-11-29\n\
                Ben,R,2025-12-10,2025-12-20\n";
    let (_dir, store) = in_use(list).await;
    let first = shown(&store, "old1").unwrap();
    assert_eq!(first.trip_start.as_deref(), Some("2025-11-20"));
    assert!(
        sets_nothing(&proposed(&store, list)),
        "{:?}",
        proposed(&store, list)
    );
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    let second = shown(&store, "new2").unwrap();
    assert_eq!(second.trip_start.as_deref(), Some("2025-12-10"));
    assert!(
        sets_nothing(&proposed(&store, list)),
        "{:?}",
        proposed(&store, list)
    );
}

#[tokio::test]
async fn who_waits_is_not_shown_with_an_esim_of_another_trip() {
    for list in [BOTH, "Name,Reference,Start\nAnna,R,2025-12-10\n"] {
        let (_dir, store) = store(&[]).await;
        used(&store, OLD, date(2025, 11, 19), date(2025, 11, 22)).await;
        becomes(
            &store,
            (OLD.0, OLD.1, "R"),
            "EXPIRED",
            at(date(2025, 11, 22)),
        )
        .await;
        take(&store, list).await;
        assert_ne!(name(&store, "old1").as_deref(), Some("Anna"));
        let query = crate::store::TravellerQuery {
            search: "Anna".to_owned(),
            limit: 10,
            most_esims: 10,
            ..crate::store::TravellerQuery::default()
        };
        let letters = crate::letters::Letters::default();
        let page = store
            .readers()
            .read(|reader| reader.travellers(&query, &letters));
        assert!(page.unwrap().rows[0].esims.is_empty());
        assert!(
            sets_nothing(&proposed(&store, list)),
            "{:?}",
            proposed(&store, list)
        );
    }
}

#[tokio::test]
async fn a_later_esim_does_not_inherit_the_traveller_of_a_trip_that_is_over() {
    let (_dir, store) = store(&[]).await;
    becomes(&store, (OLD.0, OLD.1, "R"), "NEW", at(date(2025, 10, 1))).await;
    take(
        &store,
        "Name,Reference,Start,End\nBen,R,2025-10-03,2025-10-09\n",
    )
    .await;
    becomes(
        &store,
        (OLD.0, OLD.1, "R"),
        "EXPIRED",
        at(date(2025, 10, 10)),
    )
    .await;
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
    assert_eq!(name(&store, "new2"), None);
    // Who is listed for it has it, and Ben his.
    take(&store, "Name,Reference,Start\nAnna,R,2025-12-10\n").await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
}

#[tokio::test]
async fn a_trip_that_is_over_does_not_take_the_place_of_one_to_come() {
    let (_dir, store) = store(&[]).await;
    take(&store, "Name,Reference,Start\nAnna,R,2025-12-10\n").await;
    let list = "Name,Reference,Start,End\nBen,R,2025-10-03,2025-10-09\n";
    assert_eq!(owners(&proposed(&store, list)), ["past"]);
    let both = format!("{list}Anna,R,2025-12-10,\n");
    assert_eq!(owners(&proposed(&store, &both)), ["past", "order of 0"]);
}

#[tokio::test]
async fn a_number_of_an_esim_in_use_does_not_give_it_to_who_travels_later() {
    let (_dir, store) = in_use(BEN).await;
    let numbered = "Name,ICCID,Start\nAnna,89445012345678301111,2025-12-10\n";
    assert_eq!(owners(&proposed(&store, numbered)), ["ended"]);
    let ordered = "Name,ICCID,Reference,Start\nAnna,89445012345678301111,R,2025-12-10\n";
    take(&store, ordered).await;
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben"));
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn a_trip_that_is_moved_before_its_esim_is_used_stays_with_it() {
    let (_dir, store) = store(&[]).await;
    becomes(&store, NEW, "NEW", NOW / 1000 - 20 * DAY).await;
    take(
        &store,
        "Name,Reference,Start,End\nAnna,R,2025-11-10,2025-11-20\n",
    )
    .await;
    take(
        &store,
        "Name,Reference,Start,End\nAnna,R,2025-12-10,2025-12-20\n",
    )
    .await;
    assert_eq!(
        shown(&store, "new2").unwrap().trip_start.as_deref(),
        Some("2025-12-10")
    );
}

#[tokio::test]
async fn a_planned_period_and_a_late_start_take_no_traveller_away() {
    let (_dir, store) = store(&[]).await;
    let (start, end) = (at(date(2025, 12, 1)), at(date(2025, 12, 8)));
    let planned = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"new2","reference_id":"R","status":"NEW","start":{start},"end":{end},"timestamp":{}}}"#,
        NOW / 1000
    );
    let writer = store.writer();
    writer.deliver(Delivery::of(planned, NOW)).await.unwrap();
    for day in ["2025-11-26", "2025-12-20"] {
        take(&store, &format!("Name,Reference,Start\nAnna,R,{day}\n")).await;
        assert_eq!(
            shown(&store, "new2").unwrap().trip_start.as_deref(),
            Some(day)
        );
    }
    take(
        &store,
        "Name,Reference,Start,End\nAnna,R,2025-11-26,2025-11-29\n",
    )
    .await;
    used(
        &store,
        ("new2", "89445012345678302222"),
        date(2025, 12, 3),
        date(2025, 12, 8),
    )
    .await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn of_days_that_can_be_read_both_ways_those_count_at_which_the_esims_are_there() {
    let (_dir, store) = store(&[]).await;
    let (start, end) = (at(date(2026, 4, 5)), at(date(2026, 4, 12)));
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"x","iccid":"89445012345678301111","reference_id":"R",
            "status":"ACTIVATED","start":{start},"end":{end},"timestamp":{}}}"#,
        NOW / 1000
    );
    store
        .writer()
        .deliver(Delivery::of(body, NOW))
        .await
        .unwrap();
    let list = "Name,Reference,Start,End\nAnna,R,04/05/2026,04/12/2026\n";
    let table = Table::read(list.as_bytes(), &Reading::default()).unwrap();
    let lines = |day_first| {
        let reading = Reading {
            day_first: Some(day_first),
            ..Reading::default()
        };
        booking::read(&table, &reading, TODAY).lines
    };
    let better = |one: Vec<Booking>, other: Vec<Booking>| {
        let read = store
            .readers()
            .read(|reader| reader.better_days(&one, &other));
        read.unwrap()
    };
    assert_eq!(better(lines(true), lines(false)), Some(false));
    assert_eq!(better(lines(false), lines(true)), Some(true));
    assert_eq!(better(lines(true), lines(true)), None);
}
