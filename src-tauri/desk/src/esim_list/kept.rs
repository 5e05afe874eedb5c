//! The list of eSIMs that the window pages through: in memory, read once and kept up by the feed.
//!
//! The feed refreshes it before it tells the window of a change, so that whoever was told of something
//! finds it in the list.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use esim_watch_core::catalogue::SharedLanguage;
use esim_watch_core::store::{Reader, Readers, SqliteError};
use serde::Serialize;

use super::{EsimFilter, EsimIndex, EsimQuery, Found, MAX_PAGE_ESIMS};
use crate::esim::EsimRow;

/// More rows than this are quicker read all together.
const MAX_REFRESHED_ROWS: usize = 5_000;

/// Most eSIMs that a selection can hold.
const MAX_SELECTED_ESIMS: usize = 1_000_000;

/// A page of the list of eSIMs.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct EsimPage {
    /// How many rows match in all.
    pub total: i64,
    /// Rows skipped.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<EsimRow>,
}

/// Which rows of the list are old.
#[derive(Debug, Default)]
pub struct StaleRows {
    /// These.
    pub rows: BTreeSet<i64>,
    /// All of them are, and `rows` is empty.
    pub all: bool,
}

impl StaleRows {
    /// Rows of eSIMs that changed or are gone.
    pub fn add(&mut self, rows: impl IntoIterator<Item = i64>) {
        if self.all {
            return;
        }
        self.rows.extend(rows);
        if self.rows.len() > MAX_REFRESHED_ROWS {
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
#[derive(Debug, Clone)]
pub struct EsimList {
    language: SharedLanguage,
    /// `None`: to be read when it is asked for.
    index: Arc<Mutex<Option<EsimIndex>>>,
}

impl EsimList {
    /// A list that is in the order of the language's letters, whichever it is when it is asked.
    #[must_use]
    pub fn of(language: SharedLanguage) -> EsimList {
        EsimList {
            language,
            index: Arc::default(),
        }
    }

    /// Reads it in the background, so that the first question need not wait.
    pub fn warm(&self, readers: Readers) {
        let list = self.clone();
        tokio::task::spawn_blocking(move || {
            let read = readers.read(|store| list.kept(store).map(drop));
            if let Err(error) = read {
                tracing::warn!(%error, "the list of eSIMs will be read when it is asked for");
            }
        });
    }

    /// Brings it up to date.
    ///
    /// # Errors
    /// SQLite's; then the list is read again when it is asked for.
    pub fn refresh(&self, store: &Reader<'_>, stale: &StaleRows) -> Result<(), SqliteError> {
        let mut kept = self.lock();
        let Some(index) = kept.as_mut() else {
            return Ok(());
        };
        if stale.all {
            *kept = None;
            return Ok(());
        }
        let rows = stale.rows.iter().copied();
        let refreshed = store.each_of_these_esims(rows, |row, esim| match esim {
            Some(esim) => index.add(&esim),
            None => index.remove(row),
        });
        if refreshed.is_err() {
            // Half refreshed it would be wrong without anybody knowing.
            *kept = None;
        }
        refreshed
    }

    /// One page. `now`: UTC seconds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn page(
        &self,
        store: &Reader<'_>,
        query: &EsimQuery,
        now: i64,
    ) -> Result<EsimPage, SqliteError> {
        let (total, rows) = self.find(store, &query.filter, now, |found| {
            let (skip, most) = (
                query.offset as usize,
                query.limit.min(MAX_PAGE_ESIMS) as usize,
            );
            (found.total(), found.rows(skip, most).collect::<Vec<i64>>())
        })?;
        Ok(EsimPage {
            total: i64::try_from(total).unwrap_or(i64::MAX),
            offset: query.offset,
            rows: EsimRow::read(store, &rows)?,
        })
    }

    /// Rows of all eSIMs that match, in order.
    ///
    /// # Errors
    /// SQLite's.
    pub fn rows(
        &self,
        store: &Reader<'_>,
        filter: &EsimFilter,
        now: i64,
    ) -> Result<Vec<i64>, SqliteError> {
        self.find(store, filter, now, |found| {
            found.rows(0, MAX_SELECTED_ESIMS).collect()
        })
    }

    /// Rows of all eSIMs that a search means.
    ///
    /// # Errors
    /// SQLite's.
    pub fn search(
        &self,
        store: &Reader<'_>,
        search: &str,
        now: i64,
    ) -> Result<Vec<i64>, SqliteError> {
        let filter = EsimFilter {
            search: search.to_owned(),
            ..EsimFilter::default()
        };
        self.rows(store, &filter, now)
    }

    fn find<T>(
        &self,
        store: &Reader<'_>,
        filter: &EsimFilter,
        now: i64,
        take: impl FnOnce(Found<'_>) -> T,
    ) -> Result<T, SqliteError> {
        let mut kept = self.kept(store)?;
        let mut rows = match filter.attention {
            true => store.esims_needing_attention()?,
            false => HashSet::new(),
        };
        if let Some(happened) = &filter.happened {
            let those = store.esims_to_which(&happened.clone().into())?;
            match filter.attention {
                true => rows.retain(|row| those.contains(row)),
                false => rows = those,
            }
        }
        let index = kept.get_or_insert_default();
        index.speak(self.language.language());
        Ok(take(index.find(filter, now, &rows)))
    }

    /// The eSIMs, read where there is none. The store must not have been asked anything before: what it
    /// says has to be as new as the last refresh, and it says the same from its first answer on.
    fn kept(&self, store: &Reader<'_>) -> Result<MutexGuard<'_, Option<EsimIndex>>, SqliteError> {
        let mut kept = self.lock();
        if kept.is_none() {
            let mut index = EsimIndex::default();
            store.each_esim_and_traveller(|esim| index.add(&esim))?;
            index.settle();
            *kept = Some(index);
        }
        Ok(kept)
    }

    fn lock(&self) -> MutexGuard<'_, Option<EsimIndex>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use esim_watch_core::store::{Commit, Delivery, Store};
    use esim_watch_core::traveller::Owner;
    use esim_watch_core::traveller::Traveller;
    use jiff::tz::TimeZone;

    use super::super::EsimSort;
    use super::*;
    use crate::seen::Happened;

    fn query(search: &str, sort: EsimSort) -> EsimQuery {
        EsimQuery {
            filter: EsimFilter {
                search: search.to_owned(),
                sort,
                ..EsimFilter::default()
            },
            offset: 0,
            limit: MAX_PAGE_ESIMS,
        }
    }

    fn delivery(body: String) -> Delivery {
        Delivery::of(body, 1_764_000_000_000)
    }

    /// Both lists hold the same, and no row that the store has no more.
    fn agree(store: &Store, kept: &EsimList) {
        let fresh = EsimList::of(TimeZone::UTC.into());
        for (search, sort) in [
            ("", EsimSort::LastEvent),
            ("1", EsimSort::Traveller),
            ("mü", EsimSort::Reference),
        ] {
            let query = query(search, sort);
            let ask = |list: &EsimList| {
                store
                    .readers()
                    .read(|store| list.page(store, &query, 0))
                    .unwrap()
            };
            let (kept, fresh) = (ask(kept), ask(&fresh));
            assert_eq!(kept, fresh, "{query:?}");
            assert_eq!(kept.total, i64::try_from(kept.rows.len()).unwrap());
        }
    }

    #[tokio::test]
    async fn what_commits_tell_keeps_the_list_as_new() {
        let folder = tempfile::tempdir().unwrap();
        let (told, commits) = mpsc::channel::<Arc<Commit>>();
        let store = Store::open(folder.path(), move |commit| told.send(commit).unwrap()).unwrap();
        let kept = EsimList::of(TimeZone::UTC.into());
        agree(&store, &kept);
        let refresh = |stale: &StaleRows| {
            store
                .readers()
                .read(|store| kept.refresh(store, stale))
                .unwrap()
        };
        // ICCIDs and ids meet in every way: eSIMs become one, swap their ICCIDs, change their order.
        let mut state = 7_u64;
        let mut any = |of: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % of
        };
        for step in 0..150 {
            let mut body = format!(
                r#"{{"event_category":"esim","event_type":"status","status":"{}","timestamp":{}"#,
                ["NEW", "ACTIVATED", "EXPIRED"][any(3) as usize],
                1_764_000_000 + any(60)
            );
            for (name, of) in [("esim_id", 5), ("iccid", 5), ("reference_id", 4)] {
                let number = any(of);
                if number > 0 || name == "iccid" {
                    body += &format!(r#","{name}":"{name}-{number}""#);
                }
            }
            body.push('}');
            store.writer().deliver(delivery(body)).await.unwrap();
            let mut stale = StaleRows::default();
            for change in &commits.recv().unwrap().changes {
                stale.add(
                    change
                        .esim
                        .iter()
                        .flat_map(|esim| esim.rows.iter().copied()),
                );
            }
            refresh(&stale);
            if step % 10 == 0 {
                let traveller = Traveller {
                    name: format!("Müller {step}"),
                    ..Traveller::default()
                };
                let owner = Owner::Order(format!("reference_id-{}", 1 + any(3)));
                let changes = vec![(owner, (any(4) > 0).then_some(traveller))];
                let changed = store.writer().set_travellers(changes, 0).await.unwrap();
                let changed = changed.unwrap();
                let mut stale = StaleRows::default();
                stale.add(changed.esims);
                refresh(&stale);
            }
            agree(&store, &kept);
        }
        let mut stale = StaleRows::default();
        stale.everything();
        refresh(&stale);
        agree(&store, &kept);
    }

    #[test]
    fn too_many_old_rows_are_all_of_them() {
        let mut stale = StaleRows::default();
        stale.add(0..i64::try_from(MAX_REFRESHED_ROWS).unwrap());
        assert!(!stale.all);
        stale.add([-1]);
        stale.add([-2]);
        assert!(stale.all && stale.rows.is_empty());
    }

    #[tokio::test]
    async fn only_those_are_listed_to_which_something_happened() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), |_| {}).unwrap();
        let second = |n: i64| 1_700_000_000 + n;
        for (name, status, n) in [("a", "NEW", 10), ("b", "NEW", 11), ("a", "ACTIVATED", 12)] {
            let at = second(n);
            let body = format!(
                r#"{{"event_category":"esim","event_type":"status","esim_id":"{name}","status":"{status}","timestamp":{at}}}"#
            );
            store.writer().deliver(delivery(body)).await.unwrap();
        }
        let list = EsimList::of(TimeZone::UTC.into());
        let found = |happened| {
            let mut query = query("", EsimSort::LastEvent);
            query.filter.happened = Some(happened);
            let page = store.readers().read(|store| list.page(store, &query, 0));
            let rows = page.unwrap().rows;
            rows.into_iter().map(|row| row.key).collect::<Vec<String>>()
        };
        let came_to = |status: &str, after_event| Happened::CameTo {
            status: status.to_owned(),
            after_event,
        };
        assert_eq!(found(came_to("NEW", 0)), ["a", "b"]);
        assert_eq!(found(came_to("ACTIVATED", 0)), ["a"]);
        assert_eq!(found(came_to("ACTIVATED", 3)), [""; 0]);
        assert_eq!(found(Happened::Named { after_esim: 1 }), ["b"]);
        assert_eq!(found(Happened::Unheard { since: second(12) }), ["b"]);
    }
}
