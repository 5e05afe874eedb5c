//! Whether the program can be reached at all: looks at it from outside, and again after a sleep.
//!
//! After a sleep everything looks connected and may be dead, so nothing is believed until it was
//! looked at. The listener answers `GET /health` with 204 and nothing else; the same through the tunnel's
//! public address proves the whole way. A listener that is down, because its port was taken or its secrets could not be
//! read, is opened as soon as it can be.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use super::{Engine, EngineError, storing};
use crate::clock::{Moment, SteadyTime};
use crate::health::{ListenerState, StoreState, TunnelState};
use crate::http;
use crate::message::{Message, ToMessage};
use crate::store::{NOTED_EVERY_MS, Setting};

/// How often what is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// How often the clock is looked at.
    tick: Duration,
    /// A tick that comes so late means that the computer slept.
    slept: Duration,
    /// How often the way through the tunnel is tried.
    every: Duration,
    /// How soon it is tried again after a failure, before the failure is believed.
    again: Duration,
}

const TIMES: Times = Times {
    tick: Duration::from_secs(5),
    slept: Duration::from_secs(30),
    every: Duration::from_secs(60),
    again: Duration::from_secs(10),
};

/// Looks out for an engine until it is dropped.
pub(super) async fn keep(engine: Weak<Engine>, times: Times, patience: Duration) {
    let client = match http::client()
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        // A connection that is still open says nothing about whether a new one gets through.
        .pool_max_idle_per_host(0)
        .build()
    {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "the tunnel can't be watched");
            return;
        }
    };
    let mut ticks = tokio::time::interval(times.tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ticked = Moment::now();
    // A clock that leaps for a minute is no time to note; where it stands for longer it is, right or wrong.
    let mut time = SteadyTime::new(ticked, None);
    let mut noted: Option<i64> = None;
    let mut look = Look::default();
    loop {
        ticks.tick().await;
        let Some(engine) = engine.upgrade() else {
            return;
        };
        let now = Moment::now();
        engine.ingest.tell(now);
        if engine.catching_up.look_at_clock(now) {
            engine.tell_last_received();
        }
        let before_ms = time.believed(engine.told.right(ticked).clock_ms);
        let believed_ms = match engine.told.surely(now) {
            Some(right) => time.tell_right(right),
            None => time.tell(now, None),
        };
        if slept(now.running_ms - ticked.running_ms, times) {
            tracing::info!("the computer slept; listener and tunnel are looked at again");
            engine.presence.note(before_ms, ticked).await;
            // Before anything is asked for: a catch-up that begins now tells what happened until now.
            engine.presence.ends();
            engine.presence.note(believed_ms, now).await;
            noted = Some(now.running_ms);
            engine.woke(&client, believed_ms).await;
            engine.catch_up_after_sleep();
            look = Look::default();
        }
        if noted.is_none_or(|noted| now.running_ms - noted >= NOTED_EVERY_MS) {
            engine.presence.note(believed_ms, now).await;
            noted = Some(now.running_ms);
        }
        look.at_tunnel(&engine, &client, times).await;
        look.at_store(&engine, times).await;
        look.at_listener(&engine, times).await;
        // Looking takes its time; that is no sleep.
        ticked = Moment::now();
    }
}

/// Whether so many milliseconds between two ticks mean that the computer slept.
fn slept(between_ms: i64, times: Times) -> bool {
    u128::try_from(between_ms).is_ok_and(|between| between > (times.tick + times.slept).as_millis())
}

/// What was seen of the tunnel and the store so far.
#[derive(Default)]
struct Look {
    url: Option<String>,
    next: Option<Instant>,
    failures: u32,
    /// When the store is tried again.
    store: Option<Instant>,
    /// When the listener is tried again.
    listener: Option<Instant>,
    /// Whether this address has ever led here. A network that hides its own public address from those
    /// inside must not raise an alarm.
    reached: bool,
}

impl Look {
    /// While nothing can be stored, nothing may come: whether it can again is tried.
    async fn at_store(&mut self, engine: &Engine, times: Times) {
        let fails = engine.health.borrow().store != StoreState::Ok;
        let due = self.store.is_none_or(|at| Instant::now() >= at);
        if !fails || !due {
            return;
        }
        self.store = Some(Instant::now() + times.every);
        storing::try_store(engine.store.writer().clone(), engine.health.clone()).await;
    }

