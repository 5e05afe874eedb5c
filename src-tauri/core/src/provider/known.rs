//! What is known of a provider's eSIMs and of its lists when it is asked.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::event::Status;

/// What the desk knows of an eSIM when it is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EsimSoFar {
    /// Its status.
    pub status: Option<Status>,
    /// Since when it has it, UTC seconds.
    pub status_since: Option<i64>,
    /// When the last of what is known of it happened, UTC seconds.
    pub last_event_at: Option<i64>,
    /// When it was told to be READY, UTC seconds.
    pub ready_at: Option<i64>,
    /// Whether it was ever in use.
    pub was_used: bool,
    /// The partner's reference, as it is written.
    pub reference_id: Option<String>,
    /// Whether another eSIM has its ICCID, or had it: then what is told of the ICCID may be that one's.
    pub shares_iccid: bool,
    /// Whether what is left of its package was told a short while ago, and is asked for only if something happened since.
    pub figures_are_fresh: bool,
}

/// What is known of an API's lists. Kept, so its names never change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListSizes {
    /// How many eSIMs it gave at once when it was asked last; `None`: nobody knows, 0: it was not told how many.
    pub esims: Option<usize>,
    /// The same of orders.
    pub orders: Option<usize>,
    /// How many eSIMs their list had when it was shown to leave none out.
    pub whole: Option<usize>,
    /// Whether it was told that eSIMs without an order may not be in it.
    pub esims_doubted: bool,
    /// How many orders their list had when somebody looked whether it leaves some out.
    pub orders_looked_into: Option<usize>,
    /// Whether it did.
    pub orders_left_out: bool,
    /// Whether it was told that it may.
    pub orders_doubted: bool,
}

/// What the desk knows of the eSIMs and of the lists of them: ids.
#[derive(Debug, Clone, Default)]
pub struct EsimsSoFar {
    /// Somebody may travel with these; the one that ends first is the first.
    pub in_use: Vec<String>,
    /// These were there, too.
    pub others: Vec<String>,
    /// These were found to be no more; the one that was asked for longest ago first.
    pub gone: Vec<String>,
    /// Of these it is known what was bought.
    pub ordered: HashSet<String>,
    /// What is known of the lists.
    pub sizes: ListSizes,
}
