//! How a command asks the program that has the data folder to do something with it: two programs can't write one
//! database.
//!
//! Whoever has the folder listens on a port of this computer's own and leaves its number and a key in a file that the
//! folder's owner alone can read. Both sides prove that they know the key before anything is told: another program may
//! have the port by now. Must not know: what is asked for does.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io::Write};

use axum::Router;
use axum::extract::{Json, Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use hmac::Mac;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::catch_up::{ApiVariables, CaughtUp};
use crate::http;
use crate::mac::{hmac_sha256, same_text};
use crate::private;

/// Where the port and the key are.
const FILE: &str = "esim-watch.control";

/// For so long a program that ends waits until what it was asked for is answered.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

/// Does what is asked for. Whoever asked and went away needs nothing any more: then the future is dropped.
pub type CatchUpHandler =
    Arc<dyn Fn(ApiVariables) -> Pin<Box<dyn Future<Output = OtherCatchUp> + Send>> + Send + Sync>;

/// What became of a catch-up that another program was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum OtherCatchUp {
    /// It is over.
    Done(CaughtUp),
    /// That program ends, and did so much of it by then.
    Ends(CaughtUp),
}

/// What became of asking another program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndAnswer {
    /// It ends.
    Ends,
    /// It does not let others end it: it has a window, where a person does.
    Refuses,
    /// Nobody answers.
    Nobody,
}

/// What is in the file.
#[derive(Serialize, Deserialize)]
struct Contact {
    port: u16,
    key: String,
}

/// Listens until it is closed.
#[derive(Debug)]
pub struct Control {
    task: JoinHandle<()>,
    file: PathBuf,
    end: watch::Sender<bool>,
    closed: watch::Sender<bool>,
}

#[derive(Clone)]
struct Answering {
    key: Arc<str>,
    catch_up: CatchUpHandler,
    end: watch::Sender<bool>,
}

impl Control {
    /// Listens for whoever can read the data folder.
    ///
    /// # Errors
    /// The system's.
    pub async fn open(data_dir: &Path, catch_up: CatchUpHandler) -> io::Result<Control> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let key = random()?;
        let contact = Contact {
            port: socket.local_addr()?.port(),
            key: key.clone(),
        };
        let file = data_dir.join(FILE);
        private::create_file(&file)?.write_all(&serde_json::to_vec(&contact)?)?;
        let end = watch::Sender::new(false);
        let answering = Answering {
            key: key.into(),
            catch_up,
            end: end.clone(),
        };
        let router = Router::new()
            .route("/hello/{nonce}", get(hello))
            .route("/catch-up", post(catch_up_now))
            .route("/end", post(end_now))
            .with_state(answering);
        let closed = watch::Sender::new(false);
        let mut closing = closed.subscribe();
        let closing = async move {
            // Without its sender nobody listens any more either.
            let _ = closing.wait_for(|closed| *closed).await;
        };
        let task = tokio::spawn(async move {
            let served = axum::serve(socket, router).with_graceful_shutdown(closing);
            if let Err(error) = served.await {
                tracing::warn!(%error, "commands can't reach this program any more");
            }
        });
        Ok(Control {
            task,
            file,
            end,
            closed,
        })
    }

    /// Whether somebody asked this program to end. Only a program that looks at this can be asked.
    #[must_use]
    pub fn asked_to_end(&self) -> watch::Receiver<bool> {
        self.end.subscribe()
    }

    /// Listens no more, once whoever asked for something that is over has its answer: else a command would count for nothing
    /// what this program did for it.
    pub async fn close(mut self) {
        // One that stays leads nowhere, which whoever reads it finds out.
        let _ = fs::remove_file(&self.file);
        self.closed.send_replace(true);
        if tokio::time::timeout(ANSWERED_WITHIN, &mut self.task)
            .await
            .is_err()
        {
            self.task.abort();
        }
    }
}

async fn hello(State(answering): State<Answering>, UrlPath(nonce): UrlPath<String>) -> String {
    proof(&answering.key, &nonce)
}

