//! A provider's API with a small world of its own, in the shapes that are documented, and with faults on demand.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use esim_watch_testkit::Watchd;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// When every eSIM was made.
pub const MADE: i64 = 1_795_000_000;

/// The token that the API takes.
pub const TOKEN: &str = "tok_7c1e5b";

/// What must never be kept.
pub const ACTIVATION: &str = "LPA:1$rsp.example$F00D-SECRET";

/// One eSIM as the API knows it.
#[derive(Clone)]
pub struct Sim {
    pub id: String,
    pub row: Value,
    pub events: Vec<(String, i64)>,
    pub usage: Value,
    pub order: Option<Value>,
    /// As its history tells it.
    pub reference: String,
}

/// An answer in place of the right one.
#[derive(Clone)]
pub struct Fault {
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    left: usize,
}

pub struct World {
    pub sims: Vec<Sim>,
    pub token: String,
    /// How many entries a list holds at most, whatever is asked for.
    pub most: usize,
    /// How many orders theirs holds at most.
    pub most_orders: usize,
    pub faults: VecDeque<Fault>,
    pub asked: Vec<(Instant, String)>,
    /// Which of those that are asked is never answered, counted as `asked` is.
    pub silent: Option<usize>,
    /// What its clock shows, UTC seconds; `None`: the right time.
    pub date: Option<i64>,
}

/// The API, for as long as the test runs.
#[derive(Clone)]
pub struct Fake {
    pub url: String,
    world: Arc<Mutex<World>>,
}

/// A way to the API that can be cut.
pub struct Cable {
    pub url: String,
    carrying: JoinHandle<()>,
}

impl Cable {
    /// From now on nobody is reached through it, and what was under way is lost.
    pub fn cut(&self) {
        self.carrying.abort();
    }
}

impl Sim {
    /// An eSIM of this number with this status in the list.
    pub fn new(number: usize, status: &str) -> Sim {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let iccid = format!("8944500102198{number:06}");
        let plan = matches!(status, "INSTALLED" | "EXPIRED");
        let end = if plan {
            MADE + 700_000
        } else {
            MADE + 365 * 86_400
        };
        let row = json!({
            "id": id, "iccid": iccid, "status": status, "activation": ACTIVATION, "withTopUp": true,
            "esim": {"lpaCode": ACTIVATION, "pin": "SECRETPIN", "puk": "SECRETPUK"}, "apn": {}, "data": {"isUnlimited": false},
            "createdAt": MADE, "updatedAt": MADE + 900_000, "expiredAt": end,
        });
        let usage = json!({
            "id": id, "iccid": iccid, "status": status, "startedAt": MADE + 200, "expiredAt": end,
            "allowedData": 3072, "remainingData": 1024.5, "allowedSms": -1, "remainingSms": -1,
            "allowedVoice": -1, "remainingVoice": -1,
        });
        let order = json!({
            "id": format!("order-{number}"), "referenceId": format!("TRIP–{number}"), "orderType": "esim",
            "status": "completed", "total": 4.5, "currency": "EUR", "createdAt": MADE, "updatedAt": MADE,
            "items": [{"esimId": id, "packageId": "esim-japan", "package": "3 GB - 7 Days", "type": "esim",
                "price": 4.5, "currency": "EUR"}],
        });
        Sim {
            id,
            row,
            events: Vec::new(),
            usage,
            order: Some(order),
            reference: String::new(),
        }
    }

    /// With a history of these statuses, so many seconds after it was made.
    pub fn with(mut self, events: &[(&str, i64)]) -> Sim {
        let events = events
            .iter()
            .map(|(status, at)| ((*status).to_owned(), MADE + at));
        self.events = events.collect();
        self
    }

    pub fn iccid(&self) -> String {
        let iccid = self.row.get("iccid").and_then(Value::as_str);
        iccid.unwrap_or_default().to_owned()
    }

    /// The webhook that tells of a status.
    pub fn webhook(&self, status: &str, at: i64) -> String {
        json!({"event_category": "esim", "event_type": "status", "timestamp": MADE + at, "iccid": self.iccid(),
            "esim_id": self.id, "reference_id": "", "status": status})
        .to_string()
    }
}

