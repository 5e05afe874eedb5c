//! The manifest: which version is the newest, what is new in it, and where its packages are.

use std::collections::BTreeMap;

use reqwest::Url;
use semver::Version;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::error::UpgradeError;
use super::installation::Installation;
use super::signature::{Signed, verify_bytes};
use super::source::UpgradeSource;

/// Most characters and lines of notes that anybody is shown.
const MAX_NOTES_CHARS: usize = 4000;
const MAX_NOTES_LINES: usize = 80;

/// Longest version that anybody is shown, characters.
const MAX_VERSION_CHARS: usize = 40;

/// A version that is newer than the running one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewerVersion {
    /// As `1.2.3`.
    pub version: String,
    /// What is new in it: plain text, of bounded length.
    pub notes: String,
    /// When it was published, as `2026-01-31`.
    pub day: Option<String>,
}

/// A newer version with its package for this kind of installation.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The version.
    pub newer: NewerVersion,
    /// `None`: there is none for this kind.
    package: Option<Package>,
}

impl Offer {
    /// Tells early that there is nothing to bring.
    ///
    /// # Errors
    /// [`UpgradeError::NoPackage`].
    pub fn check_package(&self) -> Result<(), UpgradeError> {
        self.package().map(drop)
    }

    pub(super) fn package(&self) -> Result<&Package, UpgradeError> {
        self.package
            .as_ref()
            .ok_or_else(|| UpgradeError::NoPackage {
                version: self.newer.version.clone(),
            })
    }
}

/// Where a package is, and its signature.
#[derive(Debug, Clone)]
pub(super) struct Package {
    pub url: Url,
    pub signature: String,
}

/// As the Tauri updater has it.
#[derive(Debug, Deserialize)]
struct WireManifest {
    version: String,
    #[serde(default)]
    notes: Option<String>,
    #[serde(default)]
    pub_date: Option<String>,
    platforms: BTreeMap<String, WirePackage>,
}

#[derive(Debug, Deserialize)]
struct WirePackage {
    url: String,
    signature: String,
}

/// Whether a version is newer than another one. What is none is not.
#[must_use]
pub fn is_newer(version: &str, running: &str) -> bool {
    match (Version::parse(version), Version::parse(running)) {
        (Ok(version), Ok(running)) => version > running,
        _ => false,
    }
}

/// Reads a manifest. `None`: what it tells of is not newer than the running version, so that one is the newest.
pub(super) fn read(
    source: &UpgradeSource,
    bytes: &[u8],
    signature: &str,
    running: &str,
    installation: Installation,
) -> Result<Option<Offer>, UpgradeError> {
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"<") {
        return Err(UpgradeError::Stranger);
    }
    // Only to tell rubbish from what somebody else has signed; nothing of it is used.
    if !text.starts_with(b"{") || serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
        return Err(UpgradeError::Unreadable);
    }
    let signed = verify_bytes(&source.key, signature, bytes);
    let signed = signed.ok_or(UpgradeError::ManifestSignature)?;
    let manifest: WireManifest =
        serde_json::from_slice(bytes).map_err(|_| UpgradeError::Unreadable)?;
    if manifest.version.len() > MAX_VERSION_CHARS {
        return Err(UpgradeError::Unreadable);
    }
    if !is_of(&signed, &source.manifest, &manifest.version) {
        return Err(UpgradeError::ManifestSignature);
    }
    let version = Version::parse(&manifest.version).map_err(|_| UpgradeError::Unreadable)?;
    if !is_newer(&manifest.version, running) {
        return Ok(None);
    }
    let keys = installation.platforms();
    let package = keys.iter().find_map(|key| manifest.platforms.get(key));
    let package = package.map(|package| {
        let url = Url::parse(&package.url).map_err(|_| UpgradeError::Unreadable)?;
        let signature = package.signature.clone();
        Ok(Package { url, signature })
    });
    Ok(Some(Offer {
        newer: NewerVersion {
            version: version.to_string(),
            notes: plain(manifest.notes.as_deref().unwrap_or_default()),
            day: manifest.pub_date.as_deref().and_then(day),
        },
        package: package.transpose()?,
    }))
}

/// Whether a signature is of this file and this version.
pub(super) fn is_of(signed: &Signed, url: &Url, version: &str) -> bool {
    signed.version == version && file_name(url) == Some(signed.file.as_str())
}

/// The last part of an address's path, if it can be a file's name everywhere.
pub(super) fn file_name(url: &Url) -> Option<&str> {
    let name = url.path_segments()?.next_back()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+~".contains(c);
    (!name.is_empty() && name.len() <= 120 && !name.starts_with('.') && name.chars().all(plain))
        .then_some(name)
}

/// Text without signs that nobody sees or that turn others around, no longer than anybody reads.
fn plain(notes: &str) -> String {
    let lines = notes.lines().take(MAX_NOTES_LINES);
    let clean = lines.map(|line| line.chars().filter(|c| is_plain(*c)).collect::<String>());
    let text = clean.collect::<Vec<_>>().join("\n");
    let text = text.trim();
    match text.char_indices().nth(MAX_NOTES_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// No control sign, and none that sets the direction of what follows (Unicode Standard Annex 9).
fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The day of a time as RFC 3339 has it.
fn day(time: &str) -> Option<String> {
    let day = time.get(..10)?;
    day.parse::<jiff::civil::Date>().ok()?;
    Some(day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_newer_is_newer() {
        for (version, running, newer) in [
            ("0.2.0", "0.1.0", true),
            ("0.10.0", "0.9.9", true),
            ("0.1.0", "0.1.0", false),
            ("0.1.0-rc.1", "0.1.0", false),
            ("0.1.0+1", "0.1", false),
            ("0.0.9", "0.1.0", false),
            ("newest", "0.1.0", false),
        ] {
            assert_eq!(is_newer(version, running), newer, "{version} {running}");
        }
    }

    #[test]
    fn notes_are_plain_text_of_bounded_length() {
        assert_eq!(plain(" a\u{202e}b\u{7}c\r\n<b>d</b> "), "abc\n<b>d</b>");
        assert_eq!(
            plain(&"x".repeat(9000)).chars().count(),
            MAX_NOTES_CHARS + 1
        );
        assert_eq!(plain(&"x\n".repeat(9000)).lines().count(), MAX_NOTES_LINES);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_files_name() {
        let name = |url: &str| file_name(&Url::parse(url).unwrap()).map(str::to_owned);
        let plain = name("https://a.test/b/esim-watch_0.2.0_amd64.deb?x=1");
        assert_eq!(plain.as_deref(), Some("esim-watch_0.2.0_amd64.deb"));
        for url in [
            "https://a.test/",
            "https://a.test/..%2fx",
            "https://a.test/.bashrc",
            "https://a.test/a%20b",
        ] {
            assert_eq!(name(url), None, "{url}");
        }
    }

    #[test]
    fn the_day_of_publishing_is_a_day() {
        assert_eq!(day("2026-11-29T10:00:00Z").as_deref(), Some("2026-11-29"));
        assert_eq!(day("2026-13-29T10:00:00Z"), None);
        assert_eq!(day("soon"), None);
    }
}
