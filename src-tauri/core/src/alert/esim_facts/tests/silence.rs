//! When nothing is to be said.

use super::*;

#[test]
fn a_deleted_esim_raises_nothing() {
    raises_nothing(Status::Deleted);
}

#[test]
fn of_a_status_that_is_unknown_to_this_version_nothing_is_guessed() {
    raises_nothing(Status::Other("SUSPENDED".to_owned()));
}

/// An eSIM in this status, with every reason for an alert, raises none and wakes nobody.
#[track_caller]
fn raises_nothing(status: Status) {
    let esim = EsimState {
        first_activated_at: Some(START),
        status: Some(status),
        ..with_data(3072.0, 0.0)
    };
    for now in [START, END - HOUR_SECS, END + 2 * HOUR_SECS] {
        assert_eq!(rules(&esim, now), []);
    }
    assert_eq!(next_check(&esim, &AlertSettings::default(), START), None);
}

#[test]
fn an_esim_of_which_nothing_is_known_raises_nothing() {
    assert_eq!(rules(&EsimState::default(), START), []);
}

#[test]
fn a_rule_that_is_off_finds_nothing() {
    let esim = in_period(Status::Expired, START);
    assert_eq!(rules_with(&off(Rule::Expired), &esim, START), []);
}

#[test]
fn a_rule_that_is_off_wakes_nobody() {
    let esim = in_period(Status::Expired, START);
    assert_eq!(next_check(&esim, &off(Rule::Expired), START), None);
}

#[test]
fn an_old_store_wakes_up_in_silence() {
    let years_later = END + 700 * DAY_SECS;
    for status in Status::KNOWN {
        let mut esim = with_data(1000.0, 0.0);
        esim.first_activated_at = Some(START);
        esim.status = Some(status);
        for (start, end) in [(Some(START), Some(END)), (Some(START), None), (None, None)] {
            (esim.period_start, esim.period_end) = (start, end);
            assert_eq!(rules(&esim, years_later), [], "{esim:?}");
            assert_eq!(
                next_check(&esim, &AlertSettings::default(), years_later),
                None
            );
        }
    }
}
