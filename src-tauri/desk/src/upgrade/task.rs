//! When newer versions are looked for: once a day, if the user agreed; and whenever the user asks.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use esim_watch_core::io_reason::IoReason;
use esim_watch_core::store::Readers;
use esim_watch_core::upgrade::{
    Downloader, Installation, Patience, UpgradeError, UpgradeSource, UpgradeVariables, is_newer,
};
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinHandle;

use super::bring;
use super::parts::UpgradeParts;
use super::{UpgradeConsent, UpgradeState, UpgradeWork};
use crate::error::{Answer, CommandError, DeskError};
use crate::preferences::Preferences;

/// How long after the start it looks for the first time: others are in more of a hurry.
const FIRST_AFTER: Duration = Duration::from_secs(60);

/// How often it sees whether a look is due. Timers stand still while a computer sleeps, so a whole day would be too long.
const REPEAT_EVERY: Duration = Duration::from_secs(15 * 60);

/// Where a package lies until it is installed, in the data folder.
const FOLDER: &str = "updates";

/// What is to be known before anything can be looked for.
pub(crate) struct UpgradeOptions {
    /// Who is asked; `None`: nobody publishes newer versions.
    pub source: Option<UpgradeSource>,
    /// How the program came onto this computer.
    pub installation: Installation,
    /// The version that runs.
    pub running: String,
    /// How long is waited for the server.
    pub patience: Patience,
    /// When it looks for the first time.
    pub first_after: Duration,
    /// The data folder.
    pub data_dir: PathBuf,
    /// Where packages go that the user installs.
    pub downloads: PathBuf,
    /// What a setup hands on to the program that it starts, by the names of variables.
    pub variables: Vec<(&'static str, String)>,
}

impl UpgradeOptions {
    /// As this program was started.
    pub fn of_this_program(data_dir: PathBuf, port: Option<u16>, is_demo: bool) -> Self {
        let mut variables = Vec::new();
        // A setup starts the program without arguments.
        if esim_watch_core::paths::default_data_dir().as_ref() != Some(&data_dir) {
            let folder = std::path::absolute(&data_dir).unwrap_or_else(|_| data_dir.clone());
            variables.push(("ESIM_WATCH_DATA_DIR", folder.to_string_lossy().into_owned()));
        }
        variables.extend(port.map(|port| ("ESIM_WATCH_PORT", port.to_string())));
        let source = UpgradeSource::of(&UpgradeVariables::from_environment());
        UpgradeOptions {
            source: source.filter(|_| !is_demo),
            installation: Installation::of_this_program(),
            running: env!("CARGO_PKG_VERSION").to_owned(),
            patience: Patience::default(),
            first_after: FIRST_AFTER,
            downloads: crate::export::folder(),
            data_dir,
            variables,
        }
    }
}

/// Looks for newer versions and brings them, where somebody publishes them.
#[derive(Clone)]
pub(crate) struct Upgrades {
    /// `None`: nobody does.
    pub(super) state: watch::Sender<Option<UpgradeState>>,
    parts: Option<Arc<UpgradeParts>>,
    task: Option<Arc<JoinHandle<()>>>,
}

impl Upgrades {
    /// Starts the daily look. `readers`: the store that is copied before anything is installed.
    pub fn start(
        options: UpgradeOptions,
        preferences: Arc<Preferences>,
        readers: Readers,
    ) -> Upgrades {
        let host = options.source.as_ref().map(UpgradeSource::host);
        let downloader = options
            .source
            .and_then(|source| Downloader::new(source, options.patience));
        let (Some(host), Some(downloader)) = (host, downloader) else {
            return Upgrades::none();
        };
        let kept = preferences.get().upgrades;
        let running = options.running;
        let newer = kept.newer;
        let (state, _) = watch::channel(Some(UpgradeState {
            installation: options.installation.into(),
            host,
            consent: kept.consent,
            looked_at_ms: kept.looked_at_ms,
            // It may be the one that runs by now.
            newer: newer.filter(|newer| is_newer(&newer.version, &running)),
            work: UpgradeWork::Idle,
            problem: None,
            package: None,
            running: running.clone(),
        }));
        let parts = Arc::new(UpgradeParts {
            downloader,
            installation: options.installation,
            running,
            folder: options.data_dir.join(FOLDER),
            downloads: options.downloads,
            variables: options.variables,
            readers,
            preferences,
            state: state.clone(),
            at_work: Mutex::default(),
            stops: watch::channel(0).0,
            agreed: Notify::new(),
        });
        let task = tokio::spawn(look_daily(Arc::clone(&parts), options.first_after));
        Upgrades {
            state,
            parts: Some(parts),
            task: Some(Arc::new(task)),
        }
    }

