//! The folding of every search, so that "garcia" finds "García" and a number is found however it is read out. Pure.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text without case, accents and line breaks.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('\n', " ");
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\n' { ' ' } else { c })
        .nfc()
        .collect()
}

/// The words of a search, folded: digits and spaces alone are one number, as it is read out in groups.
#[must_use]
pub fn words(search: &str) -> Vec<String> {
    let search = fold(search);
    if is_number(&search) {
        let joined: String = search.split_whitespace().collect();
        return if joined.is_empty() {
            Vec::new()
        } else {
            vec![joined]
        };
    }
    search.split_whitespace().map(str::to_owned).collect()
}

/// A search for one part of a text, folded: the same as [`words`], but what stands between words counts.
#[must_use]
pub fn phrase(search: &str) -> String {
    let search = fold(search.trim());
    if is_number(&search) {
        return search.split_whitespace().collect();
    }
    search
}

fn is_number(search: &str) -> bool {
    search
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_line_breaks_do_not_count() {
        assert_eq!(fold("García\nMÜLLER İ"), "garcia muller i");
        assert_eq!(fold("PLAIN\ntext"), "plain text");
        assert_eq!(fold("가나"), "가나");
    }

    #[test]
    fn a_number_is_one_word_however_it_is_grouped() {
        assert_eq!(words(" 8944 5001 "), ["89445001"]);
        assert_eq!(words("Müller 12"), ["muller", "12"]);
        assert_eq!(words("   "), [""; 0]);
        assert_eq!(phrase(" 8944 5001 "), "89445001");
        assert_eq!(phrase(" \"Status\": \"NEW\" "), "\"status\": \"new\"");
        assert_eq!(phrase("  "), "");
    }
}
