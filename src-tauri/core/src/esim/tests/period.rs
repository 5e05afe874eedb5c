//! Periods, ends and what may take them back.

use super::*;

const DAY: i64 = 86_400;

/// A status event at a day, with its period in days.
fn told(
    kind: &str,
    status: &str,
    day: f64,
    period: Option<(f64, f64)>,
    left: Option<f64>,
) -> Event {
    let at = |day: f64| (day * 86_400.0) as i64;
    let mut body = serde_json::json!({
        "event_category": "esim", "event_type": kind, "esim_id": "a", "timestamp": at(day), "status": status,
    });
    if let Some((start, end)) = period {
        body["start"] = at(start).into();
        body["end"] = at(end).into();
    }
    if let Some(left) = left {
        body["usage_data"] = serde_json::json!({"allowed_data": 3000, "remaining_data": left});
    }
    parse(body.to_string().as_bytes()).unwrap()
}

pub(super) fn changed(status: &str, day: f64, period: Option<(f64, f64)>) -> Event {
    told("status", status, day, period, None)
}

pub(super) fn report(status: &str, day: f64, period: Option<(f64, f64)>, left: f64) -> Event {
    told("usage", status, day, period, Some(left))
}

pub(super) const FIRST: Option<(f64, f64)> = Some((10.0, 17.0));
const SECOND: Option<(f64, f64)> = Some((15.0, 22.0));

#[test]
fn what_was_left_of_the_last_package_says_nothing_of_the_next() {
    let mut history = vec![
        report("ACTIVATED", 14.0, FIRST, 0.0),
        changed("EXPIRED", 14.5, FIRST),
        changed("ACTIVATED", 15.0, SECOND),
    ];
    let state = EsimState::fold(history.clone());
    assert_eq!(state.usage, Usage::default());
    assert!(!state.usage.is_low(20));
    // A report of the old package that comes late.
    history.push(report("ACTIVATED", 15.1, FIRST, 0.0));
    let state = EsimState::fold(history.clone());
    assert_eq!(state.usage, Usage::default());
    assert_eq!(state.period_start, Some(15 * DAY));
    history.push(report("ACTIVATED", 15.2, SECOND, 2900.0));
    assert_eq!(EsimState::fold(history).usage.remaining_mb, Some(2900.0));
}

#[test]
fn a_change_that_names_the_period_before_takes_the_one_that_runs_away_from_none() {
    let history = [
        changed("ACTIVATED", 10.0, FIRST),
        changed("ACTIVATED", 18.0, Some((18.0, 25.0))),
        report("ACTIVATED", 18.5, Some((18.0, 25.0)), 2000.0),
        changed("INACTIVE", 19.0, FIRST),
    ];
    let state = EsimState::fold(history.to_vec());
    assert_eq!(state.status, Some(Status::Inactive));
    let period = (state.period_start, state.period_end);
    assert_eq!(period, (Some(18 * DAY), Some(25 * DAY)));
    assert_eq!(state.usage.remaining_mb, Some(2000.0));
}

#[test]
fn what_was_measured_before_the_first_known_start_says_nothing_of_it() {
    let before = report("INSTALLED", 9.0, None, 3.0);
    let begun = changed("ACTIVATED", 10.0, FIRST);
    let state = EsimState::fold(vec![before.clone(), begun.clone()]);
    assert_eq!(state.usage, Usage::default());
    // Of its own period, although the start is told later.
    let within = report("ACTIVATED", 11.0, None, 2000.0);
    let told_later = changed("ACTIVATED", 12.0, FIRST);
    let state = EsimState::fold(vec![before, within, told_later]);
    assert_eq!(state.usage.remaining_mb, Some(2000.0));
}

