//! What a person at the desk should be told of a month, said without the rules: for each thing, between
//! when and when. Works from what arrived, because nobody can be told what nobody knows.

use std::ops::Range;

use esim_watch_core::alert::Rule;

use crate::script::{
    Arrival, DAY, Esim, HOUR, MINUTE, QUIET_FROM_HOUR, QUIET_TO_HOUR, Script, Told, date,
};

/// Something that deserves exactly one notification, at some time in its window (UTC seconds).
#[derive(Debug, Clone)]
pub struct Deserved {
    pub rule: Rule,
    /// The eSIM's key; empty: about none.
    pub whom: String,
    pub window: Range<i64>,
}

impl Deserved {
    pub fn describe(&self) -> String {
        format!(
            "{} {} between {} and {}",
            self.rule.as_str(),
            self.whom,
            date(self.window.start),
            date(self.window.end)
        )
    }
}

/// How long a notification may wait for its turn: after a digest or in a crowd, a minute or two.
const TURN: i64 = 3 * MINUTE;

pub fn deserved(script: &Script) -> Vec<Deserved> {
    let mut all = Vec::new();
    for (number, esim) in script.esims.iter().enumerate() {
        let told: Vec<(i64, &Told)> = script
            .arrivals
            .iter()
            .filter_map(|arrival| Some((arrival.at, arrival.told.as_ref()?)))
            .filter(|(_, told)| told.esim == number)
            .collect();
        for (rule, window) in of_esim(esim, &told) {
            add(&mut all, script, rule, esim.key.clone(), window);
        }
    }
    of_the_rest(script, &mut all);
    all
}

/// Keeps what can be told at all: not what is over before anybody may be disturbed.
fn add(all: &mut Vec<Deserved>, script: &Script, rule: Rule, whom: String, window: Range<i64>) {
    let breaks = matches!(
        rule,
        Rule::Revoked | Rule::BalanceInsufficient | Rule::TunnelDown
    );
    let mut from = window.start;
    if script.off.contains(&from) {
        from = script.off.end;
    }
    if !breaks && is_quiet(from) {
        from = quiet_end(from);
    }
    if from < window.end && from < script.end {
        let window = from..window.end + TURN;
        all.push(Deserved { rule, whom, window });
    }
}

fn is_quiet(at: i64) -> bool {
    let hour = at.rem_euclid(DAY) / HOUR;
    hour >= i64::from(QUIET_FROM_HOUR) || hour < i64::from(QUIET_TO_HOUR)
}

fn quiet_end(at: i64) -> i64 {
    let morning = at.div_euclid(DAY) * DAY + i64::from(QUIET_TO_HOUR) * HOUR;
    if at < morning { morning } else { morning + DAY }
}

