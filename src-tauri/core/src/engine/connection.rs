//! How deliveries reach this desk: what the person who sets it up sees and pastes.

use axum::http::Uri;

use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Where the signing secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// There is none: the webhook's address is the only credential.
    None,
    /// It is in the system's keyring.
    Keyring,
    /// It is in a file in the data directory, because the system has no keyring.
    File,
    /// One was set, and can't be read: the listener stays down.
    Unreadable,
    /// One may be in the system's keyring, which does not open: the listener stays down.
    Unknown,
    /// It came from the environment and can't be changed in the window.
    Environment,
    /// The environment gives something that is no secret: the listener stays down.
    EnvironmentUnusable,
    /// There is none, and others have theirs: this provider's deliveries are refused.
    Shut,
}

/// Everything that the set-up needs. Never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Where the listener is, for instance `http://127.0.0.1:47615`; `None` while it is down.
    pub address: Option<String>,
    /// The port that is set.
    pub port: u16,
    /// Whether the port came from the command line or the environment.
    pub port_fixed: bool,
    /// The tunnel's public address.
    pub public_url: Option<String>,
    /// What is each provider's own; the first one leads.
    pub providers: Vec<ProviderConnection>,
    /// Where everything is kept.
    pub data_dir: String,
}

/// How the deliveries of one provider reach this desk. Never its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderConnection {
    /// Its name, as in paths.
    pub name: &'static str,
    /// Its name as a person reads it.
    pub display_name: &'static str,
    /// Its path below the listener's and the public address.
    pub webhook_path: String,
    /// What to paste into its portal.
    pub webhook_url: Option<String>,
    /// Where its signing secret comes from.
    pub secret: SecretState,
    /// Whether the secret before this one is still accepted.
    pub previous_secret: bool,
    /// The environment's variable that gives its secret.
    pub variable: String,
    /// The one that gives the secret before it.
    pub previous_variable: String,
}

/// Why a text is no public address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It can't be read as an address.
    NotAnAddress(String),
    /// It is not encrypted.
    NotHttps,
}

display_in_english!(UrlError);

impl ToMessage for UrlError {
    fn to_message(&self) -> Message {
        match self {
            UrlError::NotAnAddress(text) => {
                Message::of("error.url.notAnAddress").with("text", text.as_str())
            }
            UrlError::NotHttps => Message::of("error.url.notHttps"),
        }
    }
}

/// The scheme and host of what the user pasted; a path behind it is dropped.
pub(super) fn public_base(text: &str) -> Result<String, UrlError> {
    let text = text.trim();
    let wrong = || UrlError::NotAnAddress(text.chars().take(80).collect());
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let host = uri
        .authority()
        .filter(|host| host.as_str().contains('.') && !host.as_str().contains('@'));
    match (uri.scheme_str(), host) {
        (Some("https"), Some(host)) => Ok(format!("https://{host}")),
        (None, Some(host)) => Ok(format!("https://{host}")),
        (Some("http"), Some(_)) => Err(UrlError::NotHttps),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_a_tunnel_shows() {
        for text in [
            "https://a.trycloudflare.com",
            " https://a.trycloudflare.com/ ",
            "a.trycloudflare.com",
            "https://a.trycloudflare.com/hooks/x?y",
        ] {
            assert_eq!(
                public_base(text).as_deref(),
                Ok("https://a.trycloudflare.com"),
                "{text}"
            );
        }
    }

    #[test]
    fn says_what_is_wrong_with_anything_else() {
        assert_eq!(public_base("http://a.example.com"), Err(UrlError::NotHttps));
        for text in [
            "",
            "hello",
            "two words.com",
            "ftp://a.example.com",
            "https://",
            "https://user@a.example.com",
        ] {
            assert!(
                matches!(public_base(text), Err(UrlError::NotAnAddress(_))),
                "{text}"
            );
        }
    }
}
