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
