//! What holds for any bytes at all. Shared by the short run of the tests and by the targets in `fuzz/`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use esim_watch_core::booking;
use esim_watch_core::engine::{Engine, Options};
use esim_watch_core::provider::{DEFAULT, parse, sign};
use esim_watch_core::secret::{Secret, Secrets};
use serde_json::value::RawValue;

/// The secret that signs requests.
const SECRET: &str = "whsec_fuzz";

/// Every status that the listener may answer with.
const DOCUMENTED: [u16; 11] = [200, 204, 400, 401, 404, 405, 408, 413, 415, 431, 503];

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A booking list is read or refused, never more lines than there may be, and each line has its columns' meaning.
pub fn booking_list(bytes: &[u8]) {
    let reading = booking::Reading::default();
    let Ok(table) = booking::Table::read(bytes, &reading) else {
        return;
    };
    let list = booking::read(&table, &reading, "2026-11-28".parse().unwrap());
    assert!(list.lines.len() <= booking::MAX_ROWS);
    assert_eq!(
        Some(list.headings.len()),
        list.reading.columns.map(|columns| columns.len())
    );
}

/// Reading never panics, gives the same twice, and the same in either envelope.
pub fn parser(body: &[u8]) {
    let event = parse(body);
    assert_eq!(event, parse(body));
    let Ok(event) = event else { return };
    assert!(event.event_details().amount.is_none_or(f64::is_finite));
    assert!(event.occurred_at.is_none_or(|at| at >= 0));
    let Some((flat, nested)) = envelopes(body) else {
        return;
    };
    for body in [flat, nested] {
        let again = parse(body.as_bytes()).unwrap();
        assert_eq!(again, event, "told as {body}");
    }
}

/// Whatever two events say that have one key, both orders make the same of it.
pub fn absorbing(bytes: &[u8]) {
    let mark = b"\n---\n";
    let Some(at) = bytes.windows(mark.len()).position(|part| part == mark) else {
        return;
    };
    let (Ok(one), Ok(mut other)) = (parse(&bytes[..at]), parse(&bytes[at + mark.len()..])) else {
        return;
    };
    // These are part of every key.
    other.key.clone_from(&one.key);
    other.kind.clone_from(&one.kind);
    let (mut there, mut back) = (one.clone(), other.clone());
    there.absorb(&other);
    back.absorb(&one);
    assert_eq!(there, back);
    for part in [&one, &other, &back] {
        assert!(!there.absorb(part), "it was taken over already");
    }
}

type Object = BTreeMap<String, Box<RawValue>>;

/// The same content side by side and under `data`; `None` where the two can't say the same.
fn envelopes(body: &[u8]) -> Option<(String, String)> {
    let mut flat: Object = serde_json::from_slice(body).ok()?;
    if let Some(data) = flat.remove("data") {
        let inner: Object = serde_json::from_str(data.get()).ok()?;
        if inner
            .keys()
            .any(|name| name == "data" || flat.contains_key(name))
        {
            return None;
        }
        flat.extend(inner);
    }
    let is_envelope = |name: &str| matches!(name, "event_category" | "event_type" | "event_id");
    let (mut outer, inner): (Object, Object) = flat
        .clone()
        .into_iter()
        .partition(|(name, _)| is_envelope(name));
    outer.insert(
        "data".to_owned(),
        serde_json::value::to_raw_value(&inner).ok()?,
    );
    Some((
        serde_json::to_string(&flat).ok()?,
        serde_json::to_string(&outer).ok()?,
    ))
}

/// A request as [`Server::answer`] takes it: it fills the token and the signature in.
pub fn request_of(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /hooks/TOKEN HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Roamify-Signature: SIGNATURE\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The real listener over a real store.
pub struct Server {
    address: SocketAddr,
    token: String,
    // Held: the server ends with them.
    _engine: Engine,
    _runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

impl Server {
    pub fn start() -> Server {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        // In memory where that is possible: a sync costs nothing there.
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        }
        .unwrap();
        let data_dir = dir.path().to_owned();
        let (engine, address, token) = runtime.block_on(async move {
            let engine = Engine::start(Options {
                data_dir,
                bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
                port: Some(0),
                secrets: [(
                    DEFAULT.id(),
                    Ok(Secrets {
                        current: Secret::new(SECRET).ok(),
                        previous: None,
                    }),
                )]
                .into(),
                api: Default::default(),
                keyring: false,
                patience: PATIENCE,
            })
            .await
            .unwrap();
            let address = engine.listen().await.unwrap();
            let path = engine.webhook_path(DEFAULT);
            let token = path.rsplit('/').next().unwrap().to_owned();
            (engine, address, token)
        });
        Server {
            address,
            token,
            _engine: engine,
            _runtime: runtime,
            _dir: dir,
        }
    }

    /// Sends bytes on a connection of their own, and insists that nothing comes back or a whole,
    /// documented answer. Returns the first answer's status.
    pub fn answer(&self, request: &[u8]) -> Option<u16> {
        let body = position(request, b"\r\n\r\n").map_or(&b""[..], |at| &request[at + 4..]);
        let signature = sign(SECRET, body);
        let request = replace(request, b"TOKEN", self.token.as_bytes());
        let request = replace(&request, b"SIGNATURE", signature.as_bytes());
        let mut connection = TcpStream::connect(self.address).unwrap();
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        // The listener may hang up before it has read everything.
        let sent = connection
            .write_all(&request)
            .and_then(|()| connection.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        match connection.read_to_end(&mut answer) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                panic!(
                    "no end after {PATIENCE:?}: {sent:?} {}",
                    String::from_utf8_lossy(&request)
                )
            }
            // Reset, because it did not read what was sent after the answer.
            _ => {}
        }
        if answer.is_empty() {
            return None;
        }
        let text = String::from_utf8(answer).unwrap();
        let status = text
            .strip_prefix("HTTP/1.1 ")
            .or_else(|| text.strip_prefix("HTTP/1.0 "))
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .unwrap_or_else(|| panic!("no answer of HTTP: {text}"));
        // 100 only says that the rest of the request may come.
        assert!(status == 100 || DOCUMENTED.contains(&status), "{text}");
        Some(status)
    }
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

fn replace(bytes: &[u8], part: &[u8], with: &[u8]) -> Vec<u8> {
    match position(bytes, part) {
        Some(at) => [&bytes[..at], with, &bytes[at + part.len()..]].concat(),
        None => bytes.to_vec(),
    }
}
