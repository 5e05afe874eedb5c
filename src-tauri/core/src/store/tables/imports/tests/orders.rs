//! Orders of several eSIMs, references that are used again, and what an eSIM shows of its traveller.

use super::*;
use crate::booking::LineDoubt;

/// An event that gives the eSIM this status.
pub async fn becomes(
    store: &Store,
    (id, iccid, reference): (&str, &str, &str),
    status: &str,
    at: i64,
) {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"{id}","iccid":"{iccid}","reference_id":"{reference}","status":"{status}","timestamp":{at}}}"#
    );
    store
        .writer()
        .deliver(Delivery::of(body, NOW))
        .await
        .unwrap();
}

const GROUP: &[(&str, &str, &str)] = &[
    ("a", "89445012345678301111", "G-1"),
    ("b", "89445012345678302222", "G-1"),
    ("c", "89445012345678303333", "G-1"),
];

pub fn shown(store: &Store, key: &str) -> Option<Traveller> {
    let read = store.readers().read(|reader| {
        let row = reader.esim_row(key)?.unwrap_or_default();
        let both = reader.traveller(row)?;
        Ok(both.own.or(both.of_order))
    });
    read.unwrap()
}

#[tokio::test]
async fn an_order_is_shown_as_it_is_written_and_found_however_the_list_writes_it() {
    let esims = [
        ("a", "89445012345678301111", "AG–1007"),
        ("b", "89445012345678302222", "AG–0012"),
    ];
    let (_dir, store) = store(&esims).await;
    for listed in ["AG-1007", "AG–1007", "ag 1007"] {
        let list = format!("Name,Reference\nAnna,{listed}\n");
        let proposals = proposed(&store, &list);
        assert_eq!(owners(&proposals), ["order of 1"], "{listed}");
        assert_eq!(proposals[0].row.reference.as_deref(), Some("AG–1007"));
    }
    // Zeros that a spreadsheet left out.
    let proposals = proposed(&store, "Name,Reference\nAnna,AG-12\n");
    let taken = LineDoubt::TakenForOrder {
        text: "AG-12".to_owned(),
        reference: "AG–0012".to_owned(),
    };
    assert_eq!(proposals[0].row.doubts, [taken]);
    take(&store, "Name,Reference\nAnna,AG-1007\n").await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn as_many_travellers_as_esims_have_one_each() {
    let (_dir, store) = store(GROUP).await;
    let list = "Name,Reference\nAnna,G-1\nBen,G-1\nEva,G-1\n";
    assert_eq!(owners(&proposed(&store, list)), ["a", "b", "c"]);
    take(&store, list).await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "c").as_deref(), Some("Eva"));
    // Another order of the lines gives nobody another eSIM.
    let again = proposed(&store, "Name,Reference\nEva,G-1\nAnna,G-1\nBen,G-1\n");
    assert_eq!(owners(&again), ["c", "a", "b"]);
    assert!(again.iter().all(|one| one.set.is_empty()));
}

#[tokio::test]
async fn travellers_in_one_line_have_one_esim_each() {
    let (_dir, store) = store(GROUP).await;
    let list = "Order,Passenger 1,Passenger 2,Passenger 3\nG-1,Anna,Ben,Eva\n";
    assert_eq!(owners(&proposed(&store, list)), ["a", "b", "c"]);
    take(&store, list).await;
    assert_eq!(name(&store, "b").as_deref(), Some("Ben"));
    assert!(proposed(&store, list).iter().all(|one| one.set.is_empty()));
    let fewer = "Order,Passenger 1,Passenger 2\nG-1,Dan,Flo\n";
    assert_eq!(owners(&proposed(&store, fewer)), ["2 for 3", "2 for 3"]);
}

