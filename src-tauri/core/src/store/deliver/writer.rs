//! The one writer: whoever holds the one writing connection, one at a time.
//!
//! A thread takes every job that waits and commits them in one transaction with one sync, then
//! answers each. So many senders share a commit. A delivery that comes when nothing waits and nobody
//! writes is committed where it is: two hand-overs between threads would cost it as much again. Where many
//! have just shared a commit it waits for the others instead: they are about to send again.

use std::any::Any;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use tokio::runtime::RuntimeFlavor;
use tokio::sync::{mpsc, oneshot};

use crate::store::deliver::append::append;
use crate::store::deliver::delivery::{Change, Delivery};
use crate::store::deliver::found::{Findings, append_found};
use crate::store::deliver::histories::Histories;
use crate::store::deliver::known_time::{KnownTime, LATEST_SENT};
use crate::store::deliver::late::LateEvents;
use crate::store::deliver::verdict::Verdict;
use crate::store::file::checkpoint::Checkpoints;
use crate::store::file::error::{WriteError, concerns_all, is_damage};
use crate::store::file::moved::{self, OpenFiles};
use crate::store::file::suspect;
use crate::store::tables::counters::{Deltas, Known};
use crate::store::tables::events;

/// How many jobs may wait. More than that are held back at the listener.
const QUEUE_JOBS: usize = 1024;

/// How many jobs share a commit at most, so that the first of them is answered soon.
const BATCH_JOBS: usize = 512;

/// How long a batch goes on taking jobs: what costs much must not keep all the others past their senders' time.
const BATCH_TIME: Duration = Duration::from_millis(250);

/// How long a commit may take before the next one is left to the writer's own thread: a disk that hangs
/// or another program's lock must not keep the runtime from its other tasks.
const QUICK_COMMIT: Duration = Duration::from_millis(10);

/// How long after a shared commit the next delivery is expected to share one.
const TOGETHER: Duration = Duration::from_millis(2);

/// What was committed together, in order of arrival.
#[derive(Debug)]
pub struct Commit {
    /// One entry per delivery.
    pub changes: Vec<Change>,
}

/// What became of one delivery that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// What it was.
    pub verdict: Verdict,
    /// The row that stands for it; `None`: another row stands for it and many others.
    pub delivery: Option<i64>,
}

impl Stored {
    fn of(change: &Change) -> Stored {
        Stored {
            verdict: change.verdict,
            delivery: change.delivery,
        }
    }
}

enum Job {
    Deliver(Box<Delivery>, oneshot::Sender<Result<Stored, WriteError>>),
    Found(Box<Findings>, oneshot::Sender<Result<u64, WriteError>>),
    Change(Act, oneshot::Sender<Result<Done, WriteError>>),
    Close,
}

/// Any other change of the store. May be called again: when a job that shared its transaction failed.
type Act = Box<dyn Fn(&Connection) -> rusqlite::Result<Done> + Send>;

/// What a change tells whoever asked for it.
type Done = Box<dyn Any + Send>;

/// What became of a job.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are changes; a box would cost each delivery an allocation"
)]
enum Outcome {
    Stored(Change),
    Found(Vec<Change>),
    Changed(Done),
    Nothing,
}

/// Hands jobs to the writer. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    connection: Arc<Mutex<WriteConnection>>,
    known_until: Arc<AtomicI64>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// The writing connection. Whoever holds it is the one writer.
struct WriteConnection {
    /// `None`: the store is closed.
    db: Option<Connection>,
    files: OpenFiles,
    checkpoints: Checkpoints,
    on_commit: Box<dyn FnMut(Arc<Commit>) + Send>,
    /// Whether the last commit took less than [`QUICK_COMMIT`].
    quick: bool,
    /// When several jobs last shared a commit.
    shared: Option<Instant>,
    /// What the next transaction goes on with.
    known: Known,
    /// So does what late events were folded with.
    histories: Histories,
    known_time: KnownTime,
    /// See [`Writer::known_until`].
    known_until: Arc<AtomicI64>,
}

