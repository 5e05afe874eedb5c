//! What has to be done once a day, beside everything else: a backup, then what old age does to the
//! store. Neither may hold up a delivery, so both go in small steps with pauses between them.
//!
//! A backup is due when the last one is a day old. One that lies in the future was made while the clock
//! was wrong and counts as none; so no jump of the clock can keep backups from being made. Must not
//! know: what is in a backup, what becomes old, the window.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::DAY_MS;
use crate::health::Health;
use crate::message::{Message, ToMessage};
use crate::store::{self, Backup, BackupError, Readers, Store, Writer};

/// How long after the start it looks for the first time: whoever has just opened the window wants to
/// see it, and not to wait for the disk.
const FIRST_AFTER: Duration = Duration::from_secs(60);

/// How often it looks. Timers stand still while a computer sleeps, so a whole day would be too long.
const REPEAT_EVERY: Duration = Duration::from_secs(15 * 60);

/// Between two steps of retention.
const STEP_PAUSE: Duration = Duration::from_millis(50);

/// The task that does it.
#[derive(Debug)]
pub struct Maintenance {
    // Dropped, it tells the task to end.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Maintenance {
    /// Starts the task on the current runtime. `clock` tells UTC milliseconds.
    #[must_use]
    pub fn start(
        store: &Store,
        data_dir: PathBuf,
        health: watch::Sender<Health>,
        clock: fn() -> i64,
    ) -> Maintenance {
        Self::start_in(FIRST_AFTER, store, data_dir, health, clock)
    }

    fn start_in(
        first: Duration,
        store: &Store,
        data_dir: PathBuf,
        health: watch::Sender<Health>,
        clock: fn() -> i64,
    ) -> Maintenance {
        let (stop, stopped) = watch::channel(());
        let work = Work {
            readers: store.readers().clone(),
            writer: store.writer().clone(),
            data_dir,
            health,
            clock,
            stopped,
        };
        let task = tokio::spawn(work.run(first));
        Maintenance { stop, task }
    }

    /// Ends it after the step that it is at.
    pub async fn stop(self) {
        drop(self.stop);
        if self.task.await.is_err() {
            tracing::error!("the daily maintenance ended with a panic");
        }
    }
}

struct Work {
    readers: Readers,
    writer: Writer,
    data_dir: PathBuf,
    health: watch::Sender<Health>,
    clock: fn() -> i64,
    stopped: watch::Receiver<()>,
}

impl Work {
    async fn run(mut self, first: Duration) {
        match store::backups(&self.data_dir) {
            Ok(backups) => self.tell_last(last(&backups, (self.clock)())),
            Err(error) => self.tell_problem(&error),
        }
        let mut wait = first;
        while self.waited(wait).await {
            self.back_up().await;
            self.tidy().await;
            wait = REPEAT_EVERY;
        }
    }

    /// Waits; `false`: it is to end.
    async fn waited(&mut self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            // Only ever an error: the other end was dropped.
            _ = self.stopped.changed() => false,
        }
    }

    async fn back_up(&self) {
        let (readers, data_dir) = (self.readers.clone(), self.data_dir.clone());
        let (stopped, now_ms) = (self.stopped.clone(), (self.clock)());
        let made = tokio::task::spawn_blocking(move || {
            let backups = store::backups(&data_dir)?;
            if !is_due(&backups, now_ms) {
                return Ok(None);
            }
            let began = Instant::now();
            let made = readers.back_up(now_ms, &mut in_turn(stopped))?;
            Ok(Some((made, began.elapsed())))
        });
        match made.await {
            Ok(Ok(None)) | Ok(Err(BackupError::Stopped)) => {}
            Ok(Ok(Some((made, took)))) => {
                tracing::info!(date = made.date, bytes = made.bytes, ?took, "backup made");
                self.tell_last(Some(made.at_ms));
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the daily backup failed");
                self.tell_problem(&error);
            }
            Err(error) => tracing::error!(%error, "the daily backup ended with a panic"),
        }
    }

    async fn tidy(&mut self) {
        let (mut bodies, mut folded) = (0, 0);
        let problem = loop {
            // Read at each step: what was just set must not be followed by a step of the old ages.
            let ages = match self.readers.read(|store| store.ages()) {
                Ok(ages) => ages,
                Err(error) => break Some(error.to_message()),
            };
            match self.writer.tidy(ages, (self.clock)()).await {
                Ok(done) => {
                    bodies += done.bodies;
                    folded += done.folded;
                    if !done.more || !self.waited(STEP_PAUSE).await {
                        break None;
                    }
                }
                // Its text is a clause.
                Err(error) => {
                    break Some(Message::of("reason.sentence").with("reason", error.to_message()));
                }
            }
        };
        if bodies + folded > 0 {
            tracing::info!(bodies, folded, "old content dropped");
        }
        if let Some(error) = &problem {
            tracing::warn!(%error, "what is old could not be dropped");
        }
        let problem =
            problem.map(|error| Message::of("error.retention.failed").with("reason", error));
        self.health.send_if_modified(|health| {
            let changed = health.retention.problem != problem;
            health.retention.problem = problem;
            changed
        });
    }

    fn tell_last(&self, last_at_ms: Option<i64>) {
        self.health.send_modify(|health| {
            health.backup.last_at_ms = last_at_ms;
            health.backup.problem = None;
        });
    }

    fn tell_problem(&self, error: &BackupError) {
        let problem = Message::of("error.backup.failed").with("reason", error.to_message());
        self.health
            .send_modify(|health| health.backup.problem = Some(problem));
    }
}

