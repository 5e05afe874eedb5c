//! What the engine remembers of open alerts and of times.

use super::super::open_alerts::{OpenAlert, OpenAlerts, Timers};
use super::*;
use crate::alert::{Detail, Fact, Subject};

const ESIM: Subject = Subject::Esim(7);

fn open(id: i64, rule: Rule, snoozed_until: Option<i64>) -> OpenAlert {
    let fact = Fact {
        subject: ESIM,
        rule,
        occasion: "once".to_owned(),
        since: 0,
        detail: Detail::default(),
    };
    OpenAlert {
        id,
        fact,
        raised_at: 0,
        snoozed_until,
        acknowledged: false,
    }
}

/// The ids of an eSIM's open alerts.
fn ids(open: &OpenAlerts) -> Vec<i64> {
    open.of(&ESIM).map(|open| open.id).collect()
}

fn due(timers: &Timers, now: i64) -> Vec<i64> {
    timers.due(now).collect()
}

#[test]
fn an_open_alert_is_found_by_its_subject_and_rule() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, None));
    let expired = open(9, Rule::Expired, None).fact;
    assert_eq!(alerts.exactly(&expired).unwrap().id, 1);
    assert!(alerts.has(&ESIM, Rule::Expired));
    assert!(!alerts.has(&ESIM, Rule::Revoked));
    assert!(!alerts.has(&Subject::Account, Rule::Expired));
}

#[test]
fn a_subject_has_one_open_alert_of_each_rule() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, None));
    alerts.add(open(2, Rule::Expired, None));
    assert_eq!(ids(&alerts), [2]);
}

#[test]
fn an_alert_that_is_removed_is_open_no_more() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, None));
    alerts.add(open(2, Rule::Revoked, None));
    alerts.remove(1);
    assert_eq!(ids(&alerts), [2]);
    assert_eq!(alerts.all().count(), 1);
}

#[test]
fn removing_what_is_not_open_changes_nothing() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, None));
    alerts.remove(9);
    assert_eq!(ids(&alerts), [1]);
}

#[test]
fn the_next_alert_to_be_told_again_is_the_one_that_was_put_off_least() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, Some(200)));
    alerts.add(open(2, Rule::Revoked, Some(100)));
    assert_eq!(alerts.next_snoozed(), Some(100));
    alerts.remove(2);
    assert_eq!(alerts.next_snoozed(), Some(200));
}

#[test]
fn an_alert_that_is_put_off_no_more_is_not_waited_for() {
    let mut alerts = OpenAlerts::default();
    alerts.add(open(1, Rule::Expired, Some(200)));
    alerts.add(open(1, Rule::Expired, None));
    assert_eq!(alerts.next_snoozed(), None);
    assert_eq!(ids(&alerts), [1]);
}

#[test]
fn a_timer_is_due_from_its_second_on_until_it_is_set_again() {
    let mut timers = Timers::default();
    timers.set(7, Some(100));
    assert_eq!(due(&timers, 99), [0_i64; 0]);
    assert_eq!(due(&timers, 100), [7]);
    assert_eq!(due(&timers, 500), [7]);
    timers.set(7, Some(600));
    assert_eq!(due(&timers, 500), [0_i64; 0]);
}

#[test]
fn a_timer_that_is_ended_is_never_due() {
    let mut timers = Timers::default();
    timers.set(7, Some(100));
    timers.set(7, None);
    assert_eq!((due(&timers, i64::MAX), timers.next()), (vec![], None));
}

#[test]
fn the_next_timer_is_the_earliest() {
    let mut timers = Timers::default();
    timers.set(7, Some(300));
    timers.set(8, Some(200));
    assert_eq!(timers.next(), Some(200));
    assert_eq!(due(&timers, 300), [8, 7]);
}
