//! SQLite: the tables, the one writer, the readers.
//!
//! In: parsed deliveries and settings, through the [`Writer`]. Out: what was committed, to the
//! closure given to [`Store::open`]; rows, to whoever asks. All SQL of the project stands below this
//! folder. Must not know: HTTP, alerts, the window.

mod deliver;
mod file;
mod pool;
mod reader;
mod tables;
mod upkeep;

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::clock::now_ms;
use crate::store::file::folder::{lock, unusable};

pub use deliver::delivery::{Change, Delivery, EsimChange, Merge};
pub use deliver::found::Findings;
pub use deliver::verdict::Verdict;
pub use deliver::writer::{Commit, Stored, Writer};
pub use file::backup::{Backup, BackupError, Contents, Restored, backups, inspect, restore};
pub use file::connection::DATABASE_FILE;
pub use file::damaged::{SettingsFrom, StoreNotice};
pub use file::error::{Damage, FolderReason, OpenError, SqliteReason, WriteError};
pub use file::folder::is_free;
pub use pool::Readers;
pub use reader::Reader;
/// What SQLite says when a question fails.
pub use rusqlite::Error as SqliteError;
pub(crate) use tables::absences::NOTED_EVERY_MS;
pub use tables::absences::{Absence, MAX_ABSENCES};
pub use tables::alerts::{
    AlertCounts, AlertDone, AlertQuery, AlertState, AlertStep, MAX_ALERTS, Opened, StoredAlert,
};
pub use tables::caught_up::{
    AskedEsim, CatchUpRun, CatchUpSoFar, EsimBefore, FiguresAsked, LastAsked, ListedFacts,
    ToldClock, VanishedEsim, VanishedEsims,
};
pub use tables::counters::{Counts, HourCount, StatusCount};
pub use tables::deliveries::{DeliveryContent, DeliveryQuery, DeliveryRow, SEARCHED_BODIES};
pub use tables::delivery_proof::{Delays, DeliveryProof, ProvenEvent, SilentHours};
pub use tables::esims::EsimAndTraveller;
pub use tables::events::StoredEvent;
pub use tables::imports::{ImportRow, Undone};
pub use tables::noted_times::{LastRows, WronglyNoted};
pub use tables::receipts::{AbsenceReceipt, ReceiptLine};
pub use tables::seen::{AWAY_MS, Happened, MARKED_EVERY_MS, SinceSeen};
pub use tables::settings::Setting;
pub use tables::travellers::{
    EsimTraveller, TravellerEsim, TravellerPage, TravellerQuery, TravellerRow, TravellersChanged,
};
pub use upkeep::replay::{Replayed, replay};
pub use upkeep::retention::{Ages, AgesError, Tidied};

/// The open store: one writer, and readers that never wait for it.
pub struct Store {
    writer: Writer,
    thread: Mutex<Option<JoinHandle<()>>>,
    readers: Readers,
    notice: Option<StoreNotice>,
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
        let (db, notice) = file::damaged::open_or_replace(&path, now_ms())?;
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
    pub fn notice(&self) -> Option<&StoreNotice> {
        self.notice.as_ref()
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

#[cfg(test)]
mod tests;
