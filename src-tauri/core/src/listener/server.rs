//! Accepting connections and serving HTTP/1.1 on them, within limits.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower_service::Service;

use super::admission::{Admission, OpenConnection, PROBATION};
use super::answer::HangUp;

/// Most headers of one request. Tunnels add some ten to a sender's own.
const MAX_HEADERS: usize = 64;

/// Largest request line with headers, in bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// How long a proven connection may wait for its next request. Longer than cloudflared keeps an
/// idle connection (90 s), so that the side which sends is the one that closes.
const IDLE: Duration = Duration::from_secs(120);

/// A pause after the system could not accept, for instance because no file handle is free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long requests that are under way may take to end when the listener is stopped.
const STOP_TIME: Duration = Duration::from_secs(3);

/// Ends a connection whose requests are refused too often.
#[derive(Debug, thiserror::Error)]
#[error("closed without an answer")]
struct ClosedWithoutAnswer;

/// Serves until `stop` says so; then takes no new requests and ends those under way.
pub(super) async fn serve(socket: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let admission = Arc::new(Admission::new());
    let told = stop.clone();
    let mut connections = JoinSet::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // A client that has said all it has to say still gets its answer.
        .half_close(true)
        .header_read_timeout(IDLE)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEADER_BYTES);
    loop {
        tokio::select! {
            accepted = socket.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = admission.admit();
                    let task = attend(http.clone(), stream, router.clone(), Arc::clone(&connection), told.clone());
                    let admission = Arc::clone(&admission);
                    connections.spawn(async move {
                        task.await;
                        admission.leave(&connection);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            // Keeps the set from holding what has ended.
            Some(_) = connections.join_next() => {}
            () = stopped(&mut stop) => break,
        }
    }
    drop(socket);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_TIME, ended).await.is_err() {
        tracing::debug!("some clients neither finished nor went away");
    }
}

async fn attend(
    http: http1::Builder,
    stream: TcpStream,
    router: Router,
    connection: Arc<OpenConnection>,
    mut stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "answers on this connection may be held back by the system");
    }
    let marked = Arc::clone(&connection);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&marked));
        let mut router = router.clone();
        async move {
            match router.call(request).await {
                Ok(response) if response.extensions().get::<HangUp>().is_some() => {
                    Err(ClosedWithoutAnswer)
                }
                Ok(response) => Ok(response),
                Err(never) => match never {},
            }
        }
    });
    let mut served = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    let probation = tokio::time::sleep(PROBATION);
    tokio::pin!(probation);
    let mut on_probation = true;
    loop {
        tokio::select! {
            // What ended with an error ended by the client's doing.
            _ = served.as_mut() => return,
            () = connection.told_to_leave() => return,
            () = &mut probation, if on_probation => {
                if !connection.is_proven() {
                    return;
                }
                on_probation = false;
            }
            () = stopped(&mut stop) => break,
        }
    }
    served.as_mut().graceful_shutdown();
    tokio::select! {
        _ = served.as_mut() => {}
        () = tokio::time::sleep(STOP_TIME) => {}
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the listener is gone, which is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
