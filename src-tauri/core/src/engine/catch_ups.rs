//! Catching up as it is asked for: by itself from the start, all of it, one eSIM; and the token that it needs.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;

use super::catching_up::{ApiToken, after_failures, when_deaf};
use super::credentials::blocking;
use super::{Engine, EngineError, FixedSetting};
use crate::catch_up::{
    ApiRate, ApiVariables, CatchUpProgress, CatchUpScope, CaughtUp, LastCatchUp, SET_RATES,
};
use crate::clock::{Moment, ToldTime};
use crate::inbox::{FirstLook, Inbox, KnownWhen};
use crate::provider::ApiError;
use crate::secret::{Place, Secret, Secrets};
use crate::store::{CatchUpRun, Setting};

/// How catching up stands.
#[derive(Debug, Clone, PartialEq)]
pub struct CatchUpState {
    /// Where the API token comes from; `None`: nobody has looked yet.
    pub token: Option<ApiToken>,
    /// How many requests a second are made at most.
    pub rate: ApiRate,
    /// What is under way, and how far it is.
    pub running: Option<(CatchUpScope, CatchUpProgress)>,
    /// What the last catch-up did that asked for everything; `None`: there was none.
    pub last: Option<LastCatchUp>,
    /// By how many minutes this computer's clock is ahead of the provider's, less than nothing: behind. `None`: it is right as
    /// far as anybody knows.
    pub clock_ahead: Option<i64>,
}

/// What became of an API token that somebody set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSet {
    /// Whether it is kept.
    pub saved: bool,
    /// Why the API does not take it, or why nobody knows; `None`: it takes it.
    pub problem: Option<ApiError>,
}

/// Tells how catching up stands.
#[derive(Debug, Clone)]
pub struct CatchUpWatch {
    token: watch::Receiver<Option<ApiToken>>,
    rate: watch::Receiver<f64>,
    variables: ApiVariables,
    running: watch::Receiver<Option<CatchUpScope>>,
    progress: watch::Receiver<CatchUpProgress>,
    last: watch::Receiver<Option<LastCatchUp>>,
    clock_ahead: watch::Receiver<Option<i64>>,
    told: ToldTime,
}

impl CatchUpWatch {
    /// How it stands now.
    #[must_use]
    pub fn now(&mut self) -> CatchUpState {
        let progress = *self.progress.borrow_and_update();
        let scope = self.running.borrow_and_update().clone();
        self.clock_ahead.borrow_and_update();
        CatchUpState {
            token: *self.token.borrow_and_update(),
            rate: self.variables.rate(*self.rate.borrow_and_update()),
            running: scope.map(|scope| (scope, progress)),
            last: self.last.borrow_and_update().clone(),
            // As soon as it is told, not when it is looked at next.
            clock_ahead: self.told.minutes_ahead(Moment::now()),
        }
    }

    /// Waits until it stands otherwise than when it was looked at last. `false`: the engine is gone.
    pub async fn changed(&mut self) -> bool {
        let changed = tokio::select! {
            changed = self.token.changed() => changed,
            changed = self.rate.changed() => changed,
            changed = self.running.changed() => changed,
            changed = self.progress.changed() => changed,
            changed = self.last.changed() => changed,
            changed = self.clock_ahead.changed() => changed,
        };
        changed.is_ok()
    }
}

/// What the provider's clock told before the program started.
pub(super) fn told_before(run: &CatchUpRun) -> ToldTime {
    let told = run.told.as_ref();
    told.map_or_else(ToldTime::default, |told| {
        ToldTime::before_the_start(told.at, told.clock_ms)
    })
}

impl Engine {
    /// Catches up from now on: at once, and whenever something may have kept deliveries away. Without a token it waits
    /// for one.
    pub fn start_catching_up(&self) {
        self.catches_up.store(true, Ordering::Relaxed);
        tokio::spawn(Arc::clone(&self.catching_up).keep());
        tokio::spawn(after_failures(self.health(), Arc::clone(&self.catching_up)));
    }

    /// Catches up once, when what is under way is done.
    pub async fn catch_up(&self) -> CaughtUp {
        self.catching_up.run(&self.catching_up.variables).await
    }

    /// Asks for one eSIM, by its provider's id, beside what is under way.
    pub async fn catch_up_with(&self, esim_id: &str) -> CaughtUp {
        let catching_up = &self.catching_up;
        catching_up
            .run_of(&catching_up.variables, Some(esim_id))
            .await
    }

    /// Something may have kept deliveries away: what was sent meanwhile is asked for.
    pub fn want_catch_up(&self) {
        self.catching_up.wanted.notify_one();
    }

    /// The computer slept: what was sent meanwhile is asked for before the inbox looks.
    pub(super) fn catch_up_after_sleep(&self) {
        let catching_up = &self.catching_up;
        if catching_up.turn.try_lock().is_ok() {
            catching_up
                .progress
                .send_replace(CatchUpProgress::default());
        }
        catching_up.wanted.notify_one();
    }

    /// Ends the catch-up that is under way. The next one goes on from there.
    pub fn cancel_catch_up(&self) {
        self.catching_up.cancel.send_replace(true);
    }

