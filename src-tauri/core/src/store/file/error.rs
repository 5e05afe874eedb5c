//! What can be wrong with the database: why it can't be opened, why something can't be stored, and which
//! of SQLite's errors mean that the file itself is damaged. Must not know: what is done about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

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
    /// The database was written by an older version of the program, and can only be read once a writer
    /// has brought it up to date.
    #[error(
        "The database in {} was written by an older version of eSIM Watch (format {found}, this version reads {known}). Start eSIM Watch once with this data folder: it brings the database up to date.", .path.display()
    )]
    Older {
        /// The data directory.
        path: PathBuf,
        /// Schema version of the file.
        found: i64,
        /// Schema version of this program.
        known: i64,
    },
    /// The file is a sound database of another program.
    #[error("{} is a database of another program. Choose another data folder, or move the file away; nothing was changed.", .path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// The file is damaged, or no database at all.
    #[error("The database {} is damaged ({reason}). Start eSIM Watch with this data folder: it keeps the damaged file under another name and begins a new one.", .path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The damaged file can't be given another name.
    #[error("The database {} is damaged and can't be moved aside: {reason}. Move it to another folder and start again.", .path.display())]
    Stuck {
        /// The database file.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// There is no room.
    #[error("The disk that holds {} is full. Make room on it and start again.", .path.display())]
    Full {
        /// The data directory.
        path: PathBuf,
    },
    /// Another program keeps it locked.
    #[error("Another program holds the database in {}. Close it and start again.", .path.display())]
    Locked {
        /// The data directory.
        path: PathBuf,
    },
    /// Anything else that SQLite reports.
    #[error("The database could not be opened: {0}.")]
    Sqlite(#[from] rusqlite::Error),
}

/// The error of a database at this path, as what the user is told.
pub(in crate::store) fn explain(path: &Path, error: rusqlite::Error) -> OpenError {
    let folder = || path.parent().unwrap_or(path).to_owned();
    match error.sqlite_error_code() {
        _ if is_damage(&error) => OpenError::Damaged {
            path: path.to_owned(),
            reason: error.to_string(),
        },
        Some(ErrorCode::DiskFull) => OpenError::Full { path: folder() },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            OpenError::Locked { path: folder() }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            OpenError::Folder {
                path: folder(),
                reason: error.to_string(),
            }
        }
        _ => OpenError::Sqlite(error),
    }
}

/// Why something could not be stored. Nothing of it was. Each text is for the user and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// SQLite refused: disk full, locked by another program, read-only.
    #[error(
        "the database can't be written: {0}. Check that the disk has free space and that no other program holds the database"
    )]
    Sqlite(String),
    /// The file is damaged.
    #[error(
        "the database is damaged: {0}. Restart eSIM Watch: it keeps the damaged file and starts a new one. Then restore the newest backup"
    )]
    Damaged(String),
    /// The file is not in its folder any more.
    #[error(
        "the database was moved or deleted while eSIM Watch was running. Put it back, or restart eSIM Watch: it saves what it still has"
    )]
    Gone,
    /// The program is shutting down.
    #[error("the store is closed")]
    Closed,
}

impl From<&rusqlite::Error> for WriteError {
    fn from(error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        match code {
            Some(rusqlite::ffi::SQLITE_READONLY_DBMOVED) => WriteError::Gone,
            _ if is_damage(error) => WriteError::Damaged(error.to_string()),
            _ => WriteError::Sqlite(error.to_string()),
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
