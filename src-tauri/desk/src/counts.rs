//! How many of what there are, and when what happened.

use esim_watch_core::store;
use serde::Serialize;

/// How many eSIMs have one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct StatusCount {
    /// The status as the provider writes it.
    pub status: String,
    /// Number of eSIMs.
    pub count: i64,
}

impl From<store::StatusCount> for StatusCount {
    fn from(store::StatusCount { status, count }: store::StatusCount) -> StatusCount {
        StatusCount { status, count }
    }
}

/// Totals over the whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Every known status in the order of an eSIM's life, then unknown ones that occur.
    pub by_status: Vec<StatusCount>,
    /// Number of eSIMs.
    pub esims: i64,
    /// Number of events.
    pub events: i64,
    /// Number of events that this version did not recognise.
    pub unrecognized: i64,
}

impl From<store::Counts> for Counts {
    fn from(counts: store::Counts) -> Counts {
        let store::Counts {
            by_status,
            esims,
            events,
            unrecognized,
        } = counts;
        Counts {
            by_status: by_status.into_iter().map(StatusCount::from).collect(),
            esims,
            events,
            unrecognized,
        }
    }
}

/// How many status changes to one status happened in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct HourCount {
    /// Hours since the epoch, UTC.
    pub hour: i64,
    /// The status as the provider writes it.
    pub status: String,
    /// Number of status changes.
    pub count: i64,
}

impl From<store::HourCount> for HourCount {
    fn from(count: store::HourCount) -> HourCount {
        let store::HourCount {
            hour,
            status,
            count,
        } = count;
        HourCount {
            hour,
            status,
            count,
        }
    }
}
