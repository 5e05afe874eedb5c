//! What ends before its time and goes on, what waits for its turn, what is sold once more, and what was measured in one second.

use super::period::{FIRST, changed, report};
use super::*;

const DAY: i64 = 86_400;

fn at(day: f64) -> i64 {
    (day * DAY as f64) as i64
}

/// A report of a package of another size, in MB.
fn sized(status: &str, day: f64, allowed: f64, left: f64) -> Event {
    let mut event = report(status, day, FIRST, left);
    event.usage.allowed_mb = Some(allowed);
    event
}

fn in_order(reference: &str, event: Event) -> Event {
    Event {
        reference_id: Some(reference.to_owned()),
        ..event
    }
}

#[test]
fn what_ran_out_before_its_time_goes_on_once_more_data_is_reported() {
    let ended = vec![
        report("ACTIVATED", 11.9, FIRST, 20.0),
        changed("EXPIRED", 12.0, FIRST),
    ];
    let after = |told: Event| EsimState::fold([ended.clone(), vec![told]].concat());
    for (allowed, left) in [(6000.0, 3020.0), (3000.0, 3000.0), (4000.0, 900.0)] {
        let state = after(sized("ACTIVATED", 12.2, allowed, left));
        assert_eq!(state.status_text(), "ACTIVATED", "{allowed} {left}");
        assert_eq!(state.status_since, Some(at(12.2)));
        assert_eq!(state.usage.remaining_mb, Some(left));
        assert_eq!(state.period_end, Some(17 * DAY));
    }
    // Nothing was added, nothing is left of it, it may have been made before, or its period was over by then.
    for lags in [
        sized("ACTIVATED", 12.2, 3000.0, 20.0),
        sized("ACTIVATED", 12.2, 3000.0, 0.0),
        sized("ACTIVATED", 12.2, 6000.0, 0.0),
        sized("ACTIVATED", 12.2, 3000.0, 60.0),
        sized("ACTIVATED", 12.01, 6000.0, 3000.0),
        sized("EXPIRED", 12.2, 6000.0, 3000.0),
        sized("ACTIVATED", 17.5, 6000.0, 3000.0),
    ] {
        assert_eq!(after(lags.clone()).status_text(), "EXPIRED", "{lags:?}");
    }
    // What may have been made before leaves the figures as they are, so that the next report tells.
    let state = EsimState::fold(
        [
            ended.clone(),
            vec![
                sized("ACTIVATED", 12.01, 6000.0, 3000.0),
                sized("ACTIVATED", 12.2, 6000.0, 2900.0),
            ],
        ]
        .concat(),
    );
    assert_eq!(state.status_text(), "ACTIVATED");
    // What was withdrawn is given back by a change of status.
    for end in ["REVOKED", "DELETED"] {
        let mut withdrawn = ended.clone();
        withdrawn[1] = changed(end, 12.0, FIRST);
        withdrawn.push(sized("ACTIVATED", 12.2, 6000.0, 3000.0));
        assert_eq!(EsimState::fold(withdrawn).status_text(), end);
    }
}

#[test]
fn an_end_that_a_report_alone_told_is_taken_back_by_a_later_one() {
    for end in ["EXPIRED", "REVOKED", "DELETED"] {
        let fold = |between: &[Event], day: f64| {
            let mut history = vec![changed("ACTIVATED", 10.0, FIRST)];
            history.extend_from_slice(between);
            history.push(report("ACTIVATED", day, FIRST, 600.0));
            EsimState::fold(history).status_text().to_owned()
        };
        let reported = report(end, 12.0, FIRST, 700.0);
        assert_eq!(
            fold(std::slice::from_ref(&reported), 12.2),
            "ACTIVATED",
            "{end}"
        );
        // It may have been made before, or its period was over.
        assert_eq!(fold(std::slice::from_ref(&reported), 12.01), end);
        assert_eq!(fold(std::slice::from_ref(&reported), 17.2), end);
        // Whichever comes first, a change of status tells the end for sure.
        for told in [11.9, 12.1] {
            let told = changed(end, told, FIRST);
            assert_eq!(fold(&[reported.clone(), told], 12.4), end);
        }
    }
}

