//! The two warnings before the end of a period.

use super::*;

/// Every status in which somebody may still be warned.
const ALIVE: [Status; 6] = [
    Status::New,
    Status::Ready,
    Status::Installed,
    Status::Activated,
    Status::Inactive,
    Status::Unknown,
];

fn idle() -> EsimState {
    in_period(Status::Inactive, START)
}

/// An eSIM whose whole period is one day.
fn for_a_day() -> EsimState {
    EsimState {
        period_end: Some(START + DAY_SECS),
        ..in_period(Status::Activated, START)
    }
}

#[test]
fn the_first_warning_comes_a_day_before_the_end_in_every_living_status() {
    for status in ALIVE {
        let esim = in_period(status, START);
        assert!(!rules(&esim, END - DAY_SECS - 1).contains(&Rule::ExpiresSoon));
        assert!(rules(&esim, END - DAY_SECS).contains(&Rule::ExpiresSoon));
    }
}

#[test]
fn the_first_warning_names_the_end() {
    let warning = only(&idle(), END - DAY_SECS);
    assert_eq!(warning.rule, Rule::ExpiresSoon);
    assert_eq!(warning.occasion, format!("end:{END}"));
    assert_eq!(warning.since, END - DAY_SECS);
    assert_eq!(warning.detail.at, Some(END));
}

#[test]
fn the_last_warning_takes_the_place_of_the_first() {
    let last = END - 3 * HOUR_SECS;
    assert_eq!(rules(&idle(), last - 1), [Rule::ExpiresSoon]);
    assert_eq!(rules(&idle(), last), [Rule::ExpiresVerySoon]);
}

#[test]
fn the_last_warning_lasts_to_the_end() {
    assert_eq!(rules(&idle(), END - 1), [Rule::ExpiresVerySoon]);
    assert_eq!(rules(&idle(), END), []);
}

#[test]
fn without_the_last_warning_the_first_lasts_to_the_end() {
    let settings = off(Rule::ExpiresVerySoon);
    assert_eq!(rules_with(&settings, &idle(), END - 1), [Rule::ExpiresSoon]);
}

#[test]
fn without_the_first_warning_the_last_still_comes() {
    let settings = off(Rule::ExpiresSoon);
    assert_eq!(rules_with(&settings, &idle(), END - DAY_SECS), []);
    assert_eq!(
        rules_with(&settings, &idle(), END - 1),
        [Rule::ExpiresVerySoon]
    );
}

#[test]
fn a_package_for_a_day_is_not_said_to_expire_when_it_begins() {
    assert_eq!(rules(&for_a_day(), START + HOUR_SECS), []);
}

#[test]
fn a_package_for_a_day_is_one_also_when_its_end_is_told_some_seconds_later() {
    for later in [1, 2, 60] {
        let esim = EsimState {
            period_end: Some(START + DAY_SECS + later),
            ..for_a_day()
        };
        assert_eq!(rules(&esim, START + HOUR_SECS), [], "{later}");
        assert_eq!(rules(&esim, START + 3 * HOUR_SECS), [], "{later}");
    }
}

#[test]
fn a_package_for_a_day_gets_the_last_warning() {
    assert_eq!(
        rules(&for_a_day(), START + 22 * HOUR_SECS),
        [Rule::ExpiresVerySoon]
    );
}

#[test]
fn a_package_for_two_hours_gets_no_warning() {
    let esim = EsimState {
        period_end: Some(START + 2 * HOUR_SECS),
        ..in_period(Status::Activated, START)
    };
    assert_eq!(rules(&esim, START + HOUR_SECS), []);
}

#[test]
fn a_warning_that_is_set_to_come_earlier_is_the_same() {
    let earlier = AlertSettings {
        expires_soon_hours: 48,
        ..AlertSettings::default()
    };
    let facts = esim_facts(17, &idle(), &earlier, END - DAY_SECS);
    assert_eq!(facts[0].occasion, only(&idle(), END - DAY_SECS).occasion);
}

#[test]
fn an_extended_period_is_warned_of_anew() {
    let extended = EsimState {
        period_end: Some(END + 7 * DAY_SECS),
        ..idle()
    };
    assert_eq!(rules(&extended, END - DAY_SECS), []);
    assert_ne!(
        only(&extended, END + 6 * DAY_SECS).occasion,
        only(&idle(), END - DAY_SECS).occasion
    );
}

#[test]
fn the_next_look_is_at_the_first_warning_and_then_at_the_last() {
    let next = |now| next_check(&idle(), &AlertSettings::default(), now);
    let (first, last) = (END - DAY_SECS, END - 3 * HOUR_SECS);
    assert_eq!(next(START), Some(first));
    assert_eq!(next(first), Some(last));
    assert_eq!(next(last), Some(END));
    assert_eq!(next(END), Some(END + HOUR_SECS));
}
