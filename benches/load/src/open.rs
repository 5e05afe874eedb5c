//! Open loop: 1,000 status events a second over 64 connections into a new store, latency from the scheduled time.

use anyhow::Result;

use crate::Bench;
use crate::deck::Deck;
use crate::drive::open;
use crate::ingest::{ESIMS, Figures, Medians, Spent};
use crate::report;
use crate::server::{Server, Which};

const RATE: u32 = 1000;
const CONNECTIONS: usize = 64;

/// Measures and reports.
pub fn run(bench: &Bench) -> Result<()> {
    let length = bench.length(10);
    let rounds = bench.rounds(3);
    report::title(&format!(
        "Open loop, {RATE} status events a second over {CONNECTIONS} connections: medians of {rounds} rounds of {} s",
        length.as_secs()
    ));
    let mut turns: Vec<Vec<Figures>> = Vec::new();
    let mut medians = Vec::new();
    let events = length.as_secs() * u64::from(RATE);
    for _ in 0..rounds {
        let mut round = Vec::new();
        for which in Which::ALL {
            let folder = bench.folder()?;
            let server = Server::start(bench, which, folder.path())?;
            let deck = Deck::statuses(0..events, ESIMS, &server.token);
            let before = Spent::of(&server);
            let run = open(server.address, &deck, CONNECTIONS, RATE, length)?;
            let [p50, p99, ..] = report::quantiles(&run.latency);
            if which == Which::Product {
                medians.push(p50);
            }
            let answered = run.answered as f64;
            round.push(before.figures(&server, answered, run.rate(), p99, run.failed));
        }
        turns.push(round);
    }
    let figures = Medians(&turns);
    figures.tell("1,000 a second");
    let p50 = report::median(medians);
    report::target("p50", &report::ms(p50), "below 0.5 ms", p50 < 0.5);
    let p99 = figures.of(Which::Product, |f| f.p99);
    report::target("p99", &report::ms(p99), "2.2 ms", p99 <= 2.2);
    Ok(())
}
