//! What ended: expiries, withdrawals, and ends that nobody told of.

use super::*;

fn expired() -> EsimState {
    in_period(Status::Expired, END + 5)
}

fn revoked(since: i64) -> EsimState {
    in_period(Status::Revoked, since)
}

#[test]
fn an_expiry_says_since_when() {
    let fact = only(&expired(), END + 5);
    assert_eq!((fact.rule, fact.since), (Rule::Expired, END + 5));
}

#[test]
fn an_expiry_holds_for_a_week() {
    let until = END + 5 + 7 * DAY_SECS;
    assert_eq!(rules(&expired(), until - 1), [Rule::Expired]);
    assert_eq!(rules(&expired(), until), []);
}

#[test]
fn an_expiry_belongs_to_its_period() {
    let fact = only(&expired(), END + 5);
    assert_eq!(fact.occasion, format!("start:{START}/end:{END}"));
}

#[test]
fn a_period_that_was_made_longer_expires_again() {
    let mut longer = in_period(Status::Expired, END + DAY_SECS);
    longer.period_end = Some(END + DAY_SECS);
    let again = only(&longer, END + DAY_SECS).occasion;
    assert_ne!(again, only(&expired(), END + 5).occasion);
}

#[test]
fn an_expiry_told_again_by_an_earlier_event_that_comes_late_is_the_same() {
    let mut late = usage(END + 3 * HOUR_SECS, 3072.0, 0.0);
    late.status = Some(Status::Expired);
    let arriving = [late, status("EXPIRED", END + 5), status("EXPIRED", END + 5)];
    assert_eq!(
        told(&arriving, END + 3 * HOUR_SECS),
        [(Rule::Expired, format!("start:{START}/end:{END}"))]
    );
}

#[test]
fn an_expiry_of_which_only_the_end_is_known_belongs_to_it() {
    let esim = EsimState {
        period_start: None,
        ..expired()
    };
    assert_eq!(only(&esim, END).occasion, format!("end:{END}"));
}

#[test]
fn an_expiry_without_a_period_belongs_to_its_day() {
    let esim = EsimState {
        period_start: None,
        period_end: None,
        ..expired()
    };
    let day = (END + 5) / DAY_SECS;
    assert_eq!(only(&esim, END).occasion, format!("day:{day}"));
}

#[test]
fn a_withdrawal_holds_for_a_month() {
    let esim = revoked(START + DAY_SECS);
    let until = START + 31 * DAY_SECS;
    assert_eq!(rules(&esim, until - 1), [Rule::Revoked]);
    assert_eq!(rules(&esim, until), []);
}

#[test]
fn a_withdrawal_that_an_earlier_event_tells_of_is_the_same() {
    let now = START + DAY_SECS;
    let told_late = only(&revoked(now - 2), now).occasion;
    assert_eq!(told_late, only(&revoked(now), now).occasion);
}

#[test]
fn a_withdrawal_after_a_reinstatement_is_another() {
    let (once, again) = (START + DAY_SECS, START + 3 * DAY_SECS);
    assert_ne!(
        only(&revoked(again), again).occasion,
        only(&revoked(once), once).occasion
    );
}

#[test]
fn late_events_that_change_nothing_now_find_nothing() {
    let arriving = [
        status("EXPIRED", END),
        status("ACTIVATED", START),
        status("NEW", START - DAY_SECS),
    ];
    assert_eq!(
        told(&arriving, END),
        [(Rule::Expired, format!("start:{START}/end:{END}"))]
    );
}

#[test]
fn an_end_that_nobody_tells_of_is_told_after_an_hour() {
    let esim = in_period(Status::Activated, START);
    assert_eq!(rules(&esim, END + HOUR_SECS - 1), []);
    let fact = only(&esim, END + HOUR_SECS);
    assert_eq!((fact.rule, fact.since), (Rule::PastEnd, END));
    assert_eq!(fact.detail.at, Some(END));
}

#[test]
fn an_end_that_nobody_tells_of_holds_for_a_month() {
    let esim = in_period(Status::Activated, START);
    assert_eq!(rules(&esim, END + 30 * DAY_SECS - 1), [Rule::PastEnd]);
    assert_eq!(rules(&esim, END + 30 * DAY_SECS), []);
}

#[test]
fn an_end_that_was_told_of_is_no_silent_one() {
    let esim = in_period(Status::Expired, END + HOUR_SECS);
    assert_eq!(rules(&esim, END + HOUR_SECS), [Rule::Expired]);
}
