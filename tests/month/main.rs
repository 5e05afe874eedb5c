//! Months from seeds, through the real rules, the real store and a clock of their own.
//!
//! `world` makes up what happens; `play` has the program live through it; `oracle` says, without the rules, what a person at
//! the desk should have been told and should have seen; `tally` holds the one against the other. CONTRIBUTING.md says how to
//! play many of them, and one alone.

#![cfg(test)]

mod agenda;
mod calendar;
mod chance;
mod oracle;
mod play;
mod spans;
mod tally;
mod timeline;
mod world;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tally::Tally;
use world::World;

/// How many months the suite plays.
const SEEDS: u64 = 200;

/// How many go wrong before the rest are left, unless somebody asks for more than the suite plays.
const ENOUGH: usize = 24;

#[test]
fn months_are_told_completely_once_and_without_noise() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap())
    };
    let (first, many) = (number("ESIM_WATCH_MONTH"), number("ESIM_WATCH_MONTHS"));
    let count = many.unwrap_or(if first.is_some() { 1 } else { SEEDS });
    let first = first.unwrap_or(0);
    let enough = if many.is_some() { usize::MAX } else { ENOUGH };
    let next = AtomicU64::new(first);
    let all = Mutex::new((Tally::default(), Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count || all.lock().unwrap().1.len() >= enough {
                return;
            }
            let (tally, told) = month(seed);
            let mut all = all.lock().unwrap();
            if !tally.wrong.is_empty() {
                all.1.push(seed);
                println!("{told}");
            }
            all.0.add(tally);
        }
    };
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(work);
        }
    });
    let (tally, seeds) = all.into_inner().unwrap();
    println!("\n{count} months from seed {first}");
    tally.print();
    assert!(
        seeds.is_empty(),
        "went wrong: {seeds:?}; play one again with ESIM_WATCH_MONTH=NUMBER"
    );
    let many = count > 20;
    assert!(!many || tally.reset_ms() < 5_000, "alerts are cleared late");
}

/// One month, and how it went if something went wrong.
fn month(seed: u64) -> (Tally, String) {
    let world = World::of(seed);
    let dir = folder();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let log = runtime.block_on(play::play(&world, dir.path()));
    let matters = oracle::matters(&world);
    let deserved = oracle::deserved(&world, &matters, &log);
    let tally = Tally::of(&world, &matters, &deserved, &log);
    let told = timeline::told(&world, &matters, &deserved, &log, &tally);
    (tally, told)
}

/// In memory where the system has a place for that: each month is thousands of commits.
fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}
