//! Tests of since when something is so, and of what is no news.

use super::super::esim_facts;
use super::*;
use crate::event::Receipt;
use crate::provider::parse;

/// Start of the period, UTC seconds.
const START: i64 = 1_764_230_400;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const END: i64 = START + 7 * 24 * HOUR;

fn status(status: &str, at: i64) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","esim_id":"a","start":{START},"end":{END},"status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

fn left(at: i64, remaining: f64) -> Event {
    with_units(
        at,
        &format!(r#""allowed_data":3000,"remaining_data":{remaining}"#),
    )
}

fn with_units(at: i64, units: &str) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"a","start":{START},"end":{END},"status":"ACTIVATED","timestamp":{at},"usage_data":{{{units}}}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

/// The course of what holds of this rule after these events.
fn course_of(rule: Rule, history: &[Event]) -> Course {
    let state = EsimState::fold(history.to_vec());
    let settings = AlertSettings::default();
    let now = state.last_event_at.unwrap();
    let facts = esim_facts(17, &state, &settings, now);
    let fact = facts.into_iter().find(|fact| fact.rule == rule).unwrap();
    course(history.to_vec(), &fact, None, &settings)
}

#[test]
fn a_flap_breaks_nothing_and_a_reinstatement_does() {
    let at = START + HOUR;
    let history = |gap: i64| {
        [
            status("REVOKED", at),
            status("ACTIVATED", at + HOUR),
            status("REVOKED", at + HOUR + gap),
        ]
    };
    assert_eq!(course_of(Rule::Revoked, &history(5 * MINUTE)).began, at);
    let after = at + HOUR + 5 * MINUTE + 1;
    assert_eq!(
        course_of(Rule::Revoked, &history(5 * MINUTE + 1)).began,
        after
    );
}

#[test]
fn data_that_was_added_parts_two_times_without_any() {
    let history = |added: f64| {
        [
            left(START + 4 * HOUR, 0.0),
            left(START + 8 * HOUR, added),
            left(START + 12 * HOUR, 0.0),
        ]
    };
    let began = |added| course_of(Rule::DataUsedUp, &history(added)).began;
    assert_eq!(began(3000.0), START + 12 * HOUR);
    assert_eq!(began(300.0), START + 12 * HOUR);
    // What the accounting corrects.
    assert_eq!(began(5.0), START + 4 * HOUR);
}

#[test]
fn data_of_a_package_that_was_bought_after_the_last_is_another_although_it_is_used_up_as_well() {
    let longer = END + 24 * HOUR;
    let mut second = left(END + 3 * HOUR, 0.0);
    second.period_end = Some(longer);
    let course = course_of(Rule::DataUsedUp, &[left(END - HOUR, 0.0), second]);
    assert_eq!(course.began, END + 3 * HOUR);
    // An end that only moves parts nothing.
    let mut moved = left(END - 30 * MINUTE, 0.0);
    moved.period_end = Some(longer);
    let course = course_of(Rule::DataUsedUp, &[left(END - HOUR, 0.0), moved]);
    assert_eq!(course.began, END - HOUR);
}

#[test]
fn data_around_the_limit_is_low_all_the_time() {
    let history = |between: f64| {
        [
            left(START + 4 * HOUR, 590.0),
            left(START + 8 * HOUR, between),
            left(START + 12 * HOUR, 580.0),
        ]
    };
    let began = |between| course_of(Rule::DataLow, &history(between)).began;
    assert_eq!(began(620.0), START + 4 * HOUR);
    assert_eq!(began(0.0), START + 4 * HOUR);
    assert_eq!(began(1500.0), START + 12 * HOUR);
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut history = vec![
        left(START + 4 * HOUR, 0.0),
        left(START + 8 * HOUR, 3000.0),
        left(START + 12 * HOUR, 0.0),
    ];
    let before = course_of(Rule::DataUsedUp, &history);
    history.reverse();
    assert_eq!(course_of(Rule::DataUsedUp, &history), before);
}

#[test]
fn a_package_of_calls_is_no_news_because_it_holds_no_data() {
    let calls = |voice: u32| {
        let units = format!(
            r#""allowed_data":0,"remaining_data":0,"allowed_voice":{voice},"remaining_voice":{voice}"#
        );
        course_of(
            Rule::ConnectedWithoutData,
            &[with_units(START + HOUR, &units)],
        )
        .no_news
    };
    assert!(calls(100) && !calls(0));
}

#[test]
fn an_event_whose_time_is_not_believed_counts_from_its_receipt() {
    let at = START + HOUR;
    for claimed in [0, at + 365 * 24 * HOUR] {
        let mut revoked = status("REVOKED", claimed);
        revoked.received(Receipt::at(at));
        let history = [status("ACTIVATED", at - MINUTE), revoked];
        assert_eq!(course_of(Rule::Revoked, &history).began, at);
        let installed = Past::of(vec![status("NEW", START), {
            let mut ready = status("READY", claimed);
            ready.received(Receipt::at(at));
            ready
        }]);
        assert_eq!(installed.sold_at, Some(START));
    }
}

/// What is said of another period, by its start and end.
fn of_period(kind: &str, status: &str, at: i64, (start, end): (i64, i64)) -> Event {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"{kind}","esim_id":"a","start":{start},"end":{end},"status":"{status}","timestamp":{at}}}"#
    );
    parse(body.as_bytes()).unwrap()
}

#[test]
fn what_is_withdrawn_after_an_end_is_news_if_more_was_bought_meanwhile() {
    let revoked = END + 30 * HOUR;
    let after = |between: &[Event], period: (i64, i64)| {
        let mut history = vec![status("ACTIVATED", START), status("EXPIRED", END + MINUTE)];
        history.extend_from_slice(between);
        history.push(of_period("status", "REVOKED", revoked, period));
        course_of(Rule::Revoked, &history).no_news
    };
    assert!(after(&[], (START, END)));
    // The period that was over goes on until later, or another one began.
    assert!(!after(&[], (START, END + 72 * HOUR)));
    let next = (END + 20 * HOUR, END + 90 * HOUR);
    assert!(!after(&[], next));
    // All that came of it told no status.
    let unknown = of_period("usage", "UNKNOWN", END + 25 * HOUR, next);
    assert!(!after(&[unknown], next));
}

#[test]
fn the_end_of_another_package_is_another_one_although_all_but_its_last_minutes_was_lost() {
    let (start, end) = (END + 20 * HOUR, END + 44 * HOUR);
    let history = [
        status("ACTIVATED", START),
        status("EXPIRED", END + MINUTE),
        of_period("usage", "ACTIVATED", end - MINUTE, (start, end)),
        of_period("status", "EXPIRED", end + MINUTE, (start, end)),
    ];
    assert_eq!(course_of(Rule::Expired, &history).began, end + MINUTE);
}
