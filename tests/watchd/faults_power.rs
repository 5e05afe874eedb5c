//! The end of the program while senders are busy: by a power cut, and by request.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use esim_watch_core::provider::sign;
use esim_watch_testkit::{Esim, Payload, SUCCESS, Sender, Watchd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::{SECRET, serve_signed};

/// Every delivery of a test is an event of its own.
fn payload(number: u32) -> Payload {
    let esim = Esim::numbered(number % 50);
    esim.status("ACTIVATED").at(i64::from(number))
}

/// The times of the stored events, which are their numbers.
fn stored(data_dir: &std::path::Path) -> Result<BTreeSet<u32>> {
    let events = Watchd::export_from(crate::BIN.as_ref(), data_dir, "events", "json")?;
    let events: Vec<serde_json::Value> = serde_json::from_str(&events)?;
    let numbers: BTreeSet<u32> = events
        .iter()
        .filter_map(|event| event.pointer("/payload/data/timestamp")?.as_u64())
        .filter_map(|number| number.try_into().ok())
        .collect();
    ensure!(numbers.len() == events.len(), "an event is there twice");
    Ok(numbers)
}

/// The next of a fixed row of numbers that look random (xorshift).
fn next(state: &mut u32) -> u32 {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    *state
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_power_cuts_under_load_lose_nothing_and_double_nothing() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let numbers = Arc::new(AtomicU32::new(0));
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let unanswered = Arc::new(Mutex::new(BTreeSet::new()));
    let mut random = 0x9e37_79b9;
    for round in 0..10 {
        let server = serve_signed(dir.path()).await?;
        let (count, mut counted) = watch::channel(0_u32);
        let senders: Vec<_> = (0..16)
            .map(|_| {
                let sender = Sender::new(&server.url, Some(SECRET));
                let (numbers, count) = (Arc::clone(&numbers), count.clone());
                let (acknowledged, unanswered) =
                    (Arc::clone(&acknowledged), Arc::clone(&unanswered));
                tokio::spawn(async move {
                    let sender = sender?;
                    loop {
                        let number = numbers.fetch_add(1, Ordering::Relaxed);
                        match sender.send(&payload(number)).await {
                            Ok(answer) => {
                                ensure!(answer.status == 200, "{answer:?}");
                                lock(&acknowledged).insert(number);
                                count.send_modify(|count| *count += 1);
                            }
                            Err(_) => {
                                lock(&unanswered).insert(number);
                                return Ok(());
                            }
                        }
                    }
                })
            })
            .collect();
        let moment = 1 + next(&mut random) % 600;
        counted.wait_for(|count| *count >= moment).await?;
        server.kill9();
        for sender in senders {
            sender.await??;
        }
        let (stored, acknowledged) = (stored(dir.path())?, lock(&acknowledged).clone());
        let missing: Vec<_> = acknowledged.difference(&stored).collect();
        ensure!(missing.is_empty(), "round {round}: {missing:?} are missing");
    }
    // What got no answer is sent again, as Roamify does; some of it was stored all the same.
    let server = serve_signed(dir.path()).await?;
    let sender = Sender::new(&server.url, Some(SECRET))?;
    let again = lock(&unanswered).clone();
    for number in &again {
        sender.deliver(&payload(*number)).await?;
    }
    let sent: BTreeSet<u32> = lock(&acknowledged).union(&again).copied().collect();
    assert_eq!(stored(dir.path())?, sent);
    let states: i64 = server
        .exported("esims")?
        .iter()
        .filter_map(|esim| crate::number(esim, "eventCount"))
        .sum();
    assert_eq!(usize::try_from(states)?, sent.len());
    server.sigterm().await?;
    let db = rusqlite::Connection::open(dir.path().join("esim-watch.db"))?;
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(check, "ok");
    Ok(())
}

fn lock<T>(set: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    set.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What one connection got for a request: a whole answer, or nothing at all.
async fn exchange(connection: &mut TcpStream, path: &str, body: &[u8]) -> Result<Option<String>> {
    let signature = sign(SECRET, body);
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Roamify-Signature: {signature}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let request = [head.as_bytes(), body].concat();
    if connection.write_all(&request).await.is_err() {
        return Ok(None);
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let read = match connection.read(&mut buffer).await {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => 0,
            Err(error) => return Err(error.into()),
        };
        if read == 0 {
            let half = String::from_utf8_lossy(&answer);
            ensure!(answer.is_empty(), "half an answer: {half}");
            return Ok(None);
        }
        answer.extend(buffer.get(..read).context("more than fits")?);
        let text = String::from_utf8_lossy(&answer);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .context("an answer without a length")?;
            if body.len() == length.1.parse::<usize>()? {
                return Ok(Some(text.into_owned()));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_stores_what_it_answers_and_answers_nothing_by_half() -> Result<()> {
    let dir = tempfile::tempdir()?;
    for round in 0..3_u32 {
        let server = serve_signed(dir.path()).await?;
        let address = server.url.strip_prefix("http://").context("no address")?;
        let (host, path) = address.split_once('/').context("no path")?;
        let (count, mut counted) = watch::channel(0_u32);
        let senders: Vec<_> = (0..16_u32)
            .map(|lane| {
                let (host, path, count) = (host.to_owned(), format!("/{path}"), count.clone());
                tokio::spawn(async move {
                    let mut answered = Vec::new();
                    let mut connection = TcpStream::connect(&host).await?;
                    for step in 0.. {
                        let number = round * 1_000_000 + step * 16 + lane;
                        let bytes = payload(number).bytes();
                        let Some(answer) = exchange(&mut connection, &path, &bytes).await? else {
                            break;
                        };
                        ensure!(
                            answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(SUCCESS),
                            "{answer}"
                        );
                        answered.push(number);
                        count.send_modify(|count| *count += 1);
                    }
                    Ok(answered)
                })
            })
            .collect();
        counted.wait_for(|count| *count >= 200).await?;
        // Insists on status 0.
        let log = server.sigterm().await?;
        ensure!(log.contains("stopped"), "{log}");
        let mut answered = BTreeSet::new();
        for sender in senders {
            answered.extend(sender.await??);
        }
        let stored = stored(dir.path())?;
        let missing: Vec<_> = answered.difference(&stored).collect();
        ensure!(missing.is_empty(), "{missing:?} are missing");
        let log = dir.path().join("esim-watch.db-wal");
        ensure!(
            log.metadata().map_or(0, |file| file.len()) == 0,
            "the log was not folded in"
        );
    }
    Ok(())
}
