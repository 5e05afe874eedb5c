//! Tests of the facts about eSIMs: which hold when, and on which occasion.

mod properties;

use std::collections::BTreeSet;

use super::super::RuleSetting;
use super::*;
use crate::event::{Event, Usage};
use crate::provider::parse;

/// Start of the period in most tests, UTC seconds.
const START: i64 = 1_764_230_400;
const END: i64 = START + 7 * DAY_SECS;

fn status(status: &str, at: i64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","start":{START},"end":{END},"status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

fn usage(at: i64, allowed: f64, remaining: f64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"a","start":{START},"end":{END},"status":"ACTIVATED","timestamp":{at},"package_name":"3 GB","usage_data":{{"isUnlimited":false,"allowed_data":{allowed},"remaining_data":{remaining}}}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

fn in_period(status: Status, since: i64) -> EsimState {
    EsimState {
        status: Some(status),
        status_since: Some(since),
        period_start: Some(START),
        period_end: Some(END),
        last_event_at: Some(since),
        ..EsimState::default()
    }
}

fn sold(status: Status, at: i64, start: Option<i64>) -> EsimState {
    EsimState {
        period_start: start,
        period_end: start.map(|start| start + 7 * DAY_SECS),
        ..in_period(status, at)
    }
}

fn with_data(allowed: f64, remaining: f64) -> EsimState {
    EsimState {
        usage: Usage {
            allowed_mb: Some(allowed),
            remaining_mb: Some(remaining),
            ..Usage::default()
        },
        ..in_period(Status::Activated, START)
    }
}

fn rules(esim: &EsimState, now: i64) -> Vec<Rule> {
    rules_with(&AlertSettings::default(), esim, now)
}

fn rules_with(settings: &AlertSettings, esim: &EsimState, now: i64) -> Vec<Rule> {
    let facts = esim_facts(17, esim, settings, now);
    facts.into_iter().map(|fact| fact.rule).collect()
}

/// The only fact that holds.
#[track_caller]
fn only(esim: &EsimState, now: i64) -> Fact {
    let mut facts = esim_facts(17, esim, &AlertSettings::default(), now);
    assert_eq!(facts.len(), 1, "{facts:?}");
    facts.remove(0)
}

fn off(rule: Rule) -> AlertSettings {
    let mut settings = AlertSettings::default();
    let setting = RuleSetting {
        enabled: false,
        ..settings.of(rule)
    };
    settings.rules.insert(rule, setting);
    settings
}

/// What a desk is told when these events arrive in this order, one a second: each occasion once.
fn told(arriving: &[Event], now: i64) -> Vec<(Rule, String)> {
    let mut told = Vec::new();
    for arrived in 1..=arriving.len() {
        let esim = EsimState::fold(unique(&arriving[..arrived]));
        let now = now + i64::try_from(arrived).unwrap();
        for fact in esim_facts(17, &esim, &AlertSettings::default(), now) {
            let occasion = (fact.rule, fact.occasion);
            if !told.contains(&occasion) {
                told.push(occasion);
            }
        }
    }
    told
}

fn unique(events: &[Event]) -> Vec<Event> {
    let mut keys = BTreeSet::new();
    let new = |event: &&Event| keys.insert(event.key.clone());
    events.iter().filter(new).cloned().collect()
}

#[test]
fn a_first_activation_holds_for_a_day_and_names_its_second() {
    let esim = EsimState::fold(vec![
        status("INSTALLED", START),
        status("ACTIVATED", START + 5),
    ]);
    assert_eq!(
        only(&esim, START + 5),
        Fact {
            subject: Subject::Esim(17),
            rule: Rule::FirstActivation,
            occasion: "first".to_owned(),
            since: START + 5,
            detail: Detail::default(),
        }
    );
    assert_eq!(
        rules(&esim, START + 5 + DAY_SECS - 1),
        [Rule::FirstActivation]
    );
    assert_eq!(rules(&esim, START + 5 + DAY_SECS), []);
    // A desk whose clock is slow is told all the same.
    assert_eq!(rules(&esim, START - DAY_SECS), [Rule::FirstActivation]);
}

#[test]
fn flapping_is_one_activation_whichever_of_it_arrives_first() {
    let flapping = [
        status("INACTIVE", START + 6),
        status("ACTIVATED", START + 8),
        status("INACTIVE", START + 11),
        status("ACTIVATED", START + 13),
    ];
    let once = [(Rule::FirstActivation, "first".to_owned())];
    assert_eq!(told(&flapping, START + 20), once);
    let mut backwards = flapping.to_vec();
    backwards.reverse();
    backwards.extend(flapping);
    assert_eq!(told(&backwards, START + 20), once);
}

#[test]
fn a_later_period_is_activated_once_more() {
    let next_start = END + DAY_SECS;
    let next = |name: &str, at: i64| {
        let mut event = status(name, at);
        event.period_start = Some(next_start);
        event.period_end = Some(next_start + 7 * DAY_SECS);
        event
    };
    let mut history = vec![
        status("ACTIVATED", START),
        status("INACTIVE", START + DAY_SECS),
    ];
    history.push(next("ACTIVATED", next_start + 5));
    history.push(next("INACTIVE", next_start + 7));
    history.push(next("ACTIVATED", next_start + 9));
    let expected = (Rule::FirstActivation, format!("start:{next_start}"));
    assert_eq!(
        told(&history[2..], next_start + 10),
        [(Rule::FirstActivation, "first".to_owned())]
    );
    assert!(told(&history, next_start + 10).contains(&expected));
    let esim = EsimState::fold(history);
    assert_eq!(only(&esim, next_start + 10).occasion, expected.1);
}

#[test]
fn a_period_that_is_renewed_while_in_use_or_idle_is_no_activation() {
    let renewed_at = START + 5 * DAY_SECS;
    for (status, since) in [
        (Status::Activated, renewed_at - HOUR_SECS),
        (Status::Inactive, renewed_at + HOUR_SECS),
    ] {
        let mut esim = in_period(status, since);
        esim.first_activated_at = Some(START);
        esim.period_start = Some(renewed_at);
        esim.period_end = Some(renewed_at + 7 * DAY_SECS);
        assert_eq!(rules(&esim, renewed_at + 2 * HOUR_SECS), []);
    }
}

#[test]
fn a_period_dated_a_few_hours_after_the_activation_is_its_own() {
    let mut event = status("ACTIVATED", START - 2 * HOUR_SECS);
    let before = EsimState::fold(vec![event.clone()]);
    assert_eq!(only(&before, START).occasion, "first");
    event.period_start = None;
    assert_eq!(only(&EsimState::fold(vec![event]), START).occasion, "first");
}

#[test]
fn an_expiry_holds_for_a_week_and_once_for_its_period() {
    let esim = in_period(Status::Expired, END + 5);
    let fact = only(&esim, END + 5);
    assert_eq!((fact.rule, fact.since), (Rule::Expired, END + 5));
    assert_eq!(fact.occasion, format!("start:{START}/end:{END}"));
    let mut longer = in_period(Status::Expired, END + DAY_SECS);
    longer.period_end = Some(END + DAY_SECS);
    assert_ne!(only(&longer, END + DAY_SECS).occasion, fact.occasion);
    assert_eq!(rules(&esim, END + 5 + 7 * DAY_SECS - 1), [Rule::Expired]);
    assert_eq!(rules(&esim, END + 5 + 7 * DAY_SECS), []);
}

#[test]
fn an_expiry_told_again_by_an_earlier_event_that_comes_late_is_the_same() {
    let mut late = usage(END + 3 * HOUR_SECS, 3072.0, 0.0);
    late.status = Some(Status::Expired);
    let arriving = [late, status("EXPIRED", END + 5), status("EXPIRED", END + 5)];
    assert_eq!(
        told(&arriving, END + 3 * HOUR_SECS),
        [(Rule::Expired, format!("start:{START}/end:{END}"))]
    );
}

#[test]
fn without_a_period_an_expiry_belongs_to_its_day() {
    let mut esim = in_period(Status::Expired, END + 5);
    esim.period_start = None;
    assert_eq!(only(&esim, END).occasion, format!("end:{END}"));
    esim.period_end = None;
    assert_eq!(
        only(&esim, END).occasion,
        format!("day:{}", (END + 5) / DAY_SECS)
    );
}

#[test]
fn a_withdrawal_holds_for_a_month_and_again_after_a_reinstatement() {
    let esim = in_period(Status::Revoked, START + DAY_SECS);
    let fact = only(&esim, START + DAY_SECS);
    assert_eq!(fact.rule, Rule::Revoked);
    assert_eq!(rules(&esim, START + 31 * DAY_SECS - 1), [Rule::Revoked]);
    assert_eq!(rules(&esim, START + 31 * DAY_SECS), []);
    let told_late = in_period(Status::Revoked, START + DAY_SECS - 2);
    assert_eq!(only(&told_late, START + DAY_SECS).occasion, fact.occasion);
    let again = in_period(Status::Revoked, START + 3 * DAY_SECS);
    assert_ne!(only(&again, START + 3 * DAY_SECS).occasion, fact.occasion);
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
        [(Rule::Expired, format!("start:{START}/end:{END}"))]
    );
}

#[test]
fn an_esim_that_is_deleted_or_in_an_unknown_status_raises_nothing() {
    for status in [Status::Deleted, Status::Other("SUSPENDED".to_owned())] {
        let mut esim = with_data(3072.0, 0.0);
        esim.first_activated_at = Some(START);
        esim.status = Some(status);
        for now in [START, END - HOUR_SECS, END + 2 * HOUR_SECS] {
            assert_eq!(rules(&esim, now), []);
        }
        assert_eq!(next_check(&esim, &AlertSettings::default(), START), None);
    }
}

#[test]
fn the_last_warning_takes_the_place_of_the_first() {
    for status in [
        Status::New,
        Status::Ready,
        Status::Installed,
        Status::Activated,
        Status::Inactive,
        Status::Unknown,
    ] {
        let mut esim = in_period(status, START);
        assert!(!rules(&esim, END - 24 * HOUR_SECS - 1).contains(&Rule::ExpiresSoon));
        let facts = esim_facts(17, &esim, &AlertSettings::default(), END - 24 * HOUR_SECS);
        let warning = facts
            .iter()
            .find(|fact| fact.rule == Rule::ExpiresSoon)
            .unwrap();
        assert_eq!(warning.occasion, format!("end:{END}"));
        assert_eq!(warning.since, END - 24 * HOUR_SECS);
        assert_eq!(warning.detail.at, Some(END));
        esim.status = Some(Status::Inactive);
        assert_eq!(rules(&esim, END - 3 * HOUR_SECS - 1), [Rule::ExpiresSoon]);
        assert_eq!(rules(&esim, END - 3 * HOUR_SECS), [Rule::ExpiresVerySoon]);
        assert_eq!(rules(&esim, END - 1), [Rule::ExpiresVerySoon]);
        assert_eq!(rules(&esim, END), []);
    }
}

#[test]
fn without_the_last_warning_the_first_lasts_to_the_end() {
    let esim = in_period(Status::Inactive, START);
    let settings = off(Rule::ExpiresVerySoon);
    assert_eq!(rules_with(&settings, &esim, END - 1), [Rule::ExpiresSoon]);
}

#[test]
fn a_package_for_a_day_is_not_said_to_expire_when_it_begins() {
    let mut esim = in_period(Status::Activated, START);
    esim.period_end = Some(START + DAY_SECS);
    assert_eq!(rules(&esim, START + HOUR_SECS), []);
    assert_eq!(
        rules(&esim, START + 22 * HOUR_SECS),
        [Rule::ExpiresVerySoon]
    );
}

#[test]
fn an_extended_period_expires_anew_and_a_changed_setting_does_not() {
    let mut esim = in_period(Status::Activated, START);
    let first = only(&esim, END - DAY_SECS);
    let earlier = AlertSettings {
        expires_soon_hours: 48,
        ..AlertSettings::default()
    };
    let facts = esim_facts(17, &esim, &earlier, END - DAY_SECS);
    assert_eq!(facts[0].occasion, first.occasion);
    esim.period_end = Some(END + 7 * DAY_SECS);
    assert_eq!(rules(&esim, END - DAY_SECS), []);
    assert_ne!(only(&esim, END + 6 * DAY_SECS).occasion, first.occasion);
}

#[test]
fn an_esim_past_its_end_is_told_after_an_hour_without_a_word_and_for_a_month() {
    let esim = in_period(Status::Activated, START);
    assert_eq!(rules(&esim, END + HOUR_SECS - 1), []);
    let fact = only(&esim, END + HOUR_SECS);
    assert_eq!((fact.rule, fact.since), (Rule::PastEnd, END));
    assert_eq!(fact.detail.at, Some(END));
    assert_eq!(rules(&esim, END + 30 * DAY_SECS - 1), [Rule::PastEnd]);
    assert_eq!(rules(&esim, END + 30 * DAY_SECS), []);
    assert_eq!(
        rules(
            &in_period(Status::Expired, END + HOUR_SECS),
            END + HOUR_SECS
        ),
        [Rule::Expired]
    );
}

#[test]
fn data_is_low_under_the_limit_and_used_up_at_nothing() {
    let rule_at = |remaining: f64| rules(&with_data(1000.0, remaining), START + DAY_SECS);
    assert_eq!(rule_at(200.0), []);
    assert_eq!(rule_at(199.9), [Rule::DataLow]);
    assert_eq!(rule_at(0.1), [Rule::DataLow]);
    assert_eq!(rule_at(0.0), [Rule::DataUsedUp]);
    assert_eq!(rule_at(-3.0), [Rule::DataUsedUp]);
    let low = only(&with_data(3072.0, 307.2), START + DAY_SECS);
    assert_eq!(low.occasion, format!("start:{START}/3072"));
    assert_eq!(low.detail.remaining_mb, Some(307.2));
    assert!((low.detail.percent.unwrap() - 10.0).abs() < 1e-9);
    let over = only(&with_data(1000.0, -3.0), START + DAY_SECS);
    assert_eq!(
        (over.detail.remaining_mb, over.detail.percent),
        (Some(0.0), Some(0.0))
    );
}

#[test]
fn unlimited_or_unknown_data_raises_nothing() {
    let mut unlimited = with_data(0.0, 0.0);
    unlimited.usage.unlimited = Some(true);
    assert_eq!(rules(&unlimited, START + DAY_SECS), []);
    let mut unknown = with_data(1000.0, 0.0);
    unknown.usage.remaining_mb = None;
    assert_eq!(rules(&unknown, START + DAY_SECS), []);
    unknown.usage.allowed_mb = None;
    assert_eq!(rules(&unknown, START + DAY_SECS), []);
}

#[test]
fn data_stops_mattering_at_the_end_of_the_period_or_after_a_month_of_silence() {
    let mut esim = with_data(1000.0, 0.0);
    assert!(rules(&esim, END - 1).contains(&Rule::DataUsedUp));
    assert_eq!(rules(&esim, END), []);
    esim.period_end = None;
    assert_eq!(rules(&esim, START + 30 * DAY_SECS - 1), [Rule::DataUsedUp]);
    assert_eq!(rules(&esim, START + 30 * DAY_SECS), []);
    esim.status = Some(Status::Expired);
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

#[test]
fn a_new_period_or_package_is_a_new_occasion_and_a_name_learned_late_is_not() {
    let mut esim = with_data(1000.0, 100.0);
    let first = only(&esim, START + DAY_SECS).occasion;
    esim.usage.package_name = Some("1 GB - 7 Days".to_owned());
    assert_eq!(only(&esim, START + DAY_SECS).occasion, first);
    esim.usage.allowed_mb = Some(2000.0);
    assert_ne!(only(&esim, START + DAY_SECS).occasion, first);
    esim.usage.allowed_mb = Some(1000.0);
    esim.period_start = Some(START + DAY_SECS);
    assert_ne!(only(&esim, START + DAY_SECS).occasion, first);
}

#[test]
fn a_package_without_any_data_is_told_while_it_is_in_use() {
    let mut esim = with_data(0.0, 0.0);
    assert_eq!(rules(&esim, START + DAY_SECS), [Rule::ConnectedWithoutData]);
    esim.usage.remaining_mb = None;
    assert_eq!(rules(&esim, START + DAY_SECS), [Rule::ConnectedWithoutData]);
    esim.status = Some(Status::Inactive);
    assert_eq!(rules(&esim, START + DAY_SECS), []);
}

#[test]
fn used_up_data_is_one_alert_whether_connected_or_not() {
    for status in [Status::Activated, Status::Inactive, Status::Installed] {
        let mut esim = with_data(1000.0, 0.0);
        esim.status = Some(status);
        assert_eq!(rules(&esim, START + DAY_SECS), [Rule::DataUsedUp]);
    }
}

#[test]
fn what_is_sold_should_be_installed_a_day_before_the_trip() {
    for status in [Status::New, Status::Ready, Status::Downloaded] {
        let esim = sold(status, START - 3 * DAY_SECS, Some(START));
        assert_eq!(rules(&esim, START - DAY_SECS - 1), []);
        let fact = only(&esim, START - DAY_SECS);
        assert_eq!(
            (fact.rule, fact.since),
            (Rule::NotInstalled, START - DAY_SECS)
        );
        assert_eq!(fact.occasion, format!("start:{START}"));
        assert_eq!(fact.detail.at, Some(START));
        assert!(rules(&esim, END - 1).contains(&Rule::NotInstalled));
        assert!(!rules(&esim, END).contains(&Rule::NotInstalled));
    }
    let installed = sold(Status::Installed, START - 3 * DAY_SECS, Some(START));
    assert_eq!(rules(&installed, START), []);
}

#[test]
fn the_trip_that_the_desk_noted_counts_rather_than_the_period() {
    // The period is open from the second day after the sale; the traveller leaves eight days later.
    let leaves = START + 7 * DAY_SECS;
    let trip = Trip {
        day: jiff::civil::date(2025, 12, 4),
        at: leaves,
    };
    let mut esim = EsimState {
        period_end: Some(leaves + 30 * DAY_SECS),
        ..sold(Status::New, START - 3 * DAY_SECS, Some(START))
    };
    let known = |esim: &EsimState, now: i64| {
        let watched = Watched {
            state: esim,
            trip: Some(trip),
        };
        esim_facts(17, watched, &AlertSettings::default(), now)
    };
    assert_eq!(known(&esim, START), []);
    let facts = known(&esim, leaves - DAY_SECS);
    assert_eq!(facts.len(), 1, "{facts:?}");
    assert_eq!(facts[0].occasion, "trip:2025-12-04");
    assert_eq!(facts[0].detail.at, Some(leaves));
    assert_eq!(facts[0].detail.trip.as_deref(), Some("2025-12-04"));
    // A day before the sale is another trip's.
    esim.status_since = Some(leaves + DAY_SECS);
    esim.period_start = None;
    assert_eq!(known(&esim, leaves + 2 * DAY_SECS), []);
    assert_eq!(known(&esim, leaves + 8 * DAY_SECS)[0].occasion, "order");
}

#[test]
fn what_is_sold_shortly_before_the_trip_gets_an_hour() {
    let esim = sold(Status::New, START - 5 * HOUR_SECS, Some(START));
    assert_eq!(rules(&esim, START - 4 * HOUR_SECS - 1), []);
    assert_eq!(rules(&esim, START - 4 * HOUR_SECS), [Rule::NotInstalled]);
}

#[test]
fn what_is_sold_should_be_installed_a_week_after_the_order() {
    for start in [None, Some(START)] {
        // A period that starts with the sale says nothing about the trip.
        let mut esim = sold(Status::New, START, start);
        esim.period_end = None;
        assert_eq!(rules(&esim, START + 7 * DAY_SECS - 1), []);
        let fact = only(&esim, START + 7 * DAY_SECS);
        assert_eq!(
            (fact.rule, fact.occasion.as_str()),
            (Rule::NotInstalled, "order")
        );
        assert_eq!((fact.detail.at, fact.detail.days), (None, Some(7)));
        assert_eq!(
            rules(&esim, START + 37 * DAY_SECS - 1),
            [Rule::NotInstalled]
        );
        assert_eq!(rules(&esim, START + 37 * DAY_SECS), []);
    }
}

#[test]
fn a_trip_long_after_the_order_is_told_on_both_occasions() {
    let esim = sold(Status::New, START - 60 * DAY_SECS, Some(START));
    let occasion = |now: i64| only(&esim, now).occasion;
    assert_eq!(occasion(START - 53 * DAY_SECS), "order");
    assert_eq!(rules(&esim, START - 23 * DAY_SECS), []);
    assert_eq!(occasion(START - DAY_SECS), format!("start:{START}"));
    assert_eq!(rules(&esim, START - DAY_SECS - 1), []);
    let sooner = sold(Status::New, START - 10 * DAY_SECS, Some(START));
    assert_eq!(only(&sooner, START - DAY_SECS - 1).occasion, "order");
    assert_eq!(
        only(&sooner, START - DAY_SECS).occasion,
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
fn a_rule_that_is_off_finds_nothing_and_wakes_nobody() {
    let esim = in_period(Status::Expired, START);
    assert_eq!(rules_with(&off(Rule::Expired), &esim, START), []);
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
