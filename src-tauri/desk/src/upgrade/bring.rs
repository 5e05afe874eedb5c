//! A newer version on its way: the database is copied, the package comes and is verified, and then it is installed, or put where the
//! user finds it. Whatever fails or is stopped on the way, everything is as before.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use esim_watch_core::clock::now_ms;
use esim_watch_core::io_reason::IoReason;
use esim_watch_core::message::ToMessage;
use esim_watch_core::store::BackupError;
use esim_watch_core::upgrade::{Downloaded, Installation, UpgradeError};

use super::UpgradeWork;
use super::parts::UpgradeParts;
use super::setup;

/// Removes what an earlier installation left behind: a setup can't be removed while it runs.
pub(super) fn tidy(folder: &Path) {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::debug!(%error, "what is left of an update is removed at the next start");
        }
        _ => {}
    }
}

impl UpgradeParts {
    pub(super) async fn install(&self) -> Result<(), UpgradeError> {
        let mut stops = self.stops.subscribe();
        let package = tokio::select! {
            package = self.bring() => package?,
            // Only ever an error once the program ends.
            _ = stops.changed() => return Err(UpgradeError::Stopped),
        };
        if self.installation == Installation::Setup {
            self.work(UpgradeWork::Installing);
            let done = setup::run(&package, &self.variables).await;
            let folder = self.folder.clone();
            let tidied = tokio::task::spawn_blocking(move || tidy(&folder));
            // Else the next start does it.
            let _ = tidied.await;
            return done.map_err(UpgradeError::Setup);
        }
        self.change(|state| state.package = Some(package));
        Ok(())
    }

    /// Copies the database, brings the package, and gives the file; nothing was installed.
    async fn bring(&self) -> Result<PathBuf, UpgradeError> {
        self.change(|state| state.package = None);
        let offer = self.look().await?.ok_or(UpgradeError::Withdrawn)?;
        offer.check_package()?;
        self.work(UpgradeWork::BackingUp);
        self.back_up().await?;
        self.work(UpgradeWork::Downloading { percent: None });
        let told = |far: Downloaded| {
            let percent = percent(far);
            self.work(UpgradeWork::Downloading { percent });
        };
        let package = self.downloader.fetch(&offer, &self.folder, told).await?;
        if self.installation == Installation::Setup {
            return Ok(package);
        }
        let (downloads, folder) = (self.downloads.clone(), self.folder.clone());
        let placed = tokio::task::spawn_blocking(move || {
            let placed = place(&package, &downloads);
            tidy(&folder);
            placed
        });
        match placed.await {
            Ok(placed) => placed,
            Err(error) => Err(UpgradeError::File {
                path: self.downloads.clone(),
                reason: IoReason::Other(error.to_string()),
            }),
        }
    }

    async fn back_up(&self) -> Result<(), UpgradeError> {
        let readers = self.readers.clone();
        // Whoever drops this wants it no more.
        let wanted = Wanted::default();
        let still = Arc::clone(&wanted.0);
        let made = tokio::task::spawn_blocking(move || {
            readers.back_up(now_ms(), &mut || still.load(Ordering::Relaxed))
        });
        let failed = |error: BackupError| match error {
            BackupError::Stopped => UpgradeError::Stopped,
            error => UpgradeError::Backup(error.to_message()),
        };
        match made.await {
            Ok(made) => made.map(drop).map_err(failed),
            Err(error) => {
                tracing::error!(%error, "the backup ended with a panic");
                Err(UpgradeError::Backup(BackupError::Stopped.to_message()))
            }
        }
    }
}

/// Says until it is dropped that something is wanted.
struct Wanted(Arc<AtomicBool>);

impl Default for Wanted {
    fn default() -> Self {
        Wanted(Arc::new(AtomicBool::new(true)))
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn percent(far: Downloaded) -> Option<u8> {
    let total = far.total.filter(|total| *total > 0)?;
    u8::try_from(far.done.saturating_mul(100) / total).ok()
}

/// Puts a package into this folder under its own name; one of that name is replaced once the new one is whole.
fn place(package: &Path, folder: &Path) -> Result<PathBuf, UpgradeError> {
    let to = folder.join(package.file_name().unwrap_or_default());
    let placed = || {
        std::fs::create_dir_all(folder)?;
        let mut part = tempfile::Builder::new()
            .prefix(".esim-watch-")
            .tempfile_in(folder)?;
        io::copy(&mut std::fs::File::open(package)?, &mut part)?;
        part.as_file().sync_all()?;
        part.persist(&to).map_err(|error| error.error)
    };
    match placed() {
        Ok(_) => Ok(to),
        Err(error) => Err(UpgradeError::File {
            path: to,
            reason: IoReason::from(&error),
        }),
    }
}
