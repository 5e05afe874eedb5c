//! Messages in words, out of the same catalogues as the window's (`ui/src/locales`).
//!
//! In: a [`Message`], and who reads it. Out: text. Must not know who says what.

mod clock;
mod figures;
mod format;
mod language;
mod locale;
mod texts;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;

use crate::message::Message;
pub use clock::{Clock, Hours};
pub use figures::MB_PER_GB;
use format::Scribe;
pub use language::{LANGUAGES, Language};
pub use locale::Locale;
pub use texts::Catalogue;

impl Catalogue {
    /// A message in words. Of one whose key no catalogue has the last part of the key is shown. A moment in it is
    /// UTC's: see [`Locale::text`].
    #[must_use]
    pub fn text(&self, message: &Message) -> String {
        Scribe {
            catalogue: self,
            here: None,
        }
        .text(message)
    }

    /// The text of a key without places.
    #[must_use]
    pub fn plain(&self, key: &str) -> String {
        self.text(&Message::of(key))
    }
}

impl Locale {
    /// The texts of its language.
    #[must_use]
    pub fn catalogue(&self) -> &'static Catalogue {
        Catalogue::of(self.language)
    }

    /// A message in words, as it is read at `now` (UTC seconds).
    #[must_use]
    pub fn text(&self, message: &Message, now: i64) -> String {
        Scribe {
            catalogue: self.catalogue(),
            here: Some((self, now)),
        }
        .text(message)
    }
}

impl Message {
    /// The message in English.
    #[must_use]
    pub fn english(&self) -> String {
        Catalogue::of(Language::En).text(self)
    }
}

impl fmt::Display for Message {
    /// In English, for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

/// The desk's locale as it is now; every clone has the same.
#[derive(Debug, Clone)]
pub struct SharedLanguage(Arc<RwLock<Locale>>);

impl SharedLanguage {
    /// Begins with this one.
    #[must_use]
    pub fn of(locale: Locale) -> SharedLanguage {
        SharedLanguage(Arc::new(RwLock::new(locale)))
    }

    /// Changes language and clock from now on. Returns whether that is a change.
    pub fn set(&self, language: Language, clock: Clock) -> bool {
        let mut locale = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let new = Locale {
            language,
            clock,
            ..locale.clone()
        };
        let changed = *locale != new;
        *locale = new;
        changed
    }

    /// Changes the time zone from now on. Returns whether that is a change.
    pub fn set_zone(&self, zone: TimeZone) -> bool {
        let mut locale = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let changed = locale.zone != zone;
        locale.zone = zone;
        changed
    }

    /// The locale as it is now.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .language
    }

    /// Its texts.
    #[must_use]
    pub fn catalogue(&self) -> &'static Catalogue {
        Catalogue::of(self.language())
    }
}

impl From<TimeZone> for SharedLanguage {
    /// In English, from 0:00 to 23:59.
    fn from(zone: TimeZone) -> SharedLanguage {
        SharedLanguage::of(zone.into())
    }
}

#[cfg(test)]
mod tests;
