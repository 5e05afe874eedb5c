//! What is told of SQLite's errors.

use rusqlite::ffi;

use super::*;
use crate::store::file::error::{explain, is_damage};

fn error(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

/// What opening a database says of this error.
fn opening(code: i32) -> OpenError {
    explain(Path::new("/data/esim-watch.db"), error(code))
}

/// What writing says of this error.
fn writing(code: i32) -> WriteError {
    WriteError::from(&error(code))
}

#[test]
fn two_errors_mean_that_the_file_is_damaged() {
    for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
        assert!(is_damage(&error(code)));
        assert!(matches!(opening(code), OpenError::Damaged { .. }));
        assert!(matches!(writing(code), WriteError::Damaged(_)));
    }
}

#[test]
fn a_full_disk_is_no_damage() {
    assert!(!is_damage(&error(ffi::SQLITE_FULL)));
    let OpenError::Full { path } = opening(ffi::SQLITE_FULL) else {
        panic!("another error");
    };
    assert_eq!(path, Path::new("/data"));
}

#[test]
fn a_database_that_is_locked_is_held_by_another_program() {
    for code in [ffi::SQLITE_BUSY, ffi::SQLITE_LOCKED] {
        assert!(matches!(opening(code), OpenError::Locked { .. }));
    }
}

#[test]
fn what_may_not_be_opened_or_written_is_the_folders_matter() {
    for code in [ffi::SQLITE_CANTOPEN, ffi::SQLITE_READONLY, ffi::SQLITE_PERM] {
        assert!(matches!(opening(code), OpenError::Folder { .. }));
    }
}

#[test]
fn any_other_error_is_told_as_it_is() {
    assert!(matches!(opening(ffi::SQLITE_MISUSE), OpenError::Sqlite(_)));
}

#[test]
fn a_database_that_was_moved_away_is_gone() {
    assert_eq!(writing(ffi::SQLITE_READONLY_DBMOVED), WriteError::Gone);
}

#[test]
fn a_database_that_may_not_be_written_is_not_gone() {
    assert!(matches!(
        writing(ffi::SQLITE_READONLY),
        WriteError::Sqlite(_)
    ));
}
