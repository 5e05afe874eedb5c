//! A provider's API on this computer: a few eSIMs with their histories, in the documented shapes, whose answers a test can
//! hold back.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The token that it takes unless told otherwise.
pub const API_TOKEN: &str = "tok_of_the_tests";

/// One eSIM as the API knows it. Times are UTC seconds.
#[derive(Debug, Clone)]
pub struct ApiEsim {
    /// The provider's id.
    pub esim_id: String,
    /// The SIM profile's number.
    pub iccid: String,
    /// The order reference.
    pub reference: String,
    /// The status in the list.
    pub listed: String,
    /// Its history: statuses with their times.
    pub events: Vec<(String, i64)>,
}

impl ApiEsim {
    /// An eSIM of this number (as [`crate::Esim::numbered`] has it) with this history.
    #[must_use]
    pub fn numbered(number: u32, listed: &str, events: &[(&str, i64)]) -> ApiEsim {
        let esim = crate::Esim::numbered(number);
        ApiEsim {
            esim_id: esim.esim_id,
            iccid: esim.iccid,
            reference: esim.reference,
            listed: listed.to_owned(),
            events: events
                .iter()
                .map(|(status, at)| ((*status).to_owned(), *at))
                .collect(),
        }
    }

    fn made_at(&self) -> i64 {
        self.events.first().map_or(0, |(_, at)| *at)
    }

    fn changed_at(&self) -> i64 {
        self.events.iter().map(|(_, at)| *at).max().unwrap_or(0)
    }

    fn row(&self) -> Value {
        let made = self.made_at();
        json!({
            "id": self.esim_id, "iccid": self.iccid, "status": self.listed, "esim": {"lpaCode": "LPA:1$x$y"}, "apn": {},
            "data": {"isUnlimited": false}, "createdAt": made, "updatedAt": self.changed_at(),
            "expiredAt": made + 365 * 86_400,
        })
    }
}

/// What it knows and takes.
#[derive(Debug)]
pub struct ApiWorld {
    /// Its eSIMs.
    pub esims: Vec<ApiEsim>,
    /// The token that it takes.
    pub token: String,
}

/// The API, for as long as the test runs.
#[derive(Clone)]
pub struct FakeApi {
    url: String,
    world: Arc<Mutex<ApiWorld>>,
    held: watch::Sender<bool>,
}

impl FakeApi {
    /// Starts one that knows these eSIMs, on a thread of its own: it is there before the program is.
    ///
    /// # Errors
    /// If there is no free port.
    pub fn start(esims: Vec<ApiEsim>) -> Result<FakeApi> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let api = FakeApi {
            url: format!("http://{}", listener.local_addr()?),
            world: Arc::new(Mutex::new(ApiWorld {
                esims,
                token: API_TOKEN.to_owned(),
            })),
            held: watch::channel(false).0,
        };
        let serving = api.clone();
        std::thread::spawn(move || runtime.block_on(serving.listen(listener)));
        Ok(api)
    }

    /// The variables by which a program finds it. `token`: the one in them; none: it is to be set in the window.
    #[must_use]
    pub fn variables(&self, token: Option<&str>) -> Vec<(String, String)> {
        let mut variables = vec![
            ("ESIM_WATCH_API_URL".to_owned(), self.url.clone()),
            ("ESIM_WATCH_API_RATE".to_owned(), "500".to_owned()),
        ];
        variables.extend(token.map(|token| ("ESIM_WATCH_API_TOKEN".to_owned(), token.to_owned())));
        variables
    }

    /// What it knows and takes.
    pub fn world(&self) -> MutexGuard<'_, ApiWorld> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds back what it tells of single eSIMs, or no more.
    pub fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    async fn listen(self, listener: std::net::TcpListener) -> Result<()> {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            let api = self.clone();
            // Who hangs up has lost interest.
            tokio::spawn(async move { api.serve(stream).await.ok() });
        }
    }

    async fn serve(&self, mut stream: TcpStream) -> Result<()> {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let byte = stream.read_u8().await?;
            request.push(byte);
        }
        let request = String::from_utf8(request)?;
        let target = request.split(' ').nth(1).context("no target")?.to_owned();
        let bearer = request.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("authorization").then_some(value)
        });
        if target.starts_with("/api/esim/event") {
            let mut held = self.held.subscribe();
            held.wait_for(|held| !held).await?;
        }
        let (status, body) = self.answer(&target, bearer);
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} Told\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        Ok(stream.shutdown().await?)
    }

    fn answer(&self, target: &str, bearer: Option<&str>) -> (u16, Value) {
        let world = self.world();
        if bearer != Some(&format!("Bearer {}", world.token)) {
            return (401, json!({"message": "Unauthorized"}));
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let asked = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut named = pairs.filter(|(key, _)| *key == name);
            named.next().map(|(_, value)| value.to_owned())
        };
        let of = |esim: &&ApiEsim| {
            asked("esimId").is_some_and(|id| id == esim.esim_id)
                || asked("iccid").is_some_and(|iccid| iccid == esim.iccid)
        };
        let success = |data: Value| (200, json!({"status": "success", "data": data}));
        match (path, world.esims.iter().find(of)) {
            ("/api/balance", _) => success(json!({"balance": 3723.35, "currency": "USD"})),
            ("/api/esims", _) => {
                let status = asked("status");
                let wanted =
                    |esim: &&ApiEsim| status.as_ref().is_none_or(|one| *one == esim.listed);
                success(
                    world
                        .esims
                        .iter()
                        .filter(wanted)
                        .map(ApiEsim::row)
                        .collect(),
                )
            }
            ("/api/esim/orders", _) => {
                let order = |esim: &ApiEsim| {
                    json!({"id": format!("order-{}", esim.esim_id), "referenceId": esim.reference, "status": "completed",
                        "createdAt": esim.made_at(), "updatedAt": esim.made_at(), "items": [{"esimId": esim.esim_id, "packageId": "p", "package": "3 GB",
                        "type": "esim", "price": 4.5, "currency": "EUR"}]})
                };
                success(json!({"orders": world.esims.iter().map(order).collect::<Vec<_>>()}))
            }
            ("/api/esim", Some(esim)) => success(esim.row()),
            ("/api/esim/usage", Some(esim)) => {
                success(json!({"id": esim.esim_id, "iccid": esim.iccid, "status": esim.listed}))
            }
            ("/api/esim/event", Some(esim)) => {
                let events: Vec<Value> = esim
                    .events
                    .iter()
                    .map(|(status, at)| json!({"iccid": esim.iccid, "status": status, "timeStamp": at}))
                    .collect();
                (
                    200,
                    json!({"iccid": esim.iccid, "esimId": esim.esim_id, "referenceId": "", "events": events, "locations": []}),
                )
            }
            _ => (404, json!({"message": "Not found"})),
        }
    }
}