    /// Where nobody publishes newer versions.
    pub fn none() -> Upgrades {
        Upgrades {
            state: watch::channel(None).0,
            parts: None,
            task: None,
        }
    }

    /// How it stands, now and whenever that changes.
    pub fn watch(&self) -> watch::Receiver<Option<UpgradeState>> {
        self.state.subscribe()
    }

    /// Keeps whether the program may look by itself; if it may, it does so at once.
    pub fn agree(&self, agrees: bool) -> Answer<()> {
        let Some(parts) = &self.parts else {
            return Ok(());
        };
        let consent = match agrees {
            true => UpgradeConsent::Agreed,
            false => UpgradeConsent::Declined,
        };
        parts.change(|state| state.consent = consent);
        let kept = parts.preferences.change(|choices| {
            choices.upgrades.consent = consent;
        });
        parts.agreed.notify_one();
        kept.map_err(|error| DeskError::Preferences(IoReason::from(&error)).into())
    }

    /// Looks now: somebody asks for it.
    pub async fn look(&self) -> Answer<()> {
        let Some(parts) = &self.parts else {
            return Ok(());
        };
        let Ok(_alone) = parts.at_work.try_lock() else {
            return Err(CommandError::new(&UpgradeError::Busy));
        };
        let looked = parts.look().await;
        parts.over(&looked);
        looked.map(drop).map_err(|error| CommandError::new(&error))
    }

    /// Brings the newest version and installs it, as far as this kind of installation lets itself be replaced.
    pub async fn install(&self) -> Answer<()> {
        let Some(parts) = &self.parts else {
            return Ok(());
        };
        let Ok(_alone) = parts.at_work.try_lock() else {
            return Err(CommandError::new(&UpgradeError::Busy));
        };
        let installed = parts.install().await;
        parts.over(&installed);
        installed.map_err(|error| CommandError::new(&error))
    }

    /// Stops what is under way, but for a setup that is at work.
    pub fn stop(&self) {
        if let Some(parts) = &self.parts {
            parts.stops.send_modify(|stops| *stops += 1);
        }
    }

    /// Ends the daily look, and what is under way.
    pub fn close(&self) {
        self.stop();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Looks once a day, as long as the user agrees.
async fn look_daily(parts: Arc<UpgradeParts>, first_after: Duration) {
    let folder = parts.folder.clone();
    let tidied = tokio::task::spawn_blocking(move || bring::tidy(&folder));
    // Nothing depends on it.
    let _ = tidied.await;
    let mut wait = first_after;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = parts.agreed.notified() => {}
        }
        wait = REPEAT_EVERY;
        if !parts.is_due() {
            continue;
        }
        // Somebody is at it anyway.
        let Ok(_alone) = parts.at_work.try_lock() else {
            continue;
        };
        let looked = parts.look().await;
        match &looked {
            // Without a network nobody misses it.
            Ok(_) | Err(UpgradeError::Unreachable) => {}
            Err(error) => {
                tracing::warn!(%error, "whether there is a newer version is not known");
            }
        }
        parts.over(&looked);
    }
}
