//! Catching up: what a provider sent while nobody listened is asked of its API, and comes in by the same way as what it
//! sends.
//!
//! In: a conversation with an API ([`crate::provider::Api`]), and what the store knows. Out: deliveries of the other
//! source, to the one writer, and how far it came. [`plan`] decides what is asked for in which order, [`run`] asks.
//! What is asked for follows from what a list says now and said before, never from a comparison of the provider's clock
//! with this computer's; [`figures`] keeps it to half of what the first one took.
//!
//! Must not know: which provider, HTTP, the rules for alerts, who looks.

mod access;
mod figures;
mod plan;
mod run;
mod stop;

use serde::{Deserialize, Serialize};

use crate::message::Message;

pub use access::{ApiRate, ApiVariables, RATE_VARIABLE, SET_RATES, TOKEN_VARIABLE, stored_rate};
pub use run::{CatchUp, OnWrite};

/// What a catch-up did. Written out as it is, so its names never change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CaughtUp {
    /// Every HTTP request that was made, repeats included.
    pub requests: u64,
    /// eSIMs that the provider was found to have.
    pub esims: u64,
    /// Events that its answers told, known or not.
    pub found: u64,
    /// Those of them that were added.
    pub new: u64,
    /// How long it took.
    pub seconds: f64,
    /// What is missing and what to do about it; empty: nothing is.
    pub problems: Vec<Message>,
    /// Whether they only say that something may be missing, and nothing shows that it is.
    #[serde(default)]
    pub only_doubts: bool,
    /// Another catch-up may find what is missing without anybody's doing, after so many seconds at the earliest; `None`:
    /// nothing is missing, or somebody has to do something.
    #[serde(default)]
    pub again_after_secs: Option<u64>,
    /// It could not begin, or ended early, and so will the next one until somebody does what the last of its problems says.
    #[serde(default)]
    pub needs_somebody: bool,
    /// Whether it was the first one ever that was told which eSIMs there are.
    #[serde(default)]
    pub first: bool,
    /// What its parts before did where it goes on with one that was interrupted, which is none of what this one did.
    #[serde(skip)]
    pub before: Option<Box<CaughtUp>>,
    /// What the provider's list calls the one eSIM that was asked for, where that is another thing than what is shown; `None`:
    /// it is the same, or more than one was asked for.
    #[serde(default)]
    pub listed_otherwise: Option<String>,
}

impl CaughtUp {
    /// One that could not begin.
    #[must_use]
    pub fn failed(problem: Message) -> CaughtUp {
        CaughtUp {
            problems: vec![problem],
            needs_somebody: true,
            ..CaughtUp::default()
        }
    }

    /// All of it, with its parts before.
    #[must_use]
    pub fn whole(mut self) -> CaughtUp {
        match self.before.take() {
            Some(before) => self.after(&before),
            None => self,
        }
    }

    /// This one, which goes on with another that was ended before its end.
    #[must_use]
    pub fn after(self, ended: &CaughtUp) -> CaughtUp {
        CaughtUp {
            requests: self.requests.saturating_add(ended.requests),
            found: self.found.saturating_add(ended.found),
            new: self.new.saturating_add(ended.new),
            seconds: self.seconds + ended.seconds,
            first: self.first || ended.first,
            ..self
        }
    }
}

/// What the last catch-up did that asked for everything. Kept, so its names never change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastCatchUp {
    /// When it ended, UTC milliseconds.
    pub ended_at_ms: i64,
    /// What it did.
    pub done: CaughtUp,
}

/// What a catch-up asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatchUpScope {
    /// Everything that is due.
    All,
    /// One eSIM, by its provider's id.
    Esim(String),
}

/// How far a catch-up is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CatchUpProgress {
    /// Whether the API has answered anything.
    pub answered: bool,
    /// Whether the API has told which eSIMs there are.
    pub listed: bool,
    /// eSIMs that are asked for.
    pub planned: usize,
    /// Those of them that were.
    pub done: usize,
    /// Those that are in use and were not asked for yet.
    pub urgent: usize,
    /// Whether it is over.
    pub over: bool,
    /// Whether another one follows soon, because this one missed something that may be there a moment later.
    pub again: bool,
}