async fn catch_up_now(
    State(answering): State<Answering>,
    headers: HeaderMap,
    Json(variables): Json<ApiVariables>,
) -> Result<(StatusCode, Json<CaughtUp>), StatusCode> {
    answering.admit(&headers)?;
    Ok(match (answering.catch_up)(variables).await {
        OtherCatchUp::Done(done) => (StatusCode::OK, Json(done)),
        OtherCatchUp::Ends(done) => (StatusCode::SERVICE_UNAVAILABLE, Json(done)),
    })
}

async fn end_now(
    State(answering): State<Answering>,
    headers: HeaderMap,
) -> Result<StatusCode, StatusCode> {
    answering.admit(&headers)?;
    // Nobody listens: it can't be ended so.
    let heard = answering.end.send(true);
    heard.map_err(|_| StatusCode::NOT_IMPLEMENTED)?;
    Ok(StatusCode::OK)
}

impl Answering {
    /// Only who knows the key is listened to.
    fn admit(&self, headers: &HeaderMap) -> Result<(), StatusCode> {
        let header = headers.get("authorization");
        let claimed = header.and_then(|value| value.to_str().ok()).unwrap_or("");
        if same_text(&self.key, claimed) {
            Ok(())
        } else {
            Err(StatusCode::UNAUTHORIZED)
        }
    }
}

/// Asks the program that has this data folder to end. It answers before it has.
pub async fn ask_to_end(data_dir: &Path) -> EndAnswer {
    let Some(other) = Other::proven(data_dir).await else {
        return EndAnswer::Nobody;
    };
    match other.post("/end").send().await {
        Ok(answer) if answer.status() == StatusCode::NOT_IMPLEMENTED => EndAnswer::Refuses,
        Ok(answer) if answer.status() != StatusCode::OK => EndAnswer::Nobody,
        // One that went away before it answered did what it was asked to.
        Ok(_) | Err(_) => EndAnswer::Ends,
    }
}

/// The program that has a data folder, once it has proven that it does.
struct Other {
    client: reqwest::Client,
    contact: Contact,
}

impl Other {
    async fn proven(data_dir: &Path) -> Option<Other> {
        let contact = fs::read(data_dir.join(FILE)).ok()?;
        let contact: Contact = serde_json::from_slice(&contact).ok()?;
        let client = http::client().no_proxy().build().ok()?;
        let nonce = random().ok()?;
        let hello = format!("http://127.0.0.1:{}/hello/{nonce}", contact.port);
        let proven = client.get(hello).send().await.ok()?.text().await.ok()?;
        same_text(&proof(&contact.key, &nonce), &proven).then_some(Other { client, contact })
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://127.0.0.1:{}{path}", self.contact.port);
        let request = self.client.post(url);
        request.header("authorization", &self.contact.key)
    }
}

/// Asks the program that has this data folder to catch up. `None`: there is none that answers. One that goes away
/// instead of answering ended, and did nobody knows how much.
pub async fn ask_to_catch_up(data_dir: &Path, variables: &ApiVariables) -> Option<OtherCatchUp> {
    let other = Other::proven(data_dir).await?;
    let answer = other.post("/catch-up").json(variables).send().await;
    let Ok(answer) = answer else {
        return Some(OtherCatchUp::Ends(CaughtUp::default()));
    };
    match answer.status() {
        StatusCode::OK => match answer.json().await {
            Ok(done) => Some(OtherCatchUp::Done(done)),
            Err(error) if error.is_decode() => None,
            Err(_) => Some(OtherCatchUp::Ends(CaughtUp::default())),
        },
        StatusCode::SERVICE_UNAVAILABLE => {
            let done = answer.json().await;
            Some(OtherCatchUp::Ends(done.unwrap_or_default()))
        }
        _ => None,
    }
}

/// What only who knows the key can answer.
fn proof(key: &str, nonce: &str) -> String {
    let proof = hmac_sha256(key.as_bytes(), nonce.as_bytes());
    hex::encode(proof.finalize().into_bytes())
}

fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    fn answering() -> CatchUpHandler {
        Arc::new(|variables| {
            Box::pin(async move {
                OtherCatchUp::Done(CaughtUp {
                    requests: u64::from(variables.token.as_deref() == Some("t")),
                    ..CaughtUp::default()
                })
            })
        })
    }

    fn variables() -> ApiVariables {
        ApiVariables {
            token: Some("t".to_owned()),
            ..ApiVariables::default()
        }
    }

    #[tokio::test]
    async fn whoever_can_read_the_folder_is_answered() {
        let dir = tempfile::tempdir().unwrap();
        let control = Control::open(dir.path(), answering()).await.unwrap();
        let done = ask_to_catch_up(dir.path(), &variables()).await.unwrap();
        let expected = CaughtUp {
            requests: 1,
            ..CaughtUp::default()
        };
        assert_eq!(done, OtherCatchUp::Done(expected));
        control.close().await;
        assert_eq!(ask_to_catch_up(dir.path(), &variables()).await, None);
    }

    #[tokio::test]
    async fn one_that_ends_says_how_far_it_came() {
        let dir = tempfile::tempdir().unwrap();
        let ended = CaughtUp {
            requests: 7,
            ..CaughtUp::default()
        };
        let told = OtherCatchUp::Ends(ended);
        let answer = told.clone();
        let ends: CatchUpHandler = Arc::new(move |_| Box::pin(std::future::ready(answer.clone())));
        let _control = Control::open(dir.path(), ends).await.unwrap();
        let done = ask_to_catch_up(dir.path(), &variables()).await;
        assert_eq!(done, Some(told));
    }

    #[test]
    fn whoever_was_asked_for_something_has_answered_when_it_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let told = OtherCatchUp::Ends(CaughtUp {
            requests: 7,
            ..CaughtUp::default()
        });
        let (begun, over) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (answer, begins, ends) = (told.clone(), Arc::clone(&begun), Arc::clone(&over));
        let asks: CatchUpHandler = Arc::new(move |_| {
            let (answer, begins, ends) = (answer.clone(), Arc::clone(&begins), Arc::clone(&ends));
            Box::pin(async move {
                begins.notify_one();
                ends.notified().await;
                answer
            })
        });
        let (server, command) = (runtime(), runtime());
        let control = server.block_on(Control::open(dir.path(), asks)).unwrap();
        let folder = dir.path().to_owned();
        let asked = std::thread::spawn(move || {
            command.block_on(async { ask_to_catch_up(&folder, &variables()).await })
        });
        server.block_on(async {
            begun.notified().await;
            over.notify_one();
            control.close().await;
        });
        // Its program is gone right after.
        drop(server);
        assert_eq!(asked.join().unwrap(), Some(told));
    }

    fn runtime() -> tokio::runtime::Runtime {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    }

    #[tokio::test]
    async fn a_stranger_on_the_port_is_told_nothing() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _stranger = Control::open(other.path(), answering()).await.unwrap();
        let theirs = fs::read(other.path().join(FILE)).unwrap();
        let mut contact: Contact = serde_json::from_slice(&theirs).unwrap();
        contact.key = "another".to_owned();
        fs::write(dir.path().join(FILE), serde_json::to_vec(&contact).unwrap()).unwrap();
        assert_eq!(ask_to_catch_up(dir.path(), &variables()).await, None);
    }

    #[tokio::test]
    async fn only_a_program_that_listens_for_it_is_ended() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(ask_to_end(dir.path()).await, EndAnswer::Nobody);
        let control = Control::open(dir.path(), answering()).await.unwrap();
        assert_eq!(ask_to_end(dir.path()).await, EndAnswer::Refuses);
        let asked = control.asked_to_end();
        assert_eq!(ask_to_end(dir.path()).await, EndAnswer::Ends);
        assert!(*asked.borrow());
    }

    #[tokio::test]
    async fn without_the_key_nothing_is_done() {
        let dir = tempfile::tempdir().unwrap();
        let _control = Control::open(dir.path(), answering()).await.unwrap();
        let contact: Contact =
            serde_json::from_slice(&fs::read(dir.path().join(FILE)).unwrap()).unwrap();
        let answer = http::client()
            .build()
            .unwrap()
            .post(format!("http://127.0.0.1:{}/catch-up", contact.port))
            .json(&variables())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
    }
}
