//! One request at a time, repeated where that helps.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::civil::Date;
use jiff::fmt::strtime;
use serde::de::IgnoredAny;

use super::super::times;
use super::shapes;
use crate::clock;
use crate::provider::{ApiAccess, ApiError, ApiLine, ApiReply, Asking, NoReply};

/// How long is waited before the first repeat; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long is waited at most where nobody says how long.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long is waited at least: what is shorter may be nothing to who counts the time.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// So long somebody who waits is kept waiting because the API wants to be left alone.
const LONGEST_WAITED_FOR: Duration = Duration::from_secs(10);

/// How long is waited at most if the API says how long.
const LONGEST_PAUSE_SECS: i64 = 900;

/// So long is waited in all because the API says so, until it answers again: one that says so time and again would keep
/// everything else waiting.
const MAX_PAUSES_SECS: i64 = LONGEST_PAUSE_SECS;

/// From here on a number of seconds to wait is a time instead: some write the moment from which on they may be asked.
const MOMENT_FROM_SECS: f64 = 1e9;

/// How many repeats of failing answers may be owed to answers that did not fail: an API that fails at everything is
/// asked for each thing once.
const REPEATS_AHEAD: u32 = 12;

/// So often in a row something may fail for good, and it is asked for no more: one place that is out of order must not keep
/// what the others tell waiting for each eSIM.
const MAX_FAILURES: u32 = 5;

/// Asks one API.
pub(super) struct Client {
    line: Arc<dyn ApiLine>,
    access: ApiAccess,
    /// The API's time as of an answer, and when that was on the line.
    told: Option<(i64, Duration)>,
    /// What is asked for no more: the partner may not, or it fails.
    shut: BTreeMap<Asking, ApiError>,
    /// How often in a row something failed for good.
    failed: BTreeMap<Asking, u32>,
    repeats_left: u32,
    /// Whether anything was answered.
    was_answered: bool,
    /// For how long the API wanted to be left alone since it answered last, seconds.
    paused: i64,
}

/// Why there is no answer, and for how long the API wants to be left alone, seconds.
struct Fault {
    error: ApiError,
    pause: Option<i64>,
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Fault {
        Fault { error, pause: None }
    }
}

impl Client {
    /// A client on this line.
    pub fn new(line: Arc<dyn ApiLine>, access: ApiAccess) -> Client {
        Client {
            line,
            access,
            told: None,
            shut: BTreeMap::new(),
            failed: BTreeMap::new(),
            repeats_left: REPEATS_AHEAD,
            was_answered: false,
            paused: 0,
        }
    }

    /// The API's own time, UTC seconds; this computer's while it told none.
    pub fn now(&self) -> i64 {
        self.told()
            .unwrap_or_else(|| clock::now_ms().div_euclid(1000))
    }

    /// The same where an answer has told it.
    pub fn told(&self) -> Option<i64> {
        let (at, since) = self.told?;
        let passed = self.line.passed().saturating_sub(since);
        Some(at.saturating_add(i64::try_from(passed.as_secs()).unwrap_or(i64::MAX)))
    }

