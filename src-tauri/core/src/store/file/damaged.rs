//! What happens to a database that is damaged: it is kept under another name, a new one is begun,
//! and the settings are taken over from where they can still be read.
//!
//! The settings matter most: the webhook's address is among them, and providers would go on posting to
//! the old one. Nothing is ever deleted or overwritten here.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::{Connection, OpenFlags};

use crate::display_in_english;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::store::file::aside::{move_aside, stem};
use crate::store::file::backup::BACKUPS_FOLDER;
use crate::store::file::connection::{beside, open_writer};
use crate::store::file::error::{Damage, OpenError};
use crate::store::file::{schema, suspect};
use crate::store::tables::settings::{self, Setting};

/// What stands in the name of a damaged database that was kept.
const DAMAGED: &str = "damaged";

/// What a person has to know of how the store began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreNotice {
    /// There was no database.
    Missing {
        /// Where the settings come from.
        from: SettingsFrom,
    },
    /// There was a damaged one.
    Damaged {
        /// What was wrong with it.
        damage: Damage,
        /// The name under which it was kept.
        kept: String,
        /// Where the settings come from; `None`: they are lost.
        settings: Option<SettingsFrom>,
        /// Whether there is a backup with what happened before.
        has_backups: bool,
    },
}

/// A file that settings were taken over from, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsFrom {
    /// A backup.
    Backup(String),
    /// A damaged database.
    Damaged(String),
}

impl ToMessage for StoreNotice {
    fn to_message(&self) -> Message {
        match self {
            StoreNotice::Missing { from } => {
                Message::of("store.replaced.missing").with("from", from.to_message())
            }
            StoreNotice::Damaged {
                damage,
                kept,
                settings,
                has_backups,
            } => Message::of("store.replaced.damaged")
                .with("reason", damage.to_message())
                .with("name", kept.as_str())
                .with(
                    "settings",
                    match settings {
                        Some(from) => {
                            Message::of("store.replaced.settings").with("from", from.to_message())
                        }
                        None => Message::of("store.replaced.settingsLost"),
                    },
                )
                .with(
                    "history",
                    Message::of(match has_backups {
                        true => "store.replaced.historyInBackup",
                        false => "store.replaced.historyKept",
                    }),
                ),
        }
    }
}

impl ToMessage for SettingsFrom {
    fn to_message(&self) -> Message {
        match self {
            SettingsFrom::Backup(name) => {
                Message::of("store.replaced.fromBackup").with("name", name.as_str())
            }
            SettingsFrom::Damaged(name) => {
                Message::of("store.replaced.fromDamaged").with("name", name.as_str())
            }
        }
    }
}

display_in_english!(StoreNotice);

/// Opens the database, or keeps a damaged one aside and begins a new one. `now_ms` (UTC) names the file
/// that is kept. The notice says what happened; `None`: nothing did.
pub(in crate::store) fn open_or_replace(
    path: &Path,
    now_ms: i64,
) -> Result<(Connection, Option<StoreNotice>), OpenError> {
    let orphaned = size(path) == 0 && size(&beside(path, "-wal")) > 0;
    let damage = match open_unless(orphaned, path) {
        Ok(db) => {
            let notice = take_over_settings(&db, path)?.map(|from| StoreNotice::Missing { from });
            return Ok((db, notice));
        }
        Err(OpenError::Damaged { damage, .. }) => damage,
        Err(other) => return Err(other),
    };
    let kept = move_aside(path, DAMAGED, now_ms).map_err(|error| OpenError::Stuck {
        path: path.to_owned(),
        reason: IoReason::from(&error),
    })?;
    // It was checked, with a clear result.
    suspect::cleared(path);
    let db = open_writer(path)?;
    let notice = StoreNotice::Damaged {
        damage,
        kept: kept.as_deref().map(name).unwrap_or_default(),
        settings: take_over_settings(&db, path)?,
        has_backups: !files_in(&path.with_file_name(BACKUPS_FOLDER), "").is_empty(),
    };
    Ok((db, Some(notice)))
}

fn open_unless(orphaned: bool, path: &Path) -> Result<Connection, OpenError> {
    if orphaned {
        // SQLite would delete the log, and with it what was committed last.
        let (path, damage) = (path.to_owned(), Damage::OnlyLog);
        return Err(OpenError::Damaged { path, damage });
    }
    open_writer(path)
}

/// Puts the settings of an older database into one that has none. Returns where they came from.
fn take_over_settings(db: &Connection, path: &Path) -> Result<Option<SettingsFrom>, OpenError> {
    if settings::get(db, Setting::Token)?.is_some() {
        return Ok(None);
    }
    let damaged = files_in(
        path.parent().unwrap_or(path),
        &format!("{}-{DAMAGED}-", stem(path)),
    );
    let backups = files_in(&path.with_file_name(BACKUPS_FOLDER), "");
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
        let file = name(old);
        return Ok(Some(if backups.contains(old) {
            SettingsFrom::Backup(file)
        } else {
            SettingsFrom::Damaged(file)
        }));
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

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests;
