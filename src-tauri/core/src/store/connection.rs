//! The one place that opens the database, with every pragma and its reason.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;

/// Name of the database in the data directory.
pub const DATABASE_FILE: &str = "esim-watch.db";

/// How long a lock of another program is waited for. Roamify allows a webhook 2 s in its strictest
/// documentation; an answer of 503 must still be in time to be sent again.
const BUSY: Duration = Duration::from_millis(1500);

/// Why the store can't be opened. Every text is for the user and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory can't be created or written.
    #[error("The data folder {} can't be used: {reason}. Choose another folder, or allow this user to write to it.", .path.display())]
    Folder {
        /// The data directory.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// Another process keeps its events in the same directory.
    #[error("Another eSIM Watch already uses the data folder {}. Close it first, or choose another folder.", .path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// There is nothing to read.
    #[error("There is no eSIM Watch database in {}. Check the folder, or start the program there once.", .path.display())]
    Missing {
        /// The data directory.
        path: PathBuf,
    },
    /// The database was written by a newer version of the program.
    #[error(
        "The database was written by a newer version of eSIM Watch (format {found}, this version knows {known}). Install the newer version again; nothing was changed."
    )]
    Newer {
        /// Schema version of the file.
        found: i64,
        /// Schema version of this program.
        known: i64,
    },
    /// The file is no database of ours, or damaged.
    #[error("{} is not a readable eSIM Watch database ({reason}). Move the file away and start again: a new one is made, and the old one stays for inspection.", .path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// Anything else that SQLite reports.
    #[error("The database could not be opened: {0}.")]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens the database for the writer, creating and migrating it where needed.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let damaged = |error| damaged_or_other(path, error);
    let mut db = Connection::open(path).map_err(damaged)?;
    db.busy_timeout(BUSY).map_err(damaged)?;
    let found = schema::version(&db).map_err(damaged)?;
    let known = schema::current_version();
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    if found > 0 {
        let id: i32 = db
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(damaged)?;
        if id != schema::APPLICATION_ID {
            let reason = "it belongs to another program".to_owned();
            return Err(OpenError::Damaged {
                path: path.to_owned(),
                reason,
            });
        }
    }
    // Readers never block the writer, nor it them (sqlite.org/wal.html).
    db.pragma_update(None, "journal_mode", "wal")
        .map_err(damaged)?;
    // In WAL mode only FULL syncs at every commit; NORMAL may lose the last commits in a power cut.
    db.pragma_update(None, "synchronous", "full")
        .map_err(damaged)?;
    db.pragma_update(None, "foreign_keys", "on")
        .map_err(damaged)?;
    // Statements of one append, all of them kept prepared.
    db.set_prepared_statement_cache_capacity(64);
    schema::migrate(&mut db).map_err(damaged)?;
    Ok(db)
}

/// Opens the database for reading only. It must exist and have this version's schema.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        let path = path.parent().unwrap_or(path).to_owned();
        return Err(OpenError::Missing { path });
    }
    let damaged = |error| damaged_or_other(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(damaged)?;
    db.busy_timeout(BUSY).map_err(damaged)?;
    let found = schema::version(&db).map_err(damaged)?;
    let known = schema::current_version();
    match found {
        found if found > known => Err(OpenError::Newer { found, known }),
        0 => Err(OpenError::Missing {
            path: path.parent().unwrap_or(path).to_owned(),
        }),
        _ => Ok(db),
    }
}

fn damaged_or_other(path: &Path, error: rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => OpenError::Damaged {
            path: path.to_owned(),
            reason: error.to_string(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            OpenError::Folder {
                path: path.parent().unwrap_or(path).to_owned(),
                reason: error.to_string(),
            }
        }
        _ => OpenError::Sqlite(error),
    }
}
