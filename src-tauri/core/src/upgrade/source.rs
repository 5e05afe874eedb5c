//! Where newer versions are looked for, and by which key they are verified.

use std::sync::Arc;

use minisign_verify::PublicKey;
use reqwest::Url;

use super::publisher::{MANIFEST_URL, PUBLIC_KEY};
use crate::http::is_own;

/// The variable with another manifest's address, which has to be on this computer: for trials.
const URL_VARIABLE: &str = "ESIM_WATCH_UPDATE_URL";

/// The variable with the public key for it.
const KEY_VARIABLE: &str = "ESIM_WATCH_UPDATE_KEY";

/// What the environment says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpgradeVariables {
    /// The manifest's address.
    pub url: Option<String>,
    /// The public key.
    pub key: Option<String>,
}

impl UpgradeVariables {
    /// What this program's environment says.
    #[must_use]
    pub fn from_environment() -> UpgradeVariables {
        let value = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
        UpgradeVariables {
            url: value(URL_VARIABLE),
            key: value(KEY_VARIABLE),
        }
    }
}

/// A manifest's address with the key of who signs it.
#[derive(Debug, Clone)]
pub struct UpgradeSource {
    pub(super) manifest: Url,
    pub(super) key: Arc<PublicKey>,
}

impl UpgradeSource {
    /// The publisher's, or the one on this computer that the environment names. `None`: nobody publishes newer versions.
    #[must_use]
    pub fn of(variables: &UpgradeVariables) -> Option<UpgradeSource> {
        if let Some(url) = variables.url.as_deref() {
            let given = UpgradeSource::read(url, variables.key.as_deref().unwrap_or_default());
            match given.filter(|given| is_own(&given.manifest)) {
                Some(given) => return Some(given),
                // A key from the environment together with an address anywhere would make everybody a publisher.
                None => {
                    tracing::warn!(
                        "{URL_VARIABLE} and {KEY_VARIABLE} name no manifest on this computer with its key"
                    );
                }
            }
        }
        UpgradeSource::read(MANIFEST_URL, PUBLIC_KEY).filter(|source| !is_placeholder(source))
    }

    fn read(url: &str, key: &str) -> Option<UpgradeSource> {
        let manifest = Url::parse(url.trim()).ok()?;
        let key = PublicKey::from_base64(key.trim()).ok()?;
        let source = UpgradeSource {
            manifest,
            key: Arc::new(key),
        };
        source.allows(&source.manifest).then_some(source)
    }

    /// The name of who is asked, as it is told before anybody agrees to it.
    #[must_use]
    pub fn host(&self) -> String {
        self.manifest.host_str().unwrap_or_default().to_owned()
    }

    /// Whether something may be asked of this address: of a secured one; on this computer also of others, if the manifest is
    /// there too.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => url.has_host(),
            "http" => is_own(url) && is_own(&self.manifest),
            _ => false,
        }
    }
}

/// Whether nobody has written themselves into [`super::publisher`].
fn is_placeholder(source: &UpgradeSource) -> bool {
    source.host().ends_with(".example")
}
