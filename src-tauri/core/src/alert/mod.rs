//! What a person should know, and how it is told. Pure: states, events, settings and the time in;
//! facts, texts and notices out.
//!
//! An alert is a fact with an occasion. From what is known of a subject now, [`esim_facts`],
//! [`account_facts`] and [`program_facts`] say which facts hold now; asked again they say the same,
//! so that a retry, the catch-up or a restart can't repeat anything. Whoever keeps the alerts has
//! one row for each (subject, rule, occasion), and asks [`matter`] whether what is found is one of
//! them: another matter is raised and told once, a fact that still holds is updated, one that no
//! longer holds is cleared, and one that was gone for no longer than a flap is as it was, with all that a person did
//! to it and with the notification that is still owed. [`Notifier`] then decides when what was raised is shown, and
//! what is shown together.
//!
//! Must not know: the store, the clock, the system's notifications, the window.

mod account;
mod course;
mod esim_facts;
mod holding;
mod matter;
mod notifier;
mod past;
mod program;
mod rule;
mod settings;
mod text;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::message::Message;

pub use account::{
    AccountEvent, Purse, account_facts, by_currency, failed_orders, refund_fact, unreadable_fact,
    unrecognized_fact,
};
pub use course::{Course, course};
pub use esim_facts::{Trip, Watched, asks_for_past, asks_for_trip, esim_facts, next_check};
pub use matter::{Kept, Matter, another, is_worse, matter, updated};
pub use notifier::{Away, Notice, NoticeKind, Notifier, Opens, Party, Waiting, quiet_from};
pub use past::Past;
pub use program::{Program, Spell, Trouble, next_program_check, note_failures, program_facts};
pub use rule::{About, Rule, Severity, Timing};
pub use settings::{AlertSettings, Quiet, RuleSetting, SettingsError, SettingsNumber};
pub use text::{Name, Text, Words, text};

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The eSIM in this row of the store.
    Esim(i64),
    /// The partner's prepaid balance.
    Account,
    /// This program.
    Program,
    /// The refund that the event with this key decided.
    Refund(String),
    /// A kind of event that this version does not understand: `category/type`.
    Kind(String),
    /// Deliveries that are no event, for the reason of this code.
    Unreadable(String),
}

impl Subject {
    /// The subject as it is stored: `esim:17`, `account`, `program`, `refund:KEY`, `kind:a/b`,
    /// `unreadable:CODE`.
    #[must_use]
    pub fn as_text(&self) -> String {
        self.to_string()
    }

    /// Reads a stored subject; `None` for one that this version does not know.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Subject> {
        match text.split_once(':') {
            None if text == "account" => Some(Subject::Account),
            None if text == "program" => Some(Subject::Program),
            Some(("esim", row)) => row.parse().ok().map(Subject::Esim),
            Some(("refund", key)) => Some(Subject::Refund(key.to_owned())),
            Some(("kind", kind)) => Some(Subject::Kind(kind.to_owned())),
            Some(("unreadable", code)) => Some(Subject::Unreadable(code.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Esim(row) => write!(f, "esim:{row}"),
            Subject::Account => f.write_str("account"),
            Subject::Program => f.write_str("program"),
            Subject::Refund(key) => write!(f, "refund:{key}"),
            Subject::Kind(kind) => write!(f, "kind:{kind}"),
            Subject::Unreadable(code) => write!(f, "unreadable:{code}"),
        }
    }
}

/// Something that is so now and that a person should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub subject: Subject,
    /// Which rule found it.
    pub rule: Rule,
    /// What tells this time from other times that the same rule holds for the same subject. The
    /// same however often, in whatever order and by whichever way its events arrive.
    pub occasion: String,
    /// When the cause began, as far as is known, UTC seconds.
    pub since: i64,
    /// What the text names.
    pub detail: Detail,
}

impl Fact {
    /// What tells it from other facts of its rule and subject that hold at the same time: the currency of a balance, the
    /// reason why events of a kind are not understood.
    #[must_use]
    pub fn apart(&self) -> Option<&str> {
        match self.rule {
            Rule::Unrecognized => Some(matter::base(&self.occasion)),
            _ => self.detail.currency.as_deref(),
        }
    }
}

/// The figures and words that an alert's text names. Kept as JSON: whatever an older version did
/// not write is `None`, whatever a newer one wrote is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Detail {
    /// The second that it is about, UTC: when the eSIM expires, when its period starts, since when
    /// nothing has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The first day of the trip, `YYYY-MM-DD`, where `at` is its midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trip: Option<String>,
    /// When that day ends, UTC seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trip_day_ends: Option<i64>,
    /// Data left, in percent of the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Data left, in MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining_mb: Option<f64>,
    /// The balance, in units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How many: failed orders, events, eSIMs in use, deliveries turned away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// What was decided: `REFUNDED`, `REJECTED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// Why, in somebody else's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The hours that a rule was set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// The days that a rule was set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The ICCID that an event names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iccid: Option<String>,
    /// The provider's id of the eSIM that an event names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub esim_id: Option<String>,
    /// The kind of event: `category/type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

#[cfg(test)]
mod tests;
