//! What the window is told: a snapshot, then changes, in order, on one channel, at most ten times a
//! second, and as often what the inbox holds. A window that missed something is given a snapshot again: whatever it shows can be asked
//! from the store.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use esim_watch_core::alert::Opens;
use esim_watch_core::engine::Engine;
use esim_watch_core::health::Health;
use esim_watch_core::inbox::{Inbox, Summary};
use esim_watch_core::store::{Commit, Counts, EsimRow, EventRow, OpenError, StoredEvent, Verdict};
use serde::Serialize;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::list::{List, Stale};

/// Shortest time between two updates.
const PACE: Duration = Duration::from_millis(100);

/// The same while so much happens that each update is a snapshot: nobody reads on so quickly, and after
/// each one the window has to ask again for what it shows.
const BUSY_PACE: Duration = Duration::from_millis(250);

/// Events that a snapshot brings, newest first: as many as the window keeps.
const RECENT: u32 = 100;

/// Most events and most eSIMs of one update; beyond that a snapshot is due.
const MAX_CHANGES: usize = 40;

/// Everything that the window is told.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Update {
    /// Replaces everything; lists must be asked for again. Comes first, and after an overflow.
    Snapshot {
        /// Totals.
        counts: Counts,
        /// The events that arrived last, newest first.
        recent: Vec<EventRow>,
        /// State of listener and store.
        health: Health,
    },
    /// What was committed since the last update.
    Changed {
        /// Totals.
        counts: Counts,
        /// New events, newest first.
        events: Vec<EventRow>,
        /// eSIMs that changed.
        esims: Vec<EsimRow>,
        /// Keys that no longer are a row's key: the eSIM goes by another now.
        replaced: Vec<String>,
        /// State of listener and store.
        health: Health,
    },
    /// Only the state of listener or store changed.
    Health {
        /// State of listener and store.
        health: Health,
    },
    /// The alerts changed; comes first after a snapshot.
    Alerts {
        /// The inbox at a glance.
        summary: Summary,
    },
    /// A notification was clicked, or something in the tray: show this.
    Open {
        /// What to show.
        place: Place,
    },
    /// The program could not start; there is nothing else to show.
    Failed(Failure),
}

/// What the window can be asked to show.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Place {
    /// One eSIM.
    Esim {
        /// Its key.
        key: String,
    },
    /// The inbox.
    Alerts,
    /// The partner's account.
    Account,
    /// How Roamify reaches this desk.
    Connection,
}

impl From<&Opens> for Place {
    fn from(opens: &Opens) -> Place {
        match opens {
            Opens::Esim(key) => Place::Esim { key: key.clone() },
            Opens::Connection => Place::Connection,
            Opens::Alerts => Place::Alerts,
            Opens::Account => Place::Account,
        }
    }
}

/// Why the program could not start, for the user.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct Failure {
    /// One line.
    pub title: String,
    /// What to do.
    pub message: String,
}

impl Failure {
    /// A failure told by this error.
    pub fn new(error: &impl std::fmt::Display) -> Failure {
        Failure {
            title: "eSIM Watch could not start".to_owned(),
            message: error.to_string(),
        }
    }
}

enum Request {
    Watch(Channel<Update>),
    Open(Place),
    Esims(Vec<i64>),
}

/// Reaches the task that tells the window. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    requests: mpsc::UnboundedSender<Request>,
}

impl Feed {
    /// Starts the task.
    pub fn start(engine: Result<(Arc<Engine>, Inbox), Failure>, list: List) -> Feed {
        let (requests, incoming) = mpsc::unbounded_channel();
        tauri::async_runtime::spawn(async move {
            match engine {
                Ok((engine, inbox)) => Pump::new(engine, list).run(incoming, inbox.summary()).await,
                Err(failure) => tell_failure(failure, incoming).await,
            }
        });
        Feed { requests }
    }

    /// From now on this channel is told, beginning with a snapshot.
    pub fn watch(&self, channel: Channel<Update>) {
        self.request(Request::Watch(channel));
    }

    /// Has the window show something, at once or as soon as it is there.
    pub fn open(&self, place: Place) {
        self.request(Request::Open(place));
    }

    /// Tells the window that these eSIMs changed although no event came: rows of the store.
    pub fn esims_changed(&self, rows: Vec<i64>) {
        self.request(Request::Esims(rows));
    }

    fn request(&self, request: Request) {
        // The task ends only with the program.
        let _ = self.requests.send(request);
    }
}

async fn tell_failure(failure: Failure, mut incoming: mpsc::UnboundedReceiver<Request>) {
    while let Some(request) = incoming.recv().await {
        if let Request::Watch(channel) = request {
            send(&channel, Update::Failed(failure.clone()));
        }
    }
}

