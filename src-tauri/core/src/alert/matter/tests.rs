//! Tests of what is the same matter, and what is another.

use super::super::{Detail, Subject};
use super::*;

/// 27 November 2025, 08:00:00 UTC.
const NOW: i64 = 1_764_230_400;
const HOUR_SECS: i64 = 3_600;
const MINUTE: i64 = 60;

fn fact(rule: Rule, occasion: &str, since: i64) -> Fact {
    Fact {
        subject: Subject::Esim(17),
        rule,
        occasion: occasion.to_owned(),
        since,
        detail: Detail::default(),
    }
}

/// What becomes of an open alert.
fn open(kept: &Fact, found: &Fact) -> Matter {
    of(kept, found, true, NOW)
}

/// What becomes of one that was cleared.
fn cleared(kept: &Fact, found: &Fact) -> Matter {
    of(kept, found, false, NOW)
}

fn of(fact: &Fact, found: &Fact, open: bool, now: i64) -> Matter {
    let kept = Kept {
        fact,
        raised_at: NOW,
        open,
    };
    matter(&kept, found, now)
}

#[test]
fn an_end_that_moves_by_an_hour_and_some_minutes_is_the_same() {
    for rule in [Rule::ExpiresSoon, Rule::ExpiresVerySoon, Rule::PastEnd] {
        let ends = |by: i64| fact(rule, &format!("end:{}", NOW + by), NOW);
        // By seconds; by a zone or a clock change that was taken for none; by both, and by minutes as well.
        for by in [0, 1, HOUR_SECS, HOUR_SECS + 1, HOUR_SECS + 10 * MINUTE] {
            for by in [by, -by] {
                assert_eq!(open(&ends(0), &ends(by)), Matter::Same, "{by}");
                assert_eq!(cleared(&ends(0), &ends(by)), Matter::Ask, "{by}");
            }
        }
        for by in [2 * HOUR_SECS, -2 * HOUR_SECS, DAY_SECS] {
            assert_eq!(open(&ends(0), &ends(by)), Matter::Another, "{by}");
        }
    }
    let low = |by: i64| fact(Rule::DataLow, &format!("end:{}/3000", NOW + by), NOW);
    assert_eq!(open(&low(0), &low(HOUR_SECS)), Matter::Same);
}

#[test]
fn a_withdrawal_is_judged_by_when_it_began_whatever_an_earlier_version_called_it() {
    let was = fact(Rule::Revoked, "day:20419", NOW);
    for (by, becomes) in [
        (-12 * HOUR_SECS, Matter::Same),
        (2, Matter::Same),
        (HOUR_SECS, Matter::Ask),
    ] {
        let found = fact(Rule::Revoked, &format!("since:{}", NOW + by), NOW + by);
        assert_eq!(open(&was, &found), becomes, "{by}");
        assert_eq!(cleared(&was, &found), Matter::Ask);
    }
    let was = fact(Rule::Expired, "start:1/end:2", NOW);
    assert_eq!(
        open(&was, &fact(Rule::Expired, "since:3", NOW)),
        Matter::Same
    );
}

#[test]
fn a_package_is_the_same_though_its_period_is_learnt_later_or_its_size_wobbles() {
    let low = |occasion: &str| fact(Rule::DataLow, occasion, NOW);
    assert_eq!(open(&low("/3072"), &low("start:100/3072")), Matter::Same);
    assert_eq!(
        open(&low("end:900/3072"), &low("start:100/3072")),
        Matter::Same
    );
    assert_eq!(
        open(&low("start:100/3072"), &low("start:101/3000")),
        Matter::Same
    );
    assert_eq!(
        open(&low("start:100/3072"), &low("start:100/6144")),
        Matter::Another
    );
    assert_eq!(
        open(&low("start:100/3072"), &low("start:99000/3072")),
        Matter::Another
    );
    assert_eq!(
        open(&low("start:100/3072@50"), &low("start:100/3072")),
        Matter::Same
    );
}

