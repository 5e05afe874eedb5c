//! What a line would change of what is kept.

use super::*;
use crate::booking::LineChange;

#[tokio::test]
async fn a_note_that_becomes_too_long_makes_its_line_wrong() {
    let (_dir, store) = store(ESIMS).await;
    let long = |letter: &str| letter.repeat(3000);
    take(
        &store,
        &format!("Name,Reference,Note\nAnna,TRIP-1,{}\n", long("a")),
    )
    .await;
    let list = format!("Name,Reference,Note\nAnna,TRIP-1,{}\n", long("b"));
    let proposals = proposed(&store, &list);
    assert_eq!(owners(&proposals), ["wrong"]);
    assert!(proposals[0].set.is_empty());
}

#[tokio::test]
async fn a_line_says_what_it_would_change() {
    let (_dir, store) = store(ESIMS).await;
    take(&store, "Name,Reference\nAnna,TRIP-1\nBen,TRIP-3\n").await;
    let list = "Name,Reference\nAnna,TRIP-1\nBenno,TRIP-3\nEva,TRIP-9\n";
    let changes: Vec<_> = proposed(&store, list)
        .into_iter()
        .map(|one| one.row.change.unwrap())
        .collect();
    assert_eq!(
        changes,
        [LineChange::Same, LineChange::Changed, LineChange::Added]
    );
}

#[tokio::test]
async fn what_would_change_nothing_is_not_set() {
    let (_dir, store) = store(ESIMS).await;
    take(&store, "Name,Reference\nAnna,TRIP-1\n").await;
    let again = proposed(&store, "Name,Reference\nAnna,TRIP-1\n");
    assert!(again[0].set.is_empty());
}

#[tokio::test]
async fn a_list_is_not_taken_over_for_an_esim_that_became_one_with_another_meanwhile() {
    const ICCID: &str = "89445012345678301111";
    let (_dir, store) = store(&[("a", "", "TRIP-1"), ("", ICCID, "TRIP-1")]).await;
    let list = format!("Name,ICCID\nAnna,{ICCID}\n");
    let changes = |list: &str| -> Vec<_> {
        let proposals = proposed(&store, list).into_iter();
        proposals.flat_map(|one| one.set).collect()
    };
    let looked_at = changes(&list);
    let Owner::Esim(row) = looked_at[0].owner else {
        panic!("{looked_at:?}")
    };
    tell(&store, "a", ICCID, "TRIP-1", 7).await;
    let writer = store.writer();
    let source = || "list.csv".to_owned();
    let taken = writer.import_travellers(source(), looked_at, NOW).await;
    assert_eq!(taken.unwrap(), None);
    let imports = store.readers().read(|reader| reader.imports());
    assert_eq!(imports.unwrap(), [], "there is nothing to take back");
    let anna = Traveller {
        name: "Anna".to_owned(),
        ..Traveller::default()
    };
    let set = vec![(Owner::Esim(row), Some(anna))];
    assert_eq!(writer.set_travellers(set, NOW).await.unwrap(), None);
    let again = writer
        .import_travellers(source(), changes(&list), NOW)
        .await;
    assert!(again.unwrap().is_some());
    assert_eq!(name(&store, "a").as_deref(), Some("Anna"));
}
