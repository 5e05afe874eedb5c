//! A test event of our own that makes the whole way round: out to the public address, through the tunnel, to
//! the listener, into the store.

use std::time::{Duration, Instant};

use super::{Engine, EngineError, random_token};
use crate::answer::ACKNOWLEDGED;
use crate::health::ListenerState;
use crate::http;
use crate::ingest::{IngestError, Received};
use crate::message::{Message, ToMessage};
use crate::provider;
use crate::store::{Setting, Verdict};

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
    pub problem: Option<Message>,
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
        let provider = provider::DEFAULT;
        let path = self.webhook_path(provider);
        let public = self
            .readers()
            .read(|store| store.setting(Setting::PublicUrl))?
            .map(|base| format!("{base}{path}"));
        let local = match &self.health.borrow().listener {
            ListenerState::Up { address } => Ok(format!("{address}{path}")),
            ListenerState::Down { message } => Err(message.clone()),
        };
        let secret = self
            .gate
            .borrow()
            .secrets
            .get(&provider.id())
            .and_then(|secrets| secrets.first().cloned());
        let id = format!("test_{}", random_token()?);
        let body = provider.test_event(&id, self.now().clock_ms.div_euclid(1000));
        let mut trial = Trial {
            public: public.is_some(),
            signed: secret.is_some(),
            status: None,
            took_ms: 0,
            stored: false,
            problem: None,
        };
        let local = match local {
            Ok(local) => local,
            // Whichever way it goes, it would not arrive; and what to do depends on why.
            Err(reason) => {
                trial.problem = Some(TestProblem::Deaf(reason).to_message());
                return Ok(trial);
            }
        };
        let url = public.unwrap_or(local);
        let client = http::client()
            .timeout(self.options.patience)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                trial.problem = Some(TestProblem::Offline(error.to_string()).to_message());
                return Ok(trial);
            }
        };
        let mut request = client
            .post(&url)
            .header("content-type", "application/json")
            .header("user-agent", "eSIM Watch test");
        if let Some(secret) = &secret {
            let signature = provider.sign(&body, secret.reveal());
            request = request.header(signature.header, signature.value);
        }
        let event = provider.read(&body);
        let (at_ms, began) = (self.now().clock_ms, Instant::now());
        let answer = request.body(body).send().await;
        trial.took_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Ok(answer) => {
                let status = answer.status().as_u16();
                trial.status = Some(status);
                trial.stored = match event {
                    Ok(event) if status == ACKNOWLEDGED => {
                        self.readers().read(|store| store.has_event(&event))?
                    }
                    _ => false,
                };
                let refused_here = self
                    .refusals()
                    .iter()
                    .any(|refusal| refusal.at_ms >= at_ms && refusal.status == status);
                trial.problem =
                    explain(status, trial.stored, refused_here).map(|problem| problem.to_message());
            }
            Err(error) => {
                let patience = self.options.patience;
                trial.problem = Some(unreachable(&error, trial.public, patience).to_message());
            }
        }
        Ok(trial)
    }

    /// Sends the bytes of a stored delivery through the program again, as if they came now.
    ///
    /// # Errors
    /// [`EngineError`] if they can't be read or stored.
    pub async fn resend(&self, delivery: i64) -> Result<Resent, EngineError> {
        let Some(body) = self.readers().read(|store| store.authentic(delivery))? else {
            return Ok(Resent::Dropped);
        };
        let received = Received {
            at: self.now(),
            headers: None,
            unreadable: None,
            body,
            again: true,
        };
        match self.ingest.deliver(received).await {
            Ok(stored) => Ok(match stored.verdict {
                Verdict::Accepted => Resent::New,
                Verdict::Unrecognized => Resent::Unrecognized,
                Verdict::Duplicate => Resent::Known,
                Verdict::Malformed => Resent::Malformed,
            }),
            Err(IngestError::Unreadable(_)) => Ok(Resent::Malformed),
            Err(IngestError::NotStored(error)) => Err(error.into()),
        }
    }
}

/// Why a test event did not make the whole way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestProblem {
    /// The listener is down; why, and what to do.
    Deaf(Message),
    /// This computer can't connect to anything; the system's words.
    Offline(String),
    /// Something else took the event.
    Stranger,
    /// The signature was refused.
    Secret,
    /// The address knows no such webhook.
    Elsewhere,
    /// The tunnel does not reach this program.
    Tunnel,
    /// The event could not be stored.
    NotStored,
    /// An answer with a status (RFC 9110) that this program does not give.
    Status(u16),
    /// No answer in so many seconds.
    TooSlow(i64),
    /// The public address can't be reached.
    Unreachable,
    /// This program's own port can't be reached.
    Port,
}

impl ToMessage for TestProblem {
    fn to_message(&self) -> Message {
        Message::of(match self {
            TestProblem::Deaf(reason) => {
                return Message::of("testEvent.problem.deaf").with("reason", reason.clone());
            }
            TestProblem::Offline(text) => {
                return Message::of("testEvent.problem.offline")
                    .with("reason", Message::quoted(text));
            }
            TestProblem::Stranger => "testEvent.problem.stranger",
            TestProblem::Secret => "testEvent.problem.secret",
            TestProblem::Elsewhere => "testEvent.problem.elsewhere",
            TestProblem::Tunnel => "testEvent.problem.tunnel",
            TestProblem::NotStored => "testEvent.problem.notStored",
            TestProblem::Status(status) => {
                return Message::of("testEvent.problem.status").with("status", status.to_string());
            }
            TestProblem::TooSlow(seconds) => {
                return Message::of("testEvent.problem.tooSlow").with("count", *seconds);
            }
            TestProblem::Unreachable => "testEvent.problem.unreachable",
            TestProblem::Port => "testEvent.problem.port",
        })
    }
}

/// What an answer means; `None`: all is well. `refused_here`: this program gave such an answer since the event was sent.
fn explain(status: u16, stored: bool, refused_here: bool) -> Option<TestProblem> {
    Some(match (status, stored) {
        (200, true) => return None,
        (200, false) => TestProblem::Stranger,
        (401, _) if refused_here => TestProblem::Secret,
        (404, _) => TestProblem::Elsewhere,
        (503, _) if refused_here => TestProblem::NotStored,
        (502..=504 | 530, _) => TestProblem::Tunnel,
        _ => TestProblem::Status(status),
    })
}

/// Why there was no answer.
fn unreachable(error: &reqwest::Error, public: bool, patience: Duration) -> TestProblem {
    if error.is_timeout() {
        TestProblem::TooSlow(i64::try_from(patience.as_secs().max(1)).unwrap_or(i64::MAX))
    } else if public {
        TestProblem::Unreachable
    } else {
        TestProblem::Port
    }
}
