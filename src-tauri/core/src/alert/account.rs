//! Which facts hold for the partner's account, for a refund, and for a kind of event that nobody
//! understands yet.

use super::holding::{self, ALWAYS, Holding};
use super::{Detail, Fact, Rule, Subject};
use crate::event::{Event, EventKind, Topic};
use crate::message::ToMessage;

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// How long a low or insufficient balance is believed without another word about it.
const SHORTAGE_LASTS_SECS: i64 = 30 * DAY_SECS;
/// How long the good news of added money lasts.
const TOP_UP_LASTS_SECS: i64 = DAY_SECS;
/// Failed orders less than this apart are one matter.
const ONE_MATTER_SECS: i64 = HOUR_SECS;
/// How long a decided refund, or a kind of event that is not understood, is worth a look.
const FACT_LASTS_SECS: i64 = 7 * DAY_SECS;

/// An event about the partner's balance.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountEvent {
    /// The event's key.
    pub key: String,
    /// What it tells of the balance.
    pub kind: EventKind,
    /// When it happened, UTC seconds.
    pub occurred_at: i64,
    /// The balance after it, in units of `currency`.
    pub amount: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// The facts that hold for the account at `now` (UTC seconds). Needs every event of the last 30
/// days and the last `top_up`, however old; the order does not matter, nor do repeats.
#[must_use]
pub fn account_facts(events: &[AccountEvent], now: i64) -> Vec<Fact> {
    holding::at(holdings(events), now)
}

fn holdings(events: &[AccountEvent]) -> Vec<Holding> {
    let mut sorted: Vec<&AccountEvent> = events.iter().collect();
    sorted.sort_by_key(|event| (event.occurred_at, event.key.as_str()));
    sorted.dedup_by_key(|event| event.key.as_str());
    let top_up = sorted
        .iter()
        .rfind(|event| event.kind == EventKind::BalanceToppedUp)
        .copied();
    // One of the same second as the money is not answered by it: better said than not.
    let topped_up_at = top_up.map_or(i64::MIN, |event| event.occurred_at);
    let since_then = |kind: EventKind| -> Vec<&AccountEvent> {
        let after = sorted
            .iter()
            .filter(|event| event.occurred_at >= topped_up_at);
        after.filter(|event| event.kind == kind).copied().collect()
    };
    let mut holdings = Vec::new();
    holdings.extend(low(&since_then(EventKind::BalanceLow), top_up));
    holdings.extend(insufficient(&since_then(EventKind::BalanceInsufficient)));
    holdings.extend(top_up.map(|event| {
        let occasion = format!("at:{}", event.occurred_at);
        holding(
            Rule::BalanceToppedUp,
            occasion,
            event,
            event,
            TOP_UP_LASTS_SECS,
        )
    }));
    holdings
}

/// The occasion is the money that was used up, not the first event: of the three warnings that one
/// large order sets off, the first may arrive last.
fn low(events: &[&AccountEvent], top_up: Option<&AccountEvent>) -> Option<Holding> {
    let (matter, is_only) = last_matter(events, SHORTAGE_LASTS_SECS)?;
    let (first, last) = (matter.first()?, matter.last()?);
    let occasion = match top_up {
        _ if !is_only => format!("at:{}", first.occurred_at.div_euclid(DAY_SECS)),
        Some(top_up) => format!("after:{}", top_up.occurred_at),
        None => "first".to_owned(),
    };
    Some(holding(
        Rule::BalanceLow,
        occasion,
        first,
        last,
        SHORTAGE_LASTS_SECS,
    ))
}

/// The occasion is the hour of the first failed order. Two matters never begin in the same hour, and
/// one of the orders that arrives late rarely changes it.
fn insufficient(events: &[&AccountEvent]) -> Option<Holding> {
    let (matter, _) = last_matter(events, ONE_MATTER_SECS)?;
    let (first, last) = (matter.first()?, matter.last()?);
    let occasion = format!("hour:{}", first.occurred_at.div_euclid(HOUR_SECS));
    let mut holding = holding(
        Rule::BalanceInsufficient,
        occasion,
        first,
        last,
        SHORTAGE_LASTS_SECS,
    );
    holding.fact.detail.count = i64::try_from(matter.len()).ok();
    Some(holding)
}

/// The latest events without a gap as long as this, and whether they are all there are.
fn last_matter<'a, 'e>(
    events: &'a [&'e AccountEvent],
    gap: i64,
) -> Option<(&'a [&'e AccountEvent], bool)> {
    let apart = |a: &&AccountEvent, b: &&AccountEvent| b.occurred_at - a.occurred_at < gap;
    let matter = events.chunk_by(apart).last()?;
    Some((matter, matter.len() == events.len()))
}

fn holding(
    rule: Rule,
    occasion: String,
    first: &AccountEvent,
    last: &AccountEvent,
    lasts: i64,
) -> Holding {
    Holding {
        from: ALWAYS,
        until: last.occurred_at.saturating_add(lasts),
        fact: Fact {
            subject: Subject::Account,
            rule,
            occasion,
            since: first.occurred_at,
            detail: Detail {
                amount: last.amount,
                currency: last.currency.clone(),
                ..Detail::default()
            },
        },
    }
}

/// The fact that support decided a refund, if that is what the event says and it is no older than 7
/// days at `now` (UTC seconds).
#[must_use]
pub fn refund_fact(event: &Event, now: i64) -> Option<Fact> {
    let decided_at = event.occurred_at?;
    let is_refund = event.kind.topic() == Some(Topic::Refund);
    if !is_refund || !event.recognized() || now >= decided_at.saturating_add(FACT_LASTS_SECS) {
        return None;
    }
    let refund = event.details.as_ref().and_then(|said| said.refund.as_ref());
    let (_, decision) = event.kind.as_parts();
    Some(Fact {
        subject: Subject::Refund(event.key.clone()),
        rule: Rule::RefundDecided,
        occasion: "decided".to_owned(),
        since: decided_at,
        detail: Detail {
            outcome: Some(decision.to_uppercase()),
            reason: refund.and_then(|refund| refund.reason.clone()),
            ..Detail::default()
        },
    })
}

/// The fact that events of this kind are not understood, if that is so. `count` is how many there
/// are of them, `received_at` when the last one came; it holds for 7 days from then (UTC seconds).
#[must_use]
pub fn unrecognized_fact(event: &Event, count: i64, received_at: i64, now: i64) -> Option<Fact> {
    let problem = event.problem.as_ref()?;
    if now >= received_at.saturating_add(FACT_LASTS_SECS) {
        return None;
    }
    let (category, kind) = event.kind.as_parts();
    let kind = format!("{}/{}", brief(category), brief(kind));
    Some(Fact {
        subject: Subject::Kind(kind.clone()),
        rule: Rule::Unrecognized,
        // A second new status is another matter than the first, of the same kind of event.
        occasion: problem.as_text(),
        since: received_at,
        detail: Detail {
            count: Some(count),
            kind: Some(kind),
            why: Some(problem.to_message()),
            ..Detail::default()
        },
    })
}

/// A payload can name a category as long as itself.
fn brief(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
