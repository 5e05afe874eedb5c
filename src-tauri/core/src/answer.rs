//! What a sender is told, decided once: what is answered and what is kept beside the delivery are the same.

use std::time::Duration;

use crate::display_in_english;
use crate::event::Event;
use crate::message::{Message, ToMessage};
use crate::provider::{NotAuthentic, Provider, Unreadable};

/// Why a delivery to the right path is turned away. The texts help the person who debugs; only
/// who knows the path sees them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The path has the token, but is not the webhook's.
    Path,
    /// Another method than POST.
    Method,
    /// A larger body than this, in kB.
    TooLarge(usize),
    /// The body did not come in time.
    TooSlow,
    /// The connection ended within the body.
    BrokenOff,
    /// It is long, and others hold as much memory as there is for bodies.
    Busy,
    /// Signatures are checked, and there is none.
    NoSignature {
        /// What carries it.
        header: &'static str,
        /// Who would send it.
        provider: &'static str,
    },
    /// The signature is of another body or under another secret.
    WrongSignature {
        /// What carries it.
        header: &'static str,
        /// Who would send it.
        provider: &'static str,
    },
    /// It is no event. Its bytes are kept.
    Unreadable(Unreadable),
    /// The store could not take it.
    NotStored,
}

display_in_english!(Refused);

impl ToMessage for Refused {
    fn to_message(&self) -> Message {
        let of_signature = |key: &str, header: &str, provider: &str| {
            Message::of(key)
                .with("header", header)
                .with("provider", provider)
        };
        match self {
            Refused::Path => Message::of("refusal.path"),
            Refused::Method => Message::of("refusal.method"),
            Refused::TooLarge(kilobytes) => {
                Message::of("refusal.tooLarge").with("size", kilobytes.to_string())
            }
            Refused::TooSlow => Message::of("refusal.tooSlow"),
            Refused::BrokenOff => Message::of("refusal.brokenOff"),
            Refused::Busy => Message::of("refusal.busy"),
            Refused::NoSignature { header, provider } => {
                of_signature("refusal.noSignature", header, provider)
            }
            Refused::WrongSignature { header, provider } => {
                of_signature("refusal.wrongSignature", header, provider)
            }
            Refused::Unreadable(why) => why.to_message(),
            Refused::NotStored => Message::of("refusal.notStored"),
        }
    }
}

impl Refused {
    /// A body that is not believed to be this provider's.
    #[must_use]
    pub fn not_authentic(why: NotAuthentic, provider: &dyn Provider) -> Refused {
        let (header, provider) = (provider.signature_header(), provider.display_name());
        match why {
            NotAuthentic::NoSignature => Refused::NoSignature { header, provider },
            NotAuthentic::WrongSignature => Refused::WrongSignature { header, provider },
        }
    }

    /// The code. Never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refused::Path => "path",
            Refused::Method => "method",
            Refused::TooLarge(_) => "tooLarge",
            Refused::TooSlow => "tooSlow",
            Refused::BrokenOff => "brokenOff",
            Refused::Busy => "busy",
            Refused::NoSignature { .. } => "noSignature",
            Refused::WrongSignature { .. } => "wrongSignature",
            Refused::Unreadable(why) => why.code(),
            Refused::NotStored => "notStored",
        }
    }

    /// The answer's status (RFC 9110).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Refused::Path => 404,
            Refused::Method => 405,
            Refused::TooLarge(_) => 413,
            Refused::TooSlow => 408,
            Refused::Unreadable(Unreadable::ContentType(_) | Unreadable::ContentEncoding(_)) => 415,
            Refused::BrokenOff | Refused::Unreadable(_) => 400,
            Refused::NoSignature { .. } | Refused::WrongSignature { .. } => 401,
            Refused::Busy | Refused::NotStored => 503,
        }
    }
}

/// The status of the answer to a delivery that is acknowledged (RFC 9110).
pub const ACKNOWLEDGED: u16 = 200;

/// What the sender of a stored delivery was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The delivery's row.
    pub delivery: i64,
    /// The answer's status (RFC 9110).
    pub status: u16,
    /// How long the sender waited for it.
    pub took: Duration,
}

/// What an authentic delivery is answered once it is on the disk, in the form that is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer's status (RFC 9110).
    pub status: u16,
    /// Why it was turned away, as it is stored; `None`: it was not.
    pub reason: Option<String>,
    /// What its sender is told; `None`: it is acknowledged.
    pub refused: Option<Refused>,
}

/// What is answered to an authentic delivery once it is on the disk.
#[must_use]
pub fn to(read: &Result<Event, Unreadable>) -> Answer {
    match read {
        Ok(_) => Answer {
            status: ACKNOWLEDGED,
            reason: None,
            refused: None,
        },
        Err(why) => Answer::turned_away(why.clone()),
    }
}

impl Answer {
    /// What is answered to bytes that are no event.
    #[must_use]
    pub fn turned_away(why: Unreadable) -> Answer {
        let reason = Some(why.as_text());
        let refused = Refused::Unreadable(why);
        Answer {
            status: refused.status(),
            reason,
            refused: Some(refused),
        }
    }
}
