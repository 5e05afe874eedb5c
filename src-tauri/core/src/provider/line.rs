//! The way to an API: a network and the time that passes on it. A conversation knows neither but through this, so that
//! whoever tries one out can bring a week of both.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// An answer that is waited for.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The way to one API. One request at a time goes over it.
pub trait ApiLine: Send + Sync {
    /// Asks for what is at a path, and waits for the answer.
    fn get<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
    ) -> Asked<'a, Result<ApiReply, NoReply>>;

    /// Lets so much time pass.
    fn pause(&self, time: Duration) -> Asked<'_, ()>;

    /// How much time has passed since some moment in the past, which is the same for all lines that share a pace.
    fn passed(&self) -> Duration;

    /// From 0 to 255, another one each time.
    fn chance(&self) -> u8;
}

impl fmt::Debug for dyn ApiLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiLine")
    }
}

/// What an API answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiReply {
    /// Its status (RFC 9110).
    pub status: u16,
    /// Its header `Date`.
    pub date: Option<String>,
    /// Its header `Retry-After`.
    pub retry_after: Option<String>,
    /// What it holds; of one that is no success nothing need be read.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReply {
    /// None came in time, or not all of it.
    TooSlow,
    /// Nobody is there.
    Unreachable,
    /// The request arrived, and the connection broke before anything came back.
    Closed,
    /// It began, and the connection broke before its end.
    BrokenOff,
    /// It is too long to be read.
    TooLong,
    /// What came back is no HTTP.
    NotHttp,
    /// Whoever is there does not show that it is the API, so it was told nothing.
    Distrusted(Distrust),
}

/// Why whoever answers is not taken for the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distrust {
    /// By this computer's clock its certificate is not valid yet, or no longer.
    Dates,
    /// Its certificate is another's, or nobody known vouches for it.
    Certificate,
    /// It does not speak TLS, or not so that both understand it.
    Unsecured,
}
