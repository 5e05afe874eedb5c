//! The one spelling of what identifies and was typed or pasted by somebody: references of orders. Orders are told apart by
//! it; shown and copied is what their sender wrote, which is what that sender's own search finds.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::Event;

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

/// The one form of a reference, and how it is written where that is another. What turns the direction of text is part of
/// neither: it would turn the sentences around it.
#[must_use]
pub fn in_one_form(written: &str) -> (String, Option<String>) {
    let form = as_typed(written).into_owned();
    let written: String = written.chars().filter(|c| !turns_text(*c)).collect();
    let other = (form != written).then_some(written);
    (form, other)
}

/// Marks that turn the direction of the text after them (Unicode Standard Annex 9).
fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Event {
    /// The reference as its sender wrote it.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        let written = self.reference_written.as_deref();
        written.or(self.reference_id.as_deref())
    }

    /// The larger reference stays, as it was written; of one reference the larger of its other writings. Returns whether
    /// anything changed.
    pub(super) fn absorb_reference(&mut self, other: &Event) -> bool {
        let theirs = (&other.reference_id, &other.reference_written);
        let grows = theirs > (&self.reference_id, &self.reference_written);
        if grows {
            self.reference_id.clone_from(theirs.0);
            self.reference_written.clone_from(theirs.1);
        }
        grows
    }
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

    #[test]
    fn how_it_is_written_is_kept_where_that_is_not_its_one_form() {
        for written in [
            "AG–1007",
            "AG-1007  b",
            "ＡＧ-1007",
            "ﬁord 7",
            "AG-1007\u{a0}b",
            "AG\u{200b}-1007",
        ] {
            let (form, other) = in_one_form(written);
            assert_eq!(other.as_deref(), Some(written));
            assert_ne!(form, written);
        }
        for written in ["AG-1007 b", "AG-1007\u{202e} b", "\u{2067}AG-1007 b"] {
            assert_eq!(in_one_form(written), ("AG-1007 b".to_owned(), None));
        }
    }
}
