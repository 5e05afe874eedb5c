//! What steps make of alerts, and what can be asked about them.

mod finding;

use super::*;
use crate::alert::{Detail, Fact, Rule, Subject};
use crate::store::tables::alerts::{apply, move_to};
use crate::store::tables::travellers::set;
use crate::traveller::{Owner, Traveller};

const NOW: i64 = 1_764_000_000_000;

/// A store with two eSIMs, `a` in row 1 and `b` in row 2.
fn with_two_esims() -> Connection {
    let db = database();
    deliver(&db, &status(r#""esim_id":"a","iccid":"891""#, "NEW", 10));
    deliver(&db, &status(r#""esim_id":"b","iccid":"892""#, "NEW", 10));
    db
}

fn fact(subject: Subject, rule: Rule, occasion: &str) -> Fact {
    Fact {
        subject,
        rule,
        occasion: occasion.to_owned(),
        since: 10,
        detail: Detail::default(),
    }
}

/// A fact about the eSIM in this row, on the one occasion there is.
fn about(esim: i64, rule: Rule) -> Fact {
    fact(Subject::Esim(esim), rule, "once")
}

fn done(db: &Connection, step: AlertStep) -> AlertDone {
    apply(db, &step, NOW).unwrap()
}

/// Which alerts a step changed.
fn changed(db: &Connection, step: AlertStep) -> Vec<i64> {
    match done(db, step) {
        AlertDone::Changed(ids) => ids,
        raised @ AlertDone::Open(_) => panic!("{raised:?}"),
    }
}

/// Raises an alert of which a notification is owed.
fn raise(db: &Connection, fact: Fact) -> i64 {
    match done(db, AlertStep::Raise { fact, owed: true }) {
        AlertDone::Open(opened) => opened.id,
        changed @ AlertDone::Changed(_) => panic!("{changed:?}"),
    }
}

fn alert(db: &Connection, id: i64) -> StoredAlert {
    Reader { db }.alert(id).unwrap().unwrap()
}

fn state(db: &Connection, id: i64) -> AlertState {
    alert(db, id).state
}

fn acknowledge(id: i64, note: Option<&str>) -> AlertStep {
    AlertStep::Acknowledge {
        ids: vec![id],
        note: note.map(str::to_owned),
    }
}

fn snooze(id: i64, until: i64) -> AlertStep {
    AlertStep::Snooze {
        ids: vec![id],
        until,
    }
}

#[test]
fn a_fact_is_raised_as_a_new_alert_of_which_a_notification_is_owed() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    let alert = alert(&db, id);
    assert_eq!(alert.fact, about(1, Rule::Expired));
    assert_eq!((alert.state, alert.raised_at_ms), (AlertState::New, NOW));
    assert!(alert.owed);
    assert_eq!(alert.esim.unwrap().esim_id.as_deref(), Some("a"));
}

#[test]
fn the_same_occasion_once_more_is_the_same_alert() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    assert_eq!(raise(&db, about(1, Rule::Expired)), id);
}

#[test]
fn an_esim_that_is_gone_gets_no_alert() {
    let db = with_two_esims();
    let (fact, owed) = (about(9, Rule::Expired), true);
    assert_eq!(changed(&db, AlertStep::Raise { fact, owed }), [0_i64; 0]);
    assert_eq!(Reader { db: &db }.open_alerts().unwrap(), []);
}

/// Clears an alert and has it go on two seconds later.
fn flap(db: &Connection, id: i64, seconds: i64) -> Opened {
    changed(db, AlertStep::Clear { id });
    let fact = alert(db, id).fact;
    match apply(db, &AlertStep::GoOn { id, fact }, NOW + seconds * 1000).unwrap() {
        AlertDone::Open(opened) => opened,
        changed @ AlertDone::Changed(_) => panic!("{changed:?}"),
    }
}

#[test]
fn what_was_not_shown_is_owed_after_a_flap_too() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    let opened = flap(&db, id, 2);
    assert_eq!((opened.state, opened.owed), (AlertState::New, true));
    changed(&db, AlertStep::Shown { ids: vec![id] });
    assert!(!flap(&db, id, 2).owed);
}

#[test]
fn a_flap_keeps_what_was_put_off_until_then() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Shown { ids: vec![id] });
    let until = NOW / 1000 + 100;
    changed(&db, snooze(id, until));
    let opened = flap(&db, id, 99);
    let expected = (AlertState::Snoozed, Some(until), false);
    assert_eq!((opened.state, opened.snoozed_until, opened.owed), expected);
    // Its time comes while the cause is gone.
    let opened = flap(&db, id, 100);
    assert_eq!(
        (opened.state, opened.snoozed_until, opened.owed),
        (AlertState::New, None, true)
    );
}

