//! People whom the next list spells otherwise, namesakes, and those who take somebody else's place.

use super::orders::shown;
use super::*;
use crate::booking::LineDoubt;

const GROUP: &[(&str, &str, &str)] = &[
    ("a", "89445012345678301111", "G-1"),
    ("b", "89445012345678302222", "G-1"),
    ("c", "89445012345678303333", "G-1"),
];

const FAMILY: &str = "Order;Name;Phone;Note\n\
    G-1;Jürgen Müller;+49 1;\nG-1;Anna Müller;+49 2;diabetic\nG-1;Zoé Müller;+49 3;\n";

fn doubts(proposals: &[Proposal]) -> Vec<LineDoubt> {
    let doubts = proposals.iter().flat_map(|one| &one.row.doubts);
    doubts.cloned().collect()
}

fn elses(name: &str) -> LineDoubt {
    let name = name.to_owned();
    LineDoubt::SomebodyElses { name }
}

#[tokio::test]
async fn nobody_has_another_esim_because_a_list_spells_the_names_otherwise() {
    let (_dir, store) = store(GROUP).await;
    take(&store, FAMILY).await;
    for list in [
        "Order;Name\nG-1;Zoe Muller\nG-1;Anna Muller\nG-1;Jurgen Muller\n",
        "Order;Name\nG-1;Zoe Mueller\nG-1;Anna Mueller\nG-1;Juergen Mueller\n",
        "PNR;Pax\nG-1;MUELLER/ZOE MISS\nG-1;MUELLER/ANNA MRS\nG-1;MUELLER/JUERGEN MR\n",
    ] {
        let found = proposed(&store, list);
        assert_eq!(owners(&found), ["c", "b", "a"], "{list}");
        assert!(found.iter().all(|one| one.set.is_empty()), "{list}");
    }
    for list in [
        "Order;Name\nG-1;Müller, Zoé\nG-1;Müller, Anna\nG-1;Müller, Jürgen\n",
        "Order;Name\nG-1;Frau Zoé Müller\nG-1;Frau Anna Müller\nG-1;Herr Jürgen Müller\n",
        "Order;Name\nG-1;Z. Müller\nG-1;Anna Lena Müller\nG-1;Jürgen Müller\n",
        "Order;Name;Phone\nG-1;Zoe Berg-Müller;+49 3\nG-1;Anna Müller;+49 2\nG-1;J. Müller;+49 1\n",
    ] {
        let found = proposed(&store, list);
        assert_eq!(owners(&found), ["c", "b", "a"], "{list}");
        assert_eq!(doubts(&found), [], "{list}");
        let anna = &found[1]
            .set
            .first()
            .map_or(Traveller::default(), |one| one.traveller.clone());
        assert!(anna.note == "diabetic" || found[1].set.is_empty(), "{list}");
    }
}

#[tokio::test]
async fn whoever_takes_somebody_elses_place_is_told_and_takes_nothing_of_theirs_along() {
    let (_dir, store) = store(GROUP).await;
    take(&store, FAMILY).await;
    let list = "Order;Name\nG-1;Zoé Müller\nG-1;Max Müller\nG-1;Jürgen Müller\n";
    let found = proposed(&store, list);
    assert_eq!(owners(&found), ["c", "b", "a"]);
    assert_eq!(doubts(&found), [elses("Anna Müller")]);
    take(&store, list).await;
    let max = shown(&store, "b").unwrap();
    assert_eq!(
        (max.name.as_str(), max.contact.as_str()),
        ("Max Müller", "")
    );
    assert_eq!(max.note, "");
}

#[tokio::test]
async fn another_traveller_of_an_order_has_the_days_of_the_one_before_and_nothing_else() {
    let (_dir, store) = store(&GROUP[..1]).await;
    let list = "Order;Name;Phone;Note;Tags;Start\nG-1;Hal Different;+49 999;VIP;gold;2025-12-03\n";
    take(&store, list).await;
    let list = "Order;Name\nG-1;Marta Ruiz\n";
    assert_eq!(doubts(&proposed(&store, list)), [elses("Hal Different")]);
    take(&store, list).await;
    let marta = Traveller {
        name: "Marta Ruiz".to_owned(),
        trip_start: Some("2025-12-03".to_owned()),
        ..Traveller::default()
    };
    assert_eq!(shown(&store, "a"), Some(marta));
    // A nickname, an initial, or the same telephone is nobody else.
    for name in ["M. Ruiz", "Marta Gil", "Martha R. Gil"] {
        let list = format!("Order;Name;Note\nG-1;{name};x\n");
        assert_eq!(doubts(&proposed(&store, &list)), [], "{name}");
    }
}

#[tokio::test]
async fn two_of_one_name_who_are_reached_otherwise_are_two() {
    let (_dir, store) = store(&GROUP[..2]).await;
    let list = "Order;Name;Birth;Phone\nG-1;Hans Maier;1950;+49 7\nG-1;Hans Maier;1990;+49 8\n";
    assert_eq!(owners(&proposed(&store, list)), ["a", "b"]);
    take(&store, list).await;
    assert_eq!(shown(&store, "a").unwrap().contact, "+49 7");
    assert_eq!(shown(&store, "b").unwrap().contact, "+49 8");
    let other = "Order;Name;Phone\nG-1;MAIER Hans;+49 8\nG-1;MAIER Hans;+49 7\n";
    let again = proposed(&store, other);
    assert_eq!(owners(&again), ["b", "a"]);
    assert!(again.iter().all(|one| one.set.is_empty()));
}

