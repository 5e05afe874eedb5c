//! How fast something goes that is used up, and when it is gone if that goes on: an eSIM's data, the balance. Pure.

/// The pace at which it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// How much a day.
    pub per_day: f64,
    /// When it is used up if that goes on, UTC seconds.
    pub runs_out_at: i64,
}

/// How much has to be known before anything is said; seconds.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// How far back the pace looks from the latest reading.
    pub look_back: i64,
    /// The least time that readings must span.
    pub least: i64,
}

/// An eSIM's data, which is reported every four hours.
pub const DATA: Span = Span {
    look_back: 3 * 86_400,
    least: 6 * 3600,
};

/// The partner's balance, which is told now and then.
pub const BALANCE: Span = Span {
    look_back: 30 * 86_400,
    least: 86_400,
};

/// The pace from readings of what is left (`(UTC seconds, how much)`, in any order). `None`: too few readings, or
/// nothing is used. What was added meanwhile is not taken for use that was undone.
#[must_use]
pub fn pace(mut readings: Vec<(i64, f64)>, span: Span) -> Option<Pace> {
    readings.sort_by_key(|(at, _)| *at);
    let (latest, left) = *readings.last()?;
    let recent: Vec<_> = readings
        .into_iter()
        .filter(|(at, _)| *at >= latest - span.look_back)
        .collect();
    let (first, _) = *recent.first()?;
    let used: f64 = recent
        .iter()
        .zip(recent.iter().skip(1))
        .map(|((_, before), (_, after))| (before - after).max(0.0))
        .sum();
    let time = latest - first;
    if time < span.least || used <= 0.0 || left <= 0.0 {
        return None;
    }
    let per_second = used / time as f64;
    let seconds = left / per_second;
    // A trickle that lasts for a thousand years says nothing.
    if seconds > 1e10 {
        return None;
    }
    Some(Pace {
        per_day: per_second * 86_400.0,
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
        let pace = pace(reports, DATA).unwrap();
        assert_eq!(pace.per_day.round(), 200.0);
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
        assert_eq!(pace(reports, DATA).unwrap().per_day.round(), 100.0);
    }

    #[test]
    fn data_that_was_added_is_not_taken_for_use() {
        let reports = vec![
            (0, 100.0),
            (12 * HOUR, 50.0),
            (13 * HOUR, 1050.0),
            (24 * HOUR, 1000.0),
        ];
        assert_eq!(pace(reports, DATA).unwrap().per_day.round(), 100.0);
    }

    #[test]
    fn too_little_is_known_and_nothing_is_said() {
        assert_eq!(pace(vec![], DATA), None);
        assert_eq!(pace(vec![(0, 100.0)], DATA), None);
        assert_eq!(pace(vec![(0, 100.0), (HOUR, 50.0)], DATA), None);
        assert_eq!(pace(vec![(0, 100.0), (24 * HOUR, 100.0)], DATA), None);
        assert_eq!(pace(vec![(0, 100.0), (24 * HOUR, 0.0)], DATA), None);
        assert_eq!(pace(vec![(0, 1e12), (24 * HOUR, 1e12 - 1e-3)], DATA), None);
    }

    #[test]
    fn a_balance_is_looked_at_over_weeks() {
        let day = 24 * HOUR;
        let readings = vec![(0, 900.0), (10 * day, 600.0), (20 * day, 300.0)];
        let pace = pace(readings.clone(), BALANCE).unwrap();
        assert_eq!(pace.per_day.round(), 30.0);
        assert_eq!(pace.runs_out_at, 30 * day);
        assert_eq!(super::pace(readings, DATA), None);
    }
}