    /// While another program has the port, or the keyring does not open, nothing can come: whether it can now is tried.
    async fn at_listener(&mut self, engine: &Engine, times: Times) {
        let due = self.listener.is_none_or(|at| Instant::now() >= at);
        if !due || !engine.misses_its_listener().await {
            return;
        }
        self.listener = Some(Instant::now() + times.again);
        match engine.listen_again().await {
            Ok(address) => tracing::info!(%address, "what kept the program from listening is over"),
            Err(error) => tracing::debug!(%error, "the listener is tried again later"),
        }
    }

    async fn at_tunnel(&mut self, engine: &Arc<Engine>, client: &reqwest::Client, times: Times) {
        let url = engine
            .readers()
            .read(|store| store.setting(Setting::PublicUrl));
        let Ok(url) = url else { return };
        if url != self.url {
            *self = Look {
                url,
                store: self.store,
                listener: self.listener,
                ..Look::default()
            };
        }
        let Some(base) = self.url.clone() else {
            engine.set_tunnel(TunnelState::NotSet);
            return;
        };
        if self.next.is_some_and(|next| Instant::now() < next) {
            return;
        }
        let (state, wait) = match answers(client, &base).await {
            Ok(()) => {
                self.failures = 0;
                self.reached = true;
                (TunnelState::Up, times.every)
            }
            Err(reason) => {
                self.failures = self.failures.saturating_add(1);
                let message = Message::of("tunnel.notHere")
                    .with("address", base.as_str())
                    .with("reason", reason.to_message());
                match (self.reached, self.failures) {
                    // Once is an accident.
                    (true, 1) => (TunnelState::Up, times.again),
                    (true, _) => (TunnelState::Down { message }, times.again),
                    (false, _) => (TunnelState::Unverified { message }, times.again),
                }
            }
        };
        engine.set_tunnel(state);
        self.next = Some(Instant::now() + wait);
    }
}

/// Why an address does not lead here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunnelReason {
    /// Something else answered, with this status (RFC 9110).
    Stranger(u16),
    /// Nothing answered in time.
    TooSlow,
    /// Nothing could be reached.
    Unreachable,
    /// What came is no answer.
    Unreadable,
}

impl ToMessage for TunnelReason {
    fn to_message(&self) -> Message {
        Message::of(match self {
            TunnelReason::Stranger(status) => {
                return Message::of("tunnel.reason.stranger").with("status", status.to_string());
            }
            TunnelReason::TooSlow => "tunnel.reason.tooSlow",
            TunnelReason::Unreachable => "tunnel.reason.unreachable",
            TunnelReason::Unreadable => "tunnel.reason.unreadable",
        })
    }
}

/// Whether the listener's health answer comes from this address.
async fn answers(client: &reqwest::Client, base: &str) -> Result<(), TunnelReason> {
    let answer = client.get(format!("{base}/health")).send().await;
    match answer {
        Ok(answer) if answer.status() == reqwest::StatusCode::NO_CONTENT => Ok(()),
        Ok(answer) => Err(TunnelReason::Stranger(answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err(TunnelReason::TooSlow),
        Err(error) if error.is_connect() => Err(TunnelReason::Unreachable),
        Err(_) => Err(TunnelReason::Unreadable),
    }
}

impl Engine {
    /// Starts to look out for the engine: at the tunnel, and at everything after the computer slept. Once this returns,
    /// it is noted that the program listens: a catch-up that begins then tells what happened before.
    pub async fn start_watchdog(self: &Arc<Self>) {
        let now = self.now();
        self.presence.note(now.clock_ms, now).await;
        tokio::spawn(keep(Arc::downgrade(self), TIMES, self.options.patience));
    }

    /// After a sleep: the listener is tried, and opened anew if it does not answer.
    async fn woke(&self, client: &reqwest::Client, now_ms: i64) {
        self.health
            .send_modify(|health| health.awake_since_ms = now_ms);
        let address = match &self.health.borrow().listener {
            ListenerState::Up { address } => Some(address.clone()),
            ListenerState::Down { .. } => None,
        };
        if let Some(address) = address
            && answers(client, &address).await.is_ok()
        {
            return;
        }
        if let Err(error) = self.listen_anew().await {
            tracing::error!(%error, "the listener could not be opened after a sleep");
        }
    }

    /// Closes the listener and opens it where it was.
    ///
    /// # Errors
    /// As [`Engine::listen`].
    async fn listen_anew(&self) -> Result<(), EngineError> {
        let old = self.listener.lock().await.take();
        if let Some(old) = old {
            old.stop().await;
        }
        self.listen_again().await.map(drop)
    }

    fn set_tunnel(&self, state: TunnelState) {
        self.health.send_if_modified(|health| {
            let changed = health.tunnel != state;
            health.tunnel = state;
            changed
        });
    }
}

#[cfg(test)]
mod tests;
