//! What looking for a newer version and bringing it have in common: what they need, one look, and telling how it stands.

use std::path::PathBuf;
use std::sync::Arc;

use esim_watch_core::clock::now_ms;
use esim_watch_core::message::ToMessage;
use esim_watch_core::store::Readers;
use esim_watch_core::upgrade::{Downloader, Installation, Offer, UpgradeError};
use tokio::sync::{Mutex, Notify, watch};

use super::{NewerVersion, UpgradeState, UpgradeWork};
use crate::preferences::Preferences;

/// What looking and bringing needs.
pub(super) struct UpgradeParts {
    pub(super) downloader: Downloader,
    pub(super) installation: Installation,
    pub(super) running: String,
    pub(super) folder: PathBuf,
    pub(super) downloads: PathBuf,
    pub(super) variables: Vec<(&'static str, String)>,
    pub(super) readers: Readers,
    pub(super) preferences: Arc<Preferences>,
    pub(super) state: watch::Sender<Option<UpgradeState>>,
    /// Held by whoever looks or brings.
    pub(super) at_work: Mutex<()>,
    /// How often somebody wanted what is under way to stop.
    pub(super) stops: watch::Sender<u32>,
    /// Told when the user agrees.
    pub(super) agreed: Notify,
}

impl UpgradeParts {
    pub(super) fn is_due(&self) -> bool {
        self.preferences.get().upgrades.is_due(now_ms())
    }

    /// Asks the server, and notes what it told.
    pub(super) async fn look(&self) -> Result<Option<Offer>, UpgradeError> {
        self.work(UpgradeWork::Looking);
        let looked = self.downloader.look(&self.running, self.installation).await;
        if matches!(looked, Err(UpgradeError::Unreachable)) {
            // Nobody was asked: it is due as before.
            return looked;
        }
        let at_ms = Some(now_ms());
        let newer = looked.as_ref().ok().map(|offer| {
            let newer = offer.as_ref().map(|offer| offer.newer.clone());
            newer.map(NewerVersion::from)
        });
        let kept = self.preferences.change(|choices| {
            choices.upgrades.looked_at_ms = at_ms;
            if let Some(newer) = &newer {
                choices.upgrades.newer.clone_from(newer);
            }
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "after the next start newer versions are looked for again");
        }
        self.change(|state| {
            state.looked_at_ms = at_ms;
            if let Some(newer) = newer {
                state.newer = newer;
            }
        });
        looked
    }

    pub(super) fn work(&self, work: UpgradeWork) {
        self.change(|state| state.work = work);
    }

    pub(super) fn over<T>(&self, done: &Result<T, UpgradeError>) {
        let problem = done.as_ref().err().map(|error| error.to_message().into());
        self.change(|state| {
            state.work = UpgradeWork::Idle;
            state.problem = problem;
        });
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut UpgradeState)) {
        self.state.send_if_modified(|state| {
            let Some(state) = state else { return false };
            let before = state.clone();
            change(state);
            *state != before
        });
    }
}