#[test]
fn a_trip_that_is_noted_afterwards_is_the_one_that_the_period_told_of() {
    let dated = |occasion: &str, at: i64, trip: bool| Fact {
        detail: Detail {
            at: Some(at),
            trip: trip.then(|| "2025-11-28".to_owned()),
            ..Detail::default()
        },
        ..fact(Rule::NotInstalled, occasion, NOW)
    };
    let by_period = dated("start:1", NOW + 10 * HOUR_SECS, false);
    let midnight = |days: i64| dated(&format!("trip:{days}"), NOW + days * DAY_SECS, true);
    assert_eq!(open(&by_period, &midnight(0)), Matter::Same);
    assert_eq!(open(&by_period, &midnight(1)), Matter::Another);
    assert_eq!(open(&midnight(0), &by_period), Matter::Same);
    assert_eq!(open(&midnight(0), &midnight(1)), Matter::Another);
    // Once noted, the alert goes on under the occasion that it was told on.
    let noted = updated(&by_period, &midnight(0));
    assert_eq!(noted.occasion, by_period.occasion);
    assert_eq!(open(&noted, &midnight(0)), Matter::Same);
    assert_eq!(open(&noted, &midnight(1)), Matter::Another);
}

#[test]
fn the_warning_of_an_order_is_the_trips_if_it_was_given_in_the_days_before_the_trip() {
    let order = |since: i64| fact(Rule::NotInstalled, "order", since);
    let trip = Fact {
        detail: Detail {
            at: Some(NOW + DAY_SECS),
            trip: Some("2025-11-28".to_owned()),
            ..Detail::default()
        },
        ..fact(Rule::NotInstalled, "trip:2025-11-28", NOW)
    };
    assert_eq!(open(&order(NOW + HOUR_SECS), &trip), Matter::Same);
    assert_eq!(open(&order(NOW - 30 * DAY_SECS), &trip), Matter::Another);
}

#[test]
fn orders_fail_again_after_money_came_and_not_by_one_that_is_told_late() {
    let failed = |since: i64| {
        let hour = since.div_euclid(HOUR_SECS);
        fact(Rule::BalanceInsufficient, &format!("hour:{hour}"), since)
    };
    let first = failed(NOW + 5 * MINUTE);
    assert_eq!(open(&first, &failed(NOW - 2 * MINUTE)), Matter::Same);
    assert_eq!(open(&first, &failed(NOW + HOUR_SECS)), Matter::Another);
    assert_eq!(cleared(&first, &failed(NOW + 20 * MINUTE)), Matter::Another);
    assert_eq!(cleared(&first, &first), Matter::Same);
}

#[test]
fn only_orders_that_failed_since_make_a_matter_worse() {
    let orders = |rule: Rule, count: Option<i64>| Fact {
        detail: Detail {
            count,
            ..Detail::default()
        },
        ..fact(rule, "since:10", 10)
    };
    let worse = |rule: Rule, kept: Option<i64>, found: Option<i64>| {
        is_worse(&orders(rule, kept), &orders(rule, found))
    };
    assert!(worse(Rule::BalanceInsufficient, Some(1), Some(2)));
    for (kept, found) in [
        (Some(2), Some(2)),
        (Some(2), Some(1)),
        (None, Some(1)),
        (Some(1), None),
    ] {
        assert!(
            !worse(Rule::BalanceInsufficient, kept, found),
            "{kept:?} {found:?}"
        );
    }
    let others = Rule::ALL
        .iter()
        .filter(|rule| **rule != Rule::BalanceInsufficient);
    for rule in others {
        assert!(!worse(*rule, Some(1), Some(2)), "{rule:?}");
    }
}

#[test]
fn a_tunnel_that_flaps_is_told_once_an_hour_at_most() {
    let down = |since: i64| fact(Rule::TunnelDown, &format!("since:{since}"), since);
    let first = down(NOW);
    let again = down(NOW + 2 * MINUTE);
    assert_eq!(of(&first, &again, false, NOW + 59 * MINUTE), Matter::Same);
    assert_eq!(of(&first, &again, false, NOW + HOUR_SECS), Matter::Another);
    assert_eq!(of(&first, &first, true, NOW + 9 * HOUR_SECS), Matter::Same);
}

#[test]
fn refusals_are_told_once_in_a_day_and_not_again_at_midnight() {
    let piling = |day: i64| fact(Rule::RefusalsPilingUp, &format!("day:{day}"), NOW);
    assert_eq!(
        of(&piling(1), &piling(2), true, NOW + 10 * MINUTE),
        Matter::Same
    );
    assert_eq!(
        of(&piling(1), &piling(2), true, NOW + DAY_SECS),
        Matter::Another
    );
}

