//! What happens to a database that is damaged: it is kept under another name, a new one is begun,
//! and the settings are taken over from where they can still be read.
//!
//! The settings matter most: the webhook's address is among them, and Roamify would go on posting to
//! the old one. Nothing is ever deleted or overwritten here.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::{Connection, OpenFlags};

use super::connection::{OpenError, beside, open_writer};
use super::schema;
use super::settings::{self, Setting};
use crate::clock::utc_time;

/// Left in the data directory when SQLite met damage while the program ran. The next start then
/// checks the whole file, however long that takes.
const SUSPECT_FILE: &str = "esim-watch.suspect";

/// Folder of the backups in the data directory.
const BACKUPS: &str = "backups";

/// How many names are tried for one second's damaged file.
const NAMES: u32 = 1000;

/// Opens the database, or keeps a damaged one aside and begins a new one. `now_ms` (UTC) names the file
/// that is kept. The text says what happened, for the user; `None`: nothing did.
pub(super) fn open_or_replace(
    path: &Path,
    now_ms: i64,
) -> Result<(Connection, Option<String>), OpenError> {
    let orphaned = size(path) == 0 && size(&beside(path, "-wal")) > 0;
    let reason = match open_unless(orphaned, path) {
        Ok(db) => {
            let notice = take_over_settings(&db, path)?.map(|from| {
                format!(
                    "There was no database in this folder, so a new one was started. The webhook's address and \
                     the other settings were taken over from {from}."
                )
            });
            return Ok((db, notice));
        }
        Err(OpenError::Damaged { reason, .. }) => reason,
        Err(other) => return Err(other),
    };
    let kept = move_aside(path, now_ms).map_err(|error| OpenError::Stuck {
        path: path.to_owned(),
        reason: crate::plain::reason(&error),
    })?;
    let db = open_writer(path)?;
    let settings = match take_over_settings(&db, path)? {
        Some(from) => format!(
            "The webhook's address and the other settings were taken over from {from}."
        ),
        None => "Its settings can't be read, so the webhook's address has changed: copy the new address into \
                 Roamify's portal, or no event will arrive."
            .to_owned(),
    };
    let history = if files_in(&path.with_file_name(BACKUPS), "").is_empty() {
        "Earlier events are only in the file that was kept."
    } else {
        "Earlier events are back once the newest backup is restored."
    };
    let notice = format!(
        "The database was damaged ({reason}). It was kept as {}, and a new one was started. {settings} {history}",
        name(&kept)
    );
    Ok((db, Some(notice)))
}

/// Notes that the database is to be checked entirely at the next start.
pub(super) fn suspect(database: &Path) {
    if let Err(error) = File::create(database.with_file_name(SUSPECT_FILE)) {
        tracing::error!(%error, "the next start can't be told to check the database");
    }
}

pub(super) fn is_suspect(database: &Path) -> bool {
    database.with_file_name(SUSPECT_FILE).exists()
}

/// The suspect database was checked.
pub(super) fn cleared(database: &Path) {
    match fs::remove_file(database.with_file_name(SUSPECT_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the next start will check the database again");
        }
        _ => {}
    }
}

fn open_unless(orphaned: bool, path: &Path) -> Result<Connection, OpenError> {
    if orphaned {
        // SQLite would delete the log, and with it what was committed last.
        let (path, reason) = (path.to_owned(), "only its log is left".to_owned());
        return Err(OpenError::Damaged { path, reason });
    }
    open_writer(path)
}

/// Gives the database and its companions a name with the date. Returns the new path.
fn move_aside(path: &Path, now_ms: i64) -> io::Result<PathBuf> {
    let (stem, date) = (stem(path), utc(now_ms));
    let parts = ["", "-wal", "-shm"];
    let free = (1..=NAMES)
        .map(|n| match n {
            1 => path.with_file_name(format!("{stem}-damaged-{date}.db")),
            n => path.with_file_name(format!("{stem}-damaged-{date}-{n}.db")),
        })
        .find(|kept| !parts.iter().any(|part| beside(kept, part).exists()))
        .ok_or(io::ErrorKind::AlreadyExists)?;
    // The database first: if the power fails in between, a log without its database is found and
    // kept too, while a database without its log would be taken for a sound but older one.
    for part in parts {
        let from = beside(path, part);
        if from.exists() {
            fs::rename(from, beside(&free, part))?;
        }
    }
    // It was checked, with a clear result.
    cleared(path);
    Ok(free)
}

/// Puts the settings of an older database into one that has none. Returns where they came from.
fn take_over_settings(db: &Connection, path: &Path) -> Result<Option<String>, OpenError> {
    if settings::get(db, Setting::Token)?.is_some() {
        return Ok(None);
    }
    let damaged = files_in(
        path.parent().unwrap_or(path),
        &format!("{}-damaged-", stem(path)),
    );
    let backups = files_in(&path.with_file_name(BACKUPS), "");
    for old in damaged.iter().chain(&backups) {
        let found = match settings_of(old) {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(error) => {
                tracing::debug!(%error, "the settings of an older database can't be read");
                continue;
            }
        };
        let tx = db.unchecked_transaction()?;
        settings::put_all(&tx, &found)?;
        tx.commit()?;
        let kind = if backups.contains(old) {
            "the backup"
        } else {
            "the damaged file"
        };
        return Ok(Some(format!("{kind} {}", name(old))));
    }
    Ok(None)
}

/// The settings in a database of ours; `None` if it has no token, without which the others are worth little.
fn settings_of(path: &Path) -> rusqlite::Result<Option<Vec<(String, String)>>> {
    if size(path) == 0 {
        // Nothing to read, and SQLite would delete a log beside it.
        return Ok(None);
    }
    let db = open_as_it_is(path)?;
    let id: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id != schema::APPLICATION_ID || settings::get(&db, Setting::Token)?.is_none() {
        return Ok(None);
    }
    settings::all(&db).map(Some)
}

/// Opens a database to read it, without leaving a trace beside it where that is possible.
fn open_as_it_is(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if size(&beside(path, "-wal")) > 0 {
        return Connection::open_with_flags(path, flags);
    }
    let mut uri = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                uri.push(char::from(byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            other => uri.push_str(&format!("%{other:02x}")),
        }
    }
    if cfg!(windows) {
        uri.insert(5, '/');
    }
    uri.push_str("?immutable=1");
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
}

/// The databases in a folder whose names begin so, newest first.
fn files_in(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    // A folder that can't be read holds nothing that could help.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "db"))
        .filter(|path| name(path).starts_with(prefix))
        .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
        .collect();
    files.sort();
    files.into_iter().rev().map(|(_, path)| path).collect()
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `2025-11-27T08-00-00Z`: sorts like the time, and every file system takes it.
fn utc(ms: i64) -> String {
    utc_time(ms).replace(' ', "T").replace(':', "-") + "Z"
}

#[cfg(test)]
mod tests;
