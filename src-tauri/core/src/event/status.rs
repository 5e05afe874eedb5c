//! The statuses that an eSIM can have.

use std::fmt;

/// Status of an eSIM.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Generated, not yet installed.
    New,
    /// Ready to download.
    Ready,
    /// Profile downloaded.
    Downloaded,
    /// On a device.
    Installed,
    /// In use.
    Activated,
    /// Not in use at the moment.
    Inactive,
    /// Ran out, no longer valid.
    Expired,
    /// Withdrawn, no longer valid.
    Revoked,
    /// Removed from the device.
    Deleted,
    /// Not known or not given.
    Unknown,
    /// A status that this version does not know, kept as it came, in uppercase.
    Other(String),
}

impl Status {
    /// Every status this version knows, in the order of an eSIM's life.
    pub const KNOWN: [Status; 10] = [
        Status::New,
        Status::Ready,
        Status::Downloaded,
        Status::Installed,
        Status::Activated,
        Status::Inactive,
        Status::Expired,
        Status::Revoked,
        Status::Deleted,
        Status::Unknown,
    ];

    /// Reads a status, in any case.
    #[must_use]
    pub fn from_text(text: &str) -> Status {
        let known = |text: &str| {
            let is_it = |known: &Status| known.as_str().eq_ignore_ascii_case(text);
            Status::KNOWN.into_iter().find(is_it)
        };
        let text = text.trim();
        known(text).unwrap_or_else(|| {
            let upper = text.to_uppercase();
            known(&upper).unwrap_or(Status::Other(upper))
        })
    }

    /// The status as it is stored and shown. Never changes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Status::New => "NEW",
            Status::Ready => "READY",
            Status::Downloaded => "DOWNLOADED",
            Status::Installed => "INSTALLED",
            Status::Activated => "ACTIVATED",
            Status::Inactive => "INACTIVE",
            Status::Expired => "EXPIRED",
            Status::Revoked => "REVOKED",
            Status::Deleted => "DELETED",
            Status::Unknown => "UNKNOWN",
            Status::Other(text) => text,
        }
    }

    /// Whether this version knows the status.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Status::Other(_))
    }

    /// Its place in an eSIM's life, by which statuses of one second go: UNKNOWN first, ends last. A status that this
    /// version does not know stands before the ends.
    #[must_use]
    pub fn place_in_life(&self) -> u8 {
        match self {
            Status::Unknown => 0,
            Status::New => 1,
            Status::Ready => 2,
            Status::Downloaded => 3,
            Status::Installed => 4,
            Status::Activated => 5,
            Status::Inactive => 6,
            Status::Other(_) => 7,
            Status::Expired => 8,
            Status::Revoked => 9,
            Status::Deleted => 10,
        }
    }

    /// Whether the eSIM's life ends with it.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Status::Expired | Status::Revoked | Status::Deleted)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
