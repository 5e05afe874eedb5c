//! Texts in the desk's language, out of the same catalogues as the window's (`ui/src/locales`).
//!
//! In: a key and what its places hold. Out: text. What arises in the program as an English sentence (an
//! error, the reason of a refusal) is found in the catalogue by that sentence: see [`Words::told`]. Must
//! not know who says what.

mod clock;
mod message;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use clock::{Clock, Hours};
pub use message::Value;
use message::{Pattern, format};

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
pub struct Words {
    language: Language,
    texts: HashMap<String, String>,
}

static WORDS: LazyLock<[LazyLock<Words>; 6]> = LazyLock::new(|| {
    [
        LazyLock::new(|| Words::read(Language::En)),
        LazyLock::new(|| Words::read(Language::Es)),
        LazyLock::new(|| Words::read(Language::Fr)),
        LazyLock::new(|| Words::read(Language::De)),
        LazyLock::new(|| Words::read(Language::It)),
        LazyLock::new(|| Words::read(Language::Pt)),
    ]
});

/// English sentences that arise in the program, and the keys of their translations.
static TOLD: LazyLock<Vec<(Pattern, String)>> = LazyLock::new(|| {
    let english = Words::of(Language::En);
    let mut told: Vec<(Pattern, String)> = english
        .texts
        .iter()
        .filter(|(key, _)| key.starts_with("told."))
        .map(|(key, text)| (Pattern::of(text), key.clone()))
        .collect();
    // The more words of its own, the less it fits by chance.
    told.sort_by(|(a, key_a), (b, key_b)| b.weight().cmp(&a.weight()).then(key_a.cmp(key_b)));
    told
});

impl Words {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Words {
        let [en, es, fr, de, it, pt] = &*WORDS;
        match language {
            Language::En => en,
            Language::Es => es,
            Language::Fr => fr,
            Language::De => de,
            Language::It => it,
            Language::Pt => pt,
        }
    }

    fn read(language: Language) -> Words {
        // A catalogue is part of the program; that each can be read is a test.
        let texts = serde_json::from_str(language.source()).unwrap_or_default();
        Words { language, texts }
    }

    /// Whose words these are.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key. One that no catalogue has is shown as the key: a test finds it.
    #[must_use]
    pub fn say(&self, key: &str, places: &[(&str, Value<'_>)]) -> String {
        let english = || Words::of(Language::En).texts.get(key);
        match self.texts.get(key).or_else(english) {
            Some(text) => format(text, places, self.language),
            None => key.to_owned(),
        }
    }

    /// An English sentence of the program in this language; one that the catalogue does not have stays.
    #[must_use]
    pub fn told(&self, english: &str) -> String {
        if self.language == Language::En {
            return english.to_owned();
        }
        TOLD.iter()
            .find_map(|(pattern, key)| {
                let places = pattern.places(english)?;
                // What stands in a place may be a sentence itself.
                let inner: Vec<(&str, String)> = places
                    .iter()
                    .map(|(name, text)| (*name, self.told(text)))
                    .collect();
                let places: Vec<(&str, Value<'_>)> = inner
                    .iter()
                    .map(|(name, text)| (*name, Value::Text(text)))
                    .collect();
                Some(self.say(key, &places))
            })
            .unwrap_or_else(|| english.to_owned())
    }
}

/// The language that is spoken now, and how it tells the time of day; every clone speaks the same.
#[derive(Debug, Clone, Default)]
pub struct Tongue(Arc<RwLock<(Language, Clock)>>);

impl Tongue {
    /// Speaks this language.
    #[must_use]
    pub fn of(language: Language, clock: Clock) -> Tongue {
        Tongue(Arc::new(RwLock::new((language, clock))))
    }

    /// Speaks this language from now on. Returns whether that is a change.
    pub fn speak(&self, language: Language, clock: Clock) -> bool {
        let mut spoken = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let new = (language, clock);
        let changed = *spoken != new;
        *spoken = new;
        changed
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// How it tells the time of day.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let spoken = self.0.read().unwrap_or_else(PoisonError::into_inner);
        spoken.1.clone()
    }

    /// Its texts.
    #[must_use]
    pub fn words(&self) -> &'static Words {
        Words::of(self.language())
    }
}

/// How the desk is spoken to: in which time zone, in which language.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The desk's time zone.
    pub zone: TimeZone,
    /// The desk's language.
    pub tongue: Tongue,
}

impl From<TimeZone> for Voice {
    /// In English, from 0:00 to 23:59.
    fn from(zone: TimeZone) -> Voice {
        Voice {
            zone,
            tongue: Tongue::default(),
        }
    }
}

#[cfg(test)]
mod tests;
