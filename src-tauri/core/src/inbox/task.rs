//! Runs an [`AlertEngine`] beside the engine, by the wall clock.

mod troubles;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use troubles::{Troubles, keep};

use super::{AlertEngine, Gather, InboxError, Summary, Together};
use crate::alert::{AlertSettings, Notice, Program};
use crate::catalogue::SharedLanguage;
use crate::clock::{Moment, ToldTime};
use crate::health::{Health, ListenerState, StoreState, TunnelState};
use crate::listener::Refusals;
use crate::message::Message;
use crate::store::{AlertStep, Commit, Readers, Writer};

/// How long commits are gathered before the rules look at what changed.
const GATHER_TIME: Duration = Duration::from_millis(50);

/// After a failure of the store.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Longest time without a look: timers stand still while a computer sleeps.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Notices that wait for whoever shows them.
const QUEUE_NOTICES: usize = 16;

/// After so long without a look nobody was here: the computer slept, milliseconds.
const AWAY_MS: i64 = 10 * 60_000;

/// Notices in the order in which they are to be shown.
pub type Notices = mpsc::Receiver<Notice>;

/// Something that is waited for.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// When what happened in an absence is known.
pub struct KnownWhen {
    /// What matters most of it is known, or that takes too long: then the first look may be.
    pub most: Wait,
    /// Whoever knows it is reached.
    pub reached: Wait,
    /// All of it is known.
    pub all: Wait,
}

/// Asked at the start and after each sleep.
pub type FirstLook = Box<dyn FnMut() -> KnownWhen + Send>;

/// What the inbox is told of the program around it.
pub struct Situation {
    /// State of listener, tunnel and store.
    pub health: watch::Receiver<Health>,
    /// Deliveries that were turned away.
    pub refusals: Arc<Refusals>,
    /// What the clocks tell.
    pub clock: fn() -> Moment,
    /// What a provider's own clock tells.
    pub told: ToldTime,
    /// When it may look for the first time after an absence. Until then it shows what is kept.
    pub first_look: FirstLook,
    /// Whether a provider is being asked for everything.
    pub asking: watch::Receiver<bool>,
}

enum Request {
    Act(Box<AlertStep>, oneshot::Sender<Result<(), InboxError>>),
    Settings(Box<AlertSettings>, oneshot::Sender<Result<(), InboxError>>),
    Shown(Vec<i64>),
    Esims(Vec<i64>),
    Failed(Vec<i64>, Message),
    Reworded,
    Moved,
    CanShow,
}

/// Reaches the inbox. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox {
    requests: mpsc::Sender<Request>,
    summary: watch::Receiver<Summary>,
    settings: watch::Receiver<AlertSettings>,
    clock: fn() -> Moment,
    told: ToldTime,
}

impl Inbox {
    /// Starts the task, which ends when the last [`Inbox`] is dropped.
    ///
    /// # Errors
    /// [`InboxError`] if the store can't be read.
    pub fn start(
        readers: Readers,
        writer: Writer,
        language: SharedLanguage,
        commits: broadcast::Receiver<Arc<Commit>>,
        situation: Situation,
    ) -> Result<(Inbox, Notices, JoinHandle<()>), InboxError> {
        let (clock, told) = (situation.clock, situation.told.clone());
        let engine = AlertEngine::new(readers, writer, language, clock())?.sure_of(told.clone());
        let (requests, asked) = mpsc::channel(QUEUE_NOTICES);
        let (notices, shown) = mpsc::channel(QUEUE_NOTICES);
        let (summary, current) = watch::channel(Summary::default());
        let (set, settings) = watch::channel(engine.settings().clone());
        let task_state = InboxTask {
            engine,
            notices,
            summary,
            settings: set,
            troubles: Troubles::default(),
            situation,
            failure: None,
            looked_ms: 0,
        };
        let task = tokio::spawn(task_state.run(commits, asked));
        let inbox = Inbox {
            requests,
            summary: current,
            settings,
            clock,
            told,
        };
        Ok((inbox, shown, task))
    }

