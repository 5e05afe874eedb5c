//! The one spelling of what identifies and was typed or pasted by somebody: references of orders.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What identifies, without the marks that nobody sees, with blanks and hyphens that everybody types. Case stays: two
/// references may differ by nothing else.
#[must_use]
pub fn as_typed(text: &str) -> Cow<'_, str> {
    let double = text.contains("  ") || text.contains(|c: char| c.is_whitespace() && c != ' ');
    if text.is_ascii() && !double {
        return Cow::Borrowed(text.trim());
    }
    let letters = text.nfkc().filter(|c| !is_mark(*c)).map(|c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    });
    let words: String = letters.collect();
    Cow::Owned(words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Marks that nobody sees, and that come along when a text is copied.
#[must_use]
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_makes_no_other_reference() {
        for text in [
            "T-1 b",
            " T-1 b ",
            "T\u{2011}1 b",
            "T-\u{200b}1\u{a0}b",
            "\u{feff}T-1  b",
        ] {
            assert_eq!(as_typed(text), "T-1 b", "{text:?}");
        }
        assert_ne!(as_typed("T-1 B"), as_typed("T-1 b"));
    }
}
