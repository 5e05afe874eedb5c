//! What can be wrong with the database: why it can't be opened, why something can't be stored, and which
//! of SQLite's errors mean that the file itself is damaged. Must not know: what is done about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::{display_in_english, hand_on};

/// Why the store can't be opened. Every text is for the user and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory can't be created or written.
    Folder {
        /// The data directory.
        path: PathBuf,
        /// Why.
        reason: FolderReason,
    },
    /// Another process keeps its events in the same directory.
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// There is nothing to read.
    Missing {
        /// The data directory.
        path: PathBuf,
    },
    /// The database was written by a newer version of the program.
    Newer {
        /// Schema version of the file.
        found: i64,
        /// Schema version of this program.
        known: i64,
    },
    /// The database was written by an older version of the program, and can only be read once a writer
    /// has brought it up to date.
    Older {
        /// The data directory.
        path: PathBuf,
        /// Schema version of the file.
        found: i64,
        /// Schema version of this program.
        known: i64,
    },
    /// The file is a sound database of another program.
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// It, or a file that belongs to it, is no file.
    NoFile {
        /// What stands in a file's place.
        path: PathBuf,
        /// What it is.
        reason: IoReason,
    },
    /// The file is damaged, or no database at all.
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The damaged file can't be given another name.
    Stuck {
        /// The database file.
        path: PathBuf,
        /// What the operating system said.
        reason: IoReason,
    },
    /// There is no room.
    Full {
        /// The data directory.
        path: PathBuf,
    },
    /// Another program keeps it locked.
    Locked {
        /// The data directory.
        path: PathBuf,
    },
    /// Anything else that SQLite reports.
    Sqlite(#[from] rusqlite::Error),
}

/// Why a data directory can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderReason {
    /// What the operating system said.
    Io(IoReason),
    /// What SQLite said.
    Sqlite(SqliteReason),
}

/// Why SQLite can't read or write, as a code that the catalogue words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqliteReason {
    /// The disk has no room.
    DiskFull,
    /// Another program holds the database.
    Locked,
    /// The file or its disk can't be written.
    ReadOnly,
    /// The file can't be opened.
    NotOpened,
    /// The disk failed.
    DiskFails,
    /// The system has no memory left.
    Memory,
    /// Anything else, in SQLite's words.
    Other(String),
}

/// What is wrong with a database's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// SQLite's words.
    Sqlite(String),
    /// The database is gone, and what was committed last is still there.
    OnlyLog,
    /// A table, a column or an index is not there.
    Missing(String),
    /// The version in its header is none.
    Format(i64),
    /// Its header forbids to write it, its file does not.
    Header,
    /// A row points to nothing.
    Dangling {
        /// The table of the row.
        table: String,
        /// The table that it points into.
        parent: String,
    },
}

hand_on!(FolderReason: Io(IoReason), Sqlite(SqliteReason));

impl From<&rusqlite::Error> for SqliteReason {
    fn from(error: &rusqlite::Error) -> SqliteReason {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => SqliteReason::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SqliteReason::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => SqliteReason::ReadOnly,
            Some(ErrorCode::CannotOpen) => SqliteReason::NotOpened,
            Some(ErrorCode::SystemIoFailure) => SqliteReason::DiskFails,
            Some(ErrorCode::OutOfMemory) => SqliteReason::Memory,
            _ => SqliteReason::Other(error.to_string()),
        }
    }
}

impl From<&rusqlite::Error> for Damage {
    fn from(error: &rusqlite::Error) -> Damage {
        Damage::Sqlite(error.to_string())
    }
}

impl ToMessage for FolderReason {
    fn to_message(&self) -> Message {
        match self {
            FolderReason::Io(reason) => reason.to_message(),
            FolderReason::Sqlite(reason) => reason.to_message(),
        }
    }
}

impl ToMessage for SqliteReason {
    fn to_message(&self) -> Message {
        Message::of(match self {
            SqliteReason::DiskFull => "io.reason.diskFull",
            SqliteReason::Locked => "sqlite.reason.locked",
            SqliteReason::ReadOnly => "sqlite.reason.readOnly",
            SqliteReason::NotOpened => "sqlite.reason.notOpened",
            SqliteReason::DiskFails => "io.reason.diskFails",
            SqliteReason::Memory => "io.reason.memory",
            SqliteReason::Other(text) => return Message::quoted(text),
        })
    }
}

