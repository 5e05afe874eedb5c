//! How fast the data goes, and when it is gone if that goes on.

use serde::Serialize;

/// How far back the pace looks from the latest report, in seconds.
const LOOK_BACK: i64 = 3 * 86_400;

/// The least time that reports must span before anything is said, in seconds: Roamify reports every four hours.
const LEAST_SPAN: i64 = 6 * 3600;

/// The pace at which the data goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// MB a day.
    pub mb_per_day: f64,
    /// When the data is used up if that goes on, UTC seconds.
    pub runs_out_at: i64,
}

/// The pace from reports of data left (`(UTC seconds, MB)`, in any order). `None`: too few reports, or
/// nothing is used. Data that was added meanwhile is not taken for use that was undone.
#[must_use]
pub fn pace(mut reports: Vec<(i64, f64)>) -> Option<Pace> {
    reports.sort_by_key(|(at, _)| *at);
    let (latest, left) = *reports.last()?;
    let recent: Vec<_> = reports
        .into_iter()
        .filter(|(at, _)| *at >= latest - LOOK_BACK)
        .collect();
    let (first, _) = *recent.first()?;
    let used: f64 = recent
        .iter()
        .zip(recent.iter().skip(1))
        .map(|((_, before), (_, after))| (before - after).max(0.0))
        .sum();
    let span = latest - first;
    if span < LEAST_SPAN || used <= 0.0 || left <= 0.0 {
        return None;
    }
    let per_second = used / span as f64;
    let seconds = left / per_second;
    // A trickle that lasts for a thousand years says nothing.
    if seconds > 1e10 {
        return None;
    }
    Some(Pace {
        mb_per_day: per_second * 86_400.0,
        runs_out_at: latest + seconds as i64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    #[test]
    fn a_steady_use_runs_out_when_it_must() {
        let reports = vec![(0, 1000.0), (12 * HOUR, 900.0), (24 * HOUR, 800.0)];
        let pace = pace(reports).unwrap();
        assert_eq!(pace.mb_per_day.round(), 200.0);
        assert_eq!(pace.runs_out_at, 24 * HOUR + 4 * 24 * HOUR);
    }

    #[test]
    fn only_the_last_days_count_in_whatever_order_they_come() {
        let reports = vec![
            (20 * 24 * HOUR, 400.0),
            (0, 1000.0),
            (19 * 24 * HOUR, 500.0),
            (24 * HOUR, 520.0),
        ];
        assert_eq!(pace(reports).unwrap().mb_per_day.round(), 100.0);
    }

    #[test]
    fn data_that_was_added_is_not_taken_for_use() {
        let reports = vec![
            (0, 100.0),
            (12 * HOUR, 50.0),
            (13 * HOUR, 1050.0),
            (24 * HOUR, 1000.0),
        ];
        assert_eq!(pace(reports).unwrap().mb_per_day.round(), 100.0);
    }

    #[test]
    fn too_little_is_known_and_nothing_is_said() {
        assert_eq!(pace(vec![]), None);
        assert_eq!(pace(vec![(0, 100.0)]), None);
        assert_eq!(pace(vec![(0, 100.0), (HOUR, 50.0)]), None);
        assert_eq!(pace(vec![(0, 100.0), (24 * HOUR, 100.0)]), None);
        assert_eq!(pace(vec![(0, 100.0), (24 * HOUR, 0.0)]), None);
        assert_eq!(pace(vec![(0, 1e12), (24 * HOUR, 1e12 - 1e-3)]), None);
    }
}