#[tokio::test]
async fn one_of_whom_a_list_has_two_telephones_is_one_where_there_is_one_esim() {
    let (_dir, store) = store(&GROUP[..1]).await;
    let list = "Order;Name;Phone\nG-1;Hans Maier;+49 7\nG-1;Hans Maier;+49 8\n";
    assert_eq!(owners(&proposed(&store, list)), ["order of 1", "as in 2"]);
}

#[tokio::test]
async fn a_number_that_lost_its_zeros_finds_its_order() {
    let (_dir, store) = store(&[("a", "89445012345678301111", "00815")]).await;
    let list = "Order;Name\n815;Anna\n";
    let found = proposed(&store, list);
    assert_eq!(owners(&found), ["order of 1"]);
    let (text, reference) = ("815".to_owned(), "00815".to_owned());
    let doubt = LineDoubt::TakenForOrder { text, reference };
    assert_eq!(doubts(&found), [doubt]);
    take(&store, list).await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn a_line_of_two_orders_is_noted_at_both() {
    let (_dir, store) = store(ESIMS).await;
    let list = "Order;Name\n\"TRIP-1, TRIP-3\";Anna\n";
    take(&store, list).await;
    for key in ["a", "d"] {
        assert_eq!(name(&store, key).as_deref(), Some("Anna"), "{key}");
    }
}

#[tokio::test]
async fn orders_that_differ_in_case_alone_have_each_their_traveller() {
    let (_dir, store) = store(&[
        ("a", "89445012345678301111", "xK9a"),
        ("b", "89445012345678302222", "xk9A"),
    ])
    .await;
    take(&store, "Order;Name\nxK9a;Marta\n").await;
    assert_eq!(name(&store, "a").as_deref(), Some("Marta"));
    assert_eq!(name(&store, "b"), None);
}

#[tokio::test]
async fn a_line_without_a_name_that_changes_somebodys_trip_is_told() {
    let (_dir, store) = store(&GROUP[..1]).await;
    take(&store, "Order;Name;Start\nG-1;Hal Different;2025-12-03\n").await;
    let changes = [LineDoubt::ChangesTrip {
        name: "Hal Different".to_owned(),
    }];
    for list in [
        "Order;Start\nG-1;2025-12-09\n",
        "Order;Name;Start\nG-1;;2025-12-09\n",
        "ICCID;Start;End\n89445012345678301111;2025-12-03;2025-12-05\n",
    ] {
        let found = proposed(&store, list);
        assert_eq!(doubts(&found), changes, "{list}");
        assert_eq!(found[0].set.len(), 1, "{list}");
    }
    // The same days, other things, and a trip of which nobody had said anything.
    for list in [
        "Order;Start\nG-1;2025-12-03\n",
        "Order;Note\nG-1;vegan\n",
        "Order;Name;Start\nG-1;Hal Different;2025-12-09\n",
    ] {
        assert_eq!(doubts(&proposed(&store, list)), [], "{list}");
    }
    let (_dir, store) = super::store(&GROUP[..1]).await;
    take(&store, "Order;Name\nG-1;Hal Different\n").await;
    let list = "Order;Start\nG-1;2025-12-09\n";
    assert_eq!(doubts(&proposed(&store, list)), []);
}

#[tokio::test]
async fn a_trip_that_was_moved_drops_the_day_that_no_longer_fits() {
    let (_dir, store) = store(&GROUP[..1]).await;
    take(
        &store,
        "Order;Name;Start;End\nG-1;Hal Different;2025-12-03;2025-12-10\n",
    )
    .await;
    let day = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let dropped = LineDoubt::KnownDayDropped;
    for (list, start, end, told) in [
        (
            "Order;Name;Start\nG-1;Hal Different;2025-12-28\n",
            "2025-12-28",
            "",
            vec![dropped.clone()],
        ),
        // Its own last day is a slip: the year is the old one.
        (
            "Order;Name;Start;End\nG-1;Hal Different;2025-12-28;2025-01-04\n",
            "2025-12-28",
            "",
            vec![LineDoubt::EndsBeforeStart, dropped.clone()],
        ),
        (
            "Order;Name;End\nG-1;Hal Different;2025-12-02\n",
            "",
            "2025-12-02",
            vec![dropped],
        ),
        (
            "Order;Name;Start\nG-1;Hal Different;2025-12-05\n",
            "2025-12-05",
            "2025-12-10",
            vec![],
        ),
    ] {
        let found = proposed(&store, list);
        assert_eq!(doubts(&found), told, "{list}");
        let after = &found[0].set[0].traveller;
        let trip = (after.trip_start.clone(), after.trip_end.clone());
        assert_eq!(trip, (day(start), day(end)), "{list}");
    }
}
