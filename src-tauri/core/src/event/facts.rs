//! What an event says beyond the eSIM's state, read again from its payload when it is shown.

use serde::Serialize;

use super::parse::read;

/// Details of one event for the eyes of a person. Everything is optional: payloads vary.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFacts {
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

/// Reads the details out of a stored body; empty if the body is no JSON object.
#[must_use]
pub fn facts(body: &[u8]) -> EventFacts {
    let Ok(fields) = read(body) else {
        return EventFacts::default();
    };
    let usage = super::parse::usage(&fields);
    let order = fields.object("order_data");
    let in_order = |name| order.as_ref().and_then(|order| order.text(name));
    EventFacts {
        package_name: usage.package_name,
        data_allowed_mb: usage.allowed_mb,
        data_remaining_mb: usage.remaining_mb,
        data_unlimited: usage.unlimited,
        amount: fields
            .number("balance")
            .or_else(|| order.as_ref().and_then(|order| order.number("order_total"))),
        currency: fields
            .text("currency")
            .or_else(|| in_order("order_currency")),
        outcome: in_order("order_status")
            .or_else(|| fields.text("refund_id").and(fields.text("status"))),
        reason: fields.text("rejection_reason"),
    }
}