impl Writer {
    /// Starts the writer's thread. `on_commit` is called after each commit, in order, once the
    /// senders have their answers or are about to. The thread ends after [`Writer::close`].
    ///
    /// # Errors
    /// The operating system's, if it can't start a thread.
    pub(in crate::store) fn start(
        db: Connection,
        on_commit: impl FnMut(Arc<Commit>) + Send + 'static,
    ) -> std::io::Result<(Writer, JoinHandle<()>)> {
        let files = db
            .path()
            .map(|path| OpenFiles::of(Path::new(path)))
            .unwrap_or_default();
        let known_time = latest_known(&db);
        let known_until = Arc::new(AtomicI64::new(as_number(&known_time)));
        let connection = Arc::new(Mutex::new(WriteConnection {
            checkpoints: Checkpoints::start(&db),
            db: Some(db),
            files,
            on_commit: Box::new(on_commit),
            quick: true,
            shared: None,
            known: Known::default(),
            histories: Histories::default(),
            known_time,
            known_until: Arc::clone(&known_until),
        }));
        let (jobs, queue) = mpsc::channel(QUEUE_JOBS);
        let writer = Writer {
            jobs,
            connection: Arc::clone(&connection),
            known_until,
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, queue))?;
        Ok((writer, thread))
    }

    /// The latest time at which something happened of all that is stored and believed, UTC seconds: a clock that says it
    /// is earlier is behind. `None`: nothing is known.
    #[must_use]
    pub fn known_until(&self) -> Option<i64> {
        let known = self.known_until.load(Ordering::Relaxed);
        (known != i64::MIN).then_some(known)
    }

    /// Stores one delivery and says what became of it. When this returns `Ok`, it is on the disk.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored; then nothing of it was.
    pub async fn deliver(&self, delivery: Delivery) -> Result<Stored, WriteError> {
        if let Some(stored) = self.deliver_here(&delivery) {
            return stored;
        }
        let (reply, answer) = oneshot::channel();
        self.send(Job::Deliver(Box::new(delivery), reply)).await?;
        answer.await.map_err(|_| WriteError::Closed)?
    }

    /// Commits one delivery on this thread, if nothing waits, nobody writes, and the last commit
    /// took no longer than a thread of the runtime may be kept for. Only where it has others.
    fn deliver_here(&self, delivery: &Delivery) -> Option<Result<Stored, WriteError>> {
        let quiet = self.jobs.capacity() == self.jobs.max_capacity();
        let flavor = tokio::runtime::Handle::try_current().ok()?.runtime_flavor();
        if !quiet || flavor != RuntimeFlavor::MultiThread {
            return None;
        }
        let mut connection = match self.connection.try_lock() {
            Ok(connection) => connection,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let together = connection
            .shared
            .is_some_and(|shared| shared.elapsed() < TOGETHER);
        (connection.quick && !together).then(|| connection.write_one(delivery))
    }

    /// Stores what a provider told when it was asked, all of it or nothing. Gives how many events were new.
    ///
    /// # Errors
    /// [`WriteError`] if it could not be stored; then nothing of it was.
    pub async fn found(&self, findings: Findings) -> Result<u64, WriteError> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Found(Box::new(findings), reply)).await?;
        answer.await.map_err(|_| WriteError::Closed)?
    }

    /// Changes whatever `act` changes, all of it or nothing, and gives what it found. `act` writes no
    /// events and no eSIMs: only deliveries do, so that the totals stay right.
    pub(in crate::store) async fn change<T: Send + 'static>(
        &self,
        act: impl Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let act: Act = Box::new(move |tx| Ok(Box::new(act(tx)?)));
        let (reply, answer) = oneshot::channel();
        self.send(Job::Change(act, reply)).await?;
        let done = answer.await.map_err(|_| WriteError::Closed)??;
        // Its type is that of `act`: it can't be another.
        done.downcast()
            .map(|done| *done)
            .map_err(|_| WriteError::Closed)
    }

    /// Lets the writer end once everything that waits is committed; what comes later is
    /// [`WriteError::Closed`]. Blocks until there is room for one more job.
    pub(in crate::store) fn close(&self) {
        // An error means that it has ended already.
        let _ = self.jobs.blocking_send(Job::Close);
    }

    async fn send(&self, job: Job) -> Result<(), WriteError> {
        self.jobs.send(job).await.map_err(|_| WriteError::Closed)
    }
}

fn run(connection: &Mutex<WriteConnection>, mut queue: mpsc::Receiver<Job>) {
    let connection = || connection.lock().unwrap_or_else(PoisonError::into_inner);
    let mut batch = Vec::with_capacity(BATCH_JOBS);
    while queue.blocking_recv_many(&mut batch, BATCH_JOBS) > 0 {
        if batch.iter().any(|job| matches!(job, Job::Close)) {
            batch.retain(|job| !matches!(job, Job::Close));
            queue.close();
        }
        connection().write_all(&mut batch);
    }
    connection().close();
}

