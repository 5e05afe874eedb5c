//! The mark that a database is to be checked entirely at the next start.

use std::io;
use std::path::Path;

use crate::held;
use crate::private;

/// Left in the data directory when SQLite met damage while the program ran. The next start then
/// checks the whole file, however long that takes.
const SUSPECT_FILE: &str = "esim-watch.suspect";

/// Notes that the database is to be checked entirely at the next start.
pub(in crate::store) fn suspect(database: &Path) {
    if let Err(error) = private::create_file(&database.with_file_name(SUSPECT_FILE)) {
        tracing::error!(%error, "the next start can't be told to check the database");
    }
}

pub(in crate::store) fn is_suspect(database: &Path) -> bool {
    database.with_file_name(SUSPECT_FILE).exists()
}

/// The suspect database was checked.
pub(in crate::store) fn cleared(database: &Path) {
    match held::remove_file(&database.with_file_name(SUSPECT_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the next start will check the database again");
        }
        _ => {}
    }
}