    /// How catching up stands, now and whenever it changes.
    #[must_use]
    pub fn catch_up_watch(&self) -> CatchUpWatch {
        let catching_up = &self.catching_up;
        CatchUpWatch {
            token: catching_up.token.subscribe(),
            rate: catching_up.rate.subscribe(),
            variables: catching_up.variables.clone(),
            running: catching_up.running.subscribe(),
            progress: catching_up.progress.subscribe(),
            last: catching_up.last.subscribe(),
            clock_ahead: catching_up.clock_ahead.subscribe(),
            told: catching_up.catch_up.told.clone(),
        }
    }

    /// Where the API token comes from.
    pub async fn api_token(&self) -> ApiToken {
        self.catching_up.look_for_token().await
    }

    /// Whether the provider takes the API token that counts.
    ///
    /// # Errors
    /// [`EngineError`] if it does not, it can't be asked, or there is no token.
    pub async fn try_api_token(&self) -> Result<(), EngineError> {
        self.catching_up.try_token().await
    }

    /// Tries an API token, as it was pasted, keeps it and catches up with it at once. One that the API refuses takes nobody's
    /// place, unless it is to be kept `anyway`; one that can't be tried is kept.
    ///
    /// # Errors
    /// [`EngineError`] if it is no token, comes from the environment or can't be kept.
    pub async fn set_api_token(&self, text: &str, anyway: bool) -> Result<TokenSet, EngineError> {
        self.may_change_token()?;
        let token = Secret::of_token(text).map_err(ApiError::Token)?;
        let tried = self.catching_up.try_that(Some(token.clone())).await;
        let problem = tried.err();
        if problem == Some(ApiError::Refused) && !anyway {
            let saved = false;
            return Ok(TokenSet { saved, problem });
        }
        let secrets = Secrets {
            current: Some(token),
            previous: None,
        };
        let vault = self.catching_up.vault.clone();
        let place = blocking(move || vault.store(&secrets)).await?;
        self.remember_token(place).await?;
        self.catching_up.wanted_now.notify_one();
        let saved = true;
        Ok(TokenSet { saved, problem })
    }

    /// Forgets the API token.
    ///
    /// # Errors
    /// [`EngineError`] if it comes from the environment or can't be removed.
    pub async fn remove_api_token(&self) -> Result<(), EngineError> {
        self.may_change_token()?;
        let vault = self.catching_up.vault.clone();
        blocking(move || vault.clear()).await?;
        self.remember_token(Place::Nowhere).await
    }

    /// Sets how many requests a second the API is asked for at most, from the next catch-up on.
    ///
    /// # Errors
    /// [`EngineError`] if the environment gives it, it is out of bounds or can't be kept.
    pub async fn set_api_rate(&self, rate: f64) -> Result<(), EngineError> {
        let catching_up = &self.catching_up;
        if !matches!(catching_up.variables.rate(rate), ApiRate::Set(_)) {
            return Err(EngineError::Fixed(FixedSetting::ApiRate));
        }
        if !SET_RATES.contains(&rate) {
            return Err(EngineError::Rate(rate));
        }
        let kept = Some(rate.to_string());
        self.store.writer().set(Setting::ApiRate, kept).await?;
        catching_up.rate.send_replace(rate);
        Ok(())
    }

    fn may_change_token(&self) -> Result<(), EngineError> {
        match self.catching_up.variables.given_token() {
            Some(_) => Err(EngineError::Fixed(FixedSetting::ApiToken)),
            None => Ok(()),
        }
    }

    async fn remember_token(&self, place: Place) -> Result<(), EngineError> {
        let kept = Some(place.as_text().to_owned());
        let writer = self.store.writer();
        writer.set(Setting::ApiTokenPlace, kept).await?;
        let token = match place {
            Place::Keyring => ApiToken::Keyring,
            Place::File => ApiToken::File,
            Place::Nowhere | Place::Environment => ApiToken::None,
        };
        self.catching_up.token.send_replace(Some(token));
        Ok(())
    }

    /// Catches up when the inbox finds that nothing is heard.
    pub(super) fn watch_for_deafness(&self, inbox: &Inbox) {
        tokio::spawn(when_deaf(inbox.summary(), Arc::clone(&self.catching_up)));
    }

    /// When the inbox may look for the first time: at the start, and after each sleep.
    pub(super) fn first_look(&self) -> FirstLook {
        if !self.catches_up.load(Ordering::Relaxed) {
            let at_once = || Box::pin(std::future::ready(()));
            return Box::new(move || KnownWhen {
                most: at_once(),
                reached: at_once(),
                all: at_once(),
            });
        }
        let catching_up = Arc::clone(&self.catching_up);
        let mut slept = false;
        Box::new(move || {
            let first_look = Arc::clone(&catching_up).first_look(slept);
            slept = true;
            KnownWhen {
                most: Box::pin(first_look),
                reached: Box::pin(Arc::clone(&catching_up).reached()),
                all: Box::pin(Arc::clone(&catching_up).all_known()),
            }
        })
    }

    /// Ends what is under way, and lets nothing begin any more.
    pub(super) async fn stop_catching_up(&self) {
        self.catching_up.closed.send_replace(true);
        self.catching_up.cancel.send_replace(true);
        drop(self.catching_up.turn.lock().await);
    }
}
