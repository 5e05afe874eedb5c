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

/// Which expiries a desk is told of when these events arrive.
fn expiries(arriving: &[Event]) -> usize {
    let told = told_live(arriving).into_iter();
    told.filter(|(rule, _)| *rule == Rule::Expired).count()
}

/// The same event in another period.
fn within(mut event: Event, start: Option<i64>, end: Option<i64>) -> Event {
    (event.period_start, event.period_end) = (start, end);
    event
}

#[test]
fn a_period_that_was_made_longer_expires_again() {
    let longer = |event| within(event, Some(START), Some(END + DAY_SECS));
    let arriving = [
        status("EXPIRED", END + 5),
        longer(status("ACTIVATED", END + HOUR_SECS)),
        longer(status("EXPIRED", END + DAY_SECS)),
    ];
    assert_eq!(expiries(&arriving), 2);
}

#[test]
fn an_expiry_told_again_by_an_earlier_event_that_comes_late_is_the_same() {
    let mut late = usage(END + 3 * HOUR_SECS, 3072.0, 0.0);
    late.status = Some(Status::Expired);
    let arriving = [late, status("EXPIRED", END + 5), status("EXPIRED", END + 5)];
    assert_eq!(told(&arriving, END + 3 * HOUR_SECS).len(), 1);
}

#[test]
fn an_expiry_of_which_the_period_is_learnt_later_is_the_same() {
    let mut report = within(usage(END + 4 * HOUR_SECS, 3072.0, 0.0), None, Some(END));
    report.status = Some(Status::Expired);
    let arriving = [within(status("EXPIRED", END + 5), None, None), report];
    assert_eq!(expiries(&arriving), 1);
}

#[test]
fn an_expiry_of_which_the_end_is_cut_short_is_the_same() {
    let at = START + 3 * DAY_SECS;
    let mut report = within(
        usage(at + 4 * HOUR_SECS, 3072.0, 0.0),
        Some(START),
        Some(at),
    );
    report.status = Some(Status::Expired);
    let arriving = [status("EXPIRED", at), report];
    assert_eq!(expiries(&arriving), 1);
}

/// A package that was bought after the expiry, told by a report that still says EXPIRED.
fn bought_again() -> (Event, i64, i64) {
    let start = END + DAY_SECS;
    let mut report = usage(start + HOUR_SECS, 3000.0, 3000.0);
    report.status = Some(Status::Expired);
    let end = start + 7 * DAY_SECS;
    (within(report, Some(start), Some(end)), start, end)
}

#[test]
fn a_package_that_was_just_bought_has_not_expired() {
    let (report, start, _) = bought_again();
    let arriving = [status("EXPIRED", END + 5), report];
    assert_eq!(expiries(&arriving), 1);
    let esim = EsimState::fold(arriving.to_vec());
    assert_eq!(rules(&esim, start + HOUR_SECS), []);
}

#[test]
fn the_package_that_was_bought_expires_whether_its_activation_came_or_not() {
    let (report, start, end) = bought_again();
    let next = |event| within(event, Some(start), Some(end));
    let mut arriving = vec![status("EXPIRED", END + 5), report];
    arriving.push(next(status("EXPIRED", end + 5)));
    assert_eq!(expiries(&arriving), 2);
    arriving.insert(2, next(status("ACTIVATED", start + 2 * HOUR_SECS)));
    assert_eq!(expiries(&arriving), 2);
}

#[test]
fn a_withdrawal_holds_for_a_month() {
    let esim = revoked(START + DAY_SECS);
    let until = START + 31 * DAY_SECS;
    assert_eq!(rules(&esim, until - 1), [Rule::Revoked]);
    assert_eq!(rules(&esim, until), []);
}

/// How often a desk is told of a withdrawal when these events arrive.
fn withdrawals(arriving: &[Event]) -> usize {
    let told = told_live(arriving).into_iter();
    told.filter(|(rule, _)| *rule == Rule::Revoked).count()
}

/// A second before midnight, UTC.
const MIDNIGHT: i64 = START + DAY_SECS - START % DAY_SECS;

#[test]
fn a_withdrawal_that_an_earlier_event_tells_of_is_the_same() {
    let arriving = [
        status("REVOKED", MIDNIGHT + 600),
        status("REVOKED", MIDNIGHT - 300),
    ];
    assert_eq!(withdrawals(&arriving), 1);
}

#[test]
fn a_withdrawal_that_flaps_over_midnight_is_one() {
    let arriving = [
        status("REVOKED", MIDNIGHT - 2),
        status("INACTIVE", MIDNIGHT + 1),
        status("REVOKED", MIDNIGHT + 3),
    ];
    assert_eq!(withdrawals(&arriving), 1);
}

