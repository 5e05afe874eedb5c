//! The log's way into the database, beside the writer: copying a full log takes as long as many commits, and whoever
//! delivers meanwhile must not wait for it.
//!
//! The thread copies nearly all of a log that has grown (`PASSIVE`, which keeps nobody from writing). What was written
//! meanwhile is too little to take long: that the writer copies itself, so that the log begins anew
//! (sqlite.org/wal.html, "Checkpointing"). What was acknowledged is safe in the log all the time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

/// Bytes that the log grows by between two checkpoints: pages that many events touch are copied once for all of them.
const LOG_BYTES: i64 = 16 * 1024 * 1024;

/// Bytes at which the writer waits for no thread: it copies the log itself.
pub(in crate::store) const LARGEST_LOG_BYTES: i64 = 4 * LOG_BYTES;

/// Commits between two looks at the log.
const COMMITS_PER_LOOK: u32 = 32;

/// The writer's hold on the thread that copies the log.
#[derive(Debug)]
pub(in crate::store) struct Checkpoints {
    /// Asks for a look at the log; `None`: the thread has ended, or never began.
    looks: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Nearly all of the log was copied.
    nearly_done: Arc<AtomicBool>,
    commits: u32,
}

impl Checkpoints {
    /// Starts the thread. Without it, the writer copies the log when it has grown much.
    pub fn start(db: &Connection) -> Checkpoints {
        let nearly_done = Arc::new(AtomicBool::new(false));
        let (looks, asked) = sync_channel(1);
        let path = db.path().map(PathBuf::from).unwrap_or_default();
        let done = Arc::clone(&nearly_done);
        let thread = std::thread::Builder::new()
            .name("store-log".to_owned())
            .spawn(move || {
                if let Err(error) = run(&path, &asked, &done) {
                    tracing::warn!(%error, "the write-ahead log is folded in by the writer");
                }
            })
            .ok();
        Checkpoints {
            looks: thread.is_some().then_some(looks),
            thread,
            nearly_done,
            commits: 0,
        }
    }

    /// Something was committed on the writer's connection.
    pub fn committed(&mut self, db: &Connection) {
        self.commits = self.commits.wrapping_add(1);
        if self.nearly_done.swap(false, Ordering::Relaxed)
            && let Err(error) = copy(db)
        {
            tracing::debug!(%error, "the rest of the write-ahead log is folded in later");
        }
        if self.commits.is_multiple_of(COMMITS_PER_LOOK)
            && let Some(looks) = &self.looks
        {
            // One look is as good as two.
            let _ = looks.try_send(());
        }
    }

    /// Ends the thread, and waits for it.
    pub fn stop(&mut self) {
        self.looks = None;
        if self
            .thread
            .take()
            .is_some_and(|thread| thread.join().is_err())
        {
            tracing::error!("the thread of the write-ahead log ended with a panic");
        }
    }
}

fn run(path: &Path, asked: &Receiver<()>, nearly_done: &AtomicBool) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut log: Option<(Connection, i64)> = None;
    while asked.recv().is_ok() {
        let (db, frames) = match &log {
            Some(log) => log,
            None => {
                let db = Connection::open_with_flags(path, flags)?;
                // As the writer does: what is copied must be on the disk before the log is used again.
                db.pragma_update(None, "synchronous", "full")?;
                db.pragma_update(None, "fullfsync", "on")?;
                let page: i64 = db.query_row("PRAGMA page_size", [], |row| row.get(0))?;
                log.insert((db, LOG_BYTES / page.max(512)))
            }
        };
        let waiting = db.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| {
            Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?)
        })?;
        if waiting < *frames {
            continue;
        }
        match copy(db) {
            Ok(()) => nearly_done.store(true, Ordering::Relaxed),
            // A full disk, or a lock: the next look tries again.
            Err(error) => tracing::debug!(%error, "the write-ahead log could not be folded in"),
        }
    }
    Ok(())
}

/// Copies what the log has and nobody reads from there.
fn copy(db: &Connection) -> rusqlite::Result<()> {
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::file::connection::{beside, open_writer};

    fn write(db: &Connection, bytes: i64) {
        db.execute("INSERT INTO t VALUES (zeroblob(?1))", [bytes])
            .unwrap();
    }

    #[test]
    fn a_log_that_has_grown_is_copied_and_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let db = open_writer(&path).unwrap();
        db.execute_batch("CREATE TABLE t (b BLOB)").unwrap();
        let log = || std::fs::metadata(beside(&path, "-wal")).unwrap().len();
        let mut checkpoints = Checkpoints::start(&db);
        write(&db, LOG_BYTES);
        // The look that the last of these asks for is the first that finds anything.
        for _ in 0..COMMITS_PER_LOOK {
            checkpoints.committed(&db);
        }
        checkpoints.stop();
        assert!(checkpoints.nearly_done.load(Ordering::Relaxed));
        checkpoints.committed(&db);
        let grown = log();
        write(&db, LOG_BYTES / 2);
        assert_eq!(log(), grown);
        let kept: i64 = db
            .query_row("SELECT sum(length(b)) FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, LOG_BYTES + LOG_BYTES / 2);
    }

    #[test]
    fn a_small_log_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let db = open_writer(&dir.path().join("a.db")).unwrap();
        db.execute_batch("CREATE TABLE t (b BLOB)").unwrap();
        let mut checkpoints = Checkpoints::start(&db);
        write(&db, LOG_BYTES / 2);
        for _ in 0..COMMITS_PER_LOOK {
            checkpoints.committed(&db);
        }
        checkpoints.stop();
        assert!(!checkpoints.nearly_done.load(Ordering::Relaxed));
    }
}
