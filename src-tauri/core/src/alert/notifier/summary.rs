//! Many alerts in one line: `12 eSIMs expired, 3 used up their data`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{Rule, Text};
use super::Waiting;

/// Rules that the title names; the body names the others.
const IN_TITLE: usize = 2;

/// One text for all of these, most severe first. `lead` opens the title: `While it was quiet`.
pub(super) fn of<'a>(lead: Option<&str>, alerts: impl IntoIterator<Item = &'a Waiting>) -> Text {
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
    let (first, others) = counts.split_at(counts.len().min(IN_TITLE));
    let title = match lead {
        Some(lead) => format!("{lead}: {}", listed(first)),
        None => capitalised(&listed(first)),
    };
    let body = match others {
        [] => "Open the list of alerts to see each of them.".to_owned(),
        others => format!(
            "Also: {}. Open the list of alerts to see each of them.",
            listed(others)
        ),
    };
    Text { title, body }
}

fn listed(counts: &[(Rule, usize)]) -> String {
    let mut parts = Vec::new();
    let mut after_esims = false;
    for (rule, count) in counts {
        let (is_esim, phrase) = phrase(*rule, *count);
        parts.push(match (is_esim, after_esims, count) {
            (false, _, _) => phrase.to_owned(),
            (true, true, count) => format!("{count} {phrase}"),
            (true, false, 1) => format!("1 eSIM {phrase}"),
            (true, false, count) => format!("{count} eSIMs {phrase}"),
        });
        after_esims = is_esim;
    }
    parts.join(", ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Whether it is said of so many eSIMs, and what.
fn phrase(rule: Rule, count: usize) -> (bool, String) {
    let pick = |one: &str, many: &str| if count == 1 { one } else { many }.to_owned();
    let esims = |one, many| (true, pick(one, many));
    let other = |text: &str| (false, text.to_owned());
    match rule {
        Rule::FirstActivation => esims("was activated", "were activated"),
        Rule::Expired => esims("expired", "expired"),
        Rule::Revoked => esims("was revoked", "were revoked"),
        Rule::ExpiresSoon => esims("expires soon", "expire soon"),
        Rule::ExpiresVerySoon => esims("expires very soon", "expire very soon"),
        Rule::DataLow => esims("is low on data", "are low on data"),
        Rule::DataUsedUp => esims("used up its data", "used up their data"),
        Rule::PastEnd => esims("is past its end", "are past their end"),
        Rule::NotInstalled => esims("is not installed", "are not installed"),
        Rule::ConnectedWithoutData => {
            esims("is connected without data", "are connected without data")
        }
        Rule::BalanceLow => other("the balance is low"),
        Rule::BalanceInsufficient => other("orders fail for lack of balance"),
        Rule::BalanceToppedUp => other("the balance was topped up"),
        Rule::RefundDecided => {
            let refunds = pick(
                "1 refund was decided",
                &format!("{count} refunds were decided"),
            );
            (false, refunds)
        }
        Rule::Unrecognized => {
            let many = format!("{count} unknown kinds of event came");
            (false, pick("1 unknown kind of event came", &many))
        }
        Rule::NoEvents => other("no events come in"),
        Rule::ListenerDown => other("the listener is down"),
        Rule::TunnelDown => other("the tunnel is down"),
        Rule::StorageFailing => other("events can't be stored"),
        Rule::RefusalsPilingUp => other("deliveries are turned away"),
    }
}
