//! The sender's end of one HTTP exchange, for every tool.
//!
//! In come a URL, perhaps a secret, and bytes; out go a status, a body and a time, or a sentence
//! that says what to check. It must not know what the bytes say.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::Args;
use esim_watch_core::{http, provider};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode, Url, redirect};
use tokio::net::TcpStream;

use super::{ANSWER_CHARS, plain};

/// How long one request may take, connecting and reading the answer included.
const TIME_OUT: Duration = Duration::from_secs(10);
/// Bytes read of an answer: the rest of a longer one is left unread.
const ANSWER_BYTES: usize = 4096;
/// Where a command posts to, and what it signs with.
#[derive(Debug, Args)]
pub struct Receiver {
    /// The webhook URL, as the receiver shows it
    #[arg(long, value_name = "URL", value_parser = web_address)]
    url: Url,
    /// The webhook secret: requests are signed with it. Unsigned without one
    #[arg(
        long,
        env = "ESIM_WATCH_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    secret: Option<String>,
}

impl Receiver {
    /// The receiver at this address.
    pub(crate) fn at(url: &str, secret: Option<String>) -> Result<Self, String> {
        Ok(Self {
            url: web_address(url)?,
            secret,
        })
    }
}

/// A receiver that requests can be posted to. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Target {
    client: Client,
    url: Url,
    secret: Option<String>,
    patience: Duration,
}

/// What the receiver said.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status. Redirects are not followed: a webhook's sender doesn't either.
    pub status: StatusCode,
    /// The beginning of the body, fit for a terminal.
    pub body: String,
    /// From handing the request over until the answer was read.
    pub took: Duration,
}

impl Target {
    /// Prepares a client; nothing is connected yet. An empty secret means none.
    ///
    /// # Errors
    /// If TLS can't be set up, for example for want of the system's root certificates.
    pub fn new(to: Receiver) -> anyhow::Result<Self> {
        Self::with_patience(to, TIME_OUT)
    }

    /// The same, waiting so long for each answer.
    ///
    /// # Errors
    /// If TLS can't be set up.
    pub fn with_patience(to: Receiver, patience: Duration) -> anyhow::Result<Self> {
        let mut builder = http::client()
            .timeout(patience)
            .redirect(redirect::Policy::none());
        if to.url.scheme() == "http" {
            // No TLS, so a machine without root certificates must not fail for want of them.
            builder = builder.tls_certs_only([]);
        }
        if is_this_machine(&to.url) {
            // A proxy from the environment would look for the receiver on its own machine.
            builder = builder.no_proxy();
        }
        let client = builder.build().context(
            "can't set up HTTPS; check that the system's root certificates are installed \
             (package ca-certificates on Debian and Ubuntu)",
        )?;
        Ok(Self {
            client,
            url: to.url,
            secret: to.secret.filter(|secret| !secret.is_empty()),
            patience,
        })
    }

    /// Posts `body` as it is, signed if there is a secret.
    ///
    /// # Errors
    /// If no whole answer came in time: a sentence that says what to check. It never
    /// contains the URL's path, which is a credential.
    pub async fn post(&self, body: Vec<u8>) -> anyhow::Result<Answer> {
        let mut request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json");
        if let Some(secret) = &self.secret {
            let signature = provider::DEFAULT.sign(&body, secret);
            request = request.header(signature.header, signature.value);
        }
        let began = Instant::now();
        let response = request
            .body(body)
            .send()
            .await
            .map_err(|error| self.explain(error))?;
        let status = response.status();
        let body = beginning(response)
            .await
            .map_err(|error| self.explain(error))?;
        Ok(Answer {
            status,
            body: plain(&body, ANSWER_CHARS),
            took: began.elapsed(),
        })
    }

    /// Whether somebody accepts connections there.
    pub async fn is_there(&self) -> bool {
        let port = self.url.port_or_known_default();
        match (self.url.host_str(), port) {
            (Some(host), Some(port)) => {
                let host = host.trim_matches(['[', ']']);
                TcpStream::connect((host, port)).await.is_ok()
            }
            _ => false,
        }
    }