/// What has happened since the last update.
#[derive(Default)]
struct Pending {
    events: Vec<StoredEvent>,
    /// Rows of the eSIMs that changed.
    esims: BTreeSet<i64>,
    replaced: Vec<String>,
    /// What the list has to read again; also when the window gets a snapshot.
    stale: Stale,
    health: bool,
    /// More than fits: a snapshot is due.
    overflow: bool,
}

impl Pending {
    fn is_empty(&self) -> bool {
        !self.health && !self.overflow && self.events.is_empty() && self.esims.is_empty()
    }

    /// How long the window is left alone once it was told this.
    fn pace(&self) -> Duration {
        if self.overflow { BUSY_PACE } else { PACE }
    }

    fn only_health(&self) -> bool {
        !self.overflow && self.events.is_empty() && self.esims.is_empty()
    }

    fn add(&mut self, commit: &Commit) {
        for change in &commit.changes {
            if let (Some(stored), true) = (&change.event, change.verdict != Verdict::Duplicate) {
                self.events.push(stored.clone());
            }
            if let Some(esim) = &change.esim {
                self.replaced.extend(esim.replaced.iter().cloned());
                self.stale.add(esim.rows.iter().copied());
                self.esims.extend(esim.rows.iter().copied());
            }
        }
        self.shorten();
    }

    /// eSIMs that changed without an event: their traveller did.
    fn add_esims(&mut self, rows: Vec<i64>) {
        self.stale.add(rows.iter().copied());
        self.esims.extend(rows);
        self.shorten();
    }

    /// Too much to tell one by one becomes a snapshot.
    fn shorten(&mut self) {
        self.overflow |= self.events.len() > MAX_CHANGES || self.esims.len() > MAX_CHANGES;
        if self.overflow {
            *self = Pending {
                overflow: true,
                stale: std::mem::take(&mut self.stale),
                ..Pending::default()
            };
        }
    }

    /// Some commits were missed.
    fn lost_track(&mut self) {
        self.overflow = true;
        self.stale.everything();
        self.shorten();
    }
}

struct Pump {
    engine: Arc<Engine>,
    list: List,
    channel: Option<Channel<Update>>,
    pending: Pending,
    /// What to show once a window is there.
    open: Option<Place>,
    /// When the next update may be sent.
    next: Instant,
    /// The alerts changed since they were told.
    alerts: bool,
    /// When they may be told next.
    next_alerts: Instant,
}

impl Pump {
    fn new(engine: Arc<Engine>, list: List) -> Pump {
        Pump {
            engine,
            list,
            channel: None,
            pending: Pending::default(),
            open: None,
            next: Instant::now(),
            alerts: false,
            next_alerts: Instant::now(),
        }
    }

    async fn run(
        mut self,
        mut incoming: mpsc::UnboundedReceiver<Request>,
        mut alerts: watch::Receiver<Summary>,
    ) {
        let mut commits = self.engine.commits();
        let mut health = self.engine.health();
        loop {
            let heard = self.channel.is_some();
            let due = heard && !self.pending.is_empty();
            let alerts_due = heard && self.alerts;
            tokio::select! {
                request = incoming.recv() => match request {
                    Some(Request::Watch(channel)) => {
                        self.channel = Some(channel);
                        self.pending.overflow = true;
                        self.flush().await;
                        self.next = Instant::now() + PACE;
                        // Not before: whoever is told anything waits for the list while it is read.
                        self.list.warm(self.engine.readers().clone());
                        self.alerts = true;
                    }
                    Some(Request::Open(place)) => self.open = Some(place),
                    Some(Request::Esims(rows)) => self.pending.add_esims(rows),
                    None => return,
                },
                commit = commits.recv() => match commit {
                    Ok(commit) => self.pending.add(&commit),
                    Err(RecvError::Lagged(_)) => self.pending.lost_track(),
                    Err(RecvError::Closed) => return,
                },
                Ok(()) = health.changed() => self.pending.health = true,
                Ok(()) = alerts.changed() => self.alerts = true,
                () = tokio::time::sleep_until(self.next), if due => self.flush().await,
                () = tokio::time::sleep_until(self.next_alerts), if alerts_due => {
                    self.alerts = false;
                    self.next_alerts = Instant::now() + PACE;
                    let summary = alerts.borrow_and_update().clone();
                    if let Some(channel) = &self.channel {
                        send(channel, Update::Alerts { summary });
                    }
                }
            }
            if let (Some(channel), Some(_)) = (&self.channel, &self.open)
                && let Some(place) = self.open.take()
            {
                send(channel, Update::Open { place });
            }
        }
    }

