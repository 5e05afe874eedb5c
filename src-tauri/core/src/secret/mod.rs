//! The webhooks' signing secrets: of each provider the current one and, during a rotation, the one before.
//!
//! They are kept in the system's keyring. Where there is none (a server, a bare desktop) they are in
//! files in the data directory that only its owner can read, and the window says so. They are
//! never in the database, a log, an export or the window's state.
//!
//! Must not know: which providers there are. What is kept for one carries its own name; what is kept for the first
//! carries none, because it is older than the others.

mod environment;
mod pasted;
mod vault;

use std::fmt;
use std::path::PathBuf;

use crate::display_in_english;
use crate::io_reason::IoReason;
use crate::message::{Message, ToMessage};

pub use environment::{EnvironmentError, variables};
pub use vault::Vault;

/// Marks without a width that come along when text is copied from a page: nobody sees them, and no provider signs with
/// them.
const UNSEEN: [char; 7] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}',
];

/// What ends a line.
const LINE_ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A signing secret. Never shown: not by `Debug`, not in logs, exports or the window.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Why a text is no signing secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum UnusableSecret {
    /// It has nothing that can be seen.
    Blank,
    /// It has several lines.
    SeveralLines,
    /// It is not in UTF-8, or has signs in it that nobody types.
    NotText,
    /// It has blanks or signs in it that no token has.
    NotToken,
    /// It is what a page shows in the place of one: dots, asterisks, a part of it.
    Hidden,
    /// It is an address of the web.
    Address,
}

display_in_english!(UnusableSecret);

impl ToMessage for UnusableSecret {
    fn to_message(&self) -> Message {
        Message::of(match self {
            UnusableSecret::Blank => "secret.unusable.blank",
            UnusableSecret::SeveralLines => "secret.unusable.severalLines",
            UnusableSecret::NotText => "secret.unusable.notText",
            UnusableSecret::NotToken => "secret.unusable.notToken",
            UnusableSecret::Hidden => "secret.unusable.hidden",
            UnusableSecret::Address => "secret.unusable.address",
        })
    }
}

impl Secret {
    /// A secret as it is kept, without what is blank or can't be seen around it.
    ///
    /// # Errors
    /// [`UnusableSecret`]; never taken for "no secret", which would switch the check off.
    pub fn new(text: &str) -> Result<Secret, UnusableSecret> {
        let text = text.trim_matches(is_unseen);
        if text.is_empty() {
            Err(UnusableSecret::Blank)
        } else if text.contains(LINE_ENDS) {
            Err(UnusableSecret::SeveralLines)
        } else if text.contains(char::is_control) {
            // What a power cut leaves of a file is zeros, and a key of zeros signs as an empty one does (RFC 2104).
            Err(UnusableSecret::NotText)
        } else {
            Ok(Secret(text.to_owned()))
        }
    }

    /// The secret itself, for computing a signature.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whether a sign is blank or can't be seen.
fn is_unseen(sign: char) -> bool {
    sign.is_whitespace() || UNSEEN.contains(&sign)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secrets of one provider that count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// What the provider signs with now; `None`: none was set.
    pub current: Option<Secret>,
    /// What it signed with before, while both are accepted.
    pub previous: Option<Secret>,
}

impl Secrets {
    /// All of them, the current one first.
    #[must_use]
    pub fn all(&self) -> Vec<Secret> {
        self.current.iter().chain(&self.previous).cloned().collect()
    }
}

/// Where the secrets of one provider are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The system's keyring.
    Keyring,
    /// A file that only its owner can read.
    File,
    /// Nowhere: somebody removed them.
    Nowhere,
    /// The program's environment gave them, and nothing is kept.
    Environment,
}

impl Place {
    /// As it is remembered.
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Place::Keyring => "keyring",
            Place::File => "file",
            Place::Nowhere => "nowhere",
            Place::Environment => "environment",
        }
    }

    /// What [`Place::as_text`] has written.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Place> {
        [
            Place::Keyring,
            Place::File,
            Place::Nowhere,
            Place::Environment,
        ]
        .into_iter()
        .find(|place| place.as_text() == text)
    }
}

/// Why secrets can't be read or written. Each text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file can't be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        reason: IoReason,
    },
    /// They were kept, and are not there any more.
    Gone,
    /// The keyring, where they are, can't be opened now.
    Keyring(KeyringReason),
    /// Nobody knows of any, and the keyring, where some may be, can't be opened now.
    Unknown(KeyringReason),
}

/// Why the keyring can't be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringReason {
    /// This session has none.
    None,
    /// Nothing in this session keeps one, in the system's words.
    NoService(String),
    /// It did not answer in time.
    TooSlow,
    /// Anything else, in the system's words.
    Other(String),
}

display_in_english!(VaultError);

impl ToMessage for VaultError {
    fn to_message(&self) -> Message {
        match self {
            VaultError::File { path, reason } => Message::of("error.secret.file")
                .with("path", path.as_path())
                .with("reason", reason.to_message()),
            VaultError::Gone => Message::of("error.secret.gone"),
            VaultError::Keyring(reason) => {
                Message::of("error.secret.keyring").with("reason", reason.to_message())
            }
            VaultError::Unknown(reason) => {
                Message::of("error.secret.unknown").with("reason", reason.to_message())
            }
        }
    }
}

impl ToMessage for KeyringReason {
    fn to_message(&self) -> Message {
        match self {
            KeyringReason::None => Message::of("keyring.reason.none"),
            KeyringReason::TooSlow => Message::of("keyring.reason.tooSlow"),
            KeyringReason::NoService(text) | KeyringReason::Other(text) => Message::quoted(text),
        }
    }
}

#[cfg(test)]
mod tests;
