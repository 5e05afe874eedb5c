//! Puts the parts together: store, listener, alerts, feed. The desktop shell and `esim-watchd` are
//! both thin clothes around an [`Engine`].

mod catch_ups;
mod catching_up;
mod connection;
mod credentials;
mod error;
mod hearing;
mod response_times;
mod retention;
mod secrets;
mod seen;
mod storing;
mod test_event;
mod travellers;
mod watchdog;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, broadcast, watch};
use tokio::task::JoinHandle;

use catching_up::CatchingUp;
use credentials::{Credentials, Lacking};
use response_times::ResponseTimes;

use crate::catalogue::SharedLanguage;
use crate::catch_up::{ApiVariables, CatchUp};
use crate::clock::{self, Moment, ToldTime};
use crate::control::Control;
use crate::event::ProviderId;
use crate::health::{Health, ListenerState, Refusal};
use crate::inbox::{Inbox, Notices, Situation};
use crate::ingest::Ingest;
use crate::listener::{Gate, Listener, Parts, Refusals};
use crate::maintenance::Maintenance;
use crate::message::{Message, ToMessage};
use crate::place;
use crate::presence::Presence;
use crate::provider::{self, Provider};
use crate::secret::Vault;
use crate::store::{Commit, Readers, Setting, Store, WriteError};

pub use catch_ups::{CatchUpState, CatchUpWatch, TokenSet};
pub use catching_up::ApiToken;
pub use connection::{Connection, ProviderConnection, SecretState, UrlError};
pub use credentials::{GivenSecrets, secrets_from_environment};
pub use error::{EngineError, FixedSetting};
pub use test_event::{Resent, TestProblem, Trial};
pub use watchdog::TunnelReason;

/// The port where the listener is when nothing else was chosen. Below 49152, because Windows
/// reserves ranges above for its own use.
pub const DEFAULT_PORT: u16 = 47615;

/// Commits that a slow reader of the feed may be behind; one that is further behind is told so and
/// asks the store instead.
const FEED_COMMITS: usize = 256;

/// How long whoever is asked from outside may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How an engine is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The address to listen on; 127.0.0.1 unless somebody knows better.
    pub bind: IpAddr,
    /// A port from the command line or the environment; wins over the stored one. 0: any free one.
    pub port: Option<u16>,
    /// Signing secrets from the environment, by provider; they win over the stored ones.
    pub secrets: GivenSecrets,
    /// What the environment says of the provider's API.
    pub api: ApiVariables,
    /// Whether secrets go into the system's keyring, if there is one.
    pub keyring: bool,
    /// How long an answer through the tunnel may take: [`PATIENCE`], unless somebody can't wait.
    pub patience: Duration,
}

/// Everything of the program that needs no window.
pub struct Engine {
    options: Options,
    store: Arc<Store>,
    ingest: Ingest,
    gate: watch::Sender<Gate>,
    health: watch::Sender<Health>,
    refusals: Arc<Refusals>,
    /// The secrets that count and where they are, by provider; or why nobody knows.
    credentials: Mutex<BTreeMap<ProviderId, Result<Credentials, Lacking>>>,
    /// When somebody set one since the start.
    secrets_set: Mutex<BTreeMap<ProviderId, Instant>>,
    /// Where they are kept.
    vaults: BTreeMap<ProviderId, Vault>,
    /// Whether the data folder was made with this start: nobody was ever told its address, and it never had a secret.
    is_new: bool,
    listener: Mutex<Option<Listener>>,
    /// Whether it was asked to listen, and not to end since.
    is_to_listen: AtomicBool,
    presence: Presence,
    /// What a provider's own clock tells.
    told: ToldTime,
    maintenance: Mutex<Option<Maintenance>>,
    inbox: Mutex<Option<JoinHandle<()>>>,
    catching_up: Arc<CatchingUp>,
    /// Whether it was asked to catch up by itself.
    catches_up: AtomicBool,
    control: Mutex<Option<Control>>,
    response_times: ResponseTimes,
    commits: broadcast::Sender<Arc<Commit>>,
}

