//! Roamify with a clock, and with a way to send: what is due is posted, what was not answered in time is sent again.
//!
//! Knows the network on its way out only; who asks comes in through `server`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use esim_watch_core::provider;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::clock::WorldClock;
use super::outbox::{Outcome, Sending};
use super::roamify::Roamify;
use crate::send::{Receiver, Target};

/// So long an answer to a webhook may take, by this computer's clock: the current figure.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many webhooks wait for their answers at the same time, unless a test moves the clock: then one.
const AT_ONCE: usize = 16;

/// How long is slept between two looks at the clock.
const SHORTEST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Between two looks whether somebody listens.
const LOOKS_AGAIN: Duration = Duration::from_millis(200);

/// What `server` and `admin` share.
#[derive(Debug)]
pub(super) struct Station {
    roamify: Mutex<Roamify>,
    pub(super) clock: WorldClock,
    receiver: Mutex<Option<Target>>,
    changed: Notify,
    stepping: tokio::sync::Mutex<()>,
}

impl Station {
    pub(super) fn new(roamify: Roamify, clock: WorldClock) -> Station {
        Station {
            roamify: Mutex::new(roamify),
            clock,
            receiver: Mutex::new(None),
            changed: Notify::new(),
            stepping: tokio::sync::Mutex::new(()),
        }
    }

    pub(super) fn roamify(&self) -> MutexGuard<'_, Roamify> {
        self.roamify.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receiver(&self) -> MutexGuard<'_, Option<Target>> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on webhooks go to this address, signed with the secret if there is one.
    pub(super) fn point_at(&self, url: &str, secret: Option<&str>) -> anyhow::Result<()> {
        let to = Receiver::at(url, secret.map(str::to_owned)).map_err(anyhow::Error::msg)?;
        *self.receiver() = Some(Target::with_patience(to, PATIENCE)?);
        self.changed.notify_one();
        Ok(())
    }

    /// From now on nobody is told anything.
    pub(super) fn point_nowhere(&self) {
        *self.receiver() = None;
    }

    /// Moves a clock that stands, and sends what is due until then, one after the other.
    pub(super) async fn step_to(&self, time: i64) {
        let _alone = self.stepping.lock().await;
        self.send_due(time, 1).await;
        self.clock.step_to(time);
    }

    /// Starts a clock that is held as soon as somebody listens where webhooks go.
    pub(super) async fn start_with_receiver(&self) {
        let target = self.receiver().clone();
        if let Some(target) = target {
            while !target.is_there().await {
                tokio::time::sleep(LOOKS_AGAIN).await;
            }
        }
        tracing::info!("somebody listens: the world begins");
        self.start_clock();
    }

    /// Starts a clock that is held.
    pub(super) fn start_clock(&self) {
        self.clock.start();
        self.changed.notify_one();
    }

    /// Sends what is due whenever it is, for ever. Does nothing while the clock has to be moved.
    pub(super) async fn send_for_ever(&self) {
        if self.clock.is_stepped() {
            return;
        }
        loop {
            let changed = self.changed.notified();
            let due = self.roamify().outbox.next_due();
            let wait = due.map(|due| self.clock.until(due));
            match wait {
                Some(wait) if wait.is_zero() => self.send_due(self.clock.now(), AT_ONCE).await,
                Some(wait) => {
                    // The clock's pace changes meanwhile, and seconds are its smallest step.
                    let wait = wait.clamp(SHORTEST_WAIT, LONGEST_WAIT);
                    let _either = tokio::time::timeout(wait, changed).await;
                }
                None => changed.await,
            }
        }
    }

    async fn send_due(&self, until: i64, at_once: usize) {
        let mut flying = JoinSet::new();
        loop {
            while flying.len() < at_once {
                let target = self.receiver().clone();
                let mut roamify = self.roamify();
                let Some(target) = target else {
                    roamify.outbox.skip(until);
                    break;
                };
                let Some(sending) = roamify.take(until) else {
                    break;
                };
                // Whoever asks while it is sent finds what it tells.
                self.clock.step_to(sending.due);
                if let Some((body, about)) = roamify.written(sending) {
                    flying.spawn(post(target, sending, body, about));
                }
            }
            match flying.join_next().await {
                Some(Ok((sending, outcome))) => self.roamify().outbox.came_of(sending, outcome),
                Some(Err(error)) => tracing::warn!(%error, "a webhook was not sent to its end"),
                None => return,
            }
        }
    }
}

async fn post(
    target: Target,
    sending: Sending,
    body: Vec<u8>,
    about: String,
) -> (Sending, Outcome) {
    let again = match sending.tried {
        0 => String::new(),
        times => format!(", attempt {}", times + 1),
    };
    let outcome = match target.post(body).await {
        Ok(answer) => {
            let asked_for = provider::DEFAULT.acknowledgement();
            let good = answer.status == 200 && answer.body.trim() == asked_for;
            tracing::info!(
                "webhook ({about}{again}): answered {}",
                answer.status.as_u16()
            );
            if good {
                Outcome::Taken
            } else {
                Outcome::Refused
            }
        }
        Err(error) => {
            tracing::info!("webhook ({about}{again}): {error:#}");
            Outcome::Unanswered
        }
    };
    (sending, outcome)
}

/// What is shared, as it is handed on.
pub(super) type Shared = Arc<Station>;
