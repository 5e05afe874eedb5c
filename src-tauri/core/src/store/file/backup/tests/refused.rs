//! What is no good backup changes nothing.

use super::*;

/// A data folder that no program uses, with a database of many events; and a backup of it.
async fn closed() -> (tempfile::TempDir, PathBuf) {
    let (dir, store) = filled(300).await;
    let made = back_up(&store, NOON);
    close(store).await;
    (dir, made.path)
}

/// What is said when this file is to be restored, after which all is as it was.
#[track_caller]
fn refused(dir: &Path, from: &Path) -> String {
    let database = dir.join(DATABASE_FILE);
    let before = fs::read(&database).unwrap();
    let said = restore(dir, from, NOON).unwrap_err().to_string();
    assert!(fs::read(&database).unwrap() == before, "it changed");
    for entry in fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(!name.to_string_lossy().contains("restor"), "{name:?}");
    }
    said
}

/// What is said of a backup with which this was done.
async fn refused_after(spoil: impl FnOnce(&Path)) -> String {
    let (dir, made) = closed().await;
    let bad = dir.path().join("bad.db");
    fs::copy(made, &bad).unwrap();
    spoil(&bad);
    refused(dir.path(), &bad)
}

#[tokio::test]
async fn while_a_program_uses_the_folder_nothing_is_restored() {
    let (dir, store) = filled(3).await;
    let made = back_up(&store, NOON);
    let said = refused(dir.path(), &made.path);
    assert!(said.contains("Close it first"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told() {
    let said = refused_after(|bad| fs::remove_file(bad).unwrap()).await;
    assert!(said.contains("it does not exist"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let said = refused_after(|bad| fs::write(bad, "no database".repeat(1000)).unwrap()).await;
    assert!(said.contains("is not an eSIM Watch database"), "{said}");
}

#[tokio::test]
async fn a_database_of_another_program_is_told() {
    let said = refused_after(|bad| {
        fs::remove_file(bad).unwrap();
        let theirs = Connection::open(bad).unwrap();
        theirs.execute_batch("CREATE TABLE a (b)").unwrap();
    })
    .await;
    assert!(said.contains("is not an eSIM Watch database"), "{said}");
}

#[tokio::test]
async fn a_damaged_backup_is_told_by_the_name_that_the_user_knows() {
    let said = refused_after(|bad| {
        let mut bytes = fs::read(bad).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8192].fill(0xab);
        fs::write(bad, bytes).unwrap();
    })
    .await;
    assert!(said.contains("bad.db is damaged"), "{said}");
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_told() {
    let said = refused_after(|bad| {
        let newer = Connection::open(bad).unwrap();
        newer.pragma_update(None, "user_version", 999).unwrap();
    })
    .await;
    assert!(said.contains("newer version"), "{said}");
}
