//! What is just within the bounds, and what is just beyond them.

use super::*;

/// Whether the usual settings with this change are taken.
fn takes(change: impl FnOnce(&mut AlertSettings)) -> bool {
    let mut settings = AlertSettings::default();
    change(&mut settings);
    settings.check().is_ok()
}

/// Takes both bounds of a number, and nothing beyond either.
#[track_caller]
fn is_bounded(set: fn(&mut AlertSettings, u32), least: u32, most: u32) {
    for value in [least, most] {
        assert!(takes(|settings| set(settings, value)), "{value}");
    }
    for value in [least - 1, most + 1] {
        assert!(!takes(|settings| set(settings, value)), "{value}");
    }
}

/// The usual settings, quiet between these minutes of the day.
fn takes_quiet(from_minute: u16, to_minute: u16) -> bool {
    takes(|settings| {
        settings.quiet = Some(Quiet {
            from_minute,
            to_minute,
        });
    })
}

#[test]
fn the_first_warning_comes_two_hours_to_a_week_ahead() {
    let set = |settings: &mut AlertSettings, hours| {
        settings.expires_soon_hours = hours;
        settings.expires_very_soon_hours = 1;
    };
    is_bounded(set, 2, 168);
}

#[test]
fn the_last_warning_comes_an_hour_to_three_days_ahead() {
    let set = |settings: &mut AlertSettings, hours| {
        settings.expires_soon_hours = 168;
        settings.expires_very_soon_hours = hours;
    };
    is_bounded(set, 1, 72);
}

#[test]
fn the_last_warning_comes_later_than_the_first() {
    let takes = |soon, very_soon| {
        takes(|settings| {
            settings.expires_soon_hours = soon;
            settings.expires_very_soon_hours = very_soon;
        })
    };
    assert!(takes(25, 24));
    assert!(!takes(24, 24));
}

#[test]
fn data_may_be_low_from_one_to_ninety_percent() {
    is_bounded(
        |settings, percent| settings.data_low_percent = percent,
        1,
        90,
    );
}

#[test]
fn a_trip_is_warned_of_an_hour_to_two_weeks_ahead() {
    is_bounded(
        |settings, hours| settings.not_installed_hours = hours,
        1,
        336,
    );
}

#[test]
fn an_order_may_wait_a_day_to_ninety() {
    is_bounded(|settings, days| settings.not_installed_days = days, 1, 90);
}

#[test]
fn silence_is_told_after_five_hours_to_a_week() {
    is_bounded(|settings, hours| settings.no_event_hours = hours, 5, 168);
}

#[test]
fn one_to_two_hundred_refusals_pile_up() {
    is_bounded(|settings, count| settings.refusals_per_hour = count, 1, 200);
}

#[test]
fn quiet_hours_may_go_over_midnight() {
    assert!(takes_quiet(1439, 0));
}

#[test]
fn quiet_hours_of_no_length_are_refused() {
    assert!(!takes_quiet(420, 420));
}

#[test]
fn a_minute_that_no_day_has_is_refused() {
    assert!(!takes_quiet(0, 1440));
    assert!(!takes_quiet(1440, 0));
}

#[test]
fn what_is_no_setting_of_a_rule_is_not_read_as_one() {
    let read = serde_json::from_str::<AlertSettings>;
    assert!(read(r#"{"rules":{"expired":{"enabled":"perhaps"}}}"#).is_err());
}

#[test]
fn a_limit_of_an_earlier_version_that_is_never_reached_is_the_largest_that_is() {
    let kept: AlertSettings = serde_json::from_str(r#"{"refusalsPerHour":5000}"#).unwrap();
    assert_eq!(kept.refusals_per_hour, 200);
    assert_eq!(kept.check(), Ok(()));
}
