//! Tests of backups on a real disk.

mod listed;
mod older;
mod refused;

use super::*;
use crate::clock::DAY_MS;
use crate::store::{Delivery, Store};

/// 2026-03-01 12:00 UTC.
const NOON: i64 = 1_772_366_400_000;

async fn deliver(store: &Store, at: i64) {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":{at}}}"#
    );
    let delivery = Delivery::of(body, NOON);
    store.writer().deliver(delivery).await.unwrap();
}

async fn filled(events: i64) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    for at in 0..events {
        deliver(&store, at).await;
    }
    (dir, store)
}

fn dates(dir: &Path) -> Vec<String> {
    backups(dir)
        .unwrap()
        .into_iter()
        .map(|backup| backup.date)
        .collect()
}

fn back_up(store: &Store, now_ms: i64) -> Backup {
    store.readers().back_up(now_ms, &mut || true).unwrap()
}

async fn close(store: Store) {
    tokio::task::spawn_blocking(move || store.close())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_backup_is_one_whole_file_of_its_day() {
    let (dir, store) = filled(3).await;
    let made = back_up(&store, NOON);
    assert_eq!(
        made.path,
        dir.path().join("backups/esim-watch-2026-03-01.db")
    );
    assert_eq!((made.at_ms, made.date.as_str()), (NOON, "2026-03-01"));
    assert_eq!(
        inspect(&made.path).unwrap(),
        Contents {
            events: 3,
            esims: 1
        }
    );
    assert_eq!(backups(dir.path()).unwrap(), [made]);
    let files = fs::read_dir(dir.path().join("backups")).unwrap().count();
    assert_eq!(files, 1, "no log and no half copy beside it");
}

#[tokio::test]
async fn what_is_written_meanwhile_neither_waits_nor_gets_in() {
    let (dir, store) = filled(2000).await;
    let (steps, taken) = std::sync::mpsc::channel();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let readers = store.readers().clone();
    let copying = std::thread::spawn(move || {
        readers.back_up(NOON, &mut || {
            steps.send(()).unwrap();
            wait.recv().is_ok()
        })
    });
    let mut written = 0;
    while taken.recv().is_ok() {
        // The copy stands still between two steps: were the writer to wait for it, this would hang.
        deliver(&store, 10_000 + written).await;
        written += 1;
        assert!(written < 1000, "it starts over and over");
        go.send(()).unwrap();
    }
    copying.join().unwrap().unwrap();
    assert_ne!(written, 0, "too small to be interrupted");
    let kept = inspect(&dir.path().join("backups/esim-watch-2026-03-01.db")).unwrap();
    assert_eq!(kept.events, 2000);
}

#[tokio::test]
async fn the_last_seven_are_kept_and_the_same_day_is_replaced() {
    let (dir, store) = filled(1).await;
    for day in 0..9 {
        back_up(&store, NOON + day * DAY_MS);
        back_up(&store, NOON + day * DAY_MS + 1);
    }
    let kept = dates(dir.path());
    assert_eq!(
        (kept.len(), kept[0].as_str(), kept[6].as_str()),
        (7, "2026-03-09", "2026-03-03")
    );
}

#[tokio::test]
async fn after_the_clock_was_ahead_todays_backup_stays() {
    let (dir, store) = filled(1).await;
    for day in 0..7 {
        back_up(&store, NOON + (1000 + day) * DAY_MS);
    }
    back_up(&store, NOON);
    let kept = dates(dir.path());
    assert_eq!(kept.len(), 7);
    assert_eq!(kept.last().unwrap(), "2026-03-01");
}

#[tokio::test]
async fn a_store_that_lost_its_events_never_pushes_out_the_backup_that_has_them() {
    let (dir, store) = filled(3).await;
    let full = back_up(&store, NOON);
    close(store).await;
    fs::remove_file(dir.path().join(DATABASE_FILE)).unwrap();
    let store = Store::open(dir.path(), |_| {}).unwrap();
    for day in 1..10 {
        back_up(&store, NOON + day * DAY_MS);
    }
    let kept = backups(dir.path()).unwrap();
    assert_eq!((kept.len(), kept.last()), (8, Some(&full)));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = filled(1).await;
    let made = back_up(&store, NOON);
    for (path, mode) in [(made.path, 0o600), (dir.path().join("backups"), 0o700)] {
        let found = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode);
    }
}

#[tokio::test]
async fn one_that_is_stopped_leaves_nothing_behind() {
    let (dir, store) = filled(2500).await;
    let stopped = store.readers().back_up(NOON, &mut || false);
    assert!(matches!(stopped, Err(BackupError::Stopped)));
    assert_eq!(fs::read_dir(dir.path().join("backups")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_restored_store_goes_on_and_the_other_one_lies_aside() {
    let (dir, store) = filled(2).await;
    let made = back_up(&store, NOON);
    deliver(&store, 77).await;
    close(store).await;
    let done = restore(dir.path(), &made.path, NOON).unwrap();
    assert_eq!(done.contents.events, 2);
    let aside = done.aside.unwrap();
    assert_eq!(
        aside,
        dir.path()
            .join("esim-watch-before-restore-2026-03-01T12-00-00Z.db")
    );
    assert_eq!(inspect(&aside).unwrap().events, 3);
    let store = Store::open(dir.path(), |_| {}).unwrap();
    deliver(&store, 78).await;
    let events = store.readers().read(|store| store.counts()).unwrap().events;
    assert_eq!(events, 3);
    close(store).await;
    // And back again: nothing was lost.
    let undone = restore(dir.path(), &aside, NOON).unwrap();
    assert_eq!(undone.contents.events, 3);
    assert_ne!(undone.aside.unwrap(), aside);
}

#[tokio::test]
async fn a_log_that_was_not_folded_in_is_not_lost() {
    let (dir, store) = filled(1).await;
    let made = back_up(&store, NOON);
    let copied = tempfile::tempdir().unwrap();
    deliver(&store, 77).await;
    // What a kill leaves behind: a database and the log with the last event.
    for name in ["esim-watch.db", "esim-watch.db-wal"] {
        fs::copy(dir.path().join(name), copied.path().join(name)).unwrap();
    }
    let done = restore(copied.path(), &made.path, NOON).unwrap();
    assert_eq!(inspect(&done.aside.unwrap()).unwrap().events, 2);
    let readers = Readers::of(copied.path()).unwrap();
    assert_eq!(readers.read(|store| store.counts()).unwrap().events, 1);
}
