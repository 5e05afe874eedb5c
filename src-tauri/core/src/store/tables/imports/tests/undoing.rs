//! Imports, and taking them back.

use super::*;

fn imports(store: &Store) -> Vec<ImportRow> {
    store.readers().read(|reader| reader.imports()).unwrap()
}

#[tokio::test]
async fn an_import_is_listed_with_its_file_and_how_many_it_set() {
    let (_dir, store) = store(ESIMS).await;
    let id = take(&store, "Name,Reference\nAnna,TRIP-1\nBen,TRIP-3\n").await;
    assert_eq!(
        imports(&store),
        [ImportRow {
            id,
            imported_at_ms: NOW,
            source: "list.csv".to_owned(),
            travellers: 2,
            undone_at_ms: None,
        }]
    );
}

#[tokio::test]
async fn the_newest_import_comes_first() {
    let (_dir, store) = store(ESIMS).await;
    let first = take(&store, "Name,Reference\nAnna,TRIP-1\n").await;
    let second = take(&store, "Name,Reference\nBen,TRIP-3\n").await;
    let ids: Vec<i64> = imports(&store).iter().map(|one| one.id).collect();
    assert_eq!(ids, [second, first]);
}

#[tokio::test]
async fn an_import_that_was_taken_back_says_when() {
    let (_dir, store) = store(ESIMS).await;
    let id = take(&store, "Name,Reference\nAnna,TRIP-1\n").await;
    store.writer().undo_import(id, NOW + 5).await.unwrap();
    assert_eq!(imports(&store)[0].undone_at_ms, Some(NOW + 5));
}

#[tokio::test]
async fn a_traveller_whom_nobody_knew_before_is_gone_again() {
    let (_dir, store) = store(ESIMS).await;
    let id = take(&store, "Name,Reference\nAnna,TRIP-1\n").await;
    let undone = store.writer().undo_import(id, NOW).await.unwrap().unwrap();
    assert_eq!((undone.restored, undone.esims.len()), (1, 1));
    assert_eq!(name(&store, "a"), None);
}

