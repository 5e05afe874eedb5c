//! Roamify, standing in: a world, what is told of it, who may ask, and what goes wrong. A state without a clock and
//! without a network, so that a simulation can talk to it directly; [`StandIn`](super::StandIn) puts both around it.

use std::sync::Arc;

use super::api::{ApiAnswer, ApiRequest, Quirks, answer};
use super::faults::{ApiFault, Faults};
use super::letters::{Envelope, letters};
use super::outbox::{Outbox, Sending};
use super::world::World;

/// What the documentation says to who brings a wrong token.
const UNAUTHORIZED: &str = "Unauthorized, please make sure your have provided the correct api key";

/// The page of something in between.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Please sign in</title></head><body><h1>Welcome to our \
                    network</h1></body></html>";

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// It is answered.
    Answer(ApiAnswer),
    /// It is not, however long somebody waits.
    Silence,
}

/// One request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestNote {
    /// When, by the world's clock.
    pub at: i64,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without what was asked for.
    pub path: String,
    /// The HTTP status of its answer; `None`: there was none.
    pub status: Option<u16>,
    /// What went wrong on purpose.
    pub fault: Option<ApiFault>,
}

/// Roamify; see the module.
#[derive(Debug)]
pub struct Roamify {
    world: Arc<World>,
    /// What is told, and what became of it.
    pub outbox: Outbox,
    /// What goes wrong.
    pub faults: Faults,
    /// What the documentation leaves open.
    pub quirks: Quirks,
    /// Which envelope letters come in.
    pub envelope: Envelope,
    token: Option<String>,
    requests: Vec<RequestNote>,
}

impl Roamify {
    /// Roamify over a world. `token`: who asks has to bring it; `None`: everybody may.
    #[must_use]
    pub fn over(world: Arc<World>, faults: Faults, token: Option<&str>) -> Roamify {
        Roamify {
            outbox: Outbox::of(letters(&world)),
            faults,
            quirks: Quirks::default(),
            envelope: Envelope::default(),
            token: token.map(str::to_owned),
            requests: Vec::new(),
            world,
        }
    }

    /// The world that it knows.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Every request that was made, the first one first.
    #[must_use]
    pub fn requests(&self) -> &[RequestNote] {
        &self.requests
    }

    /// From now on another token is asked for; the one before is dead at once.
    pub fn rotate(&mut self, token: Option<&str>) {
        self.token = token.map(str::to_owned);
    }

    /// What happens to a request at a time.
    pub fn react(&mut self, now: i64, request: &ApiRequest) -> Reaction {
        let fault = self.faults.of_answer(&request.path, now);
        let reaction = self.reaction(now, request, fault);
        self.requests.push(RequestNote {
            at: now,
            method: request.method.clone(),
            path: request.path.clone(),
            status: match &reaction {
                Reaction::Answer(answer) => Some(answer.status),
                Reaction::Silence => None,
            },
            fault,
        });
        reaction
    }

    fn reaction(&self, now: i64, request: &ApiRequest, fault: Option<ApiFault>) -> Reaction {
        let open = request.path == "/api/health" || self.token.is_none();
        if !open && request.bearer != self.token {
            return Reaction::Answer(ApiAnswer::failure(401, UNAUTHORIZED));
        }
        let good = |half| answer(&self.world, now, &self.quirks, request, half);
        Reaction::Answer(match fault {
            None => good(false),
            Some(ApiFault::Silence) => return Reaction::Silence,
            Some(ApiFault::Cut) => good(true),
            Some(ApiFault::Malformed) => {
                let mut whole = good(false);
                whole.body.truncate(whole.body.len() * 2 / 3);
                whole
            }
            Some(fault) => instead(fault),
        })
    }

    /// The bytes of one that is to be sent, and what they tell in plain words.
    #[must_use]
    pub fn written(&self, sending: Sending) -> Option<(Vec<u8>, String)> {
        let letter = self.outbox.letters().get(sending.letter)?;
        let body = letter.body(&self.world, self.envelope);
        Some((body, letter.about(&self.world)))
    }

    /// The next webhook that is due by then.
    pub fn take(&mut self, until: i64) -> Option<Sending> {
        self.outbox.take(until, &mut self.faults)
    }
}

/// What is answered instead of what was asked for.
fn instead(fault: ApiFault) -> ApiAnswer {
    match fault {
        ApiFault::Unauthorized => ApiAnswer::failure(401, UNAUTHORIZED),
        ApiFault::Forbidden => ApiAnswer::forbidden(),
        ApiFault::NotFound => ApiAnswer::failure(404, "Not found"),
        ApiFault::Conflict => ApiAnswer::failure(409, "A request for this is open already"),
        ApiFault::Unprocessable => ApiAnswer::unprocessable(),
        ApiFault::TooMany(seconds) => ApiAnswer {
            retry_after: seconds,
            ..ApiAnswer::failure(429, "Too many requests")
        },
        ApiFault::Unavailable => ApiAnswer::failure(503, "Service unavailable"),
        ApiFault::Failed => ApiAnswer {
            status: 200,
            ..ApiAnswer::failure(500, "Unknown error")
        },
        ApiFault::Html => ApiAnswer {
            status: 200,
            retry_after: None,
            content_type: "text/html; charset=utf-8",
            body: PAGE.as_bytes().to_vec(),
        },
        ApiFault::Unknown
        | ApiFault::Silence
        | ApiFault::Cut
        | ApiFault::Malformed
        | ApiFault::Any => ApiAnswer::failure(500, "Unknown error"),
    }
}
