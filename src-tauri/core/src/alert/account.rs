//! Which facts hold for the partner's account, for a refund, for a kind of event that nobody
//! understands yet, and for what is no event at all.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::{self, ALWAYS, Holding};
use super::{Detail, Fact, Rule, Subject};
use crate::event::{self, Event, EventKind, Money};
use crate::message::{Message, ToMessage};

const HOUR_SECS: i64 = 3_600;
const DAY_SECS: i64 = 24 * HOUR_SECS;

/// How long a low or insufficient balance is believed without another word about it.
const SHORTAGE_LASTS_SECS: i64 = 30 * DAY_SECS;
/// How long the good news of added money lasts.
const TOP_UP_LASTS_SECS: i64 = DAY_SECS;
/// Failed orders less than this apart are one matter: told once, and once more when others fail after somebody took it
/// up ([`super::is_worse`]).
const ONE_MATTER_SECS: i64 = HOUR_SECS;
/// How long failed orders are one matter, however close they follow each other. Whoever was told yesterday and did not take
/// it up is told again: these are other customers.
const ONE_MATTER_LASTS_SECS: i64 = DAY_SECS;
/// A balance that is greater by no more than this share of itself, or of what the provider warns below, has not risen: some
/// keep it in another currency, and rates change.
const SAME_BALANCE: f64 = 0.01;
/// Money that came, and was not only given back for an order, is more than this share of what the provider warns below.
const ADDED_SHARE: f64 = 0.1;
/// How long a decided refund, or what is not understood, is worth a look.
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
    /// Below this the provider warns, in units of `currency`.
    pub threshold: Option<f64>,
    /// ISO 4217, in any case.
    pub currency: Option<String>,
}

/// The facts that hold for the account at `now` (UTC seconds), at most one of each rule and currency. Needs of each
/// currency every event of the last 30 days and all since its last `top_up`, however old; the order does not matter, nor
/// do repeats.
#[must_use]
pub fn account_facts(events: &[AccountEvent], now: i64) -> Vec<Fact> {
    let mut holdings: Vec<Holding> = by_currency(events).iter().flat_map(holdings).collect();
    holdings.sort_by_key(|holding| holding.fact.rule);
    holding::at(holdings, now)
}

/// How many orders have failed for lack of balance since money last came.
#[must_use]
pub fn failed_orders(events: &[AccountEvent]) -> usize {
    let of_one = |purse: &Purse<'_>| purse.failed().count();
    by_currency(events).iter().map(of_one).sum()
}

/// What is told of the balance in one currency, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Purse<'a> {
    /// ISO 4217; `None`: none is named, and which one is meant can't be told.
    pub currency: Option<String>,
    /// The events, the earliest first; of one second in an order of their own.
    pub events: Vec<&'a AccountEvent>,
}

/// What is told of the balance, by currency; in the order of their codes. What names no currency is of the only one that
/// there was until then.
#[must_use]
pub fn by_currency(events: &[AccountEvent]) -> Vec<Purse<'_>> {
    let code = |event: &AccountEvent| {
        let code = event.currency.as_deref().and_then(event::currency_code);
        code.as_deref().map(brief)
    };
    let is_known = |event: &&AccountEvent| !matches!(event.kind, EventKind::Other { .. });
    let mut events: Vec<&AccountEvent> = events.iter().filter(is_known).collect();
    events.sort_by_key(|event| (event.occurred_at, event.key.as_str()));
    events.dedup_by_key(|event| event.key.as_str());
    let first = events.iter().copied().find_map(code);
    let only = |named: &BTreeSet<String>| named.first().filter(|_| named.len() == 1).cloned();
    let mut named = BTreeSet::new();
    let mut purses: BTreeMap<Option<String>, Vec<&AccountEvent>> = BTreeMap::new();
    for event in events {
        let currency = match code(event) {
            Some(currency) => {
                named.insert(currency.clone());
                Some(currency)
            }
            // What names none is of the only one that there was until then, or of the first that there was.
            None if named.is_empty() => first.clone(),
            None => only(&named),
        };
        purses.entry(currency).or_default().push(event);
    }
    let purses = purses.into_iter().map(|(currency, mut events)| {
        event::sort_money(&mut events, |event| Money {
            at: event.occurred_at,
            kind: &event.kind,
            order_status: None,
            amount: event.amount,
            // All are of the same.
            currency: None,
            key: &event.key,
        });
        Purse { currency, events }
    });
    purses.collect()
}

