//! Roamify's wire formats in, normalised events out. Pure: no clock, no store, no network.
//!
//! In: the raw bytes of one delivery, in either envelope (flat as in the seed document, nested under
//! `data` as documented now). Out: one [`Event`], always, unless the bytes are no JSON object. What is
//! not understood is kept and marked with a [`Event::problem`], never dropped.
//!
//! Must not know: where the bytes came from, what else has happened, who looks.

mod account;
mod facts;
mod fields;
mod key;
mod messages;
mod parse;
mod status;
mod usage_list;

pub use account::{
    BalanceFacts, OrderFacts, RefundFacts, balance_facts, order_facts, refund_facts,
};
pub use facts::{EventFacts, facts};
pub use messages::problem_message;
pub use parse::{ParseError, parse};
pub use status::Status;
pub use usage_list::{Left, UsageDay, UsageReport, usage_report};

/// The key of bytes that are no event at all, for recognising them when they come again.
#[must_use]
pub fn raw_key(body: &[u8]) -> String {
    key::of_raw(body)
}

/// The key of an event to which its sender gave an id.
#[must_use]
pub fn key_of_id(category: &str, kind: &str, event_id: &str) -> String {
    key::of_event_id(category, kind, event_id)
}

/// One normalised fact that happened once.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What makes it the same event when it comes again; see [`key`]. Has its version in front.
    pub key: String,
    /// `event_category`, lowercase: `esim`, `partner`, `affiliate`, `refund`, or what came.
    pub category: String,
    /// `event_type`, lowercase, with `esim_status` and `esim_usage` read as `status` and `usage`.
    pub kind: String,
    /// When it happened, UTC seconds. `None`: the payload has no readable timestamp.
    pub occurred_at: Option<i64>,
    /// Roamify's id of the eSIM (a UUID, in lowercase).
    pub esim_id: Option<String>,
    /// The SIM profile's number, without spaces.
    pub iccid: Option<String>,
    /// The partner's own order reference. Groups eSIMs, never identifies one.
    pub reference_id: Option<String>,
    /// The eSIM's status that this event reports; only for the category `esim`.
    pub status: Option<Status>,
    /// Start of the usage period, UTC seconds.
    pub period_start: Option<i64>,
    /// End of the usage period, UTC seconds.
    pub period_end: Option<i64>,
    /// The package and what is left of it; only for usage.
    pub usage: Usage,
    /// Why the event was not recognised, in words for a person; `None`: it was.
    pub problem: Option<String>,
}

/// The package of an eSIM and what is left of it, as far as a usage event says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Name of the package, for instance `3 GB - 7 Days`.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub remaining_mb: Option<f64>,
    /// Whether the data is unlimited; then the amounts mean nothing.
    pub unlimited: Option<bool>,
}

/// The place of an event in the history of its eSIM: by time, then terminal states after others,
/// then by key. Total, so that every order of arrival gives the same history.
pub type Order<'a> = (i64, bool, &'a str);

impl Event {
    /// Whether this version of the program understood the event.
    #[must_use]
    pub fn recognized(&self) -> bool {
        self.problem.is_none()
    }

    /// Where the event stands in its eSIM's history. One without a time stands first.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        let terminal = self.status.as_ref().is_some_and(Status::is_terminal);
        (self.occurred_at.unwrap_or(i64::MIN), terminal, &self.key)
    }

    /// The status that an eSIM had at a known time, if the event reports one. Usage counts too: it
    /// carries "the status fields", and so heals a status webhook that never arrived.
    #[must_use]
    pub fn status_at(&self) -> Option<(&Status, i64)> {
        self.status.as_ref().zip(self.occurred_at)
    }

    /// Takes over what another telling of the same event (same key) knows. Field by field the
    /// larger value stays, so that the result does not depend on which of the two came first.
    /// Returns whether anything changed.
    pub fn absorb(&mut self, other: &Event) -> bool {
        fn greater<T: PartialOrd + Clone>(mine: &mut Option<T>, theirs: &Option<T>) -> bool {
            let grows = theirs
                .as_ref()
                .is_some_and(|theirs| mine.as_ref().is_none_or(|mine| theirs > mine));
            if grows {
                mine.clone_from(theirs);
            }
            grows
        }
        // Understood beats not understood; of two problems the greater text stays.
        let problem = match (&self.problem, &other.problem) {
            (Some(mine), Some(theirs)) if theirs > mine => Some(Some(theirs.clone())),
            (Some(_), None) => Some(None),
            _ => None,
        };
        let mut changed = problem.is_some();
        if let Some(problem) = problem {
            self.problem = problem;
        }
        changed |= greater(&mut self.occurred_at, &other.occurred_at);
        changed |= greater(&mut self.esim_id, &other.esim_id);
        changed |= greater(&mut self.iccid, &other.iccid);
        changed |= greater(&mut self.reference_id, &other.reference_id);
        changed |= greater(&mut self.status, &other.status);
        changed |= greater(&mut self.period_start, &other.period_start);
        changed |= greater(&mut self.period_end, &other.period_end);
        changed |= greater(&mut self.usage.package_name, &other.usage.package_name);
        changed |= greater(&mut self.usage.allowed_mb, &other.usage.allowed_mb);
        changed |= greater(&mut self.usage.remaining_mb, &other.usage.remaining_mb);
        changed |= greater(&mut self.usage.unlimited, &other.usage.unlimited);
        changed
    }
}

#[cfg(test)]
mod tests;