impl ToMessage for Damage {
    fn to_message(&self) -> Message {
        match self {
            Damage::Sqlite(text) => Message::quoted(text),
            Damage::OnlyLog => Message::of("damage.onlyLog"),
            Damage::Missing(what) => Message::of("damage.missing").with("what", what.as_str()),
            Damage::Format(found) => Message::of("damage.format").with("found", found.to_string()),
            Damage::Header => Message::of("damage.header"),
            Damage::Dangling { table, parent } => Message::of("damage.dangling")
                .with("table", table.as_str())
                .with("parent", parent.as_str()),
        }
    }
}

impl ToMessage for OpenError {
    fn to_message(&self) -> Message {
        let at = |key: &str, path: &Path| Message::of(key).with("path", path);
        match self {
            OpenError::Folder { path, reason } => {
                at("error.folder.unusable", path).with("reason", reason.to_message())
            }
            OpenError::InUse { path } => at("error.folder.inUse", path),
            OpenError::Missing { path } => at("error.database.missing", path),
            OpenError::Newer { found, known } => Message::of("error.database.newer")
                .with("found", found.to_string())
                .with("known", known.to_string()),
            OpenError::Older { path, found, known } => at("error.database.older", path)
                .with("found", found.to_string())
                .with("known", known.to_string()),
            OpenError::Foreign { path } => at("error.database.foreign", path),
            OpenError::NoFile { path, reason } => {
                at("error.database.noFile", path).with("reason", reason.to_message())
            }
            OpenError::Damaged { path, damage } => {
                at("error.database.damaged", path).with("reason", damage.to_message())
            }
            OpenError::Stuck { path, reason } => {
                at("error.database.stuck", path).with("reason", reason.to_message())
            }
            OpenError::Full { path } => at("error.database.full", path),
            OpenError::Locked { path } => at("error.database.locked", path),
            OpenError::Sqlite(error) => Message::of("error.database.notOpened")
                .with("reason", SqliteReason::from(error).to_message()),
        }
    }
}

impl ToMessage for WriteError {
    /// A part of a sentence: what was to be written leads it.
    fn to_message(&self) -> Message {
        match self {
            WriteError::Sqlite(reason) => {
                Message::of("error.write.refused").with("reason", reason.to_message())
            }
            WriteError::Damaged(damage) => {
                Message::of("error.write.damaged").with("reason", damage.to_message())
            }
            WriteError::Gone => Message::of("error.write.gone"),
            WriteError::TooSlow => Message::of("error.write.tooSlow"),
            WriteError::Closed => Message::of("error.write.closed"),
        }
    }
}

/// Whether the error lies in the database or its disk, so that no other job would fare better.
/// Waiting for a lock once per job would keep every sender past its time.
pub(in crate::store) fn concerns_all(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
        )
    )
}

display_in_english!(OpenError, WriteError, SqliteReason, Damage);

/// The error of a database at this path, as what the user is told.
pub(in crate::store) fn explain(path: &Path, error: rusqlite::Error) -> OpenError {
    let folder = || path.parent().unwrap_or(path).to_owned();
    match error.sqlite_error_code() {
        _ if is_damage(&error) => OpenError::Damaged {
            path: path.to_owned(),
            damage: Damage::from(&error),
        },
        Some(ErrorCode::DiskFull) => OpenError::Full { path: folder() },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            OpenError::Locked { path: folder() }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            OpenError::Folder {
                path: folder(),
                reason: FolderReason::Sqlite(SqliteReason::from(&error)),
            }
        }
        _ => OpenError::Sqlite(error),
    }
}

/// Why something could not be stored. Nothing of it was. Each text is for the user and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// SQLite refused: disk full, locked by another program, read-only.
    Sqlite(SqliteReason),
    /// The file is damaged.
    Damaged(Damage),
    /// The file is not in its folder any more.
    Gone,
    /// The writer did not get to it in the time that a sender waits. It may be stored yet.
    TooSlow,
    /// The program is shutting down.
    Closed,
}

impl From<&rusqlite::Error> for WriteError {
    fn from(error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        match code {
            Some(rusqlite::ffi::SQLITE_READONLY_DBMOVED) => WriteError::Gone,
            _ if is_damage(error) => WriteError::Damaged(Damage::from(error)),
            _ => WriteError::Sqlite(SqliteReason::from(error)),
        }
    }
}

/// Whether the error says that the file itself is damaged.
pub(in crate::store) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}
