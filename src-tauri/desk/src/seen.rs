//! What happened since somebody has seen all there was.

use esim_watch_core::store;
use serde::{Deserialize, Serialize};

use crate::counts::StatusCount;

/// A time in which the program did not listen: it was not running, or the computer slept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// When it last listened before, UTC milliseconds.
    pub from_ms: i64,
    /// When it listened again, UTC milliseconds.
    pub to_ms: i64,
    /// When the provider had told what happened meanwhile, UTC milliseconds; `None`: it was not asked, or did not tell
    /// everything.
    pub caught_up_at_ms: Option<i64>,
}

impl From<store::Absence> for Absence {
    fn from(absence: store::Absence) -> Absence {
        let store::Absence {
            from_ms,
            to_ms,
            caught_up_at_ms,
        } = absence;
        Absence {
            from_ms,
            to_ms,
            caught_up_at_ms,
        }
    }
}

/// What happened to eSIMs, each as one figure of [`SinceSeen`] counts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Happened {
    /// They were told to have come to a status.
    CameTo {
        /// The status, as its provider writes it.
        status: String,
        /// By an event that came later than this one.
        after_event: i64,
    },
    /// They were named for the first time.
    Named {
        /// Later than this one.
        after_esim: i64,
    },
    /// They still live, and nothing was heard of them.
    Unheard {
        /// Since then, UTC seconds.
        since: i64,
    },
}

impl From<Happened> for store::Happened {
    fn from(happened: Happened) -> store::Happened {
        match happened {
            Happened::CameTo {
                status,
                after_event,
            } => store::Happened::CameTo {
                status,
                after_event,
            },
            Happened::Named { after_esim } => store::Happened::Named { after_esim },
            Happened::Unheard { since } => store::Happened::Unheard { since },
        }
    }
}

/// What happened since somebody has seen all there was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SinceSeen {
    /// When somebody had seen all there was, UTC milliseconds.
    pub since_ms: i64,
    /// How many eSIMs were told to have come to a status, by a change of it or by what a provider's list alone knows: ends by
    /// their gravity first, then the others, the most frequent first. One that came to several counts in each.
    pub by_status: Vec<StatusCount>,
    /// eSIMs that were named for the first time.
    pub new_esims: i64,
    /// Alerts that were raised and that nobody has taken up yet.
    pub alerts: i64,
    /// Affiliate orders, each counted once however often it was told of.
    pub orders: i64,
    /// Decisions about refunds.
    pub refunds: i64,
    /// Events that this version did not recognise.
    pub unrecognized: i64,
    /// When the program did not listen, oldest first.
    pub absences: Vec<Absence>,
    /// eSIMs that still live and that nothing was heard of since it listens again.
    pub unheard: i64,
    /// The event that had come last.
    pub after_event: i64,
    /// The eSIM that had been named last.
    pub after_esim: i64,
}

impl From<store::SinceSeen> for SinceSeen {
    fn from(seen: store::SinceSeen) -> SinceSeen {
        let store::SinceSeen {
            since_ms,
            by_status,
            new_esims,
            alerts,
            orders,
            refunds,
            unrecognized,
            absences,
            unheard,
            after_event,
            after_esim,
        } = seen;
        SinceSeen {
            since_ms,
            by_status: by_status.into_iter().map(StatusCount::from).collect(),
            new_esims,
            alerts,
            orders,
            refunds,
            unrecognized,
            absences: absences.into_iter().map(Absence::from).collect(),
            unheard,
            after_event,
            after_esim,
        }
    }
}
