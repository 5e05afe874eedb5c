//! The inbox: what the rules found, kept, and told.
//!
//! In: what was committed, the program's health, what a person does to an alert. Out: rows of alerts,
//! [`Notice`]s for the desktop to show, a [`Summary`] for tray, title and window. The rules themselves
//! are in [`crate::alert`], the rows in [`crate::store`]; here they are put together. Must not know
//! how anything is shown.
//!
//! [`AlertEngine`] does the work and is told the time; [`Inbox`] runs one beside the engine by the wall clock.

mod alert_engine;
mod changed;
mod open_alerts;
mod rows;
mod task;
mod together;

pub use alert_engine::AlertEngine;
pub use rows::text;
pub use task::{FirstLook, Inbox, KnownWhen, Notices, Situation};
pub use together::{Gather, KNOWN_WITHIN_MS, Together};

use crate::message::{Message, ToMessage};
use crate::store::{AlertCounts, OpenError, WriteError};
use crate::{display_in_english, hand_on};

/// Why the inbox could not do its work. The next attempt does what is left.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InboxError {
    /// The store can't be read.
    Read(Message),
    /// The store can't be written.
    Write(WriteError),
}

hand_on!(InboxError: Write(WriteError));
display_in_english!(InboxError);

impl ToMessage for InboxError {
    /// A part of a sentence, or one on its own.
    fn to_message(&self) -> Message {
        match self {
            InboxError::Read(reason) => {
                Message::of("error.alerts.notRead").with("reason", reason.clone())
            }
            InboxError::Write(error) => {
                Message::of("error.alerts.notKept").with("reason", error.to_message())
            }
        }
    }
}

impl From<OpenError> for InboxError {
    fn from(error: OpenError) -> Self {
        InboxError::Read(error.to_message())
    }
}

/// The state of the inbox at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many alerts are open.
    pub counts: AlertCounts,
    /// Grows with every change, so that whoever shows a list knows that it is old. 0: what happened
    /// before the start was not looked at yet.
    pub revision: u32,
    /// The newest new alerts: row and title, at most [`MAX_LATEST`].
    pub latest: Vec<Headline>,
    /// Until when notifications are held back, UTC seconds.
    pub muted_until: Option<i64>,
    /// Whether the program can't hear or can't keep what it hears.
    pub deaf: bool,
    /// Why alerts can't be told or kept at the moment, for the user.
    pub problem: Option<Message>,
}

/// One alert in a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// The alert.
    pub id: i64,
    /// What it says, on one line.
    pub title: Message,
    /// Opens the eSIM that it is about.
    pub esim_key: Option<String>,
}

/// How many alerts [`Summary::latest`] names at most.
pub const MAX_LATEST: usize = 5;

#[cfg(test)]
mod tests;
