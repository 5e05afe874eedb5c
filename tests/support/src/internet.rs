//! What stands for the internet: a proxy (RFC 9110, section 9.3.6) by which public names lead to this computer. It runs
//! beside every runtime, so that a program can be told of it before anything else is there.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::Result;

/// The name of a tunnel's public end, which no DNS knows (RFC 6761, section 6.4).
pub const PUBLIC_NAME: &str = "desk.tunnel.invalid";

/// The proxy. Its thread ends with the tests.
pub struct Internet {
    address: SocketAddr,
}

impl Internet {
    /// Opens it.
    ///
    /// # Errors
    /// If no port is free.
    pub fn open() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever breaks off has got what it wanted.
                thread::spawn(move || pass_on(stream).ok());
            }
        });
        Ok(Self { address })
    }

    /// The variable of a program's environment that leads there.
    #[must_use]
    pub fn env(&self) -> (String, String) {
        ("HTTPS_PROXY".to_owned(), format!("http://{}", self.address))
    }
}

/// Connects to the port that is asked for of [`PUBLIC_NAME`], and to nothing else.
fn pass_on(mut outside: TcpStream) -> std::io::Result<()> {
    let mut head = BufReader::new(outside.try_clone()?);
    let mut asked = String::new();
    head.read_line(&mut asked)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let target = asked.split_whitespace().nth(1).unwrap_or_default();
    let port = target
        .strip_prefix(PUBLIC_NAME)
        .and_then(|rest| rest.strip_prefix(':')?.parse::<u16>().ok());
    let Some(port) = port else {
        return outside.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n");
    };
    let inside = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    outside.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut to_inside, mut from_inside) = (inside.try_clone()?, inside);
    thread::spawn(move || {
        let passed = std::io::copy(&mut head, &mut to_inside);
        to_inside.shutdown(Shutdown::Write).and(passed.map(drop))
    });
    std::io::copy(&mut from_inside, &mut outside)?;
    outside.shutdown(Shutdown::Write)
}
