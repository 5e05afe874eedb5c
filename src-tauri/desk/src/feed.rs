//! What the window is told: a snapshot, then changes and what the inbox holds, in order, at most ten times a
//! second. A window that missed something is given a snapshot again: whatever it shows can be asked from the
//! store.
//!
//! The window asks for the next updates and is answered once there are some. Tauri's channels would have the
//! web view compile each update as a script of its own, and WebKit keeps the last two thousand of those.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use esim_watch_core::alert::Opens;
use esim_watch_core::engine::Engine;
use esim_watch_core::inbox::{self, Inbox};
use esim_watch_core::message::{self, ToMessage};
use esim_watch_core::store::{Commit, OpenError, StoredEvent, Verdict};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::oneshot::error::RecvError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::Desk;
use crate::counts::Counts;
use crate::error::{Answer, DeskError};
use crate::esim::EsimRow;
use crate::esim_list::{EsimList, StaleRows};
use crate::health::Health;
use crate::inbox::Summary;
use crate::message::Message;
use crate::timeline::EventRow;

/// Shortest time between two answers.
const PACE: Duration = Duration::from_millis(100);

/// The same while so much happens that each update is a snapshot: nobody reads on so quickly, and after
/// each one the window has to ask again for what it shows.
const BUSY_PACE: Duration = Duration::from_millis(250);

/// A window that has waited for so long is answered that there is nothing: no system's web view has to keep a
/// question open for hours.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Events that a snapshot brings, newest first: as many as the window keeps.
pub const SNAPSHOT_EVENTS: u32 = 100;

/// Most events and most eSIMs of one update; beyond that a snapshot is due.
const MAX_UPDATE_CHANGES: usize = 40;

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
    /// How deliveries reach this desk.
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
    pub title: Message,
    /// What to do.
    pub message: Message,
}

impl Failure {
    /// A failure told by this error.
    #[must_use]
    pub fn new(error: &impl ToMessage) -> Failure {
        Failure {
            title: message::Message::of("error.start").into(),
            message: error.to_message().into(),
        }
    }
}

/// Where a waiting window is answered.
type Waiting = oneshot::Sender<Vec<Update>>;

enum Request {
    /// The window knows nothing yet.
    First(Waiting),
    Next(Waiting),
    Open(Place),
    Esims(Vec<i64>),
    Everything,
}

/// Reaches the task that tells the window. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    requests: mpsc::UnboundedSender<Request>,
}

impl Feed {
    /// Starts the task.
    #[must_use]
    pub fn start(engine: Result<(Arc<Engine>, Inbox), Failure>, list: EsimList) -> Feed {
        let (requests, incoming) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            match engine {
                Ok((engine, inbox)) => Pump::new(engine, list, inbox.summary()).run(incoming).await,
                Err(failure) => tell_failure(failure, incoming).await,
            }
        });
        Feed { requests }
    }

    /// What the window is to be told next, in order, as soon as there is something; none after half a minute
    /// in which nothing happened. `first` if the window knows nothing yet: a snapshot leads.
    ///
    /// # Errors
    ///
    /// If another question took the place of this one: there is one window.
    pub async fn updates(&self, first: bool) -> Result<Vec<Update>, RecvError> {
        let (waiting, answer) = oneshot::channel();
        self.request(if first {
            Request::First(waiting)
        } else {
            Request::Next(waiting)
        });
        answer.await
    }

    /// Has the window show something, at once or as soon as it is there.
    pub fn open(&self, place: Place) {
        self.request(Request::Open(place));
    }

    /// Tells the window that these eSIMs changed although no event came: rows of the store.
    pub fn esims_changed(&self, rows: Vec<i64>) {
        self.request(Request::Esims(rows));
    }

    /// Tells the window that all eSIMs look different although nothing happened to them: a snapshot.
    pub fn everything_changed(&self) {
        self.request(Request::Everything);
    }

    fn request(&self, request: Request) {
        // The task ends only with the program.
        let _ = self.requests.send(request);
    }
}

impl Desk {
    /// What the window is to be told next, in order, as soon as there is something; nothing after half a minute
    /// without any. `first` while the window knows nothing: then a snapshot leads.
    ///
    /// # Errors
    /// If another window asked since.
    pub async fn updates(&self, first: bool) -> Answer<Vec<Update>> {
        let updates = self.feed.updates(first).await;
        updates.map_err(|_| DeskError::WindowReplaced.into())
    }
}

