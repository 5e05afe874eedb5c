//! Closed loop of status events into a new store: the product and the sketches take turns, each time with an empty
//! folder and the same events, many of them the first of their eSIM.

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

/// More than any server takes in a second that stores what it gets: over one connection, and over many.
const MOST_ALONE: u64 = 12_000;
const MOST_PER_SECOND: u64 = 75_000;

/// Time before each measured one.
pub const WARM: Duration = Duration::from_millis(200);

/// What one server did in one round.
pub struct Figures {
    pub rate: f64,
    pub p99: f64,
    pub failed: u64,
    pub processor_us: f64,
    /// Written to disk per event, as the system counts it for the process: log and database, in whole pages.
    pub bytes: f64,
    pub memory: u64,
}

/// A deck that lasts for a run of this length over many connections.
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
    let before = Spent::of(server);
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
        _ => run.accepted.len() as f64,
    };
    let [_, p99, ..] = report::quantiles(&run.latency);
    Ok(before.figures(server, all, run.rate(), p99, run.failed))
}

/// What a server had used up at one moment.
pub struct Spent {
    processor: Duration,
    written: u64,
}

impl Spent {
    /// Until now. Where the system does not tell, nothing.
    pub fn of(server: &Server) -> Spent {
        Spent {
            processor: server.processor().unwrap_or_default(),
            written: server.written().unwrap_or_default(),
        }
    }

    /// The figures of a run that began then and took so many events.
    pub fn figures(
        &self,
        server: &Server,
        events: f64,
        rate: f64,
        p99: f64,
        failed: u64,
    ) -> Figures {
        let now = Spent::of(server);
        let processor = now.processor.saturating_sub(self.processor);
        Figures {
            rate,
            p99,
            failed,
            processor_us: processor.as_secs_f64() * 1e6 / events,
            bytes: now.written.saturating_sub(self.written) as f64 / events,
            memory: server.memory().map_or(0, |(now, _)| now),
        }
    }
}

/// The medians of what the servers did, in the order of [`Which::ALL`].
pub struct Medians<'a>(pub &'a [Vec<Figures>]);

impl Medians<'_> {
    /// One figure of one server.
    pub fn of(&self, which: Which, figure: impl Fn(&Figures) -> f64) -> f64 {
        let place = Which::ALL.iter().position(|one| *one == which);
        let turns = self
            .0
            .iter()
            .filter_map(|round| round.get(place.unwrap_or_default()));
        report::median(turns.map(figure))
    }

    /// The product's throughput as a share of another's, within each round: there the machine was the same.
    pub fn share_of(&self, which: Which) -> f64 {
        let place = Which::ALL.iter().position(|one| *one == which);
        report::median(self.0.iter().filter_map(|round| {
            Some(round.first()?.rate / round.get(place.unwrap_or_default())?.rate)
        }))
    }

    /// A table of all of them.
    pub fn tell(&self, title: &str) {
        let rows: Vec<Vec<String>> = Which::ALL
            .iter()
            .map(|which| {
                vec![
                    which.name().to_owned(),
                    report::thousands(self.of(*which, |f| f.rate)),
                    format!("{:.1} µs", self.of(*which, |f| f.processor_us)),
                    report::thousands(self.of(*which, |f| f.bytes)),
                    report::ms(self.of(*which, |f| f.p99)),
                    report::mib(self.of(*which, |f| f.memory as f64) as u64),
                    self.of(*which, |f| f.failed as f64).to_string(),
                ]
            })
            .collect();
        let head = [
            title,
            "per second",
            "processor",
            "bytes/event",
            "p99",
            "resident",
            "failed",
        ];
        report::table(&head, &rows);
    }
}

/// Measures and reports.
pub fn run(bench: &Bench) -> Result<()> {
    let length = bench.length(4);
    let rounds = bench.rounds(5);
    report::title(&format!(
        "Closed loop, status events of {ESIMS} eSIMs, a new store each: medians of {rounds} turns of {} s",
        length.as_secs()
    ));
    for connections in &bench.connections {
        let most = if *connections == 1 {
            MOST_ALONE
        } else {
            MOST_PER_SECOND
        };
        let events = ((length + WARM).as_secs_f64() * most as f64) as u64;
        let mut deck = Rc::new(Deck::statuses(0..events, ESIMS, &"0".repeat(TOKEN)));
        let mut turns = Vec::new();
        for _ in 0..rounds {
            let mut round = Vec::new();
            for which in Which::ALL {
                let folder = bench.folder()?;
                let server = Server::start(bench, which, folder.path())?;
                round.push(load(&server, which, &mut deck, *connections, length)?);
            }
            turns.push(round);
        }
        tell(*connections, &Medians(&turns));
    }
    Ok(())
}

fn tell(connections: usize, figures: &Medians<'_>) {
    figures.tell(&format!("{connections} connections"));
    let (sketch, wanted, most_bytes) = match connections {
        1 => (Which::PerRequest, 1.0, 30_000.0),
        _ => (Which::Group, 0.9, 14_000.0),
    };
    let share = figures.share_of(sketch);
    report::target(
        &format!("of the throughput of “{}”", sketch.name()),
        &format!("{share:.2} ×"),
        &format!("{wanted} ×"),
        share >= wanted,
    );
    let bytes = figures.of(Which::Product, |f| f.bytes);
    report::target(
        "written to disk per event",
        &format!("{:.1} kB", bytes / 1000.0),
        &format!("{} kB", most_bytes / 1000.0),
        bytes > 0.0 && bytes <= most_bytes,
    );
    if connections >= 256 {
        let memory = figures.of(Which::Product, |f| f.memory as f64);
        report::target(
            "resident memory",
            &report::mib(memory as u64),
            "24 MiB",
            memory <= 24.0 * 1_048_576.0,
        );
    }
}
