//! The statuses that an eSIM can have. A new one is one line here; whatever has to know it then no longer compiles.

use std::fmt;

macro_rules! statuses {
    ($($(#[doc = $doc:literal])+ $status:ident = $text:literal,)+) => {
        /// Status of an eSIM.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Status {
            $($(#[doc = $doc])+ $status,)+
            /// A status that this version does not know, kept as it came, in uppercase.
            Other(String),
        }

        impl Status {
            /// Every status this version knows, in the order of an eSIM's life.
            pub const KNOWN: [Status; [$($text),+].len()] = [$(Status::$status),+];

            /// The status as it is stored and shown. Never changes.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Status::$status => $text,)+
                    Status::Other(text) => text,
                }
            }
        }
    };
}

statuses! {
    /// Generated, not yet installed.
    New = "NEW",
    /// Ready to download.
    Ready = "READY",
    /// Profile downloaded.
    Downloaded = "DOWNLOADED",
    /// On a device.
    Installed = "INSTALLED",
    /// In use.
    Activated = "ACTIVATED",
    /// Not in use at the moment.
    Inactive = "INACTIVE",
    /// Ran out, no longer valid.
    Expired = "EXPIRED",
    /// Withdrawn, no longer valid.
    Revoked = "REVOKED",
    /// Removed from the device.
    Deleted = "DELETED",
    /// Not known or not given.
    Unknown = "UNKNOWN",
}

impl Status {
    /// Those that tell of the profile on the phone, whatever becomes of the plan.
    pub const OF_PROFILE: [Status; 5] = [
        Status::New,
        Status::Ready,
        Status::Downloaded,
        Status::Installed,
        Status::Deleted,
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
