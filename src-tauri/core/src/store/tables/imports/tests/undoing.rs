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
