//! Accepting connections and serving HTTP/1.1 on them, within limits.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower_service::Service;

use super::admission::{Admission, OpenConnection, PROBATION};
use super::answer::HangUp;
use super::hook::LONGEST_REQUEST;

/// Most headers of one request. Tunnels add some ten to a sender's own.
const MAX_HEADERS: usize = 64;

/// Largest request line with headers, in bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Most bytes that are read ahead of one connection.
const MAX_BUFFER_BYTES: usize = 32 * 1024;

/// How long a proven connection may wait for its next request. Longer than cloudflared keeps an
/// idle connection (90 s), so that the side which sends is the one that closes.
const IDLE: Duration = Duration::from_secs(120);

/// A pause after the system could not accept, for instance because no file handle is free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often the log says that the system could not accept.
const WARNED_AGAIN: Duration = Duration::from_secs(600);

/// Open files that the program asks the system for; some allow a process 256 unless it asks.
#[cfg(unix)]
const WANTED_FILES: u64 = 4096;

/// How long requests that are under way may take to end when the listener is stopped.
const STOP_TIME: Duration = Duration::from_secs(3);

/// Ends a connection whose requests are refused too often.
#[derive(Debug, thiserror::Error)]
#[error("closed without an answer")]
struct ClosedWithoutAnswer;

/// Serves until `stop` says so; then takes no new requests and ends those under way.
pub(super) async fn serve(socket: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let admission = Arc::new(Admission::new(open_files()));
    let mut warned: Option<Instant> = None;
    let told = stop.clone();
    let mut connections = JoinSet::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // A client that has said all it has to say still gets its answer.
        .half_close(true)
        .header_read_timeout(IDLE)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_BUFFER_BYTES)
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
                    // Strangers must not be able to fill the log.
                    if warned.is_none_or(|warned| warned.elapsed() > WARNED_AGAIN) {
                        warned = Some(Instant::now());
                        tracing::warn!(%error, "connections can't be accepted");
                    }
                    admission.make_room();
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
        if let Some(uri) = without_slashes_too_many(request.uri()) {
            *request.uri_mut() = uri;
        }
        let mut router = router.clone();
        let connection = Arc::clone(&marked);
        async move {
            let answer = router.call(request).await;
            connection.has_answered();
            match answer {
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
    let time_to_end = loop {
        tokio::select! {
            // What ended with an error ended by the client's doing.
            _ = served.as_mut() => return,
            () = connection.told_to_leave() => return,
            () = &mut probation, if on_probation => {
                on_probation = false;
                match connection.is_proven() {
                    true => {}
                    // A delivery that is under way is not cut off.
                    false if connection.is_delivering() => break LONGEST_REQUEST,
                    false => break Duration::ZERO,
                }
            }
            () = stopped(&mut stop) => break STOP_TIME,
        }
    };
    served.as_mut().graceful_shutdown();
    tokio::select! {
        biased;
        _ = served.as_mut() => {}
        () = connection.told_to_leave() => {}
        () = tokio::time::sleep(time_to_end) => {}
    }
}

/// A path with one slash between its parts and none at its end, as whoever pasted it together meant it; `None`: it is
/// so already.
fn without_slashes_too_many(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.contains("//") && (path.len() < 2 || !path.ends_with('/')) {
        return None;
    }
    let parts = path.split('/').filter(|part| !part.is_empty());
    let tidy = parts.fold(String::new(), |path, part| path + "/" + part);
    Uri::try_from(tidy).ok()
}

/// How many files this program may have open, after asking for enough; `None`: the system has no such bound.
#[cfg(unix)]
fn open_files() -> Option<u64> {
    let allowed = rlimit::increase_nofile_limit(WANTED_FILES);
    if let Err(error) = &allowed {
        tracing::debug!(%error, "the number of files that may be open is not known");
    }
    allowed.ok()
}

#[cfg(not(unix))]
fn open_files() -> Option<u64> {
    None
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the listener is gone, which is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::extract::Extension;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// The far end of a connection that is served, by a handler that waits for the body.
    async fn connected(names_the_token: bool) -> TcpStream {
        let handler = async move |Extension(connection): Extension<Arc<OpenConnection>>,
                                  request: Request| {
            if names_the_token {
                connection.names_the_token();
            }
            axum::body::to_bytes(request.into_body(), 16)
                .await
                .unwrap_or(Bytes::new())
        };
        let router = Router::new().route("/", post(handler));
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let far = TcpStream::connect(socket.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, _) = socket.accept().await.unwrap();
        let connection = Admission::new(None).admit();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new());
        tokio::spawn(async move {
            let (_stop, stopped) = watch::channel(false);
            attend(http, stream, router, connection, stopped).await;
        });
        far
    }

    /// What comes back if half of the body comes before the end of probation and the rest after it.
    async fn late(far: &mut TcpStream) -> String {
        let begun = Instant::now();
        far.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nso")
            .await
            .unwrap();
        // Whether it is answered or closed, not before the end.
        let end = PROBATION + Duration::from_millis(100);
        let _ = tokio::time::timeout(end, far.readable()).await;
        tokio::time::advance(end.saturating_sub(begun.elapsed())).await;
        // Whoever is gone can't be written to; that nothing comes back says so.
        let _ = far.write_all(b"on").await;
        let mut answer = Vec::new();
        let _ = far.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_delivery_that_is_under_way_at_the_end_of_probation_gets_its_answer() {
        let answer = late(&mut connected(true).await).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("soon"), "{answer}");
        // Then it ends: it has not proven itself.
        assert!(answer.contains("connection: close"), "{answer}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stranger_is_gone_at_the_end_of_probation() {
        assert_eq!(late(&mut connected(false).await).await, "");
        let mut idle = connected(false).await;
        let begun = Instant::now();
        assert_eq!(idle.read(&mut [0]).await.unwrap(), 0);
        assert!(begun.elapsed() < PROBATION + Duration::from_secs(1));
    }
}