/// What money may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shortage {
    /// A balance that the provider warns of.
    Low,
    /// Orders that fail.
    Failed,
}

impl Purse<'_> {
    /// The events since money last came that answers a shortage, and when that was. Money came with a `top_up`; and with
    /// whatever raised the balance, although nobody told of it.
    fn since_money(&self, shortage: Shortage) -> (&[&AccountEvent], Option<i64>) {
        let mut money = (0, None);
        for (place, event) in self.events.iter().enumerate() {
            let (before, _) = self.events.split_at(place);
            if event.kind == EventKind::BalanceToppedUp {
                if shortage == Shortage::Failed || reaches_threshold(event, before) {
                    money = (place + 1, Some(event.occurred_at));
                }
            } else if self.tells_of_money(event, before, shortage) {
                money = (place, Some(event.occurred_at));
            }
        }
        let (place, came_at) = money;
        let (_, since) = self.events.split_at(place);
        (since, came_at)
    }

    /// Whether the balance that an event tells is so much greater than the one that was told before that money came
    /// between them which answers a shortage. What is told of one second has no order to go by.
    ///
    /// Whoever is given back what one order had cost has added nothing: orders that fail go on failing. A warning that
    /// comes once more at a greater balance tells more: the balance was above what is warned of, and fell again.
    fn tells_of_money(
        &self,
        event: &AccountEvent,
        before: &[&AccountEvent],
        shortage: Shortage,
    ) -> bool {
        let told = before.iter().rev().find(|before| before.amount.is_some());
        let told = told.filter(|told| told.occurred_at < event.occurred_at);
        let amounts = told.and_then(|told| told.amount).zip(event.amount);
        let Some((was, is)) = amounts else {
            return false;
        };
        let threshold = event.threshold.or_else(|| threshold(before));
        let same = SAME_BALANCE * threshold.unwrap_or(was).max(was);
        let same = same.max(event::rounding(self.currency.as_deref()));
        match shortage {
            _ if is - was <= same => false,
            Shortage::Low => {
                event.kind == EventKind::BalanceLow || threshold.is_none_or(|least| is >= least)
            }
            Shortage::Failed => threshold.is_none_or(|least| is - was > ADDED_SHARE * least),
        }
    }

    /// Orders that failed since money last came.
    fn failed(&self) -> impl Iterator<Item = &AccountEvent> {
        let (since, _) = self.since_money(Shortage::Failed);
        let failed = |event: &&&AccountEvent| event.kind == EventKind::BalanceInsufficient;
        since.iter().filter(failed).copied()
    }

    /// The occasion is the money that was used up, not the first event: of the three warnings that one
    /// large order sets off, the first may arrive last.
    fn low(&self) -> Option<Holding> {
        let (since, money) = self.since_money(Shortage::Low);
        let is_low = |event: &&&AccountEvent| event.kind == EventKind::BalanceLow;
        let events: Vec<&AccountEvent> = since.iter().filter(is_low).copied().collect();
        let (matter, is_only) = last_matter(&events, SHORTAGE_LASTS_SECS, i64::MAX)?;
        let (first, last) = (matter.first()?, matter.last()?);
        let occasion = match money {
            _ if !is_only => format!("at:{}", first.occurred_at.div_euclid(DAY_SECS)),
            Some(came_at) => format!("after:{came_at}"),
            None => "first".to_owned(),
        };
        Some(self.holding(Rule::BalanceLow, occasion, first, last, SHORTAGE_LASTS_SECS))
    }

    /// The occasion is the hour of the first failed order, and the money that was used up: in one hour two matters
    /// begin only if money parts them.
    fn insufficient(&self) -> Option<Holding> {
        let (_, money) = self.since_money(Shortage::Failed);
        let failed: Vec<&AccountEvent> = self.failed().collect();
        let (matter, _) = last_matter(&failed, ONE_MATTER_SECS, ONE_MATTER_LASTS_SECS)?;
        let (first, last) = (matter.first()?, matter.last()?);
        let hour = first.occurred_at.div_euclid(HOUR_SECS);
        let occasion = match money {
            Some(came_at) => format!("after:{came_at}/hour:{hour}"),
            None => format!("hour:{hour}"),
        };
        let rule = Rule::BalanceInsufficient;
        let mut holding = self.holding(rule, occasion, first, last, SHORTAGE_LASTS_SECS);
        // Those of a matter before, which this one takes the place of, are not placed either.
        holding.fact.detail.count = i64::try_from(failed.len()).ok();
        Some(holding)
    }

    fn topped_up(&self) -> Option<Holding> {
        let is_top_up = |event: &&&AccountEvent| event.kind == EventKind::BalanceToppedUp;
        let last = self.events.iter().rev().find(is_top_up)?;
        let occasion = format!("at:{}", last.occurred_at);
        let mut holding = self.holding(
            Rule::BalanceToppedUp,
            occasion,
            last,
            last,
            TOP_UP_LASTS_SECS,
        );
        holding.fact.detail.amount = last.amount;
        Some(holding)
    }

    fn holding(
        &self,
        rule: Rule,
        occasion: String,
        first: &AccountEvent,
        last: &AccountEvent,
        lasts: i64,
    ) -> Holding {
        let mut amounts = self.events.iter().rev().filter_map(|event| event.amount);
        // Money in two currencies runs out on the same occasion.
        let occasion = match &self.currency {
            Some(currency) => format!("{occasion}/{currency}"),
            None => occasion,
        };
        Holding {
            from: ALWAYS,
            until: last.occurred_at.saturating_add(lasts),
            fact: Fact {
                subject: Subject::Account,
                rule,
                occasion,
                since: first.occurred_at,
                detail: Detail {
                    // What is left by now, whatever told of it.
                    amount: last.amount.and(amounts.next()),
                    currency: self.currency.clone(),
                    ..Detail::default()
                },
            },
        }
    }
}

