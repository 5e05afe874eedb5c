//! Whether what is told together after an absence came about in it.

use super::Waiting;

/// So long after an absence what the rules find is of it: they look when what happened is known, milliseconds.
const FOUND_AFTER_MS: i64 = 5 * 60_000;

/// A time in which the program did not listen, UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// When it began, if there is a receipt of it.
    pub from_ms: Option<i64>,
    /// When it ended.
    pub to_ms: i64,
}

impl Default for Away {
    /// Whatever there is happened in it.
    fn default() -> Self {
        Away {
            from_ms: None,
            to_ms: i64::MAX,
        }
    }
}

impl Away {
    /// Whether it was over when that began which an alert tells.
    pub(super) fn is_before(&self, alert: &Waiting) -> bool {
        let found_by_ms = self.to_ms.saturating_add(FOUND_AFTER_MS);
        // What is left of a package is told as it is when it is asked for.
        alert.since.saturating_mul(1000) > found_by_ms && !alert.rule.is_of_data()
    }

    /// Whether what an alert tells came about in it, or was known before and not told.
    pub(super) fn has(&self, alert: &Waiting) -> bool {
        let since_ms = alert.since.saturating_mul(1000);
        let was_known = |from_ms| since_ms >= from_ms || alert.raised_at_ms < from_ms;
        !self.is_before(alert) && self.from_ms.is_none_or(was_known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Rule;
    use crate::alert::notifier::tests::{HOUR, NOW, alert};

    #[test]
    fn what_happened_before_and_was_not_known_or_happened_after_is_none_of_an_absence() {
        let away = Away {
            from_ms: Some(NOW - 10 * HOUR),
            to_ms: NOW,
        };
        let began = |rule, hours: i64, raised: i64| Waiting {
            since: (NOW + hours * HOUR) / 1000,
            raised_at_ms: NOW + raised * HOUR,
            ..alert(1, rule)
        };
        for (alert, is_of_it) in [
            (began(Rule::Revoked, -5, 0), true),
            (began(Rule::Revoked, -12, 0), false),
            // It was owed by then.
            (began(Rule::Revoked, -12, -11), true),
            (began(Rule::Revoked, 1, 1), false),
            (began(Rule::DataLow, 1, 1), true),
        ] {
            assert_eq!(away.has(&alert), is_of_it, "{alert:?}");
        }
        let without_receipt = Away {
            from_ms: None,
            ..away
        };
        assert!(without_receipt.has(&began(Rule::Revoked, -12, 0)));
        assert!(!without_receipt.has(&began(Rule::Revoked, 1, 1)));
    }
}