async fn tell_failure(failure: Failure, mut incoming: mpsc::UnboundedReceiver<Request>) {
    // Whoever asks for more than the failure waits: nothing can follow it.
    let mut waiting = None;
    while let Some(request) = incoming.recv().await {
        match request {
            Request::First(window) => {
                // A window that is gone asks again when it is back.
                let _ = window.send(vec![Update::Failed(failure.clone())]);
            }
            Request::Next(window) => waiting = Some(window),
            Request::Open(_) | Request::Esims(_) | Request::Everything => {}
        }
    }
    drop(waiting);
}

/// What has happened since the last update.
#[derive(Default)]
struct Pending {
    events: Vec<StoredEvent>,
    /// Rows of the eSIMs that changed.
    esims: BTreeSet<i64>,
    replaced: Vec<String>,
    /// What the list has to read again; also when the window gets a snapshot.
    stale: StaleRows,
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
        self.overflow |=
            self.events.len() > MAX_UPDATE_CHANGES || self.esims.len() > MAX_UPDATE_CHANGES;
        if self.overflow {
            *self = Pending {
                overflow: true,
                stale: std::mem::take(&mut self.stale),
                ..Pending::default()
            };
        }
    }

    /// The window has to ask for everything again; the list itself is as new as before.
    fn show_all_again(&mut self) {
        self.overflow = true;
        self.shorten();
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
    list: EsimList,
    inbox: watch::Receiver<inbox::Summary>,
    /// The window, while it waits.
    window: Option<Waiting>,
    /// Until when it waits if nothing happens.
    longest: Instant,
    pending: Pending,
    /// What to show once a window is there.
    open: Option<Place>,
    /// The alerts changed since they were told.
    alerts: bool,
    /// What a window did not wait for.
    untold: Vec<Update>,
    /// When the window may be told something again.
    next: Instant,
}

impl Pump {
    fn new(engine: Arc<Engine>, list: EsimList, inbox: watch::Receiver<inbox::Summary>) -> Pump {
        Pump {
            engine,
            list,
            inbox,
            window: None,
            longest: Instant::now(),
            pending: Pending::default(),
            open: None,
            alerts: false,
            untold: Vec::new(),
            next: Instant::now(),
        }
    }

