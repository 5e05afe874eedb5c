//! What a disk that is full has to say: to the store, to the program, to a backup and to an export.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use esim_watch_core::store::{Setting, Store};
use esim_watch_desk::export::file::{Cell, Sheet, SheetFormat, SheetWatch, write};
use jiff::tz::TimeZone;

use crate::elsewhere::elsewhere;
use crate::wording::says;

/// Where the disk is mounted.
const DISK: &str = "ESIM_WATCH_TEST_DISK";

/// Lets a file take every byte that is left.
fn fill(disk: &Path) {
    let mut ballast = File::create(disk.join("ballast")).unwrap();
    for size in [64 * 1024, 4096, 1] {
        while ballast.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

#[test]
fn a_disk_that_is_full() {
    let mount_point = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=4m none \"$ESIM_WATCH_TEST_DISK\" && exec \"$0\" \"$@\"";
    let start = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount];
    let at = mount_point.path().to_str().unwrap();
    if !elsewhere("disk::a_disk_that_is_full", &start, &[(DISK, at)]) {
        return;
    }
    let disk = std::env::var(DISK).unwrap();
    let disk = Path::new(&disk);
    let home = disk.join("home");
    let store = Store::open(&home, |_| {}).unwrap();
    fill(disk);

    let full = "der Datenträger ist voll";
    let long = "x".repeat(1 << 20);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let written = runtime.block_on(store.writer().set(Setting::PublicUrl, Some(long)));
    says(&written.unwrap_err(), full);
    says(&store.readers().back_up(0, &mut || true).unwrap_err(), full);
    store.close();
    let Err(unopened) = Store::open(&disk.join("other"), |_| {}) else {
        panic!("it was opened");
    };
    says(&unopened, "voll");

    let row = |_| Ok(Some(vec![Cell::Text("x".repeat(100))]));
    for format in [SheetFormat::Csv, SheetFormat::Xlsx] {
        let sheet = Sheet {
            folder: disk,
            name: "list",
            format,
            separator: None,
            locale: &TimeZone::UTC.into(),
            headings: &["a".to_owned()],
        };
        let watch = SheetWatch {
            progress: &mut |_| {},
            cancelled: &AtomicBool::new(false),
        };
        says(&write(&sheet, 1000, row, watch).unwrap_err(), full);
    }
}
