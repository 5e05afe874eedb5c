//! Newer versions of the program, as a window sees them: whether the user agreed that they are looked for, which there is, and how far
//! installing it is.
//!
//! In: what the user agrees to and asks for; the publisher's answers, by core's `upgrade`. Out: one [`UpgradeState`], whenever it
//! changes. Must not know: how a package is verified, what draws the window.

mod bring;
mod parts;
mod setup;
mod task;

use std::path::PathBuf;

use esim_watch_core::clock::DAY_MS;
use esim_watch_core::upgrade;
use serde::{Deserialize, Serialize};

use crate::message::Message;

pub(crate) use task::{UpgradeOptions, Upgrades};

/// Whether the program may look for newer versions by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum UpgradeConsent {
    /// Nobody said; then it does not.
    #[default]
    Unasked,
    /// It may.
    Agreed,
    /// It may not.
    Declined,
}

mirrored! {
    /// How the program came onto this computer.
    InstallationKind of upgrade::Installation {
        /// By the setup for Windows.
        Setup,
        /// A folder on Windows that nobody has installed.
        Portable,
        /// By the package manager of Debian or Ubuntu.
        Deb,
        /// By the one of Fedora or openSUSE.
        Rpm,
        /// Out of the archive for any Linux.
        Tarball,
        /// None of these.
        Other,
    }
}

/// A version that is newer than the running one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct NewerVersion {
    /// As `1.2.3`.
    pub version: String,
    /// What is new in it: plain text, of bounded length.
    pub notes: String,
    /// When it was published, as `2026-01-31`.
    pub day: Option<String>,
}

impl From<upgrade::NewerVersion> for NewerVersion {
    fn from(newer: upgrade::NewerVersion) -> NewerVersion {
        let upgrade::NewerVersion {
            version,
            notes,
            day,
        } = newer;
        NewerVersion {
            version,
            notes,
            day,
        }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum UpgradeWork {
    /// Nothing.
    Idle,
    /// The server is asked.
    Looking,
    /// The database is copied.
    BackingUp,
    /// The package comes.
    Downloading {
        /// Of a hundred; `None`: the server does not tell how much there is.
        percent: Option<u8>,
    },
    /// The setup is at work; it ends the program and starts it again.
    Installing,
}

/// What the user chose and the program found, kept over restarts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UpgradeChoices {
    /// Whether the program may look by itself.
    pub consent: UpgradeConsent,
    /// When the server answered last, UTC milliseconds.
    pub looked_at_ms: Option<i64>,
    /// What it told then.
    pub newer: Option<NewerVersion>,
}

impl UpgradeChoices {
    /// Whether the user agreed, and the server answered a day ago or never. A time to come was noted while the clock was wrong.
    fn is_due(&self, now_ms: i64) -> bool {
        let old = |at_ms: i64| at_ms > now_ms || now_ms - at_ms >= DAY_MS;
        self.consent == UpgradeConsent::Agreed && self.looked_at_ms.is_none_or(old)
    }
}

/// Everything that the window shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct UpgradeState {
    /// The version that runs.
    pub running: String,
    /// How it came onto this computer.
    pub installation: InstallationKind,
    /// The name of the server that is asked.
    pub host: String,
    /// Whether it is asked without being told to.
    pub consent: UpgradeConsent,
    /// When it answered last, UTC milliseconds.
    pub looked_at_ms: Option<i64>,
    /// The newest version, if it is newer.
    pub newer: Option<NewerVersion>,
    /// What is being done.
    pub work: UpgradeWork,
    /// Why the last look or installation failed.
    pub problem: Option<Message>,
    /// A package that was brought for the user to install.
    pub package: Option<PathBuf>,
}

#[cfg(test)]
mod tests;