#[test]
fn what_was_taken_up_and_then_put_off_is_not_taken_up_any_more() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, acknowledge(id, Some("Called")));
    changed(&db, snooze(id, 100));
    changed(&db, AlertStep::Wake { now: 100 });
    assert_eq!(flap(&db, id, 2).state, AlertState::New);
    assert_eq!(alert(&db, id).note.as_deref(), Some("Called"));
}

#[test]
fn of_two_open_alerts_of_one_rule_that_come_together_one_is_cleared() {
    let db = with_two_esims();
    let shown = raise(&db, fact(Subject::Esim(1), Rule::DataLow, "/3000"));
    changed(&db, AlertStep::Shown { ids: vec![shown] });
    let newer = raise(&db, fact(Subject::Esim(2), Rule::DataLow, "start:10/3000"));
    move_to(&db, 1, 2, NOW).unwrap();
    assert_eq!(state(&db, shown), AlertState::New);
    assert_eq!(state(&db, newer), AlertState::Cleared);
}

#[test]
fn alerts_of_esims_that_are_gone_are_found() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    raise(&db, about(2, Rule::Expired));
    db.execute("DELETE FROM esims WHERE id = 1", []).unwrap();
    assert_eq!(Reader { db: &db }.alerts_of_nobody().unwrap(), [id]);
}

#[test]
fn another_occasion_is_another_alert() {
    let db = with_two_esims();
    let first = raise(&db, fact(Subject::Account, Rule::BalanceLow, "first"));
    let second = raise(&db, fact(Subject::Account, Rule::BalanceLow, "after:10"));
    assert_ne!(first, second);
}

#[test]
fn what_was_taken_up_and_is_true_again_is_still_taken_up() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, acknowledge(id, None));
    changed(&db, AlertStep::Clear { id });
    flap(&db, id, 2);
    assert_eq!(state(&db, id), AlertState::Acknowledged);
    assert_eq!(alert(&db, id).cleared_at_ms, None);
}

#[test]
fn an_alert_that_goes_on_says_what_is_known_now() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::DataLow));
    let mut fact = about(1, Rule::DataLow);
    fact.since = 9;
    fact.detail.remaining_mb = Some(3.5);
    let goes_on = fact.clone();
    done(&db, AlertStep::GoOn { id, fact: goes_on });
    assert_eq!(alert(&db, id).fact, fact);
}

#[test]
fn a_cleared_alert_owes_nothing_and_says_since_when_it_is() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    assert_eq!(changed(&db, AlertStep::Clear { id }), [id]);
    let alert = alert(&db, id);
    assert_eq!(alert.state, AlertState::Cleared);
    assert_eq!((alert.owed, alert.cleared_at_ms), (false, Some(NOW)));
}

#[test]
fn an_alert_is_cleared_once() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Clear { id });
    assert_eq!(changed(&db, AlertStep::Clear { id }), [0_i64; 0]);
}