#[test]
fn a_withdrawal_after_a_reinstatement_is_another_on_the_same_day_too() {
    let at = START + DAY_SECS;
    let arriving: Vec<Event> = (0..7)
        .flat_map(|n| {
            let at = at + 2 * n * HOUR_SECS;
            [status("REVOKED", at), status("ACTIVATED", at + HOUR_SECS)]
        })
        .collect();
    assert_eq!(withdrawals(&arriving), 7);
}

#[test]
fn a_reinstatement_that_comes_late_parts_two_withdrawals() {
    let at = START + DAY_SECS;
    let arriving = [
        status("REVOKED", at),
        status("REVOKED", at + HOUR_SECS),
        status("ACTIVATED", at + 600),
    ];
    assert_eq!(withdrawals(&arriving), 2);
}

#[test]
fn an_end_after_an_end_is_no_news() {
    let at = END + 2 * DAY_SECS;
    assert_eq!(
        withdrawals(&[status("EXPIRED", END), status("REVOKED", at)]),
        0
    );
    assert_eq!(
        withdrawals(&[status("DELETED", END), status("REVOKED", at)]),
        0
    );
    let arriving = [status("REVOKED", END), status("EXPIRED", at)];
    assert_eq!(expiries(&arriving), 0);
}

#[test]
fn a_withdrawal_in_the_next_period_is_news_although_nobody_said_that_it_began() {
    let (start, end) = (END + DAY_SECS, END + 8 * DAY_SECS);
    let next = within(status("REVOKED", start + DAY_SECS), Some(start), Some(end));
    assert_eq!(withdrawals(&[status("EXPIRED", END), next]), 1);
}

#[test]
fn a_package_of_which_no_status_was_told_ends_what_was_told_of_the_one_before_and_ends_itself() {
    let (start, end) = (END + DAY_SECS, END + 8 * DAY_SECS);
    let next = |event| within(event, Some(start), Some(end));
    let mut report = usage(start + 4 * HOUR_SECS, 3000.0, 2000.0);
    report.status = Some(Status::Unknown);
    for (status_told, told) in [
        ("EXPIRED", expiries as fn(&[Event]) -> usize),
        ("REVOKED", withdrawals),
    ] {
        let mut arriving = vec![status(status_told, END + 5), next(report.clone())];
        let esim = EsimState::fold(arriving.clone());
        assert_eq!(rules(&esim, start + 4 * HOUR_SECS), [], "{status_told}");
        arriving.push(next(status(status_told, start + 2 * DAY_SECS)));
        assert_eq!(told(&arriving), 2, "{status_told}");
    }
}

#[test]
fn a_package_of_which_nothing_but_its_end_was_heard_ran_out() {
    let (start, end) = (END + DAY_SECS, END + 8 * DAY_SECS);
    let ends = within(status("EXPIRED", start + DAY_SECS), Some(start), Some(end));
    assert_eq!(expiries(&[status("EXPIRED", END + 5), ends]), 2);
}

#[test]
fn an_end_that_is_its_start_is_not_known_yet() {
    let esim = EsimState {
        period_end: Some(START),
        ..in_period(Status::Activated, START)
    };
    assert_eq!(rules(&esim, START + 2 * HOUR_SECS), []);
}

#[test]
fn of_what_was_never_on_a_device_nobody_says_that_it_is_past_its_end() {
    let esim = in_period(Status::New, START);
    assert_eq!(rules(&esim, END + 2 * HOUR_SECS), []);
}

#[test]
fn an_end_that_was_told_of_is_not_said_to_be_silent_when_the_next_package_is_awaited() {
    let arriving = [
        status("ACTIVATED", START),
        status("EXPIRED", END + 5),
        within(status("INSTALLED", END + 2 * HOUR_SECS), None, None),
    ];
    let told = told_live(&arriving);
    assert!(
        told.iter().all(|(rule, _)| *rule != Rule::PastEnd),
        "{told:?}"
    );
}

#[test]
fn an_early_end_that_was_taken_back_says_nothing_of_the_later_one() {
    let arriving = [
        status("EXPIRED", START + DAY_SECS),
        status("ACTIVATED", START + 2 * DAY_SECS),
    ];
    let told = told(&arriving, END + 2 * HOUR_SECS);
    assert!(
        told.iter().any(|(rule, _)| *rule == Rule::PastEnd),
        "{told:?}"
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
        [(Rule::Expired, format!("since:{END}"))]
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
