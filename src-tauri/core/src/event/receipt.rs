//! Whether the time that an event claims is believed, and what it is ordered by if not. The clocks of a sender and of a
//! desk differ by minutes; one of the two may be wrong by years.

use super::{Event, Problem, greater};

/// How far beyond its receipt a time is believed, in seconds: clocks differ by minutes.
const BELIEVED_AHEAD_SECS: i64 = 15 * 60;

/// The same where the desk's clock is behind what has happened, so that it tells nothing.
const BELIEVED_LATER_SECS: i64 = 30 * 86_400;

/// The same where nothing is known at all.
const BELIEVED_BLINDLY_SECS: i64 = 20 * 365 * 86_400;

/// Before this no clock is right, UTC seconds: November 2025. A computer that lost its time starts at some year before.
const CLOCKS_BEGIN: i64 = 1_761_955_200;

/// Before this nothing happened that a provider of eSIMs tells of today, UTC seconds: January 2020. What claims it was
/// written with no time, or with one in another unit.
const EVENTS_BEGIN: i64 = 1_577_836_800;

/// When an event came, and what was known by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// By what the desk believes of its clock: the time before, if that has just leapt; UTC seconds. An event that can't be
    /// believed is ordered by it.
    pub at: i64,
    /// What the desk's clock showed, UTC seconds. No event that claims to be from before it is from the future: a clock
    /// that was set right a moment ago is one that the sender's agrees with.
    pub clock: i64,
    /// The latest time at which something is known to have happened, UTC seconds: then the clock is no earlier.
    pub known_until: Option<i64>,
}

impl Receipt {
    /// One of which nothing is known but the desk's clock, UTC seconds.
    #[must_use]
    pub fn at(at: i64) -> Receipt {
        Receipt {
            at,
            clock: at,
            known_until: None,
        }
    }

    /// The time by which an event is ordered that can't be believed, and the latest that is.
    fn bounds(self) -> (i64, i64) {
        let Receipt {
            at,
            clock,
            known_until,
        } = self;
        match known_until {
            Some(known) if clock < known.saturating_sub(BELIEVED_AHEAD_SECS) => {
                (known, known.saturating_add(BELIEVED_LATER_SECS))
            }
            None if clock < CLOCKS_BEGIN => {
                (at, CLOCKS_BEGIN.saturating_add(BELIEVED_BLINDLY_SECS))
            }
            _ => (at, clock.saturating_add(BELIEVED_AHEAD_SECS)),
        }
    }

    /// Why a time is not believed that an event claims, UTC seconds.
    fn doubts(self, claimed: i64) -> Option<Problem> {
        let (at, latest) = self.bounds();
        if claimed > latest {
            return Some(Problem::FutureTime);
        }
        // A clock that is as wrong tells nothing.
        (claimed < EVENTS_BEGIN && at >= EVENTS_BEGIN).then_some(Problem::PastTime)
    }
}

impl Event {
    /// Orders the event by its receipt, if the time that it claims can't be read, lies beyond or long before.
    pub fn received(&mut self, receipt: Receipt) {
        if let Some(claimed) = self.occurred_at {
            let Some(problem) = receipt.doubts(claimed) else {
                return;
            };
            self.problem.get_or_insert(problem);
        }
        self.unbelieved_at = Some(self.occurred_at.unwrap_or(0));
        self.occurred_at = Some(receipt.bounds().0);
    }

    /// Leaves it at what was decided when the event came, if it claims the same time now that it is read again: what was
    /// known then is not known any more.
    pub fn keep_decision(&mut self, known: &Event) {
        if self.unbelieved_at.is_none() {
            return;
        }
        if self.unbelieved_at == known.unbelieved_at {
            self.occurred_at = known.occurred_at;
        } else if known.unbelieved_at.is_none() && self.unbelieved_at == known.occurred_at {
            self.occurred_at = known.occurred_at;
            self.unbelieved_at = None;
            self.problem = self
                .problem
                .take()
                .filter(|one| !matches!(one, Problem::FutureTime | Problem::PastTime));
        }
    }

    /// A time that is believed beats a receipt; of two receipts the first counts.
    pub(super) fn absorb_time(&mut self, other: &Event) -> bool {
        let before = (self.occurred_at, self.unbelieved_at);
        match (self.unbelieved_at, other.unbelieved_at) {
            (None, None) => {
                greater(&mut self.occurred_at, &other.occurred_at);
            }
            (None, Some(_)) => {}
            (Some(_), None) => {
                self.unbelieved_at = None;
                self.occurred_at = other.occurred_at;
            }
            (Some(mine), Some(theirs)) => {
                self.unbelieved_at = Some(mine.max(theirs));
                self.occurred_at = match (self.occurred_at, other.occurred_at) {
                    (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
                    (mine, theirs) => mine.or(theirs),
                };
            }
        }
        before != (self.occurred_at, self.unbelieved_at)
    }
}