    async fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let pace = pending.pace();
        let (engine, list) = (Arc::clone(&self.engine), self.list.clone());
        let update = tokio::task::spawn_blocking(move || compose(&engine, &list, pending)).await;
        self.next = Instant::now() + pace;
        match (update, &self.channel) {
            (Ok(Ok(update)), Some(channel)) => send(channel, update),
            (Ok(Ok(_)), None) => {}
            (Ok(Err(error)), _) => {
                tracing::error!(%error, "the window could not be told what changed");
                self.pending.lost_track();
            }
            (Err(error), _) => {
                tracing::error!(%error, "an update could not be composed");
                self.pending.lost_track();
            }
        }
    }
}

fn compose(engine: &Engine, list: &List, pending: Pending) -> Result<Update, OpenError> {
    let health = engine.health().borrow().clone();
    if pending.only_health() {
        return Ok(Update::Health { health });
    }
    engine.readers().read(|store| {
        list.refresh(store, &pending.stale)?;
        let counts = store.counts()?;
        if pending.overflow {
            let recent = store.recent_events(RECENT)?;
            return Ok(Update::Snapshot {
                counts,
                recent,
                health,
            });
        }
        let events = pending
            .events
            .iter()
            .rev()
            .map(|stored| store.event_row(stored))
            .collect::<Result<_, _>>()?;
        let esims: Vec<i64> = pending.esims.iter().copied().collect();
        Ok(Update::Changed {
            counts,
            events,
            esims: store.esim_rows(&esims)?,
            replaced: pending.replaced,
            health,
        })
    })
}

fn send(channel: &Channel<Update>, update: Update) {
    // A window that is gone watches again when it is back, and gets a snapshot.
    if let Err(error) = channel.send(update) {
        tracing::debug!(%error, "the window is not listening");
    }
}

#[cfg(test)]
mod tests {
    use esim_watch_core::esim::EsimState;
    use esim_watch_core::event::parse;
    use esim_watch_core::store::{Change, EsimChange};

    use super::*;

    /// A commit that brings one event of the eSIM with this number.
    fn commit(number: usize, verdict: Verdict) -> Commit {
        let body = format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{number}","status":"NEW","timestamp":{number}}}"#
        );
        let event = parse(body.as_bytes()).unwrap();
        let after = EsimState::fold(vec![event.clone()]);
        let esim = EsimChange {
            before: None,
            after,
            others: Vec::new(),
            replaced: vec![format!("old-{number}")],
            rows: vec![i64::try_from(number).unwrap()],
        };
        let stored = StoredEvent::new(i64::try_from(number).unwrap(), 0, event);
        Commit {
            changes: vec![Change {
                verdict,
                delivery: None,
                event: Some(stored),
                esim: Some(esim),
            }],
        }
    }

    #[test]
    fn changes_gather_until_they_are_sent() {
        let mut pending = Pending::default();
        assert!(pending.is_empty());
        pending.add(&commit(1, Verdict::Accepted));
        pending.add(&commit(2, Verdict::Accepted));
        assert_eq!(pending.events.len(), 2);
        assert_eq!(pending.esims.len(), 2);
        assert_eq!(pending.replaced, ["old-1", "old-2"]);
        assert!(!pending.overflow);
    }

    #[test]
    fn an_event_told_again_is_no_new_event_but_its_esim_may_have_changed() {
        let mut pending = Pending::default();
        pending.add(&commit(1, Verdict::Duplicate));
        assert!(pending.events.is_empty());
        assert_eq!(pending.esims.len(), 1);
        assert!(!pending.is_empty());
    }

    #[test]
    fn too_much_at_once_becomes_a_snapshot() {
        let mut pending = Pending::default();
        for number in 0..=MAX_CHANGES {
            pending.add(&commit(number, Verdict::Accepted));
        }
        assert!(pending.overflow);
        assert!(pending.events.is_empty() && pending.esims.is_empty());
        pending.add(&commit(99, Verdict::Accepted));
        assert!(pending.overflow, "it stays due until it is sent");
        assert_eq!(pending.pace(), BUSY_PACE);
    }

    #[test]
    fn what_the_list_has_to_read_again_outlives_the_shortening() {
        let mut pending = Pending::default();
        for number in 0..=MAX_CHANGES {
            pending.add(&commit(number, Verdict::Accepted));
        }
        pending.add_esims(vec![1000]);
        assert_eq!(pending.stale.rows.len(), MAX_CHANGES + 2);
        assert!(pending.stale.rows.contains(&1000) && !pending.stale.all);
        pending.lost_track();
        assert!(pending.stale.all && pending.overflow);
    }

    #[test]
    fn health_alone_is_sent_alone() {
        let mut pending = Pending {
            health: true,
            ..Pending::default()
        };
        assert!(pending.only_health() && !pending.is_empty());
        pending.add(&commit(1, Verdict::Accepted));
        assert!(!pending.only_health());
    }
}
