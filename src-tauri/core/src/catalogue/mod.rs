//! Messages in words, out of the same catalogues as the window's (`ui/src/locales`).
//!
//! In: a [`Message`], and who reads it. Out: text. Must not know who says what.

mod clock;
mod figures;
mod format;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::message::Message;
pub use clock::{Clock, Hours};
pub use figures::MB_PER_GB;
use format::Scribe;

/// A language that there is a catalogue of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// German.
    De,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
}

/// Every language, in the order of [`Language`].
pub const LANGUAGES: [Language; 6] = [
    Language::En,
    Language::Es,
    Language::Fr,
    Language::De,
    Language::It,
    Language::Pt,
];

impl Language {
    /// The language of a tag as systems write it: `de-AT`, `pt_BR.UTF-8`. `None`: there is no catalogue of it.
    #[must_use]
    pub fn of(tag: &str) -> Option<Language> {
        let code = tag.split(['-', '_', '.', '@']).next()?.to_lowercase();
        LANGUAGES
            .into_iter()
            .find(|language| language.code() == code)
    }

    /// Its code (ISO 639-1).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
            Language::Fr => "fr",
            Language::De => "de",
            Language::It => "it",
            Language::Pt => "pt",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Language::En => include_str!("../../../../ui/src/locales/en.json"),
            Language::Es => include_str!("../../../../ui/src/locales/es.json"),
            Language::Fr => include_str!("../../../../ui/src/locales/fr.json"),
            Language::De => include_str!("../../../../ui/src/locales/de.json"),
            Language::It => include_str!("../../../../ui/src/locales/it.json"),
            Language::Pt => include_str!("../../../../ui/src/locales/pt.json"),
        }
    }
}

/// The texts of one language.
pub struct Catalogue {
    language: Language,
    texts: HashMap<String, String>,
}

static CATALOGUES: LazyLock<[LazyLock<Catalogue>; 6]> = LazyLock::new(|| {
    [
        LazyLock::new(|| Catalogue::read(Language::En)),
        LazyLock::new(|| Catalogue::read(Language::Es)),
        LazyLock::new(|| Catalogue::read(Language::Fr)),
        LazyLock::new(|| Catalogue::read(Language::De)),
        LazyLock::new(|| Catalogue::read(Language::It)),
        LazyLock::new(|| Catalogue::read(Language::Pt)),
    ]
});

impl Catalogue {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Catalogue {
        let [en, es, fr, de, it, pt] = &*CATALOGUES;
        match language {
            Language::En => en,
            Language::Es => es,
            Language::Fr => fr,
            Language::De => de,
            Language::It => it,
            Language::Pt => pt,
        }
    }

    fn read(language: Language) -> Catalogue {
        // A catalogue is part of the program; that each can be read is a test.
        let texts = serde_json::from_str(language.source()).unwrap_or_default();
        Catalogue { language, texts }
    }

    /// The language of these texts.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message in words. One whose key no catalogue has is shown as the key: a test finds it. A moment in it is
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

    pub(crate) fn pattern(&self, key: &str) -> Option<&str> {
        let english = || Catalogue::of(Language::En).texts.get(key);
        self.texts.get(key).or_else(english).map(String::as_str)
    }
}

/// Where somebody reads: in which time zone, in which language, by which clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Locale {
    /// The time zone.
    pub zone: TimeZone,
    /// The language.
    pub language: Language,
    /// How the time of day is written.
    pub clock: Clock,
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

impl From<TimeZone> for Locale {
    /// In English, from 0:00 to 23:59.
    fn from(zone: TimeZone) -> Locale {
        Locale {
            zone,
            language: Language::default(),
            clock: Clock::default(),
        }
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
