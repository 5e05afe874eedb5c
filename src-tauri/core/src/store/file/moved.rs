//! Whether the files that the writer holds open are still the ones in the folder.
//!
//! A deleted file lives on for whoever has it open: SQLite would go on committing, without an error,
//! into what is gone at the end of the program. Knows files, and the connection that has them open.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::private;
use crate::store::file::connection::beside;

/// The files of an open database, as they were when it was opened.
#[derive(Debug, Default)]
pub(in crate::store) struct OpenFiles {
    files: Vec<(PathBuf, Identity)>,
}

impl OpenFiles {
    /// Remembers the database and its write-ahead log. A database in memory has neither.
    pub(in crate::store) fn of(database: &Path) -> OpenFiles {
        let files = [database.to_owned(), beside(database, "-wal")];
        OpenFiles {
            files: files
                .into_iter()
                .filter_map(|path| identity(&path).map(|identity| (path, identity)))
                .collect(),
        }
    }

    /// Whether each path still leads to the file that is open. Two calls to the system: nothing
    /// against a commit.
    pub(in crate::store) fn in_place(&self) -> bool {
        self.files
            .iter()
            .all(|(path, opened)| identity(path).as_ref() == Some(opened))
    }

    /// The database's path, if there is no file any more.
    pub(in crate::store) fn gone(&self) -> Option<&Path> {
        self.files
            .first()
            .map(|(path, _)| path.as_path())
            .filter(|path| !path.exists())
    }
}

/// Writes what the open connection still has of a deleted database where it used to be.
pub(in crate::store) fn save_as(db: &Connection, path: &Path) {
    let folder = path.parent().map_or(Ok(()), private::create_folder);
    // An empty file is what `VACUUM INTO` takes beside none.
    let file = folder.and_then(|()| private::open_file(path));
    let saved = file.map_err(|error| error.to_string()).and_then(|_| {
        db.execute("VACUUM INTO ?1", [path.to_string_lossy()])
            .map_err(|error| error.to_string())
    });
    match saved {
        Ok(_) => {
            tracing::warn!("the database was deleted while it was in use; it was written again")
        }
        Err(error) => {
            tracing::error!(%error, "the database was deleted while it was in use, and can't be written again")
        }
    }
}

/// Where a file lies: its device and its number there.
#[cfg(unix)]
type Identity = (u64, u64);

/// Asks for the number alone. Who asks for a file's times has Linux keep them exactly from then on
/// (multigrain timestamps, since 6.13), and each sync of the log would write its inode as well: a tenth
/// of the throughput of a single sender.
#[cfg(target_os = "linux")]
fn identity(path: &Path) -> Option<Identity> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    // Whatever keeps the file from being looked at: it is not known to be in its place.
    let file = statx(CWD, path, AtFlags::empty(), StatxFlags::INO).ok()?;
    let device = (u64::from(file.stx_dev_major) << 32) | u64::from(file.stx_dev_minor);
    Some((device, file.stx_ino))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    // Whatever keeps the file from being looked at: it is not known to be in its place.
    let file = std::fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

/// Elsewhere a file that is open can't be moved or deleted.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    (!path.as_os_str().is_empty()).then_some(())
}
