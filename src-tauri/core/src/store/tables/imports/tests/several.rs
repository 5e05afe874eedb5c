//! Lines that name several travellers in one cell, over a real store.

use super::*;
use crate::booking::LineDoubt;

const RULES: Rules = Rules {
    today: TODAY,
    together: false,
    several: None,
};

/// Two eSIMs of one order, one of another.
const OTHERS: &[(&str, &str, &str)] = &[
    ("a", "89445012345678301111", "TRIP-1"),
    ("b", "89445012345678302222", "TRIP-1"),
    ("c", "89445012345678303333", "TRIP-2"),
];

fn names(proposals: &[Proposal]) -> Vec<&str> {
    let travellers = proposals
        .iter()
        .filter_map(|one| one.row.traveller.as_ref());
    travellers.map(|one| one.name.as_str()).collect()
}

fn doubts(proposals: &[Proposal]) -> Vec<LineDoubt> {
    let doubts = proposals.iter().flat_map(|one| &one.row.doubts);
    doubts.cloned().collect()
}

#[tokio::test]
async fn as_many_travellers_as_esims_of_the_order_have_one_each() {
    let (_dir, store) = store(OTHERS).await;
    for cell in [
        "Anna Muster, Bernd Muster",
        "Anna & Bernd Muster",
        "Anna Muster\nBernd Muster",
    ] {
        let list = format!("Name;Ref\n\"{cell}\";TRIP-1\n");
        let proposals = proposed(&store, &list);
        assert_eq!(names(&proposals), ["Anna Muster", "Bernd Muster"], "{cell}");
        assert_eq!(owners(&proposals), ["a", "b"]);
        let each = LineDoubt::OneOfSeveral { count: 2 };
        assert_eq!(doubts(&proposals), [each.clone(), each]);
    }
}

#[tokio::test]
async fn as_many_travellers_as_numbers_in_the_line_have_one_each() {
    let (_dir, store) = store(OTHERS).await;
    let list = "Name;E-mail;ICCID\n\
                Anna Muster / Bernd Vogel;a@example.org, b@example.org;89445012345678303333, 89445012345678301111\n";
    let proposals = proposed(&store, list);
    assert_eq!(names(&proposals), ["Anna Muster", "Bernd Vogel"]);
    assert_eq!(owners(&proposals), ["c", "a"]);
    let contacts: Vec<_> = proposals
        .iter()
        .map(|one| &one.set[0].traveller.contact)
        .collect();
    assert_eq!(contacts, ["a@example.org", "b@example.org"]);
}

#[tokio::test]
async fn travellers_with_another_number_of_esims_are_noted_together_and_that_is_told() {
    let (_dir, store) = store(OTHERS).await;
    for (line, owner) in [
        ("TRIP-2;", "order of 1"),
        ("TRIP-9;", "order of 0"),
        (";89445012345678303333", "c"),
        (";8303333", "c"),
    ] {
        let list = format!("Name;Ref;ICCID\nAnna Muster, Bernd Muster;{line}\n");
        let proposals = proposed(&store, &list);
        assert_eq!(names(&proposals), ["Anna Muster, Bernd Muster"], "{line}");
        assert_eq!(owners(&proposals), [owner]);
        let together = LineDoubt::SeveralTogether { count: 2 };
        assert_eq!(doubts(&proposals), [together]);
    }
    // Three names, and the two eSIMs of an order.
    let list = "Name;Ref\nAnna, Bernd und Carla Muster;TRIP-1\n";
    assert_eq!(owners(&proposed(&store, list)), ["order of 2"]);
}

#[tokio::test]
async fn lines_of_one_order_count_together() {
    let three = &[OTHERS, &[("d", "89445012345678304444", "TRIP-1")]].concat();
    let (_dir, store) = store(three).await;
    let list = "Name;Ref\nAnna & Bernd Muster;TRIP-1\nCarla Vogel;TRIP-1\n";
    let proposals = proposed(&store, list);
    assert_eq!(
        names(&proposals),
        ["Anna Muster", "Bernd Muster", "Carla Vogel"]
    );
    assert_eq!(owners(&proposals), ["a", "b", "d"]);
}

#[tokio::test]
async fn what_may_be_one_name_is_one_until_somebody_says_otherwise() {
    let (_dir, store) = store(OTHERS).await;
    let list = "Name;Ref\n\"García López, María José\";TRIP-1\n";
    let proposals = proposed(&store, list);
    assert_eq!(names(&proposals), ["García López, María José"]);
    assert_eq!(doubts(&proposals), [LineDoubt::MaybeSeveral { count: 2 }]);
    let said = |several| Rules {
        several: Some(several),
        ..RULES
    };
    assert_eq!(owners(&proposed_by(&store, list, said(true))), ["a", "b"]);
    let list = "Name;Ref\nAnna & Bernd Muster;TRIP-1\n";
    let one = proposed_by(&store, list, said(false));
    assert_eq!(owners(&one), ["order of 2"]);
    assert!(doubts(&one).is_empty());
}

#[tokio::test]
async fn who_waited_together_has_an_esim_each_once_there_are_as_many() {
    let (_dir, store) = store(OTHERS).await;
    let list = "Name;Ref\nAnna & Bernd Muster;TRIP-7\n";
    take(&store, list).await;
    tell(&store, "x", "89445012345678305555", "TRIP-7", 7).await;
    assert_eq!(name(&store, "x").as_deref(), Some("Anna & Bernd Muster"));
    tell(&store, "y", "89445012345678306666", "TRIP-7", 8).await;
    take(&store, list).await;
    assert_eq!(name(&store, "x").as_deref(), Some("Anna Muster"));
    assert_eq!(name(&store, "y").as_deref(), Some("Bernd Muster"));
}
