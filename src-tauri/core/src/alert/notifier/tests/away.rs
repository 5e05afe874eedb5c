//! What happened in an absence is told together.

use super::*;

#[test]
fn what_waited_for_others_when_the_computer_fell_asleep_is_told_with_what_happened_meanwhile() {
    for late in [false, true] {
        let mut notifier = notifier();
        let waits = Waiting {
            late,
            ..of_order(1, Rule::Expired, "LISBON")
        };
        notifier.offer(waits.clone(), NOW);
        assert_eq!(notifier.due(NOW), []);
        // It woke.
        let now = NOW + 9 * HOUR;
        notifier.gather_away(now, SECOND, i64::MAX);
        notifier.resume(vec![waits], now);
        notifier.offer(alert(2, Rule::DataLow), now);
        assert_eq!(notifier.due(now), []);
        assert_eq!(
            titles(&notifier.due(now + SECOND)),
            ["While you were away: 1 eSIM expired, 1 eSIM is low on data"]
        );
    }
}

#[test]
fn an_absence_ends_in_one_digest_and_a_single_alert_is_told_as_itself() {
    let mut absent = notifier();
    absent.resume(
        vec![
            alert(1, Rule::Expired),
            alert(2, Rule::Revoked),
            alert(3, Rule::Expired),
        ],
        NOW,
    );
    let digest = absent.due(NOW);
    assert_eq!(
        titles(&digest),
        ["While you were away: 1 eSIM was revoked, 2 eSIMs expired"]
    );
    assert_eq!(digest.first().unwrap().alerts, [1, 2, 3]);
    assert_eq!(digest.first().unwrap().opens, Opens::Alerts);
    let mut absent = notifier();
    absent.resume(vec![alert(1, Rule::Expired)], NOW);
    let single = absent.due(NOW);
    assert_eq!(titles(&single), ["expired 1"]);
    assert_eq!(single.first().unwrap().kind, NoticeKind::Single);
}

#[test]
fn a_digest_of_an_absence_opens_its_receipt_if_there_is_one() {
    for (alerts, opens) in [
        (2, Opens::Absence(NOW - HOUR)),
        (1, Opens::Esim("key-1".to_owned())),
    ] {
        let mut absent = notifier();
        let alerts = (1..=alerts).map(|id| alert(id, Rule::Expired));
        absent.resume(alerts.collect(), NOW);
        assert!(absent.tells_of_absence(NOW));
        absent.set_absence(Away {
            from_ms: Some(NOW - HOUR),
            to_ms: NOW,
        });
        // A single one is told as itself, and opens what it is about.
        assert_eq!(absent.due(NOW)[0].opens, opens);
        assert!(!absent.tells_of_absence(NOW));
    }
}

#[test]
fn what_the_first_catch_up_finds_is_told_as_found_and_not_as_an_absence() {
    let found = || vec![alert(1, Rule::ExpiresSoon), alert(2, Rule::DataLow)];
    let mut first = notifier();
    first.resume(found(), NOW);
    first.set_beginning(Some(512));
    let digest = first.due(NOW);
    assert_eq!(
        titles(&digest),
        ["Found 512 eSIMs sold before: 1 eSIM expires soon, 1 eSIM is low on data"]
    );
    assert_eq!(digest[0].opens, Opens::Alerts);
    first.resume(found(), NOW + HOUR);
    first.set_beginning(None);
    let later = first.due(NOW + HOUR);
    assert!(titles(&later)[0].starts_with("While you were away"));
}

#[test]
fn while_more_of_an_absence_is_learnt_what_is_critical_and_new_is_told_at_once() {
    let mut notifier = notifier();
    notifier.gather_away(NOW, HOUR, NOW / 1000 - 1);
    notifier.offer(alert(1, Rule::Expired), NOW);
    notifier.offer(alert(2, Rule::Revoked), NOW);
    let before = Waiting {
        since: NOW / 1000 - 1,
        ..alert(3, Rule::Revoked)
    };
    notifier.offer(before, NOW);
    assert_eq!(titles(&notifier.due(NOW)), ["revoked 2"]);
    notifier.gather_away(NOW + 1, 0, i64::MAX);
    assert_eq!(
        titles(&notifier.due(NOW + 1)),
        ["While you were away: 1 eSIM was revoked, 1 eSIM expired"]
    );
}

#[test]
fn what_concerns_the_program_waits_for_nothing_that_was_missed() {
    let mut notifier = notifier();
    notifier.gather_away(NOW, HOUR, i64::MAX);
    let found = vec![alert(1, Rule::ListenerDown), alert(2, Rule::Revoked)];
    notifier.resume(found, NOW);
    assert_eq!(notifier.due(NOW).len(), 1);
    assert!(notifier.holds(2) && !notifier.holds(1));
}

#[test]
fn what_is_learnt_once_a_clock_is_set_right_that_was_ahead_is_told_together_as_well() {
    let mut notifier = notifier();
    let wrong = NOW + 24 * HOUR;
    notifier.offer(alert(1, Rule::Revoked), wrong);
    assert_eq!(notifier.due(wrong).len(), 1);
    notifier.gather_away(NOW, HOUR, i64::MAX);
    notifier.offer(alert(2, Rule::Expired), NOW);
    notifier.offer(alert(3, Rule::Expired), NOW);
    assert_eq!(notifier.due(NOW), []);
    assert_eq!(notifier.due(NOW + HOUR).len(), 1);
}
