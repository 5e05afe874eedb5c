//! How figures and times are written: what webhooks and the API have in common. Knows nothing of who asks.

use super::world::{DAY, DataPlan};
use crate::identity::date;
use crate::wire::Json;

/// The largest whole number that every program can write: it stands for unlimited data.
const ENDLESS: i64 = 9_007_199_254_740_991;

/// It stands for what is not in the package.
const NOT_GIVEN: i64 = -1;

/// An amount of data in hundredths of a MB, or what stands for unlimited.
pub(super) fn or_endless(hundredths: Option<i64>) -> Json {
    hundredths.map_or(Json::Number(ENDLESS), Json::Hundredths)
}

/// Minutes or messages, or what stands for none.
pub(super) fn figure(amount: i64) -> Json {
    Json::Number(if amount == 0 { NOT_GIVEN } else { amount })
}

/// What was used on one day.
pub(super) struct DayUsed {
    /// `YYYY-MM-DD`, UTC.
    pub(super) date: String,
    /// Hundredths of a MB.
    pub(super) used: i64,
}

/// What was used of a plan until then, day by day.
pub(super) fn days_used(plan: &DataPlan, until: i64) -> Vec<DayUsed> {
    let Some((start, end)) = plan.period else {
        return Vec::new();
    };
    let (first, last) = (start.div_euclid(DAY), until.min(end - 1).div_euclid(DAY));
    (first..=last)
        .map(|day| {
            let (from, to) = (day * DAY, ((day + 1) * DAY).min(until));
            DayUsed {
                date: date(day * DAY),
                used: plan.used(to) - plan.used(from),
            }
        })
        .collect()
}

/// `YYYY-MM-DD HH:MM:SS`, UTC.
pub(super) fn date_and_time(at: i64) -> String {
    let second = at.rem_euclid(DAY);
    let (hour, minute) = (second / 3_600, second % 3_600 / 60);
    format!("{} {hour:02}:{minute:02}:{:02}", date(at), second % 60)
}
