//! What goes into the notifier, and what comes out.

use super::super::{Rule, Text, Words};
use crate::message::Message;

/// An alert that is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The alert's row.
    pub id: i64,
    /// Which rule found it.
    pub rule: Rule,
    /// The row of the eSIM that it is about.
    pub esim: Option<i64>,
    /// When its cause began, UTC seconds.
    pub since: i64,
    /// When it was raised, UTC milliseconds.
    pub raised_at_ms: i64,
    /// What it says when it is shown alone.
    pub text: Text,
    /// What a click opens when it is shown alone.
    pub opens: Opens,
    /// Whether quiet hours and muting let it through.
    pub breaks_quiet: bool,
    /// Whether it was told long after it happened, so that what answers it may come in a moment.
    pub late: bool,
    /// What the money is in that it tells of.
    pub currency: Option<String>,
    /// The order that its eSIM shares with others.
    pub party: Option<Party>,
}

/// An order of several eSIMs: what happens to them at about the same time is told together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The order's reference.
    pub reference: String,
    /// What the alert says of the order.
    pub title: Message,
    /// How many eSIMs it has.
    pub esims: usize,
}

/// What a click opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    /// The eSIM with this key.
    Esim(String),
    /// The list of alerts.
    Alerts,
    /// What became of the time in which nobody listened that began then, UTC milliseconds.
    Absence(i64),
    /// The account.
    Account,
    /// The state of listener and tunnel.
    Connection,
}

/// How much a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// One alert.
    Single,
    /// What came at about the same time.
    Summary,
    /// What came while nobody was to be disturbed, or while the program or the user was away.
    Digest,
}

/// One notification for the system to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The alerts it tells, by row. Each alert is in one notice only.
    pub alerts: Vec<i64>,
    /// How much it tells.
    pub kind: NoticeKind,
    /// How it reads.
    pub words: Words,
    /// What a click opens.
    pub opens: Opens,
}
