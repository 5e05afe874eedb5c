//! Who sends: one folder and one line of [`ALL`] for each provider.
//!
//! In: raw bytes with the headers that they came with. Out: an [`Authentic`] body, and the [`Event`] that it tells. All
//! that is one provider's and nobody else's stands in its folder: how it signs, what it writes, what it wants for an
//! answer, what its support calls things.
//!
//! Where a provider can be asked for what it sent ([`HasApi`]), its answers come out as such bodies too.
//!
//! Must not know: the listener, the store, what else has happened, who looks.

mod api;
mod authentic;
mod known;
mod line;
mod pace;
#[cfg(test)]
pub(crate) mod pigeon;
mod roamify;
mod unreadable;

use std::fmt;

use crate::event::{Event, ProviderId, Status};
use crate::secret::Secret;

pub use api::{
    Api, ApiAccess, ApiError, Asking, DEFAULT_RATE, Ending, HasApi, ListedEsim, Listing, Told,
};
pub use authentic::{Authentic, NotAuthentic};
pub use known::{EsimSoFar, EsimsSoFar, ListSizes};
pub use line::{ApiLine, ApiReply, Asked, Distrust, NoReply};
pub use pace::RequestPace;
pub use unreadable::{JsonType, Unreadable};

/// Every provider there is. One more is one more line.
static ALL: &[&dyn Provider] = &[
    &roamify::Roamify,
    #[cfg(test)]
    &pigeon::Pigeon,
];

/// The provider of a webhook's path that names none, and of everything that was stored before there were several.
pub const DEFAULT: &dyn Provider = &roamify::Roamify;

/// The value of a request's header, by its name in lowercase.
pub type Header<'a> = dyn Fn(&str) -> Option<&'a [u8]> + 'a;

/// What proves where a body comes from, as a header of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its name, lowercase.
    pub header: &'static str,
    /// Its value.
    pub value: String,
}

/// What a provider's support calls things, in the language that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportWords {
    /// The SIM profile's number.
    pub iccid: &'static str,
    /// Its own id of an eSIM.
    pub esim_id: &'static str,
    /// The partner's order reference.
    pub reference_id: &'static str,
    /// What was bought.
    pub package: &'static str,
}

/// One sender of webhooks.
pub trait Provider: Send + Sync {
    /// Its number in the tables. Never changes, and is never given to another one.
    fn id(&self) -> ProviderId;

    /// Its name in a webhook's path: lowercase letters. Never changes.
    fn name(&self) -> &'static str;

    /// Its name as a person reads it.
    fn display_name(&self) -> &'static str;

    /// The header that a person looks for when signatures are missing or wrong, as its documentation writes it.
    fn signature_header(&self) -> &'static str;

    /// Whether a request brings a signature at all. Asked before its body is read.
    fn brings_signature(&self, header: &Header<'_>) -> bool;

    /// Whether the signature that a request brings is one of this body under this secret. Compares in a time that
    /// tells nothing.
    fn signature_fits(&self, header: &Header<'_>, body: &[u8], secret: &Secret) -> bool;

    /// The signature that it would send for this body.
    fn sign(&self, body: &[u8], secret: &str) -> Signature;

    /// Whether a header of its requests helps to find out how one came. Never one that is a credential.
    fn keeps_header(&self, name: &str) -> bool;

    /// Reads one body. What is missing or unknown in it is told by [`Event::problem`].
    ///
    /// # Errors
    /// [`Unreadable`] if it is no event at all.
    fn read(&self, body: &[u8]) -> Result<Event, Unreadable>;

    /// Whether it sends a webhook when an eSIM gets this status; else only who asks is told.
    fn sends(&self, _status: &Status) -> bool {
        true
    }

    /// The body of the answer, in JSON, that it takes for a success.
    fn acknowledgement(&self) -> &'static str;

    /// The body of an event that means nothing, for seeing that everything is connected. `id`: another one each time;
    /// `at`: UTC seconds.
    fn test_event(&self, id: &str, at: i64) -> Vec<u8>;

    /// What its support calls things.
    fn support_words(&self) -> SupportWords;

    /// How it is asked for what was sent while nobody listened; `None`: it can't be asked.
    fn api(&self) -> Option<&'static dyn HasApi> {
        None
    }
}

impl fmt::Debug for dyn Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// All providers, the default one first.
pub fn all() -> impl Iterator<Item = &'static dyn Provider> {
    ALL.iter().copied()
}

/// The numbers of all providers.
pub fn ids() -> impl Iterator<Item = ProviderId> {
    all().map(Provider::id)
}

/// What stands in the names of what is one provider's: its path, its secret's file, keyring entry, variables and
/// setting. Nothing for the default one: its are from when there were no others, and must be found.
#[must_use]
pub fn own_name(provider: &dyn Provider) -> Option<&'static str> {
    (provider.id() != DEFAULT.id()).then(|| provider.name())
}

/// The provider whose name stands in a path; `None`: there is none.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.name() == name)
}

/// The provider of a stored row. One that this version does not know can't be asked for anything: the default one
/// stands in.
#[must_use]
pub fn by_id(id: ProviderId) -> &'static dyn Provider {
    ALL.iter()
        .copied()
        .find(|provider| provider.id() == id)
        .unwrap_or(DEFAULT)
}

/// Reads one body of the default provider.
///
/// # Errors
/// [`Unreadable`] if it is no event at all.
pub fn parse(body: &[u8]) -> Result<Event, Unreadable> {
    DEFAULT.read(body)
}

/// The signature that the default provider would send for this body.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    DEFAULT.sign(body, secret).value
}

#[cfg(test)]
mod tests;
