//! A store of a million events and 100,000 eSIMs: how fast it starts and takes more, beside an empty
//! one, and how much memory it needs.
//!
//! It is filled through the product itself, so that it is what a desk would have.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::Bench;
use crate::deck::Deck;
use crate::drive::{Closed, closed};
use crate::ingest::{self, Figures};
use crate::report;
use crate::server::{Server, Which};

/// Events that are ready at a time while the store is filled.
const PORTION: u64 = 100_000;

const CONNECTIONS: usize = 64;

/// Fills, measures and reports.
pub fn run(bench: &Bench) -> Result<()> {
    let (events, esims) = (bench.events, bench.events / 10);
    report::title(&format!(
        "Large store: {} events, {} eSIMs",
        report::thousands(events as f64),
        report::thousands(esims as f64)
    ));
    let folder = bench.folder()?;
    let mut server = Server::start(bench, Which::Product, folder.path())?;
    let mut busy = Duration::ZERO;
    let mut first = 0;
    while first < events {
        let last = events.min(first + PORTION);
        let deck = Rc::new(Deck::new(first..last, esims, &server.token));
        let how = Closed {
            connections: CONNECTIONS,
            warm: Duration::ZERO,
            length: Duration::from_secs(600),
            again: false,
        };
        let begin = Instant::now();
        let run = closed(server.address, &deck, 0..deck.len(), how)?;
        busy += begin.elapsed();
        ensure!(run.failed == 0, "{} events were not taken", run.failed);
        first = last;
    }
    let rate = events as f64 / busy.as_secs_f64();
    report::note(&format!(
        "filled over HTTP at {} events a second",
        report::thousands(rate)
    ));
    tell_memory(&server, "after filling it");
    server.kill()?;

    start(bench, folder.path())?;

    let length = bench.length(4);
    let mut rounds: Vec<(Figures, Figures)> = Vec::new();
    let mut next = events;
    for _ in 0..bench.rounds(3) {
        let large = Server::start(bench, Which::Product, folder.path())?;
        let mut deck = Rc::new(ingest::deck(next, esims, length));
        next += deck.len() as u64;
        let in_large = ingest::load(&large, Which::Product, &mut deck, CONNECTIONS, length)?;
        tell_memory(&large, "under load");
        drop(large);
        let empty = bench.folder()?;
        let server = Server::start(bench, Which::Product, empty.path())?;
        // As many eSIMs, so that all that differs is what is stored already.
        let mut deck = Rc::new(ingest::deck(0, esims, length));
        let in_empty = ingest::load(&server, Which::Product, &mut deck, CONNECTIONS, length)?;
        rounds.push((in_large, in_empty));
    }
    tell_rates(&rounds);
    Ok(())
}

fn start(bench: &Bench, data_dir: &std::path::Path) -> Result<()> {
    let mut starts = Vec::new();
    for _ in 0..5 {
        // Ended by SIGKILL each time: the first start also recovers the log.
        let server = Server::start(bench, Which::Product, data_dir)?;
        starts.push(server.ready_after.as_secs_f64() * 1e3);
    }
    let worst = starts.iter().copied().fold(0.0, f64::max);
    let median = report::median(starts);
    report::target(
        "start to listening",
        &format!("{} (worst of 5: {})", report::ms(median), report::ms(worst)),
        "below 1 s",
        worst < 1000.0,
    );
    Ok(())
}

fn tell_rates(rounds: &[(Figures, Figures)]) {
    let large = report::median(rounds.iter().map(|(large, _)| large.rate));
    let empty = report::median(rounds.iter().map(|(_, empty)| empty.rate));
    let share = report::median(rounds.iter().map(|(large, empty)| large.rate / empty.rate));
    report::target(
        "throughput of the empty store's",
        &format!(
            "{:.0} % ({} beside {} a second, {CONNECTIONS} connections)",
            share * 100.0,
            report::thousands(large),
            report::thousands(empty)
        ),
        "80 %",
        share >= 0.8,
    );
}

fn tell_memory(server: &Server, when: &str) {
    match server.memory() {
        Some((now, most)) => report::target(
            &format!("resident memory {when}"),
            &format!("{} (at most {})", report::mib(now), report::mib(most)),
            "below 64 MiB",
            most < 64 * 1024 * 1024,
        ),
        None => report::note("this system does not tell the memory of a process"),
    }
}
