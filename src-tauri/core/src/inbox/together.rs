//! For how long what is found after an absence is told together: until all of it is known, but nobody waits for that longer
//! than some minutes. What a provider tells later, because it was out of reach or has much to tell, is told together as
//! well, every so many minutes.

/// So long after all is known it is told: the rules have looked at the last of it by then, milliseconds.
const TOLD_AFTER_MS: i64 = 200;

/// So long after that more of it is told together again, milliseconds.
const AGAIN_AFTER_MS: i64 = 1_000;

/// So long it waits at most with telling until all is known, milliseconds.
pub const KNOWN_WITHIN_MS: i64 = 5 * 60_000;

/// What is told together from now on. What is critical and began only since is told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gather {
    /// For so long, milliseconds.
    pub for_ms: i64,
    /// After so long [`Together::passed`] is called, milliseconds; `None`: never.
    pub next_ms: Option<i64>,
}

/// What is known of an absence, and whether somebody waits with telling it. Each answer replaces the one before; `None`: it
/// goes on as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together {
    waits: Waits,
    reached: bool,
    known: bool,
    /// Another catch-up is under way than that of the absence.
    asks_again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// What is found is told when it is found.
    Not,
    /// It is told when its time has come.
    Long,
    /// It is being told, and what is found next waits again.
    Shortly,
}

impl Together {
    /// The program listens again: nothing is known yet.
    #[must_use]
    pub fn begin() -> (Together, Gather) {
        let mut together = Together {
            waits: Waits::Not,
            reached: false,
            known: false,
            asks_again: false,
        };
        let gather = together.wait();
        (together, gather)
    }

    /// Whether the provider has not been reached yet, as far as that matters.
    #[must_use]
    pub fn awaits_provider(&self) -> bool {
        !self.reached && !self.known
    }

    /// Whether there is more to be known.
    #[must_use]
    pub fn awaits_more(&self) -> bool {
        !self.known
    }

    /// The provider is reached. Whoever told without it waits again, for what it tells.
    pub fn reached(&mut self) -> Option<Gather> {
        let again = self.awaits_provider() && self.waits == Waits::Not;
        self.reached = true;
        again.then(|| self.wait())
    }

    /// All is known.
    pub fn all_known(&mut self) -> Option<Gather> {
        self.known = true;
        let waited = std::mem::replace(&mut self.waits, Waits::Not);
        (waited == Waits::Long).then_some(Together::tell(None))
    }

    /// Everything is asked for once more, long after the absence or because somebody stopped that before: what that finds is
    /// told together, too.
    pub fn asks_again(&mut self) -> Option<Gather> {
        if self.waits != Waits::Not {
            return None;
        }
        self.asks_again = true;
        Some(self.wait())
    }

    /// That is over.
    pub fn asked_again(&mut self) -> Option<Gather> {
        if !std::mem::take(&mut self.asks_again) {
            return None;
        }
        self.reached = true;
        let waited = std::mem::replace(&mut self.waits, Waits::Not);
        (waited == Waits::Long).then_some(Together::tell(None))
    }

    /// The time has passed that the last answer named.
    pub fn passed(&mut self) -> Option<Gather> {
        match self.waits {
            Waits::Not => None,
            Waits::Shortly => Some(self.wait()),
            Waits::Long if self.reached || self.asks_again => {
                self.waits = Waits::Shortly;
                Some(Together::tell(Some(AGAIN_AFTER_MS)))
            }
            Waits::Long => {
                self.waits = Waits::Not;
                Some(Together::tell(None))
            }
        }
    }

    fn wait(&mut self) -> Gather {
        self.waits = Waits::Long;
        Gather {
            for_ms: KNOWN_WITHIN_MS,
            next_ms: Some(KNOWN_WITHIN_MS),
        }
    }

    fn tell(next_ms: Option<i64>) -> Gather {
        Gather {
            for_ms: TOLD_AFTER_MS,
            next_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Gather = Gather {
        for_ms: KNOWN_WITHIN_MS,
        next_ms: Some(KNOWN_WITHIN_MS),
    };
    const TOLD: Gather = Gather {
        for_ms: TOLD_AFTER_MS,
        next_ms: None,
    };

    #[test]
    fn what_is_known_in_time_is_told_at_once_and_once() {
        let (mut together, first) = Together::begin();
        assert_eq!(first, ALL);
        assert_eq!(together.reached(), None);
        assert_eq!(together.all_known(), Some(TOLD));
        assert_eq!((together.passed(), together.reached()), (None, None));
    }

    #[test]
    fn what_a_provider_tells_that_was_out_of_reach_for_long_is_told_together_as_well() {
        let (mut together, _) = Together::begin();
        assert_eq!(together.passed(), Some(TOLD));
        // Nobody waits for who can't be reached.
        assert_eq!(together.passed(), None);
        assert_eq!(together.reached(), Some(ALL));
        assert_eq!(together.all_known(), Some(TOLD));
        assert_eq!(together.passed(), None);
    }

    #[test]
    fn who_takes_long_is_waited_for_again_and_again_and_never_for_longer() {
        let (mut together, _) = Together::begin();
        together.reached();
        let told = Gather {
            next_ms: Some(AGAIN_AFTER_MS),
            ..TOLD
        };
        assert_eq!(together.passed(), Some(told));
        for _ in 0..3 {
            assert_eq!(together.passed(), Some(ALL));
            assert_eq!(together.passed(), Some(told));
        }
        // What was being told is told.
        assert_eq!(together.all_known(), None);
        assert_eq!(together.passed(), None);
    }

    #[test]
    fn what_a_later_catch_up_finds_is_told_together_when_it_is_over() {
        let (mut together, _) = Together::begin();
        // That of the absence goes on.
        assert_eq!(
            (together.asks_again(), together.asked_again()),
            (None, None)
        );
        together.reached();
        assert_eq!(together.all_known(), Some(TOLD));
        assert_eq!(together.asks_again(), Some(ALL));
        assert!(
            together
                .passed()
                .is_some_and(|gather| gather.for_ms == TOLD.for_ms)
        );
        assert_eq!(together.passed(), Some(ALL));
        assert_eq!(together.asked_again(), Some(TOLD));
        assert_eq!((together.asked_again(), together.passed()), (None, None));
    }
}
