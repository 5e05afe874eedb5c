//! Bad clients beside good ones: the good ones must not notice.
//!
//! The bad ones know the address, token included: whoever does not know it gets no further than they do.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::Bench;
use crate::deck::Deck;
use crate::drive::open;
use crate::ingest::ESIMS;
use crate::report;
use crate::server::{Server, Which};

/// Requests a second of the good clients, and their connections.
const RATE: u32 = 500;
const CONNECTIONS: usize = 16;

/// What a bad client does, over and over.
#[derive(Clone, Copy)]
enum Bad {
    /// One byte of the head every 200 ms
    SlowHead,
    /// One byte of the body every 200 ms
    SlowBody,
    /// Connects and says nothing
    Silent,
    /// A body in chunks without an end
    Endless,
    /// Half a request, then a reset
    Reset,
    /// A kilobyte of anything
    Garbage,
    /// 200 kB with a wrong signature
    Forged,
    /// Headers without an end
    Headers,
}

/// Each kind, how many at once, and what the report calls it.
const CROWD: [(Bad, usize, &str); 8] = [
    (Bad::SlowHead, 48, "slow heads"),
    (Bad::SlowBody, 48, "slow bodies"),
    (Bad::Silent, 16, "silent connections"),
    (Bad::Endless, 8, "endless bodies"),
    (Bad::Reset, 8, "resets"),
    (Bad::Garbage, 8, "garbage"),
    (Bad::Forged, 4, "forgeries of 200 kB"),
    (Bad::Headers, 8, "endless headers"),
];

/// Measures and reports.
pub fn run(bench: &Bench) -> Result<()> {
    let length = bench.length(20);
    report::title(&format!(
        "Bad clients beside {RATE} good requests a second, {} s",
        length.as_secs()
    ));
    let folder = bench.folder()?;
    let server = Server::start(bench, Which::Product, folder.path())?;
    let events = length.as_secs() * u64::from(RATE);
    let quiet_time = length.min(Duration::from_secs(10));
    let quiet_events = quiet_time.as_secs() * u64::from(RATE);
    let deck = Deck::new(0..quiet_events, ESIMS, &server.token);
    let quiet = open(server.address, &deck, CONNECTIONS, RATE, quiet_time)?;
    let deck = Deck::new(quiet_events..quiet_events + events, ESIMS, &server.token);
    let tries: Arc<[AtomicU64]> = CROWD.iter().map(|_| AtomicU64::new(0)).collect();
    let crowd = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    for (kind, (bad, how_many, _)) in CROWD.iter().enumerate() {
        for _ in 0..*how_many {
            let (address, token) = (server.address, server.token.clone());
            crowd.spawn(misbehave(*bad, address, token, kind, Arc::clone(&tries)));
        }
    }
    let run = open(server.address, &deck, CONNECTIONS, RATE, length);
    crowd.shutdown_background();
    let run = run?;
    let rows: Vec<Vec<String>> = [("alone", &quiet), ("beside bad ones", &run)]
        .into_iter()
        .map(|(name, run)| {
            let mut row = vec![name.to_owned(), run.answered.to_string()];
            row.extend(report::quantiles(&run.latency).map(report::ms));
            row.push(run.failed.to_string());
            row
        })
        .collect();
    report::table(
        &[
            "good clients",
            "answered",
            "p50",
            "p99",
            "p99.9",
            "worst",
            "refused",
        ],
        &rows,
    );
    let tries: Vec<String> = CROWD
        .iter()
        .zip(tries.iter())
        .map(|((_, _, name), tries)| format!("{} {name}", tries.load(Ordering::Relaxed)))
        .collect();
    report::note(&format!("the bad ones tried {}", tries.join(", ")));
    if let Some((now, most)) = server.memory() {
        let (now, most) = (report::mib(now), report::mib(most));
        report::note(&format!("resident memory {now}, at most {most}"));
    }
    let [_, p99, ..] = report::quantiles(&run.latency);
    report::target(
        "good clients' p99",
        &report::ms(p99),
        "below 50 ms",
        p99 < 50.0,
    );
    report::target(
        "good requests refused",
        &run.failed.to_string(),
        "0",
        run.failed == 0,
    );
    Ok(())
}

async fn misbehave(
    bad: Bad,
    address: SocketAddr,
    token: String,
    kind: usize,
    tries: Arc<[AtomicU64]>,
) {
    let head = format!(
        "POST /hooks/{token} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
         x-roamify-signature: {}\r\n",
        "0".repeat(64)
    );
    loop {
        if let Some(tries) = tries.get(kind) {
            tries.fetch_add(1, Ordering::Relaxed);
        }
        // Being thrown out is what it is here for. None stays for ever: the next try comes sooner.
        let _ = timeout(Duration::from_secs(60), once(bad, address, &head)).await;
        sleep(Duration::from_millis(20)).await;
    }
}

async fn once(bad: Bad, address: SocketAddr, head: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    match bad {
        Bad::SlowHead => drip(&mut stream, head.as_bytes()).await,
        Bad::SlowBody => {
            let head = format!("{head}content-length: 1000\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            drip(&mut stream, &[b' '; 1000]).await
        }
        Bad::Silent => until_closed(&mut stream).await,
        Bad::Endless => {
            let head = format!("{head}transfer-encoding: chunked\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            let mut chunk = b"4000\r\n".to_vec();
            chunk.resize(chunk.len() + 0x4000, b' ');
            chunk.extend_from_slice(b"\r\n");
            loop {
                stream.write_all(&chunk).await?;
                sleep(Duration::from_millis(5)).await;
            }
        }
        Bad::Reset => {
            let half = format!("{head}content-length: 500\r\n\r\n{{\"event_category\":");
            stream.write_all(half.as_bytes()).await?;
            stream.set_zero_linger()?;
            Ok(())
        }
        Bad::Garbage => {
            let mut seed = u64::from(std::process::id());
            let bytes: Vec<u8> = (0..1024)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (seed >> 56) as u8
                })
                .collect();
            stream.write_all(&bytes).await?;
            until_closed(&mut stream).await
        }
        Bad::Forged => {
            let head = format!("{head}connection: close\r\ncontent-length: 200000\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&vec![b' '; 200_000]).await?;
            until_closed(&mut stream).await
        }
        Bad::Headers => {
            stream.write_all(head.as_bytes()).await?;
            loop {
                let line = format!("x-more: {}\r\n", "a".repeat(1000));
                stream.write_all(line.as_bytes()).await?;
                sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

async fn drip(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        sleep(Duration::from_millis(200)).await;
    }
    until_closed(stream).await
}

async fn until_closed(stream: &mut TcpStream) -> io::Result<()> {
    let mut nothing = [0; 1024];
    while stream.read(&mut nothing).await? > 0 {}
    Ok(())
}
