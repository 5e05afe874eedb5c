//! Whether webhooks reach this desk: by which way changes of status came to be known, and how late.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use esim_watch_core::store::{self, Reader, SqliteError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::counts::StatusCount;

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofSpan {
    /// Its begin, UTC milliseconds.
    pub from_ms: i64,
    /// Its end, UTC milliseconds.
    pub to_ms: i64,
}

/// How late some events were, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Delays {
    /// Half of them were no later.
    pub median_ms: i64,
    /// The latest of them.
    pub worst_ms: i64,
}

impl From<store::Delays> for Delays {
    fn from(delays: store::Delays) -> Delays {
        let store::Delays {
            median_ms,
            worst_ms,
        } = delays;
        Delays {
            median_ms,
            worst_ms,
        }
    }
}

/// Hours in a row in which no webhook came although something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SilentHours {
    /// The first of them, UTC milliseconds.
    pub from_ms: i64,
    /// The end of the last of them, UTC milliseconds.
    pub to_ms: i64,
    /// How many changes of status happened meanwhile that the catch-up alone told.
    pub missed: i64,
    /// Whether the program listened when one of them happened.
    pub listening: bool,
}

impl From<store::SilentHours> for SilentHours {
    fn from(hours: store::SilentHours) -> SilentHours {
        let store::SilentHours {
            from_ms,
            to_ms,
            missed,
            listening,
        } = hours;
        SilentHours {
            from_ms,
            to_ms,
            missed,
            listening,
        }
    }
}

/// By which way changes of status of a span came to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryProof {
    /// The span, which does not begin before somebody listened.
    pub span: ProofSpan,
    /// All of them for which a webhook came or was to come.
    pub events: usize,
    /// Those that a webhook brought.
    pub by_webhook: usize,
    /// Those for which the provider sends no webhook, and which the catch-up told. They are in no other figure.
    pub never_sent: usize,
    /// Ends that the provider's list alone knows, without an entry in a history: whether a webhook was sent nobody can know. They are
    /// in no other figure.
    pub listed: usize,
    /// Those that the catch-up alone told, and that happened while the program listened.
    pub missed: usize,
    /// Which statuses these were, the most frequent first.
    pub missed_statuses: Vec<StatusCount>,
    /// Those that the catch-up alone told, and that happened while it did not.
    pub missed_away: usize,
    /// How late webhooks were; `None`: none came.
    pub webhooks: Option<Delays>,
    /// How late the catch-up was with what it alone told; `None`: nothing.
    pub caught_up: Option<Delays>,
    /// When no webhook came although something happened.
    pub silent: Vec<SilentHours>,
}

impl DeliveryProof {
    /// Asks for a span.
    ///
    /// # Errors
    /// SQLite's.
    pub fn read(store: &Reader<'_>, span: ProofSpan) -> Result<DeliveryProof, SqliteError> {
        let proof = store.delivery_proof(span.from_ms, span.to_ms)?;
        let count = |wanted: fn(&store::ProvenEvent) -> bool| {
            proof.events.iter().filter(|event| wanted(event)).count()
        };
        Ok(DeliveryProof {
            by_webhook: count(|event| event.webhook_at_ms.is_some()),
            never_sent: count(|event| !event.counts() && !event.listed),
            listed: count(|event| !event.counts() && event.listed),
            missed: count(is_missed),
            missed_statuses: statuses(proof.events.iter().filter(|event| is_missed(event))),
            missed_away: count(|event| event.is_missing() && event.away),
            events: count(store::ProvenEvent::counts),
            span: ProofSpan {
                from_ms: proof.from_ms,
                to_ms: proof.to_ms,
            },
            webhooks: proof.webhooks.map(Delays::from),
            caught_up: proof.caught_up.map(Delays::from),
            silent: proof.silent.into_iter().map(SilentHours::from).collect(),
        })
    }

