//! One keep-alive HTTP/1.1 connection that costs the generator next to nothing: it sends bytes that
//! are ready and looks for no more in the answer than its status and its end.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection to a server.
pub struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            answer: Vec::with_capacity(4096),
        })
    }

    /// Sends a request, awaits the whole answer, returns its status.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(status) = complete(&self.answer)? {
                return Ok(status);
            }
        }
    }
}

/// The status of an answer that is all there; `None`: more is to come.
pub fn complete(answer: &[u8]) -> Result<Option<u16>> {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let wrong = || Error::new(ErrorKind::InvalidData, "no HTTP answer with a length");
    let text = answer.get(..head).map(std::str::from_utf8);
    let Some(Ok(text)) = text else {
        return Err(wrong());
    };
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.get(9..12)?.parse().ok())
        .ok_or_else(wrong)?;
    let length: usize = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Some(0), |(_, value)| value.trim().parse().ok())
        .ok_or_else(wrong)?;
    Ok((answer.len() >= head + 4 + length).then_some(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_its_last_byte() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(complete(whole).unwrap(), Some(200));
        for end in 0..whole.len() {
            assert_eq!(complete(&whole[..end]).unwrap(), None);
        }
        assert_eq!(
            complete(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap(),
            Some(404)
        );
        assert!(complete(b"SSH-2.0-OpenSSH\r\n\r\n").is_err());
    }
}
