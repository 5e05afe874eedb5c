//! When is caught up: at the start, after whatever may have kept deliveries away, once a night, and when somebody asks.
//! One at a time, whoever asks, but for a single eSIM that somebody waits for; nothing without a token.

mod waits;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinError;
use tokio::time::Instant;
use waits::{again_after, until_night};

use super::credentials::blocking;
use super::error::EngineError;
use crate::catch_up::{
    ApiVariables, CatchUp, CatchUpProgress, CatchUpScope, CaughtUp, LastCatchUp, stored_rate,
};
use crate::clock::Moment;
use crate::control::{CatchUpHandler, OtherCatchUp};
use crate::health::{Health, ListenerState, StoreState, TunnelState};
use crate::inbox::Summary;
use crate::message::{Message, ToMessage};
use crate::provider::{ApiAccess, ApiError, Asking, RequestPace};
use crate::secret::{Place, Secret, Vault};
use crate::store::Setting;

/// So long the inbox waits at most for the API to answer anything before it looks for the first time.
const REACHED_WITHIN: Duration = Duration::from_secs(20);

/// So long it waits at most for the lists and for what is in use, if the API answers.
const URGENT_WITHIN: Duration = Duration::from_secs(60);

/// After one that nobody asked for, so long it takes until the next: what goes up and down does so often.
const AT_MOST_EVERY: Duration = Duration::from_secs(60);

/// After a sleep so long it takes at most until that is noticed.
const SLEEP_NOTICED_WITHIN: Duration = Duration::from_secs(6);
/// So long it takes at most until a token was tried: somebody sits there and waits.
const TRIED_WITHIN: Duration = Duration::from_secs(15);

/// Where the program's API token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiToken {
    /// None is set.
    None,
    /// The environment gives it.
    Environment,
    /// The environment gives something that is none.
    EnvironmentUnusable,
    /// It is in the system's keyring.
    Keyring,
    /// It is in a file in the data folder, because the system has no keyring.
    File,
    /// One is kept, and can't be read.
    Unreadable,
}

/// Everything about catching up that outlives one catch-up.
pub(super) struct CatchingUp {
    pub(super) catch_up: CatchUp,
    pub variables: ApiVariables,
    /// Where the token is kept.
    pub vault: Vault,
    /// Held by the one that is under way.
    pub turn: Mutex<()>,
    /// Somebody wants one.
    pub wanted: Notify,
    /// Somebody wants one without waiting, however short ago the last one was.
    pub wanted_now: Notify,
    pub progress: watch::Sender<CatchUpProgress>,
    /// Whether everything is being asked for.
    pub asking: watch::Sender<bool>,
    /// What is under way.
    pub running: watch::Sender<Option<CatchUpScope>>,
    /// What the last one did that asked for everything.
    pub last: watch::Sender<Option<LastCatchUp>>,
    /// How many requests a second are made at most, from the next one on.
    pub rate: watch::Sender<f64>,
    /// How fast the API is asked, whatever for.
    pub pace: RequestPace,
    /// By how many minutes this computer's clock is ahead of the provider's, if it is wrong.
    pub clock_ahead: watch::Sender<Option<i64>>,
    /// Where the token comes from; `None`: nobody has looked yet.
    pub token: watch::Sender<Option<ApiToken>>,
    /// Whether the one that is under way is to end.
    pub cancel: watch::Sender<bool>,
    /// Whether the program ends.
    pub closed: watch::Sender<bool>,
}

impl CatchingUp {
    pub fn new(catch_up: CatchUp, variables: ApiVariables, vault: Vault) -> CatchingUp {
        let last = last_of(&catch_up);
        let rate = rate_of(&catch_up);
        CatchingUp {
            catch_up,
            variables,
            vault,
            turn: Mutex::new(()),
            wanted: Notify::new(),
            wanted_now: Notify::new(),
            progress: watch::channel(CatchUpProgress::default()).0,
            asking: watch::channel(false).0,
            running: watch::channel(None).0,
            last: watch::channel(last).0,
            rate: watch::channel(rate).0,
            pace: RequestPace::default(),
            clock_ahead: watch::channel(None).0,
            token: watch::channel(None).0,
            cancel: watch::channel(false).0,
            closed: watch::channel(false).0,
        }
    }

