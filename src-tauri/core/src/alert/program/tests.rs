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
        silent_since: NOW,
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
fn silence_counts_while_the_program_is_awake() {
    // It slept for eight hours.
    let morning = Program {
        started_at: NOW + 9 * HOUR_SECS,
        silent_since: NOW + 8 * HOUR_SECS,
        ..program()
    };
    assert_eq!(rules(&morning, NOW + 14 * HOUR_SECS - 1), []);
    let fact = facts(&morning, NOW + 14 * HOUR_SECS).remove(0);
    assert_eq!((fact.since, fact.detail.at), (NOW, Some(NOW)));
    let never = Program {
        last_received_at: None,
        ..program()
    };
    let fact = facts(&never, NOW + 6 * HOUR_SECS).remove(0);
    assert_eq!((fact.occasion.as_str(), fact.detail.at), ("never", None));
}

#[test]
fn who_has_just_woken_hears_first_what_waits() {
    let woken = Program {
        started_at: NOW + 6 * HOUR_SECS,
        ..program()
    };
    assert_eq!(rules(&woken, NOW + 6 * HOUR_SECS + 599), []);
    assert_eq!(rules(&woken, NOW + 6 * HOUR_SECS + 600), [Rule::NoEvents]);
}

#[test]
fn with_one_or_two_esims_two_reports_have_to_be_missed() {
    for (active_esims, hours) in [(1, 9), (2, 9), (3, 6)] {
        let few = Program {
            active_esims,
            ..program()
        };
        let after = |seconds| rules(&few, NOW + hours * HOUR_SECS + seconds);
        assert_eq!((after(-1), after(0)), (vec![], vec![Rule::NoEvents]));
    }
}

#[test]
fn deafness_stays_told_until_something_comes_and_is_told_again_each_day() {
    let deaf = Program {
        deaf_since: Some(NOW + 6 * HOUR_SECS),
        // It has just woken, and meanwhile the last eSIM's period is over.
        started_at: NOW + 30 * HOUR_SECS,
        active_esims: 0,
        ..program()
    };
    let told = |hours: i64| Program {
        deaf_told_at: Some(NOW + hours * HOUR_SECS),
        ..deaf.clone()
    };
    let found = |program: &Program, hours: i64| facts(program, NOW + hours * HOUR_SECS).remove(0);
    let occasions: Vec<String> = [(6, 6), (6, 29), (30, 30), (30, 53), (55, 55), (55, 90)]
        .map(|(at, hours)| found(&told(at), hours).occasion)
        .into();
    let first = format!("since:{NOW}");
    let (second, third) = (format!("{first}/day:1"), format!("{first}/day:2"));
    assert_eq!(
        occasions,
        [&first, &first, &second, &second, &third, &third].map(String::from)
    );
    let fact = found(&told(30), 40);
    assert_eq!((fact.detail.hours, fact.detail.count), (Some(30), None));
    assert_eq!(
        next_program_check(&deaf, &AlertSettings::default(), NOW + 7 * HOUR_SECS),
        Some(NOW + 30 * HOUR_SECS)
    );
}

/// What is found of a tunnel that fails for 15 seconds every so many seconds, each time that it is looked at.
fn flapping(every: i64, times: i64) -> Vec<Option<Fact>> {
    let mut spells = BTreeMap::new();
    let mut found = Vec::new();
    let look = |program: Program, spells: &mut BTreeMap<Rule, Spell>, now: i64| {
        note_failures(spells, &program, now);
        let spells = spells.clone();
        let facts = facts(&Program { spells, ..program }, now);
        facts.into_iter().find(|fact| fact.rule == Rule::TunnelDown)
    };
    for time in 0..times {
        let since = NOW + time * every;
        let heard = Program {
            silent_since: since,
            ..program()
        };
        let down = Program {
            tunnel_down: trouble(since),
            ..heard.clone()
        };
        for (program, after) in [(&down, 0), (&down, 10), (&heard, 15)] {
            found.push(look(program.clone(), &mut spells, since + after));
        }
    }
    found
}

#[test]
fn a_tunnel_that_flaps_is_told_once_and_then_once_an_hour() {
    let found = flapping(120, 240);
    let mut occasions: Vec<String> = found
        .iter()
        .flatten()
        .map(|fact| fact.occasion.clone())
        .collect();
    let settled = found.iter().skip(5).all(Option::is_some);
    assert!(
        settled,
        "from the second failure on it is told of all the time"
    );
    occasions.dedup();
    assert_eq!(occasions.len(), 8, "{occasions:?}");
    let last = found.last().cloned().flatten().unwrap();
    assert_eq!((last.detail.count, last.detail.at), (Some(240), Some(NOW)));
}

#[test]
fn failures_hours_apart_are_each_a_matter_of_its_own() {
    let found = flapping(4 * HOUR_SECS, 3);
    let mut occasions: Vec<String> = found
        .iter()
        .flatten()
        .map(|fact| fact.occasion.clone())
        .collect();
    occasions.dedup();
    assert_eq!(occasions.len(), 3);
    assert!(
        found
            .iter()
            .flatten()
            .all(|fact| fact.detail.count.is_none())
    );
    assert_eq!(found.iter().flatten().count(), 3, "none of them goes on");
}

#[test]
fn what_failed_several_times_is_over_when_it_has_been_well_for_ten_minutes() {
    let mut spells = BTreeMap::new();
    let ended_at = NOW + 130;
    for since in [NOW, NOW + 60] {
        let down = Program {
            tunnel_down: trouble(since),
            ..program()
        };
        note_failures(&mut spells, &down, since + 20);
        note_failures(&mut spells, &program(), since + 70);
    }
    let well = Program {
        spells,
        ..program()
    };
    assert_eq!(rules(&well, ended_at + 599), [Rule::TunnelDown]);
    assert_eq!(rules(&well, ended_at + 600), []);
    assert_eq!(
        next_program_check(&well, &AlertSettings::default(), ended_at),
        Some(ended_at + 600)
    );
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
        silent_since: tomorrow,
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

#[test]
fn what_failed_before_a_sleep_and_is_well_on_waking_is_not_told_again() {
    let mut spells = BTreeMap::new();
    for since in [NOW, NOW + 300] {
        let down = Program {
            tunnel_down: trouble(since),
            ..program()
        };
        note_failures(&mut spells, &down, since + 10);
    }
    let woken = NOW + 14 * HOUR_SECS;
    let well = Program {
        silent_since: woken,
        ..program()
    };
    note_failures(&mut spells, &well, woken);
    let well = Program { spells, ..well };
    assert_eq!(rules(&well, woken), []);
}
