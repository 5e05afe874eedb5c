//! Connections that read, and never wait for the writer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::store::Reader;
use crate::store::file::connection::{self, DATABASE_FILE};
use crate::store::file::error::OpenError;

/// Connections for reading, opened when needed and kept. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    pub(in crate::store) path: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
    /// Held while a backup is made: two at once would write the same file.
    pub(in crate::store) backing_up: Arc<Mutex<()>>,
}

impl Readers {
    pub(in crate::store) fn new(path: PathBuf) -> Self {
        Readers {
            path: Arc::new(path),
            idle: Arc::default(),
            backing_up: Arc::default(),
        }
    }

    /// Readers of a database that another program may be writing.
    ///
    /// # Errors
    /// [`OpenError`] if there is none, or it can't be read.
    pub fn of(data_dir: &Path) -> Result<Readers, OpenError> {
        let readers = Readers::new(data_dir.join(DATABASE_FILE));
        readers.read(|_| Ok(()))?;
        Ok(readers)
    }

    /// Asks a question, on one consistent state of the store. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] if the database can't be opened or read.
    pub fn read<T>(
        &self,
        question: impl FnOnce(&Reader<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, OpenError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut db = match kept {
            Some(db) => db,
            None => connection::open_reader(&self.path)?,
        };
        let answer = {
            let tx = db.transaction()?;
            question(&Reader { db: &tx })?
        };
        idle().push(db);
        Ok(answer)
    }
}