#[test]
fn a_package_that_runs_out_does_not_end_the_next() {
    let mut history = vec![
        changed("ACTIVATED", 10.0, FIRST),
        changed("ACTIVATED", 15.0, SECOND),
        report("ACTIVATED", 16.0, SECOND, 2900.0),
        changed("EXPIRED", 17.0, FIRST),
    ];
    let state = EsimState::fold(history.clone());
    assert_eq!(state.status_text(), "ACTIVATED");
    assert_eq!(state.period_end, Some(22 * DAY));
    assert_eq!(state.usage.remaining_mb, Some(2900.0));
    history.push(changed("EXPIRED", 22.0, SECOND));
    assert_eq!(EsimState::fold(history).status_text(), "EXPIRED");
}

#[test]
fn a_start_that_moves_by_seconds_is_the_same_period() {
    let state = EsimState::fold(vec![
        report("ACTIVATED", 11.0, FIRST, 700.0),
        changed("INACTIVE", 12.0, Some((10.0 + 1.0 / 86_400.0, 17.0))),
    ]);
    assert_eq!(state.usage.remaining_mb, Some(700.0));
}

#[test]
fn a_start_that_is_set_right_for_good_is_believed() {
    let state = EsimState::fold(vec![
        changed("ACTIVATED", 15.0, SECOND),
        report("ACTIVATED", 16.5, Some((14.0, 21.0)), 700.0),
    ]);
    assert_eq!(state.period_start, Some(14 * DAY));
    assert_eq!(state.usage.remaining_mb, Some(700.0));
}

#[test]
fn an_end_that_is_not_behind_its_start_is_none() {
    for end in [10.0, 9.0] {
        let state = EsimState::fold(vec![changed("ACTIVATED", 10.0, Some((10.0, end)))]);
        assert_eq!(
            (state.period_start, state.period_end),
            (Some(10 * DAY), None)
        );
        let state = EsimState::fold(vec![
            changed("NEW", 9.0, FIRST),
            changed("ACTIVATED", 10.0, Some((10.0, end))),
        ]);
        assert_eq!(state.period_end, Some(17 * DAY));
    }
}

#[test]
fn a_new_start_without_an_end_takes_the_old_end_away() {
    let mut second = changed("ACTIVATED", 18.0, Some((18.0, 25.0)));
    second.period_end = None;
    let state = EsimState::fold(vec![changed("EXPIRED", 17.0, FIRST), second]);
    assert_eq!(
        (state.period_start, state.period_end),
        (Some(18 * DAY), None)
    );
}

#[test]
fn zero_is_no_period_and_replaces_none() {
    let state = EsimState::fold(vec![
        changed("NEW", 9.0, FIRST),
        changed("READY", 10.0, Some((0.0, 0.0))),
    ]);
    assert_eq!(state.period_start, Some(10 * DAY));
    assert_eq!(state.period_end, Some(17 * DAY));
}

#[test]
fn a_start_that_moves_by_less_than_half_a_day_is_the_same_period_for_a_report() {
    for moved in [-0.49, -0.05, 0.001, 0.05, 0.2, 0.49] {
        let moved = Some((10.0 + moved, 17.0 + moved));
        for end in ["EXPIRED", "REVOKED", "DELETED"] {
            let mut history = vec![
                report("ACTIVATED", 11.0, FIRST, 700.0),
                changed(end, 12.0, None),
                told("usage", "ACTIVATED", 12.3, moved, None),
                told("usage", "ACTIVATED", 12.9, moved, None),
            ];
            let state = EsimState::fold(history.clone());
            assert_eq!(state.status_text(), end, "{moved:?}");
            assert_eq!(state.usage.remaining_mb, Some(700.0), "{moved:?}");
            // A package that was bought since is another, although its webhook was lost.
            history.push(report("ACTIVATED", 15.2, SECOND, 2900.0));
            assert_eq!(EsimState::fold(history).status_text(), "ACTIVATED");
        }
    }
}

#[test]
fn a_report_that_dates_what_ended_to_the_next_midnight_takes_no_end_back() {
    let midnight = Some((13.0, 20.0));
    for known in [None, Some((12.6, 19.6))] {
        let state = EsimState::fold(vec![
            changed("ACTIVATED", 12.6, known),
            changed("REVOKED", 12.7, known),
            report("ACTIVATED", 12.9, midnight, 700.0),
            report("ACTIVATED", 13.1, midnight, 700.0),
        ]);
        assert_eq!(state.status_text(), "REVOKED", "{known:?}");
    }
}