    /// The state at a glance, now and whenever it changes.
    #[must_use]
    pub fn summary(&self) -> watch::Receiver<Summary> {
        self.summary.clone()
    }

    /// Now by a clock that is right, as far as anybody knows; UTC seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.told.right((self.clock)()).clock_ms.div_euclid(1000)
    }

    /// The rules as they are set.
    #[must_use]
    pub fn settings(&self) -> AlertSettings {
        self.settings.borrow().clone()
    }

    /// Does what a person asked for.
    ///
    /// # Errors
    /// [`InboxError`] if that can't be kept; then nothing was changed.
    pub async fn act(&self, step: AlertStep) -> Result<(), InboxError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Act(Box::new(step), reply), answer).await
    }

    /// Sets the rules.
    ///
    /// # Errors
    /// [`InboxError`] if they can't be kept; then nothing was changed.
    pub async fn set_settings(&self, settings: AlertSettings) -> Result<(), InboxError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Settings(Box::new(settings), reply), answer)
            .await
    }

    /// A notice was shown, or why not.
    pub async fn shown(&self, notice: &Notice, result: Result<(), Message>) {
        let request = match result {
            Ok(()) => Request::Shown(notice.alerts.clone()),
            Err(reason) => Request::Failed(notice.alerts.clone(), reason),
        };
        // The task ends only with the program.
        let _ = self.requests.send(request).await;
    }

    /// Notifications can be shown again.
    pub async fn can_show(&self) {
        // The task ends only with the program.
        let _ = self.requests.send(Request::CanShow).await;
    }

    /// The desk noted something else of the eSIMs in these rows: the rules look at them again.
    pub async fn esims_changed(&self, rows: Vec<i64>) {
        // The task ends only with the program.
        let _ = self.requests.send(Request::Esims(rows)).await;
    }

    /// The desk speaks another language: what is shown is told again.
    pub async fn reworded(&self) {
        // The task ends only with the program.
        let _ = self.requests.send(Request::Reworded).await;
    }

    /// The desk is in another time zone: whatever depends on it is looked at again.
    pub async fn moved(&self) {
        // The task ends only with the program.
        let _ = self.requests.send(Request::Moved).await;
    }

    async fn ask(
        &self,
        request: Request,
        answer: oneshot::Receiver<Result<(), InboxError>>,
    ) -> Result<(), InboxError> {
        let closed = || InboxError::Write(crate::store::WriteError::Closed);
        self.requests.send(request).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// Never, without a time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

struct InboxTask {
    engine: AlertEngine,
    notices: mpsc::Sender<Notice>,
    summary: watch::Sender<Summary>,
    settings: watch::Sender<AlertSettings>,
    troubles: Troubles,
    situation: Situation,
    /// Why the last notice could not be shown.
    failure: Option<Message>,
    /// When it last looked, by the clock that counts sleep.
    looked_ms: i64,
}

impl InboxTask {
    async fn run(
        mut self,
        mut commits: broadcast::Receiver<Arc<Commit>>,
        mut asked: mpsc::Receiver<Request>,
    ) {
        loop {
            let KnownWhen { most, reached, all } = (self.situation.first_look)();
            let came_back = self.come_back(&mut commits, &mut asked, most).await;
            let known = (reached, all);
            if !came_back || !self.watch(&mut commits, &mut asked, known).await {
                return;
            }
        }
    }

    /// Waits for the first look after an absence; what ends meanwhile is looked at by itself. `false`: nobody asks any more.
    async fn come_back(
        &mut self,
        commits: &mut broadcast::Receiver<Arc<Commit>>,
        asked: &mut mpsc::Receiver<Request>,
        mut first_look: Wait,
    ) -> bool {
        let now = self.now();
        self.engine.comes_back(now, Together::begin().1);
        self.look_around();
        self.summarize();
        loop {
            tokio::select! {
                () = &mut first_look => return true,
                commit = commits.recv() => match commit {
                    Ok(commit) => self.look_at_ends(&commit).await,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return false,
                },
                request = asked.recv() => match request {
                    Some(request) => self.serve(request).await,
                    None => return false,
                },
            }
        }
    }

    /// Looks whenever there is something to see, until there was an absence. `false`: nobody asks any more.
    async fn watch(
        &mut self,
        commits: &mut broadcast::Receiver<Arc<Commit>>,
        asked: &mut mpsc::Receiver<Request>,
        (mut reached, mut all_known): (Wait, Wait),
    ) -> bool {
        let (mut health, mut asking) =
            (self.situation.health.clone(), self.situation.asking.clone());
        asking.mark_unchanged();
        let now = self.now();
        self.looked_ms = now.running_ms;
        let (mut together, first) = Together::begin();
        let mut passes = self.tell_together(first);
        let mut caught_up = self.engine.catch_up(now).await.is_ok();
        let mut look = Instant::now();
        loop {
            tokio::select! {
                request = asked.recv() => match request {
                    Some(request) => {
                        self.serve(request).await;
                        look = look.min(Instant::now() + GATHER_TIME);
                    }
                    None => return false,
                },
                commit = commits.recv() => {
                    match commit {
                        Ok(commit) => self.engine.note(&commit),
                        Err(RecvError::Lagged(_)) => {
                            if let Err(error) = self.engine.missed() {
                                tracing::warn!(%error, "what changed meanwhile is looked at later");
                                caught_up = false;
                            }
                        }
                        Err(RecvError::Closed) => return false,
                    }
                    look = look.min(Instant::now() + GATHER_TIME);
                }
                () = &mut reached, if together.awaits_provider() => {
                    if let Some(gather) = together.reached() {
                        passes = self.tell_together(gather);
                    }
                }
                () = &mut all_known, if together.awaits_more() => {
                    // The commits that came with the last of it are looked at first.
                    look = look.min(Instant::now() + GATHER_TIME);
                    if let Some(gather) = together.all_known() {
                        passes = self.tell_together(gather);
                    }
                }
                () = until(passes) => {
                    look = look.min(Instant::now() + GATHER_TIME);
                    passes = together.passed().and_then(|gather| self.tell_together(gather));
                }
                Ok(()) = asking.changed() => {
                    let gather = match *asking.borrow_and_update() {
                        true => together.asks_again().inspect(|gather| self.engine.asks(self.now(), *gather)),
                        false => together.asked_again(),
                    };
                    look = look.min(Instant::now() + GATHER_TIME);
                    if let Some(gather) = gather {
                        passes = self.tell_together(gather);
                    }
                }
                Ok(()) = health.changed() => look = look.min(Instant::now() + GATHER_TIME),
                () = tokio::time::sleep_until(look) => {
                    let now = self.now().running_ms;
                    if now.saturating_sub(std::mem::replace(&mut self.looked_ms, now)) > AWAY_MS {
                        return true;
                    }
                    self.look_around();
                    if !caught_up {
                        caught_up = self.engine.catch_up(self.now()).await.is_ok();
                    }
                    look = self.work().await;
                }
            }
        }
    }

    async fn look_at_ends(&mut self, commit: &Commit) {
        match self.engine.look_at_ends(commit, self.now()).await {
            Ok(notices) => self.hand_out(notices),
            Err(error) => tracing::warn!(%error, "what ends now is looked at later"),
        }
        self.summarize();
    }

    /// Gives when there is more to it.
    fn tell_together(&mut self, gather: Gather) -> Option<Instant> {
        self.engine.tell_together(self.now(), gather);
        let next = gather.next_ms?;
        Some(Instant::now() + Duration::from_millis(next.unsigned_abs()))
    }

    async fn serve(&mut self, request: Request) {
        let now = self.now().clock_ms;
        match request {
            Request::Act(step, reply) => drop(reply.send(self.engine.act(*step, now).await)),
            Request::Settings(settings, reply) => {
                let set = self.engine.set_settings(*settings).await;
                self.settings.send_replace(self.engine.settings().clone());
                drop(reply.send(set));
            }
            Request::Shown(alerts) => {
                self.failure = None;
                if let Err(error) = self.engine.shown(alerts, now).await {
                    tracing::warn!(%error, "a notification may be shown again after a restart");
                }
            }
            Request::CanShow => self.engine.can_show(),
            Request::Esims(rows) => self.engine.note_esims(rows),
            // The summary is told below, in other words.
            Request::Reworded => {}
            Request::Moved => {
                if let Err(error) = self.engine.missed() {
                    tracing::warn!(%error, "what depends on the time zone is looked at later");
                }
            }
            Request::Failed(alerts, reason) => {
                tracing::warn!(%reason, "a notification could not be shown");
                self.engine.not_shown(&alerts, now);
                self.failure = Some(reason);
            }
        }
        self.summarize();
    }

    /// Does what is due. Returns when to look again.
    async fn work(&mut self) -> Instant {
        let notices = self.engine.work(self.now()).await;
        let again = match notices {
            Ok(notices) => {
                self.hand_out(notices);
                let now = self.now().clock_ms;
                let wait = self.engine.next_at(now).saturating_sub(now);
                Duration::from_millis(u64::try_from(wait).unwrap_or(0))
                    .clamp(GATHER_TIME, LONGEST_PAUSE)
            }
            Err(error) => {
                tracing::warn!(%error, "the rules are looked at again in a moment");
                RETRY_AFTER
            }
        };
        self.summarize();
        Instant::now() + again
    }

    /// Hands out what is to be shown. Never waits: whoever shows it may hang for minutes, and then wait for this task.
    /// What finds no room is still owed, and told later as it is then.
    fn hand_out(&mut self, notices: Vec<Notice>) {
        let now = self.now().clock_ms;
        for notice in notices {
            // Nobody shows notices while the program ends.
            if let Err(TrySendError::Full(notice)) = self.notices.try_send(notice) {
                self.engine.not_shown(&notice.alerts, now);
            }
        }
    }

    fn summarize(&self) {
        match self.engine.summary(self.now().clock_ms) {
            Ok(mut summary) => {
                summary.problem = summary.problem.or_else(|| self.failure.clone());
                self.summary.send_if_modified(|known| {
                    let changed = *known != summary;
                    *known = summary;
                    changed
                });
            }
            Err(error) => tracing::warn!(%error, "the state of the inbox can't be told"),
        }
    }

    /// Tells the engine what the program knows of itself.
    fn look_around(&mut self) {
        let now_ms = self.now().clock_ms;
        let now = now_ms.div_euclid(1000);
        let health = self.situation.health.borrow().clone();
        let listener = match &health.listener {
            ListenerState::Up { .. } => None,
            ListenerState::Down { message } => Some(message),
        };
        let store = match &health.store {
            StoreState::Ok => None,
            StoreState::Failing { message } => Some(message),
        };
        let tunnel = match &health.tunnel {
            TunnelState::Down { message } => Some(message),
            _ => None,
        };
        keep(&mut self.troubles.listener, listener, now);
        keep(&mut self.troubles.tunnel, tunnel, now);
        keep(&mut self.troubles.store, store, now);
        let recent = self.situation.refusals.count_within(3_600_000, now_ms);
        let program = Program {
            started_at: health.awake_since_ms.div_euclid(1000),
            listener_down: self.troubles.listener.clone(),
            tunnel_down: self.troubles.tunnel.clone(),
            storage_failing: self.troubles.store.clone(),
            last_received_at: self.engine.heard_at(),
            active_esims: self.engine.active_esims(),
            refused_last_hour: u32::try_from(recent).unwrap_or(u32::MAX),
            last_refusal_reason: health.last_refusal.map(|refusal| refusal.reason),
            ..Program::default()
        };
        self.engine.set_program(program);
    }

    fn now(&self) -> Moment {
        self.situation.told.right((self.situation.clock)())
    }
}

#[cfg(test)]
mod tests;