impl Fake {
    pub async fn start(sims: Vec<Sim>) -> Result<Fake> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let world = Arc::new(Mutex::new(World {
            sims,
            token: TOKEN.to_owned(),
            most: usize::MAX,
            most_orders: usize::MAX,
            faults: VecDeque::new(),
            asked: Vec::new(),
            silent: None,
            date: None,
        }));
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&world));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Fake { url, world })
    }

    /// A way to it that can be cut.
    pub async fn cable(&self) -> Result<Cable> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let there = self.url.replace("http://", "");
        let carrying = tokio::spawn(async move {
            let mut all = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                let there = there.clone();
                all.spawn(async move {
                    if let Ok(mut to) = TcpStream::connect(there).await {
                        // Either end may go at any time.
                        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                    }
                });
            }
        });
        Ok(Cable { url, carrying })
    }

    /// A way to it on which answers to requests whose address holds this text are these bytes, and end there.
    pub async fn front(&self, path: &str, bytes: &str) -> Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let there = self.url.replace("http://", "");
        let (path, bytes) = (path.to_owned(), bytes.to_owned());
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                let (there, path, bytes) = (there.clone(), path.clone(), bytes.clone());
                // Either end may go at any time.
                tokio::spawn(async move {
                    let _ = pass_on(from, &there, &path, &bytes).await;
                });
            }
        });
        Ok(url)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next so many answers to requests whose address holds this text are these.
    pub fn fail(&self, path: &str, left: usize, status: u16, headers: &[(&str, &str)], body: &str) {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.world().faults.push_back(Fault {
            path: path.to_owned(),
            status,
            headers: headers.collect(),
            body: body.to_owned(),
            left,
        });
    }

    /// What was asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.world().asked);
        asked.into_iter().map(|(_, uri)| uri).collect()
    }

    /// Variables that lead here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ESIM_WATCH_API_URL", self.url.clone()),
            ("ESIM_WATCH_API_TOKEN", TOKEN.to_owned()),
            ("ESIM_WATCH_API_RATE", "500".to_owned()),
        ]
    }

    /// `catch-up --json` with this folder: what it printed, and whether nothing is missing.
    pub async fn catch_up(&self, data_dir: &Path) -> Result<(Value, bool)> {
        catch_up_with(data_dir, self.variables()).await
    }

    /// The same by another way to it.
    pub async fn catch_up_by(&self, url: &str, data_dir: &Path) -> Result<(Value, bool)> {
        let mut variables = self.variables();
        variables.retain(|(name, _)| *name != "ESIM_WATCH_API_URL");
        variables.push(("ESIM_WATCH_API_URL", url.to_owned()));
        catch_up_with(data_dir, variables).await
    }

    /// A server with this folder that knows the way here.
    pub async fn serve(&self, data_dir: &Path) -> Result<Watchd> {
        let variables = self.variables();
        let env: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Watchd::serve_with(Path::new(crate::BIN), data_dir, &[], &env).await
    }
}

/// Passes one request on, unless its address holds this text: then these bytes are its answer.
async fn pass_on(mut from: TcpStream, there: &str, path: &str, bytes: &str) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(from.read_u8().await?);
    }
    let head = String::from_utf8(head)?;
    let asked = head.split(' ').nth(1).unwrap_or_default();
    if asked.contains(path) {
        return Ok(from.write_all(bytes.as_bytes()).await?);
    }
    let mut to = TcpStream::connect(there).await?;
    let once = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    to.write_all(once.as_bytes()).await?;
    tokio::io::copy(&mut to, &mut from).await?;
    Ok(())
}