#[tokio::test]
async fn an_import_that_never_was_can_not_be_taken_back() {
    let (_dir, store) = store(ESIMS).await;
    assert_eq!(store.writer().undo_import(7, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn the_last_twenty_imports_can_be_taken_back() {
    let (_dir, store) = store(ESIMS).await;
    for n in 0..=KEPT_IMPORTS {
        take(&store, &format!("Name,Reference\nAnna {n},TRIP-1\n")).await;
    }
    let left = imports(&store);
    assert_eq!(left.len(), 20);
    assert_eq!((left[0].id, left[19].id), (21, 2));
}

/// Takes lists over for one eSIM, and takes these of them back, in this order: how many stay each time, and who is noted
/// after each.
async fn taken_back(lists: &[&str], order: &[usize]) -> Vec<(usize, Option<String>)> {
    let (_dir, store) = store(ESIMS).await;
    let mut ids = Vec::new();
    for name in lists {
        ids.push(take(&store, &format!("Name,Reference\n{name},TRIP-1\n")).await);
    }
    let mut left = Vec::new();
    for at in order {
        let undone = store.writer().undo_import(ids[*at], NOW).await;
        left.push((undone.unwrap().unwrap().kept, name(&store, "a")));
    }
    left
}

#[tokio::test]
async fn what_was_taken_back_does_not_come_back_with_a_later_list() {
    let stays = |name: &str| (1, Some(name.to_owned()));
    let gone = (0, None);
    let lists = ["Anna", "Ben", "Eva"];
    assert_eq!(
        taken_back(&lists[..2], &[0, 1]).await,
        [stays("Ben"), gone.clone()]
    );
    for order in [[0, 1, 2], [1, 0, 2]] {
        let left = taken_back(&lists, &order).await;
        assert_eq!(
            left,
            [stays("Eva"), stays("Eva"), gone.clone()],
            "{order:?}"
        );
    }
    let left = taken_back(&lists, &[0, 2, 1]).await;
    assert_eq!(left, [stays("Eva"), (0, Some("Ben".to_owned())), gone]);
}

#[tokio::test]
async fn what_a_later_list_says_stays_also_where_an_earlier_one_said_the_same() {
    let (_dir, store) = store(ESIMS).await;
    let list = "Name,Reference\nAnna,TRIP-1\n";
    let first = take(&store, list).await;
    let of_order = Owner::Order("TRIP-1".to_owned());
    let changes = vec![(of_order, Some(named("Berta")))];
    store.writer().set_travellers(changes, NOW).await.unwrap();
    let second = take(&store, list).await;
    let undo = |id| store.writer().undo_import(id, NOW);
    assert_eq!(undo(first).await.unwrap().unwrap().kept, 1);
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
    assert_eq!(undo(second).await.unwrap().unwrap().restored, 1);
    assert_eq!(name(&store, "a").as_deref(), Some("Berta"));
}

/// Two eSIMs that turn out to be one: one is known by its id alone, the other by its number.
const HALVES: &[(&str, &str, &str)] = &[("a", "", "TRIP-1"), ("", ICCID, "TRIP-1")];
const ICCID: &str = "89445012345678301111";

fn row(store: &Store, key: &str) -> i64 {
    let read = store.readers().read(|reader| reader.esim_row(key));
    read.unwrap().unwrap()
}

fn named(name: &str) -> Traveller {
    Traveller {
        name: name.to_owned(),
        ..Traveller::default()
    }
}

async fn write(store: &Store, key: &str, traveller: Traveller) {
    let changes = vec![(Owner::Esim(row(store, key)), Some(traveller))];
    store.writer().set_travellers(changes, NOW).await.unwrap();
}

/// Takes travellers over for the eSIMs with these keys.
async fn take_for(store: &Store, travellers: &[(&str, Traveller)]) -> i64 {
    let of = |(key, traveller): &(&str, Traveller)| TravellerChange {
        owner: Owner::Esim(row(store, key)),
        traveller: traveller.clone(),
        lines: 1,
    };
    let changes = travellers.iter().map(of).collect();
    let source = "list.csv".to_owned();
    let writer = store.writer();
    writer
        .import_travellers(source, changes, NOW)
        .await
        .unwrap();
    imports(store)[0].id
}

/// The two halves become one, and the import is taken back: how many are as before, how many stay, and who is noted then.
async fn merged_and_taken_back(store: &Store, id: i64) -> (usize, usize, Option<Traveller>) {
    tell(store, "a", ICCID, "TRIP-1", 7).await;
    let undone = store.writer().undo_import(id, NOW).await.unwrap().unwrap();
    let row = row(store, "a");
    assert_eq!(row, self::row(store, ICCID), "they are one");
    let noted = store.readers().read(|reader| reader.traveller(row));
    (undone.restored, undone.kept, noted.unwrap().own)
}

#[tokio::test]
async fn what_somebody_wrote_of_one_of_two_that_became_one_stays_although_the_list_said_the_same() {
    for (of_list, of_desk) in [("a", ICCID), (ICCID, "a")] {
        let (_dir, store) = store(HALVES).await;
        write(&store, of_desk, named("Anna")).await;
        let id = take_for(&store, &[(of_list, named("Anna"))]).await;
        let left = merged_and_taken_back(&store, id).await;
        assert_eq!(left, (1, 0, Some(named("Anna"))), "{of_list}");
    }
}

#[tokio::test]
async fn who_was_noted_before_the_list_is_noted_again_of_the_esim_that_two_became() {
    for key in ["a", ICCID] {
        let (_dir, store) = store(HALVES).await;
        write(&store, key, named("Berta")).await;
        let id = take_for(&store, &[(key, named("Anna"))]).await;
        let left = merged_and_taken_back(&store, id).await;
        assert_eq!(left, (1, 0, Some(named("Berta"))), "{key}");
    }
}

#[tokio::test]
async fn two_that_a_list_named_and_that_became_one_are_both_as_before() {
    let (_dir, store) = store(HALVES).await;
    write(&store, "a", named("Berta")).await;
    let id = take_for(&store, &[("a", named("Anna")), (ICCID, named("Ben"))]).await;
    let left = merged_and_taken_back(&store, id).await;
    assert_eq!(left, (2, 0, Some(named("Berta"))));
}

#[tokio::test]
async fn what_was_changed_after_two_became_one_stays_and_is_said() {
    let (_dir, store) = store(HALVES).await;
    let id = take_for(&store, &[("a", named("Anna")), (ICCID, named("Ben"))]).await;
    tell(&store, "a", ICCID, "TRIP-1", 6).await;
    write(&store, "a", named("Anna and Ben")).await;
    let left = merged_and_taken_back(&store, id).await;
    assert_eq!(left, (0, 2, Some(named("Anna and Ben"))));
}
