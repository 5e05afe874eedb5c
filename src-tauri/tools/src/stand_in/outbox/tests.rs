//! When what is told leaves, and how often.

use std::sync::Arc;

use super::super::letters::letters;
use super::super::world::{World, WorldPlan};
use super::*;

const BEGIN: i64 = 1_795_737_600;
const FOR_EVER: i64 = BEGIN * 2;

fn outbox() -> (Outbox, Faults) {
    let world = Arc::new(World::of(WorldPlan {
        seed: 1,
        begin: BEGIN,
        days: 2,
        esims: 20,
        everyday: false,
        hurry: None,
    }));
    (Outbox::of(letters(&world)), Faults::none(1))
}

/// Sends all, with the same outcome each time: which letters left when.
fn sent(outbox: &mut Outbox, faults: &mut Faults, outcome: Outcome) -> Vec<(usize, i64)> {
    let mut all = Vec::new();
    while let Some(sending) = outbox.take(FOR_EVER, faults) {
        all.push((sending.letter, sending.due));
        outbox.came_of(sending, outcome);
    }
    all
}

fn rule(faults: &mut Faults, text: &str) {
    faults.add(text.parse().unwrap());
}

#[test]
fn what_is_taken_leaves_once_when_it_happens() {
    let (mut outbox, mut faults) = outbox();
    let first = outbox.letters()[0].at;
    assert_eq!(outbox.next_due(), Some(first));
    assert_eq!(outbox.take(first - 1, &mut faults), None);
    let all = sent(&mut outbox, &mut faults, Outcome::Taken);
    let expected = outbox.letters().iter().map(|letter| letter.at).enumerate();
    assert_eq!(all, expected.collect::<Vec<_>>());
    assert!(outbox.report().never_told.is_empty());
    assert_eq!(outbox.report().taken, all.len());
}

#[test]
fn what_is_not_answered_is_sent_three_times_more_and_then_never() {
    let (mut outbox, mut faults) = outbox();
    let first = outbox.letters()[0].at;
    let all = sent(&mut outbox, &mut faults, Outcome::Unanswered);
    let of_first: Vec<i64> = all
        .iter()
        .filter(|(letter, _)| *letter == 0)
        .map(|(_, due)| due - first)
        .collect();
    assert_eq!(of_first, [0, 60, 360, 2_160]);
    assert_eq!(outbox.report().never_told.len(), outbox.letters().len());
    assert!(all.is_sorted_by_key(|(_, due)| *due));
}

#[test]
fn what_is_refused_is_sent_again_only_if_that_is_wanted() {
    let (mut outbox, mut faults) = outbox();
    let count = outbox.letters().len();
    assert_eq!(
        sent(&mut outbox, &mut faults, Outcome::Refused).len(),
        count
    );
    let (mut outbox, mut faults) = self::outbox();
    outbox.repeats_refused = true;
    assert_eq!(
        sent(&mut outbox, &mut faults, Outcome::Refused).len(),
        4 * count
    );
}

#[test]
fn lost_late_repeated_and_disordered_letters() {
    let times = |text: &str, letter: usize| {
        let (mut outbox, mut faults) = outbox();
        rule(&mut faults, text);
        let all = sent(&mut outbox, &mut faults, Outcome::Taken);
        let at = outbox.letters()[letter].at;
        let of_it = all.iter().filter(|(place, _)| *place == letter);
        of_it.map(|(_, due)| due - at).collect::<Vec<_>>()
    };
    assert_eq!(times("webhook lost once", 0), [0; 0]);
    assert_eq!(times("webhook late:90 once", 0), [90]);
    assert_eq!(times("webhook repeated once", 0), [0, 40]);
    assert_eq!(times("webhook repeated once", 1), [0]);

    let (mut outbox, mut faults) = outbox();
    rule(&mut faults, "webhook disordered once");
    let own = outbox.letters()[0].esim;
    let all = sent(&mut outbox, &mut faults, Outcome::Taken);
    let order: Vec<usize> = all
        .iter()
        .map(|(letter, _)| *letter)
        .filter(|letter| outbox.letters()[*letter].esim == own)
        .collect();
    assert_eq!(order[1], 0, "{order:?}");
    assert_eq!(outbox.report().held_back, 1);
}

#[test]
fn who_has_no_address_yet_never_learns_of_it() {
    let (mut outbox, mut faults) = outbox();
    let until = outbox.letters()[4].at;
    outbox.skip(until);
    assert_eq!(outbox.take(until, &mut faults), None);
    assert!(outbox.report().never_told.len() > 4);
}
