//! What was sold and is not on a device.

use super::*;

/// The statuses of an eSIM that is not on a device.
const NOT_INSTALLED: [Status; 3] = [Status::New, Status::Ready, Status::Downloaded];

/// When the traveller leaves, as the desk noted it.
const LEAVES: i64 = START + 7 * DAY_SECS;

/// An eSIM whose period is open from the second day after the sale on, long before anybody leaves.
fn sold_early() -> EsimState {
    EsimState {
        period_end: Some(LEAVES + 30 * DAY_SECS),
        ..sold(Status::New, START - 3 * DAY_SECS, Some(START))
    }
}

/// What holds for an eSIM whose traveller is noted to leave on [`LEAVES`].
fn noted(esim: &EsimState, now: i64) -> Vec<Fact> {
    let watched = Watched {
        state: esim,
        trip: Some(Trip {
            day: jiff::civil::date(2025, 12, 4),
            at: LEAVES,
            ends: LEAVES + DAY_SECS,
        }),
        past: Past::default(),
        quiet_from: None,
    };
    esim_facts(17, watched, &AlertSettings::default(), now)
}

/// An eSIM that starts with its sale, which says nothing about a trip; or of which no start is known.
fn sold_without_a_trip(start: Option<i64>) -> EsimState {
    EsimState {
        period_end: None,
        ..sold(Status::New, START, start)
    }
}

#[test]
fn what_is_sold_should_be_installed_a_day_before_the_trip() {
    for status in NOT_INSTALLED {
        let esim = sold(status, START - 3 * DAY_SECS, Some(START));
        assert_eq!(rules(&esim, START - DAY_SECS - 1), []);
        assert_eq!(rules(&esim, START - DAY_SECS), [Rule::NotInstalled]);
    }
}

#[test]
fn what_is_not_installed_names_the_start_of_its_period() {
    let esim = sold(Status::New, START - 3 * DAY_SECS, Some(START));
    let fact = only(&esim, START - DAY_SECS);
    assert_eq!(fact.since, START - DAY_SECS);
    assert_eq!(fact.occasion, format!("start:{START}"));
    assert_eq!(fact.detail.at, Some(START));
}

#[test]
fn what_is_not_installed_is_told_to_the_end_of_its_period() {
    let esim = sold(Status::New, START - 3 * DAY_SECS, Some(START));
    assert!(rules(&esim, END - 1).contains(&Rule::NotInstalled));
    assert!(!rules(&esim, END).contains(&Rule::NotInstalled));
}

#[test]
fn what_is_on_a_device_needs_nobody() {
    let installed = sold(Status::Installed, START - 3 * DAY_SECS, Some(START));
    assert_eq!(rules(&installed, START), []);
}

#[test]
fn how_long_before_the_trip_can_be_set() {
    let settings = AlertSettings {
        not_installed_hours: 48,
        ..AlertSettings::default()
    };
    let esim = sold(Status::New, START - 3 * DAY_SECS, Some(START));
    let two_days_before = START - 2 * DAY_SECS;
    assert_eq!(
        rules_with(&settings, &esim, two_days_before),
        [Rule::NotInstalled]
    );
}

#[test]
fn the_trip_that_the_desk_noted_counts_rather_than_the_period() {
    assert_eq!(noted(&sold_early(), START), []);
    let facts = noted(&sold_early(), LEAVES - DAY_SECS);
    assert_eq!(facts.len(), 1, "{facts:?}");
    assert_eq!(facts[0].occasion, "trip:2025-12-04");
}

#[test]
fn the_trip_that_the_desk_noted_is_named() {
    let fact = noted(&sold_early(), LEAVES - DAY_SECS).remove(0);
    assert_eq!(fact.detail.at, Some(LEAVES));
    assert_eq!(fact.detail.trip.as_deref(), Some("2025-12-04"));
}

