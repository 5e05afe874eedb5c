//! Closed loop over an empty store: the three servers take turns, each time with a new database and the
//! same events.

use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use crate::Bench;
use crate::deck::{Deck, TOKEN};
use crate::drive::{Closed, closed};
use crate::report;
use crate::server::{Server, Which};

/// eSIMs in the empty store's traffic.
pub const ESIMS: u64 = 10_000;

/// More than any server takes in a second that stores what it gets.
const MOST_PER_SECOND: u64 = 75_000;

/// Time before each measured one.
pub const WARM: Duration = Duration::from_millis(200);

/// What one server did in one round.
pub struct Figures {
    pub rate: f64,
    pub quantiles: [f64; 4],
    pub failed: u64,
    processor_us: Option<f64>,
    bytes: Option<f64>,
    memory: Option<u64>,
}

/// A deck that lasts for a run of this length.
pub fn deck(first: u64, esims: u64, length: Duration) -> Deck {
    let events = ((length + WARM).as_secs_f64() * MOST_PER_SECOND as f64) as u64;
    Deck::new(first..first + events, esims, &"0".repeat(TOKEN))
}

/// Loads a server for a while.
pub fn load(
    server: &Server,
    which: Which,
    deck: &mut Rc<Deck>,
    connections: usize,
    length: Duration,
) -> Result<Figures> {
    if let Some(deck) = Rc::get_mut(deck) {
        deck.address(&server.token);
    }
    let (processor, written) = (server.processor(), server.written());
    let how = Closed {
        connections,
        warm: WARM,
        length,
        again: which == Which::Nothing,
    };
    let run = closed(server.address, deck, 0..deck.len(), how)?;
    // Everything that was answered, the time before measuring included.
    let all = match which {
        Which::Nothing => run.rate() * (how.warm + how.length).as_secs_f64(),
        Which::Product | Which::Naive => run.accepted.len() as f64,
    };
    let processor = server
        .processor()
        .zip(processor)
        .map(|(now, before)| now.saturating_sub(before).as_secs_f64());
    let written = server
        .written()
        .zip(written)
        .map(|(now, before)| now.saturating_sub(before) as f64);
    Ok(Figures {
        rate: run.rate(),
        quantiles: report::quantiles(&run.latency),
        failed: run.failed,
        processor_us: processor.map(|seconds| seconds * 1e6 / all),
        bytes: written.map(|bytes| bytes / all),
        memory: server.memory().map(|(now, _)| now),
    })
}

/// Measures and reports. The turns are short and many, because a shared disk is fast and slow by the
/// second: only what ran within the same seconds may be compared.
pub fn run(bench: &Bench) -> Result<()> {
    let length = bench.length(1);
    let rounds = bench.rounds(12);
    report::title(&format!(
        "Closed loop, {ESIMS} eSIMs, stores that were empty: medians of {rounds} turns of {} s",
        length.as_secs()
    ));
    for connections in &bench.connections {
        let mut servers = Vec::new();
        for which in Which::ALL {
            let folder = bench.folder()?;
            servers.push((which, Server::start(bench, which, folder.path())?, folder));
        }
        let (mut turns, mut first) = (Vec::new(), 0);
        for _ in 0..rounds {
            let mut deck = Rc::new(deck(first, ESIMS, length));
            first += deck.len() as u64;
            let mut round = Vec::new();
            for (which, server, _) in &servers {
                round.push(load(server, *which, &mut deck, *connections, length)?);
            }
            turns.push(round);
        }
        tell(*connections, &turns);
    }
    Ok(())
}

fn tell(connections: usize, rounds: &[Vec<Figures>]) {
    let of = |server: usize, figure: &dyn Fn(&Figures) -> f64| {
        report::median(
            rounds
                .iter()
                .filter_map(|round| round.get(server))
                .map(figure),
        )
    };
    let rows: Vec<Vec<String>> = Which::ALL
        .iter()
        .enumerate()
        .map(|(server, which)| {
            let mut row = vec![
                which.name().to_owned(),
                report::thousands(of(server, &|f| f.rate)),
            ];
            for place in 0..4 {
                let quantile = |f: &Figures| f.quantiles.get(place).copied().unwrap_or(0.0);
                row.push(report::ms(of(server, &quantile)));
            }
            row.push(format!(
                "{:.1} µs",
                of(server, &|f| f.processor_us.unwrap_or(0.0))
            ));
            row.push(report::thousands(of(server, &|f| f.bytes.unwrap_or(0.0))));
            let memory = of(server, &|f| f.memory.unwrap_or(0) as f64);
            row.push(report::mib(memory as u64));
            row.push(of(server, &|f| f.failed as f64).to_string());
            row
        })
        .collect();
    let first = format!("{connections} connections");
    let head = [
        first.as_str(),
        "per second",
        "p50",
        "p99",
        "p99.9",
        "worst",
        "processor",
        "bytes/event",
        "resident",
        "failed",
    ];
    report::table(&head, &rows);
    // Ratios within a round, where the machine was the same for all.
    let ratio = |to: usize| {
        report::median(
            rounds
                .iter()
                .filter_map(|round| Some(round.first()?.rate / round.get(to)?.rate)),
        )
    };
    let (naive, nothing) = (ratio(1), ratio(2) * 100.0);
    let times = match connections {
        1 => Some(0.9),
        64 => Some(6.0),
        256 => Some(8.0),
        _ => None,
    };
    let p50 = report::median(rounds.iter().filter_map(|round| {
        let p50 = |server: usize| round.get(server)?.quantiles.first().copied();
        Some(p50(1)? / p50(0)?)
    }));
    match times {
        Some(times) => report::target(
            "of the naive way's throughput",
            &format!("{naive:.2} ×"),
            &format!("{times} ×"),
            naive >= times,
        ),
        None => report::note(&format!("{naive:.2} × the naive way's throughput")),
    }
    if connections == 1 {
        report::note(&format!(
            "{p50:.2} × by p50, which hiccups of the disk don't touch"
        ));
    }
    let share = match connections {
        64 => Some(18.0),
        256 => Some(25.0),
        _ => None,
    };
    match share {
        Some(share) => report::target(
            "of “nothing stored”",
            &format!("{nothing:.1} %"),
            &format!("{share} %"),
            nothing >= share,
        ),
        None => report::note(&format!("{nothing:.1} % of “nothing stored”")),
    }
    if connections == 64 {
        let bytes = of(0, &|f| f.bytes.unwrap_or(0.0));
        report::target(
            "written to disk per event",
            &format!("{:.1} kB", bytes / 1000.0),
            "14 kB",
            bytes > 0.0 && bytes < 14_000.0,
        );
    }
}