#[test]
fn a_package_that_waits_takes_nothing_from_the_one_that_runs() {
    let next = Some((17.0, 24.0));
    let mut history = vec![
        changed("ACTIVATED", 10.0, FIRST),
        report("ACTIVATED", 11.0, FIRST, 700.0),
        changed("ACTIVATED", 12.0, next),
        report("ACTIVATED", 12.2, next, 3000.0),
    ];
    let state = EsimState::fold(history.clone());
    let period = |state: &EsimState| (state.period_start, state.period_end);
    assert_eq!(period(&state), (Some(10 * DAY), Some(17 * DAY)));
    assert_eq!(state.usage.remaining_mb, Some(700.0));
    assert_eq!(state.queued.map(|queued| queued.start), Some(17 * DAY));
    assert!(state.goes_on_after(17 * DAY));
    history.push(report("ACTIVATED", 13.0, FIRST, 100.0));
    let state = EsimState::fold(history.clone());
    assert_eq!(state.usage.remaining_mb, Some(100.0));
    // Time begins it, or what comes then.
    assert_eq!(*state.as_of(17 * DAY - 1), state);
    let begun = state.as_of(17 * DAY).into_owned();
    assert_eq!(period(&begun), (Some(17 * DAY), Some(24 * DAY)));
    assert_eq!((&begun.usage, begun.queued), (&Usage::default(), None));
    history.push(changed("INACTIVE", 17.1, None));
    let told = EsimState::fold(history.clone());
    assert_eq!(period(&told), period(&begun));
    // That the first ran out ends nothing by then.
    history.push(changed("EXPIRED", 17.2, FIRST));
    assert_eq!(EsimState::fold(history).status_text(), "INACTIVE");
}

#[test]
fn what_is_not_in_use_or_about_to_begin_waits_for_nothing() {
    for (history, start) in [
        (vec![changed("NEW", 9.0, FIRST)], 15.0),
        (vec![changed("INSTALLED", 9.0, FIRST)], 15.0),
        (vec![changed("ACTIVATED", 10.0, FIRST)], 12.4),
    ] {
        let later = changed("INACTIVE", 12.0, Some((start, 24.0)));
        let state = EsimState::fold([history, vec![later]].concat());
        assert_eq!((state.period_start, state.queued), (Some(at(start)), None));
    }
}

#[test]
fn what_is_sold_once_more_has_nothing_of_the_last_customer() {
    let used = vec![
        in_order("TRIP-A", changed("NEW", 9.0, FIRST)),
        in_order("TRIP-A", report("ACTIVATED", 11.0, FIRST, 20.0)),
    ];
    let expired = || in_order("TRIP-A", changed("EXPIRED", 17.0, FIRST));
    let revoked = || in_order("TRIP-A", changed("REVOKED", 12.0, FIRST));
    let again = |between: &[Event], last: Event| {
        EsimState::fold([used.as_slice(), between, &[last]].concat())
    };
    for (between, sold) in [
        (
            vec![expired()],
            in_order("TRIP-B", changed("NEW", 20.0, None)),
        ),
        (
            vec![expired()],
            in_order("TRIP-B", changed("NEW", 20.0, FIRST)),
        ),
        (vec![expired()], changed("READY", 20.0, None)),
        (vec![], in_order("TRIP-A", changed("NEW", 20.0, None))),
        (
            vec![revoked()],
            in_order("TRIP-B", changed("READY", 13.0, None)),
        ),
        (vec![], in_order("TRIP-B", changed("NEW", 13.0, None))),
    ] {
        let state = again(&between, sold.clone());
        let then = (state.status_since, sold.occurred_at);
        assert_eq!((state.status, then.0), (sold.status.clone(), then.1));
        let period = (
            state.period_start,
            state.period_end,
            state.first_activated_at,
        );
        assert_eq!(period, (None, None, None), "{sold:?}");
        assert_eq!(state.usage, Usage::default());
    }
    let later = again(&[expired()], changed("NEW", 20.0, Some((25.0, 32.0))));
    assert_eq!(later.period_start, Some(25 * DAY));
    // What its traveller loads again goes on with what it had, be it in the same order or told by a report.
    for back in [
        in_order("TRIP-A", changed("READY", 13.0, None)),
        changed("NEW", 13.0, None),
    ] {
        let removed = in_order("TRIP-A", changed("DELETED", 12.0, None));
        assert_eq!(again(&[removed], back).period_end, Some(17 * DAY));
    }
}

