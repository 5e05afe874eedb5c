//! The list of eSIMs that the window pages through: core's roster, read once and kept up by the feed.
//!
//! The feed refreshes it before it tells the window of a change, so that whoever was told of something
//! finds it in the list.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use esim_watch_core::roster::{EsimFilter, EsimQuery, Found, MAX_PAGE, Roster};
use esim_watch_core::store::{EsimPage, Reader, Readers, SqliteError};

/// More rows than this are quicker read all together.
const MOST_REFRESHED: usize = 5_000;

/// Most eSIMs that a selection can hold.
const MOST_KEYS: usize = 1_000_000;

/// Which rows of the list are old.
#[derive(Debug, Default)]
pub struct Stale {
    rows: BTreeSet<i64>,
    all: bool,
}

impl Stale {
    /// Rows of eSIMs that changed or are gone.
    pub fn add(&mut self, rows: impl IntoIterator<Item = i64>) {
        if self.all {
            return;
        }
        self.rows.extend(rows);
        if self.rows.len() > MOST_REFRESHED {
            self.everything();
        }
    }

    /// Nobody knows what changed.
    pub fn everything(&mut self) {
        self.all = true;
        self.rows.clear();
    }
}

/// The list. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// `None`: to be read when it is asked for.
    roster: Arc<Mutex<Option<Roster>>>,
}

impl List {
    /// Reads it in the background, so that the first question need not wait.
    pub fn warm(&self, readers: Readers) {
        let list = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
            let read = readers.read(|store| list.kept(store).map(drop));
            if let Err(error) = read {
                tracing::warn!(%error, "the list of eSIMs will be read when it is asked for");
            }
        });
    }

    /// Brings it up to date.
    pub fn refresh(&self, store: &Reader<'_>, stale: &Stale) -> Result<(), SqliteError> {
        let mut kept = self.lock();
        let Some(roster) = kept.as_mut() else {
            return Ok(());
        };
        if stale.all {
            *kept = None;
            return Ok(());
        }
        for row in &stale.rows {
            match store.listed_one(*row) {
                Ok(Some(listed)) => roster.add(&listed),
                Ok(None) => roster.remove(*row),
                Err(error) => {
                    // Half refreshed it would be wrong without anybody knowing.
                    *kept = None;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// One page. `now`: UTC seconds.
    pub fn page(
        &self,
        store: &Reader<'_>,
        query: &EsimQuery,
        now: i64,
    ) -> Result<EsimPage, SqliteError> {
        let (total, rows) = self.find(store, &query.filter, now, |found| {
            let (skip, most) = (query.offset as usize, query.limit.min(MAX_PAGE) as usize);
            (found.total(), found.rows(skip, most).collect::<Vec<i64>>())
        })?;
        Ok(EsimPage {
            total: i64::try_from(total).unwrap_or(i64::MAX),
            offset: query.offset,
            rows: store.esim_rows(&rows)?,
        })
    }

    /// Rows of all eSIMs that match, in order.
    pub fn rows(
        &self,
        store: &Reader<'_>,
        filter: &EsimFilter,
        now: i64,
    ) -> Result<Vec<i64>, SqliteError> {
        self.find(store, filter, now, |found| {
            found.rows(0, MOST_KEYS).collect()
        })
    }

    fn find<T>(
        &self,
        store: &Reader<'_>,
        filter: &EsimFilter,
        now: i64,
        take: impl FnOnce(Found<'_>) -> T,
    ) -> Result<T, SqliteError> {
        let mut kept = self.kept(store)?;
        let needing = match filter.attention {
            true => store.esims_needing_attention()?,
            false => HashSet::new(),
        };
        let roster = kept.get_or_insert_default();
        Ok(take(roster.find(filter, now, &needing)))
    }

    /// The roster, read where there is none. The store must not have been asked anything before: what it
    /// says has to be as new as the last refresh, and it says the same from its first answer on.
    fn kept(&self, store: &Reader<'_>) -> Result<MutexGuard<'_, Option<Roster>>, SqliteError> {
        let mut kept = self.lock();
        if kept.is_none() {
            *kept = Some(store.roster()?);
        }
        Ok(kept)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Roster>> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
