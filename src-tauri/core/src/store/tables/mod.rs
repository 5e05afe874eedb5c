//! One file per table: its rows and its SQL. Must not know: what a window makes of them.

pub(in crate::store) mod absences;
pub(in crate::store) mod alerts;
pub(in crate::store) mod caught_up;
pub(in crate::store) mod claims;
pub(in crate::store) mod counters;
pub(in crate::store) mod deliveries;
pub(in crate::store) mod delivery_proof;
pub(in crate::store) mod esims;
pub(in crate::store) mod events;
pub(in crate::store) mod imports;
pub(in crate::store) mod kinds;
pub(in crate::store) mod listed_ends;
pub(in crate::store) mod noted_times;
pub(in crate::store) mod receipts;
pub(in crate::store) mod same_change;
pub(in crate::store) mod seen;
pub(in crate::store) mod settings;
pub(in crate::store) mod tellings;
pub(in crate::store) mod travellers;
