//! Newer versions of the program: which there is, its package, and whether both come from the publisher.
//!
//! In: a manifest and packages over HTTP, as `tauri-plugin-updater` 2 has them: `latest.json` with version, notes, and a package
//! with its minisign signature for each platform; beside it `latest.json.sig`, the manifest's own. Out: a newer version, or none;
//! and a package in a file whose signature was verified. Must not know: when anybody looks, what the user agreed to, how a package
//! is installed.
//!
//! Nothing of the manifest is believed before its signature was verified, and nothing of a package. Each signature binds the
//! version and the file's name in its trusted comment: an older package, though well signed, is none of a newer version.
//!
//! The plugin itself is not used: it reads manifests of any length, without a time limit of its own; it holds the whole package in
//! memory, from where it is written unseen into a temporary folder; a manifest is not signed there; it starts a setup with arguments
//! of its own (`/UPDATE`, `/ARGS`) and ends the program by `exit` while the setup may still fail; and on Linux it replaces what a
//! package manager owns. What is left of it is HTTP, which is here anyway, and `minisign-verify`, by which it verifies as well.

mod download;
mod error;
mod installation;
mod manifest;
pub mod publisher;
mod signature;
mod source;

pub use download::{Downloaded, Downloader, Patience};
pub use error::{SetupFailure, UpgradeError};
pub use installation::Installation;
pub use manifest::{NewerVersion, Offer, is_newer};
pub use source::{UpgradeSource, UpgradeVariables};

#[cfg(test)]
mod tests;