#[test]
fn an_alert_that_was_cleared_meanwhile_stays_so_when_somebody_takes_it_up() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Clear { id });
    changed(&db, acknowledge(id, None));
    assert_eq!(state(&db, id), AlertState::Cleared);
    assert_eq!(alert(&db, id).acknowledged_at_ms, Some(NOW));
}

#[test]
fn taking_up_without_a_note_leaves_the_note_that_is_there() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, acknowledge(id, Some("Called")));
    changed(&db, acknowledge(id, None));
    assert_eq!(alert(&db, id).note.as_deref(), Some("Called"));
}

#[test]
fn what_was_taken_up_by_mistake_is_new_again() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, acknowledge(id, None));
    assert_eq!(changed(&db, AlertStep::Reopen { ids: vec![id] }), [id]);
    assert_eq!(state(&db, id), AlertState::New);
    assert_eq!(alert(&db, id).acknowledged_at_ms, None);
}

#[test]
fn what_was_cleared_is_not_made_new_by_hand() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Clear { id });
    let reopened = changed(&db, AlertStep::Reopen { ids: vec![id] });
    assert_eq!(reopened, [0_i64; 0]);
}

#[test]
fn what_was_cleared_is_not_put_off() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Clear { id });
    assert_eq!(changed(&db, snooze(id, 100)), [0_i64; 0]);
}

#[test]
fn what_was_put_off_wakes_when_its_time_has_come_and_not_before() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, snooze(id, 100));
    assert_eq!(changed(&db, AlertStep::Wake { now: 99 }), [0_i64; 0]);
    assert_eq!(changed(&db, AlertStep::Wake { now: 100 }), [id]);
    assert_eq!(state(&db, id), AlertState::New);
    assert!(alert(&db, id).owed);
}

#[test]
fn a_notification_that_was_shown_is_owed_no_more() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    changed(&db, AlertStep::Shown { ids: vec![id] });
    let alert = alert(&db, id);
    assert_eq!((alert.owed, alert.shown_at_ms), (false, Some(NOW)));
}

#[test]
fn what_a_muted_esim_owes_waits_until_it_is_muted_no_more() {
    let db = with_two_esims();
    let mute = |muted| AlertStep::Mute { esim: 1, muted };
    done(&db, mute(true));
    let id = raise(&db, about(1, Rule::Expired));
    assert!(alert(&db, id).muted && alert(&db, id).owed);
    done(&db, mute(false));
    assert!(!alert(&db, id).muted && alert(&db, id).owed);
}

#[test]
fn how_far_news_were_looked_at_is_remembered() {
    let db = database();
    let seen = || Reader { db: &db }.alerts_seen_up_to().unwrap();
    assert_eq!(seen(), 0);
    done(&db, AlertStep::SeenUpTo { event: 7 });
    assert_eq!(seen(), 7);
}

#[test]
fn alerts_of_an_esim_that_became_another_are_that_ones() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Expired));
    move_to(&db, 1, 2, NOW).unwrap();
    assert_eq!(alert(&db, id).fact.subject, Subject::Esim(2));
    let open = Reader { db: &db }.open_alerts_of(2).unwrap();
    assert_eq!(open.len(), 1);
}

#[test]
fn of_two_esims_that_had_the_same_alert_the_survivors_stays() {
    let db = with_two_esims();
    let gone = raise(&db, about(1, Rule::Expired));
    let kept = raise(&db, about(2, Rule::Expired));
    move_to(&db, 1, 2, NOW).unwrap();
    let reader = Reader { db: &db };
    assert_eq!(reader.alert(gone).unwrap(), None);
    assert_eq!(reader.open_alerts().unwrap()[0].id, kept);
}

#[test]
fn an_esim_that_became_a_muted_one_is_muted() {
    let db = with_two_esims();
    let esim = 1;
    done(&db, AlertStep::Mute { esim, muted: true });
    move_to(&db, 1, 2, NOW).unwrap();
    let reader = Reader { db: &db };
    assert!(reader.is_muted(2).unwrap() && !reader.is_muted(1).unwrap());
}

