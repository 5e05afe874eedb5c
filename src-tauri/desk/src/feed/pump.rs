//! The task that gathers commits and answers the window.

use std::sync::Arc;
use std::time::Duration;

use esim_watch_core::engine::{CatchUpWatch, Engine};
use esim_watch_core::inbox;
use esim_watch_core::store::{OpenError, VanishedEsims};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;

use super::pending::Pending;
use super::update::{Failure, Place, Request, SNAPSHOT_EVENTS, Update, Waiting};
use crate::esim::EsimRow;
use crate::esim_list::EsimList;
use crate::timeline::EventRow;
use crate::upgrade::UpgradeState;

/// A window that has waited for so long is answered that there is nothing: no system's web view has to keep a
/// question open for hours.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Tells every window why the program could not start.
pub(super) async fn tell_failure(failure: Failure, mut incoming: mpsc::UnboundedReceiver<Request>) {
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

/// Owns what the window is to be told.
pub(super) struct Pump {
    engine: Arc<Engine>,
    list: EsimList,
    inbox: watch::Receiver<inbox::Summary>,
    catch_up: CatchUpWatch,
    upgrades: watch::Receiver<Option<UpgradeState>>,
    /// The window, while it waits.
    window: Option<Waiting>,
    /// Until when it waits if nothing happens.
    longest: Instant,
    pending: Pending,
    /// What to show once a window is there.
    open: Option<Place>,
    /// The alerts changed since they were told.
    alerts: bool,
    /// Catching up stands otherwise than it was told.
    caught_up: bool,
    /// The eSIMs that their provider no longer had when this was looked at last; `None`: it never was.
    vanished: Option<VanishedEsims>,
    /// By how many minutes the clock is wrong that the window's times were noted by.
    clock_ahead: Option<i64>,
    /// Newer versions stand otherwise than it was told.
    upgrade: bool,
    /// What a window did not wait for.
    untold: Vec<Update>,
    /// When the window may be told something again.
    next: Instant,
}

impl Pump {
    pub(super) fn new(
        engine: Arc<Engine>,
        list: EsimList,
        inbox: watch::Receiver<inbox::Summary>,
        upgrades: watch::Receiver<Option<UpgradeState>>,
    ) -> Pump {
        Pump {
            catch_up: engine.catch_up_watch(),
            engine,
            list,
            inbox,
            upgrades,
            window: None,
            longest: Instant::now(),
            pending: Pending::default(),
            open: None,
            alerts: false,
            caught_up: false,
            vanished: None,
            clock_ahead: None,
            upgrade: false,
            untold: Vec::new(),
            next: Instant::now(),
        }
    }

    pub(super) async fn run(mut self, mut incoming: mpsc::UnboundedReceiver<Request>) {
        let mut commits = self.engine.commits();
        let mut health = self.engine.health();
        loop {
            let due = self.due();
            tokio::select! {
                request = incoming.recv() => match request {
                    Some(Request::First(window)) => {
                        self.pending.overflow = true;
                        self.alerts = true;
                        self.caught_up = true;
                        self.upgrade = true;
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
                true = self.catch_up.changed() => self.caught_up = true,
                Ok(()) = self.upgrades.changed() => self.upgrade = true,
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
            && !self.caught_up
            && !self.upgrade
            && self.pending.is_empty();
        if nothing { self.longest } else { self.next }
    }

    async fn answer(&mut self) {
        let Some(window) = self.window.take() else {
            return;
        };
        let catch_up = std::mem::take(&mut self.caught_up).then(|| self.catch_up.now());
        if catch_up.as_ref().is_some_and(|now| now.running.is_none()) {
            self.look_for_vanished().await;
        }
        if let Some(ahead) = catch_up.as_ref().map(|now| now.clock_ahead)
            && std::mem::replace(&mut self.clock_ahead, ahead) != ahead
        {
            // What was noted by a clock that was wrong has been set right.
            self.pending.show_all_again();
        }
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
        updates.extend(catch_up.map(|now| Update::CatchUp { state: now.into() }));
        if std::mem::take(&mut self.upgrade) {
            let state = self.upgrades.borrow_and_update().clone();
            updates.extend(state.map(|state| Update::Upgrade { state }));
        }
        updates.extend(self.open.take().map(|place| Update::Open { place }));
        self.next = Instant::now() + pace;
        self.untold = window.send(updates).err().unwrap_or_default();
    }

    /// No event tells that a provider has an eSIM no longer, or again: once a catch-up is over, the rows are asked for anew.
    async fn look_for_vanished(&mut self) {
        let readers = self.engine.readers().clone();
        let read = move || readers.read(|store| store.vanished_esims());
        // What can't be read now is looked for after the next one.
        let Ok(Ok(vanished)) = tokio::task::spawn_blocking(read).await else {
            return;
        };
        let before = self.vanished.replace(vanished);
        if before.is_some() && before != self.vanished {
            self.pending.show_all_again();
        }
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
            let recent = EventRow::latest(store, SNAPSHOT_EVENTS)?;
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
