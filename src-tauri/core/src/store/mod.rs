//! SQLite: the tables, the one writer, the readers.
//!
//! In: parsed deliveries and settings, through the [`Writer`]. Out: what was committed, to the
//! closure given to [`Store::open`]; rows, to whoever asks. All SQL of the project stands below this
//! folder. Must not know: HTTP, alerts, the window.

mod account;
mod alerts;
mod append;
mod backup;
mod connection;
mod counters;
mod damaged;
mod deliveries;
mod esims;
mod events;
mod files;
mod imports;
mod inspect;
mod listed;
mod lookback;
mod query;
mod replay;
mod retention;
mod schema;
mod settings;
mod travellers;
mod usage;
mod writer;
#[cfg(feature = "yardsticks")]
mod yardstick;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::clock::now_ms;

pub use account::{
    Account, AccountCounts, BalancePoint, MOST_ACCOUNT_EVENTS, OrderRow, OrderTotal, RefundRow,
};
pub use alerts::{
    AlertCounts, AlertDone, AlertQuery, AlertState, AlertStep, MAX_ALERTS, StoredAlert,
};
pub use append::{Change, Delivery, EsimChange};
pub use backup::{Backup, BackupError, Contents, Restored, backups, inspect, restore};
pub use connection::{DATABASE_FILE, OpenError};
pub use counters::{Counts, HourCount, StatusCount};
pub use deliveries::Verdict;
pub use events::StoredEvent;
pub use imports::{ImportRow, LineChange, LineOwner, LineRow, Proposal, Undone};
pub use inspect::{
    DeliveryDetail, DeliveryPage, DeliveryQuery, DeliveryRow, Header, SEARCHED_BODIES,
};
pub use lookback::{AWAY_MS, LookBack};
pub use query::{EsimDetail, EsimPage, EsimRow, EventRow};
pub use replay::{Replayed, replay};
pub use retention::{Ages, AgesError, Tidied};
/// What SQLite says when a question fails.
pub use rusqlite::Error as SqliteError;
pub use settings::Setting;
pub use travellers::{
    EsimTraveller, Owner, TravellerEsim, TravellerPage, TravellerQuery, TravellerRow,
    TravellersChanged,
};
pub use usage::EsimUsage;
pub use writer::{Commit, Stored, WriteError, Writer};
#[cfg(feature = "yardsticks")]
pub use yardstick::Yardstick;

/// The file whose lock says that a program keeps its events in this directory.
const LOCK_FILE: &str = "esim-watch.lock";

/// The open store: one writer, and readers that never wait for it.
pub struct Store {
    writer: Writer,
    thread: Mutex<Option<JoinHandle<()>>>,
    readers: Readers,
    notice: Option<String>,
    // Held, never read: the lock ends with it.
    _lock: File,
}

impl Store {
    /// Opens the database in `data_dir`, creating both where needed. `on_commit` gets everything
    /// that is committed, in order, on the writer's thread; it must return quickly.
    ///
    /// # Errors
    /// [`OpenError`], each written for the user.
    pub fn open(
        data_dir: &Path,
        on_commit: impl FnMut(Arc<Commit>) + Send + 'static,
    ) -> Result<Store, OpenError> {
        let lock = lock(data_dir)?;
        let path = data_dir.join(DATABASE_FILE);
        let (db, notice) = damaged::open_or_replace(&path, now_ms())?;
        let (writer, thread) =
            Writer::start(db, on_commit).map_err(|error| unusable(data_dir, &error))?;
        let thread = Mutex::new(Some(thread));
        Ok(Store {
            writer,
            thread,
            readers: Readers::new(path),
            notice,
            _lock: lock,
        })
    }

    /// Where deliveries and settings go.
    #[must_use]
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Where questions go.
    #[must_use]
    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// What happened to the database when it was opened, if the user has to know: it was damaged and
    /// replaced, or its settings came from a backup.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Ends the writer once everything that waits is committed. Blocks until then.
    pub fn close(&self) {
        self.writer.close();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the store's writer ended with a panic");
        }
    }
}

/// Takes the folder for this program alone until the file is dropped, creating it where needed.
fn lock(data_dir: &Path) -> Result<File, OpenError> {
    let unusable = |error| unusable(data_dir, &error);
    std::fs::create_dir_all(data_dir).map_err(unusable)?;
    let lock = File::create(data_dir.join(LOCK_FILE)).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: data_dir.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

fn unusable(data_dir: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Folder {
        path: data_dir.to_owned(),
        reason: crate::plain::reason(error),
    }
}

/// Connections for reading, opened when needed and kept. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    path: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    fn new(path: PathBuf) -> Self {
        Readers {
            path: Arc::new(path),
            idle: Arc::default(),
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

/// Asks questions of one consistent state of the store.
pub struct Reader<'a> {
    db: &'a Connection,
}

#[cfg(test)]
mod tests;
