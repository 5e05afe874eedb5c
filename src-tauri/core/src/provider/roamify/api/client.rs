//! One request at a time, repeated where that helps. What an answer holds is handed on as bytes and kept nowhere.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};
use serde::de::IgnoredAny;
use tokio::time::Instant;

use super::super::times;
use super::address::is_own;
use super::pace::RequestPace;
use super::shapes;
use crate::clock;
use crate::provider::{ApiAccess, ApiError, Asking};
use crate::secret::UnusableSecret;

/// How long an answer may take.
const TIME_OUT: Duration = Duration::from_secs(30);

/// Longest answer that is read, bytes: a list of every eSIM there is.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// How long is waited before the first repeat; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long is waited at most where nobody says how long.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long is waited at most if the API says how long.
const LONGEST_PAUSE_SECS: i64 = 900;

/// How many repeats of failing answers may be owed to answers that did not fail: an API that fails at everything is
/// asked for each thing once.
const REPEATS_AHEAD: u32 = 12;

/// Asks one API.
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
    access: ApiAccess,
    pace: RequestPace,
    /// The API's time as of an answer.
    told: Option<(i64, Instant)>,
    /// What the partner may not ask for.
    shut: BTreeMap<Asking, ApiError>,
    repeats_left: u32,
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
    /// A client for an API at this address. The token goes nowhere else: no redirect is followed, and to this computer's
    /// own addresses no proxy is asked for the way.
    pub fn new(base: Url, access: ApiAccess) -> Result<Client, ApiError> {
        let bearer = format!("Bearer {}", access.token.reveal());
        let mut authorization =
            HeaderValue::from_str(&bearer).map_err(|_| ApiError::Token(UnusableSecret::NotText))?;
        authorization.set_sensitive(true);
        let mut builder = reqwest::Client::builder()
            .timeout(TIME_OUT)
            .redirect(Policy::none());
        if is_own(&base) {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| ApiError::Unusable(error.to_string()))?;
        Ok(Client {
            http,
            base,
            authorization,
            pace: RequestPace::new(access.rate),
            access,
            told: None,
            shut: BTreeMap::new(),
            repeats_left: REPEATS_AHEAD,
        })
    }

    /// The API's own time, UTC seconds; this computer's while it told none.
    pub fn now(&self) -> i64 {
        match self.told {
            Some((at, since)) => {
                let passed = i64::try_from(since.elapsed().as_secs()).unwrap_or(i64::MAX);
                at.saturating_add(passed)
            }
            None => clock::now_ms().div_euclid(1000),
        }
    }

    /// Asks once more where that helps, and gives the JSON of the answer.
    pub async fn get(
        &mut self,
        what: Asking,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, ApiError> {
        if let Some(error) = self.shut.get(&what) {
            return Err(error.clone());
        }
        let mut repeats = 0;
        loop {
            self.pace.turn().await;
            let fault = match self.once(what, path, query).await {
                Ok(body) => {
                    self.repeats_left = self.repeats_left.saturating_add(1).min(REPEATS_AHEAD);
                    return Ok(body);
                }
                Err(fault) => fault,
            };
            tracing::debug!(error = %fault.error, repeats, "the API did not answer as it should");
            if matches!(fault.error, ApiError::TooOften(_)) {
                self.pace.slow_down();
            }
            if matches!(fault.error, ApiError::NotAllowed(_)) {
                self.shut.insert(what, fault.error.clone());
            }
            let pause = fault.pause.unwrap_or(0);
            if pause > LONGEST_PAUSE_SECS {
                return Err(ApiError::Later(pause));
            }
            if !self.helps_again(&fault.error, repeats) {
                return Err(fault.error);
            }
            let pause = Duration::from_secs(u64::try_from(pause).unwrap_or(0));
            tokio::time::sleep(pause.max(wait(repeats))).await;
            repeats += 1;
        }
    }

    /// Whether another try may do better, after so many.
    fn helps_again(&mut self, error: &ApiError, repeats: u32) -> bool {
        match error {
            ApiError::TooOften(_) => repeats < 6,
            ApiError::Failing(..) | ApiError::Stranger(_) | ApiError::Unreadable(_) => {
                let more = repeats < 3 && self.repeats_left > 0;
                self.repeats_left = self.repeats_left.saturating_sub(u32::from(more));
                more
            }
            ApiError::Unreachable => repeats < 3,
            ApiError::TooSlow(_) => repeats < 1,
            _ => false,
        }
    }

    async fn once(
        &mut self,
        what: Asking,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, Fault> {
        let mut url = self.base.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.access.requests.fetch_add(1, Ordering::Relaxed);
        let started = Instant::now();
        let answer = self
            .http
            .get(url)
            .header(reqwest::header::AUTHORIZATION, self.authorization.clone())
            .header(reqwest::header::ACCEPT, "application/json")
            .send()
            .await
            .map_err(|error| unreachable(&error, what));
        let body = match answer {
            Ok(answer) => self.read(what, answer).await,
            Err(error) => Err(error.into()),
        };
        self.pace.answered_after(started.elapsed());
        body
    }

    async fn read(
        &mut self,
        what: Asking,
        mut answer: reqwest::Response,
    ) -> Result<Vec<u8>, Fault> {
        if let Some(at) = date(answer.headers()) {
            self.told = Some((at, Instant::now()));
        }
        let status = answer.status();
        let pause = self.pause(answer.headers());
        if let Some(error) = refusal(what, status) {
            return Err(Fault { error, pause });
        }
        let mut body = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => return Err(ApiError::Unreadable(what).into()),
                Ok(None) => break,
                Err(error) => return Err(unreachable(&error, what).into()),
            }
        }
        if body.trim_ascii_start().starts_with(b"<") {
            return Err(ApiError::Stranger(what).into());
        }
        if serde_json::from_slice::<IgnoredAny>(&body).is_err() {
            return Err(ApiError::Unreadable(what).into());
        }
        if shapes::says_failed(&body) {
            return Err(Fault {
                error: ApiError::Failing(what, status.as_u16()),
                pause,
            });
        }
        Ok(body)
    }

    /// For how long the API wants to be left alone, seconds.
    fn pause(&self, headers: &HeaderMap) -> Option<i64> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        match text.parse::<f64>() {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the range is bounded right before"
            )]
            Ok(seconds) => Some(seconds.clamp(0.0, 1e9).ceil() as i64),
            Err(_) => Some(times::seconds(text)?.saturating_sub(self.now()).max(0)),
        }
    }
}

