//! Which connections may stay.
//!
//! Everything arrives from this machine's own tunnel, so an address says nothing about a sender.
//! What tells good from bad is an authentic delivery that brings something new. Until its first one a
//! connection is on probation: it may stay for [`PROBATION`]. When all places are taken, [`Merit`] says who goes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Connections at a time, where the system has files enough for them.
const MAX_CONNECTIONS: usize = 512;

/// How long a connection may stay without an authentic delivery.
pub(super) const PROBATION: Duration = Duration::from_secs(15);

/// How long a connection is taken for one whose request is about to come, or whose next one is.
const FRESH: Duration = Duration::from_secs(1);

/// Who has the least goes first when all places are taken; among equals the one that came or proved itself longest ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Merit {
    /// Nothing of worth has come over it.
    Stranger,
    /// Its sender opens another one when it has something to say.
    Idle,
    /// It came a moment ago.
    Newcomer,
    /// It brought something new a moment ago.
    Proven,
    /// A request that names the token is under way.
    Delivering,
}

/// One connection, as its requests and its task see it.
#[derive(Debug)]
pub(super) struct OpenConnection {
    number: u64,
    /// Whether an authentic delivery that was new came over it.
    proven: AtomicBool,
    /// Whether a request that names the token is under way.
    delivering: AtomicBool,
    /// When it came or last proved itself, in milliseconds since the listener's start.
    since: AtomicU64,
    start: Instant,
    leave: Notify,
}

impl OpenConnection {
    /// An authentic delivery that was new came over it.
    pub(super) fn prove(&self) {
        self.since.store(millis(self.start), Ordering::Relaxed);
        self.proven.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// A request that names the token begins.
    pub(super) fn names_the_token(&self) {
        self.delivering.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_delivering(&self) -> bool {
        self.delivering.load(Ordering::Relaxed)
    }

    /// A request has its answer.
    pub(super) fn has_answered(&self) {
        self.delivering.store(false, Ordering::Relaxed);
    }

    /// Returns when the connection has to go.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }

    fn merit(&self, now: u64) -> (Merit, u64, u64) {
        let since = self.since.load(Ordering::Relaxed);
        let is_fresh = u128::from(now.saturating_sub(since)) < FRESH.as_millis();
        let merit = match (self.is_proven(), is_fresh) {
            _ if self.is_delivering() => Merit::Delivering,
            (true, true) => Merit::Proven,
            (false, true) => Merit::Newcomer,
            (true, false) => Merit::Idle,
            (false, false) => Merit::Stranger,
        };
        (merit, since, self.number)
    }
}

/// All connections that are there.
#[derive(Debug)]
pub(super) struct Admission {
    start: Instant,
    places: usize,
    present: Mutex<(u64, Vec<Arc<OpenConnection>>)>,
}

impl Admission {
    /// `files`: how many the system lets this program have open, if it has a bound. The database and the window need
    /// some of them.
    pub(super) fn new(files: Option<u64>) -> Admission {
        let half = files.map_or(MAX_CONNECTIONS, |files| {
            usize::try_from(files / 2).unwrap_or(MAX_CONNECTIONS)
        });
        Admission {
            start: Instant::now(),
            places: half.clamp(1, MAX_CONNECTIONS),
            present: Mutex::default(),
        }
    }

    /// Lets a new connection in. If all places are taken, the least deserving one is told to leave.
    pub(super) fn admit(&self) -> Arc<OpenConnection> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, connections) = &mut *present;
        if connections.len() >= self.places {
            send_away(connections, millis(self.start));
        }
        *number += 1;
        let connection = Arc::new(OpenConnection {
            number: *number,
            proven: AtomicBool::new(false),
            delivering: AtomicBool::new(false),
            since: AtomicU64::new(millis(self.start)),
            start: self.start,
            leave: Notify::new(),
        });
        connections.push(Arc::clone(&connection));
        connection
    }

    /// The system has no place for another one: the least deserving one is told to leave.
    pub(super) fn make_room(&self) {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        send_away(&mut present.1, millis(self.start));
    }

    /// A connection is gone.
    pub(super) fn leave(&self, gone: &OpenConnection) {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present
            .1
            .retain(|connection| connection.number != gone.number);
    }
}

fn send_away(connections: &mut Vec<Arc<OpenConnection>>, now: u64) {
    let least = connections
        .iter()
        .enumerate()
        .min_by_key(|(_, connection)| connection.merit(now));
    if let Some((place, _)) = least {
        connections.swap_remove(place).leave.notify_one();
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

    async fn which_are_told(connections: &[Arc<OpenConnection>]) -> Vec<usize> {
        let mut told = Vec::new();
        for (place, connection) in connections.iter().enumerate() {
            if is_told(connection).await {
                told.push(place);
            }
        }
        told
    }

    fn full() -> (Admission, Vec<Arc<OpenConnection>>) {
        let admission = Admission::new(None);
        let all = (0..MAX_CONNECTIONS).map(|_| admission.admit()).collect();
        (admission, all)
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_the_least_merit_goes_first() {
        let admission = Admission::new(Some(10));
        let stranger = admission.admit();
        let idle = admission.admit();
        idle.prove();
        tokio::time::advance(FRESH).await;
        let newcomer = admission.admit();
        let proven = admission.admit();
        proven.prove();
        let delivering = admission.admit();
        delivering.names_the_token();
        for connection in [&stranger, &idle, &newcomer, &proven, &delivering] {
            assert!(!is_told(connection).await);
            // It takes a place that nobody contests.
            admission.admit().names_the_token();
            assert!(is_told(connection).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_newcomers_does_not_drive_a_delivery_out() {
        let admission = Admission::new(None);
        let delivery = admission.admit();
        delivery.names_the_token();
        for _ in 0..3 * MAX_CONNECTIONS {
            admission.admit();
        }
        assert!(!is_told(&delivery).await);
        delivery.has_answered();
        for _ in 0..MAX_CONNECTIONS {
            admission.admit();
        }
        assert!(is_told(&delivery).await);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_proved_themselves_once_make_room_for_a_newcomer() {
        let (admission, all) = full();
        for connection in &all {
            connection.prove();
        }
        tokio::time::advance(FRESH).await;
        // The first one delivers once more.
        all[0].prove();
        let senders: Vec<_> = (0..3).map(|_| admission.admit()).collect();
        assert_eq!(which_are_told(&all).await, [1, 2, 3]);
        assert!(which_are_told(&senders).await.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_was_left_is_free() {
        let (admission, all) = full();
        admission.leave(&all[7]);
        admission.admit();
        assert!(which_are_told(&all).await.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn each_newcomer_takes_one_place() {
        let (admission, all) = full();
        for connection in &all[3..] {
            connection.prove();
        }
        for _ in 0..3 {
            admission.admit().prove();
        }
        assert_eq!(which_are_told(&all).await, [0, 1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn few_files_leave_few_places() {
        let admission = Admission::new(Some(256));
        let all: Vec<_> = (0..128).map(|_| admission.admit()).collect();
        assert!(which_are_told(&all).await.is_empty());
        admission.admit();
        assert_eq!(which_are_told(&all).await, [0]);
        // The system had fewer still.
        admission.make_room();
        assert_eq!(which_are_told(&all).await, [1]);
        assert_eq!(Admission::new(Some(0)).places, 1);
        assert_eq!(Admission::new(Some(1 << 40)).places, MAX_CONNECTIONS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_a_stranger_until_it_proves_itself() {
        let connection = Admission::new(None).admit();
        assert!(!connection.is_proven());
        connection.prove();
        assert!(connection.is_proven());
    }
}
