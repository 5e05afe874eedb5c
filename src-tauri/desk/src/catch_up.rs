//! How catching up stands, and what one did.

use esim_watch_core::catch_up::{self, CatchUpProgress, CatchUpScope};
use esim_watch_core::engine;
use esim_watch_core::message::ToMessage;
use serde::Serialize;

use crate::message::Message;

pub use esim_watch_core::catch_up::{RATE_VARIABLE, TOKEN_VARIABLE};

mirrored! {
    /// Where the API token comes from.
    ApiToken of engine::ApiToken {
        /// None is set.
        None,
        /// It came from the environment and can't be changed in the window.
        Environment,
        /// The environment gives something that is none.
        EnvironmentUnusable,
        /// It is in the system's keyring.
        Keyring,
        /// It is in a file in the data directory, because the system has no keyring.
        File,
        /// One is kept, and can't be read.
        Unreadable,
    }
}

/// What became of an API token that somebody set.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenSet {
    /// Whether it is kept.
    pub saved: bool,
    /// Why the provider does not take it, or why nobody knows; `None`: it takes it.
    pub problem: Option<Message>,
}

impl From<engine::TokenSet> for TokenSet {
    fn from(set: engine::TokenSet) -> TokenSet {
        let engine::TokenSet { saved, problem } = set;
        TokenSet {
            saved,
            problem: problem.map(|problem| problem.to_message().into()),
        }
    }
}

/// How many requests a second the provider is asked for at most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiRate {
    /// So many; `None`: the environment gives something that is none.
    pub per_second: Option<f64>,
    /// Whether the environment gives it, so that it can't be changed in the window.
    pub fixed: bool,
}

impl From<catch_up::ApiRate> for ApiRate {
    fn from(rate: catch_up::ApiRate) -> ApiRate {
        let (per_second, fixed) = match rate {
            catch_up::ApiRate::Set(rate) => (Some(rate), false),
            catch_up::ApiRate::Given(rate) => (Some(rate), true),
            catch_up::ApiRate::Unusable => (None, true),
        };
        ApiRate { per_second, fixed }
    }
}

/// Rates that can be set.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RateBounds {
    /// The lowest, requests a second.
    least: f64,
    /// The highest.
    most: f64,
}

/// Rates that can be set.
#[must_use]
pub fn rate_bounds() -> RateBounds {
    RateBounds {
        least: *catch_up::SET_RATES.start(),
        most: *catch_up::SET_RATES.end(),
    }
}

/// What a catch-up did.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct CaughtUp {
    /// Every request that was made.
    pub requests: u64,
    /// eSIMs that the provider was found to have.
    pub esims: u64,
    /// Events that it told, known or not.
    pub found: u64,
    /// Those of them that were not known.
    pub new: u64,
    /// How long it took, milliseconds.
    pub took_ms: u64,
    /// What is missing and what to do about it; empty: nothing is.
    pub problems: Vec<Message>,
    /// It could not begin, or ended early, and so will the next one until somebody does what the last of its problems says.
    pub needs_somebody: bool,
    /// Whether it was the first one ever that was told which eSIMs there are.
    pub first: bool,
    /// What the provider's list calls the one eSIM that was asked for, where that is another thing than what is shown.
    pub listed_otherwise: Option<String>,
}

impl From<catch_up::CaughtUp> for CaughtUp {
    fn from(done: catch_up::CaughtUp) -> CaughtUp {
        let catch_up::CaughtUp {
            requests,
            esims,
            found,
            new,
            seconds,
            problems,
            only_doubts: _,
            again_after_secs: _,
            needs_somebody,
            first,
            before: _,
            listed_otherwise,
        } = done;
        CaughtUp {
            requests,
            esims,
            found,
            new,
            // What is no time at all is none.
            took_ms: (seconds * 1000.0).round() as u64,
            problems: problems.into_iter().map(Message::from).collect(),
            needs_somebody,
            first,
            listed_otherwise,
        }
    }
}

/// What the last catch-up did that asked for everything.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LastCatchUp {
    /// When it ended, UTC milliseconds.
    pub ended_at_ms: i64,
    /// What it did.
    pub done: CaughtUp,
}

impl From<catch_up::LastCatchUp> for LastCatchUp {
    fn from(last: catch_up::LastCatchUp) -> LastCatchUp {
        let catch_up::LastCatchUp { ended_at_ms, done } = last;
        LastCatchUp {
            ended_at_ms,
            done: done.into(),
        }
    }
}

/// A catch-up that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RunningCatchUp {
    /// The provider's id of the one eSIM that it asks for; `None`: it asks for everything that is due.
    pub esim_id: Option<String>,
    /// Whether the provider has told which eSIMs there are.
    pub listed: bool,
    /// eSIMs that it asks for.
    pub planned: usize,
    /// Those of them that it has asked for.
    pub done: usize,
}

impl RunningCatchUp {
    fn of(scope: CatchUpScope, progress: CatchUpProgress) -> RunningCatchUp {
        let CatchUpProgress {
            answered: _,
            listed,
            planned,
            done,
            urgent: _,
            over: _,
            again: _,
        } = progress;
        RunningCatchUp {
            esim_id: match scope {
                CatchUpScope::All => None,
                CatchUpScope::Esim(esim_id) => Some(esim_id),
            },
            listed,
            planned,
            done,
        }
    }
}

/// How catching up stands.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct CatchUpState {
    /// Where the API token comes from; `None`: nobody has looked yet.
    pub token: Option<ApiToken>,
    /// How many requests a second are made at most.
    pub rate: ApiRate,
    /// What is under way.
    pub running: Option<RunningCatchUp>,
    /// What the last one did that asked for everything; `None`: there was none.
    pub last: Option<LastCatchUp>,
    /// By how many minutes this computer's clock is ahead of the provider's, less than nothing: behind. `None`: it is right as
    /// far as anybody knows.
    pub clock_ahead_minutes: Option<i64>,
}

impl From<engine::CatchUpState> for CatchUpState {
    fn from(state: engine::CatchUpState) -> CatchUpState {
        let engine::CatchUpState {
            token,
            rate,
            running,
            last,
            clock_ahead,
        } = state;
        CatchUpState {
            token: token.map(ApiToken::from),
            rate: rate.into(),
            running: running.map(|(scope, progress)| RunningCatchUp::of(scope, progress)),
            last: last.map(LastCatchUp::from),
            clock_ahead_minutes: clock_ahead,
        }
    }
}