/// What one eSIM's arrivals deserve.
fn of_esim(esim: &Esim, told: &[(i64, &Told)]) -> Vec<(Rule, Range<i64>)> {
    let mut found = Vec::new();
    let Some((known, _)) = told.first() else {
        return found;
    };
    let first = |status: &str| {
        let mut of_status = told.iter().filter(|(_, told)| told.status == status);
        of_status.next().map(|(at, _)| *at)
    };
    let happened = |status: &str| {
        let of_status = told.iter().filter(|(_, told)| told.status == status);
        of_status.map(|(_, told)| told.occurred_at).min()
    };
    // When the desk learns that it is over.
    let over = match (first("EXPIRED"), first("REVOKED")) {
        (Some(expired), None) => Some((Rule::Expired, expired, 7)),
        (None, Some(revoked)) => Some((Rule::Revoked, revoked, 30)),
        _ => None,
    };
    let over_at = over.map_or(i64::MAX, |(_, at, _)| at);
    if let Some((rule, at, days)) = over {
        found.push((rule, at..at + days * DAY));
    }
    // Reinstated for hours, and withdrawn again.
    let back = told.iter().find(|(at, told)| {
        over_at < *at && told.status == "ACTIVATED" && told.occurred_at > over_at - MINUTE
    });
    if let Some((back, _)) = back.filter(|_| over.is_some_and(|(rule, ..)| rule == Rule::Revoked)) {
        found.retain(|(rule, _)| *rule != Rule::Revoked);
        found.push((Rule::Revoked, over_at..*back));
        let again = told.iter().find(|(at, told)| {
            at > back && told.status == "REVOKED" && told.occurred_at > *back - MINUTE
        });
        found.extend(again.map(|(at, _)| (Rule::Revoked, *at..*at + 30 * DAY)));
    }
    if let (Some(learnt), Some(at)) = (first("ACTIVATED"), happened("ACTIVATED")) {
        found.push((Rule::FirstActivation, learnt..(at + DAY).min(over_at)));
    }
    let end = esim.end;
    found.push((
        Rule::ExpiresSoon,
        (end - DAY).max(*known)..(end - 3 * HOUR).min(over_at),
    ));
    found.push((
        Rule::ExpiresVerySoon,
        (end - 3 * HOUR).max(*known)..end.min(over_at),
    ));
    // What never was on a device has nothing to report.
    let on_device = told.iter().find(|(_, told)| told.status != "NEW");
    if let Some((on_device, _)) = on_device {
        found.push((
            Rule::PastEnd,
            (end + HOUR).max(*on_device)..(end + 30 * DAY).min(over_at),
        ));
    }
    // The latest report that has arrived counts.
    let mut reports: Vec<(i64, f64)> = Vec::new();
    let mut latest = i64::MIN;
    for (at, told) in told {
        if let Some(left) = told.left
            && told.occurred_at > latest
        {
            latest = told.occurred_at;
            reports.push((*at, left));
        }
    }
    let data_over = end.min(over_at);
    // Until data is added, each of the two deserves a word once.
    let filled = |(_, left): &(i64, f64)| *left >= 30.0;
    let chunks = reports.split_inclusive(filled).collect::<Vec<_>>();
    for chunk in &chunks {
        let added = chunk.last().filter(|last| filled(last));
        let until = added.map_or(data_over, |(at, _)| data_over.min(*at));
        let low = chunk.iter().find(|(_, left)| *left > 0.0 && *left < 20.0);
        let used_up = chunk.iter().find(|(_, left)| *left <= 0.0);
        let used_up = used_up.map(|(at, _)| *at);
        if let Some((at, _)) = low {
            found.push((Rule::DataLow, *at..used_up.unwrap_or(i64::MAX).min(until)));
        }
        if let Some(at) = used_up {
            found.push((Rule::DataUsedUp, at..until));
        }
    }
    // Sold and not installed: a day before the trip, else a week after the sale.
    let installed = told
        .iter()
        .find(|(_, told)| told.status != "NEW")
        .map_or(i64::MAX, |(at, _)| *at);
    if let Some(sold) = happened("NEW") {
        let trip = (esim.start - DAY).max(sold + HOUR).max(*known);
        let week = (sold + 7 * DAY).max(*known);
        found.push((Rule::NotInstalled, week..installed.min(trip).min(end)));
        found.push((Rule::NotInstalled, trip..installed.min(end)));
    }
    found.retain(|(_, window)| window.start < window.end);
    found
}

fn of_the_rest(script: &Script, all: &mut Vec<Deserved>) {
    let about = |kind: &str| -> Vec<&Arrival> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for arrival in &script.arrivals {
            let Some((of, _)) = &arrival.other else {
                continue;
            };
            if of == kind && !seen.contains(&&arrival.body) {
                seen.push(&arrival.body);
                found.push(arrival);
            }
        }
        found
    };
    let top_ups: Vec<i64> = about("top_up").iter().map(|arrival| arrival.at).collect();
    let mut from = 0;
    for at in &top_ups {
        add(
            all,
            script,
            Rule::BalanceToppedUp,
            String::new(),
            *at..at + DAY,
        );
        for (kind, rule) in [
            ("low_balance", Rule::BalanceLow),
            ("insufficient_balance", Rule::BalanceInsufficient),
        ] {
            // Once before each top-up, however often it is said.
            let first = about(kind)
                .iter()
                .map(|arrival| arrival.at)
                .find(|at| *at > from);
            if let Some(first) = first.filter(|first| first < at) {
                add(all, script, rule, String::new(), first..*at);
            }
        }
        from = *at;
    }
    for refund in about("refund") {
        add(
            all,
            script,
            Rule::RefundDecided,
            String::new(),
            refund.at..refund.at + 7 * DAY,
        );
    }
    if let Some(first) = about("voucher").first() {
        add(
            all,
            script,
            Rule::Unrecognized,
            String::new(),
            first.at..first.at + 7 * DAY,
        );
    }
    let down = script.tunnel_down.start + 10..script.tunnel_down.end;
    add(all, script, Rule::TunnelDown, String::new(), down);
}