    fn explain(&self, error: reqwest::Error) -> anyhow::Error {
        let host = self.url.host_str().unwrap_or("the receiver");
        let place = match self.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let advice = if error.is_timeout() {
            format!(
                "no answer from {place} within {} s; is the receiver hung?",
                self.patience.as_secs()
            )
        } else if error.is_connect() {
            format!(
                "can't reach {place}; is the receiver running, and is the URL the one it shows?"
            )
        } else {
            format!("{place} broke the exchange off; is it an HTTP server, and still running?")
        };
        anyhow!(error.without_url()).context(advice)
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = self.took.as_secs_f64() * 1000.0;
        write!(
            f,
            "{} in {millis:.1} ms: {}",
            self.status.as_u16(),
            self.body
        )
    }
}

async fn beginning(mut response: Response) -> reqwest::Result<String> {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES {
        let Some(chunk) = response.chunk().await? else {
            break;
        };
        let room = ANSWER_BYTES - bytes.len();
        bytes.extend(chunk.iter().take(room));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn web_address(text: &str) -> Result<Url, String> {
    const ADVICE: &str = "give the whole address as the receiver shows it, \
                          for example http://127.0.0.1:8765/hooks/TOKEN";
    let url = Url::parse(text).map_err(|error| format!("{error}; {ADVICE}"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("not a web address; {ADVICE}"))
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    fn receiver(url: &str, secret: Option<&str>) -> Receiver {
        Receiver {
            secret: secret.map(str::to_owned),
            ..Receiver::at(url, None).unwrap()
        }
    }

    /// Answers one request with `answer` and gives back the request as it came.
    pub(in super::super) fn answering_once(
        answer: &'static str,
    ) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks/t", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.ends_with(b"END") {
                let read = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(request).unwrap()
        });
        (url, served)
    }

    #[tokio::test]
    async fn posts_the_bytes_as_they_are_with_their_signature() {
        let (url, served) = answering_once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        let target = Target::new(receiver(&url, Some("s3cret"))).unwrap();
        let answer = target.post(b"{ not json\n END".to_vec()).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "ok"));
        let request = served.join().unwrap();
        assert!(
            request.starts_with("POST /hooks/t HTTP/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("content-type: application/json\r\n"),
            "{request}"
        );
        assert!(request.ends_with("\r\n\r\n{ not json\n END"), "{request}");
        let signature = provider::sign("s3cret", b"{ not json\n END");
        assert!(
            request.contains(&format!("x-roamify-signature: {signature}\r\n")),
            "{request}"
        );
    }

    #[tokio::test]
    async fn sends_no_signature_without_a_secret_and_follows_no_redirect() {
        let (url, served) = answering_once(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        );
        let target = Target::new(receiver(&url, Some(""))).unwrap();
        assert_eq!(
            target.post(b"END".to_vec()).await.unwrap().status.as_u16(),
            302
        );
        assert!(!served.join().unwrap().to_lowercase().contains("signature"));
    }

    #[tokio::test]
    async fn says_what_to_check_when_nobody_listens_and_keeps_the_token_to_itself() {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let target = Target::new(receiver(&format!("http://{free}/hooks/token9"), None)).unwrap();
        let error = format!("{:#}", target.post(Vec::new()).await.unwrap_err());
        let advice = format!("can't reach {free}; is the receiver running, and is the URL the one");
        assert!(error.starts_with(&advice), "{error}");
        assert!(!error.contains("token9"), "{error}");
    }

    #[test]
    fn a_receiver_on_this_machine_is_reached_without_a_proxy() {
        let here = |url| is_this_machine(&web_address(url).unwrap());
        assert!(
            here("http://127.0.0.1:1/") && here("http://[::1]:1/") && here("http://localhost/")
        );
        assert!(!here("https://desk.example/") && !here("http://192.168.1.4/"));
    }
}