#[test]
fn what_was_withdrawn_before_its_period_began_stays_so() {
    let state = EsimState::fold(vec![
        changed("READY", 9.0, SECOND),
        changed("REVOKED", 12.0, SECOND),
        report("READY", 12.1, SECOND, 3000.0),
    ]);
    assert_eq!(state.status_text(), "REVOKED");
}

#[test]
fn an_end_that_moves_by_an_hour_is_the_same_period() {
    for by in [1.0 / 24.0, 1.0 / 24.0 + 600.0 / 86_400.0] {
        let state = EsimState::fold(vec![
            changed("EXPIRED", 17.0, FIRST),
            report("ACTIVATED", 17.5, Some((10.0, 17.0 + by)), 0.0),
        ]);
        assert_eq!(state.status_text(), "EXPIRED");
        assert_eq!(state.usage.remaining_mb, Some(0.0));
    }
}

#[test]
fn a_package_before_the_known_one_takes_no_end_back() {
    let state = EsimState::fold(vec![
        changed("ACTIVATED", 15.0, SECOND),
        changed("REVOKED", 17.0, SECOND),
        report("ACTIVATED", 17.1, Some((13.0, 20.0)), 700.0),
    ]);
    assert_eq!(state.status_text(), "REVOKED");
}

#[test]
fn what_was_left_says_nothing_once_somebody_bought_more() {
    let longer = Some((10.0, 24.0));
    let bought = [
        ("EXPIRED", [None, FIRST, longer].to_vec()),
        ("REVOKED", [longer].to_vec()),
        ("DELETED", [longer].to_vec()),
    ];
    for (end, all) in bought {
        for renewed in all {
            let mut history = vec![
                report("ACTIVATED", 14.0, FIRST, 0.0),
                changed(end, 14.5, FIRST),
                report("ACTIVATED", 14.51, FIRST, 0.0),
                changed("ACTIVATED", 14.6, renewed),
            ];
            let state = EsimState::fold(history.clone());
            assert_eq!(state.usage, Usage::default(), "{end} {renewed:?}");
            history.push(report("ACTIVATED", 14.8, renewed, 2900.0));
            let state = EsimState::fold(history.clone());
            assert_eq!(state.usage.remaining_mb, Some(2900.0));
            // What comes with the news is new.
            history[3] = told("status", "ACTIVATED", 14.6, renewed, Some(3000.0));
            history[3].usage = history[4].usage.clone();
            history.pop();
            let state = EsimState::fold(history);
            assert_eq!(state.usage.remaining_mb, Some(2900.0));
        }
    }
}

#[test]
fn what_was_withdrawn_and_is_given_back_goes_on_with_what_was_left() {
    for end in ["REVOKED", "DELETED"] {
        for back in [None, FIRST] {
            let state = EsimState::fold(vec![
                report("ACTIVATED", 14.0, FIRST, 20.0),
                changed(end, 14.5, FIRST),
                changed("ACTIVATED", 14.9, back),
            ]);
            assert_eq!(state.status_text(), "ACTIVATED");
            assert_eq!(state.usage.remaining_mb, Some(20.0), "{end} {back:?}");
        }
    }
}

