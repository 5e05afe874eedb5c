//! What a folder, a database, a backup or an export can have.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use esim_watch_core::store::{
    DATABASE_FILE, OpenError, Readers, SqliteError, Store, backups, inspect, restore,
};
use esim_watch_desk::export::file::{Cell, Sheet, SheetFormat, SheetWatch, write};
use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::wording::{german, says};

/// Gives one row of an export.
type Row = fn(usize) -> Result<Option<Vec<Cell>>, SqliteError>;

fn refused(folder: &Path) -> OpenError {
    match Store::open(folder, |_| {}) {
        Err(error) => error,
        Ok(_) => panic!("it was opened"),
    }
}

fn made(folder: &Path) {
    Store::open(folder, |_| {}).unwrap().close();
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join(DATABASE_FILE)).unwrap()
}

#[test]
fn a_folder_that_can_not_be_used_or_is_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    says(&refused(&file), "eine Datei ist im Weg");
    says(&refused(&file.join("below")), "eine Datei ist im Weg");
    let open = Store::open(dir.path(), |_| {}).unwrap();
    says(&refused(dir.path()), "benutzt den Datenordner");
    open.close();
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_nobody_can_write() {
    says(&refused(Path::new("/proc/esim-watch")), "/proc/esim-watch");
}

#[test]
fn a_database_that_is_missing_foreign_or_of_another_version() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Readers::of(dir.path()).map(drop).unwrap_err();
    says(&missing, "keine Datenbank von eSIM Watch");
    made(dir.path());
    database(dir.path())
        .execute_batch("PRAGMA user_version = 999")
        .unwrap();
    says(&refused(dir.path()), "neueren Version");
    database(dir.path())
        .execute_batch("PRAGMA user_version = 1")
        .unwrap();
    let older = Readers::of(dir.path()).and_then(|readers| readers.read(|_| Ok(())));
    says(&older.unwrap_err(), "älteren Version");
    database(dir.path())
        .execute_batch("PRAGMA application_id = 7")
        .unwrap();
    says(&refused(dir.path()), "eines anderen Programms");
}

#[test]
fn a_database_that_another_program_holds() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let other = database(dir.path());
    other
        .execute_batch("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE")
        .unwrap();
    says(&refused(dir.path()), "hält die Datenbank");
}

#[test]
fn a_database_that_was_damaged_and_replaced() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    fs::write(dir.path().join(DATABASE_FILE), "x".repeat(8192)).unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    says(store.notice().unwrap(), "war beschädigt");
    store.close();
}

#[test]
fn a_database_whose_table_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    database(dir.path())
        .execute_batch("DROP TABLE answers")
        .unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    says(store.notice().unwrap(), "fehlt");
    store.close();
}

#[test]
fn a_backup_that_is_missing_foreign_damaged_or_can_not_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    fs::write(dir.path().join("backups"), "in the way").unwrap();
    let failed = store.readers().back_up(0, &mut || true).unwrap_err();
    says(&failed, "eine Datei ist im Weg");
    says(&backups(dir.path()).unwrap_err(), "eine Datei ist im Weg");
    store.close();
    drop(store);
    let nowhere = dir.path().join("nowhere.db");
    says(&inspect(&nowhere).unwrap_err(), "existiert nicht");
    says(
        &restore(dir.path(), &nowhere, 0).unwrap_err(),
        "existiert nicht",
    );
    let foreign = dir.path().join("foreign.db");
    fs::write(&foreign, "no database at all, whatever its name").unwrap();
    says(&inspect(&foreign).unwrap_err(), "keine Datenbank");
}

#[test]
fn a_backup_that_lost_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    let backup = store.readers().back_up(0, &mut || true).unwrap();
    store.close();
    drop(store);
    let file = fs::File::options().write(true).open(&backup.path).unwrap();
    file.set_len(backup.bytes / 2).unwrap();
    says(&inspect(&backup.path).unwrap_err(), "ist beschädigt");
    let restored = restore(dir.path(), &backup.path, 0);
    says(&restored.unwrap_err(), "ist beschädigt");
    made(dir.path());
}

#[test]
fn an_export_that_can_not_be_written_or_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let mut cancelled = AtomicBool::new(false);
    let export = |folder: &Path, format, count, row: Row, cancelled: &AtomicBool| {
        let sheet = Sheet {
            folder,
            name: "list",
            format,
            separator: None,
            locale: &TimeZone::UTC.into(),
            headings: &[],
        };
        let watch = SheetWatch {
            progress: &mut |_| {},
            cancelled,
        };
        write(&sheet, count, row, watch).unwrap_err()
    };
    let gone: Row = |_| Ok(None);
    let blocked = export(&file, SheetFormat::Csv, 0, gone, &cancelled);
    says(&blocked, "konnte nicht nach");
    let many = export(dir.path(), SheetFormat::Xlsx, 2_000_000, gone, &cancelled);
    says(&many, "mehr, als eine Tabelle fasst");
    let broken: Row = |_| Err(SqliteError::InvalidQuery);
    let unread = export(dir.path(), SheetFormat::Csv, 1, broken, &cancelled);
    says(&unread, "konnte nicht gelesen werden");
    *cancelled.get_mut() = true;
    let stopped = export(dir.path(), SheetFormat::Csv, 1, gone, &cancelled);
    says(&stopped, "abgebrochen");
}

#[test]
fn whatever_the_operating_system_says() {
    for code in 1..134 {
        let error = std::io::Error::from_raw_os_error(code);
        let message = esim_watch_core::io_reason::reason(&error);
        if message.key != "reason.quoted" {
            german(&message);
        }
    }
}
