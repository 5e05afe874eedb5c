//! Roamify's side of a delivery: posts signed payloads and takes the time.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use esim_watch_core::http;
use esim_watch_core::provider::{DEFAULT, sign};

use crate::PATIENCE;
use crate::internet::PUBLIC_NAME;
use esim_watch_payloads::Payload;

/// The one answer that Roamify takes for a success.
pub const SUCCESS: &str = r#"{"code":200,"status":"success"}"#;

/// Posts to one webhook address.
#[derive(Clone)]
pub struct Sender {
    http: reqwest::Client,
    url: String,
    secret: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
    /// When the request was sent, by the wall clock.
    pub sent_at: SystemTime,
    /// From sending the request to the end of the answer.
    pub took: Duration,
}

impl Sender {
    /// A sender to `url` that signs with `secret`, if there is one.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    pub fn new(url: impl Into<String>, secret: Option<&str>) -> Result<Self> {
        let http = http::client().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self {
            http,
            url: url.into(),
            secret: secret.map(str::to_owned),
        })
    }

    /// The same through an address whose certificate is this one (PEM).
    ///
    /// # Errors
    /// If the certificate can't be read or no HTTP client can be made.
    pub fn trusting(
        certificate: &std::path::Path,
        url: impl Into<String>,
        secret: Option<&str>,
    ) -> Result<Self> {
        let pem = std::fs::read(certificate)?;
        let http = http::client()
            .no_proxy()
            // The port is the address's own.
            .resolve(PUBLIC_NAME, (Ipv4Addr::LOCALHOST, 0).into())
            .timeout(PATIENCE)
            .tls_certs_only([reqwest::Certificate::from_pem(&pem)?])
            .build()?;
        Ok(Self {
            http,
            url: url.into(),
            secret: secret.map(str::to_owned),
        })
    }

    /// Where it posts to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends a payload, signed, and returns whatever the answer is.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn send(&self, payload: &Payload) -> Result<Answer> {
        self.post(payload.bytes()).await
    }

    /// Sends a payload, signed, and insists on the answer that Roamify takes for a success.
    ///
    /// # Errors
    /// If there is no answer or another one.
    pub async fn deliver(&self, payload: &Payload) -> Result<Answer> {
        let answer = self.send(payload).await?;
        ensure!(
            answer.status == 200 && answer.body == SUCCESS,
            "refused: {answer:?}"
        );
        Ok(answer)
    }

    /// Sends raw bytes, signed.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn post(&self, body: impl Into<Vec<u8>>) -> Result<Answer> {
        let body = body.into();
        let signature = self.secret.as_deref().map(|secret| sign(secret, &body));
        self.post_signed(body, signature.as_deref()).await
    }

    /// Sends raw bytes with any signature, or none.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn post_signed(
        &self,
        body: impl Into<Vec<u8>>,
        signature: Option<&str>,
    ) -> Result<Answer> {
        let mut request = self.http.post(&self.url).body(body.into());
        request = request.header("content-type", "application/json");
        if let Some(signature) = signature {
            request = request.header(DEFAULT.signature_header(), signature);
        }
        let (sent_at, start) = (SystemTime::now(), Instant::now());
        let response = request
            .send()
            .await
            .with_context(|| format!("no answer from {}", self.url))?;
        let status = response.status().as_u16();
        let body = response.text().await?;
        Ok(Answer {
            status,
            body,
            sent_at,
            took: start.elapsed(),
        })
    }
}