#[tokio::test]
async fn another_number_of_travellers_than_of_esims_is_asked_for() {
    let (_dir, store) = store(GROUP).await;
    let list = "Name,Reference,Start\nAnna,G-1,2025-12-03\nBen,G-1,2025-12-01\n";
    let asked = proposed(&store, list);
    assert_eq!(owners(&asked), ["2 for 3", "2 for 3"]);
    assert!(
        asked
            .iter()
            .all(|one| one.set.is_empty() && one.row.change.is_none())
    );
    let together = proposed_together(&store, list, true);
    assert_eq!(owners(&together), ["order of 3", "order of 3"]);
    let [change] = together[0].set.as_slice() else {
        panic!("{together:?}");
    };
    let both = &change.traveller;
    assert_eq!(change.owner, Owner::Order("G-1".to_owned()));
    assert_eq!(change.lines, 2, "it stands for both lines");
    assert_eq!(both.name, "Anna, Ben");
    assert_eq!(both.trip_start.as_deref(), Some("2025-12-01"));
    assert!(together[1].set.is_empty());
}

#[tokio::test]
async fn travellers_of_an_order_whose_esims_are_not_known_yet_wait_together_and_have_one_each_then()
{
    let (_dir, store) = store(GROUP).await;
    let list = "Name,Reference,Start\nAnna,G-9,2025-12-03\nBen,G-9,2025-12-01\nEva,G-9,\n";
    let waiting = proposed(&store, list);
    assert_eq!(owners(&waiting), ["order of 0"; 3]);
    let who: Vec<_> = waiting.iter().map(|one| one.row.who.as_str()).collect();
    assert_eq!(who, ["Anna", "Ben", "Eva"]);
    let told = [LineDoubt::WaitsTogether { count: 3 }];
    assert!(
        waiting
            .iter()
            .all(|one| one.row.doubts == told && one.row.change.is_some())
    );
    let set: Vec<_> = waiting.iter().flat_map(|one| &one.set).collect();
    assert_eq!((set.len(), set[0].lines), (1, 3));
    assert_eq!(set[0].traveller.name, "Anna, Ben, Eva");
    assert_eq!(set[0].traveller.trip_start.as_deref(), Some("2025-12-01"));
    take(&store, list).await;
    let again = proposed(&store, list);
    assert!(again.iter().all(|one| one.set.is_empty()), "{again:?}");
    for (key, iccid, at) in [
        ("x", "89445012345678307777", 7),
        ("y", "89445012345678308888", 8),
        ("z", "89445012345678309999", 9),
    ] {
        tell(&store, key, iccid, "G-9", at).await;
        assert_eq!(name(&store, key).as_deref(), Some("Anna, Ben, Eva"));
    }
    assert_eq!(owners(&proposed(&store, list)), ["x", "y", "z"]);
    take(&store, list).await;
    assert_eq!(name(&store, "y").as_deref(), Some("Ben"));
    // More than fit into one name are asked for.
    let many: String = (0..80)
        .map(|n| format!("Traveller Number{n},G-8,\n"))
        .collect();
    let many = proposed(&store, &format!("Name,Reference,Start\n{many}"));
    assert_eq!(owners(&many)[0], "80 for 0");
}

#[tokio::test]
async fn esims_that_a_line_names_are_not_shared_out() {
    let (_dir, store) = store(GROUP).await;
    let list = "Name,Reference,ICCID\nAnna,G-1,89445012345678302222\nBen,G-1,\nEva,G-1,\n";
    assert_eq!(owners(&proposed(&store, list)), ["b", "a", "c"]);
}

#[tokio::test]
async fn lines_without_a_name_are_about_the_traveller_of_the_order() {
    let (_dir, store) = store(&GROUP[..1]).await;
    let list = "Name,Email,Reference\nAnna,a@example.org,G-1\n,a@example.org,G-1\n";
    assert_eq!(owners(&proposed(&store, list)), ["order of 1", "as in 2"]);
}

