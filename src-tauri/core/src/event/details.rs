//! What an event says beyond the columns that every event has: understood once, when it comes, and kept as JSON beside
//! it. Whoever shows it reads it here; nobody reads a body again.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{figure, greater};

/// What an event says beyond its columns. Which part there is depends on its kind; of a kind that is not known there
/// may be several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Details {
    /// Where and when data was used, text messages, minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<UsageReport>,
    /// A balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<BalanceDetails>,
    /// An order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderDetails>,
    /// A refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundDetails>,
}

/// One usage report. Its days are in order, one entry for a day and place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsageReport {
    /// Days and places that it names.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "known_days")]
    pub days: Vec<UsageDay>,
    /// Text messages; `None`: the package has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Left>,
    /// Minutes; `None`: the package has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<Left>,
}

/// Data used on one day in one place. Kept as a list of three, because there are many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "(String, String, f64)", into = "(String, String, f64)")]
pub struct UsageDay {
    /// The day as the provider names it, mostly `YYYY-MM-DD`.
    pub date: String,
    /// The place as the provider names it: a country's code or its name; empty: none was given.
    pub location: String,
    /// MB.
    pub mb: f64,
}

impl From<(String, String, f64)> for UsageDay {
    fn from((date, location, mb): (String, String, f64)) -> UsageDay {
        UsageDay { date, location, mb }
    }
}

impl From<UsageDay> for (String, String, f64) {
    fn from(day: UsageDay) -> (String, String, f64) {
        (day.date, day.location, day.mb)
    }
}

/// How much of something is left of how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// What the package holds.
    #[serde(default, deserialize_with = "known_figure")]
    pub allowed: Option<f64>,
    /// What is left of it.
    #[serde(default, deserialize_with = "known_figure")]
    pub remaining: Option<f64>,
}

/// Days as they are stored, without those of which an earlier version kept no figure.
fn known_days<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<UsageDay>, D::Error> {
    let mut days = Vec::<UsageDay>::deserialize(from)?;
    days.retain(|day| figure(Some(day.mb)).is_some());
    Ok(days)
}

/// A figure as it is stored, unless it is none.
fn known_figure<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(figure(Option::deserialize(from)?))
}

/// A balance that was told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BalanceDetails {
    /// The balance after the event, in units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<f64>,
    /// Below this the provider warns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// An order through the partner's affiliate link.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderDetails {
    /// The provider's number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// Whose link it came through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// What the customer paid, in units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `completed`, `pending`, `failed`, `refunded`, or what came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The partner's share, in units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<f64>,
}

/// A decided refund request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundDetails {
    /// The provider's number of the refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// What was decided, as the provider writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl UsageReport {
    /// A report of these days; several entries for one day and place are parts of it.
    #[must_use]
    pub fn new(days: Vec<UsageDay>, sms: Option<Left>, voice: Option<Left>) -> UsageReport {
        let mut report = UsageReport { days, sms, voice };
        let order =
            |a: &UsageDay, b: &UsageDay| place(a).cmp(&place(b)).then(a.mb.total_cmp(&b.mb));
        report.days.sort_by(order);
        report.days.dedup_by(|later, first| {
            let same = place(later) == place(first);
            if same {
                first.mb += later.mb;
            }
            same
        });
        report
    }

    fn absorb(&mut self, other: &UsageReport) -> bool {
        let mut changed = greater_left(&mut self.sms, other.sms);
        changed |= greater_left(&mut self.voice, other.voice);
        let mut days: BTreeMap<(String, String), f64> = std::mem::take(&mut self.days)
            .into_iter()
            .map(|day| ((day.date, day.location), day.mb))
            .collect();
        for day in &other.days {
            let known = days.get_mut(&(day.date.clone(), day.location.clone()));
            match known {
                Some(mb) if *mb >= day.mb => continue,
                Some(mb) => *mb = day.mb,
                None => {
                    days.insert((day.date.clone(), day.location.clone()), day.mb);
                }
            }
            changed = true;
        }
        let day = |((date, location), mb)| UsageDay { date, location, mb };
        self.days = days.into_iter().map(day).collect();
        changed
    }
}

fn place(day: &UsageDay) -> (&str, &str) {
    (&day.date, &day.location)
}

fn greater_left(mine: &mut Option<Left>, theirs: Option<Left>) -> bool {
    let Some(theirs) = theirs else { return false };
    let mut left = mine.unwrap_or_default();
    let mut changed = mine.is_none();
    changed |= greater(&mut left.allowed, &theirs.allowed);
    changed |= greater(&mut left.remaining, &theirs.remaining);
    *mine = Some(left);
    changed
}

impl Details {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Details::default()
    }

    /// These details, or none if they say nothing.
    #[must_use]
    pub fn boxed(self) -> Option<Box<Details>> {
        (!self.is_empty()).then(|| Box::new(self))
    }

    /// Takes over what another telling of the same event knows: part by part, field by field the larger value.
    /// Returns whether anything changed.
    pub fn absorb(&mut self, other: &Details) -> bool {
        fn part<T: Clone + Default>(
            mine: &mut Option<T>,
            theirs: &Option<T>,
            absorb: impl FnOnce(&mut T, &T) -> bool,
        ) -> bool {
            let Some(theirs) = theirs else { return false };
            let new = mine.is_none();
            absorb(mine.get_or_insert_default(), theirs) | new
        }
        let mut changed = part(&mut self.usage, &other.usage, UsageReport::absorb);
        changed |= part(&mut self.balance, &other.balance, |mine, theirs| {
            greater(&mut mine.balance, &theirs.balance)
                | greater(&mut mine.threshold, &theirs.threshold)
                | greater(&mut mine.currency, &theirs.currency)
        });
        changed |= part(&mut self.order, &other.order, |mine, theirs| {
            greater(&mut mine.order_id, &theirs.order_id)
                | greater(&mut mine.partner, &theirs.partner)
                | greater(&mut mine.total, &theirs.total)
                | greater(&mut mine.currency, &theirs.currency)
                | greater(&mut mine.status, &theirs.status)
                | greater(&mut mine.commission, &theirs.commission)
        });
        changed |= part(&mut self.refund, &other.refund, |mine, theirs| {
            greater(&mut mine.refund_id, &theirs.refund_id)
                | greater(&mut mine.outcome, &theirs.outcome)
                | greater(&mut mine.reason, &theirs.reason)
        });
        changed
    }
}

#[cfg(test)]
mod tests;
