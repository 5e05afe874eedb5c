//! What happened since somebody has seen all there was.

use esim_watch_core::clock::now_ms;
use esim_watch_core::store;
use serde::Serialize;

use crate::Desk;
use crate::counts::StatusCount;
use crate::error::Answer;

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
    /// Affiliate orders.
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

impl Desk {
    /// What happened since somebody has seen all there was; `None`: nothing, or that was less than a quarter of an hour
    /// ago.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn since_seen(&self) -> Answer<Option<SinceSeen>> {
        let seen = self.read(|store| store.since_seen(now_ms())).await?;
        Ok(seen.map(SinceSeen::from))
    }

    /// Notes that somebody has seen what there is now.
    ///
    /// # Errors
    /// If it can't be stored.
    pub async fn mark_seen(&self) -> Answer<()> {
        Ok(self.engine()?.mark_seen().await?)
    }
}
