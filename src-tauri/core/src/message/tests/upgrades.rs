//! Why there is no newer version of the program, or none that can be installed.

use super::path;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};
use crate::upgrade::{SetupFailure, UpgradeError};

pub(super) fn all() -> Vec<Message> {
    let mut all = every!(UpgradeError:
        UpgradeError::Unreachable => [UpgradeError::Unreachable],
        UpgradeError::TooSlow => [UpgradeError::TooSlow],
        UpgradeError::Status(_) => [UpgradeError::Status(404)],
        UpgradeError::NotSecured => [UpgradeError::NotSecured],
        UpgradeError::Stranger => [UpgradeError::Stranger],
        UpgradeError::Unreadable => [UpgradeError::Unreadable],
        UpgradeError::TooLarge => [UpgradeError::TooLarge],
        UpgradeError::ManifestSignature => [UpgradeError::ManifestSignature],
        UpgradeError::NoPackage { .. } => [UpgradeError::NoPackage { version: "0.2.0".to_owned() }],
        UpgradeError::Withdrawn => [UpgradeError::Withdrawn],
        UpgradeError::CutOff => [UpgradeError::CutOff],
        UpgradeError::PackageSignature => [UpgradeError::PackageSignature],
        UpgradeError::OtherVersion { .. } => [UpgradeError::OtherVersion {
            signed: "x 0.0.9".to_owned(),
            announced: "0.2.0".to_owned(),
        }],
        UpgradeError::File { .. } => [UpgradeError::File { path: path(), reason: IoReason::Busy }],
        UpgradeError::Backup(_) => [UpgradeError::Backup(Message::of("error.backup.stopped"))],
        UpgradeError::Stopped => [UpgradeError::Stopped],
        UpgradeError::Busy => [UpgradeError::Busy],
        UpgradeError::Setup(_) => [UpgradeError::Setup(SetupFailure::Files)],
    );
    all.extend(every!(SetupFailure:
        SetupFailure::NotStarted(_) => [SetupFailure::NotStarted(IoReason::Busy)],
        SetupFailure::Files => [SetupFailure::Files],
        SetupFailure::Running => [SetupFailure::Running],
        SetupFailure::Newer => [SetupFailure::Newer],
        SetupFailure::AnotherSetup => [SetupFailure::AnotherSetup],
        SetupFailure::Code(_) => [SetupFailure::Code(9)],
    ));
    all
}
