//! Facts with the time in which they hold.

use super::super::holding::{ALWAYS, Holding, at, next_change};
use super::*;

/// A fact that holds from one second until another.
fn holding(rule: Rule, from: i64, until: i64) -> Holding {
    let fact = Fact {
        subject: Subject::Program,
        rule,
        occasion: "once".to_owned(),
        since: 0,
        detail: Detail::default(),
    };
    Holding { fact, from, until }
}

/// Data that is low from 10 to 20, and used up from 20 to 40.
fn two() -> Vec<Holding> {
    vec![
        holding(Rule::DataLow, 10, 20),
        holding(Rule::DataUsedUp, 20, 40),
    ]
}

fn rules_at(now: i64) -> Vec<Rule> {
    at(two(), now).into_iter().map(|fact| fact.rule).collect()
}

#[test]
fn a_fact_holds_from_its_first_second_up_to_its_last() {
    assert_eq!(rules_at(9), []);
    assert_eq!(rules_at(10), [Rule::DataLow]);
    assert_eq!(rules_at(19), [Rule::DataLow]);
    assert_eq!(rules_at(40), []);
}

#[test]
fn of_two_that_follow_each_other_one_holds_at_a_time() {
    assert_eq!(rules_at(20), [Rule::DataUsedUp]);
}

#[test]
fn the_next_change_is_a_beginning_or_an_end_whichever_comes_first() {
    assert_eq!(next_change(&two(), 0), Some(10));
    assert_eq!(next_change(&two(), 10), Some(20));
    assert_eq!(next_change(&two(), 20), Some(40));
}

#[test]
fn after_the_last_end_nothing_changes_any_more() {
    assert_eq!(next_change(&two(), 40), None);
}

#[test]
fn what_always_held_and_always_will_changes_nothing() {
    let ever = [holding(Rule::DataLow, ALWAYS, i64::MAX)];
    assert_eq!(next_change(&ever, 0), None);
}

#[test]
fn what_ends_before_it_begins_never_holds_and_wakes_nobody() {
    let never = vec![holding(Rule::DataLow, 20, 10)];
    assert_eq!(next_change(&never, 0), None);
    assert_eq!(at(never, 15), []);
}