#[test]
fn new_alerts_are_counted_by_how_grave_they_are() {
    let db = with_two_esims();
    raise(&db, about(1, Rule::Revoked));
    raise(&db, about(1, Rule::Expired));
    raise(&db, about(2, Rule::FirstActivation));
    let counts = Reader { db: &db }.alert_counts().unwrap();
    assert_eq!(
        (counts.unread, counts.attention, counts.critical),
        (3, 2, 1)
    );
}

#[test]
fn alerts_that_somebody_took_up_or_put_off_are_counted_apart() {
    let db = with_two_esims();
    let taken_up = raise(&db, about(1, Rule::Revoked));
    let put_off = raise(&db, about(2, Rule::Revoked));
    changed(&db, acknowledge(taken_up, None));
    changed(&db, snooze(put_off, 100));
    let counts = Reader { db: &db }.alert_counts().unwrap();
    assert_eq!(
        (counts.unread, counts.acknowledged, counts.snoozed),
        (0, 1, 1)
    );
}

#[test]
fn alerts_that_were_cleared_are_not_counted() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Revoked));
    changed(&db, AlertStep::Clear { id });
    let counts = Reader { db: &db }.alert_counts().unwrap();
    assert_eq!(counts, AlertCounts::default());
}

#[test]
fn a_rule_of_a_newer_version_is_passed_over() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::Revoked));
    db.execute("UPDATE alerts SET rule = 'moon_rises'", [])
        .unwrap();
    assert_eq!(Reader { db: &db }.alert(id).unwrap(), None);
    assert_eq!(Reader { db: &db }.new_alerts_by_rule(3).unwrap(), []);
}

#[test]
fn details_that_another_version_wrote_are_only_missing_from_the_text() {
    let db = with_two_esims();
    let id = raise(&db, about(1, Rule::DataLow));
    db.execute("UPDATE alerts SET detail = '7'", []).unwrap();
    assert_eq!(alert(&db, id).fact.detail, Detail::default());
}

#[test]
fn what_was_raised_or_cleared_by_a_clock_that_was_ahead_was_so_by_now() {
    const HOUR_MS: i64 = 3_600_000;
    let db = with_two_esims();
    let now_ms = 1_764_230_400_000;
    let at = |step: AlertStep, at_ms: i64| apply(&db, &step, at_ms).unwrap();
    let raise_at = |esim: i64, rule: Rule, at_ms: i64| {
        let fact = about(esim, rule);
        match at(AlertStep::Raise { fact, owed: true }, at_ms) {
            AlertDone::Open(opened) => opened.id,
            done => panic!("{done:?}"),
        }
    };
    let (ahead, right, before) = (
        raise_at(1, Rule::ExpiresSoon, now_ms + 9 * HOUR_MS),
        raise_at(2, Rule::ExpiresSoon, now_ms - HOUR_MS),
        // It was set right, and the program ended before that was believed.
        raise_at(2, Rule::PastEnd, now_ms + 9 * HOUR_MS),
    );
    at(AlertStep::Clear { id: before }, now_ms - 20 * HOUR_MS);
    at(AlertStep::Clear { id: ahead }, now_ms + 10 * HOUR_MS);
    at(AlertStep::Clear { id: right }, now_ms + HOUR_MS / 2);
    let step = AlertStep::SetBack { now: now_ms / 1000 };
    assert_eq!(at(step, now_ms), AlertDone::Changed(vec![ahead, before]));
    let times = |id: i64| (alert(&db, id).raised_at_ms, alert(&db, id).cleared_at_ms);
    assert_eq!(times(ahead), (now_ms, Some(now_ms)));
    assert_eq!(times(right), (now_ms - HOUR_MS, Some(now_ms + HOUR_MS / 2)));
    let cleared_ms = now_ms - 20 * HOUR_MS;
    assert_eq!(times(before), (cleared_ms, Some(cleared_ms)));
}
