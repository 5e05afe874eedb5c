//! Which backups there are.

use super::*;

#[test]
fn where_no_backup_was_ever_made_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(backups(dir.path()).unwrap(), []);
}

#[test]
fn a_file_in_the_place_of_their_folder_is_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(BACKUPS_FOLDER), "in the way").unwrap();
    let refused = backups(dir.path());
    assert!(matches!(refused, Err(BackupError::File { .. })));
}

#[tokio::test]
async fn only_files_with_a_day_in_their_names_are_backups() {
    let (dir, store) = filled(1).await;
    back_up(&store, NOON);
    for other in [
        "esim-watch.part",
        "esim-watch-yesterday.db",
        "esim-watch-2026-3-1.db",
        "2026-02-01.db",
        "esim-watch-2026-02-01.db.old",
    ] {
        fs::write(dir.path().join(BACKUPS_FOLDER).join(other), "x").unwrap();
    }
    assert_eq!(dates(dir.path()), ["2026-03-01"]);
}

#[tokio::test]
async fn the_newest_backup_comes_first() {
    let (dir, store) = filled(1).await;
    back_up(&store, NOON + DAY_MS);
    back_up(&store, NOON);
    assert_eq!(dates(dir.path()), ["2026-03-02", "2026-03-01"]);
}

#[tokio::test]
async fn what_is_left_of_a_copy_that_failed_is_no_hindrance() {
    let (dir, store) = filled(1).await;
    let folder = dir.path().join(BACKUPS_FOLDER);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("esim-watch.part"), "half").unwrap();
    back_up(&store, NOON);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
}
