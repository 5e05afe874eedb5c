//! What goes wrong on the way to an API, over real sockets.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::asking::client;
use super::*;
use crate::provider::Distrust;

const WHAT: Asking = Asking::History;

/// What is written to whoever asks, before the connection ends: the answer to a request's path.
type Bytes = fn(&str) -> Vec<u8>;

/// Something that listens on this computer and answers each connection's first request.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: Bytes, tls: Option<Arc<ServerConfig>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&asked);
        // Ends with the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tls, seen) = (tls.clone(), Arc::clone(&seen));
                std::thread::spawn(move || match tls {
                    None => serve(stream, answer, &seen),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).unwrap();
                        serve(StreamOwned::new(connection, stream), answer, &seen);
                    }
                });
            }
        });
        Server { port, asked }
    }

    fn client(&self, scheme: &str) -> Client {
        let base = address(&format!("{scheme}://127.0.0.1:{}", self.port)).unwrap();
        client(base, "secret-token", 1000.0)
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn serve(mut stream: impl Read + Write, answer: Bytes, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    const GREETING_OF_TLS: u8 = 22;
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) if head.is_empty() && byte[0] == GREETING_OF_TLS => {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
                // Closed with something unread, a connection is reset, and Windows drops the answer.
                let _ = stream.read_to_end(&mut head);
                return;
            }
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let answer = answer(&path);
    seen.lock().unwrap().push(path);
    // Whoever asked may be gone.
    let _ = stream.write_all(&answer).and_then(|()| stream.flush());
}

fn whole(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

async fn get(client: &mut Client, path: &str) -> Result<Vec<u8>, ApiError> {
    client.get(WHAT, path, &[]).await
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_matter_of_the_others() {
    let cuts: [Bytes; 5] = [
        |_| b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n".to_vec(),
        |_| b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"a\":".to_vec(),
        |_| b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\":12}".to_vec(),
        |_| b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n".to_vec(),
        |_| b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n{}".to_vec(),
    ];
    for cut in cuts {
        let server = Server::start(cut, None);
        let mut client = server.client("http");
        let error = get(&mut client, "/a").await.unwrap_err();
        assert_eq!(error, ApiError::BrokenOff(WHAT));
        assert!(!error.ends_everything());
        // It may have been the line: so it is asked for again some times.
        assert_eq!(server.count(), 4);
    }
}

#[tokio::test]
async fn nobody_who_answers_at_all_is_out_of_reach() {
    let server = Server::start(|_| Vec::new(), None);
    let mut client = server.client("http");
    let error = get(&mut client, "/a").await.unwrap_err();
    assert_eq!(error, ApiError::Unreachable);
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn who_answers_everything_else_is_not_out_of_reach() {
    let nothing: Bytes = |path| match path {
        "/bad" => Vec::new(),
        _ => whole("{}"),
    };
    let half_a_head: Bytes = |path| match path {
        "/bad" => b"HTTP/1.1 200 OK\r\nConte".to_vec(),
        _ => whole("{}"),
    };
    for answer in [nothing, half_a_head] {
        let server = Server::start(answer, None);
        let mut client = server.client("http");
        get(&mut client, "/good").await.unwrap();
        let error = get(&mut client, "/bad").await.unwrap_err();
        assert_eq!(error, ApiError::BrokenOff(WHAT));
        assert_eq!(get(&mut client, "/good").await.unwrap(), b"{}");
        assert_eq!(server.count(), 6);
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_asked_for_once() {
    let server = Server::start(
        |_| b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n{\"a\":".to_vec(),
        None,
    );
    let mut client = server.client("http");
    let error = get(&mut client, "/a").await.unwrap_err();
    assert_eq!(error, ApiError::TooLong(WHAT));
    assert!(!error.ends_everything());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn what_speaks_no_http_is_something_else() {
    let server = Server::start(|_| b"SSH-2.0-other\r\n".to_vec(), None);
    let mut client = server.client("http");
    let error = get(&mut client, "/a").await.unwrap_err();
    assert_eq!(error, ApiError::Stranger(WHAT));
}

/// What a server shows with a certificate of this year's validity that is its own.
fn config(years: (i32, i32), name: &str, is_authority: bool) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    if is_authority {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    }
    let certificate = params.self_signed(&key).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

#[tokio::test]
async fn whoever_shows_another_certificate_is_told_apart_and_gets_no_token() {
    use Distrust::{Certificate, Dates};
    for (years, name, is_authority, why) in [
        ((2020, 2099), "127.0.0.1", false, Certificate),
        ((2020, 2099), "127.0.0.1", true, Certificate),
        ((2020, 2099), "login.hotel.example", false, Certificate),
        ((2020, 2021), "127.0.0.1", false, Dates),
        ((2090, 2099), "127.0.0.1", false, Dates),
    ] {
        let tls = config(years, name, is_authority);
        let server = Server::start(|_| whole("{}"), Some(tls));
        let mut client = server.client("https");
        let error = get(&mut client, "/a").await.unwrap_err();
        // Windows tells first that nobody vouches for it.
        let why = if cfg!(windows) { Certificate } else { why };
        assert_eq!(error, ApiError::Distrusted(why), "{years:?} {name}");
        assert!(error.ends_everything());
        assert_eq!(server.count(), 0);
        // Whether the clock is wrong is to be looked at where that may be it.
        let told = error.to_string();
        assert_eq!(told.contains("date and time"), why == Dates, "{told}");
        assert!(!told.contains("internet"), "{told}");
    }
}

#[tokio::test]
async fn who_does_not_speak_tls_is_told_apart() {
    let server = Server::start(|_| whole("{}"), None);
    let mut client = server.client("https");
    let error = get(&mut client, "/a").await.unwrap_err();
    assert_eq!(error, ApiError::Distrusted(Distrust::Unsecured));
    assert!(error.to_string().contains("ESIM_WATCH_API_URL"), "{error}");
    // It wants no HTTP either, in the other case.
    let tls = config((2020, 2099), "127.0.0.1", false);
    let server = Server::start(|_| whole("{}"), Some(tls));
    let mut client = server.client("http");
    let error = get(&mut client, "/a").await.unwrap_err();
    assert_eq!(error, ApiError::Stranger(WHAT));
}