/// `catch-up --json` with this folder and these variables.
pub async fn catch_up_with(
    data_dir: &Path,
    variables: Vec<(&'static str, String)>,
) -> Result<(Value, bool)> {
    let data_dir = data_dir.to_owned();
    let output = tokio::task::spawn_blocking(move || {
        let mut command = std::process::Command::new(crate::BIN);
        command
            .args(["catch-up", "--json", "--data-dir"])
            .arg(data_dir);
        for name in [
            "ESIM_WATCH_API_URL",
            "ESIM_WATCH_API_TOKEN",
            "ESIM_WATCH_API_RATE",
        ] {
            command.env_remove(name);
        }
        command.envs(variables).output()
    });
    let output = output.await??;
    let text = String::from_utf8(output.stdout)?;
    let log = String::from_utf8_lossy(&output.stderr);
    let printed: Value = serde_json::from_str(&text).with_context(|| format!("{text}\n{log}"))?;
    Ok((printed, output.status.success()))
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    request: Request,
) -> axum::response::Response {
    let (date, mut answer, is_silent) = {
        let answer = what_is_asked(&world, &request);
        let world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let is_silent = world.silent == Some(world.asked.len());
        (world.date, answer, is_silent)
    };
    if is_silent {
        std::future::pending::<()>().await;
    }
    if let Some(date) = date.and_then(|at| HeaderValue::from_str(&at.to_string()).ok()) {
        answer.headers_mut().insert("date", date);
    }
    answer
}

fn what_is_asked(world: &Mutex<World>, request: &Request) -> axum::response::Response {
    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
    let uri = request.uri().to_string();
    world.asked.push((Instant::now(), uri.clone()));
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if bearer != Some(&format!("Bearer {}", world.token)) {
        return told(
            401,
            &json!({"message": "Unauthorized, please make sure your have provided the correct api key"}),
        );
    }
    let fault = world
        .faults
        .iter_mut()
        .find(|fault| fault.left > 0 && uri.contains(&fault.path));
    if let Some(fault) = fault {
        fault.left -= 1;
        let mut answer =
            Response::builder().status(StatusCode::from_u16(fault.status).unwrap_or_default());
        for (name, value) in &fault.headers {
            answer = answer.header(name, value);
        }
        let answer = answer.body(axum::body::Body::from(fault.body.clone()));
        return answer.unwrap_or_default();
    }
    let query = |name: &str| {
        let query = uri.split_once('?').map_or("", |(_, query)| query);
        let named = query.split('&').filter_map(|pair| pair.split_once('='));
        named
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
            .next()
    };
    let limit = query("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(50)
        .min(world.most);
    let wanted = |sim: &&Sim| match (query("esimId"), query("iccid")) {
        (Some(id), _) => sim.id == id,
        (None, Some(iccid)) => sim.iccid() == iccid,
        (None, None) => false,
    };
    // An ICCID that was given again is the latest one's.
    let sim = world.sims.iter().rev().find(wanted).cloned();
    let success = |data: Value| told(200, &json!({"status": "success", "data": data}));
    match (request.uri().path(), sim) {
        ("/api/esims", _) => {
            let status = query("status");
            let rows = world.sims.iter().map(|sim| sim.row.clone());
            let rows = rows.filter(|row| {
                status
                    .as_deref()
                    .is_none_or(|status| row["status"] == status)
            });
            success(rows.take(limit).collect())
        }
        ("/api/esim/orders", _) => {
            let (status, reference) = (query("status"), query("referenceId"));
            let is_wanted = |order: &Value| {
                let is = |name: &str, wanted: &Option<String>| {
                    let wanted = wanted.as_deref();
                    wanted.is_none_or(|wanted| order[name] == wanted)
                };
                is("status", &status) && is("referenceId", &reference)
            };
            let orders: Vec<Value> = world
                .sims
                .iter()
                .filter_map(|sim| sim.order.clone())
                .filter(is_wanted)
                .take(limit.min(world.most_orders))
                .collect();
            success(json!({"orders": orders}))
        }
        ("/api/balance", _) => success(json!({"balance": 3723.35, "currency": "USD"})),
        ("/api/esim", Some(sim)) => success(sim.row),
        ("/api/esim/usage", Some(sim)) => success(sim.usage),
        ("/api/esim/event", Some(sim)) => {
            let iccid = sim.iccid();
            let events: Vec<Value> = sim
                .events
                .iter()
                .map(|(status, at)| json!({"iccid": iccid, "eid": "8904", "status": status, "timeStamp": at}))
                .collect();
            told(
                200,
                &json!({"iccid": iccid, "esimId": sim.id, "referenceId": sim.reference, "events": events, "locations": []}),
            )
        }
        _ => told(404, &json!({"message": "Not found"})),
    }
}

fn told(status: u16, body: &Value) -> axum::response::Response {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    (
        status,
        [("content-type", "application/json")],
        body.to_string(),
    )
        .into_response()
}