#[test]
fn of_two_reports_of_one_second_the_one_that_leaves_less_is_the_later() {
    let of = |allowed: f64, left: f64, key: &str| {
        let mut event = sized("ACTIVATED", 12.0, allowed, left);
        key.clone_into(&mut event.key);
        event
    };
    for (one, other, left) in [
        ((3000.0, 700.0), (3000.0, 300.0), 300.0),
        ((3000.0, 300.0), (6000.0, 3300.0), 3300.0),
        ((3000.0, 9.0), (3000.0, 100.0), 9.0),
    ] {
        for keys in [["a", "b"], ["b", "a"]] {
            let (one, other) = (of(one.0, one.1, keys[0]), of(other.0, other.1, keys[1]));
            let both = EsimState::fold(vec![one.clone(), other.clone()]);
            assert_eq!(both.usage.remaining_mb, Some(left), "{keys:?}");
            assert_eq!(EsimState::fold(vec![other, one]).usage, both.usage);
        }
    }
    // Whichever came first has to be looked at again.
    let state = EsimState::fold(vec![of(3000.0, 300.0, "a")]);
    assert!(!state.is_next(&of(3000.0, 700.0, "b")));
}

#[test]
fn what_began_since_an_end_has_not_ended_although_nobody_told_its_status() {
    let next = Some((14.0, 21.0));
    for end in ["EXPIRED", "REVOKED", "DELETED"] {
        let ended = [
            changed("ACTIVATED", 10.0, FIRST),
            changed(end, 12.0, FIRST),
            report("UNKNOWN", 14.2, next, 2000.0),
        ];
        let after = |told: Event| EsimState::fold([&ended[..], &[told]].concat());
        let state = EsimState::fold(ended.to_vec());
        assert_eq!(
            (state.status_text(), state.status_since),
            ("UNKNOWN", None),
            "{end}"
        );
        assert_eq!(state.period_end, Some(21 * DAY));
        // It ends as any other does, and what is left of it is told of it.
        let state = after(changed(end, 15.0, next));
        assert_eq!(
            (state.status_text(), state.status_since),
            (end, Some(at(15.0)))
        );
        let state = after(changed("INACTIVE", 15.0, next));
        assert_eq!(state.usage.remaining_mb, Some(2000.0), "{end}");
        // What began before it ended is only dated in another way.
        let mut earlier = ended.to_vec();
        earlier[2] = report("UNKNOWN", 14.2, Some((11.0, 18.0)), 2000.0);
        assert_eq!(EsimState::fold(earlier).status_text(), end);
    }
}

#[test]
fn what_is_sold_once_more_begins_anew_although_nobody_told_the_status_of_its_last_package() {
    let history = |sold: Event| {
        let before = [
            changed("ACTIVATED", 10.0, FIRST),
            changed("EXPIRED", 12.0, FIRST),
            report("UNKNOWN", 14.2, Some((14.0, 21.0)), 2000.0),
        ];
        let told = before.map(|event| in_order("TRIP-A", event));
        EsimState::fold([told.to_vec(), vec![sold]].concat())
    };
    for (sold, order) in [
        (changed("NEW", 20.0, None), "TRIP-B"),
        (changed("NEW", 22.0, None), "TRIP-A"),
        (changed("READY", 22.0, None), "TRIP-A"),
    ] {
        let state = history(in_order(order, sold));
        assert_eq!(state.reference_id.as_deref(), Some(order));
        assert_eq!((state.period_end, state.first_activated_at), (None, None));
        assert_eq!(state.usage, Usage::default());
    }
    // Its traveller removed it, and loads it again.
    let state = history(in_order("TRIP-A", changed("DOWNLOADED", 20.0, None)));
    assert_eq!(state.period_end, Some(21 * DAY));
}
