//! Damaged databases, and what looks like one.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use tempfile::TempDir;

use super::*;
use crate::store::file::aside::MAX_NAMES;
use crate::store::{DATABASE_FILE, Delivery, Store, WriteError};

/// 2025-11-27 08:00:00 UTC.
const NOW: i64 = 1_764_230_400_000;

const KEPT: &str = "esim-watch-damaged-2025-11-27T08-00-00Z.db";

const TOKEN: &str = "5f5e100";

/// A folder with a database that holds a token and this many events, closed as a power cut would:
/// its log is not folded in.
fn folder(events: i64) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DATABASE_FILE);
    let db = open_writer(&path).unwrap();
    settings::set(&db, Setting::Token, Some(TOKEN)).unwrap();
    settings::set(&db, Setting::Port, Some("50000")).unwrap();
    fill(&db, events);
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    settings::set(&db, Setting::PublicUrl, Some("https://a.example")).unwrap();
    db.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
        true,
    )
    .unwrap();
    drop(db);
    (dir, path)
}

/// The last event of many spills over, so that the last pages of the file are its.
fn fill(db: &Connection, events: i64) {
    db.execute(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
         INSERT INTO events (key, category, type, received_at_ms, problem)
         SELECT printf('%08d', n), 'esim', 'status', n, hex(zeroblob(iif(n < 10000 OR n < ?1, 500, 20000)))
         FROM n WHERE ?1 > 0",
        [events],
    )
    .unwrap();
}

/// Overwrites bytes of a file.
fn scribble(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn setting(db: &Connection, setting: Setting) -> Option<String> {
    settings::get(db, setting).unwrap()
}

fn backup(dir: &Path, name: &str, token: &str) {
    fs::create_dir_all(dir.join(BACKUPS_FOLDER)).unwrap();
    let db = open_writer(&dir.join(BACKUPS_FOLDER).join(name)).unwrap();
    settings::set(&db, Setting::Token, Some(token)).unwrap();
}

#[test]
fn a_damaged_database_is_kept_as_it_was_and_its_settings_are_taken_over() {
    let (dir, path) = folder(100);
    scribble(&path, 20 * 4096, &[0xff; 4096]);
    let (before, log) = (
        fs::read(&path).unwrap(),
        fs::read(beside(&path, "-wal")).unwrap(),
    );
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    let kept = dir.path().join(KEPT);
    assert!(fs::read(&kept).unwrap() == before, "its bytes changed");
    assert!(
        fs::read(beside(&kept, "-wal")).unwrap() == log,
        "its log changed"
    );
    assert_eq!(setting(&db, Setting::Token).as_deref(), Some(TOKEN));
    assert_eq!(setting(&db, Setting::Port).as_deref(), Some("50000"));
    assert_eq!(
        setting(&db, Setting::PublicUrl).as_deref(),
        Some("https://a.example"),
        "what stood in the log only"
    );
    let notice = notice.unwrap().to_string();
    assert!(notice.starts_with("The database was damaged ("), "{notice}");
    assert!(
        notice.ends_with(&format!(
            "It was kept as {KEPT}, and a new one was started. The webhook's address and the other settings \
             were taken over from the damaged file {KEPT}. Earlier events are only in the file that was kept."
        )),
        "{notice}"
    );
    drop(db);
    let (_, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(notice, None, "the new one is sound");
}

#[test]
fn a_second_damaged_database_never_overwrites_the_first() {
    let (dir, path) = folder(0);
    for name in [
        KEPT,
        "esim-watch-damaged-2025-11-27T08-00-00Z-2.db",
        "esim-watch-damaged-2025-11-27T08-00-00Z-3.db",
    ] {
        let garbage = format!("no database: {name}").repeat(100);
        fs::write(&path, &garbage).unwrap();
        open_or_replace(&path, NOW).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), garbage);
    }
}