    /// The same in English, for the provider's support. Times are UTC.
    #[must_use]
    pub fn for_support(&self, provider: &str) -> String {
        let time = |ms: i64| match Timestamp::from_millisecond(ms) {
            Ok(time) => time
                .to_zoned_datetime(TimeZone::UTC)
                .strftime("%Y-%m-%d %H:%M UTC")
                .to_string(),
            Err(_) => "an unknown time".to_owned(),
        };
        // Within so many: a part of one is one.
        let seconds = |ms: &i64| (ms + 999) / 1000;
        let late = |delays: &Option<Delays>| match delays {
            Some(Delays {
                median_ms,
                worst_ms,
            }) => format!(
                ", half of them within {} s, the latest after {} s",
                seconds(median_ms),
                seconds(worst_ms)
            ),
            None => String::new(),
        };
        let mut lines = vec![
            format!(
                "Delivery of {provider}'s webhooks, {} to {}",
                time(self.span.from_ms),
                time(self.span.to_ms)
            ),
            format!("Status changes: {}", self.events),
            format!("By webhook: {}{}", self.by_webhook, late(&self.webhooks)),
            format!(
                "By the API alone: {} while the receiver listened, {} while it did not{}",
                self.missed,
                self.missed_away,
                late(&self.caught_up)
            ),
        ];
        if !self.missed_statuses.is_empty() {
            let told = self.missed_statuses.iter();
            let told: Vec<String> = told
                .map(|one| format!("{} {}", one.count, one.status))
                .collect();
            lines.push(format!(
                "  while the receiver listened: {}",
                told.join(", ")
            ));
        }
        if self.listed > 0 {
            lines.push(format!(
                "Not counted: {} ends that only {provider}'s list of eSIMs tells, without an entry in the eSIM's history",
                self.listed
            ));
        }
        if self.never_sent > 0 {
            lines.push(format!(
                "Not counted: {} changes for which {provider} sends no webhook",
                self.never_sent
            ));
        }
        lines.extend(self.silent.iter().map(|hours| {
            format!(
                "No webhook from {} to {} although {} status changes happened ({})",
                time(hours.from_ms),
                time(hours.to_ms),
                hours.missed,
                match hours.listening {
                    true => "the receiver listened",
                    false => "the receiver was off",
                }
            )
        }));
        lines.join("\n")
    }
}

/// Whether the program listened, and no webhook came.
fn is_missed(event: &store::ProvenEvent) -> bool {
    event.is_missing() && !event.away
}

/// How often which status came, the most frequent first.
fn statuses<'a>(events: impl Iterator<Item = &'a store::ProvenEvent>) -> Vec<StatusCount> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for status in events.filter_map(|event| event.status.as_deref()) {
        *counts.entry(status).or_default() += 1;
    }
    let mut counts: Vec<StatusCount> = counts
        .into_iter()
        .map(|(status, count)| StatusCount {
            status: status.to_owned(),
            count,
        })
        .collect();
    counts.sort_by_key(|one| Reverse(one.count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_is_told_every_figure_in_english() {
        let proof = DeliveryProof {
            span: ProofSpan {
                from_ms: 1_764_028_800_000,
                to_ms: 1_764_115_200_000,
            },
            events: 12,
            by_webhook: 9,
            never_sent: 4,
            listed: 3,
            missed: 1,
            missed_statuses: vec![StatusCount {
                status: "EXPIRED".to_owned(),
                count: 1,
            }],
            missed_away: 2,
            webhooks: Some(Delays {
                median_ms: 1_400,
                worst_ms: 61_000,
            }),
            caught_up: None,
            silent: vec![SilentHours {
                from_ms: 1_764_036_000_000,
                to_ms: 1_764_043_200_000,
                missed: 2,
                listening: false,
            }],
        };
        assert_eq!(
            proof.for_support("Roamify"),
            "Delivery of Roamify's webhooks, 2025-11-25 00:00 UTC to 2025-11-26 00:00 UTC\n\
             Status changes: 12\n\
             By webhook: 9, half of them within 2 s, the latest after 61 s\n\
             By the API alone: 1 while the receiver listened, 2 while it did not\n\
             \x20 while the receiver listened: 1 EXPIRED\n\
             Not counted: 3 ends that only Roamify's list of eSIMs tells, without an entry in the eSIM's history\n\
             Not counted: 4 changes for which Roamify sends no webhook\n\
             No webhook from 2025-11-25 02:00 UTC to 2025-11-25 04:00 UTC although 2 status changes happened (the receiver was off)"
        );
    }
}
