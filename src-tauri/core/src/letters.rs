//! The order of letters in every list: that of the desk's language (CLDR), with numbers in their order. Pure.

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;

use crate::catalogue::Language;
use crate::search;

/// The order of letters of a language.
#[derive(Debug)]
pub struct Letters {
    language: Language,
    /// `None`: there is no data, which is compiled in, so that this does not happen.
    collator: Option<CollatorBorrowed<'static>>,
}

impl Letters {
    /// The order of a language.
    #[must_use]
    pub fn of(language: Language) -> Letters {
        let locale: Locale = language.code().parse().unwrap_or(Locale::UNKNOWN);
        let mut customs = CollatorPreferences::from(&locale);
        customs.numeric_ordering = Some(CollationNumericOrdering::True);
        Letters {
            language,
            collator: CollatorBorrowed::try_new(customs, CollatorOptions::default()).ok(),
        }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// What a text is sorted by: compared byte by byte, such keys are in the order of their texts.
    #[must_use]
    pub fn key(&self, text: &str) -> Box<[u8]> {
        let Some(collator) = &self.collator else {
            return search::fold(text).into_bytes().into();
        };
        let mut key = Vec::with_capacity(text.len() + 8);
        let Ok(()) = collator.write_sort_key_to(text.trim(), &mut key);
        key.into()
    }

    /// Puts texts in order.
    pub fn sort(&self, texts: &mut [String]) {
        texts.sort_by_cached_key(|text| self.key(text));
    }
}

impl Default for Letters {
    fn default() -> Letters {
        Letters::of(Language::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sorted(language: Language, order: &[&str]) {
        let mut texts: Vec<String> = order.iter().rev().map(|text| (*text).to_owned()).collect();
        Letters::of(language).sort(&mut texts);
        assert_eq!(texts, order, "{language:?}");
    }

    #[test]
    fn letters_stand_where_the_language_has_them() {
        for language in crate::catalogue::LANGUAGES {
            sorted(
                language,
                &[
                    "Dang",
                    "Đặng",
                    "Łukasz",
                    "Marta",
                    "Øster",
                    "ｐａｕｌ",
                    "Zoe",
                ],
            );
        }
        sorted(Language::De, &["Muller", "Müller", "Mum", "Mutter"]);
        sorted(Language::Es, &["Nadal", "Nuria", "Ñíguez", "Olmo"]);
        sorted(Language::En, &["Nadal", "Ñíguez", "Nuria", "Olmo"]);
        sorted(Language::Fr, &["cote", "coté", "côte", "côté"]);
    }

    #[test]
    fn numbers_stand_in_their_order() {
        sorted(Language::En, &["TRIP-2", "trip-9", "TRIP-10", "TRIP-100"]);
        sorted(Language::De, &["Europe 5 GB", "Europe 10 GB"]);
    }
}
