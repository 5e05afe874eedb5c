//! HTTP/1.1 over plain sockets, so that an answer can be as bad as it is in the wild. It runs beside every runtime and ends with
//! the tests.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read as _, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How a path is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// With this content.
    Content(Vec<u8>),
    /// With this status and a web page.
    Status(u16),
    /// With another address.
    Elsewhere(String),
    /// With so many bytes of this content, of which all are announced; then the connection ends.
    Cut(Vec<u8>, usize),
    /// With so many bytes of this content; then nothing more, and the connection stays.
    Stuck(Vec<u8>, usize),
    /// With zeros without an end.
    Endless,
    /// Not at all, and the connection stays.
    Silence,
}

/// A server on this computer.
#[derive(Debug, Clone)]
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    replies: BTreeMap<String, Reply>,
    asked: Vec<String>,
}

impl Server {
    /// Opens it. What it was not told is answered with 404.
    #[must_use]
    pub fn open() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let state = Arc::new(Mutex::new(State::default()));
        let server = Server { address, state };
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                // Whoever breaks off has got what it wanted.
                thread::spawn(move || serving.serve(stream).ok());
            }
        });
        server
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on this path is answered so.
    pub fn answer(&self, path: &str, reply: Reply) {
        self.state().replies.insert(path.to_owned(), reply);
    }

    /// The paths that were asked for, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        let mut head = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        head.read_line(&mut first)?;
        let mut line = String::new();
        while head.read_line(&mut line)? > 2 {
            line.clear();
        }
        let path = first.split_whitespace().nth(1).unwrap_or_default();
        let reply = {
            let mut state = self.state();
            state.asked.push(path.to_owned());
            state.replies.get(path).cloned()
        };
        match reply.unwrap_or(Reply::Status(404)) {
            Reply::Content(content) => begin(&mut stream, &content, content.len()),
            Reply::Cut(content, length) => begin(&mut stream, &content, length),
            Reply::Stuck(content, length) => {
                begin(&mut stream, &content, length)?;
                until_gone(&mut head)
            }
            Reply::Silence => until_gone(&mut head),
            Reply::Status(status) => {
                let page = "<!doctype html><title>No</title>";
                let length = page.len();
                write!(
                    stream,
                    "HTTP/1.1 {status} No\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{page}"
                )
            }
            Reply::Elsewhere(url) => write!(
                stream,
                "HTTP/1.1 302 Found\r\nlocation: {url}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            ),
            Reply::Endless => {
                write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
                loop {
                    stream.write_all(&[0; 4096])?;
                }
            }
        }
    }
}

/// The head of an answer with all of this content, and so many bytes of it.
fn begin(stream: &mut TcpStream, content: &[u8], length: usize) -> Result<()> {
    let all = content.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {all}\r\nconnection: close\r\n\r\n"
    )?;
    stream.write_all(content.get(..length).unwrap_or(content))?;
    stream.flush()
}

/// Holds the connection until the other side has had enough.
fn until_gone(head: &mut BufReader<TcpStream>) -> Result<()> {
    let mut rest = Vec::new();
    head.read_to_end(&mut rest).map(drop)
}
