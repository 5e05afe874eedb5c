//! Tests of the facts about eSIMs: which hold when, and on which occasion. Here stands what they speak with.

mod activation;
mod data;
mod ending;
mod expiring;
mod installing;
mod properties;
mod silence;

use std::collections::BTreeSet;

use super::super::{Kept, Matter, RuleSetting, course, matter, updated};
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

/// What a desk is told when these events arrive in this order, one a second: each matter once.
fn told(arriving: &[Event], now: i64) -> Vec<(Rule, String)> {
    told_at(arriving, |arrived| now + i64::try_from(arrived).unwrap())
}

/// What a desk is told when each of these arrives a second after it happened, or with a later one.
fn told_live(arriving: &[Event]) -> Vec<(Rule, String)> {
    let times = |arrived: usize| {
        arriving[..arrived]
            .iter()
            .filter_map(|event| event.occurred_at)
    };
    told_at(arriving, |arrived| times(arrived).max().unwrap() + 1)
}

fn told_at(arriving: &[Event], clock: impl Fn(usize) -> i64) -> Vec<(Rule, String)> {
    let settings = AlertSettings::default();
    let mut told: Vec<(i64, Fact)> = Vec::new();
    for arrived in 1..=arriving.len() {
        let history = unique(&arriving[..arrived]);
        let esim = EsimState::fold(history.clone());
        let now = clock(arrived);
        for fact in esim_facts(17, watched(&esim, &history), &settings, now) {
            let course = course(history.clone(), &fact, None, &settings);
            let known = told.iter_mut().find(|(raised_at, kept)| {
                let kept = Kept {
                    fact: kept,
                    raised_at: *raised_at,
                    open: false,
                };
                kept.fact.rule == fact.rule
                    && match matter(&kept, &fact, now) {
                        Matter::Same => true,
                        Matter::Another => false,
                        Matter::Ask => kept.held_at() >= course.began,
                    }
            });
            match known {
                Some((_, kept)) => *kept = updated(kept, &fact),
                None if course.no_news => {}
                None => told.push((now, fact)),
            }
        }
    }
    told.into_iter()
        .map(|(_, fact)| (fact.rule, fact.occasion))
        .collect()
}

fn watched<'a>(state: &'a EsimState, history: &[Event]) -> Watched<'a> {
    Watched {
        state,
        trip: None,
        past: Past::of(history.to_vec()),
        quiet_from: None,
    }
}

fn unique(events: &[Event]) -> Vec<Event> {
    let mut keys = BTreeSet::new();
    let new = |event: &&Event| keys.insert(event.key.clone());
    events.iter().filter(new).cloned().collect()
}
