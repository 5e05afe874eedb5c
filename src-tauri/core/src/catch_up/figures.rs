//! Of which eSIMs a catch-up does not ask again what is left of their packages. Pure.
//!
//! What happened to one that is in use is asked for every time. What is left of its package takes another request, so where
//! many are in use a catch-up soon after another would make as many requests as that one. It makes at most half of them: what
//! was told within an hour is asked for again only of the most important ones, and of those to which something happened.

use std::collections::HashSet;

use super::plan::{Before, Importance, is_on_device};
use crate::provider::ListedEsim;
use crate::store::FiguresAsked;

/// What is left stays as it was told for so long, seconds, by the provider's clock.
const FRESH_SECS: i64 = 3_600;

/// Of so many it is asked for whatever it takes: that is seconds.
const FEW: usize = 6;

/// So many requests follow when all have been asked for, at most: whether a list has left one out is found by
/// asking for parts of it.
const AFTERWARDS: usize = 12;

/// The ids of these eSIMs. `asked`: the last catch-up that left out none; `now`: the provider's time, UTC seconds; `lists`:
/// the requests that the lists took.
pub(super) fn fresh(
    planned: &[(Importance, ListedEsim)],
    before: &Before,
    asked: Option<FiguresAsked>,
    now: i64,
    lists: u64,
) -> HashSet<String> {
    let asked = asked.filter(|asked| (0..FRESH_SECS).contains(&now.saturating_sub(asked.at)));
    let Some(asked) = asked else {
        return HashSet::new();
    };
    let in_use = |esim: &&ListedEsim| esim.status.as_ref().is_some_and(is_on_device);
    let known = |esim: &ListedEsim| before.asked.get(&esim.esim_id);
    let planned = || planned.iter().map(|(_, esim)| esim);
    let told: Vec<&ListedEsim> = planned()
        .filter(in_use)
        .filter(|esim| {
            known(esim).is_some_and(|last| last.run >= asked.run && last.mark == esim.mark)
        })
        .collect();
    if told.len() <= FEW {
        return HashSet::new();
    }
    let around = usize::try_from(lists)
        .unwrap_or(usize::MAX)
        .saturating_add(1 + AFTERWARDS);
    let there = before
        .asked
        .values()
        .filter(|last| !last.was_gone())
        .count();
    let used_then = planned()
        .filter(in_use)
        .filter(|esim| known(esim).is_some());
    let first = around
        .saturating_add(there)
        .saturating_add(used_then.count());
    let others = planned().count() + planned().filter(in_use).count() - told.len();
    let left = (first / 2).saturating_sub(around.saturating_add(others));
    let fresh = told.iter().skip(left);
    fresh.map(|esim| esim.esim_id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan::plan;
    use super::super::plan::tests::{asked, esim};
    use super::*;

    const NOW: i64 = 1_795_860_000;
    const ASKED: Option<FiguresAsked> = Some(FiguresAsked { run: 1, at: NOW });

    /// So many that are in use, and so many that nobody has installed.
    fn world(in_use: usize, others: usize) -> Vec<ListedEsim> {
        let of = |status: &'static str| move |number| esim(&format!("{status}{number}"), status, 1);
        let others = (0..others).map(of("READY"));
        (0..in_use).map(of("INSTALLED")).chain(others).collect()
    }

    /// Of how many what is left is not asked for, and of how many it is, that many seconds later.
    fn left_out(then: &[ListedEsim], now: Vec<ListedEsim>, after: i64) -> [usize; 2] {
        let before = asked(then, 1);
        let planned = plan(now, &before, 2, NOW + after);
        let fresh = fresh(&planned, &before, ASKED, NOW + after, 2);
        [fresh.len(), planned.len() - fresh.len()]
    }

    #[test]
    fn where_many_are_in_use_one_soon_after_another_makes_half_the_requests() {
        for (in_use, others, asked) in [(20, 80, 20), (40, 60, 22), (60, 40, 12), (97, 3, 0)] {
            let world = world(in_use, others);
            let [left, kept] = left_out(&world, world.clone(), 600);
            assert_eq!([left, kept], [in_use - asked, asked], "{in_use}");
            for lists in [3, 3 + AFTERWARDS] {
                let (first, second) = (lists + world.len() + in_use, lists + in_use + asked);
                // Never more than the histories take.
                assert!(second <= (first / 2).max(lists + in_use), "{in_use}");
            }
        }
    }

    #[test]
    fn what_was_told_an_hour_ago_is_asked_for_again_and_so_is_what_came_by_a_clock_that_was_ahead()
    {
        let world = world(90, 10);
        for after in [FRESH_SECS, -1] {
            assert_eq!(left_out(&world, world.clone(), after), [0, 90]);
        }
    }

    #[test]
    fn of_a_few_and_of_what_changed_or_is_new_it_is_asked_for_each_time() {
        let few = world(FEW, 0);
        assert_eq!(left_out(&few, few.clone(), 1), [0, FEW]);
        let many = world(90, 10);
        let mut now = many.clone();
        now[3].mark = "another".to_owned();
        now.push(esim("new", "INSTALLED", 1));
        assert_eq!(left_out(&many, now, 1), [89, 2]);
    }
}
