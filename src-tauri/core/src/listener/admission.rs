//! Which connections may stay.
//!
//! Everything arrives from this machine's own tunnel, so an address says nothing about a sender.
//! What tells good from bad is an authentic delivery. Until its first one a connection is on
//! probation: it is closed after [`PROBATION`], and it is the first to go when all places are taken.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Connections at a time. Systems allow a process 1,024 open files by default; the database and the
/// window need some of them.
pub(super) const MAX_CONNECTIONS: usize = 512;

/// How long a connection may stay without an authentic delivery.
pub(super) const PROBATION: Duration = Duration::from_secs(15);

/// One connection, as its requests and its task see it.
#[derive(Debug)]
pub(super) struct OpenConnection {
    number: u64,
    /// Whether an authentic delivery came over it.
    proven: AtomicBool,
    /// When it came or last proved itself, in milliseconds since the listener's start.
    since: AtomicU64,
    start: Instant,
    leave: Notify,
}

impl OpenConnection {
    /// An authentic delivery came over it.
    pub(super) fn prove(&self) {
        self.since.store(millis(self.start), Ordering::Relaxed);
        self.proven.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// Returns when the connection has to go.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Who goes first has the smallest.
    fn merit(&self) -> (bool, u64) {
        (self.is_proven(), self.since.load(Ordering::Relaxed))
    }
}

/// All connections that are there.
#[derive(Debug)]
pub(super) struct Admission {
    start: Instant,
    present: Mutex<(u64, Vec<Arc<OpenConnection>>)>,
}

impl Admission {
    pub(super) fn new() -> Admission {
        Admission {
            start: Instant::now(),
            present: Mutex::default(),
        }
    }

    /// Lets a new connection in. If all places are taken, the least deserving one is told to leave.
    pub(super) fn admit(&self) -> Arc<OpenConnection> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, connections) = &mut *present;
        if connections.len() >= MAX_CONNECTIONS {
            let least = connections
                .iter()
                .enumerate()
                .min_by_key(|(_, connection)| connection.merit());
            if let Some((place, _)) = least {
                connections.swap_remove(place).leave.notify_one();
            }
        }
        *number += 1;
        let connection = Arc::new(OpenConnection {
            number: *number,
            proven: AtomicBool::new(false),
            since: AtomicU64::new(millis(self.start)),
            start: self.start,
            leave: Notify::new(),
        });
        connections.push(Arc::clone(&connection));
        connection
    }

    /// A connection is gone.
    pub(super) fn leave(&self, gone: &OpenConnection) {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present
            .1
            .retain(|connection| connection.number != gone.number);
    }
}

fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_told(connection: &OpenConnection) -> bool {
        tokio::time::timeout(Duration::ZERO, connection.told_to_leave())
            .await
            .is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_places_are_taken_the_oldest_unproven_one_goes() {
        let admission = Admission::new();
        let good = admission.admit();
        good.prove();
        let mut strangers = Vec::new();
        for _ in 1..MAX_CONNECTIONS {
            tokio::time::advance(Duration::from_millis(1)).await;
            strangers.push(admission.admit());
        }
        tokio::time::advance(Duration::from_millis(1)).await;
        let last = admission.admit();
        assert!(is_told(&strangers[0]).await);
        assert!(!is_told(&strangers[1]).await);
        assert!(!is_told(&good).await && !is_told(&last).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_was_left_is_free() {
        let admission = Admission::new();
        let all: Vec<_> = (0..MAX_CONNECTIONS).map(|_| admission.admit()).collect();
        admission.leave(&all[7]);
        admission.admit();
        for connection in &all {
            assert!(!is_told(connection).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_have_proven_themselves_the_one_that_did_so_longest_ago_goes() {
        let admission = Admission::new();
        let all: Vec<_> = (0..MAX_CONNECTIONS).map(|_| admission.admit()).collect();
        for connection in &all {
            connection.prove();
        }
        tokio::time::advance(Duration::from_millis(1)).await;
        // The first one delivers once more.
        all[0].prove();
        let last = admission.admit();
        assert!(!is_told(&all[0]).await && !is_told(&last).await);
        assert!(is_told(&all[1]).await);
    }

    #[tokio::test(start_paused = true)]
    async fn each_newcomer_takes_one_place() {
        let admission = Admission::new();
        let all: Vec<_> = (0..MAX_CONNECTIONS).map(|_| admission.admit()).collect();
        for connection in &all[3..] {
            connection.prove();
        }
        for _ in 0..3 {
            let newcomer = admission.admit();
            newcomer.prove();
        }
        for connection in &all[..3] {
            assert!(is_told(connection).await);
        }
        for connection in &all[3..] {
            assert!(!is_told(connection).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_a_stranger_until_it_proves_itself() {
        let connection = Admission::new().admit();
        assert!(!connection.is_proven());
        connection.prove();
        assert!(connection.is_proven());
    }
}