#[test]
fn settings_that_cannot_be_read_come_from_the_newest_backup_that_can() {
    let (dir, path) = folder(0);
    backup(dir.path(), "old.db", "old");
    backup(dir.path(), "new.db", "new");
    fs::write(
        dir.path().join(BACKUPS_FOLDER).join("newest.db"),
        "not finished",
    )
    .unwrap();
    for (name, age) in [("old.db", 3000), ("new.db", 2000), ("newest.db", 1000)] {
        let file = File::options()
            .write(true)
            .open(dir.path().join(BACKUPS_FOLDER).join(name))
            .unwrap();
        let at = SystemTime::now() - std::time::Duration::from_secs(age);
        file.set_modified(at).unwrap();
    }
    fs::write(&path, [0; 8192]).unwrap();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(setting(&db, Setting::Token).as_deref(), Some("new"));
    let notice = notice.unwrap().to_string();
    assert!(
        notice.ends_with(
            "The webhook's address and the other settings were taken over from the backup new.db. \
             Earlier events are back once the newest backup is restored."
        ),
        "{notice}"
    );
    let mut left: Vec<_> = fs::read_dir(dir.path().join(BACKUPS_FOLDER))
        .unwrap()
        .map(|entry| name(&entry.unwrap().path()))
        .collect();
    left.sort();
    assert_eq!(
        left,
        ["new.db", "newest.db", "old.db"],
        "no traces beside the backups"
    );
}

#[test]
fn without_any_settings_the_notice_says_that_the_address_has_changed() {
    let (_dir, path) = folder(0);
    fs::remove_file(beside(&path, "-wal")).unwrap();
    fs::write(&path, [0; 8192]).unwrap();
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(setting(&db, Setting::Token), None);
    let notice = notice.unwrap().to_string();
    assert!(
        notice.contains(
            "the webhook's address has changed: copy the new address into Roamify's portal"
        ),
        "{notice}"
    );
}

#[test]
fn a_deleted_database_leaves_the_address_as_it_was_if_there_is_a_backup() {
    let (dir, path) = folder(0);
    backup(dir.path(), "a.db", "kept");
    fs::remove_file(&path).unwrap();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(setting(&db, Setting::Token).as_deref(), Some("kept"));
    assert!(
        notice
            .unwrap()
            .to_string()
            .starts_with("There was no database in this folder")
    );
}

#[test]
fn the_first_start_has_nothing_to_tell() {
    let dir = tempfile::tempdir().unwrap();
    let (_, notice) = open_or_replace(&dir.path().join(DATABASE_FILE), NOW).unwrap();
    assert_eq!(notice, None);
}

#[test]
fn a_log_whose_database_is_gone_is_kept() {
    let (dir, path) = folder(0);
    let log = fs::read(beside(&path, "-wal")).unwrap();
    fs::write(&path, "").unwrap();
    let (_, notice) = open_or_replace(&path, NOW).unwrap();
    assert!(
        notice
            .unwrap()
            .to_string()
            .contains("(only its log is left)")
    );
    let kept = beside(&dir.path().join(KEPT), "-wal");
    assert!(fs::read(kept).unwrap() == log);
}

#[test]
fn what_another_program_or_a_newer_version_wrote_is_refused_untouched() {
    let theirs = |sql: &str| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        let refused = open_or_replace(&path, NOW).map(|_| ()).unwrap_err();
        assert!(fs::read(&path).unwrap() == before, "{sql}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "{sql}");
        refused
    };
    for sql in [
        "CREATE TABLE theirs (a)",
        "CREATE TABLE theirs (a); PRAGMA user_version = 1",
        "CREATE TABLE theirs (a); PRAGMA application_id = 7",
        "PRAGMA application_id = 7",
    ] {
        let refused = theirs(sql);
        assert!(matches!(refused, OpenError::Foreign { .. }), "{refused}");
    }
    let newer = theirs("PRAGMA application_id = 0x6553494d; PRAGMA user_version = 999");
    assert!(matches!(newer, OpenError::Newer { found: 999, .. }));
}

#[test]
fn a_damaged_file_that_cannot_be_moved_is_told() {
    let (dir, path) = folder(0);
    fs::write(&path, [0; 8192]).unwrap();
    // Every name that would be tried is taken.
    for n in 1..=MAX_NAMES {
        let name = match n {
            1 => KEPT.to_owned(),
            n => KEPT.replace(".db", &format!("-{n}.db")),
        };
        File::create(dir.path().join(name)).unwrap();
    }
    let told = open_or_replace(&path, NOW).map(|_| ()).unwrap_err();
    assert!(matches!(told, OpenError::Stuck { .. }), "{told}");
    assert_eq!(fs::read(&path).unwrap(), [0; 8192]);
}

