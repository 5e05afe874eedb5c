//! Tests of the facts about the program itself.

use super::super::RuleSetting;
use super::*;
use crate::message::Message;

/// UTC seconds.
const NOW: i64 = 1_764_230_400;

fn program() -> Program {
    Program {
        started_at: NOW,
        last_received_at: Some(NOW),
        active_esims: 12,
        ..Program::default()
    }
}

fn full() -> Message {
    Message::of("io.reason.diskFull")
}

fn trouble(since: i64) -> Option<Trouble> {
    Some(Trouble {
        since,
        reason: full(),
    })
}

fn facts(program: &Program, now: i64) -> Vec<Fact> {
    program_facts(program, &AlertSettings::default(), now)
}

fn rules(program: &Program, now: i64) -> Vec<Rule> {
    facts(program, now)
        .into_iter()
        .map(|fact| fact.rule)
        .collect()
}

#[test]
fn silence_is_told_after_six_hours_while_esims_are_in_use() {
    let program = program();
    assert_eq!(rules(&program, NOW + 6 * HOUR_SECS - 1), []);
    assert_eq!(
        facts(&program, NOW + 6 * HOUR_SECS),
        [Fact {
            subject: Subject::Program,
            rule: Rule::NoEvents,
            occasion: format!("since:{NOW}"),
            since: NOW,
            detail: Detail {
                at: Some(NOW),
                hours: Some(6),
                count: Some(12),
                ..Detail::default()
            },
        }]
    );
    assert_eq!(
        next_program_check(&program, &AlertSettings::default(), NOW),
        Some(NOW + 6 * HOUR_SECS)
    );
    let idle = Program {
        active_esims: 0,
        ..program
    };
    assert_eq!(rules(&idle, NOW + 60 * HOUR_SECS), []);
}

#[test]
fn silence_while_the_program_was_off_does_not_count_and_is_told_once() {
    let morning = Program {
        started_at: NOW + 14 * HOUR_SECS,
        ..program()
    };
    assert_eq!(rules(&morning, NOW + 20 * HOUR_SECS - 1), []);
    let fact = facts(&morning, NOW + 20 * HOUR_SECS).remove(0);
    assert_eq!(fact.since, NOW + 14 * HOUR_SECS);
    assert_eq!(
        fact.occasion,
        facts(&program(), NOW + 6 * HOUR_SECS).remove(0).occasion
    );
    let never = Program {
        last_received_at: None,
        ..program()
    };
    let fact = facts(&never, NOW + 6 * HOUR_SECS).remove(0);
    assert_eq!((fact.occasion.as_str(), fact.detail.at), ("never", None));
}

#[test]
fn a_tunnel_has_ten_seconds_to_connect_again_and_nothing_else_has() {
    let down = Program {
        listener_down: trouble(NOW),
        tunnel_down: trouble(NOW),
        storage_failing: trouble(NOW),
        ..program()
    };
    assert!(down.is_deaf());
    assert!(!program().is_deaf());
    assert_eq!(
        rules(&down, NOW),
        [Rule::ListenerDown, Rule::StorageFailing]
    );
    assert_eq!(
        next_program_check(&down, &AlertSettings::default(), NOW),
        Some(NOW + 10)
    );
    let all = facts(&down, NOW + 10);
    assert_eq!(
        all.iter().map(|fact| fact.rule).collect::<Vec<_>>(),
        [Rule::ListenerDown, Rule::TunnelDown, Rule::StorageFailing]
    );
    for fact in all {
        assert_eq!((fact.since, fact.occasion), (NOW, format!("since:{NOW}")));
        assert_eq!(fact.detail.why, Some(full()));
    }
}

#[test]
fn refusals_that_go_on_are_told_once_a_day() {
    let refused = |count| Program {
        refused_last_hour: count,
        last_refusal_reason: Some(full()),
        ..program()
    };
    assert_eq!(rules(&refused(19), NOW), []);
    let first = facts(&refused(20), NOW).remove(0);
    assert_eq!(first.rule, Rule::RefusalsPilingUp);
    assert_eq!(first.detail.count, Some(20));
    assert_eq!(first.detail.why, Some(full()));
    assert_eq!(
        facts(&refused(500), NOW + HOUR_SECS).remove(0).occasion,
        first.occasion
    );
    let tomorrow = (NOW / DAY_SECS + 1) * DAY_SECS;
    let still = Program {
        last_received_at: Some(tomorrow),
        ..refused(500)
    };
    assert_ne!(facts(&still, tomorrow).remove(0).occasion, first.occasion);
    assert!(next_program_check(&still, &AlertSettings::default(), NOW) <= Some(tomorrow));
}

#[test]
fn a_rule_that_is_off_finds_nothing() {
    let mut settings = AlertSettings::default();
    let off = RuleSetting {
        enabled: false,
        ..settings.of(Rule::ListenerDown)
    };
    settings.rules.insert(Rule::ListenerDown, off);
    let down = Program {
        listener_down: trouble(NOW),
        ..program()
    };
    assert_eq!(program_facts(&down, &settings, NOW), []);
}