#[test]
fn a_report_of_a_later_end_tells_that_more_was_bought_although_nobody_said_that_it_runs() {
    let longer = Some((10.0, 24.0));
    let ended = vec![
        report("ACTIVATED", 14.0, FIRST, 0.0),
        changed("EXPIRED", 14.5, FIRST),
    ];
    let after = |told: Event| EsimState::fold([ended.clone(), vec![told]].concat());
    let state = after(report("ACTIVATED", 15.0, longer, 2900.0));
    assert_eq!(state.status_text(), "ACTIVATED");
    assert_eq!(state.usage.remaining_mb, Some(2900.0));
    // Whose status is not known at first.
    let unknown = told("usage", "UNKNOWN", 15.0, longer, Some(2900.0));
    let state = EsimState::fold([ended.clone(), vec![unknown.clone()]].concat());
    assert_eq!(state.status_text(), "UNKNOWN");
    let known = report("ACTIVATED", 15.2, longer, 2800.0);
    let state = EsimState::fold([ended.clone(), vec![unknown, known]].concat());
    assert_eq!(state.status_text(), "ACTIVATED");
    assert_eq!(state.usage.remaining_mb, Some(2800.0));
    // Nobody said that it had ended, and nobody what is left.
    let unsaid = vec![ended[0].clone(), changed("ACTIVATED", 17.5, longer)];
    assert_eq!(EsimState::fold(unsaid).usage, Usage::default());
    // Made before an end that was cut short, and a package that ended again.
    let state = after(report("ACTIVATED", 14.502, longer, 0.0));
    assert_eq!(state.status_text(), "EXPIRED");
    assert_eq!(state.period_end, Some(17 * DAY));
    let state = after(changed("EXPIRED", 24.0, longer));
    assert_eq!(state.status_since, Some(24 * DAY));
}

#[test]
fn an_end_of_minutes_takes_away_no_figure() {
    let state = EsimState::fold(vec![
        report("ACTIVATED", 14.0, FIRST, 20.0),
        changed("EXPIRED", 14.5, FIRST),
        changed("ACTIVATED", 14.5 + 300.0 / 86_400.0, FIRST),
    ]);
    assert_eq!(state.usage.remaining_mb, Some(20.0));
}

#[test]
fn an_end_is_not_taken_back_by_a_report_that_lags() {
    for end in ["EXPIRED", "REVOKED", "DELETED"] {
        for period in [None, FIRST] {
            let mut history = vec![
                changed("ACTIVATED", 10.0, period),
                changed(end, 12.0, None),
                report("ACTIVATED", 12.001, period, 0.0),
                report("INACTIVE", 12.5, FIRST, 0.0),
            ];
            let state = EsimState::fold(history.clone());
            assert_eq!(state.status_text(), end, "{period:?}");
            assert_eq!(state.status_since, Some(12 * DAY));
            history.push(changed("ACTIVATED", 13.0, None));
            assert_eq!(EsimState::fold(history).status_text(), "ACTIVATED");
        }
    }
}

#[test]
fn what_is_given_back_is_not_ended_again_by_a_report_that_lags() {
    for end in ["EXPIRED", "REVOKED", "DELETED"] {
        for late in [13.0, 13.0 + 30.0 / 86_400.0, 13.04] {
            let mut history = vec![
                changed("ACTIVATED", 10.0, FIRST),
                changed(end, 12.0, None),
                changed("ACTIVATED", 13.0, None),
                report(end, late, None, 700.0),
            ];
            let state = EsimState::fold(history.clone());
            assert_eq!(state.status_text(), "ACTIVATED", "{end} {late}");
            // The next report can't have been made before; nor can one after its end.
            history.push(report(end, 13.2, None, 700.0));
            assert_eq!(EsimState::fold(history).status_text(), end);
        }
    }
    let state = EsimState::fold(vec![
        changed("ACTIVATED", 16.99, FIRST),
        report("EXPIRED", 17.01, FIRST, 0.0),
    ]);
    assert_eq!(state.status_text(), "EXPIRED");
}

#[test]
fn a_report_of_a_new_period_takes_an_end_back() {
    for first in [None, FIRST] {
        let state = EsimState::fold(vec![
            changed("EXPIRED", 14.0, first),
            report("ACTIVATED", 15.2, SECOND, 2900.0),
        ]);
        assert_eq!(state.status_text(), "ACTIVATED");
        assert_eq!(state.usage.remaining_mb, Some(2900.0));
    }
}

#[test]
fn a_report_of_a_new_period_is_believed_also_after_one_that_told_no_status() {
    let state = EsimState::fold(vec![
        changed("EXPIRED", 14.0, FIRST),
        report("UNKNOWN", 15.2, SECOND, 2900.0),
        report("ACTIVATED", 15.4, SECOND, 2800.0),
    ]);
    assert_eq!(state.status_text(), "ACTIVATED");
    assert_eq!(state.status_since, Some((15.4 * DAY as f64) as i64));
}

