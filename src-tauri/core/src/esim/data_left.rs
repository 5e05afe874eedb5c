//! How much of an eSIM's data is left, and whether that is little: one answer for rule, next step, bar and colour.

use crate::event::Usage;

/// What is left and as good as none: a hundredth of the package, but so many MB of a small one and no more than so many of a
/// large one.
const AS_GOOD_AS_NONE_MB: (f64, f64) = (5.0, 50.0);

impl Usage {
    /// Data left, in percent of the package; `None`: it is unlimited, or not known.
    #[must_use]
    pub fn percent_left(&self) -> Option<f64> {
        if self.unlimited == Some(true) {
            return None;
        }
        let allowed = self.allowed_mb.filter(|allowed| *allowed > 0.0)?;
        Some(100.0 * self.remaining_mb? / allowed)
    }

    /// Whether what is left is nothing, or so little that nobody can use it: a report of what was used may be some MB late.
    #[must_use]
    pub fn is_as_good_as_none(&self) -> bool {
        let (least, most) = AS_GOOD_AS_NONE_MB;
        let allowed = self.allowed_mb.filter(|allowed| *allowed > 0.0);
        let none = allowed.map(|allowed| (allowed / 100.0).clamp(least, most));
        let limited = self.unlimited != Some(true);
        limited
            && self
                .remaining_mb
                .zip(none)
                .is_some_and(|(left, none)| left <= none)
    }

    /// Whether less than so many percent of the data is left, or none.
    #[must_use]
    pub fn is_low(&self, percent: u32) -> bool {
        let limited = self.unlimited != Some(true);
        let used_up = self.remaining_mb.is_some_and(|left| left <= 0.0);
        limited
            && (used_up
                || self
                    .percent_left()
                    .is_some_and(|left| left < percent.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(allowed: Option<f64>, remaining: Option<f64>, unlimited: Option<bool>) -> Usage {
        Usage {
            package_name: None,
            allowed_mb: allowed,
            remaining_mb: remaining,
            unlimited,
        }
    }

    #[test]
    fn little_is_less_than_what_is_set_or_nothing_at_all() {
        let left = |left| usage(Some(1000.0), Some(left), None);
        assert!(left(199.0).is_low(20) && !left(200.0).is_low(20));
        assert_eq!(left(200.0).percent_left(), Some(20.0));
        for (allowed, none) in [(200.0, 5.0), (3000.0, 30.0), (50_000.0, 50.0)] {
            let left = |left: f64| usage(Some(allowed), Some(left), None).is_as_good_as_none();
            assert!(left(0.0) && left(none) && !left(none + 0.1), "{allowed}");
        }
        assert!(!usage(Some(1000.0), Some(0.0), Some(true)).is_as_good_as_none());
        assert!(usage(None, Some(0.0), None).is_low(20));
        assert!(!usage(None, Some(1.0), None).is_low(20));
        assert!(!usage(Some(1000.0), None, None).is_low(20));
        assert!(!usage(Some(1000.0), Some(0.0), Some(true)).is_low(20));
    }
}
