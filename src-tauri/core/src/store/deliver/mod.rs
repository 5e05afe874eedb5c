//! One delivery's transaction: from the parsed delivery to what was committed.
//!
//! In: authentic deliveries, and other changes that share the one writer. Out: [`delivery::Change`]s, once they are on
//! the disk. Must not know: alerts and travellers, but for [`merge`], which hands them on.

pub(in crate::store) mod append;
mod changes;
pub(in crate::store) mod delivery;
pub(in crate::store) mod found;
pub(in crate::store) mod histories;
mod known_time;
pub(in crate::store) mod late;
pub(in crate::store) mod merge;
pub(in crate::store) mod owner;
pub(in crate::store) mod settle;
pub(in crate::store) mod verdict;
pub(in crate::store) mod writer;