#[test]
fn a_kind_that_nobody_understands_is_another_matter_after_a_week_without_it() {
    let came = |at: i64| fact(Rule::Unrecognized, "unknown", at);
    assert_eq!(cleared(&came(NOW), &came(NOW + 6 * DAY_SECS)), Matter::Same);
    assert_eq!(
        cleared(&came(NOW), &came(NOW + 7 * DAY_SECS)),
        Matter::Another
    );
}

#[test]
fn what_goes_on_keeps_its_occasion_and_follows_its_events() {
    let kept = fact(Rule::Expired, "start:1/end:2", NOW);
    let found = fact(Rule::Expired, "since:3", NOW - 5);
    let now = updated(&kept, &found);
    assert_eq!(
        (now.occasion.as_str(), now.since),
        ("start:1/end:2", NOW - 5)
    );
    let low = updated(
        &fact(Rule::DataLow, "/1", NOW),
        &fact(Rule::DataLow, "/1", NOW + 9),
    );
    assert_eq!(low.since, NOW);
}

#[test]
fn a_balance_in_another_currency_is_another_and_one_that_is_learnt_late_the_same() {
    let short = |occasion: &str, currency: Option<&str>| Fact {
        subject: Subject::Account,
        detail: Detail {
            currency: currency.map(str::to_owned),
            ..Detail::default()
        },
        ..fact(Rule::BalanceLow, occasion, NOW)
    };
    let (euros, dollars) = (Some("EUR"), Some("USD"));
    for (kept, found, while_open, once_cleared) in [
        (
            ("first/EUR", euros),
            ("first/USD", dollars),
            Matter::Another,
            Matter::Another,
        ),
        // As versions before wrote it.
        (
            ("first", euros),
            ("first/EUR", euros),
            Matter::Same,
            Matter::Same,
        ),
        (
            ("first", None),
            ("first/EUR", euros),
            Matter::Same,
            Matter::Same,
        ),
        (
            ("first/EUR", euros),
            ("first", None),
            Matter::Same,
            Matter::Another,
        ),
    ] {
        let (kept, mut found) = (short(kept.0, kept.1), short(found.0, found.1));
        // By its occasion alone.
        found.since += MINUTE;
        assert_eq!(open(&kept, &found), while_open, "{kept:?} {found:?}");
        assert_eq!(cleared(&kept, &found), once_cleared, "{kept:?} {found:?}");
    }
}

#[test]
fn an_activation_is_the_one_of_its_period_whichever_is_the_first() {
    let day = |day: i64| NOW + day * DAY_SECS;
    let at = |occasion: &str, start: Option<i64>, since: i64| Fact {
        detail: Detail {
            at: start,
            ..Detail::default()
        },
        ..fact(Rule::FirstActivation, occasion, since)
    };
    let second = at("first", Some(day(3)), day(3) + HOUR_SECS);
    // What was told of the first package turned out to be none; or an earlier version told it.
    for start in [Some(day(0)), None] {
        let was_none = at("first", start, day(0) + HOUR_SECS);
        assert_eq!(cleared(&was_none, &second), Matter::Another, "{start:?}");
    }
    // That there was one before is learnt late.
    let late = at(&format!("start:{}", day(3)), Some(day(3)), second.since);
    assert_eq!(open(&second, &late), Matter::Same);
    assert_eq!(
        cleared(&at("first", None, second.since), &late),
        Matter::Same
    );
    // Another package begins hours after it.
    let begun = at("first", Some(second.since + 11 * HOUR_SECS), second.since);
    assert_eq!(open(&second, &begun), Matter::Same);
}

#[test]
fn a_trip_is_that_of_its_period_on_the_day_on_which_clocks_are_put_back() {
    let dated = |occasion: &str, after: i64, ends: Option<i64>| Fact {
        detail: Detail {
            at: Some(NOW + after),
            trip: ends.map(|_| "2026-11-01".to_owned()),
            trip_day_ends: ends,
            ..Detail::default()
        },
        ..fact(Rule::NotInstalled, occasion, NOW)
    };
    // A quarter to midnight, and a quarter past it.
    let by_period = dated("start:1", 24 * HOUR_SECS + 45 * MINUTE, None);
    for (hours, becomes) in [(25, Matter::Same), (24, Matter::Another)] {
        let noted = dated("trip:2026-11-01", 0, Some(NOW + hours * HOUR_SECS));
        assert_eq!(open(&by_period, &noted), becomes, "{hours}");
    }
}
