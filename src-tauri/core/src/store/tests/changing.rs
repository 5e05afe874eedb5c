//! Changes beside deliveries: each is stored as a whole or not at all, and disturbs no other.

use super::*;
use crate::store::tables::settings;

fn opened() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    (dir, store)
}

fn token(store: &Store) -> Option<String> {
    let read = |reader: &Reader<'_>| settings::get(reader.db, Setting::Token);
    store.readers().read(read).unwrap()
}

/// A change that sets the token, and then fails.
async fn fail(writer: Writer) -> Result<(), WriteError> {
    writer
        .change(|tx| {
            settings::set(tx, Setting::Token, Some("half"))?;
            tx.execute_batch("no SQL at all")
        })
        .await
}

#[tokio::test]
async fn a_change_gives_what_it_found() {
    let (_dir, store) = opened();
    let found = store.writer().change(|_| Ok("found".to_owned())).await;
    assert_eq!(found.as_deref(), Ok("found"));
}

#[tokio::test]
async fn a_change_that_fails_changes_nothing() {
    let (_dir, store) = opened();
    assert!(fail(store.writer().clone()).await.is_err());
    assert_eq!(token(&store), None);
}

#[tokio::test]
async fn a_change_that_fails_leaves_those_beside_it_alone() {
    let (_dir, store) = opened();
    let writer = store.writer();
    let (failed, set) = tokio::join!(
        fail(writer.clone()),
        writer.set(Setting::Token, Some("whole".to_owned())),
    );
    assert!(failed.is_err());
    assert_eq!(set, Ok(()));
    assert_eq!(token(&store).as_deref(), Some("whole"));
}

#[tokio::test]
async fn a_store_that_is_closed_takes_no_more() {
    let (_dir, store) = opened();
    let writer = store.writer().clone();
    tokio::task::spawn_blocking(move || store.close())
        .await
        .unwrap();
    assert_eq!(
        writer.set(Setting::Token, None).await,
        Err(WriteError::Closed)
    );
}

#[test]
fn a_question_that_fails_spoils_no_other() {
    let (_dir, store) = opened();
    let wrong = |reader: &Reader<'_>| reader.db.execute_batch("no SQL at all");
    assert!(store.readers().read(wrong).is_err());
    assert_eq!(token(&store), None);
}

#[test]
fn a_reader_cannot_write() {
    let (_dir, store) = opened();
    let write = |reader: &Reader<'_>| settings::set(reader.db, Setting::Token, Some("mine"));
    assert!(store.readers().read(write).is_err());
    assert_eq!(token(&store), None);
}

#[test]
fn a_folder_without_a_database_has_nothing_to_read() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Readers::of(dir.path()).map(|_| ());
    assert!(matches!(missing, Err(OpenError::Missing { .. })));
}