    /// Takes note of whether this computer's clock is wrong at this moment, as far as the provider's has told. Whether that is
    /// another answer than before.
    pub fn look_at_clock(&self, now: Moment) -> bool {
        let ahead = self.catch_up.told.minutes_ahead(now);
        self.clock_ahead
            .send_if_modified(|known| std::mem::replace(known, ahead) != ahead)
    }

    /// Does one when it is its turn. `variables`: what somebody else's environment says, which wins.
    pub async fn run(&self, variables: &ApiVariables) -> CaughtUp {
        self.run_of(variables, None).await
    }

    /// The same of one eSIM alone, by its provider's id; `None`: of all.
    pub async fn run_of(&self, variables: &ApiVariables, esim_id: Option<&str>) -> CaughtUp {
        let _turn = match (self.turn.try_lock(), esim_id) {
            (Ok(turn), _) => turn,
            (Err(_), Some(esim_id)) => return self.beside(variables, esim_id).await,
            (Err(_), None) => self.turn.lock().await,
        };
        self.cancel.send_replace(false);
        if *self.closed.borrow() {
            return CaughtUp::failed(Message::of("catchUp.cancelled"));
        }
        self.progress.send_replace(CatchUpProgress::default());
        let scope = match esim_id {
            Some(esim_id) => CatchUpScope::Esim(esim_id.to_owned()),
            None => CatchUpScope::All,
        };
        self.asking.send_replace(scope == CatchUpScope::All);
        self.running.send_replace(Some(scope));
        let _ended = Ended(self);
        let cancel = self.cancel.subscribe();
        let done = self.asked(variables, esim_id, cancel, &self.progress).await;
        if esim_id.is_none() {
            self.remember(done.clone().whole()).await;
        }
        done
    }

    /// Asks for one eSIM beside what is under way: it is a few requests, and somebody waits.
    async fn beside(&self, variables: &ApiVariables, esim_id: &str) -> CaughtUp {
        let closed = self.closed.subscribe();
        let progress = watch::channel(CatchUpProgress::default()).0;
        self.asked(variables, Some(esim_id), closed, &progress)
            .await
    }

    async fn asked(
        &self,
        variables: &ApiVariables,
        esim_id: Option<&str>,
        cancel: watch::Receiver<bool>,
        progress: &watch::Sender<CatchUpProgress>,
    ) -> CaughtUp {
        let access = match self.token(variables).await {
            Ok(stored) => self.access(variables, stored, esim_id.is_some()),
            Err(problem) => {
                progress.send_modify(|progress| progress.over = true);
                return CaughtUp::failed(problem.to_message());
            }
        };
        let done = self.catch_up.run(access, esim_id, cancel, progress).await;
        tracing::info!(
            requests = done.requests,
            esims = done.esims,
            found = done.found,
            new = done.new,
            seconds = done.seconds,
            "caught up"
        );
        for problem in &done.problems {
            tracing::warn!(problem = problem.english(), "catching up missed something");
        }
        done
    }

    /// How the API is reached, at one pace with all that this program asks it for.
    fn access(
        &self,
        variables: &ApiVariables,
        token: Option<Secret>,
        goes_first: bool,
    ) -> Result<ApiAccess, ApiError> {
        let access = variables.access(token, *self.rate.borrow())?;
        Ok(ApiAccess {
            pace: self.pace.clone(),
            goes_first,
            ..access
        })
    }

    /// Keeps what the last one did, for whoever looks later.
    async fn remember(&self, done: CaughtUp) {
        let last = LastCatchUp {
            ended_at_ms: self.catch_up.now().clock_ms,
            done,
        };
        // Plain figures and texts, which always can be written.
        let text = serde_json::to_string(&last).unwrap_or_default();
        let writer = &self.catch_up.writer;
        if let Err(error) = writer.set(Setting::LastCatchUp, Some(text)).await {
            tracing::debug!(%error, "what the catch-up did is forgotten with the program's end");
        }
        self.last.send_replace(Some(last));
    }

    /// Whether the API takes the token, asked beside what is under way: it is one request, and somebody waits. Where the
    /// last catch-up could not go on without somebody, the next one begins at once.
    pub async fn try_token(&self) -> Result<(), EngineError> {
        let stored = self.token(&self.variables).await?;
        self.try_that(stored).await?;
        let stands_still = |last: &LastCatchUp| last.done.needs_somebody;
        if self.last.borrow().as_ref().is_some_and(stands_still) {
            self.wanted_now.notify_one();
        }
        Ok(())
    }

