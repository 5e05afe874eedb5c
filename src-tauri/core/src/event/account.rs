//! What events about the partner's account say, read again from their payloads.

use serde::Serialize;

use super::parse::read;

/// A balance that was told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BalanceFacts {
    /// The balance after the event, in units of `currency`.
    pub balance: Option<f64>,
    /// Below this Roamify warns.
    pub threshold: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// An order through the partner's affiliate link.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderFacts {
    /// Roamify's number of the order.
    pub order_id: Option<String>,
    /// Whose link it came through.
    pub partner: Option<String>,
    /// What the customer paid, in units of `currency`.
    pub total: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `completed`, `pending`, `failed`, `refunded`, or what came.
    pub status: Option<String>,
    /// The partner's share, in units of `currency`.
    pub commission: Option<f64>,
}

/// A decided refund request.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundFacts {
    /// Roamify's number of the refund.
    pub refund_id: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

/// Reads a balance; empty if the body is no JSON object.
#[must_use]
pub fn balance_facts(body: &[u8]) -> BalanceFacts {
    read(body).map_or_else(
        |_| BalanceFacts::default(),
        |fields| BalanceFacts {
            balance: fields.number("balance"),
            threshold: fields.number("threshold"),
            currency: fields.text("currency"),
        },
    )
}

/// Reads an order; empty if the body is no JSON object.
#[must_use]
pub fn order_facts(body: &[u8]) -> OrderFacts {
    let Ok(fields) = read(body) else {
        return OrderFacts::default();
    };
    let order = fields.object("order_data");
    let order = order.as_ref();
    OrderFacts {
        order_id: order.and_then(|order| order.text("order_id")),
        partner: fields.text("partner_name"),
        total: order.and_then(|order| order.number("order_total")),
        currency: order.and_then(|order| order.text("order_currency")),
        status: order.and_then(|order| order.text("order_status")),
        commission: fields.number("commission_amount"),
    }
}

/// Reads a refund; empty if the body is no JSON object.
#[must_use]
pub fn refund_facts(body: &[u8]) -> RefundFacts {
    read(body).map_or_else(
        |_| RefundFacts::default(),
        |fields| RefundFacts {
            refund_id: fields.text("refund_id"),
            reason: fields.text("rejection_reason"),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/");
        std::fs::read(format!("{folder}{name}.nested.json")).unwrap()
    }

    #[test]
    fn the_samples_say_what_they_are_about() {
        let balance = balance_facts(&sample("partner-low-balance"));
        assert!(balance.balance.is_some() && balance.currency.is_some());
        let order = order_facts(&sample("affiliate-order"));
        assert!(order.order_id.is_some() && order.total.is_some() && order.status.is_some());
        let refund = refund_facts(&sample("refund-rejected"));
        assert!(refund.refund_id.is_some() && refund.reason.is_some());
        assert_eq!(order_facts(b"no json"), OrderFacts::default());
    }
}
