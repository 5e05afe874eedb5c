//! What may stand in the database's place: a file, or a link to one. Anything else is told, and never waited for.

use std::fs;
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, Mode, mkfifoat};

use super::*;
use crate::store::file::backup::{BackupError, inspect};
use crate::store::{DATABASE_FILE, OpenError};

/// Made by this program: one that is being started has for a moment the locks of all other tests.
fn pipe(at: &Path) {
    mkfifoat(CWD, at, Mode::RUSR | Mode::WUSR).unwrap();
}

fn open(data_dir: &Path) -> Result<Store, OpenError> {
    Store::open(data_dir, |_| {})
}

#[test]
fn a_pipe_or_a_device_in_the_place_of_a_file_is_named() {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join(format!("{DATABASE_FILE}{suffix}"));
        pipe(&place);
        let told = open(dir.path()).err().unwrap();
        assert!(
            matches!(&told, OpenError::NoFile { path, .. } if *path == place),
            "{told}"
        );
        fs::remove_file(&place).unwrap();
        symlink("/dev/zero", &place).unwrap();
        assert!(matches!(open(dir.path()), Err(OpenError::NoFile { .. })));
    }
}

#[test]
fn a_pipe_in_the_place_of_the_lock_is_told() {
    let dir = tempfile::tempdir().unwrap();
    pipe(&dir.path().join("esim-watch.lock"));
    let told = open(dir.path()).err().unwrap().to_string();
    assert!(told.contains("it is a pipe or a device"), "{told}");
}

#[test]
fn who_reads_only_is_told_of_a_pipe_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join(DATABASE_FILE);
    pipe(&place);
    let told = Readers::new(place.clone()).read(|store| store.counts());
    assert!(matches!(told, Err(OpenError::NoFile { .. })), "{told:?}");
    assert!(matches!(inspect(&place), Err(BackupError::File { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_database_works_like_the_database() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = dir.path().join(DATABASE_FILE);
    // To nothing yet, and to what the program wrote there.
    symlink(elsewhere.path().join("other.db"), &place).unwrap();
    for turn in 1..=3_i64 {
        let store = open(dir.path()).unwrap();
        assert!(store.notice().is_none());
        let delivery = Delivery::of(format!("{{\"turn\":{turn}}}"), 1);
        store.writer().deliver(delivery).await.unwrap();
        let counts = store.readers().read(|store| store.counts()).unwrap();
        assert_eq!(counts.events, turn);
        tokio::task::spawn_blocking(move || store.close())
            .await
            .unwrap();
    }
    assert!(fs::symlink_metadata(&place).unwrap().is_symlink());
}
