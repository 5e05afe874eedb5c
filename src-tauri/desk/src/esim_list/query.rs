//! What can be asked of the list of eSIMs.

use serde::{Deserialize, Serialize};

/// Most rows of one page of eSIMs.
pub const MAX_PAGE_ESIMS: u32 = 200;

macro_rules! sorts {
    ($($(#[$doc:meta])* $sort:ident,)+) => {
        /// What the list of eSIMs can be sorted by. Rows without a value come last, whichever way it is sorted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(rename_all = "camelCase")]
        pub enum EsimSort {
            $($(#[$doc])* $sort,)+
        }

        impl EsimSort {
            /// Every order there is.
            #[cfg(test)]
            pub(super) const ALL: &[EsimSort] = &[$(EsimSort::$sort,)+];
        }
    };
}

sorts! {
    /// Time of the latest event.
    LastEvent,
    /// Status, in the order of an eSIM's life.
    Status,
    /// Time of the last status change.
    StatusSince,
    /// The traveller's name.
    Traveller,
    /// Order reference.
    Reference,
    /// ICCID.
    Iccid,
    /// The provider's id.
    EsimId,
    /// Start of the usage period.
    Start,
    /// End of the usage period.
    End,
    /// Name of the package.
    Package,
    /// Data left; unlimited is the most.
    DataLeft,
    /// Number of events.
    Events,
    /// When it was first seen activated.
    FirstActivated,
}

/// Where in its usage period an eSIM is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// It has not begun.
    NotStarted,
    /// It has begun and not ended.
    Running,
    /// It ends within 24 hours.
    EndsToday,
    /// It ends within seven days.
    EndsThisWeek,
    /// It has ended.
    Ended,
    /// Nothing is known of its end.
    Unknown,
}

const DAY_SECONDS: i64 = 86_400;

impl Period {
    /// Whether a period from `start` to `end` (UTC seconds) is like that at `now`.
    #[must_use]
    pub fn fits(self, start: Option<i64>, end: Option<i64>, now: i64) -> bool {
        let ends_within =
            |seconds: i64| end.is_some_and(|end| end > now && end <= now.saturating_add(seconds));
        match self {
            Period::NotStarted => start.is_some_and(|start| start > now),
            Period::Running => {
                start.is_some_and(|start| start <= now) && end.is_none_or(|end| end > now)
            }
            Period::EndsToday => ends_within(DAY_SECONDS),
            Period::EndsThisWeek => ends_within(7 * DAY_SECONDS),
            Period::Ended => end.is_some_and(|end| end <= now),
            Period::Unknown => end.is_none(),
        }
    }
}

/// Which eSIMs, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimFilter {
    /// Words that must all occur in reference, ICCID, eSIM id or what is known of the traveller; digits
    /// and spaces alone are one number. Case and accents do not matter. Empty: all.
    pub search: String,
    /// Only these statuses; empty: all.
    pub statuses: Vec<String>,
    /// Only those with a new alert that is more than news.
    pub attention: bool,
    /// Only where the usage period is like that.
    pub period: Option<Period>,
    /// What to sort by.
    pub sort: EsimSort,
    /// Largest first.
    pub descending: bool,
}

/// All eSIMs, those that something happened to last first.
impl Default for EsimFilter {
    fn default() -> EsimFilter {
        EsimFilter {
            search: String::new(),
            statuses: Vec::new(),
            attention: false,
            period: None,
            sort: EsimSort::LastEvent,
            descending: true,
        }
    }
}

/// A page of the list of eSIMs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EsimQuery {
    /// Which eSIMs, in which order.
    pub filter: EsimFilter,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return, at most [`MAX_PAGE_ESIMS`].
    pub limit: u32,
}