    async fn run(mut self, mut incoming: mpsc::UnboundedReceiver<Request>) {
        let mut commits = self.engine.commits();
        let mut health = self.engine.health();
        loop {
            let due = self.due();
            tokio::select! {
                request = incoming.recv() => match request {
                    Some(Request::First(window)) => {
                        self.pending.overflow = true;
                        self.alerts = true;
                        self.untold.clear();
                        self.wait(window);
                        self.answer().await;
                        // Not before: whoever is told anything waits for the list while it is read.
                        self.list.warm(self.engine.readers().clone());
                    }
                    Some(Request::Next(window)) => self.wait(window),
                    Some(Request::Open(place)) => self.open = Some(place),
                    Some(Request::Esims(rows)) => self.pending.add_esims(rows),
                    Some(Request::Everything) => self.pending.show_all_again(),
                    None => return,
                },
                commit = commits.recv() => match commit {
                    Ok(commit) => self.pending.add(&commit),
                    Err(broadcast::error::RecvError::Lagged(_)) => self.pending.lost_track(),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                Ok(()) = health.changed() => self.pending.health = true,
                Ok(()) = self.inbox.changed() => self.alerts = true,
                () = tokio::time::sleep_until(due), if self.window.is_some() => self.answer().await,
            }
        }
    }

    fn wait(&mut self, window: Waiting) {
        self.window = Some(window);
        self.longest = Instant::now() + LONGEST_WAIT;
    }

    /// When a waiting window is to be answered.
    fn due(&self) -> Instant {
        let nothing = self.untold.is_empty()
            && self.open.is_none()
            && !self.alerts
            && self.pending.is_empty();
        if nothing { self.longest } else { self.next }
    }

    async fn answer(&mut self) {
        let Some(window) = self.window.take() else {
            return;
        };
        let pending = std::mem::take(&mut self.pending);
        let pace = pending.pace();
        let mut updates = std::mem::take(&mut self.untold);
        if !pending.is_empty() {
            updates.extend(self.composed(pending).await);
        }
        if std::mem::take(&mut self.alerts) {
            let summary = self.inbox.borrow_and_update().clone().into();
            updates.push(Update::Alerts { summary });
        }
        updates.extend(self.open.take().map(|place| Update::Open { place }));
        self.next = Instant::now() + pace;
        self.untold = window.send(updates).err().unwrap_or_default();
    }

    async fn composed(&mut self, pending: Pending) -> Option<Update> {
        let (engine, list) = (Arc::clone(&self.engine), self.list.clone());
        let composed = tokio::task::spawn_blocking(move || compose(&engine, &list, pending)).await;
        let error: &dyn std::error::Error = match &composed {
            Ok(Ok(_)) => return composed.ok()?.ok(),
            Ok(Err(error)) => error,
            Err(error) => error,
        };
        tracing::error!(error, "the window could not be told what changed");
        self.pending.lost_track();
        None
    }
}

fn compose(engine: &Engine, list: &EsimList, pending: Pending) -> Result<Update, OpenError> {
    let health = engine.health().borrow().clone().into();
    if pending.only_health() {
        return Ok(Update::Health { health });
    }
    engine.readers().read(|store| {
        list.refresh(store, &pending.stale)?;
        let counts = store.counts()?.into();
        if pending.overflow {
            let recent = EventRow::recent(store, SNAPSHOT_EVENTS)?;
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
            .map(|stored| EventRow::read(store, stored))
            .collect::<Result<_, _>>()?;
        let esims: Vec<i64> = pending.esims.iter().copied().collect();
        Ok(Update::Changed {
            counts,
            events,
            esims: EsimRow::read(store, &esims)?,
            replaced: pending.replaced,
            health,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use esim_watch_core::engine::Options;
    use esim_watch_core::esim::EsimState;
    use esim_watch_core::provider::parse;
    use esim_watch_core::store::{Change, EsimChange};
    use jiff::tz::TimeZone;

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
            merges: Vec::new(),
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
        for number in 0..=MAX_UPDATE_CHANGES {
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
        for number in 0..=MAX_UPDATE_CHANGES {
            pending.add(&commit(number, Verdict::Accepted));
        }
        pending.add_esims(vec![1000]);
        assert_eq!(pending.stale.rows.len(), MAX_UPDATE_CHANGES + 2);
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

    async fn engine(dir: &std::path::Path) -> (Arc<Engine>, Inbox) {
        let engine = Engine::start(Options {
            data_dir: dir.to_owned(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: Some(0),
            secrets: None,
            keyring: false,
        })
        .await
        .unwrap();
        engine.listen().await.unwrap();
        let (inbox, _) = engine.open_inbox(TimeZone::UTC).await.unwrap();
        (Arc::new(engine), inbox)
    }

    fn kinds(updates: &[Update]) -> Vec<String> {
        let kind = |update| serde_json::to_value(update).unwrap()["kind"].to_string();
        updates.iter().map(kind).collect()
    }

    /// The next place that the window is to show; until then only the alerts may change.
    async fn opened(feed: &Feed) -> Place {
        loop {
            for update in feed.updates(false).await.unwrap() {
                match update {
                    Update::Open { place } => return place,
                    other => assert!(matches!(other, Update::Alerts { .. }), "{other:?}"),
                }
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_window_begins_with_a_snapshot_and_then_waits_for_what_is_new() {
        let dir = tempfile::tempdir().unwrap();
        let started = engine(dir.path()).await;
        let feed = Feed::start(Ok(started.clone()), EsimList::default());
        let first = feed.updates(true).await.unwrap();
        assert_eq!(kinds(&first), [r#""snapshot""#, r#""alerts""#]);
        // Nobody waits: what comes is kept for who asks next.
        for place in [Place::Alerts, Place::Account] {
            feed.open(place.clone());
            assert_eq!(opened(&feed).await, place);
        }
        started.0.shutdown().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_window_that_was_loaded_again_takes_the_place_of_the_page_before() {
        let dir = tempfile::tempdir().unwrap();
        let started = engine(dir.path()).await;
        let feed = Feed::start(Ok(started.clone()), EsimList::default());
        feed.updates(true).await.unwrap();
        let mut before = std::pin::pin!(feed.updates(false));
        // Asked, and not waited for.
        tokio::select! {
            biased;
            _ = &mut before => {}
            () = std::future::ready(()) => {}
        }
        let first = feed.updates(true).await.unwrap();
        assert_eq!(kinds(&first), [r#""snapshot""#, r#""alerts""#]);
        assert!(before.await.is_err());
        started.0.shutdown().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_that_could_not_start_says_so_to_each_page_and_nothing_more() {
        let failure = Failure::new(&DeskError::AlertsNotReady);
        let feed = Feed::start(Err(failure.clone()), EsimList::default());
        for _ in 0..2 {
            let told = feed.updates(true).await.unwrap();
            assert_eq!(told, [Update::Failed(failure.clone())]);
            let more = tokio::time::timeout(2 * LONGEST_WAIT, feed.updates(false)).await;
            assert!(more.is_err(), "nothing follows a failure: {more:?}");
        }
    }
}