    /// Asks once more where that helps, and gives the JSON of the answer.
    pub async fn get(
        &mut self,
        what: Asking,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, ApiError> {
        self.get_trying(what, path, query, u32::MAX).await
    }

    /// The same of what may fail because of how it is asked: then it is repeated so often at most.
    pub async fn get_trying(
        &mut self,
        what: Asking,
        path: &str,
        query: &[(&str, &str)],
        most: u32,
    ) -> Result<Vec<u8>, ApiError> {
        if let Some(error) = self.shut.get(&what) {
            return Err(error.clone());
        }
        let mut repeats = 0;
        loop {
            self.turn().await?;
            let fault = match self.once(what, path, query).await {
                Ok(body) => {
                    self.repeats_left = self.repeats_left.saturating_add(1).min(REPEATS_AHEAD);
                    self.failed.remove(&what);
                    self.paused = 0;
                    return Ok(body);
                }
                Err(fault) => fault,
            };
            tracing::debug!(error = %fault.error, repeats, "the API did not answer as it should");
            if matches!(fault.error, ApiError::TooOften(_)) {
                self.access.pace.slow_down();
            }
            if matches!(fault.error, ApiError::NotAllowed(_)) {
                self.shut.insert(what, fault.error.clone());
            }
            let pause = fault.pause.unwrap_or(0);
            self.paused = self.paused.saturating_add(pause);
            if pause > 0 && self.paused > MAX_PAUSES_SECS {
                return Err(ApiError::Later(pause));
            }
            let pause_secs = pause;
            let pause = Duration::from_secs(u64::try_from(pause).unwrap_or(0));
            self.access.pace.rest_until(self.line.passed() + pause);
            if self.access.goes_first && pause > LONGEST_WAITED_FOR {
                return Err(ApiError::Later(pause_secs));
            }
            let is_enough = repeats >= most
                && matches!(fault.error, ApiError::Failing(..) | ApiError::BrokenOff(_));
            if is_enough || !self.helps_again(&fault.error, repeats) {
                self.note_failure(what, &fault.error);
                return Err(fault.error);
            }
            let wait = wait(repeats, self.line.chance());
            self.line.pause(pause.max(wait)).await;
            repeats += 1;
        }
    }

    /// Waits until a request may go out. Nobody sits there until an API that wants to be left alone may be asked again.
    async fn turn(&self) -> Result<(), ApiError> {
        let pace = &self.access.pace;
        let first = self.access.goes_first.then(|| pace.goes_first());
        loop {
            let now = self.line.passed();
            let rest = pace.rests_for(now);
            if first.is_some() && rest > LONGEST_WAITED_FOR {
                let seconds = rest.as_secs().saturating_add(1);
                return Err(ApiError::Later(i64::try_from(seconds).unwrap_or(i64::MAX)));
            }
            let Some(wait) = pace.take_turn(now, self.access.rate, first.as_ref()) else {
                return Ok(());
            };
            self.line.pause(wait.max(SHORTEST_WAIT)).await;
        }
    }

    /// Whether another try may do better, after so many.
    fn helps_again(&mut self, error: &ApiError, repeats: u32) -> bool {
        let most = match error {
            ApiError::Unreachable => return repeats < 3,
            ApiError::TooOften(_) => 6,
            ApiError::Failing(..)
            | ApiError::Stranger(_)
            | ApiError::Unreadable(_)
            | ApiError::BrokenOff(_) => 3,
            // Of a list less is asked for instead.
            ApiError::TooSlow(Asking::Esims | Asking::Orders) => 0,
            ApiError::TooSlow(_) => 1,
            _ => 0,
        };
        let more = repeats < most && self.repeats_left > 0;
        self.repeats_left = self.repeats_left.saturating_sub(u32::from(more));
        more
    }

    /// What fails again and again is asked for no more.
    fn note_failure(&mut self, what: Asking, error: &ApiError) {
        if error.passes_after_secs().is_none() {
            return;
        }
        let failures = self.failed.entry(what).or_default();
        *failures += 1;
        if *failures >= MAX_FAILURES {
            self.shut.insert(what, error.clone());
        }
    }

    /// Nothing is repeated any more, until something is answered well.
    #[cfg(test)]
    pub fn spend_repeats(&mut self) {
        self.repeats_left = 0;
    }

    async fn once(
        &mut self,
        what: Asking,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, Fault> {
        self.access.requests.fetch_add(1, Ordering::Relaxed);
        let started = self.line.passed();
        let reply = self.line.get(path, query).await;
        let took = self.line.passed().saturating_sub(started);
        self.access.pace.answered_after(took);
        self.was_answered |= matches!(reply, Ok(_) | Err(NoReply::BrokenOff));
        let reply = reply.map_err(|none| match none {
            NoReply::TooSlow => ApiError::TooSlow(what),
            NoReply::Unreachable => ApiError::Unreachable,
            // Whoever has answered is there, and goes on at something else: what it does not answer is that question.
            NoReply::Closed if !self.was_answered => ApiError::Unreachable,
            NoReply::Closed | NoReply::BrokenOff => ApiError::BrokenOff(what),
            NoReply::TooLong => ApiError::TooLong(what),
            NoReply::NotHttp => ApiError::Stranger(what),
            NoReply::Distrusted(why) => ApiError::Distrusted(why),
        })?;
        self.judge(what, reply)
    }

    /// The JSON of an answer, if it is one.
    fn judge(&mut self, what: Asking, reply: ApiReply) -> Result<Vec<u8>, Fault> {
        let date = reply.date.as_deref().and_then(times::seconds);
        let now = date.unwrap_or_else(|| self.now());
        let pause = reply.retry_after.and_then(|text| pause(text.trim(), now));
        if let Some(error) = refusal(what, reply.status) {
            // What stands between may fail, but has no opinion of what is asked.
            if (400..500).contains(&reply.status) {
                self.access.answered.send_replace(true);
            }
            // Of other answers it says nothing (RFC 9110, section 10.2.3, and RFC 6585, section 4).
            let is_meant = reply.status == 429 || reply.status >= 500;
            let pause = pause.filter(|_| is_meant);
            return Err(Fault { error, pause });
        }
        let body = without_mark(reply.body);
        if body.trim_ascii_start().starts_with(b"<") {
            return Err(ApiError::Stranger(what).into());
        }
        if serde_json::from_slice::<IgnoredAny>(&body).is_err() {
            return Err(ApiError::Unreadable(what).into());
        }
        self.access.answered.send_replace(true);
        // Whoever else answers in its place, such as a hotel's page, has a clock of its own.
        if let Some(at) = date {
            self.told = Some((at, self.line.passed()));
        }
        if shapes::says_failed(&body) {
            let error = ApiError::Failing(what, reply.status);
            return Err(Fault { error, pause });
        }
        Ok(body)
    }
}

/// An answer without the mark of its encoding at its beginning, which some write and JSON does not have (RFC 8259, section
/// 8.1).
fn without_mark(mut body: Vec<u8>) -> Vec<u8> {
    if body.starts_with(b"\xef\xbb\xbf") {
        body.drain(..3);
    }
    body
}

/// For how long the API wants to be left alone, seconds; `now`: by its clock, UTC seconds. `None`: it does not say, or nothing
/// that is a length of time, which is as good as nothing.
fn pause(text: &str, now: i64) -> Option<i64> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_nan() || seconds < 0.0 => None,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is bounded right before"
        )]
        Ok(seconds) if seconds < MOMENT_FROM_SECS => Some(seconds.ceil() as i64),
        Ok(_) => Some(times::seconds(text).map_or(i64::MAX, |at| until(at, now))),
        Err(_) => match times::seconds(text) {
            Some(at) => Some(until(at, now)),
            None => is_end_of_time(text).then_some(i64::MAX),
        },
    }
}

/// Whether a text is a day that programs write for "never" and that is beyond what can be counted with.
fn is_end_of_time(text: &str) -> bool {
    let day = strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text);
    let day = day.and_then(|day| day.to_date());
    day.is_ok_and(|day| day.year() == Date::MAX.year())
}

fn until(at: i64, now: i64) -> i64 {
    at.saturating_sub(now).max(0)
}

/// What an answer's status says, unless it is one of success.
fn refusal(what: Asking, status: u16) -> Option<ApiError> {
    Some(match status {
        200..=299 => return None,
        300..=399 => ApiError::Stranger(what),
        401 => ApiError::Refused,
        403 => ApiError::NotAllowed(what),
        404 => ApiError::NotFound(what),
        429 => ApiError::TooOften(what),
        500..=599 => ApiError::Failing(what, status),
        _ => ApiError::NotTaken(what, status),
    })
}

/// How long to wait after so many repeats: twice as long each time, and never quite the same, so that many desks do not
/// come back together.
fn wait(repeats: u32, chance: u8) -> Duration {
    let most = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(repeats))
        .min(LONGEST_WAIT);
    most.mul_f64(1.0 + f64::from(chance) / 512.0)
}
