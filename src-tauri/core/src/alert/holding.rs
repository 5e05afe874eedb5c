//! A fact together with the time in which it holds, so that "what holds now" and "when may that
//! change" come from one place.

use super::Fact;

/// From the first second of the world.
pub(super) const ALWAYS: i64 = i64::MIN;

/// A fact that holds from one second until (not including) another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Holding {
    pub fact: Fact,
    pub from: i64,
    pub until: i64,
}

/// What holds at this second.
pub(super) fn at(holdings: Vec<Holding>, now: i64) -> Vec<Fact> {
    holdings
        .into_iter()
        .filter(|holding| holding.from <= now && now < holding.until)
        .map(|holding| holding.fact)
        .collect()
}

/// The next second at which one begins or ends.
pub(super) fn next_change(holdings: &[Holding], now: i64) -> Option<i64> {
    holdings
        .iter()
        .filter(|holding| holding.from < holding.until)
        .flat_map(|holding| [holding.from, holding.until])
        .filter(|second| *second > now && *second < i64::MAX)
        .min()
}
