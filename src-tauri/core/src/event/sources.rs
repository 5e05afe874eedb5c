//! By which ways an event came to be known.

/// By which ways an event came to be known: one, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sources(i64);

impl Sources {
    /// Its provider sent it.
    pub const WEBHOOK: Sources = Sources(1);

    /// Its provider told it when it was asked.
    pub const API: Sources = Sources(2);

    /// Both of them.
    pub const BOTH: Sources = Sources(3);

    /// The ways as they are stored; what a later version knows is none here.
    #[must_use]
    pub const fn new(number: i64) -> Sources {
        Sources(number & Sources::BOTH.0)
    }

    /// The number under which they are stored: a bit each.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Sources) -> Sources {
        Sources(self.0 | other.0)
    }

    /// These but those.
    #[must_use]
    pub const fn without(self, those: Sources) -> Sources {
        Sources(self.0 & !those.0)
    }

    /// Whether all of those are among these.
    #[must_use]
    pub const fn have(self, other: Sources) -> bool {
        self.0 & other.0 == other.0
    }

    /// The word for them in exports. Never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Sources::API => "api",
            Sources::BOTH => "both",
            _ => "webhook",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_the_one_and_the_other() {
        let both = Sources::API.and(Sources::WEBHOOK);
        assert_eq!((both, both.as_str()), (Sources::BOTH, "both"));
        assert!(both.have(Sources::API) && !Sources::API.have(Sources::WEBHOOK));
        assert_eq!(Sources::new(Sources::API.number()), Sources::API);
    }
}
