//! Events about money: their order, and how a currency and the state of an order are written.

use super::{Event, EventKind};

/// The place of an event about money among the others: by time, then by what follows from what, then by key. Total, so
/// that every order of arrival tells the same.
pub type MoneyOrder<'a> = (i64, usize, &'a str);

/// The states of an order that are known, in the order of its life.
pub const ORDER_STATUSES: [&str; 4] = ["pending", "completed", "failed", "refunded"];

/// The state of an order as it is written here, whatever its case; `None`: it is none that is known.
#[must_use]
pub fn order_status(written: &str) -> Option<&'static str> {
    let written = written.trim();
    ORDER_STATUSES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(written))
}

/// A currency as ISO 4217 writes it, whatever its case; `None`: none is named.
#[must_use]
pub fn currency_code(written: &str) -> Option<String> {
    let written = written.trim();
    (!written.is_empty()).then(|| written.to_uppercase())
}

/// The place of what is told of the balance among what is told of it in the same second: money comes first, because a
/// shortage is better told than not.
#[must_use]
pub fn place_in_second(kind: &EventKind) -> usize {
    match kind {
        EventKind::BalanceToppedUp => 0,
        EventKind::BalanceLow => 1,
        EventKind::BalanceInsufficient => 2,
        _ => 3,
    }
}

impl Event {
    /// Where an event about money stands among the others. One without a time stands first.
    #[must_use]
    pub fn money_order(&self) -> MoneyOrder<'_> {
        let place = match &self.kind {
            EventKind::Order => {
                let order = self.details.as_ref().and_then(|said| said.order.as_ref());
                let status = order
                    .and_then(|order| order.status.as_deref())
                    .and_then(order_status);
                let place = ORDER_STATUSES
                    .into_iter()
                    .position(|one| Some(one) == status);
                place.map_or(0, |place| place + 1)
            }
            kind => place_in_second(kind),
        };
        (self.occurred_at.unwrap_or(i64::MIN), place, &self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_read_whatever_its_case() {
        assert_eq!(order_status(" Refunded"), Some("refunded"));
        assert_eq!(order_status("disputed"), None);
        assert_eq!(currency_code(" eur "), Some("EUR".to_owned()));
        assert_eq!(currency_code(" "), None);
    }

    #[test]
    fn money_comes_before_the_shortage_of_the_same_second() {
        let mut kinds = [
            EventKind::BalanceInsufficient,
            EventKind::BalanceLow,
            EventKind::BalanceToppedUp,
        ];
        kinds.sort_by_key(place_in_second);
        assert_eq!(
            kinds,
            [
                EventKind::BalanceToppedUp,
                EventKind::BalanceLow,
                EventKind::BalanceInsufficient
            ]
        );
    }
}
