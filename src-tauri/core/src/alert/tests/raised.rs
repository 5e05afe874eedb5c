//! A rule that nothing raises is a line that somebody forgot.

use std::collections::BTreeSet;

use super::super::*;
use crate::esim::EsimState;
use crate::event::{Event, EventKind};
use crate::message::Message;
use crate::provider::parse;

/// UTC seconds.
const START: i64 = 1_764_230_400;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const END: i64 = START + 7 * DAY;

fn told(fields: &str, at: i64) -> Event {
    let body =
        format!(r#"{{"esim_id":"a","start":{START},"end":{END},"timestamp":{at},{fields}}}"#);
    parse(body.as_bytes()).unwrap()
}

fn status(status: &str, at: i64) -> Event {
    let fields = format!(r#""event_category":"esim","event_type":"status","status":"{status}""#);
    told(&fields, at)
}

fn usage(allowed: f64, remaining: f64, at: i64) -> Event {
    let fields = format!(
        r#""event_category":"esim","event_type":"usage","status":"ACTIVATED","usage_data":{{"isUnlimited":false,"allowed_data":{allowed},"remaining_data":{remaining}}}"#
    );
    told(&fields, at)
}

/// What holds at `now` for an eSIM of this history.
fn of_esim(events: Vec<Event>, now: i64) -> Vec<Fact> {
    let state = EsimState::fold(events);
    esim_facts(1, &state, &AlertSettings::default(), now)
}

fn of_account(kind: EventKind) -> Vec<Fact> {
    let event = AccountEvent {
        key: kind.to_string(),
        kind,
        occurred_at: START,
        amount: Some(1.0),
        threshold: None,
        currency: None,
    };
    account_facts(&[event], START)
}

fn of_program() -> Vec<Fact> {
    let trouble = Some(Trouble {
        since: START,
        reason: Message::of("io.reason.diskFull"),
    });
    let program = Program {
        started_at: START,
        listener_down: trouble.clone(),
        tunnel_down: trouble.clone(),
        storage_failing: trouble,
        silent_since: START,
        active_esims: 9,
        refused_last_hour: u32::MAX,
        ..Program::default()
    };
    program_facts(&program, &AlertSettings::default(), START + 9 * DAY)
}

#[test]
fn every_rule_is_raised_by_some_history() {
    let on = || status("ACTIVATED", START);
    let refund = told(
        r#""event_category":"refund","event_type":"rejected""#,
        START,
    );
    let unknown = told(r#""event_category":"moon","event_type":"rises""#, START);
    let histories = [
        of_esim(vec![on()], START + HOUR),
        of_esim(vec![on(), status("EXPIRED", END)], END),
        of_esim(vec![on(), status("REVOKED", START + HOUR)], START + HOUR),
        of_esim(vec![on()], END - 20 * HOUR),
        of_esim(vec![on()], END - HOUR),
        of_esim(vec![on()], END + DAY),
        of_esim(vec![on(), usage(1000.0, 50.0, START + HOUR)], START + DAY),
        of_esim(vec![on(), usage(1000.0, 0.0, START + HOUR)], START + DAY),
        of_esim(vec![on(), usage(0.0, 0.0, START + HOUR)], START + DAY),
        of_esim(vec![status("NEW", START - 9 * DAY)], START - HOUR),
        of_account(EventKind::BalanceLow),
        of_account(EventKind::BalanceInsufficient),
        of_account(EventKind::BalanceToppedUp),
        refund_fact(&refund, START).into_iter().collect(),
        unrecognized_fact(&unknown, 1, START, START)
            .into_iter()
            .collect(),
        unreadable_fact("empty", Message::of("refusal.empty"), START, START)
            .into_iter()
            .collect(),
        of_program(),
    ];
    let raised: BTreeSet<Rule> = histories.iter().flatten().map(|fact| fact.rule).collect();
    let silent: Vec<_> = Rule::ALL
        .iter()
        .filter(|rule| !raised.contains(rule))
        .collect();
    assert!(silent.is_empty(), "nothing raises {silent:?}");
}
