//! The API over HTTP. What an answer holds is handed on as bytes and kept nowhere.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, DATE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use crate::clock::Moment;
use crate::http::{self, is_own};
use crate::provider::{ApiError, ApiLine, ApiReply, Asked, Distrust, NoReply};
use crate::secret::{Secret, UnusableSecret};

/// How long an answer may take.
const TIME_OUT: Duration = Duration::from_secs(30);

/// Longest answer that is read, bytes: a list of every eSIM there is.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// A line to an address.
pub(super) struct HttpLine {
    http: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
}

impl HttpLine {
    /// A line to an API at this address. The token goes nowhere else: no redirect is followed, and to this computer's own
    /// addresses no proxy is asked for the way.
    pub fn new(base: Url, token: &Secret) -> Result<HttpLine, ApiError> {
        let bearer = format!("Bearer {}", token.reveal());
        let mut authorization =
            HeaderValue::from_str(&bearer).map_err(|_| ApiError::Token(UnusableSecret::NotText))?;
        authorization.set_sensitive(true);
        let mut builder = http::client().timeout(TIME_OUT).redirect(Policy::none());
        if is_own(&base) {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| ApiError::Unusable(root(&error).to_string()))?;
        Ok(HttpLine {
            http,
            base,
            authorization,
        })
    }

    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<ApiReply, NoReply> {
        let mut url = self.base.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let answer = self
            .http
            .get(url)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .send()
            .await
            .map_err(|error| no_reply(&error))?;
        let mut reply = ApiReply {
            status: answer.status().as_u16(),
            date: header(&answer, DATE),
            retry_after: header(&answer, RETRY_AFTER),
            body: Vec::new(),
        };
        if answer.status().is_success() {
            reply.body = whole(answer).await?;
        }
        Ok(reply)
    }
}

impl ApiLine for HttpLine {
    fn get<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
    ) -> Asked<'a, Result<ApiReply, NoReply>> {
        Box::pin(self.ask(path, query))
    }

    fn pause(&self, time: Duration) -> Asked<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn passed(&self) -> Duration {
        // By one clock for all lines, because their requests share a pace.
        let running_ms = Moment::now().running_ms;
        Duration::from_millis(u64::try_from(running_ms).unwrap_or(0))
    }

    fn chance(&self) -> u8 {
        let mut chance = [0_u8];
        // Without randomness all wait the same.
        let _ = getrandom::fill(&mut chance);
        let [chance] = chance;
        chance
    }
}

fn header(answer: &Response, name: HeaderName) -> Option<String> {
    let value = answer.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

async fn whole(mut answer: Response) -> Result<Vec<u8>, NoReply> {
    let too_long = |length: u64| usize::try_from(length).map_or(true, |all| all > MAX_ANSWER);
    if answer.content_length().is_some_and(too_long) {
        return Err(NoReply::TooLong);
    }
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER => {
                body.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => return Err(NoReply::TooLong),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err(NoReply::TooSlow),
            Err(error) => {
                tracing::debug!(%error, cause = %root(&error), "an answer broke off");
                return Err(NoReply::BrokenOff);
            }
        }
    }
}

/// Why no answer began.
fn no_reply(error: &reqwest::Error) -> NoReply {
    tracing::debug!(%error, cause = %root(error), "no answer");
    if error.is_timeout() {
        return NoReply::TooSlow;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return NoReply::Distrusted(distrust(tls));
    }
    if error.is_connect() {
        return NoReply::Unreachable;
    }
    let not_http = find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse);
    match not_http {
        true => NoReply::NotHttp,
        false => NoReply::Closed,
    }
}

/// What TLS found wrong with whoever answers. Each system has its own words for a certificate that it does not take, and
/// only that it is too old or too new, as they all tell, leads to another advice.
fn distrust(error: &rustls::Error) -> Distrust {
    use rustls::CertificateError as Wrong;
    match error {
        rustls::Error::InvalidCertificate(
            Wrong::Expired
            | Wrong::ExpiredContext { .. }
            | Wrong::NotValidYet
            | Wrong::NotValidYetContext { .. },
        ) => Distrust::Dates,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            Distrust::Certificate
        }
        _ => Distrust::Unsecured,
    }
}

/// The first error of this kind among the causes of one.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref::<E>())
}

/// What an error comes from in the end, which says most.
fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

/// An error and its causes.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What an error comes from. One of input and output hides the error that it carries: it names that one's cause as its own.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().map(io::Error::get_ref) {
        Some(Some(carried)) => Some(carried),
        _ => error.source(),
    }
}
