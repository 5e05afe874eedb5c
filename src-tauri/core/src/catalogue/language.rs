//! The languages that there are catalogues of.

/// A language that there is a catalogue of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

    /// The file of its texts, which the window reads as well.
    pub(super) fn source(self) -> &'static str {
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