impl WriteConnection {
    /// Commits what one delivery brings.
    fn write_one(&mut self, delivery: &Delivery) -> Result<Stored, WriteError> {
        let Some(db) = &mut self.db else {
            return Err(WriteError::Closed);
        };
        let started = Instant::now();
        let histories = std::mem::take(&mut self.histories);
        let stored = in_transaction(db, &self.files, &mut self.known, |tx, deltas| {
            let mut late = LateEvents::after(histories);
            let change = append(tx, delivery, deltas, &mut late)?;
            late.fold(tx, deltas)?;
            Ok((change, late.into_histories()))
        });
        self.quick = started.elapsed() < QUICK_COMMIT;
        let (change, histories) = stored.map_err(|error| failed(db, &error))?;
        self.histories = histories;
        let stored = Stored::of(&change);
        self.publish(vec![change]);
        Ok(stored)
    }

    /// Commits jobs together, as many as a batch has time for, and answers each; then the rest.
    fn write_all(&mut self, batch: &mut Vec<Job>) {
        while !batch.is_empty() {
            self.write_some(batch);
        }
    }

    /// Commits the first jobs together, at least one, and answers each.
    fn write_some(&mut self, batch: &mut Vec<Job>) {
        let Some(db) = &mut self.db else {
            batch.clear();
            return;
        };
        let started = Instant::now();
        let applied = apply_all(
            db,
            &self.files,
            (&mut self.known, &mut self.histories),
            batch,
        );
        self.quick = started.elapsed() < QUICK_COMMIT;
        self.shared = (batch.len() > 1).then(Instant::now);
        match applied {
            Ok(outcomes) => {
                let done = batch.drain(..outcomes.len());
                let changes = answer(done.zip(outcomes.into_iter().map(Ok)));
                self.publish(changes);
            }
            Err(error) if batch.len() == 1 || concerns_all(&error) => {
                let failed = failed(db, &error);
                let outcomes = std::iter::repeat_with(|| Err(failed.clone()));
                answer(batch.drain(..).zip(outcomes));
            }
            // One of them may be at fault: each gets a transaction of its own.
            Err(_) => {
                let mut changes = Vec::new();
                for job in batch.drain(..) {
                    let kept = (&mut self.known, &mut self.histories);
                    let outcome = apply_all(db, &self.files, kept, std::slice::from_ref(&job))
                        .map(|mut one| one.pop().unwrap_or(Outcome::Nothing))
                        .map_err(|error| failed(db, &error));
                    changes.extend(answer([(job, outcome)]));
                }
                self.publish(changes);
            }
        }
    }

    /// Something was committed, and whoever waited has the answer.
    fn publish(&mut self, changes: Vec<Change>) {
        if let Some(db) = &self.db {
            self.checkpoints.committed(db);
        }
        let new = changes
            .iter()
            .filter(|change| change.verdict != Verdict::Duplicate);
        for stored in new.filter_map(|change| change.event.as_ref()) {
            self.known_time.note(stored);
        }
        let known = as_number(&self.known_time);
        self.known_until.store(known, Ordering::Relaxed);
        if !changes.is_empty() {
            (self.on_commit)(Arc::new(Commit { changes }));
        }
    }

    /// Closes the database. Nothing can be written afterwards.
    fn close(&mut self) {
        let Some(db) = self.db.take() else {
            return;
        };
        self.checkpoints.stop();
        if let Some(path) = self.files.gone() {
            moved::save_as(&db, path);
        }
        // Leaves one tidy file behind; if that fails, SQLite does it at the next start.
        if let Err(error) = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);") {
            tracing::debug!(%error, "the write-ahead log was not folded in at the end");
        }
    }
}

/// See [`Writer::known_until`], of what is stored. Without it, a clock is believed.
fn latest_known(db: &Connection) -> KnownTime {
    let read = || {
        let latest = events::latest_believed(db)?;
        let sent = events::sent_lately(db, LATEST_SENT)?;
        Ok(KnownTime::of(latest, sent))
    };
    let known: rusqlite::Result<KnownTime> = read();
    known.unwrap_or_else(|error| {
        tracing::warn!(%error, "the latest event can't be read");
        KnownTime::default()
    })
}