#[test]
fn a_report_tells_of_an_end_that_was_not_told() {
    let state = EsimState::fold(vec![
        changed("EXPIRED", 12.0, FIRST),
        report("REVOKED", 13.0, FIRST, 0.0),
    ]);
    assert_eq!(state.status_text(), "REVOKED");
}

#[test]
fn unknown_replaces_nothing() {
    for status in ["ACTIVATED", "REVOKED", "NEW"] {
        let state = EsimState::fold(vec![
            changed(status, 10.0, None),
            report("UNKNOWN", 11.0, None, 5.0),
            changed("UNKNOWN", 12.0, None),
        ]);
        assert_eq!(state.status_text(), status);
        assert_eq!(state.status_since, Some(10 * DAY));
    }
    let state = EsimState::fold(vec![changed("UNKNOWN", 12.0, None)]);
    assert_eq!(state.status, Some(Status::Unknown));
}

#[test]
fn statuses_of_one_second_go_by_their_place_in_a_life() {
    let life = [
        "UNKNOWN",
        "NEW",
        "READY",
        "DOWNLOADED",
        "INSTALLED",
        "ACTIVATED",
        "INACTIVE",
        "EXPIRED",
        "REVOKED",
        "DELETED",
    ];
    for (place, later) in life.iter().enumerate() {
        for earlier in &life[..place] {
            let state = EsimState::fold(vec![
                changed(later, 10.0, None),
                changed(earlier, 10.0, None),
            ]);
            assert_eq!(state.status_text(), *later, "{earlier}");
        }
    }
}

#[test]
fn a_number_without_its_last_digits_replaces_none() {
    let named = |iccid: &str, day| {
        let mut event = changed("NEW", day, None);
        event.iccid = Some(iccid.to_owned());
        event
    };
    let state = EsimState::fold(vec![
        named("8944500102198300023", 10.0),
        named("894450010219830002", 11.0),
        named("8944500102198300000", 12.0),
    ]);
    assert_eq!(state.iccid.as_deref(), Some("8944500102198300023"));
    let state = EsimState::fold(vec![
        named("894450010219830002", 10.0),
        named("8944500102198300023", 11.0),
    ]);
    assert_eq!(state.iccid.as_deref(), Some("8944500102198300023"));
}

#[test]
fn what_was_withdrawn_goes_on_if_hours_later_its_end_is_told_to_be_later() {
    let longer = Some((10.0, 24.0));
    for end in ["REVOKED", "DELETED"] {
        let after = |told: Event| EsimState::fold(vec![changed(end, 12.0, FIRST), told]);
        let state = after(report("ACTIVATED", 13.0, longer, 2900.0));
        assert_eq!(state.status_text(), "ACTIVATED", "{end}");
        assert_eq!(state.period_end, Some(24 * DAY));
        let unknown = told("usage", "UNKNOWN", 13.0, longer, Some(2900.0));
        assert_eq!(after(unknown).status_text(), "UNKNOWN");
        // Made before it was withdrawn, which cut its end short.
        let lags = report("ACTIVATED", 12.001, longer, 2900.0);
        assert_eq!(after(lags).status_text(), end);
    }
}

#[test]
fn what_was_left_of_a_package_with_a_limit_says_nothing_of_one_without() {
    let mut unlimited = changed("ACTIVATED", 12.0, FIRST);
    unlimited.usage = Usage {
        unlimited: Some(true),
        ..Usage::default()
    };
    // The first start that is known comes with the last of these.
    let measured = told("usage", "INSTALLED", 9.0, None, Some(900.0));
    let history = vec![measured, changed("ACTIVATED", 11.0, None), unlimited];
    let usage = EsimState::fold(history).usage;
    assert_eq!(usage.unlimited, Some(true));
    assert_eq!((usage.allowed_mb, usage.remaining_mb), (None, None));
}