impl Engine {
    /// Opens the store and reads the settings. The listener starts with [`Engine::listen`], the rules
    /// with [`Engine::open_inbox`].
    ///
    /// # Errors
    /// [`EngineError`] if the store or the secret can't be opened.
    pub async fn start(options: Options) -> Result<Engine, EngineError> {
        let (commits, _) = broadcast::channel(FEED_COMMITS);
        let feed = commits.clone();
        let is_new = std::fs::read_dir(&options.data_dir)
            .map_or(true, |mut entries| entries.next().is_none());
        let store = Arc::new(Store::open(&options.data_dir, move |commit| {
            // Nobody may be watching.
            let _ = feed.send(commit);
        })?);
        let notice = store.notice().map(ToMessage::to_message);
        if let Some(notice) = &notice {
            tracing::warn!("{notice}");
        }
        let unsafe_place = place::judge(&options.data_dir);
        if let Some(unsafe_place) = &unsafe_place {
            tracing::warn!("{unsafe_place}");
        }
        let (token, last, run, rows) = store.readers().read(|store| {
            let (last, run) = (store.last_received_at_ms()?, store.catch_up_run()?);
            Ok((
                store.setting(Setting::Token)?,
                last,
                run,
                store.last_rows()?,
            ))
        })?;
        let told = catch_ups::told_before(&run);
        // A clock that was ahead may have noted it, or this one's is behind.
        let known_until = store.writer().known_until();
        let known_ms = known_until.map_or(i64::MIN, |at| at.saturating_mul(1000));
        let last = last.map(|ms| ms.min(known_ms.max(clock::now_ms())));
        let token = match token {
            Some(token) => token,
            None => {
                let token = random_token()?;
                store
                    .writer()
                    .set(Setting::Token, Some(token.clone()))
                    .await?;
                token
            }
        };
        let (health, _) = watch::channel(Health {
            notice,
            unsafe_place: unsafe_place.as_ref().map(ToMessage::to_message),
            ..Health::starting(last)
        });
        let (gate, _) = watch::channel(Gate {
            token,
            secrets: BTreeMap::new(),
        });
        let data_dir = options.data_dir.clone();
        let maintenance = Maintenance::start(&store, data_dir, health.clone(), clock::now_ms);
        let response_times = ResponseTimes::start(store.writer().clone());
        // Beside the start, which nobody is to wait longer for.
        tokio::spawn(storing::try_store(store.writer().clone(), health.clone()));
        let vault = |provider: &'static dyn Provider| {
            let own_name = provider::own_name(provider);
            let vault = Vault::new(&options.data_dir, options.keyring, own_name);
            (provider.id(), vault)
        };
        let presence = Presence::new(store.writer().clone()).since(Moment::now(), rows);
        let catch_up = CatchUp {
            provider: provider::DEFAULT,
            readers: store.readers().clone(),
            writer: store.writer().clone(),
            clock: Moment::now,
            told: told.clone(),
            presence: presence.clone(),
            on_write: hearing::on_write(health.clone()),
        };
        let own_name = provider::own_name(catch_up.provider);
        let kept = Vault::of_api_token(&options.data_dir, options.keyring, own_name);
        let catching_up = CatchingUp::new(catch_up, options.api.clone(), kept);
        let catching_up = Arc::new(catching_up);
        let on_command = catching_up.on_command();
        let control = Control::open(&options.data_dir, on_command).await;
        let control = control.map_err(|error| {
            tracing::warn!(%error, "commands can't reach this program");
        });
        let control = control.ok();
        let engine = Engine {
            vaults: provider::all().map(vault).collect(),
            is_new,
            options,
            ingest: Ingest::new(store.writer().clone()).sure_of(told.clone()),
            store,
            gate,
            health,
            refusals: Arc::default(),
            credentials: Mutex::default(),
            secrets_set: Mutex::default(),
            listener: Mutex::new(None),
            is_to_listen: AtomicBool::new(false),
            presence,
            told,
            maintenance: Mutex::new(Some(maintenance)),
            inbox: Mutex::new(None),
            catching_up,
            catches_up: AtomicBool::new(false),
            control: Mutex::new(control),
            response_times,
            commits,
        };
        Ok(engine)
    }

    /// Starts the listener on the port that is set, or leaves it if it is there already.
    ///
    /// # Errors
    /// [`ListenError`] if the port can't be opened; [`Health`] tells it too.
    pub async fn listen(&self) -> Result<SocketAddr, EngineError> {
        self.is_to_listen.store(true, Ordering::Relaxed);
        self.listen_again().await
    }

    /// The same, unless it was asked to end meanwhile.
    async fn listen_again(&self) -> Result<SocketAddr, EngineError> {
        let port = self.port()?;
        self.listen_on(port).await
    }

    /// Moves the listener to another port and remembers it. If that port can't be opened, the
    /// listener stays where it was.
    ///
    /// # Errors
    /// [`EngineError`] if the port is fixed, can't be opened or can't be stored.
    pub async fn set_port(&self, port: u16) -> Result<(), EngineError> {
        match self.options.port {
            Some(fixed) if fixed != port => return Err(EngineError::Fixed(FixedSetting::Port)),
            _ => {}
        }
        self.is_to_listen.store(true, Ordering::Relaxed);
        self.listen_on(port).await?;
        if self.options.port.is_none() {
            self.store
                .writer()
                .set(Setting::Port, Some(port.to_string()))
                .await?;
        }
        Ok(())
    }

    /// Remembers the tunnel's public address, or forgets it.
    ///
    /// # Errors
    /// [`EngineError`] if it is no usable address or can't be stored.
    pub async fn set_public_url(&self, url: Option<&str>) -> Result<(), EngineError> {
        let url = url.map(connection::public_base).transpose()?;
        Ok(self.store.writer().set(Setting::PublicUrl, url).await?)
    }

    /// Starts the rules. Gives the inbox, and the notices that are to be shown. `language` is the desk's.
    ///
    /// # Errors
    /// [`EngineError`] if the alerts can't be read.
    pub async fn open_inbox(
        &self,
        language: impl Into<SharedLanguage>,
    ) -> Result<(Inbox, Notices), EngineError> {
        let situation = Situation {
            health: self.health(),
            refusals: Arc::clone(&self.refusals),
            clock: Moment::now,
            told: self.told.clone(),
            first_look: self.first_look(),
            asking: self.catching_up.asking.subscribe(),
        };
        let (readers, writer) = (self.readers().clone(), self.store.writer().clone());
        let (inbox, notices, task) =
            Inbox::start(readers, writer, language.into(), self.commits(), situation)?;
        self.watch_for_deafness(&inbox);
        *self.inbox.lock().await = Some(task);
        Ok((inbox, notices))
    }

    /// This moment by a clock that is right, as far as anybody knows: this computer's, unless a provider has told another time.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.told.right(Moment::now())
    }

    /// What was committed, as it happens. A reader that lags is told how much it missed.
    #[must_use]
    pub fn commits(&self) -> broadcast::Receiver<Arc<Commit>> {
        self.commits.subscribe()
    }

    /// The state of listener and store, now and whenever it changes.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// The last deliveries that were turned away, newest first.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        self.refusals.list()
    }

    /// Where questions go.
    #[must_use]
    pub fn readers(&self) -> &Readers {
        self.store.readers()
    }

    /// Until somebody who can read the data folder asks this program to end. Whoever awaits this can be ended so.
    pub async fn asked_to_end(&self) {
        let asked = self
            .control
            .lock()
            .await
            .as_ref()
            .map(Control::asked_to_end);
        if let Some(mut asked) = asked
            && asked.wait_for(|asked| *asked).await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }

    /// Stops listening, commits and answers what was received, and closes the store.
    pub async fn shutdown(&self) {
        self.is_to_listen.store(false, Ordering::Relaxed);
        if let Some(listener) = self.listener.lock().await.take() {
            listener.stop().await;
            let now = self.now();
            self.presence.note(now.clock_ms, now).await;
        }
        self.stop_catching_up().await;
        // Behind it: who asked for a catch-up is told how much of it was done.
        if let Some(control) = self.control.lock().await.take() {
            control.close().await;
        }
        self.response_times.finish().await;
        if let Some(inbox) = self.inbox.lock().await.take() {
            // What it did not get to is found at the next start.
            inbox.abort();
        }
        if let Some(maintenance) = self.maintenance.lock().await.take() {
            maintenance.stop().await;
        }
        let store = Arc::clone(&self.store);
        if tokio::task::spawn_blocking(move || store.close())
            .await
            .is_err()
        {
            tracing::error!("the store did not close cleanly");
        }
    }

    /// Whether it was asked to listen and does not: that may change by itself.
    async fn misses_its_listener(&self) -> bool {
        self.is_to_listen.load(Ordering::Relaxed) && self.listener.lock().await.is_none()
    }

    fn port(&self) -> Result<u16, EngineError> {
        if let Some(port) = self.options.port {
            return Ok(port);
        }
        let stored = self.readers().read(|store| store.setting(Setting::Port))?;
        Ok(stored
            .and_then(|port| port.parse().ok())
            .unwrap_or(DEFAULT_PORT))
    }

    async fn listen_on(&self, port: u16) -> Result<SocketAddr, EngineError> {
        let mut current = self.listener.lock().await;
        if let Some(listener) = current
            .as_ref()
            .filter(|current| current.address().port() == port)
        {
            return Ok(listener.address());
        }
        if !self.is_to_listen.load(Ordering::Relaxed) {
            return Err(WriteError::Closed.into());
        }
        if let Err(error) = self.open_vaults().await {
            // Unable to tell a provider from a stranger, it must not listen at all.
            self.is_deaf(error.to_message());
            return Err(error);
        }
        let parts = Parts {
            gate: self.gate.subscribe(),
            ingest: self.ingest.clone(),
            on_refusal: self.on_refusal(),
            on_delivery: self.on_delivery(),
            on_answer: self.response_times.on_answer(),
        };
        match Listener::start(self.options.bind, port, parts).await {
            Ok(listener) => {
                let address = listener.address();
                let state = ListenerState::Up {
                    address: format!("http://{address}"),
                };
                self.health.send_modify(|health| health.listener = state);
                if let Some(old) = current.replace(listener) {
                    old.stop().await;
                }
                Ok(address)
            }
            Err(error) => {
                if current.is_none() {
                    self.is_deaf(error.to_message());
                }
                Err(error.into())
            }
        }
    }

    /// Tells why nobody listens; nothing where that is known, as after each try.
    fn is_deaf(&self, message: Message) {
        let state = ListenerState::Down { message };
        self.health.send_if_modified(|health| {
            let changed = health.listener != state;
            health.listener = state;
            changed
        });
    }
}

/// 128 bits, so that nobody finds the webhook's path by trying.
fn random_token() -> Result<String, EngineError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| EngineError::Random(error.to_string()))?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests;
