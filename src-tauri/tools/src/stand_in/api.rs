//! What the API answers: a request and a world in, an answer out, with the documented shapes, their quirks and what they
//! write where there is nothing. Pure: knows no HTTP server, no token and no faults.

mod lists;
mod one;

use reqwest::Url;

use super::world::World;
use crate::wire::{Fields, Json};

pub use lists::listed_status;

/// Rows of a list, if nothing else is asked.
const ROWS: usize = 50;

/// What the documentation leaves open or tells in two ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// Histories hold neither expiries nor revocations, as one page lists their statuses.
    pub history_without_ends: bool,
    /// Histories do not hold that an eSIM runs again for which more was bought after its end; the list and its usage say so.
    pub history_without_returns: bool,
    /// Histories begin with what happened last.
    pub history_backwards: bool,
    /// Usage is asked for by `esimId`, as one page writes, and by `iccid` no more.
    pub usage_by_esim_id: bool,
    /// Usage details are in bytes; otherwise in kB.
    pub details_in_bytes: bool,
    /// The list shows what was true so many seconds ago.
    pub list_lags_seconds: i64,
    /// Most rows of a list, whatever is asked for.
    pub most_rows: Option<usize>,
}

/// What somebody asks.
#[derive(Debug, Clone)]
pub struct ApiRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path without what is asked for.
    pub path: String,
    query: Vec<(String, String)>,
    /// The token that it brings.
    pub bearer: Option<String>,
}

impl ApiRequest {
    /// A request for this path, with what is asked behind a question mark; `authorization`: that header.
    #[must_use]
    pub fn new(method: &str, path_and_query: &str, authorization: Option<&str>) -> ApiRequest {
        let url = Url::parse("http://localhost").and_then(|base| base.join(path_and_query));
        let query = url.as_ref().map(|url| {
            url.query_pairs()
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect()
        });
        ApiRequest {
            method: method.to_owned(),
            path: url
                .as_ref()
                .map_or_else(|_| path_and_query.to_owned(), |url| url.path().to_owned()),
            query: query.unwrap_or_default(),
            bearer: authorization
                .and_then(|value| value.strip_prefix("Bearer "))
                .map(|token| token.trim().to_owned()),
        }
    }

    /// What is asked under this name, unless it is empty.
    fn asked(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter();
        let (_, value) = all.find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

impl ApiAnswer {
    pub(super) fn json(status: u16, value: &Json) -> ApiAnswer {
        ApiAnswer {
            status,
            retry_after: None,
            content_type: "application/json; charset=utf-8",
            body: value.to_text().into_bytes(),
        }
    }

    /// A failure as Roamify words them.
    pub(super) fn failure(status: u16, message: &str) -> ApiAnswer {
        let said = vec![
            ("message", Json::from(message)),
            ("status", Json::from("failed")),
        ];
        ApiAnswer::json(status, &Json::Object(said))
    }

    fn found(data: Json) -> ApiAnswer {
        let said: Fields = vec![("status", Json::from("success")), ("data", data)];
        ApiAnswer::json(200, &Json::Object(said))
    }

    fn not_found() -> ApiAnswer {
        ApiAnswer::failure(404, "Not found")
    }

    pub(super) fn forbidden() -> ApiAnswer {
        ApiAnswer::failure(403, "This feature is not enabled for your account")
    }

    pub(super) fn unprocessable() -> ApiAnswer {
        ApiAnswer::failure(422, "Invalid request parameters")
    }
}

/// What the API answers at a time. `half`: of a list, the half of what was asked for.
#[must_use]
pub fn answer(
    world: &World,
    now: i64,
    quirks: &Quirks,
    request: &ApiRequest,
    half: bool,
) -> ApiAnswer {
    if request.method != "GET" {
        // What costs money or reaches a traveller.
        return ApiAnswer::forbidden();
    }
    let view = View {
        world,
        now,
        quirks,
        request,
        half,
    };
    match request.path.as_str() {
        "/api/health" => ApiAnswer::json(200, &Json::Object(vec![("status", Json::from("ok"))])),
        "/api/esims" => view.esims(),
        "/api/esim" => view.esim(),
        "/api/esim/event" | "/api/esim/events" => view.events(),
        "/api/esim/usage" => view.usage(false),
        "/api/esim/usage/details" => view.usage(true),
        "/api/esim/orders" => view.orders(),
        "/api/esim/history" => view.top_ups(),
        "/api/balance" => view.balance(),
        _ => ApiAnswer::not_found(),
    }
}

/// One question to the world.
struct View<'a> {
    world: &'a World,
    now: i64,
    quirks: &'a Quirks,
    request: &'a ApiRequest,
    half: bool,
}

#[cfg(test)]
mod tests;