fn as_number(known: &KnownTime) -> i64 {
    known.until().unwrap_or(i64::MIN)
}

/// What to tell of an error. Damage is remembered for the next start.
fn failed(db: &Connection, error: &rusqlite::Error) -> WriteError {
    if is_damage(error)
        && let Some(path) = db.path()
    {
        suspect::suspect(Path::new(path));
    }
    WriteError::from(error)
}

/// Gives the outcomes of the jobs that there was time for, the first of them. `kept`: what one transaction leaves to the next.
fn apply_all(
    db: &mut Connection,
    files: &OpenFiles,
    (known, kept): (&mut Known, &mut Histories),
    batch: &[Job],
) -> rusqlite::Result<Vec<Outcome>> {
    // What fails leaves nothing.
    let histories = std::mem::take(kept);
    let (outcomes, histories) = in_transaction(db, files, known, |tx, deltas| {
        let mut late = LateEvents::after(histories);
        // Of its size at once: what became of a job is large, and would move whenever the list grows.
        let mut outcomes = Vec::with_capacity(batch.len());
        let started = Instant::now();
        for job in batch {
            let full = late.are_many() || late.without(started.elapsed()) >= BATCH_TIME;
            if full && !outcomes.is_empty() {
                break;
            }
            outcomes.push(match job {
                Job::Deliver(delivery, _) => {
                    Outcome::Stored(append(tx, delivery, deltas, &mut late)?)
                }
                Job::Found(findings, _) => {
                    Outcome::Found(append_found(tx, findings, deltas, &mut late)?)
                }
                Job::Change(act, _) => Outcome::Changed(act(tx)?),
                Job::Close => Outcome::Nothing,
            });
        }
        late.fold(tx, deltas)?;
        Ok((outcomes, late.into_histories()))
    })?;
    *kept = histories;
    Ok(outcomes)
}

/// Does something and has it on the disk, or does nothing of it.
fn in_transaction<T>(
    db: &mut Connection,
    files: &OpenFiles,
    known: &mut Known,
    act: impl FnOnce(&Connection, &mut Deltas) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    in_place(files)?;
    // Until it is committed, what is on the disk counts.
    let before = std::mem::take(known);
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut deltas = Deltas::after(before);
    let done = act(&tx, &mut deltas)?;
    let after = deltas.write(&tx)?;
    tx.commit()?;
    *known = after;
    // Moved away meanwhile: the commit may be lost with the file, so nobody is told that it is safe.
    in_place(files)?;
    Ok(done)
}

fn in_place(files: &OpenFiles) -> rusqlite::Result<()> {
    if files.in_place() {
        return Ok(());
    }
    let code = rusqlite::ffi::SQLITE_READONLY_DBMOVED;
    Err(rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(code),
        None,
    ))
}

/// Answers each job and returns what changed. A sender that went away meanwhile loses nothing:
/// what it sent is stored, and it will send it again.
fn answer(jobs: impl IntoIterator<Item = (Job, Result<Outcome, WriteError>)>) -> Vec<Change> {
    let jobs = jobs.into_iter();
    let mut changes = Vec::with_capacity(jobs.size_hint().0);
    for (job, outcome) in jobs {
        match (job, outcome) {
            (Job::Deliver(_, reply), Ok(Outcome::Stored(change))) => {
                drop(reply.send(Ok(Stored::of(&change))));
                changes.push(change);
            }
            (Job::Deliver(_, reply), Err(error)) => drop(reply.send(Err(error))),
            (Job::Deliver(_, reply), Ok(_)) => drop(reply.send(Err(WriteError::Closed))),
            (Job::Found(_, reply), Ok(Outcome::Found(found))) => {
                let new = found
                    .iter()
                    .filter(|change| change.verdict.is_new())
                    .count();
                drop(reply.send(Ok(u64::try_from(new).unwrap_or(u64::MAX))));
                changes.extend(found);
            }
            (Job::Found(_, reply), Err(error)) => drop(reply.send(Err(error))),
            (Job::Found(_, reply), Ok(_)) => drop(reply.send(Err(WriteError::Closed))),
            (Job::Change(_, reply), Ok(Outcome::Changed(done))) => drop(reply.send(Ok(done))),
            (Job::Change(_, reply), Err(error)) => drop(reply.send(Err(error))),
            (Job::Change(_, reply), Ok(_)) => drop(reply.send(Err(WriteError::Closed))),
            (Job::Close, _) => {}
        }
    }
    changes
}
