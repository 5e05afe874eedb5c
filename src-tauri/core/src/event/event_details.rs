//! What an event says beyond the eSIM's state, for the eyes of a person.

use super::{Event, EventKind};

/// Details of one event for the eyes of a person. Everything is optional: payloads vary.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventDetails {
    /// Name of the package.
    pub package_name: Option<String>,
    /// Data in the package, in MB.
    pub data_allowed_mb: Option<f64>,
    /// Data left, in MB.
    pub data_remaining_mb: Option<f64>,
    /// Whether the data is unlimited.
    pub data_unlimited: Option<bool>,
    /// An amount of money: the balance after the event, or the order's total.
    pub amount: Option<f64>,
    /// The currency of `amount` (ISO 4217).
    pub currency: Option<String>,
    /// What became of it: the affiliate order's or the refund's status.
    pub outcome: Option<String>,
    /// Why a refund was rejected.
    pub reason: Option<String>,
}

/// How a provider's own word for a refund that was not granted reads, in any case.
const REJECTED: &str = "rejected";

impl Event {
    /// Whether it tells of a refund that was not granted.
    #[must_use]
    pub fn is_rejected_refund(&self) -> bool {
        let details = self.details.as_ref();
        let refund = details.and_then(|details| details.refund.as_ref());
        let outcome = refund.and_then(|refund| refund.outcome.as_deref());
        self.kind == EventKind::RefundRejected
            || outcome.is_some_and(|outcome| outcome.eq_ignore_ascii_case(REJECTED))
    }

    /// What the event says beyond the eSIM's state. A plain status says nothing else.
    #[must_use]
    pub fn event_details(&self) -> EventDetails {
        if self.kind.changes_status() {
            return EventDetails::default();
        }
        let mut said = EventDetails {
            package_name: self.usage.package_name.clone(),
            data_allowed_mb: self.usage.allowed_mb,
            data_remaining_mb: self.usage.remaining_mb,
            data_unlimited: self.usage.unlimited,
            ..EventDetails::default()
        };
        let Some(details) = &self.details else {
            return said;
        };
        if let Some(refund) = &details.refund {
            said.outcome.clone_from(&refund.outcome);
            said.reason.clone_from(&refund.reason);
        }
        if let Some(order) = &details.order {
            said.amount = order.total;
            said.currency.clone_from(&order.currency);
            said.outcome = order.status.clone().or(said.outcome);
        }
        if let Some(balance) = &details.balance {
            said.amount = balance.balance.or(said.amount);
            said.currency = balance.currency.clone().or(said.currency);
        }
        said
    }
}
