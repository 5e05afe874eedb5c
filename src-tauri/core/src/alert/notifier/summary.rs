//! Many alerts in one line: `12 eSIMs expired, 3 eSIMs used up their data`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{Rule, Words};
use super::notice::{Notice, NoticeKind, Opens, Waiting};
use crate::catalogue::{Catalogue, Locale};
use crate::message::Message;

/// Rules that the title names; the body names the others.
const MAX_GROUPS_IN_TITLE: usize = 2;

/// One notice about all of these; a single one is told as itself. `now`: UTC seconds.
pub(super) fn notice_of(
    locale: &Locale,
    now: i64,
    mut alerts: Vec<Waiting>,
    kind: NoticeKind,
    lead: Option<Message>,
) -> Notice {
    if alerts.len() == 1
        && let Some(alert) = alerts.pop()
    {
        return Notice {
            alerts: vec![alert.id],
            kind: NoticeKind::Single,
            words: alert.text.words(locale, now),
            opens: alert.opens,
        };
    }
    let words = match &lead {
        None => party_of(locale, now, &alerts),
        Some(_) => None,
    };
    Notice {
        words: words.unwrap_or_else(|| summed_up(locale.catalogue(), lead, &alerts)),
        alerts: alerts.into_iter().map(|alert| alert.id).collect(),
        kind,
        opens: Opens::Alerts,
    }
}

/// One text for alerts of one rule about one order; `None`: they are not.
fn party_of(locale: &Locale, now: i64, alerts: &[Waiting]) -> Option<Words> {
    let first = alerts.first()?;
    let party = first.party.as_ref()?;
    let same = |alert: &Waiting| {
        let of = alert.party.as_ref().map(|party| &party.reference);
        alert.rule == first.rule && of == Some(&party.reference)
    };
    let esims: BTreeSet<_> = alerts.iter().map(|alert| alert.esim).collect();
    if !alerts.iter().all(same) || esims.len() < 2 {
        return None;
    }
    let catalogue = locale.catalogue();
    let title = Message::of("digest.order")
        .with("title", locale.text(&party.title, now))
        .with("count", esims.len())
        .with("all", party.esims.max(esims.len()));
    Some(Words {
        title: catalogue.text(&title),
        body: catalogue.plain("digest.body"),
    })
}

/// One text for all of these, most severe first. `lead`: what opens the title, but for what is told.
pub(super) fn summed_up<'a>(
    catalogue: &Catalogue,
    lead: Option<Message>,
    alerts: impl IntoIterator<Item = &'a Waiting>,
) -> Words {
    // An eSIM that comes twice under one rule is one eSIM.
    let mut found: BTreeMap<Rule, BTreeSet<(Option<i64>, i64)>> = BTreeMap::new();
    let mut money: BTreeMap<Rule, BTreeSet<&str>> = BTreeMap::new();
    for alert in alerts {
        if let Some(currency) = &alert.currency {
            money.entry(alert.rule).or_default().insert(currency);
        }
        let who = match alert.esim {
            Some(row) => (Some(row), 0),
            None => (None, alert.id),
        };
        found.entry(alert.rule).or_default().insert(who);
    }
    let mut counts: Vec<(Rule, usize)> = found
        .into_iter()
        .map(|(rule, who)| (rule, who.len()))
        .collect();
    counts.sort_by_key(|(rule, _)| (Reverse(rule.severity()), *rule));
    let (first, others) = counts.split_at(counts.len().min(MAX_GROUPS_IN_TITLE));
    let told = listed(catalogue, first, &money);
    let title = match lead {
        Some(lead) => catalogue.text(&lead.with("told", told)),
        None => capitalised(&told),
    };
    let body = match others {
        [] => catalogue.plain("digest.body"),
        others => catalogue
            .text(&Message::of("digest.also").with("told", listed(catalogue, others, &money))),
    };
    Words { title, body }
}

/// `money`: the currencies that are told of. Of several somebody has to know which they are.
fn listed(
    catalogue: &Catalogue,
    counts: &[(Rule, usize)],
    money: &BTreeMap<Rule, BTreeSet<&str>>,
) -> String {
    let parts = counts.iter().map(|(rule, count)| {
        let digest = Message::of(format!("digest.{}", rule.as_str()));
        let told = catalogue.text(&digest.with("count", *count));
        match money.get(rule).filter(|money| money.len() > 1) {
            Some(money) => {
                let money: Vec<&str> = money.iter().copied().collect();
                format!("{told} ({})", money.join(", "))
            }
            None => told,
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
