//! Open loop: 1,000 requests a second over 64 connections, latency from the scheduled time.

use anyhow::Result;

use crate::Bench;
use crate::deck::Deck;
use crate::drive::open;
use crate::ingest::ESIMS;
use crate::report;
use crate::server::{Server, Which};

const RATE: u32 = 1000;
const CONNECTIONS: usize = 64;

/// Measures and reports.
pub fn run(bench: &Bench) -> Result<()> {
    let length = bench.length(10);
    let rounds = bench.rounds(3);
    report::title(&format!(
        "Open loop, {RATE} requests a second over {CONNECTIONS} connections: medians of {} rounds of {} s",
        rounds,
        length.as_secs()
    ));
    let mut turns: Vec<Vec<([f64; 4], u64)>> = Vec::new();
    let events = length.as_secs() * u64::from(RATE);
    for _ in 0..rounds {
        let mut round = Vec::new();
        for which in Which::ALL {
            let folder = bench.folder()?;
            let server = Server::start(bench, which, folder.path())?;
            let deck = Deck::new(0..events, ESIMS, &server.token);
            let run = open(server.address, &deck, CONNECTIONS, RATE, length)?;
            round.push((report::quantiles(&run.latency), run.failed));
        }
        turns.push(round);
    }
    let of = |server: usize, place: usize| {
        let cells = turns.iter().filter_map(|round| round.get(server));
        report::median(cells.filter_map(|(quantiles, _)| quantiles.get(place).copied()))
    };
    let rows: Vec<Vec<String>> = Which::ALL
        .iter()
        .enumerate()
        .map(|(server, which)| {
            let mut row = vec![which.name().to_owned()];
            row.extend((0..4).map(|place| report::ms(of(server, place))));
            let failed = turns.iter().filter_map(|round| round.get(server));
            row.push(failed.map(|(_, failed)| failed).sum::<u64>().to_string());
            row
        })
        .collect();
    report::table(&["", "p50", "p99", "p99.9", "worst", "failed"], &rows);
    for (place, name, limit) in [(0, "p50", 0.5), (1, "p99", 3.0), (2, "p99.9", 10.0)] {
        let measured = of(0, place);
        report::target(
            name,
            &report::ms(measured),
            &format!("below {limit} ms"),
            measured < limit,
        );
    }
    Ok(())
}
