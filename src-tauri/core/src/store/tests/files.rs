//! The database's files and its folder.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::store::file::aside::{move_aside, stem};
use crate::store::file::connection::{beside, open_writer};
use crate::store::file::folder::lock;
use crate::store::file::moved::OpenFiles;
use crate::store::file::suspect;

/// 2025-11-27 08:00:00 UTC.
const NOW: i64 = 1_764_230_400_000;

/// A folder with these files, each of which says its own name; and the path of the database in it.
fn folder(names: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(dir.path().join(name), name).unwrap();
    }
    let database = dir.path().join("a.db");
    (dir, database)
}

fn names_in(dir: &tempfile::TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// As versions before made it, and as this one does.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_can_read_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for is_old in [false, true] {
        if is_old {
            for name in ["", "esim-watch.db", "esim-watch.lock"] {
                let open = if name.is_empty() { 0o755 } else { 0o644 };
                fs::set_permissions(data.join(name), fs::Permissions::from_mode(open)).unwrap();
            }
        }
        let store = Store::open(&data, |_| {}).unwrap();
        let delivery = Delivery::of(format!("{{\"is_old\":{is_old}}}"), 1);
        store.writer().deliver(delivery).await.unwrap();
        assert_eq!(mode(&data), 0o700);
        for entry in fs::read_dir(&data).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
        assert!(
            fs::read_dir(&data).unwrap().count() >= 4,
            "log, index, lock"
        );
        tokio::task::spawn_blocking(move || drop(store))
            .await
            .unwrap();
    }
}

#[test]
fn nothing_is_moved_where_nothing_is() {
    let (dir, database) = folder(&[]);
    assert_eq!(move_aside(&database, "old", NOW).unwrap(), None);
    assert_eq!(names_in(&dir), Vec::<String>::new());
}

#[test]
fn a_database_is_moved_with_its_log_under_a_name_that_says_why_and_when() {
    let (dir, database) = folder(&["a.db", "a.db-wal", "a.db-shm"]);
    let kept = move_aside(&database, "old", NOW).unwrap().unwrap();
    let name = "a-old-2025-11-27T08-00-00Z.db";
    assert_eq!(kept, dir.path().join(name));
    assert_eq!(
        names_in(&dir),
        [
            name.to_owned(),
            format!("{name}-shm"),
            format!("{name}-wal")
        ]
    );
    assert_eq!(fs::read_to_string(kept).unwrap(), "a.db");
}

#[test]
fn a_log_without_its_database_is_moved_as_well() {
    let (dir, database) = folder(&["a.db-wal"]);
    assert!(move_aside(&database, "old", NOW).unwrap().is_some());
    assert_eq!(names_in(&dir), ["a-old-2025-11-27T08-00-00Z.db-wal"]);
}

#[test]
fn a_name_that_is_taken_is_not_overwritten() {
    let taken = "a-old-2025-11-27T08-00-00Z.db";
    let (dir, database) = folder(&["a.db", taken]);
    let kept = move_aside(&database, "old", NOW).unwrap().unwrap();
    assert_eq!(kept, dir.path().join("a-old-2025-11-27T08-00-00Z-2.db"));
    assert_eq!(fs::read_to_string(dir.path().join(taken)).unwrap(), taken);
}

#[test]
fn a_name_of_which_only_the_log_is_taken_is_not_free() {
    let (dir, database) = folder(&["a.db", "a-old-2025-11-27T08-00-00Z.db-wal"]);
    let kept = move_aside(&database, "old", NOW).unwrap().unwrap();
    assert_eq!(kept, dir.path().join("a-old-2025-11-27T08-00-00Z-2.db"));
}

#[test]
fn a_name_has_a_stem_without_its_ending() {
    assert_eq!(stem(Path::new("/data/esim-watch.db")), "esim-watch");
    assert_eq!(stem(Path::new("/")), "");
}

#[test]
fn a_companions_name_follows_the_databases() {
    let log = beside(Path::new("/data/a.db"), "-wal");
    assert_eq!(log, Path::new("/data/a.db-wal"));
}

#[test]
fn files_that_nobody_touched_are_in_their_place() {
    let (_dir, database) = folder(&["a.db", "a.db-wal"]);
    let open = OpenFiles::of(&database);
    assert!(open.in_place());
    assert_eq!(open.gone(), None);
}

#[test]
fn writing_to_a_file_does_not_move_it() {
    let (_dir, database) = folder(&["a.db"]);
    let open = OpenFiles::of(&database);
    fs::write(&database, "more than before").unwrap();
    assert!(open.in_place());
}

#[cfg(unix)]
#[test]
fn a_database_that_was_deleted_is_gone() {
    let (_dir, database) = folder(&["a.db"]);
    let open = OpenFiles::of(&database);
    fs::remove_file(&database).unwrap();
    assert!(!open.in_place());
    assert_eq!(open.gone(), Some(database.as_path()));
}

#[cfg(unix)]
#[test]
fn a_database_that_another_file_replaced_is_not_in_its_place() {
    let (dir, database) = folder(&["a.db", "b.db"]);
    let open = OpenFiles::of(&database);
    fs::rename(dir.path().join("b.db"), &database).unwrap();
    assert!(!open.in_place());
    assert_eq!(open.gone(), None, "there is one, though another");
}

#[cfg(unix)]
#[test]
fn a_log_that_was_deleted_is_not_in_its_place() {
    let (_dir, database) = folder(&["a.db", "a.db-wal"]);
    let open = OpenFiles::of(&database);
    fs::remove_file(beside(&database, "-wal")).unwrap();
    assert!(!open.in_place());
}

#[test]
fn a_database_in_memory_is_always_in_its_place() {
    assert!(OpenFiles::default().in_place());
    assert_eq!(OpenFiles::default().gone(), None);
}

#[test]
fn a_database_is_suspect_until_it_was_checked() {
    let (_dir, database) = folder(&[]);
    assert!(!suspect::is_suspect(&database));
    suspect::suspect(&database);
    assert!(suspect::is_suspect(&database));
    suspect::cleared(&database);
    assert!(!suspect::is_suspect(&database));
}

#[test]
fn a_suspicion_that_nobody_had_can_be_cleared() {
    let (dir, database) = folder(&[]);
    suspect::cleared(&database);
    assert_eq!(names_in(&dir), Vec::<String>::new());
}

#[test]
fn a_folder_belongs_to_one_program_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let held = lock(dir.path()).unwrap();
    assert!(matches!(lock(dir.path()), Err(OpenError::InUse { .. })));
    drop(held);
    assert!(lock(dir.path()).is_ok());
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("one").join("two");
    let _held = lock(&inner).unwrap();
    assert!(inner.is_dir());
}

#[test]
fn a_file_where_the_folder_should_be_is_told() {
    let (dir, _) = folder(&["data"]);
    let refused = lock(&dir.path().join("data"));
    assert!(matches!(refused, Err(OpenError::Folder { .. })));
}

/// Each transaction would be one of theirs as well.
#[test]
fn a_new_database_keeps_no_tables_that_its_migrations_had_for_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let db = open_writer(&dir.path().join("a.db")).unwrap();
    let kept: Vec<String> = db
        .prepare("SELECT name FROM pragma_database_list")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(kept, ["main"]);
}
