//! What decides a world, and the spans of time in it. Plain data.

pub(crate) const MINUTE: i64 = 60;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// So long before the beginning the first eSIMs were sold: longer than any first package may wait and run.
pub(super) const BEFORE: i64 = 45 * DAY;

/// A profile that is not used is kept so long.
pub(crate) const PROFILE_LIFE: i64 = 365 * DAY;

/// What decides a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldPlan {
    /// Same seed, same world.
    pub seed: u64,
    /// When it begins to tell, UTC seconds. It has a past of some weeks by then.
    pub begin: i64,
    /// For so many days eSIMs are sold; what was sold by then lives on.
    pub days: u32,
    /// How many eSIMs are sold, the past included.
    pub esims: u32,
    /// As an agency's own would be: people and orders are called as they might be, travellers are known, and a webhook tells each
    /// end. Otherwise names try out whoever shows them, and of some ends nobody is told.
    pub everyday: bool,
    /// Some more whose weeks go by in minutes.
    pub hurry: Option<Hurry>,
}

/// eSIMs whose weeks take ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hurry {
    /// From when on they are sold, UTC seconds.
    pub from: i64,
    /// How many there are.
    pub esims: u32,
}

impl WorldPlan {
    /// When the last eSIM is sold.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.begin + i64::from(self.days) * DAY
    }
}