#[test]
fn a_trip_before_the_sale_is_another_ones() {
    let esim = EsimState {
        status_since: Some(LEAVES + DAY_SECS),
        period_start: None,
        ..sold_early()
    };
    assert_eq!(noted(&esim, LEAVES + 2 * DAY_SECS), []);
    assert_eq!(noted(&esim, LEAVES + 8 * DAY_SECS)[0].occasion, "order");
}

#[test]
fn what_is_sold_shortly_before_the_trip_gets_an_hour() {
    let esim = sold(Status::New, START - 5 * HOUR_SECS, Some(START));
    assert_eq!(rules(&esim, START - 4 * HOUR_SECS - 1), []);
    assert_eq!(rules(&esim, START - 4 * HOUR_SECS), [Rule::NotInstalled]);
}

#[test]
fn without_a_trip_what_is_sold_should_be_installed_a_week_after_the_order() {
    for start in [None, Some(START)] {
        let esim = sold_without_a_trip(start);
        assert_eq!(rules(&esim, START + 7 * DAY_SECS - 1), []);
        assert_eq!(only(&esim, START + 7 * DAY_SECS).occasion, "order");
    }
}

#[test]
fn an_order_that_is_not_installed_names_the_days_and_no_second() {
    let fact = only(&sold_without_a_trip(None), START + 7 * DAY_SECS);
    assert_eq!((fact.detail.at, fact.detail.days), (None, Some(7)));
}

#[test]
fn an_order_that_is_not_installed_is_told_for_a_month() {
    let esim = sold_without_a_trip(None);
    assert_eq!(
        rules(&esim, START + 37 * DAY_SECS - 1),
        [Rule::NotInstalled]
    );
    assert_eq!(rules(&esim, START + 37 * DAY_SECS), []);
}

#[test]
fn a_trip_long_after_the_order_is_told_on_both_occasions() {
    let esim = sold(Status::New, START - 60 * DAY_SECS, Some(START));
    assert_eq!(only(&esim, START - 53 * DAY_SECS).occasion, "order");
    assert_eq!(rules(&esim, START - 23 * DAY_SECS), []);
    assert_eq!(rules(&esim, START - DAY_SECS - 1), []);
    assert_eq!(
        only(&esim, START - DAY_SECS).occasion,
        format!("start:{START}")
    );
}

#[test]
fn the_occasion_of_the_trip_takes_the_place_of_the_orders() {
    let esim = sold(Status::New, START - 10 * DAY_SECS, Some(START));
    assert_eq!(only(&esim, START - DAY_SECS - 1).occasion, "order");
    assert_eq!(
        only(&esim, START - DAY_SECS).occasion,
        format!("start:{START}")
    );
}

#[test]
fn downloading_when_the_trip_has_begun_is_the_same_occasion() {
    let esim = sold(Status::Downloaded, START + HOUR_SECS, Some(START));
    assert_eq!(rules(&esim, START + HOUR_SECS), []);
    assert_eq!(
        only(&esim, START + 2 * HOUR_SECS).occasion,
        format!("start:{START}")
    );
}

#[test]
fn only_an_esim_that_is_not_on_a_device_asks_for_its_trip() {
    for status in Status::KNOWN {
        let asks = NOT_INSTALLED.contains(&status);
        assert_eq!(asks_for_trip(&in_period(status, START)), asks);
    }
    assert!(!asks_for_trip(&EsimState::default()));
}

#[test]
fn a_week_after_the_order_is_counted_from_the_order() {
    let sale = |name: &str, at: i64| {
        let mut event = status(name, at);
        (event.period_start, event.period_end) = (None, None);
        event
    };
    let history = [
        sale("NEW", START),
        sale("READY", START + 5 * DAY_SECS),
        sale("DOWNLOADED", START + 6 * DAY_SECS),
    ];
    let esim = EsimState::fold(history.to_vec());
    let settings = AlertSettings::default();
    let at = |now: i64| esim_facts(17, watched(&esim, &history), &settings, now);
    assert_eq!(at(START + 7 * DAY_SECS - 1), []);
    assert_eq!(at(START + 7 * DAY_SECS)[0].occasion, "order");
}
