//! The texts of each language, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::language::Language;

/// What follows a key where Windows has words of its own.
pub(super) const ON_WINDOWS: &str = ".windows";

/// The texts of one language.
pub struct Catalogue {
    language: Language,
    pub(super) texts: HashMap<String, String>,
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

    /// The text of a key as the catalogue has it, in English where it has none; this system's own where it has one.
    pub(crate) fn pattern(&self, key: &str) -> Option<&str> {
        self.pattern_on(cfg!(windows), key)
    }

    /// The same, on Windows or elsewhere. What is called otherwise on Windows has a text beside the usual one.
    pub(super) fn pattern_on(&self, windows: bool, key: &str) -> Option<&str> {
        let own = match windows {
            true => self.texts.get(&format!("{key}{ON_WINDOWS}")),
            false => None,
        };
        own.map(String::as_str).or_else(|| self.usual(key))
    }

    fn usual(&self, key: &str) -> Option<&str> {
        let english = || Catalogue::of(Language::En).texts.get(key);
        self.texts.get(key).or_else(english).map(String::as_str)
    }
}
