//! What of a traveller stays when a list says something else.

use super::*;

fn named(name: &str) -> Traveller {
    Traveller {
        name: name.to_owned(),
        ..Traveller::default()
    }
}

fn noted(note: &str) -> Traveller {
    Traveller {
        note: note.to_owned(),
        ..Traveller::default()
    }
}

fn tagged(tags: &[&str]) -> Traveller {
    Traveller {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..Traveller::default()
    }
}

/// The note that comes of a known one and a listed one.
fn note(known: &str, listed: &str) -> String {
    over(Some(&noted(known)), &noted(listed)).note
}

#[test]
fn where_nothing_was_known_the_list_is_taken_as_it_is() {
    assert_eq!(over(None, &named("Anna")), named("Anna"));
}

#[test]
fn what_the_list_says_counts() {
    assert_eq!(
        over(Some(&named("A. Bauer")), &named("Anna")),
        named("Anna")
    );
}

#[test]
fn what_the_list_says_nothing_of_stays() {
    let known = Traveller {
        contact: "+49 30 1".to_owned(),
        trip_start: Some("2026-12-01".to_owned()),
        ..named("Anna")
    };
    assert_eq!(over(Some(&known), &Traveller::default()), known);
}

#[test]
fn a_note_is_added_to_the_one_that_is_known() {
    assert_eq!(note("Vegan", "Window"), "Vegan\nWindow");
}

#[test]
fn a_note_that_is_known_is_not_added_again() {
    assert_eq!(note("Vegan\nWindow", "Window"), "Vegan\nWindow");
}

#[test]
fn a_note_is_taken_where_there_was_none() {
    assert_eq!(note("", "Window"), "Window");
    assert_eq!(note("Vegan", ""), "Vegan");
}

#[test]
fn tags_are_added_whatever_their_case() {
    let both = over(Some(&tagged(&["VIP"])), &tagged(&["vip", "group 7"]));
    assert_eq!(both.tags, ["VIP", "group 7"]);
}

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
    assert_eq!(proposals[0].set, None);
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
    assert_eq!(again[0].set, None);
}
