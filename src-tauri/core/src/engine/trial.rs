//! A test event of our own that makes the whole way round: out to the public address, through the tunnel, to
//! the listener, into the store.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Engine, EngineError, random_token};
use crate::clock;
use crate::health::ListenerState;
use crate::ingest::{Ingest, IngestError, Received};
use crate::listener;
use crate::listener::signature::{SIGNATURE_HEADER, sign};
use crate::store::Verdict;

/// How long it may take.
const TIME: Duration = Duration::from_secs(10);

/// How far a test event came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether it went out to the public address, or only to this computer's own.
    pub public: bool,
    /// Whether it was signed, and so whether the signature was checked.
    pub signed: bool,
    /// The answer's status; `None`: there was no answer.
    pub status: Option<u16>,
    /// How long that took, milliseconds.
    pub took_ms: u32,
    /// Whether it is in the store.
    pub stored: bool,
    /// What went wrong and what to do, for the user; `None`: all is well.
    pub problem: Option<String>,
}

/// What sending a stored delivery through the program again did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resent {
    /// Its event was known; nothing changed unless this version reads more out of it.
    Known,
    /// It brought an event that was not there.
    New,
    /// It brought an event that was not there and that this version does not recognise.
    Unrecognized,
    /// It still is no event.
    Malformed,
    /// Its body is no longer kept.
    Dropped,
}

impl Engine {
    /// Sends a signed test event to the public address, or to this computer's own where there is none, and
    /// tells how far it came.
    ///
    /// # Errors
    /// [`EngineError`] if the settings can't be read or the system has no randomness.
    pub async fn send_test(&self) -> Result<Trial, EngineError> {
        let connection = self.connection().await?;
        let local = match &self.health.borrow().listener {
            ListenerState::Up { address } => Some(format!(
                "{address}{}",
                listener::path(&self.gate.borrow().token)
            )),
            ListenerState::Down { .. } => None,
        };
        let secret = self.gate.borrow().secrets.first().cloned();
        let id = format!("test_{}", random_token()?);
        let body = json!({
            "event_category": "esim_watch",
            "event_type": "test",
            "event_id": id,
            "data": { "timestamp": clock::now_ms().div_euclid(1000) },
        })
        .to_string();
        let mut trial = Trial {
            public: connection.webhook_url.is_some(),
            signed: secret.is_some(),
            status: None,
            took_ms: 0,
            stored: false,
            problem: None,
        };
        let Some(url) = connection.webhook_url.or(local) else {
            trial.problem = Some(
                "The listener is down, so nothing can arrive. Choose another port on the Connection page.".to_owned(),
            );
            return Ok(trial);
        };
        let client = reqwest::Client::builder()
            .timeout(TIME)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                trial.problem = Some(format!(
                    "No connection can be made from this computer: {error}."
                ));
                return Ok(trial);
            }
        };
        let mut request = client
            .post(&url)
            .header("content-type", "application/json")
            .header("user-agent", "eSIM Watch test");
        if let Some(secret) = &secret {
            request = request.header(SIGNATURE_HEADER, sign(secret.reveal(), body.as_bytes()));
        }
        let began = Instant::now();
        let answer = request.body(body).send().await;
        trial.took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Ok(answer) => {
                let status = answer.status().as_u16();
                trial.status = Some(status);
                trial.stored = status == 200 && self.readers().read(|store| store.has_test(&id))?;
                trial.problem = explain(status, trial.stored);
            }
            Err(error) => trial.problem = Some(unreachable(&error, trial.public)),
        }
        Ok(trial)
    }

    /// Sends the bytes of a stored delivery through the program again, as if they came now.
    ///
    /// # Errors
    /// [`EngineError`] if they can't be read or stored.
    pub async fn resend(&self, delivery: i64) -> Result<Resent, EngineError> {
        let Some(body) = self.readers().read(|store| store.delivered(delivery))? else {
            return Ok(Resent::Dropped);
        };
        let ingest = Ingest::new(self.store.writer().clone());
        let received = Received {
            at_ms: clock::now_ms(),
            headers: None,
            foreign_type: None,
            body,
        };
        match ingest.deliver(received).await {
            Ok(stored) => Ok(match stored.verdict {
                Verdict::Accepted => Resent::New,
                Verdict::Unrecognized => Resent::Unrecognized,
                Verdict::Duplicate => Resent::Known,
                Verdict::Malformed => Resent::Malformed,
            }),
            Err(IngestError::Malformed(_)) => Ok(Resent::Malformed),
            Err(IngestError::NotStored(error)) => Err(error.into()),
        }
    }
}

/// What an answer means; `None`: all is well.
fn explain(status: u16, stored: bool) -> Option<String> {
    let text = match (status, stored) {
        (200, true) => return None,
        (200, false) => {
            "Something answered, but not this program: the event is not here. Check that the public address is the one that your tunnel shows now."
        }
        (401, _) => {
            "This program refused its own signature. Paste the signing secret again on the Connection page."
        }
        (404, _) => {
            "The address leads to something else: it does not know this webhook. Check the public address, and that the tunnel leads to this program's port."
        }
        (502 | 504 | 530, _) => {
            "The tunnel is there, but does not reach this program. Check that the tunnel leads to the port on the Connection page."
        }
        (503, _) => {
            "The event arrived and could not be stored. Look at the line at the bottom of the window."
        }
        _ => {
            return Some(format!(
                "The address answered with {status}, which this program does not. Check the public address."
            ));
        }
    };
    Some(text.to_owned())
}

/// Why there was no answer.
fn unreachable(error: &reqwest::Error, public: bool) -> String {
    if error.is_timeout() {
        return "There was no answer within 10 seconds. Check that the tunnel is running."
            .to_owned();
    }
    if public {
        return "The public address can't be reached. Check that the tunnel is running, that its address is the one on the Connection page, and that this computer is online.".to_owned();
    }
    "This program's own port can't be reached. Choose another port on the Connection page."
        .to_owned()
}
