//! What an event tells of, as the desk names it. A new kind is one line here; whatever has to know it then no longer
//! compiles.

use std::fmt;

/// What kinds of event are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// One eSIM.
    Esim,
    /// The partner's prepaid balance.
    Balance,
    /// An order through the partner's affiliate link.
    Order,
    /// A refund that was asked for.
    Refund,
    /// Whether this program can be reached.
    Test,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Topic; 5] = [
        Topic::Esim,
        Topic::Balance,
        Topic::Order,
        Topic::Refund,
        Topic::Test,
    ];

    /// The topic as it is stored. Never changes.
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Topic::Esim => "esim",
            Topic::Balance => "partner",
            Topic::Order => "affiliate",
            Topic::Refund => "refund",
            Topic::Test => "esim_watch",
        }
    }

    /// Reads a stored topic; `None`: it is none that this version knows.
    #[must_use]
    pub fn from_category(category: &str) -> Option<Topic> {
        Topic::ALL
            .into_iter()
            .find(|topic| topic.category() == category)
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $topic:ident / $name:literal,)+) => {
        /// What an event tells.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EventKind {
            $($(#[doc = $doc])+ $kind,)+
            /// A kind that this version does not know, as it came. The category may be one it knows.
            Other {
                /// What it is about, lowercase; empty: it names nothing.
                category: String,
                /// What it tells, lowercase; empty: it names nothing.
                kind: String,
            },
        }

        impl EventKind {
            /// Every kind that this version knows.
            pub const KNOWN: &'static [EventKind] = &[$(EventKind::$kind),+];

            /// The kind as it is stored: its category and its name within it. Never changes.
            #[must_use]
            pub fn as_parts(&self) -> (&str, &str) {
                match self {
                    $(EventKind::$kind => (Topic::$topic.category(), $name),)+
                    EventKind::Other { category, kind } => (category, kind),
                }
            }

            /// What it is about; `None`: nothing that this version knows.
            #[must_use]
            pub fn topic(&self) -> Option<Topic> {
                match self {
                    $(EventKind::$kind => Some(Topic::$topic),)+
                    EventKind::Other { category, .. } => Topic::from_category(category),
                }
            }
        }
    };
}

kinds! {
    /// An eSIM's status changed.
    EsimStatus = Esim / "status",
    /// How much of an eSIM's package is used.
    EsimUsage = Esim / "usage",
    /// The balance fell below a threshold.
    BalanceLow = Balance / "low_balance",
    /// An order failed for lack of money.
    BalanceInsufficient = Balance / "insufficient_balance",
    /// Money was added to the balance.
    BalanceToppedUp = Balance / "top_up",
    /// The balance as it stood when somebody asked.
    BalanceRead = Balance / "balance",
    /// An order through the affiliate link.
    Order = Order / "order",
    /// A refund was granted.
    Refunded = Refund / "refunded",
    /// A refund was refused.
    RefundRejected = Refund / "rejected",
    /// Our own, which a person sends to see that everything is connected.
    Test = Test / "test",
}

impl EventKind {
    /// Whether it is told when an eSIM's status changes: counted by the hour, told of in lists, known by status and
    /// second. Other kinds may carry a status too.
    #[must_use]
    pub fn changes_status(&self) -> bool {
        matches!(self, EventKind::EsimStatus)
    }

    /// The kind of these parts.
    #[must_use]
    pub fn from_parts(category: &str, kind: &str) -> EventKind {
        EventKind::KNOWN
            .iter()
            .find(|known| known.as_parts() == (category, kind))
            .cloned()
            .unwrap_or_else(|| EventKind::Other {
                category: category.to_owned(),
                kind: kind.to_owned(),
            })
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (category, kind) = self.as_parts();
        write!(f, "{category}/{kind}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_from_what_is_stored_of_it() {
        for kind in EventKind::KNOWN {
            let (category, name) = kind.as_parts();
            assert_eq!(&EventKind::from_parts(category, name), kind);
            assert_eq!(Topic::from_category(category), kind.topic());
        }
    }

    #[test]
    fn an_unknown_kind_stays_as_it_came() {
        let kind = EventKind::from_parts("refund", "requested");
        assert_eq!(kind.as_parts(), ("refund", "requested"));
        assert_eq!(kind.topic(), Some(Topic::Refund));
        assert_eq!(EventKind::from_parts("voucher", "").topic(), None);
    }
}
