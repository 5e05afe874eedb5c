//! The rules there are, and how much each matters.

use serde::{Deserialize, Serialize};

const MINUTE_SECS: i64 = 60;
const HOUR_SECS: i64 = 60 * MINUTE_SECS;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// Every rule, handed to another macro behind what it is given: who mirrors the rules does not list them again.
#[macro_export]
macro_rules! every_rule {
    ($then:ident $($given:tt)*) => {
        $then! { $($given)* {
            /// The eSIM was activated for the first time in its usage period.
            FirstActivation,
            /// The eSIM ran out.
            Expired,
            /// The eSIM was withdrawn.
            Revoked,
            /// The eSIM's period ends within a day (or what is set).
            ExpiresSoon,
            /// The eSIM's period ends within three hours (or what is set).
            ExpiresVerySoon,
            /// Little of the eSIM's data is left.
            DataLow,
            /// None of the eSIM's data is left.
            DataUsedUp,
            /// The eSIM's period is over and nobody said that it expired.
            PastEnd,
            /// The eSIM was sold and is not on a device, shortly before the trip or long after the order.
            NotInstalled,
            /// The eSIM is in use and its package holds no data at all.
            ConnectedWithoutData,
            /// The partner's balance fell below its threshold.
            BalanceLow,
            /// An order failed because the balance does not cover it.
            BalanceInsufficient,
            /// Money was added to the balance.
            BalanceToppedUp,
            /// Support decided a refund request.
            RefundDecided,
            /// A kind of event came that this version does not understand.
            Unrecognized,
            /// A delivery came that is no event at all.
            Unreadable,
            /// Nothing has come for hours, although eSIMs are in use.
            NoEvents,
            /// The listener does not accept deliveries.
            ListenerDown,
            /// The tunnel to the listener is down.
            TunnelDown,
            /// Events can't be stored.
            StorageFailing,
            /// Many deliveries are turned away.
            RefusalsPilingUp,
        } }
    };
}