fn holdings(purse: &Purse<'_>) -> Vec<Holding> {
    let found = [purse.low(), purse.insufficient(), purse.topped_up()];
    found.into_iter().flatten().collect()
}

/// Whether the money is enough for the provider not to warn. Where that is not known, it is.
fn reaches_threshold(top_up: &AccountEvent, before: &[&AccountEvent]) -> bool {
    let known = top_up.amount.zip(threshold(before));
    known.is_none_or(|(amount, threshold)| amount >= threshold)
}

/// Below which balance the provider warns, as it said last.
fn threshold(events: &[&AccountEvent]) -> Option<f64> {
    events.iter().rev().find_map(|event| event.threshold)
}

/// The latest events without a gap as long as this, in no longer a time than `lasts`, and whether they are all there are.
fn last_matter<'a, 'e>(
    events: &'a [&'e AccountEvent],
    gap: i64,
    lasts: i64,
) -> Option<(&'a [&'e AccountEvent], bool)> {
    let first = events.first()?.occurred_at;
    let (mut began, mut last, mut begin) = (first, first, 0);
    for (place, event) in events.iter().enumerate() {
        let at = event.occurred_at;
        if at - last >= gap || at - began >= lasts {
            (began, begin) = (at, place);
        }
        last = at;
    }
    let (_, matter) = events.split_at(begin);
    Some((matter, begin == 0))
}

/// The fact that support decided a refund, if that is what the event says and it is no older than 7
/// days at `now` (UTC seconds).
#[must_use]
pub fn refund_fact(event: &Event, now: i64) -> Option<Fact> {
    let decided_at = event.occurred_at?;
    let is_refund = matches!(event.kind, EventKind::Refunded | EventKind::RefundRejected);
    if !is_refund || now >= decided_at.saturating_add(FACT_LASTS_SECS) {
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

/// The fact that events of this kind are not understood for this reason, if that is so. `count` is how many there
/// are of them, `received_at` when the last one came; it holds for 7 days from then (UTC seconds). Other reasons for
/// which events of the kind are not understood are facts beside it.
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
            iccid: event.iccid.clone(),
            esim_id: event.esim_id.clone(),
            ..Detail::default()
        },
    })
}

/// The fact that deliveries come that are no event. `code` and `why` say what is wrong with them, `received_at` is when
/// the last one came; it holds for 7 days from then (UTC seconds). They are told by their reason, not one by one: what
/// compresses or rewrites deliveries on their way does so to all of them.
#[must_use]
pub fn unreadable_fact(code: &str, why: Message, received_at: i64, now: i64) -> Option<Fact> {
    let holds = now < received_at.saturating_add(FACT_LASTS_SECS);
    holds.then(|| Fact {
        subject: Subject::Unreadable(code.to_owned()),
        rule: Rule::Unreadable,
        occasion: code.to_owned(),
        since: received_at,
        detail: Detail {
            why: Some(why),
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