#[test]
fn half_a_file_is_damage() {
    let (_dir, path) = folder(200);
    let whole = fs::metadata(&path).unwrap().len();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(whole / 2).unwrap();
    let (_, notice) = open_or_replace(&path, NOW).unwrap();
    assert!(notice.is_some());
}

/// One byte of the header or of the schema, whichever: the program runs afterwards, with the file that it
/// found or beside it, unless the byte makes it another program's or a newer version's.
#[test]
fn whatever_byte_of_the_first_page_is_wrong_the_program_starts_or_refuses_for_a_reason() {
    let (_dir, path) = folder(3);
    let good = fs::read(&path).unwrap();
    let empty = good.iter().rposition(|byte| *byte != 0).unwrap();
    let mut replaced = 0;
    for at in (0..100).chain((100..4096.min(empty)).step_by(61)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        fs::write(&path, &bytes).unwrap();
        match open_or_replace(&path, NOW) {
            Ok((db, notice)) => {
                replaced += usize::from(notice.is_some());
                let check: String = db
                    .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                    .unwrap();
                assert_eq!(check, "ok", "byte {at}: {notice:?}");
                settings::set(&db, Setting::Port, Some("1")).unwrap();
            }
            Err(OpenError::Newer { .. }) => assert!((60..64).contains(&at), "byte {at}"),
            Err(OpenError::Foreign { .. }) => assert!((68..72).contains(&at), "byte {at}"),
            Err(other) => panic!("byte {at}: {other:?}"),
        }
    }
    assert!(replaced > 40, "only {replaced} were found");
}

#[test]
fn the_ends_of_a_large_database_are_looked_at_and_all_of_a_suspect_one() {
    let (_dir, path) = folder(16_000);
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let size = fs::metadata(&path).unwrap().len();
    assert!(size > 8 * 1024 * 1024, "{size}");
    let good = fs::read(&path).unwrap();
    let last = (size / 4096 - 1) * 4096;
    scribble(&path, last, &[0xff; 4096]);
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert!(notice.is_some(), "the last page");
    drop(db);

    fs::write(&path, good).unwrap();
    scribble(&path, size / 2 / 4096 * 4096, &[0xff; 4096]);
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(notice, None, "a page in the middle is not looked at");
    drop(db);
    suspect::suspect(&path);
    let (db, notice) = open_or_replace(&path, NOW).unwrap();
    assert!(notice.is_some());
    assert!(!suspect::is_suspect(&path));
    drop(db);
    suspect::suspect(&path);
    let (_, notice) = open_or_replace(&path, NOW).unwrap();
    assert_eq!(notice, None, "a suspicion that was wrong is forgotten");
    assert!(!suspect::is_suspect(&path));
}

fn delivery(n: i64) -> Delivery {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"e{n}","status":"NEW","timestamp":{n}}}"#
    );
    Delivery::of(body, NOW)
}

#[tokio::test]
async fn damage_that_is_met_while_running_is_refused_and_cured_by_the_next_start() {
    let (dir, path) = folder(50);
    let store = Store::open(dir.path(), |_| {}).unwrap();
    store.writer().deliver(delivery(1)).await.unwrap();
    // Another connection's commit makes the writer read its pages again; then all but the first are gone.
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("UPDATE settings SET value = value; PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let size = fs::metadata(&path).unwrap().len();
    let rest = usize::try_from(size - 4096).unwrap();
    scribble(&path, 4096, &vec![0xff; rest]);
    let refused = store.writer().deliver(delivery(2)).await.unwrap_err();
    assert!(matches!(refused, WriteError::Damaged(_)), "{refused:?}");
    assert!(refused.to_string().contains("Restart eSIM Watch"));
    drop(other);
    tokio::task::spawn_blocking(move || store.close())
        .await
        .unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    assert!(store.notice().unwrap().to_string().contains("was damaged"));
    store.writer().deliver(delivery(2)).await.unwrap();
    tokio::task::spawn_blocking(move || store.close())
        .await
        .unwrap();
}
