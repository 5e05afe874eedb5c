//! What is left of the data.

use super::*;

/// A day into the period.
const NOW: i64 = START + DAY_SECS;

/// The rules that hold for a package of 1,000 MB of which this much is left.
fn with_left(remaining: f64) -> Vec<Rule> {
    rules(&with_data(1000.0, remaining), NOW)
}

#[test]
fn data_is_low_under_the_limit_and_not_at_it() {
    assert_eq!(with_left(200.0), []);
    assert_eq!(with_left(199.9), [Rule::DataLow]);
}

#[test]
fn data_is_low_to_the_last_bit_and_then_used_up() {
    assert_eq!(with_left(0.1), [Rule::DataLow]);
    assert_eq!(with_left(0.0), [Rule::DataUsedUp]);
}

#[test]
fn the_limit_for_low_data_can_be_set() {
    let settings = AlertSettings {
        data_low_percent: 50,
        ..AlertSettings::default()
    };
    let esim = with_data(1000.0, 499.0);
    assert_eq!(rules_with(&settings, &esim, NOW), [Rule::DataLow]);
    assert_eq!(rules(&esim, NOW), []);
}

#[test]
fn low_data_names_how_much_is_left_and_of_which_package() {
    let low = only(&with_data(3072.0, 307.2), NOW);
    assert_eq!(low.occasion, format!("start:{START}/3072"));
    assert_eq!(low.detail.remaining_mb, Some(307.2));
    assert!((low.detail.percent.unwrap() - 10.0).abs() < 1e-9);
}

#[test]
fn less_than_nothing_is_told_as_nothing() {
    let over = only(&with_data(1000.0, -3.0), NOW);
    assert_eq!(over.rule, Rule::DataUsedUp);
    let told = (over.detail.remaining_mb, over.detail.percent);
    assert_eq!(told, (Some(0.0), Some(0.0)));
}

#[test]
fn unlimited_data_raises_nothing() {
    let mut esim = with_data(0.0, 0.0);
    esim.usage.unlimited = Some(true);
    assert_eq!(rules(&esim, NOW), []);
}

#[test]
fn data_of_which_nobody_knows_what_is_left_raises_nothing() {
    let mut esim = with_data(1000.0, 0.0);
    esim.usage.remaining_mb = None;
    assert_eq!(rules(&esim, NOW), []);
}

#[test]
fn nothing_left_is_used_up_whatever_there_was_and_anything_else_is_not_known_to_be_little() {
    let mut esim = with_data(1000.0, 0.0);
    let known = only(&esim, NOW);
    esim.usage.allowed_mb = None;
    let found = only(&esim, NOW);
    assert_eq!(found.rule, Rule::DataUsedUp);
    let kept = Kept {
        fact: &found,
        raised_at: NOW,
        open: true,
    };
    assert_eq!(matter(&kept, &known, NOW), Matter::Same, "learnt late");
    esim.status = Some(Status::Inactive);
    assert_eq!(rules(&esim, NOW), [Rule::DataUsedUp]);
    esim.status = Some(Status::Activated);
    esim.usage.remaining_mb = Some(1.0);
    assert_eq!(rules(&esim, NOW), []);
    esim.usage = Usage {
        remaining_mb: Some(0.0),
        unlimited: Some(true),
        ..Usage::default()
    };
    assert_eq!(rules(&esim, NOW), []);
}

#[test]
fn nothing_left_before_the_first_use_of_a_package_of_unknown_size_is_no_news() {
    let mut esim = with_data(1000.0, 0.0);
    esim.usage.allowed_mb = None;
    for status in [Status::New, Status::Ready] {
        esim.status = Some(status);
        assert!(!rules(&esim, NOW).contains(&Rule::DataUsedUp));
    }
}

#[test]
fn data_stops_mattering_at_the_end_of_the_period() {
    let esim = with_data(1000.0, 0.0);
    assert!(rules(&esim, END - 1).contains(&Rule::DataUsedUp));
    assert_eq!(rules(&esim, END), []);
}

#[test]
fn data_stops_mattering_after_a_month_of_silence() {
    let esim = EsimState {
        period_end: None,
        ..with_data(1000.0, 0.0)
    };
    assert_eq!(rules(&esim, START + 30 * DAY_SECS - 1), [Rule::DataUsedUp]);
    assert_eq!(rules(&esim, START + 30 * DAY_SECS), []);
}

#[test]
fn data_of_an_expired_esim_does_not_matter() {
    let esim = EsimState {
        status: Some(Status::Expired),
        ..with_data(1000.0, 0.0)
    };
    assert_eq!(rules(&esim, START), [Rule::Expired]);
}

#[test]
fn reports_around_the_limit_and_flapping_are_one_occasion_each() {
    let mut reports = vec![status("ACTIVATED", START + 1)];
    let left = [768.0, 610.0, 620.0, 600.0, 307.2, 307.2, 0.0, 0.0];
    for (remaining, hour) in left.into_iter().zip(1..) {
        reports.push(usage(START + hour * HOUR_SECS, 3072.0, remaining));
        reports.push(status("INACTIVE", START + hour * HOUR_SECS + 6));
        reports.push(status("ACTIVATED", START + hour * HOUR_SECS + 8));
    }
    let occasion = format!("start:{START}/3072");
    assert_eq!(
        told(&reports, START + DAY_SECS - HOUR_SECS),
        [
            (Rule::FirstActivation, "first".to_owned()),
            (Rule::DataLow, occasion.clone()),
            (Rule::DataUsedUp, occasion)
        ]
    );
}

/// The occasion of an eSIM that is low on data, after this change of it.
fn low_after(change: impl FnOnce(&mut EsimState)) -> String {
    let mut esim = with_data(1000.0, 100.0);
    change(&mut esim);
    only(&esim, NOW).occasion
}

#[test]
fn a_package_name_that_is_learned_late_is_no_new_occasion() {
    let named = low_after(|esim| esim.usage.package_name = Some("1 GB - 7 Days".to_owned()));
    assert_eq!(named, low_after(|_| {}));
}

#[test]
fn a_package_of_another_size_is_a_new_occasion() {
    let larger = low_after(|esim| esim.usage.allowed_mb = Some(2000.0));
    assert_ne!(larger, low_after(|_| {}));
}

#[test]
fn the_same_package_in_a_new_period_is_a_new_occasion() {
    let renewed = low_after(|esim| esim.period_start = Some(NOW));
    assert_ne!(renewed, low_after(|_| {}));
}

#[test]
fn a_package_without_any_data_is_told_while_it_is_in_use() {
    let mut esim = with_data(0.0, 0.0);
    assert_eq!(rules(&esim, NOW), [Rule::ConnectedWithoutData]);
    esim.status = Some(Status::Inactive);
    assert_eq!(rules(&esim, NOW), []);
}

#[test]
fn a_package_without_any_data_is_told_though_nobody_says_what_is_left() {
    let mut esim = with_data(0.0, 0.0);
    esim.usage.remaining_mb = None;
    assert_eq!(rules(&esim, NOW), [Rule::ConnectedWithoutData]);
}

#[test]
fn used_up_data_is_one_alert_whether_connected_or_not() {
    for status in [Status::Activated, Status::Inactive, Status::Installed] {
        let mut esim = with_data(1000.0, 0.0);
        esim.status = Some(status);
        assert_eq!(rules(&esim, NOW), [Rule::DataUsedUp]);
    }
}