    /// Whether the API takes this token; the environment's, if that gives one.
    pub async fn try_that(&self, token: Option<Secret>) -> Result<(), ApiError> {
        let access = self.access(&self.variables, token, true);
        let tried = tokio::time::timeout(TRIED_WITHIN, self.catch_up.try_access(access));
        tried
            .await
            .unwrap_or(Err(ApiError::TooSlow(Asking::Balance)))
    }

    /// Where the token comes from, as of now.
    pub async fn look_for_token(&self) -> ApiToken {
        let found = match self.variables.given_token() {
            Some(Ok(_)) => ApiToken::Environment,
            Some(Err(_)) => ApiToken::EnvironmentUnusable,
            None => match self.kept_token().await {
                Ok((Some(_), Some(Place::Keyring))) => ApiToken::Keyring,
                Ok((Some(_), _)) => ApiToken::File,
                Ok((None, _)) => ApiToken::None,
                Err(error) => {
                    tracing::warn!(%error, "the API token can't be read");
                    ApiToken::Unreadable
                }
            },
        };
        self.token.send_replace(Some(found));
        found
    }

    /// The token that is kept, unless the environment gives one.
    pub async fn token(&self, variables: &ApiVariables) -> Result<Option<Secret>, EngineError> {
        if variables.given_token().is_some() {
            return Ok(None);
        }
        Ok(self.kept_token().await?.0)
    }

    async fn kept_token(&self) -> Result<(Option<Secret>, Option<Place>), EngineError> {
        // Where nobody says that there is one, no keyring is asked: most desks have none.
        let place = self.place()?.or(Some(Place::Nowhere));
        let vault = self.vault.clone();
        let (secrets, place) = blocking(move || vault.load(place)).await?;
        // As it was pasted: an earlier version kept what stood around it.
        let bare = |kept: Secret| Secret::of_token(kept.reveal()).unwrap_or(kept);
        Ok((secrets.current.map(bare), place))
    }

    fn place(&self) -> Result<Option<Place>, EngineError> {
        let readers = &self.catch_up.readers;
        let place = readers.read(|store| store.setting(Setting::ApiTokenPlace))?;
        Ok(place.as_deref().and_then(Place::from_text))
    }

    /// Answers commands that ask for a catch-up.
    pub fn on_command(self: &Arc<Self>) -> CatchUpHandler {
        let catching_up = Arc::clone(self);
        Arc::new(move |variables| {
            let catching_up = Arc::clone(&catching_up);
            Box::pin(async move {
                // What the command's environment does not say, this program's does.
                let given = variables.or(&catching_up.variables);
                // Whoever asked may hang up: what has begun goes on to its end.
                let asked = Arc::clone(&catching_up);
                let run = tokio::spawn(async move { asked.run(&given).await });
                let done = run.await.unwrap_or_else(|error| broke_off(&error));
                let ends = *catching_up.closed.borrow() && !done.problems.is_empty();
                if ends {
                    // Whoever asked has the folder next, and goes on.
                    OtherCatchUp::Ends(done)
                } else {
                    OtherCatchUp::Done(done)
                }
            })
        })
    }

    /// Does the first one now, and another whenever somebody wants one, until the program ends.
    pub async fn keep(self: Arc<Self>) {
        let mut closed = self.closed.subscribe();
        let mut misses = 0;
        loop {
            let done = async {
                let mut again = None;
                // Most desks have no token: that is no problem of theirs.
                if self.look_for_token().await == ApiToken::None {
                    self.progress.send_modify(|progress| progress.over = true);
                } else {
                    again = self.run(&self.variables).await.again_after_secs;
                }
                misses = again.map_or(0, |_| misses + 1);
                let again = again.map_or(Duration::MAX, |at_least| again_after(misses, at_least));
                let begun = Instant::now();
                let wanted = async {
                    tokio::select! {
                        () = self.wanted.notified() => {}
                        () = tokio::time::sleep(until_night(self.catch_up.now())) => {}
                    }
                    tokio::time::sleep_until(begun + AT_MOST_EVERY).await;
                };
                tokio::select! {
                    () = wanted => {}
                    () = self.wanted_now.notified() => {}
                    () = tokio::time::sleep(again) => {}
                }
            };
            tokio::select! {
                () = done => {}
                _ = closed.wait_for(|closed| *closed) => return,
            }
        }
    }

