//! Backups that every earlier version of the program wrote.

use super::*;
use crate::store::StoreNotice;

/// Two eSIMs, three events and a setting, as versions up to [`PLAIN`] hold them.
const ROWS: &str = "
    INSERT INTO esims (id, esim_id, status, status_since, last_event_at, event_count, last_order_at, last_order_terminal,
        last_order_key, search_text) VALUES
        (1, 'a', 'NEW', 15, 20, 2, 20, 0, '1:00000000020:status:esim:a:NEW', 'a'),
        (2, 'b', 'NEW', 10, 10, 1, 10, 0, '1:00000000010:status:esim:b:NEW', 'b');
    INSERT INTO events (id, key, category, type, occurred_at, received_at_ms, esim, esim_id, status) VALUES
        (1, '1:00000000015:status:esim:a:NEW', 'esim', 'status', 15, 1, 1, 'a', 'NEW'),
        (2, '1:00000000010:status:esim:b:NEW', 'esim', 'status', 10, 1, 2, 'b', 'NEW'),
        (3, '1:00000000020:status:esim:a:NEW', 'esim', 'status', 20, 1, 1, 'a', 'NEW');
    INSERT INTO counters (name, value) VALUES ('events', 3), ('unrecognized', 0), ('esims:NEW', 2);
    INSERT INTO settings (name, value) VALUES ('listener.token', 'kept');";

/// The last version in which [`ROWS`] can be written; later ones get them by their migrations.
const PLAIN: usize = 7;

/// The last version before one that folds everything again.
const ORDERED: usize = 12;

/// The last version before one that folds them once more.
const REFOLDED: usize = 14;

const HELD: Contents = Contents {
    events: 3,
    esims: 2,
};

fn versions() -> std::ops::Range<usize> {
    1..usize::try_from(schema::current_version()).unwrap()
}

/// Writes what this version would have.
fn write(path: &Path, version: usize) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut db = Connection::open(path).unwrap();
    schema::migrate_to(&mut db, version.min(PLAIN)).unwrap();
    db.execute_batch(ROWS).unwrap();
    if version >= 3 {
        db.execute_batch("INSERT INTO hourly VALUES (0, 'NEW', 3)")
            .unwrap();
    }
    if version > ORDERED {
        // Its migration folds with the statements of the latest version.
        schema::migrate(&mut db).unwrap();
        db.execute_batch(match version > REFOLDED {
            true => include_str!("../../../tests/before_listed.sql"),
            false => include_str!("../../../tests/before_catch_up.sql"),
        })
        .unwrap();
    } else {
        schema::migrate_to(&mut db, version).unwrap();
    }
}

fn backup_of(dir: &Path, date: &str) -> PathBuf {
    dir.join(format!("{BACKUPS_FOLDER}/esim-watch-{date}.db"))
}

#[test]
fn what_is_in_one_is_told() {
    for version in versions() {
        let dir = tempfile::tempdir().unwrap();
        let old = backup_of(dir.path(), "2026-02-01");
        write(&old, version);
        assert_eq!(inspect(&old).unwrap(), HELD, "{version}");
    }
}

#[tokio::test]
async fn one_is_restored_and_is_up_to_date_at_once() {
    for version in versions() {
        let dir = tempfile::tempdir().unwrap();
        let old = backup_of(dir.path(), "2026-02-01");
        write(&old, version);
        let as_it_was = fs::read(&old).unwrap();
        let done = restore(dir.path(), &old, NOON).unwrap();
        assert_eq!(done.contents, HELD, "{version}");
        assert!(fs::read(&old).unwrap() == as_it_was, "the backup changed");
        let readers = Readers::of(dir.path()).unwrap();
        let (damage, wrong) = readers
            .read(|store| Ok((store.damage()?, store.check()?)))
            .unwrap();
        assert!(damage.is_empty(), "{version}: {damage:?}");
        assert!(wrong.is_empty(), "{version}: {wrong:?}");
        let store = Store::open(dir.path(), |_| {}).unwrap();
        assert_eq!(store.notice(), None, "{version}");
        deliver(&store, 77).await;
        close(store).await;
        assert_eq!(
            inspect(&dir.path().join(DATABASE_FILE)).unwrap().events,
            4,
            "{version}"
        );
    }
}

#[tokio::test]
async fn one_that_holds_more_than_the_store_is_never_pushed_out() {
    let (dir, store) = filled(1).await;
    for version in versions() {
        write(
            &backup_of(dir.path(), &format!("2026-02-{version:02}")),
            version,
        );
    }
    for day in 0..8 {
        back_up(&store, NOON + day * DAY_MS);
    }
    let kept = dates(dir.path());
    assert_eq!(kept.len(), 7 + versions().len(), "{kept:?}");
}

#[tokio::test]
async fn one_that_holds_no_more_than_the_store_goes_like_any_other() {
    let (dir, store) = filled(3).await;
    for version in versions() {
        write(
            &backup_of(dir.path(), &format!("2026-02-{version:02}")),
            version,
        );
    }
    for day in 0..7 {
        back_up(&store, NOON + day * DAY_MS);
    }
    assert_eq!(dates(dir.path()).len(), 7);
}

#[tokio::test]
async fn one_of_a_newer_version_is_told_and_never_pushed_out() {
    let (_dir, store) = filled(1).await;
    let newer = back_up(&store, NOON).path;
    Connection::open(&newer)
        .and_then(|db| db.pragma_update(None, "user_version", 999))
        .unwrap();
    for day in 1..9 {
        back_up(&store, NOON + day * DAY_MS);
    }
    assert!(newer.exists());
    let said = inspect(&newer).unwrap_err().to_string();
    assert!(said.contains("newer version"), "{said}");
}

#[test]
fn the_settings_in_one_are_taken_over_where_there_is_no_database() {
    for version in versions() {
        let dir = tempfile::tempdir().unwrap();
        write(&backup_of(dir.path(), "2026-02-01"), version);
        let store = Store::open(dir.path(), |_| {}).unwrap();
        assert!(
            matches!(store.notice(), Some(StoreNotice::Missing { .. })),
            "{version}"
        );
        store.close();
    }
}
