//! The sketches that the product is measured against: as little as a receiver can do that verifies, keeps every body,
//! its event and its eSIM, and answers when they are on the disk. Each is a process of its own, behind the same
//! HTTP library.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use clap::ValueEnum;
use esim_watch_core::provider;
use esim_watch_core::secret::Secret;
use rusqlite::{Connection, params};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use crate::deck::{SECRET, TOKEN};

/// Requests that share a commit at most.
const BATCH_REQUESTS: usize = 512;

/// How a sketch stores.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// Verify and parse only
    Nothing,
    /// A mutex around a connection, one commit per request
    PerRequest,
    /// A thread that commits all that wait together
    Group,
}

/// What a sketch understands of an event.
#[derive(Deserialize)]
struct Event {
    esim_id: String,
    iccid: Option<String>,
    reference_id: Option<String>,
    status: Option<String>,
    timestamp: i64,
}

struct Request {
    event: Event,
    body: Bytes,
}

type Job = (Request, oneshot::Sender<bool>);

#[derive(Clone)]
enum Sink {
    Nothing,
    PerRequest(Arc<Mutex<Connection>>),
    Group(mpsc::Sender<Job>),
}

/// Serves until it is killed. Says where on stdout, as `esim-watchd serve` does.
#[expect(
    clippy::print_stdout,
    reason = "the line that says where it listens is its whole output"
)]
pub fn serve(kind: Kind, data_dir: &Path) -> Result<()> {
    // The runtime that `#[tokio::main]` gives the product.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let file = data_dir.join("sketch.db");
        let sink = match kind {
            Kind::Nothing => Sink::Nothing,
            Kind::PerRequest => Sink::PerRequest(Arc::new(Mutex::new(open(&file)?))),
            Kind::Group => Sink::Group(group(file)?),
        };
        let token = "0".repeat(TOKEN);
        let path = format!("/hooks/{token}");
        let router = Router::new().route(&path, post(receive)).with_state(sink);
        let socket = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}{path}", socket.local_addr()?);
        println!("{}", serde_json::json!({ "url": url }));
        // As the product does: an answer is not held back.
        let socket = axum::serve::ListenerExt::tap_io(socket, |stream| {
            // Without it only the sketch is slower.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(socket, router)
            .await
            .context("the sketch ended")
    })
}

async fn receive(State(sink): State<Sink>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).map(axum::http::HeaderValue::as_bytes);
    let signed = Secret::new(SECRET)
        .is_ok_and(|secret| provider::DEFAULT.signature_fits(&header, &body, &secret));
    if !signed {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(event) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let request = Request { event, body };
    let stored = match sink {
        Sink::Nothing => true,
        Sink::PerRequest(db) => {
            let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
            commit(&mut db, [&request]).is_ok()
        }
        Sink::Group(jobs) => {
            let (reply, answer) = oneshot::channel();
            jobs.send((request, reply)).await.is_ok() && answer.await.unwrap_or(false)
        }
    };
    if stored {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn open(file: &Path) -> Result<Connection> {
    let db = Connection::open(file)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE event (
             id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, esim_id TEXT NOT NULL, status TEXT, at INTEGER NOT NULL, body BLOB NOT NULL
         ) STRICT;
         CREATE TABLE esim (
             esim_id TEXT PRIMARY KEY, iccid TEXT, reference_id TEXT, status TEXT, at INTEGER NOT NULL, events INTEGER NOT NULL
         ) STRICT;",
    )?;
    Ok(db)
}

fn group(file: PathBuf) -> Result<mpsc::Sender<Job>> {
    let mut db = open(&file)?;
    let (jobs, mut queue) = mpsc::channel::<Job>(1024);
    std::thread::Builder::new()
        .name("sketch-writer".to_owned())
        .spawn(move || {
            let mut batch = Vec::with_capacity(BATCH_REQUESTS);
            while queue.blocking_recv_many(&mut batch, BATCH_REQUESTS) > 0 {
                let stored = commit(&mut db, batch.iter().map(|(request, _)| request)).is_ok();
                for (_, reply) in batch.drain(..) {
                    // Its sender may have gone away.
                    let _ = reply.send(stored);
                }
            }
        })?;
    Ok(jobs)
}

/// One transaction: an event and an eSIM row for each request.
fn commit<'a>(
    db: &mut Connection,
    requests: impl IntoIterator<Item = &'a Request>,
) -> rusqlite::Result<()> {
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for Request { event, body } in requests {
        let status = event.status.as_deref();
        // Leads with the time, so that the index grows at its end.
        let key = format!(
            "{:011}:{}:{}",
            event.timestamp,
            event.esim_id,
            status.unwrap_or_default()
        );
        let new = tx
            .prepare_cached(
                "INSERT INTO event (key, esim_id, status, at, body) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO NOTHING",
            )?
            .execute(params![key, event.esim_id, status, event.timestamp, body.as_ref()])?;
        if new > 0 {
            tx.prepare_cached(
                "INSERT INTO esim (esim_id, iccid, reference_id, status, at, events) VALUES (?1, ?2, ?3, ?4, ?5, 1)
                 ON CONFLICT (esim_id) DO UPDATE SET status = excluded.status, at = excluded.at, events = events + 1",
            )?
            .execute(params![event.esim_id, event.iccid, event.reference_id, status, event.timestamp])?;
        }
    }
    tx.commit()
}
