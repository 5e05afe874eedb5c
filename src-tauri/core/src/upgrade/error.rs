//! Why there is no newer version, or none that can be installed. Each text is for the user; after each of them everything is as
//! before.

use std::path::PathBuf;

use crate::display_in_english;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpgradeError {
    /// No network leads to the server, or nobody answers there.
    Unreachable,
    /// The server says nothing, or nothing more.
    TooSlow,
    /// The server answers with this HTTP status.
    Status(u16),
    /// The server leads to an address that is not secured.
    NotSecured,
    /// A web page answers, or the server leads in circles.
    Stranger,
    /// The manifest makes no sense.
    Unreadable,
    /// The server sends more than what is asked for can have.
    TooLarge,
    /// The manifest is not the publisher's.
    ManifestSignature,
    /// There is no package for this kind of installation.
    NoPackage {
        /// The newer version.
        version: String,
    },
    /// The newer version is no more.
    Withdrawn,
    /// The download ended before it was complete.
    CutOff,
    /// The package is not the publisher's.
    PackageSignature,
    /// The package is the publisher's, and of another version or kind.
    OtherVersion {
        /// What it is signed as.
        signed: String,
        /// The version that was to come.
        announced: String,
    },
    /// The package can't be written.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        reason: IoReason,
    },
    /// The database could not be copied before.
    Backup(Message),
    /// Somebody stopped it.
    Stopped,
    /// It is on its way already.
    Busy,
    /// The setup could not install it.
    Setup(SetupFailure),
}

/// Why the setup for Windows did not install (its exit codes stand in `setup.nsi`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupFailure {
    /// It can't be started.
    NotStarted(IoReason),
    /// Files could not be written or replaced.
    Files,
    /// The running program did not end.
    Running,
    /// A newer version is installed.
    Newer,
    /// Another setup is at work.
    AnotherSetup,
    /// Anything else.
    Code(i32),
}

impl SetupFailure {
    /// What an exit code says. `None`: it installed.
    #[must_use]
    pub fn of(code: i32) -> Option<SetupFailure> {
        match code {
            0 => None,
            2 => Some(SetupFailure::Files),
            3 => Some(SetupFailure::Running),
            4 => Some(SetupFailure::Newer),
            5 => Some(SetupFailure::AnotherSetup),
            other => Some(SetupFailure::Code(other)),
        }
    }
}

impl ToMessage for UpgradeError {
    fn to_message(&self) -> Message {
        Message::of(match self {
            UpgradeError::Unreachable => "error.upgrade.unreachable",
            UpgradeError::TooSlow => "error.upgrade.tooSlow",
            UpgradeError::Status(status) => {
                return Message::of("error.upgrade.status").with("status", status.to_string());
            }
            UpgradeError::NotSecured => "error.upgrade.notSecured",
            UpgradeError::Stranger => "error.upgrade.stranger",
            UpgradeError::Unreadable => "error.upgrade.unreadable",
            UpgradeError::TooLarge => "error.upgrade.tooLarge",
            UpgradeError::ManifestSignature => "error.upgrade.manifestSignature",
            UpgradeError::NoPackage { version } => {
                return Message::of("error.upgrade.noPackage").with("version", version.clone());
            }
            UpgradeError::Withdrawn => "error.upgrade.withdrawn",
            UpgradeError::CutOff => "error.upgrade.cutOff",
            UpgradeError::PackageSignature => "error.upgrade.packageSignature",
            UpgradeError::OtherVersion { signed, announced } => {
                return Message::of("error.upgrade.otherVersion")
                    .with("signed", Message::quoted(signed))
                    .with("announced", announced.clone());
            }
            UpgradeError::File { path, reason } => {
                return Message::of("error.upgrade.file")
                    .with("path", path.as_path())
                    .with("reason", reason.to_message());
            }
            UpgradeError::Backup(reason) => {
                return Message::of("error.upgrade.backup").with("reason", reason.clone());
            }
            UpgradeError::Stopped => "error.upgrade.stopped",
            UpgradeError::Busy => "error.upgrade.busy",
            UpgradeError::Setup(failure) => return failure.to_message(),
        })
    }
}

impl ToMessage for SetupFailure {
    fn to_message(&self) -> Message {
        Message::of(match self {
            SetupFailure::NotStarted(reason) => {
                return Message::of("error.upgrade.setup.notStarted")
                    .with("reason", reason.to_message());
            }
            SetupFailure::Files => "error.upgrade.setup.files",
            SetupFailure::Running => "error.upgrade.setup.running",
            SetupFailure::Newer => "error.upgrade.setup.newer",
            SetupFailure::AnotherSetup => "error.upgrade.setup.another",
            SetupFailure::Code(code) => {
                return Message::of("error.upgrade.setup.code").with("code", code.to_string());
            }
        })
    }
}

display_in_english!(UpgradeError, SetupFailure);