/// What an answer's status says, unless it is one of success.
fn refusal(what: Asking, status: StatusCode) -> Option<ApiError> {
    let code = status.as_u16();
    Some(match code {
        200..=299 => return None,
        300..=399 => ApiError::Stranger(what),
        401 => ApiError::Refused,
        403 => ApiError::NotAllowed(what),
        404 => ApiError::NotFound(what),
        429 => ApiError::TooOften(what),
        500..=599 => ApiError::Failing(what, code),
        _ => ApiError::NotTaken(what, code),
    })
}

fn unreachable(error: &reqwest::Error, what: Asking) -> ApiError {
    if error.is_timeout() {
        ApiError::TooSlow(what)
    } else {
        ApiError::Unreachable
    }
}

/// When an answer was given, by its own header, UTC seconds.
fn date(headers: &HeaderMap) -> Option<i64> {
    times::seconds(headers.get(DATE)?.to_str().ok()?)
}

/// How long to wait after so many repeats: twice as long each time, and never quite the same, so that many desks do not
/// come back together.
fn wait(repeats: u32) -> Duration {
    let most = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(repeats))
        .min(LONGEST_WAIT);
    let mut chance = [0_u8];
    // Without randomness all wait the same.
    let _ = getrandom::fill(&mut chance);
    let [chance] = chance;
    most.mul_f64(1.0 + f64::from(chance) / 512.0)
}
