//! The inbox at a glance.

use esim_watch_core::{inbox, store};
use serde::Serialize;

use crate::message::Message;

/// How many alerts there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertCounts {
    /// New ones: nobody has taken them up.
    pub unread: i64,
    /// New ones that are more than news: somebody has to do something.
    pub attention: i64,
    /// New ones of the gravest kind.
    pub critical: i64,
    /// Acknowledged ones whose cause goes on.
    pub acknowledged: i64,
    /// Snoozed ones.
    pub snoozed: i64,
}

impl From<store::AlertCounts> for AlertCounts {
    fn from(counts: store::AlertCounts) -> AlertCounts {
        let store::AlertCounts {
            unread,
            attention,
            critical,
            acknowledged,
            snoozed,
        } = counts;
        AlertCounts {
            unread,
            attention,
            critical,
            acknowledged,
            snoozed,
        }
    }
}

/// The state of the inbox at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// How many alerts are open.
    pub counts: AlertCounts,
    /// Grows with every change, so that whoever shows a list knows that it is old. 0: what happened
    /// before the start was not looked at yet.
    pub revision: u32,
    /// The newest new alerts: row and title, a handful at most.
    pub latest: Vec<Headline>,
    /// Until when notifications are held back, UTC seconds.
    pub muted_until: Option<i64>,
    /// Whether the program can't hear or can't keep what it hears.
    pub deaf: bool,
    /// Why alerts can't be told or kept at the moment, for the user.
    pub problem: Option<Message>,
}

impl From<inbox::Summary> for Summary {
    fn from(summary: inbox::Summary) -> Summary {
        let inbox::Summary {
            counts,
            revision,
            latest,
            muted_until,
            deaf,
            problem,
        } = summary;
        Summary {
            counts: counts.into(),
            revision,
            latest: latest.into_iter().map(Headline::from).collect(),
            muted_until,
            deaf,
            problem: problem.map(Message::from),
        }
    }
}

/// One alert in a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Headline {
    /// The alert.
    pub id: i64,
    /// What it says, on one line.
    pub title: Message,
    /// Opens the eSIM that it is about.
    pub esim_key: Option<String>,
}

impl From<inbox::Headline> for Headline {
    fn from(headline: inbox::Headline) -> Headline {
        let inbox::Headline {
            id,
            title,
            esim_key,
        } = headline;
        Headline {
            id,
            title: title.into(),
            esim_key,
        }
    }
}