/// Lets everything else have its turn between two steps: rests as long as the step took.
fn in_turn(stopped: watch::Receiver<()>) -> impl FnMut() -> bool {
    let mut began = Instant::now();
    move || {
        let rest = began
            .elapsed()
            .clamp(Duration::from_millis(2), Duration::from_millis(200));
        std::thread::sleep(rest);
        began = Instant::now();
        // An error: the other end was dropped.
        stopped.has_changed().is_ok()
    }
}

fn last(backups: &[Backup], now_ms: i64) -> Option<i64> {
    let made = backups.iter().map(|backup| backup.at_ms);
    made.filter(|at_ms| *at_ms <= now_ms).max()
}

fn is_due(backups: &[Backup], now_ms: i64) -> bool {
    last(backups, now_ms).is_none_or(|last| now_ms - last >= DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Delivery, Setting};

    const NOW: i64 = 1_772_366_400_000;

    fn made_at(at_ms: i64) -> Backup {
        Backup {
            path: PathBuf::new(),
            date: String::new(),
            at_ms,
            bytes: 0,
        }
    }

    #[test]
    fn a_backup_is_due_a_day_after_the_last_whatever_the_clock_did() {
        for (backups, due) in [
            (&[][..], true),
            (&[NOW - DAY_MS + 1][..], false),
            (&[NOW - DAY_MS][..], true),
            (&[NOW][..], false),
            (&[NOW + 1000 * DAY_MS][..], true),
            (&[NOW + 1000 * DAY_MS, NOW - 1][..], false),
        ] {
            let backups: Vec<Backup> = backups.iter().copied().map(made_at).collect();
            assert_eq!(is_due(&backups, NOW), due, "{backups:?}");
        }
    }

    #[tokio::test]
    async fn the_backup_is_made_and_told() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let (health, mut seen) = watch::channel(Health::starting(None));
        let start = || {
            let (folder, health) = (dir.path().to_owned(), health.clone());
            Maintenance::start_in(Duration::ZERO, &store, folder, health, || NOW)
        };
        let task = start();
        seen.wait_for(|health| health.backup.last_at_ms == Some(NOW))
            .await
            .unwrap();
        task.stop().await;
        assert_eq!(store::backups(dir.path()).unwrap().len(), 1);
        assert_eq!(seen.borrow().backup.problem, None);
    }

    #[tokio::test]
    async fn one_that_fails_is_told_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("backups"), "in the way").unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let (health, mut seen) = watch::channel(Health::starting(None));
        let folder = dir.path().to_owned();
        let task = Maintenance::start_in(Duration::ZERO, &store, folder, health, || NOW);
        let told = seen
            .wait_for(|health| health.backup.problem.is_some())
            .await
            .unwrap()
            .backup
            .clone();
        task.stop().await;
        let problem = told.problem.unwrap().english();
        assert!(
            problem.starts_with("The daily backup failed: "),
            "{problem}"
        );
        assert!(
            problem.contains("a file is in the way. Make room"),
            "{problem}"
        );
        assert_eq!(told.last_at_ms, None);
    }

    /// The work on this store, each part of it done when a test says so.
    fn work(store: &Store, health: watch::Sender<Health>, stopped: watch::Receiver<()>) -> Work {
        Work {
            readers: store.readers().clone(),
            writer: store.writer().clone(),
            data_dir: PathBuf::new(),
            health,
            clock: || NOW,
            stopped,
        }
    }

    /// Three status events: one of a thousand days ago, one of fifty, one of now.
    async fn store_with_history(data_dir: &std::path::Path) -> Store {
        let store = Store::open(data_dir, |_| {}).unwrap();
        for (days, second) in [(1000, 10), (50, 20), (0, 30)] {
            let body = format!(
                r#"{{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":{}}}"#,
                NOW / 1000 - 86_400 * 1000 + second
            )
            .into_bytes();
            let delivery = Delivery::of(body, NOW - days * DAY_MS);
            store.writer().deliver(delivery).await.unwrap();
        }
        store
    }

    fn bodies(store: &Store) -> usize {
        let kept = |id| store.readers().read(|reader| reader.payload(id)).unwrap();
        (1..=3).filter(|id| kept(*id).is_some()).count()
    }

    #[tokio::test]
    async fn what_is_old_goes_by_the_ages_that_are_set_at_that_moment() {
        let dir = tempfile::tempdir().unwrap();
        let store = store_with_history(dir.path()).await;
        let (health, _seen) = watch::channel(Health::starting(None));
        let (_stop, stopped) = watch::channel(());
        let mut work = work(&store, health, stopped);
        let set = async |days: &str| {
            let days = Some(days.to_owned());
            store.writer().set(Setting::BodiesDays, days).await.unwrap();
        };
        set("0").await;
        work.tidy().await;
        assert_eq!(bodies(&store), 3, "never");
        set("51").await;
        work.tidy().await;
        assert_eq!(bodies(&store), 2);
        set("49").await;
        work.tidy().await;
        assert_eq!(bodies(&store), 1);
    }

    #[tokio::test]
    async fn tidying_that_fails_is_told_until_it_works_again() {
        let dir = tempfile::tempdir().unwrap();
        let store = store_with_history(dir.path()).await;
        let (health, mut seen) = watch::channel(Health::starting(None));
        let (_stop, stopped) = watch::channel(());
        let mut work = work(&store, health, stopped);
        let other = rusqlite::Connection::open(dir.path().join(store::DATABASE_FILE)).unwrap();
        other
            .execute_batch(
                "CREATE TRIGGER hold BEFORE UPDATE OF body ON deliveries BEGIN SELECT RAISE(ABORT, 'held'); END",
            )
            .unwrap();
        work.tidy().await;
        assert_eq!(
            seen.borrow_and_update()
                .retention
                .problem
                .as_ref()
                .map(Message::english)
                .as_deref(),
            Some(
                "Old content could not be tidied away: the database can't be written: “held”. Check that the disk has \
                 free space and that no other program holds the database."
            )
        );
        assert_eq!(bodies(&store), 3);
        work.tidy().await;
        assert!(!seen.has_changed().unwrap(), "told once");
        other.execute_batch("DROP TRIGGER hold").unwrap();
        work.tidy().await;
        assert_eq!(seen.borrow_and_update().retention.problem, None);
        assert_eq!(bodies(&store), 2);
    }

    #[tokio::test]
    async fn ages_that_cannot_be_read_drop_nothing_and_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let store = store_with_history(dir.path()).await;
        let (health, seen) = watch::channel(Health::starting(None));
        let (_stop, stopped) = watch::channel(());
        let mut work = work(&store, health, stopped);
        let other = rusqlite::Connection::open(dir.path().join(store::DATABASE_FILE)).unwrap();
        other
            .execute_batch("ALTER TABLE settings RENAME TO elsewhere")
            .unwrap();
        work.tidy().await;
        let problem = seen.borrow().retention.problem.clone().unwrap().english();
        assert!(
            problem.starts_with("Old content could not be tidied away: The database"),
            "{problem}"
        );
        other
            .execute_batch("ALTER TABLE elsewhere RENAME TO settings")
            .unwrap();
        assert_eq!(bodies(&store), 3);
    }
}
