//! Words as they are compared, whatever somebody's spreadsheet made of them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// In lowercase, without accents and marks; words with blanks between them.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut before = ' ';
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        // orderNumber has two words.
        if before.is_lowercase() && letter.is_uppercase() {
            plain.push(' ');
        }
        before = letter;
        match letter {
            'ß' => plain.push_str("ss"),
            letter if letter.is_alphanumeric() => plain.extend(letter.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
