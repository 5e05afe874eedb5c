//! The two ways to load a server.
//!
//! Closed loop: each connection sends its next request when the last one was answered; tells what a
//! server can do. Open loop: requests are due at fixed times, whatever became of those before, and
//! latency counts from when a request was due; tells what a sender sees.

use std::cell::{Cell, RefCell};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use tokio::task::LocalSet;

use crate::client::{Client, complete};
use crate::deck::Deck;

/// Latencies in nanoseconds, to three digits, up to a minute.
fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
}

/// How far before its time a thread wakes up to send a request; timers are no finer than that.
const WAKE: Duration = Duration::from_micros(120);

/// What became of a run.
pub struct Outcome {
    /// Requests that were answered within the measured time.
    pub answered: u64,
    /// The measured time.
    pub took: Duration,
    /// Their latencies in nanoseconds.
    pub latency: Histogram<u64>,
    /// Answers other than 200, and connections that broke, over the whole run.
    pub failed: u64,
    /// Places in the deck that were answered with 200, over the whole run.
    pub accepted: Vec<usize>,
    /// Places that were sent and not acknowledged.
    pub unacknowledged: Vec<usize>,
}

impl Outcome {
    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.answered as f64 / self.took.as_secs_f64().max(1e-9)
    }
}

/// How a closed loop runs.
#[derive(Clone, Copy)]
pub struct Closed {
    /// Connections, each with one request under way.
    pub connections: usize,
    /// Time before measuring begins.
    pub warm: Duration,
    /// Time that is measured; the run ends sooner where the deck does.
    pub length: Duration,
    /// Whether the deck begins again at its end.
    pub again: bool,
}

struct Run {
    next: Cell<usize>,
    measured: Cell<u64>,
    last: Cell<Instant>,
    failed: Cell<u64>,
    latency: RefCell<Histogram<u64>>,
    accepted: RefCell<Vec<usize>>,
    unacknowledged: RefCell<Vec<usize>>,
}

/// Runs a closed loop on this thread alone, through these places of the deck.
pub fn closed(
    address: SocketAddr,
    deck: &Rc<Deck>,
    places: std::ops::Range<usize>,
    how: Closed,
) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = LocalSet::new();
    let outcome = local.block_on(&runtime, async {
        let mut clients = Vec::new();
        for _ in 0..how.connections {
            clients.push(Client::connect(address).await.context("can't connect")?);
        }
        let begin = Instant::now();
        let run = Rc::new(Run {
            next: Cell::new(places.start),
            measured: Cell::new(0),
            last: Cell::new(begin + how.warm),
            failed: Cell::new(0),
            latency: RefCell::new(histogram()?),
            accepted: RefCell::default(),
            unacknowledged: RefCell::default(),
        });
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| {
                let (deck, run, places) = (Rc::clone(deck), Rc::clone(&run), places.clone());
                tokio::task::spawn_local(one(client, deck, run, places, begin, how))
            })
            .collect();
        for task in tasks {
            task.await?;
        }
        Ok::<_, anyhow::Error>(Outcome {
            answered: run.measured.get(),
            took: run.last.get().saturating_duration_since(begin + how.warm),
            latency: run.latency.borrow().clone(),
            failed: run.failed.get(),
            accepted: run.accepted.take(),
            unacknowledged: run.unacknowledged.take(),
        })
    })?;
    Ok(outcome)
}

async fn one(
    mut client: Client,
    deck: Rc<Deck>,
    run: Rc<Run>,
    places: std::ops::Range<usize>,
    begin: Instant,
    how: Closed,
) {
    let (from, until) = (begin + how.warm, begin + how.warm + how.length);
    let mut sent = Instant::now();
    while sent < until {
        let mut place = run.next.get();
        if place >= places.end {
            if !how.again {
                return;
            }
            place = places.start;
        }
        run.next.set(place + 1);
        let Some(request) = deck.request(place) else {
            return;
        };
        let answer = client.exchange(request).await;
        let now = Instant::now();
        match answer {
            Ok(200) => {
                if !how.again {
                    run.accepted.borrow_mut().push(place);
                }
                if sent >= from {
                    run.measured.set(run.measured.get() + 1);
                    run.last.set(now);
                    run.latency
                        .borrow_mut()
                        .saturating_record(nanos(now - sent));
                }
            }
            Ok(_) => {
                run.failed.set(run.failed.get() + 1);
                run.unacknowledged.borrow_mut().push(place);
            }
            Err(_) => {
                run.failed.set(run.failed.get() + 1);
                run.unacknowledged.borrow_mut().push(place);
                return;
            }
        }
        sent = now;
    }
}

/// Offers `rate` requests per second over so many connections, each a thread of its own, so that no
/// timer wheel rounds the times. A request whose time has come takes the first connection that is free.
pub fn open(
    address: SocketAddr,
    deck: &Deck,
    connections: usize,
    rate: u32,
    length: Duration,
) -> Result<Outcome> {
    let next = AtomicUsize::new(0);
    let last = (length.as_secs_f64() * f64::from(rate)) as usize;
    let last = last.min(deck.len());
    let begin = Instant::now() + Duration::from_millis(50);
    let due = |place: usize| begin + Duration::from_secs_f64(place as f64 / f64::from(rate));
    let connection = || -> Result<(Histogram<u64>, u64)> {
        let mut latency = histogram()?;
        let mut failed = 0;
        let mut stream = connect(address)?;
        let mut answer = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = deck.request(place).filter(|_| place < last) else {
                return Ok((latency, failed));
            };
            let due = due(place);
            let wait = due.saturating_duration_since(Instant::now() + WAKE);
            std::thread::sleep(wait);
            while Instant::now() < due {
                std::hint::spin_loop();
            }
            match exchange(&mut stream, request, &mut answer) {
                Ok(200) => latency.saturating_record(nanos(due.elapsed())),
                Ok(_) => failed += 1,
                Err(_) => {
                    failed += 1;
                    stream = connect(address)?;
                }
            }
        }
    };
    let mut latency = histogram()?;
    let mut failed = 0;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(connection)).collect();
        for thread in threads {
            let (part, broken) = thread
                .join()
                .map_err(|_| anyhow::anyhow!("a connection's thread panicked"))??;
            latency.add(part)?;
            failed += broken;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(Outcome {
        answered: latency.len(),
        took: begin.elapsed(),
        latency,
        failed,
        accepted: Vec::new(),
        unacknowledged: Vec::new(),
    })
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).context("can't connect")?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn exchange(stream: &mut TcpStream, request: &[u8], answer: &mut Vec<u8>) -> std::io::Result<u16> {
    stream.write_all(request)?;
    answer.clear();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(part.get(..read).unwrap_or_default());
        if let Some(status) = complete(answer)? {
            return Ok(status);
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