    /// Waits until the inbox may look for the first time: what is in use was asked for, or that takes too long. `slept`:
    /// the program did not start, it woke, and the catch-up begins once somebody notices.
    pub async fn first_look(self: Arc<Self>, slept: bool) {
        if slept {
            tokio::time::sleep(SLEEP_NOTICED_WITHIN).await;
        }
        let mut progress = self.progress.subscribe();
        let mut await_state = async |done: fn(&CatchUpProgress) -> bool, at: Instant| {
            // Too late, or nobody catches up any more: then it is looked at as it is.
            let _ = tokio::time::timeout_at(at, progress.wait_for(done)).await;
        };
        let started = Instant::now();
        let is_reached =
            |now: &CatchUpProgress| now.answered || now.listed || (now.over && !now.again);
        await_state(is_reached, started + REACHED_WITHIN).await;
        let was_reached = {
            let progress = self.progress.borrow();
            progress.answered || progress.listed
        };
        if !was_reached {
            return;
        }
        // One that ended before it was told which eSIMs there are is followed by another at once, or by none.
        let urgent = |now: &CatchUpProgress| match now.listed {
            true => now.over || now.urgent == 0,
            false => now.over && !now.again,
        };
        await_state(urgent, started + URGENT_WITHIN).await;
    }

    /// Waits until the API has told which eSIMs there are.
    pub async fn reached(self: Arc<Self>) {
        let mut progress = self.progress.subscribe();
        if progress.wait_for(|now| now.listed).await.is_err() {
            // Nobody asks it any more.
            std::future::pending::<()>().await;
        }
    }

    /// Waits until the catch-up is over, and none follows soon.
    pub async fn all_known(self: Arc<Self>) {
        let mut progress = self.progress.subscribe();
        // Nobody catches up any more: then all is known that will be.
        let _ = progress.wait_for(|now| now.over && !now.again).await;
    }
}

/// What is told of a catch-up that did not come to its end and can't say why. One that nobody stopped was not stopped.
pub(super) fn broke_off(error: &JoinError) -> CaughtUp {
    let key = match error.is_panic() {
        true => "catchUp.brokeOff",
        false => "catchUp.cancelled",
    };
    CaughtUp::failed(Message::of(key))
}

/// Nothing is under way any more, however it ended.
struct Ended<'a>(&'a CatchingUp);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.running.send_replace(None);
        self.0.asking.send_replace(false);
    }
}

/// What the last one did before the program started. What another version wrote and this one can't read is nothing.
fn last_of(catch_up: &CatchUp) -> Option<LastCatchUp> {
    let text = catch_up
        .readers
        .read(|store| store.setting(Setting::LastCatchUp));
    let text = text.unwrap_or_else(|error| {
        tracing::warn!(%error, "what the last catch-up did can't be read");
        None
    });
    serde_json::from_str(&text?).ok()
}

/// How many requests a second were set.
fn rate_of(catch_up: &CatchUp) -> f64 {
    let text = catch_up
        .readers
        .read(|store| store.setting(Setting::ApiRate));
    let text = text.unwrap_or_else(|error| {
        tracing::warn!(%error, "the rate of requests can't be read");
        None
    });
    stored_rate(text.as_deref())
}

/// Wants a catch-up whenever deliveries may have been turned away or lost and no longer are.
pub(super) async fn after_failures(
    mut health: watch::Receiver<Health>,
    catching_up: Arc<CatchingUp>,
) {
    let mut failing = fails(&health.borrow_and_update());
    // Ends with the engine.
    while health.changed().await.is_ok() {
        let fails = fails(&health.borrow_and_update());
        if failing && !fails {
            catching_up.wanted.notify_one();
        }
        failing = fails;
    }
}

/// Whether deliveries can't come or can't be stored.
fn fails(health: &Health) -> bool {
    matches!(health.listener, ListenerState::Down { .. })
        || matches!(health.tunnel, TunnelState::Down { .. })
        || health.store != StoreState::Ok
}

/// Wants a catch-up when the program finds that it hears nothing.
pub(super) async fn when_deaf(mut summary: watch::Receiver<Summary>, catching_up: Arc<CatchingUp>) {
    let mut was_deaf = false;
    // Ends with the inbox.
    while summary.changed().await.is_ok() {
        let deaf = summary.borrow_and_update().deaf;
        if deaf && !was_deaf {
            catching_up.wanted.notify_one();
        }
        was_deaf = deaf;
    }
}
