//! Many alerts in one line: `12 eSIMs expired, 3 eSIMs used up their data`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{Rule, Words};
use super::Waiting;
use crate::catalogue::Catalogue;
use crate::message::Message;

/// Rules that the title names; the body names the others.
const MAX_GROUPS_IN_TITLE: usize = 2;

/// One text for all of these, most severe first. `lead`: the key of what opens the title.
pub(super) fn of<'a>(
    catalogue: &Catalogue,
    lead: Option<&str>,
    alerts: impl IntoIterator<Item = &'a Waiting>,
) -> Words {
    // An eSIM that comes twice under one rule is one eSIM.
    let mut found: BTreeMap<Rule, BTreeSet<(Option<i64>, i64)>> = BTreeMap::new();
    for alert in alerts {
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
    let told = listed(catalogue, first);
    let title = match lead {
        Some(lead) => catalogue.text(&Message::of(lead).with("told", told)),
        None => capitalised(&told),
    };
    let body = match others {
        [] => catalogue.plain("digest.body"),
        others => {
            catalogue.text(&Message::of("digest.also").with("told", listed(catalogue, others)))
        }
    };
    Words { title, body }
}

fn listed(catalogue: &Catalogue, counts: &[(Rule, usize)]) -> String {
    let parts = counts.iter().map(|(rule, count)| {
        let digest = Message::of(format!("digest.{}", rule.as_str()));
        catalogue.text(&digest.with("count", *count))
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
