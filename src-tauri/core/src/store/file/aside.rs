//! The database under another name: nothing of it is ever deleted or overwritten. Knows files only.

use std::io;
use std::path::{Path, PathBuf};

use crate::clock::utc_time;
use crate::held;
use crate::store::file::connection::beside;

/// The most names that are tried for the files of one second.
pub(in crate::store) const MAX_NAMES: u32 = 1000;

/// Gives the database and its companions a name with `why` and the date (`now_ms`, UTC). Returns the new
/// path; `None`: there was nothing to move.
///
/// # Errors
/// The system's, if a file can't be renamed.
pub(in crate::store) fn move_aside(
    database: &Path,
    why: &str,
    now_ms: i64,
) -> io::Result<Option<PathBuf>> {
    let (stem, date) = (stem(database), utc(now_ms));
    let parts = ["", "-wal", "-shm"];
    let free = (1..=MAX_NAMES)
        .map(|n| match n {
            1 => database.with_file_name(format!("{stem}-{why}-{date}.db")),
            n => database.with_file_name(format!("{stem}-{why}-{date}-{n}.db")),
        })
        .find(|kept| !parts.iter().any(|part| beside(kept, part).exists()))
        .ok_or(io::ErrorKind::AlreadyExists)?;
    let mut moved = false;
    // The database first: if the power fails in between, a log without its database is found and
    // kept too, while a database without its log would be taken for a sound but older one.
    for part in parts {
        let from = beside(database, part);
        if from.exists() {
            held::rename(&from, &beside(&free, part))?;
            moved = true;
        }
    }
    Ok(moved.then_some(free))
}

/// The database's name without its ending.
pub(in crate::store) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `2025-11-27T08-00-00Z`: sorts like the time, and every file system takes it.
fn utc(ms: i64) -> String {
    utc_time(ms).replace(' ', "T").replace(':', "-") + "Z"
}
