//! What happened since somebody has seen all there was.

use esim_watch_core::store;
use serde::Serialize;

use crate::counts::StatusCount;

/// What happened since somebody has seen all there was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SinceSeen {
    /// When somebody had seen all there was, UTC milliseconds.
    pub since_ms: i64,
    /// How many eSIMs were told to have come to a status, the most frequent first. One that came to
    /// several counts in each.
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
        } = seen;
        SinceSeen {
            since_ms,
            by_status: by_status.into_iter().map(StatusCount::from).collect(),
            new_esims,
            alerts,
            orders,
            refunds,
            unrecognized,
        }
    }
}
