//! Tests of the facts about eSIMs: which hold when, and on which occasion. Here stands what they speak with.

mod activation;
mod data;
mod ending;
mod expiring;
mod installing;
mod properties;
mod silence;

use std::collections::BTreeSet;

use super::super::RuleSetting;
use super::*;
use crate::event::{Event, Usage};
use crate::provider::parse;

/// Start of the period in most tests, UTC seconds.
const START: i64 = 1_764_230_400;
const END: i64 = START + 7 * DAY_SECS;

fn status(status: &str, at: i64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","start":{START},"end":{END},"status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

fn usage(at: i64, allowed: f64, remaining: f64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"a","start":{START},"end":{END},"status":"ACTIVATED","timestamp":{at},"package_name":"3 GB","usage_data":{{"isUnlimited":false,"allowed_data":{allowed},"remaining_data":{remaining}}}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

fn in_period(status: Status, since: i64) -> EsimState {
    EsimState {
        status: Some(status),
        status_since: Some(since),
        period_start: Some(START),
        period_end: Some(END),
        last_event_at: Some(since),
        ..EsimState::default()
    }
}

fn sold(status: Status, at: i64, start: Option<i64>) -> EsimState {
    EsimState {
        period_start: start,
        period_end: start.map(|start| start + 7 * DAY_SECS),
        ..in_period(status, at)
    }
}

fn with_data(allowed: f64, remaining: f64) -> EsimState {
    EsimState {
        usage: Usage {
            allowed_mb: Some(allowed),
            remaining_mb: Some(remaining),
            ..Usage::default()
        },
        ..in_period(Status::Activated, START)
    }
}

fn rules(esim: &EsimState, now: i64) -> Vec<Rule> {
    rules_with(&AlertSettings::default(), esim, now)
}

fn rules_with(settings: &AlertSettings, esim: &EsimState, now: i64) -> Vec<Rule> {
    let facts = esim_facts(17, esim, settings, now);
    facts.into_iter().map(|fact| fact.rule).collect()
}

/// The only fact that holds.
#[track_caller]
fn only(esim: &EsimState, now: i64) -> Fact {
    let mut facts = esim_facts(17, esim, &AlertSettings::default(), now);
    assert_eq!(facts.len(), 1, "{facts:?}");
    facts.remove(0)
}

fn off(rule: Rule) -> AlertSettings {
    let mut settings = AlertSettings::default();
    let setting = RuleSetting {
        enabled: false,
        ..settings.of(rule)
    };
    settings.rules.insert(rule, setting);
    settings
}

/// What a desk is told when these events arrive in this order, one a second: each occasion once.
fn told(arriving: &[Event], now: i64) -> Vec<(Rule, String)> {
    let mut told = Vec::new();
    for arrived in 1..=arriving.len() {
        let esim = EsimState::fold(unique(&arriving[..arrived]));
        let now = now + i64::try_from(arrived).unwrap();
        for fact in esim_facts(17, &esim, &AlertSettings::default(), now) {
            let occasion = (fact.rule, fact.occasion);
            if !told.contains(&occasion) {
                told.push(occasion);
            }
        }
    }
    told
}

fn unique(events: &[Event]) -> Vec<Event> {
    let mut keys = BTreeSet::new();
    let new = |event: &&Event| keys.insert(event.key.clone());
    events.iter().filter(new).cloned().collect()
}
