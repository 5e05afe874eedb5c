//! The stand-in on the network: a real HTTP server on this computer's loopback address, with webhooks going out.

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, MutexGuard};

use anyhow::Context;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::admin;
use super::api::{ApiAnswer, ApiRequest};
use super::clock::WorldClock;
use super::roamify::{Reaction, Roamify};
use super::station::{Shared, Station};

/// Most bytes of a request's body.
const MAX_BODY: usize = 64 * 1024;

/// A stand-in that runs; it ends when this is dropped.
#[derive(Debug)]
pub struct StandIn {
    station: Shared,
    address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl StandIn {
    /// Starts one on this port of the loopback address; 0: any that is free.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn start(roamify: Roamify, clock: WorldClock, port: u16) -> anyhow::Result<StandIn> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .with_context(|| format!("can't listen on port {port} of this computer"))?;
        let address = listener.local_addr()?;
        let station = Arc::new(Station::new(roamify, clock));
        let router = Router::new()
            .fallback(react)
            .with_state(Arc::clone(&station));
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the stand-in does not listen any more");
            }
        });
        let sender = Arc::clone(&station);
        let sending = tokio::spawn(async move { sender.send_for_ever().await });
        Ok(StandIn {
            station,
            address,
            tasks: [serving, sending],
        })
    }

    /// The base of the API, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What time it is in its world.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.station.clock.now()
    }

    /// Its state, to look at and to change. Never held over an await.
    pub fn roamify(&self) -> MutexGuard<'_, Roamify> {
        self.station.roamify()
    }

    /// From now on webhooks go to this address, signed with the secret if there is one. What was due before is never
    /// told.
    ///
    /// # Errors
    /// If it is no web address.
    pub fn point_at(&self, url: &str, secret: Option<&str>) -> anyhow::Result<()> {
        self.station.point_at(url, secret)
    }

    /// From now on nobody is told anything.
    pub fn point_nowhere(&self) {
        self.station.point_nowhere();
    }

    /// Starts a clock that is held.
    pub fn start_clock(&self) {
        self.station.start_clock();
    }

    /// Starts a clock that is held as soon as somebody listens where webhooks go.
    pub async fn start_with_receiver(&self) {
        self.station.start_with_receiver().await;
    }

    /// Moves a clock that stands, having sent all that is due until then and waited for the answers.
    pub async fn step_to(&self, time: i64) {
        self.station.step_to(time).await;
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn react(State(station): State<Shared>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let answer = if path == admin::PREFIX || path.starts_with(&format!("{}/", admin::PREFIX)) {
        // A page in a browser must not steer it.
        if parts.headers.contains_key(header::ORIGIN) {
            return answered(ApiAnswer::forbidden(), station.clock.now());
        }
        match to_bytes(body, MAX_BODY).await {
            Ok(body) => {
                let body = String::from_utf8_lossy(&body);
                admin::steer(&station, parts.method.as_str(), &path, &body).await
            }
            Err(_) => ApiAnswer::unprocessable(),
        }
    } else {
        let asked = parts.uri.path_and_query().map_or("/", |all| all.as_str());
        let authorization = text(&parts.headers, header::AUTHORIZATION);
        let request = ApiRequest::new(parts.method.as_str(), asked, authorization);
        let now = station.clock.now();
        let reaction = station.roamify().react(now, &request);
        match reaction {
            Reaction::Answer(answer) => {
                tracing::info!("{} {path}: answered {}", request.method, answer.status);
                answer
            }
            Reaction::Silence => {
                tracing::info!("{} {path}: not answered", request.method);
                pending().await
            }
        }
    };
    answered(answer, station.clock.now())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// An answer of this time (UTC seconds): a world has its own, which is told with it. Else a client would take what the world
/// tells of now for news of this computer's time.
fn answered(answer: ApiAnswer, now: i64) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(answer.content_type),
    );
    let date = Timestamp::from_second(now).ok().and_then(|at| {
        let written = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
        HeaderValue::try_from(written.ok()?).ok()
    });
    if let Some(date) = date {
        headers.insert(header::DATE, date);
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