#[tokio::test]
async fn a_second_esim_of_an_order_has_the_traveller_as_well() {
    let (_dir, store) = store(&GROUP[..1]).await;
    take(&store, "Name,Reference\nAnna,G-1\n").await;
    tell(&store, "b", "89445012345678302222", "G-1", 7).await;
    assert_eq!(name(&store, "b").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn a_list_that_came_before_its_esim_is_the_same_when_it_comes_again() {
    let (_dir, store) = store(&[]).await;
    let list = "Name,Reference,Phone,Start\nAnna,G-1,+49 30 123456,2025-12-03\n";
    take(&store, list).await;
    tell(&store, "a", "89445012345678301111", "G-1", 0).await;
    assert!(proposed(&store, list)[0].set.is_empty());
    // A shorter list takes nothing away, also if it names the number.
    take(&store, "Name,ICCID\nAnna B.,89445012345678301111\n").await;
    let anna = shown(&store, "a").unwrap();
    assert_eq!(anna.name, "Anna B.");
    assert_eq!(anna.contact, "+49 30 123456");
    assert_eq!(anna.trip_start.as_deref(), Some("2025-12-03"));
}

#[tokio::test]
async fn a_reference_that_is_used_again_is_another_trip() {
    let (_dir, store) = store(&[]).await;
    let old = ("old1", "89445012345678301111", "2");
    becomes(&store, old, "NEW", 100).await;
    take(&store, "Name,Reference,Phone\nBen Old,2,+49 30 123456\n").await;
    becomes(&store, old, "EXPIRED", 200).await;
    let list = "Name,Reference,Start\nAnna New,2,2025-12-03\n";
    assert_eq!(owners(&proposed(&store, list)), ["order of 0"]);
    take(&store, list).await;
    assert_eq!(name(&store, "old1").as_deref(), Some("Ben Old"));
    becomes(&store, ("new2", "89445012345678302222", "2"), "NEW", 300).await;
    let anna = shown(&store, "new2").unwrap();
    assert_eq!(
        (anna.name.as_str(), anna.contact.as_str()),
        ("Anna New", "")
    );
    assert!(proposed(&store, list)[0].set.is_empty());
}

#[tokio::test]
async fn an_old_booking_that_is_listed_again_changes_nothing() {
    let (_dir, store) = store(&[]).await;
    let old = ("old1", "89445012345678301111", "2");
    becomes(&store, old, "NEW", 1_740_800_000).await;
    let list = "Name,Reference,Start\nBen,2,2025-03-03\n";
    take(&store, list).await;
    becomes(&store, old, "EXPIRED", 1_742_400_000).await;
    assert!(proposed(&store, list)[0].set.is_empty());
}

#[tokio::test]
async fn a_new_esim_of_an_old_reference_is_found_and_the_old_one_left_alone() {
    let (_dir, store) = store(&[]).await;
    becomes(
        &store,
        ("old1", "89445012345678301111", "2"),
        "EXPIRED",
        100,
    )
    .await;
    becomes(&store, ("new2", "89445012345678302222", "2"), "NEW", 200).await;
    take(&store, "Name,Reference\nAnna,2\n").await;
    assert_eq!(name(&store, "new2").as_deref(), Some("Anna"));
    assert_eq!(name(&store, "old1"), None);
}

#[tokio::test]
async fn an_esim_without_a_number_is_found_by_its_id() {
    let (_dir, store) = store(&GROUP[..1]).await;
    let list = "Name,eSIM id\nAnna,a\nBen,b\n";
    assert_eq!(owners(&proposed(&store, list)), ["a", "unknown"]);
}

#[tokio::test]
async fn what_no_eye_sees_does_not_hide_an_order() {
    let (_dir, store) = store(&[("a", "89445012345678301111", "G\u{2011}1\u{200b}")]).await;
    take(&store, "Name,Reference\nAnna,g-1\n").await;
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
}

#[tokio::test]
async fn corrections_are_kept_in_the_store() {
    let (_dir, store) = store(&[]).await;
    let headings = ["Who".to_owned(), "What".to_owned()];
    let columns = [
        crate::booking::Column::Name,
        crate::booking::Column::Reference,
    ];
    let mut known = store.readers().read(|reader| reader.corrections()).unwrap();
    known.remember(&headings, &columns);
    let text = known.to_text().unwrap();
    store
        .writer()
        .set(Setting::BookingColumns, Some(text))
        .await
        .unwrap();
    let kept = store.readers().read(|reader| reader.corrections()).unwrap();
    assert_eq!(kept.of(&headings), Some(columns.to_vec()));
}

#[tokio::test]
async fn a_line_with_several_numbers_is_about_each_of_them() {
    let (_dir, store) = store(&[
        GROUP[0],
        GROUP[1],
        GROUP[2],
        ("d", "89445012345678304444", "H-1"),
    ])
    .await;
    let both = "89445012345678301111 / 89445012345678302222";
    let list = format!(
        "Name;Reference;ICCID\nAnna;G-1;{both}\nBen;G-1;89445012345678303333 / 89445012345678309999\n\
         Eva;;89445012345678304444 / 89445012345678301111\n"
    );
    let found = proposed(&store, &list);
    assert_eq!(owners(&found), ["2 esims", "c", "d"]);
    let lines: usize = found
        .iter()
        .flat_map(|one| &one.set)
        .map(|set| set.lines)
        .sum();
    assert_eq!(lines, 3, "as many as travellers");
    let iccid = "89445012345678309999".to_owned();
    assert_eq!(found[1].row.doubts, [LineDoubt::NoEsim { iccid }]);
    let (iccid, line) = ("89445012345678301111".to_owned(), 2);
    assert_eq!(found[2].row.doubts, [LineDoubt::Taken { iccid, line }]);
    take(&store, &list).await;
    for (key, traveller) in [("a", "Anna"), ("b", "Anna"), ("c", "Ben"), ("d", "Eva")] {
        assert_eq!(name(&store, key).as_deref(), Some(traveller));
    }
    let imports = store.readers().read(|reader| reader.imports()).unwrap();
    assert_eq!(imports[0].travellers, 3);
    let undone = store.writer().undo_import(imports[0].id, NOW).await;
    assert_eq!(undone.unwrap().unwrap().restored, 3);
    assert_eq!(name(&store, "b"), None);
}

#[tokio::test]
async fn all_numbers_of_an_order_are_the_order() {
    let (_dir, store) = store(GROUP).await;
    let list = "Name;Reference;ICCID\n\
                Anna;G-1;89445012345678301111, 89445012345678302222, 89445012345678303333\n";
    assert_eq!(owners(&proposed(&store, list)), ["order of 3"]);
}

#[tokio::test]
async fn an_esim_of_another_order_than_the_line_names_is_told() {
    let (_dir, store) = store(&[GROUP[0], ("d", "89445012345678304444", "G-2")]).await;
    let doubts = |reference: &str| {
        let list = format!("Name;Reference;ICCID\nAnna;{reference};89445012345678301111\n");
        let mut found = proposed(&store, &list);
        assert_eq!(owners(&found), ["a"]);
        found.remove(0).row.doubts
    };
    let reference = "G-2".to_owned();
    assert_eq!(doubts("G-2"), [LineDoubt::OtherOrder { reference }]);
    assert_eq!(doubts("g-1"), []);
    // Many write numbers of their own.
    assert_eq!(doubts("4711"), []);
}

#[tokio::test]
async fn who_has_one_of_an_orders_esims_is_known_by_name_in_a_shorter_list() {
    let (_dir, store) = store(GROUP).await;
    take(&store, "Name,Reference\nAnna,G-1\nBen,G-1\nEva,G-1\n").await;
    let shorter = "Order;Name;Phone\nG-1;BEN;+351 912345678\n";
    assert_eq!(owners(&proposed(&store, shorter)), ["b"]);
    take(&store, shorter).await;
    let ben = shown(&store, "b").unwrap();
    assert_eq!(ben.contact, "+351 912345678");
    assert_eq!(shown(&store, "a").unwrap().name, "Anna");
    // Of somebody else nobody knows which is whose.
    let another = "Order;Name\nG-1;Ben\nG-1;Zed\n";
    assert_eq!(owners(&proposed(&store, another)), ["b", "2 for 3"]);
}

#[tokio::test]
async fn a_number_that_no_esim_has_is_told_where_the_order_is_known() {
    let (_dir, store) = store(&GROUP[..1]).await;
    let list = "Name;Reference;ICCID\nZed;G-1;89445012345678309999\n";
    let found = proposed(&store, list);
    assert_eq!(owners(&found), ["order of 1"]);
    let iccid = "89445012345678309999".to_owned();
    assert_eq!(found[0].row.doubts, [LineDoubt::NoEsim { iccid }]);
    // An order that is not known yet may bring it.
    let awaited = proposed(&store, &list.replace("G-1", "G-7"));
    assert_eq!(awaited[0].row.doubts, []);
}
