//! What ends once more, and had been given back although nobody told of it.

use super::period::{FIRST, changed, report};
use super::*;

#[test]
fn what_ends_once_more_in_a_package_that_began_since_is_another_end() {
    for end in ["EXPIRED", "REVOKED", "DELETED"] {
        let since = |status: &str, day: f64, period| {
            let history = vec![changed(end, 12.0, FIRST), changed(status, day, period)];
            EsimState::fold(history).status_since
        };
        let then = |day: f64| Some((day * 86_400.0) as i64);
        let later = Some((13.0, 20.0));
        assert_eq!(since(end, 14.0, later), then(14.0), "{end}");
        assert_eq!(since(end, 20.0, later), then(20.0), "{end}");
        let history = vec![changed(end, 12.0, FIRST), report(end, 14.0, later, 3000.0)];
        assert_eq!(
            EsimState::fold(history.clone()).status_since,
            then(12.0),
            "{end}"
        );
        // Although that a package began was known of the report.
        let told = [history, vec![changed(end, 15.0, later)]].concat();
        assert_eq!(EsimState::fold(told.clone()).status_since, then(15.0));
        let told = [told, vec![changed(end, 16.0, later)]].concat();
        assert_eq!(EsimState::fold(told).status_since, then(15.0));
        // Which is withdrawn before it begins, together with the other or as somebody tidies up.
        assert_eq!(since(end, 12.5, later), then(12.0), "{end}");
        // Which began before: its dates are set right.
        let earlier = Some((11.0, 18.0));
        assert_eq!(since(end, 14.0, earlier), then(12.0), "{end}");
        // Nothing but what is known is said once more.
        for period in [FIRST, None, Some((10.0, 17.1))] {
            assert_eq!(since(end, 14.0, period), then(12.0), "{end} {period:?}");
        }
    }
}

#[test]
fn what_ends_once_more_after_it_was_used_had_been_given_back() {
    let ended = vec![
        report("ACTIVATED", 11.9, FIRST, 700.0),
        changed("REVOKED", 12.0, FIRST),
    ];
    let again = |between: &[Event], last: Event| {
        let history = [&ended, between, &[last]].concat();
        let forth = EsimState::fold(history.clone());
        assert_eq!(forth.status_text(), "REVOKED");
        let back: Vec<Event> = history.into_iter().rev().collect();
        assert_eq!(EsimState::fold(back), forth);
        forth.status_since.map(|since| since as f64 / 86_400.0)
    };
    let used = report("ACTIVATED", 12.5, FIRST, 650.0);
    let revoked = || changed("REVOKED", 13.0, FIRST);
    assert_eq!(again(std::slice::from_ref(&used), revoked()), Some(13.0));
    assert_eq!(
        again(std::slice::from_ref(&used), changed("REVOKED", 13.0, None)),
        Some(13.0)
    );
    // Once told, it is the same end again.
    assert_eq!(
        again(&[used.clone(), revoked()], changed("REVOKED", 13.5, FIRST)),
        Some(13.0)
    );
    // Nobody used it, it was measured before, nobody says that it runs, or nobody ended it.
    for (between, last) in [
        (vec![], revoked()),
        (vec![report("ACTIVATED", 12.5, FIRST, 700.0)], revoked()),
        (vec![report("ACTIVATED", 12.02, FIRST, 650.0)], revoked()),
        (vec![report("REVOKED", 12.5, FIRST, 650.0)], revoked()),
        (vec![report("UNKNOWN", 12.5, FIRST, 650.0)], revoked()),
        (vec![used], report("REVOKED", 13.0, FIRST, 640.0)),
    ] {
        assert_eq!(again(&between, last), Some(12.0), "{between:?}");
    }
}

#[test]
fn a_package_that_was_just_bought_has_not_run_out() {
    let later = Some((13.0, 20.0));
    let since = |told: Event| {
        let history = vec![changed("EXPIRED", 12.0, FIRST), told];
        let since = EsimState::fold(history).status_since;
        since.map(|since| since as f64 / 86_400.0)
    };
    // For an hour some say of it what they said of the one before; a report does until data is used.
    let (soon, late) = (13.0 + 1.0 / 32.0, 13.0 + 1.0 / 16.0);
    assert_eq!(since(changed("EXPIRED", soon, later)), Some(12.0));
    assert_eq!(since(changed("EXPIRED", late, later)), Some(late));
    for (day, left, expected) in [
        (soon, 0.0, 12.0),
        (late, 3000.0, 12.0),
        (late, 2900.0, late),
        (late, 0.0, late),
    ] {
        let told = report("EXPIRED", day, later, left);
        assert_eq!(since(told), Some(expected), "{day} {left}");
    }
    // A report withdraws nothing once more.
    let history = vec![
        changed("REVOKED", 12.0, FIRST),
        report("REVOKED", late, later, 0.0),
    ];
    assert_eq!(EsimState::fold(history).status_since, Some(12 * 86_400));
}
