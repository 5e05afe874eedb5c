//! Weeks from seeds: a desk that is off at night and over the weekend, loses webhooks, asks an API that fails and has a store
//! that fails, catches up after each absence and then has what is true, once, and was told nothing needless.
//!
//! `plan` says what a seed decides, `desk` is the real store and the real inbox by a clock of their own, `line` is the way to
//! a made-up Roamify without a network, `play` lets the week happen, and `check` holds the desk against the world, without
//! the program's rules. CONTRIBUTING.md says how to play many of them, and one alone.

#![cfg(test)]

mod check;
mod desk;
mod line;
mod plan;
mod play;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use plan::Week;
use play::Story;

/// How many weeks the suite plays.
const SEEDS: u64 = 100;

/// How many go wrong before the rest are left.
const ENOUGH: usize = 8;

/// So many weeks are played at once: one in which the store is locked waits for it in real time, and the others go on.
const AT_ONCE: usize = 6;

#[test]
fn after_each_absence_everything_is_there_once_and_nothing_needless_is_told() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap())
    };
    let (first, count) = match number("ESIM_WATCH_WEEK") {
        Some(seed) => (seed, 1),
        None => (0, number("ESIM_WATCH_WEEKS").unwrap_or(SEEDS)),
    };
    let next = AtomicU64::new(first);
    let all: Mutex<Vec<(u64, Story)>> = Mutex::default();
    let failed = AtomicU64::new(0);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let enough = failed.load(Ordering::Relaxed) >= ENOUGH as u64;
            if seed >= first + count || enough {
                return;
            }
            let story = week(seed);
            if !story.wrong.is_empty() {
                failed.fetch_add(1, Ordering::Relaxed);
                let told: Vec<&String> = story.wrong.iter().take(5).collect();
                println!("week {seed}: {:?}", Week::of(seed));
                told.iter().for_each(|told| println!("  {told}"));
            }
            all.lock().unwrap().push((seed, story));
        }
    };
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(work);
        }
    });
    let mut all = all.into_inner().unwrap();
    all.sort_by_key(|(seed, _)| *seed);
    print(&all);
    let went_wrong = all.iter().filter(|(_, story)| !story.wrong.is_empty());
    let seeds: Vec<u64> = went_wrong.map(|(seed, _)| *seed).collect();
    assert!(
        seeds.is_empty(),
        "went wrong: {seeds:?}; play one again with ESIM_WATCH_WEEK=NUMBER"
    );
}

fn print(all: &[(u64, Story)]) {
    let sum = |of: fn(&Story) -> usize| all.iter().map(|(_, story)| of(story)).sum::<usize>();
    let total = |of: fn(&Story) -> u64| all.iter().map(|(_, story)| of(story)).sum::<u64>();
    let mut notices: Vec<usize> = all
        .iter()
        .flat_map(|(_, story)| story.notices.iter().copied())
        .collect();
    notices.sort_unstable();
    println!(
        "{} weeks: {} catch-ups, {} of them killed, {} that missed something; {} requests, {} events found, {} new; {} alerts told; \
         notifications of an absence: {:?} at most, {:?} in the middle",
        all.len(),
        sum(|story| story.catch_ups),
        sum(|story| story.killed),
        sum(|story| story.missing),
        total(|story| story.requests),
        total(|story| story.found),
        total(|story| story.new),
        sum(|story| story.told),
        notices.last(),
        notices.get(notices.len() / 2),
    );
}

/// One week, and what is wrong with it.
fn week(seed: u64) -> Story {
    let week = Week::of(seed);
    let dir = folder();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(play::play(&week, dir.path()))
}

/// In memory where the system has a place for that: each week is thousands of commits.
fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}
