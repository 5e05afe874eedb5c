//! The way between the desk and Roamify, without a network: an answer takes simulated time, in which the world goes on.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use esim_watch_core::clock::Moment;
use esim_watch_core::provider::{ApiLine, ApiReply, Asked, NoReply};
use esim_watch_tools::stand_in::{ApiRequest, Reaction};
use tokio::sync::Mutex;

use crate::desk::Desk;
use crate::plan::Mishap;

/// How long an answer is waited for.
const TIME_OUT_MS: i64 = 30_000;

thread_local! {
    static DESK_CLOCK: Cell<Moment> = const { Cell::new(BEFORE) };
    static READINGS: AtomicI64 = const { AtomicI64::new(0) };
}

/// Before anything is there.
const BEFORE: Moment = Moment {
    clock_ms: 0,
    running_ms: 0,
};

/// What the desk's clocks tell. Each week has a thread of its own.
pub fn clock() -> Moment {
    READINGS.with(|left| left.fetch_sub(1, Ordering::Relaxed));
    DESK_CLOCK.get()
}

pub fn set_clock(moment: Moment) {
    DESK_CLOCK.set(moment);
}

/// How often the clock may be read until [`is_read_out`].
pub fn allow_readings(count: i64) {
    READINGS.with(|left| left.store(count, Ordering::Relaxed));
}

/// Whether the clock was read as often as it was allowed to be.
pub fn is_read_out() -> bool {
    READINGS.with(|left| left.load(Ordering::Relaxed) <= 0)
}

/// The line to Roamify, and what moves the world while somebody waits on it.
pub struct Line {
    pub desk: Mutex<Desk>,
    /// Whether the program is no more.
    killed: AtomicBool,
    passed_ms: AtomicU64,
    chances: AtomicU64,
}

impl Line {
    pub fn new(desk: Desk) -> Arc<Line> {
        Arc::new(Line {
            desk: Mutex::new(desk),
            killed: AtomicBool::new(false),
            passed_ms: AtomicU64::new(0),
            chances: AtomicU64::new(0),
        })
    }

    /// The program runs again.
    pub fn lives(&self) {
        self.killed.store(false, Ordering::Relaxed);
    }

    pub fn is_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed) || is_read_out()
    }

    async fn alive(&self) {
        if self.is_killed() {
            std::future::pending::<()>().await;
        }
    }

    async fn pass(&self, desk: &mut Desk, ms: i64) {
        desk.pass(desk.at_ms + ms).await;
        let passed = u64::try_from(ms).unwrap();
        self.passed_ms.fetch_add(passed, Ordering::Relaxed);
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<ApiReply, NoReply> {
        self.alive().await;
        let mut desk = self.desk.lock().await;
        desk.requests += 1;
        let latency = i64::from(self.chance());
        self.pass(&mut desk, 20 + latency).await;
        let number = desk.requests;
        match desk.mishap {
            Mishap::KilledAtRequest(at) | Mishap::EndedAtRequest(at, _) if at == number => {
                self.killed.store(true, Ordering::Relaxed);
                self.alive().await;
            }
            Mishap::Locked(at) if at == number => desk.lock_store(),
            Mishap::Rotated(at) if at == number => desk.rotate_token(),
            Mishap::CutAt(at, seconds) if at == number => desk.cut_network(seconds),
            _ => {}
        }
        if desk.is_cut() {
            return Err(NoReply::Unreachable);
        }
        let query: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let authorization = format!("Bearer {}", desk.token);
        let asked = format!("{path}?{}", query.join("&"));
        let request = ApiRequest::new("GET", &asked, Some(&authorization));
        let at = desk.now();
        let reaction = desk.roamify.react(at, &request);
        let Reaction::Answer(answer) = reaction else {
            self.pass(&mut desk, TIME_OUT_MS).await;
            return Err(NoReply::TooSlow);
        };
        let told = answer.status == 200 && desk.was_answered_well();
        if told {
            desk.note_answered(path, &query, at);
            let is_list = matches!(path, "/api/esims" | "/api/esim/orders");
            if is_list && desk.roamify.quirks.most_rows.is_some() {
                let list = serde_json::from_slice(&answer.body).unwrap();
                desk.answered.note_named(&list);
            }
        }
        self.pass(&mut desk, 10 + latency / 2).await;
        Ok(ApiReply {
            status: answer.status,
            date: Some(at.to_string()),
            retry_after: answer.retry_after.map(|seconds| seconds.to_string()),
            body: answer.body,
        })
    }

    async fn wait(&self, time: Duration) {
        self.alive().await;
        let mut desk = self.desk.lock().await;
        desk.gather().await;
        let ms = i64::try_from(time.as_micros().div_ceil(1000)).unwrap();
        self.pass(&mut desk, ms).await;
    }
}

impl ApiLine for Line {
    fn get<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
    ) -> Asked<'a, Result<ApiReply, NoReply>> {
        Box::pin(self.ask(path, query))
    }

    fn pause(&self, time: Duration) -> Asked<'_, ()> {
        Box::pin(self.wait(time))
    }

    fn passed(&self) -> Duration {
        Duration::from_millis(self.passed_ms.load(Ordering::Relaxed))
    }

    fn chance(&self) -> u8 {
        let count = self.chances.fetch_add(1, Ordering::Relaxed);
        let [first, ..] = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        first
    }
}