macro_rules! rules {
    ({ $($(#[$doc:meta])* $rule:ident,)+ }) => {
        /// What can be worth an alert. Sorted as a person would go through them: eSIMs, the account, the
        /// program itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Rule {
            $($(#[$doc])* $rule,)+
        }

        impl Rule {
            /// Every rule, in order.
            pub const ALL: &[Rule] = &[$(Rule::$rule,)+];
        }
    };
}

every_rule!(rules);

/// What an alert can be about, as a person would go through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// One eSIM.
    Esim,
    /// The partner's account.
    Account,
    /// The program itself.
    Program,
}

/// How much an alert matters. Ordered: more severe is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; nothing to do.
    Info,
    /// Somebody should do something, in good time.
    Warning,
    /// A traveller is cut off, orders fail, or the program is deaf.
    Critical,
}

/// What time means to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// It warns of a time: then it holds by the clock, and not by an event.
    pub warns: bool,
    /// What was so before anybody listened here is history and no news.
    pub tells_of_past: bool,
    /// Whether it is news is known by the eSIM's history alone, also where no alert is kept.
    pub asks_for_course: bool,
}

impl Rule {
    /// Every rule as a person goes through them: what they are about, the gravest of each first.
    pub const BY_GRAVITY: &[Rule] = &[
        Rule::Revoked,
        Rule::Expired,
        Rule::ExpiresVerySoon,
        Rule::ExpiresSoon,
        Rule::PastEnd,
        Rule::DataUsedUp,
        Rule::DataLow,
        Rule::ConnectedWithoutData,
        Rule::NotInstalled,
        Rule::FirstActivation,
        Rule::BalanceInsufficient,
        Rule::BalanceLow,
        Rule::BalanceToppedUp,
        Rule::RefundDecided,
        Rule::NoEvents,
        Rule::ListenerDown,
        Rule::TunnelDown,
        Rule::StorageFailing,
        Rule::RefusalsPilingUp,
        Rule::Unreadable,
        Rule::Unrecognized,
    ];

    /// The rule as it is stored. Never changes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::FirstActivation => "first_activation",
            Rule::Expired => "expired",
            Rule::Revoked => "revoked",
            Rule::ExpiresSoon => "expires_soon",
            Rule::ExpiresVerySoon => "expires_very_soon",
            Rule::DataLow => "data_low",
            Rule::DataUsedUp => "data_used_up",
            Rule::PastEnd => "past_end",
            Rule::NotInstalled => "not_installed",
            Rule::ConnectedWithoutData => "connected_without_data",
            Rule::BalanceLow => "balance_low",
            Rule::BalanceInsufficient => "balance_insufficient",
            Rule::BalanceToppedUp => "balance_topped_up",
            Rule::RefundDecided => "refund_decided",
            Rule::Unrecognized => "unrecognized",
            Rule::Unreadable => "unreadable",
            Rule::NoEvents => "no_events",
            Rule::ListenerDown => "listener_down",
            Rule::TunnelDown => "tunnel_down",
            Rule::StorageFailing => "storage_failing",
            Rule::RefusalsPilingUp => "refusals_piling_up",
        }
    }

    /// Whether it is found by the data that is left of a package.
    #[must_use]
    pub fn is_of_data(self) -> bool {
        matches!(self, Rule::DataLow | Rule::DataUsedUp)
    }

    /// Reads a stored rule; `None` for one that this version does not know.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.as_str() == text)
    }

    /// What its alerts are about.
    #[must_use]
    pub fn about(self) -> About {
        match self {
            Rule::FirstActivation
            | Rule::Expired
            | Rule::Revoked
            | Rule::ExpiresSoon
            | Rule::ExpiresVerySoon
            | Rule::DataLow
            | Rule::DataUsedUp
            | Rule::PastEnd
            | Rule::NotInstalled
            | Rule::ConnectedWithoutData => About::Esim,
            Rule::BalanceLow
            | Rule::BalanceInsufficient
            | Rule::BalanceToppedUp
            | Rule::RefundDecided => About::Account,
            Rule::Unrecognized
            | Rule::Unreadable
            | Rule::NoEvents
            | Rule::ListenerDown
            | Rule::TunnelDown
            | Rule::StorageFailing
            | Rule::RefusalsPilingUp => About::Program,
        }
    }

    /// How long its cause may be gone, in seconds, and be the same matter when it is there again: a flap. Whatever
    /// was gone for longer is another matter.
    #[must_use]
    pub fn flap_secs(self) -> i64 {
        match self {
            // News of a period or of a package, which has it once.
            Rule::FirstActivation | Rule::ConnectedWithoutData => i64::MAX,
            // Accounting corrects itself within minutes.
            Rule::DataLow | Rule::DataUsedUp => 10 * MINUTE_SECS,
            // From one telling to the next at least, however often it comes and goes.
            Rule::ListenerDown | Rule::TunnelDown | Rule::StorageFailing => HOUR_SECS,
            Rule::RefusalsPilingUp => DAY_SECS,
            Rule::Unrecognized | Rule::Unreadable => 7 * DAY_SECS,
            _ => 5 * MINUTE_SECS,
        }
    }

    /// What time means to it. Has no arm for others: a new rule says it.
    #[must_use]
    pub fn timing(self) -> Timing {
        match self {
            Rule::Expired | Rule::Revoked => Timing {
                warns: false,
                tells_of_past: true,
                asks_for_course: true,
            },
            Rule::FirstActivation => Timing {
                warns: false,
                tells_of_past: true,
                asks_for_course: false,
            },
            Rule::PastEnd => Timing {
                warns: true,
                tells_of_past: true,
                asks_for_course: true,
            },
            Rule::ExpiresSoon | Rule::ExpiresVerySoon | Rule::NotInstalled => Timing {
                warns: true,
                tells_of_past: false,
                asks_for_course: false,
            },
            Rule::ConnectedWithoutData => Timing {
                warns: false,
                tells_of_past: false,
                asks_for_course: true,
            },
            Rule::DataLow
            | Rule::DataUsedUp
            | Rule::BalanceLow
            | Rule::BalanceInsufficient
            | Rule::BalanceToppedUp
            | Rule::RefundDecided
            | Rule::Unrecognized
            | Rule::Unreadable
            | Rule::NoEvents
            | Rule::ListenerDown
            | Rule::TunnelDown
            | Rule::StorageFailing
            | Rule::RefusalsPilingUp => Timing {
                warns: false,
                tells_of_past: false,
                asks_for_course: false,
            },
        }
    }

    /// How much its alerts matter.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Rule::FirstActivation | Rule::BalanceToppedUp | Rule::RefundDecided => Severity::Info,
            Rule::Expired
            | Rule::ExpiresSoon
            | Rule::ExpiresVerySoon
            | Rule::DataLow
            | Rule::DataUsedUp
            | Rule::PastEnd
            | Rule::NotInstalled
            | Rule::ConnectedWithoutData
            | Rule::BalanceLow
            | Rule::Unrecognized
            | Rule::Unreadable
            | Rule::RefusalsPilingUp => Severity::Warning,
            Rule::Revoked
            | Rule::BalanceInsufficient
            | Rule::NoEvents
            | Rule::ListenerDown
            | Rule::TunnelDown
            | Rule::StorageFailing => Severity::Critical,
        }
    }
}
