//! Everything that answers a window's questions, put together.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use esim_watch_core::catalogue::{Language, Locale, SharedLanguage};
use esim_watch_core::catch_up::ApiVariables;
use esim_watch_core::clock;
use esim_watch_core::engine::{Engine, EngineError, Options, PATIENCE, secrets_from_environment};
use esim_watch_core::inbox::{Inbox, Notices};
use esim_watch_core::store::{Reader, SqliteError};
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::{Answer, DeskError};
use crate::esim_list::{EsimList, StaleRows};
use crate::export::Exports;
use crate::feed::{Failure, Feed};
use crate::imports::Preview;
use crate::preferences::Preferences;
use crate::upgrade::{UpgradeOptions, Upgrades};
use crate::zone;

/// How a desk is started.
#[derive(Debug, Clone)]
pub struct DeskOptions {
    /// Where everything is kept; `None`: the system tells no such folder.
    pub data_dir: Option<PathBuf>,
    /// A port from the command line or the environment; wins over the stored one.
    pub port: Option<u16>,
}

/// Answers a window's questions.
pub struct Desk {
    /// The engine, or why there is none.
    engine: Result<Arc<Engine>, Failure>,
    /// The inbox, unless the program could not start.
    inbox: Option<Inbox>,
    /// The desk's time zone and language.
    pub(crate) language: SharedLanguage,
    /// The language, whenever another one is chosen.
    pub(crate) spoken: watch::Sender<Language>,
    pub(crate) preferences: Arc<Preferences>,
    pub(crate) list: EsimList,
    pub(crate) feed: Feed,
    pub(crate) exports: Exports,
    pub(crate) preview: Preview,
    pub(crate) upgrades: Upgrades,
    /// Whether all of it is made up.
    pub(crate) is_demo: bool,
    zone: Option<JoinHandle<()>>,
}

impl Desk {
    /// Starts the engine, its listener and its rules. Gives the notices that are to be shown; `None`: the program could
    /// not start, which the window is told.
    pub async fn start(options: DeskOptions) -> (Desk, Option<Notices>) {
        let is_demo = options.data_dir.as_deref().is_some_and(is_demo);
        let preferences = Arc::new(Preferences::load(options.data_dir.as_deref()));
        let upgrade_options = options
            .data_dir
            .clone()
            .map(|data_dir| UpgradeOptions::of_this_program(data_dir, options.port, is_demo));
        let look = preferences.get().look;
        let language = SharedLanguage::of(Locale {
            zone: TimeZone::system(),
            language: look.language().into(),
            clock: look.clock(),
        });
        let started = start(options, language.clone()).await.map_err(|error| {
            tracing::error!(%error, "the engine could not start");
            Failure::new(&error)
        });
        let (parts, notices) = match started {
            Ok((engine, inbox, notices)) => (Ok((engine, inbox)), Some(notices)),
            Err(failure) => (Err(failure), None),
        };
        let list = EsimList::of(language.clone());
        let upgrades = match (&parts, upgrade_options) {
            (Ok((engine, _)), Some(options)) => {
                Upgrades::start(options, preferences.clone(), engine.readers().clone())
            }
            _ => Upgrades::none(),
        };
        let feed = Feed::start(parts.clone(), list.clone(), upgrades.watch());
        let (engine, inbox) = match parts {
            Ok((engine, inbox)) => (Ok(engine), Some(inbox)),
            Err(failure) => (Err(failure), None),
        };
        let follow = |inbox: &Inbox| tokio::spawn(zone::follow(language.clone(), inbox.clone()));
        let desk = Desk {
            zone: inbox.as_ref().map(follow),
            engine,
            inbox,
            spoken: watch::channel(language.language()).0,
            language,
            preferences,
            list,
            feed,
            exports: Exports::default(),
            preview: Preview::default(),
            upgrades,
            is_demo,
        };
        (desk, notices)
    }

    /// Stops listening, commits and answers what was received, and closes the store.
    pub async fn shutdown(&self) {
        if let Some(zone) = &self.zone {
            zone.abort();
        }
        self.upgrades.close();
        if let Ok(engine) = &self.engine {
            engine.shutdown().await;
        }
    }

    /// The inbox; `None`: the program could not start.
    #[must_use]
    pub fn open_inbox(&self) -> Option<&Inbox> {
        self.inbox.as_ref()
    }

    /// Whether the program could start.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.inbox.is_some()
    }

    /// The desk's time zone and language.
    #[must_use]
    pub fn language(&self) -> &SharedLanguage {
        &self.language
    }

    pub(crate) fn engine(&self) -> Answer<&Arc<Engine>> {
        self.engine
            .as_ref()
            .map_err(|failure| failure.message.clone().into())
    }

    /// Now by a clock that is right, as far as anybody knows; UTC milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        let engine = self.engine.as_ref();
        engine.map_or_else(|_| clock::now_ms(), |engine| engine.now().clock_ms)
    }

    /// The same in UTC seconds.
    pub(crate) fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    pub(crate) fn inbox(&self) -> Answer<&Inbox> {
        match (&self.inbox, &self.engine) {
            (Some(inbox), _) => Ok(inbox),
            (None, Err(failure)) => Err(failure.message.clone().into()),
            (None, Ok(_)) => Err(DeskError::AlertsNotReady.into()),
        }
    }

    /// Travellers of the eSIMs in these rows changed: the window shows them, and rules ask when they leave. Whoever is
    /// answered that they changed finds them so in the list: the feed tells it later.
    pub(crate) async fn travellers_changed(&self, rows: Vec<i64>) {
        let mut stale = StaleRows::default();
        stale.add(rows.iter().copied());
        let list = self.list.clone();
        if self
            .read(move |store| list.refresh(store, &stale))
            .await
            .is_err()
        {
            tracing::warn!(
                "the list of eSIMs will show changed travellers when the feed tells them"
            );
        }
        if let Some(inbox) = &self.inbox {
            inbox.esims_changed(rows.clone()).await;
        }
        self.feed.esims_changed(rows);
    }

    /// Asks the store a question, on one consistent state of it.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Reader<'_>) -> Result<T, SqliteError> + Send + 'static,
    ) -> Answer<T> {
        let readers = self.engine()?.readers().clone();
        match tokio::task::spawn_blocking(move || readers.read(question)).await {
            Ok(answer) => Ok(answer?),
            Err(error) => Err(error.into()),
        }
    }
}

/// The file that marks a folder in which everything is made up.
const DEMO_MARK: &str = "this-is-a-demo.txt";

fn is_demo(data_dir: &Path) -> bool {
    data_dir.join(DEMO_MARK).exists()
}

async fn start(
    options: DeskOptions,
    language: SharedLanguage,
) -> Result<(Arc<Engine>, Inbox, Notices), EngineError> {
    let engine = Engine::start(Options {
        data_dir: options.data_dir.ok_or(EngineError::NoDataDir)?,
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: options.port,
        secrets: secrets_from_environment(),
        api: ApiVariables::from_environment(),
        keyring: true,
        patience: PATIENCE,
    })
    .await?;
    // The window tells, and offers another port: the history can be read all the same.
    if let Err(error) = engine.listen().await {
        tracing::error!(%error, "the listener could not start");
    }
    let engine = Arc::new(engine);
    engine.start_watchdog().await;
    // Before the rules look: what happened meanwhile is told as what it was.
    engine.start_catching_up();
    let (inbox, notices) = engine.open_inbox(language).await?;
    Ok((engine, inbox, notices))
}
