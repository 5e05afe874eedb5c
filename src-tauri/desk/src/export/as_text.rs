//! Texts that a spreadsheet would take for a number, a day, a time or a truth value, and change. Must not know what file they
//! are for.
//!
//! Whoever opens the file is told nothing: "MAI-12" has become a day of May, "5%" a twentieth and an ICCID zeros at its
//! end. What is taken for what depends on the spreadsheet's language, which is not known here: those of the window count.

use std::borrow::Cow;

use esim_watch_core::booking;

/// Digits of a number that every spreadsheet keeps; of longer ones it makes the rest zeros.
const KEPT_DIGITS: usize = 15;

/// A blank that nobody sees and that is part of no number in any language, while whoever reads a field and trims it takes
/// it away again: so does a booking list.
const UNSEEN: char = '\u{2009}';

/// Signs in numbers, days and times: of amounts and shares, in parentheses what is below zero, and what stands between thousands.
const SIGNS: &str = "+-\u{2212}/.,:()%'’$€£¥";

/// Letters in numbers: the exponent, and currencies of those who speak the window's languages.
const IN_NUMBERS: [&str; 9] = ["e", "r", "us", "fr", "eur", "usd", "gbp", "chf", "brl"];

/// What is written behind a time of twelve hours, without its points.
const HALF_DAYS: [&str; 4] = ["am", "pm", "a", "p"];

/// Words in a day that has its month in letters.
const IN_DAYS: [&str; 3] = ["de", "di", "of"];

/// Most numbers of a day with its time.
const MOST_NUMBERS: usize = 6;

/// What is true and false in the window's languages, in capitals.
const TRUTHS: [&str; 10] = [
    "TRUE",
    "FALSE",
    "WAHR",
    "FALSCH",
    "VRAI",
    "FAUX",
    "VERDADERO",
    "VERDADEIRO",
    "VERO",
    "FALSO",
];

/// A text that stays as it is where a spreadsheet reads it. What it would not change stays without the blank.
pub(super) fn kept_as_text(text: &str) -> Cow<'_, str> {
    match is_taken_for_another(text.trim()) {
        true => Cow::Owned(format!("{UNSEEN}{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a spreadsheet takes a text for something else, of which it does not show what was written.
fn is_taken_for_another(text: &str) -> bool {
    let numbers = runs(text, |c| c.is_ascii_digit());
    if numbers.is_empty() {
        let upper = text.to_uppercase();
        return TRUTHS.contains(&upper.as_str());
    }
    let known = |c: char| c.is_alphanumeric() || c.is_whitespace() || SIGNS.contains(c);
    if numbers.len() > MOST_NUMBERS && text.contains(char::is_alphabetic)
        || !text.chars().all(known)
    {
        return false;
    }
    let words = runs(text, char::is_alphabetic);
    match words.as_slice() {
        [] => !is_shown_as_written(text),
        [word] if IN_NUMBERS.contains(&word.as_str()) => true,
        words => HALF_DAYS.contains(&words.concat().as_str()) || is_day(words),
    }
}

/// Whether a text without letters looks the same as a number.
fn is_shown_as_written(text: &str) -> bool {
    text.len() <= KEPT_DIGITS
        && text.bytes().all(|c| c.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'))
}

/// Whether these words are those of a day: a month, whole or begun.
fn is_day(words: &[String]) -> bool {
    let mut months = words
        .iter()
        .filter(|word| !IN_DAYS.contains(&word.as_str()));
    let month = months.next().and_then(|word| booking::month_of(word));
    month.is_some() && months.next().is_none()
}

/// The longest parts of a text of which each sign is such a one, in lower case.
fn runs(text: &str, is_such: fn(char) -> bool) -> Vec<String> {
    let parts = text.split(|c| !is_such(c));
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn kept(text: &str) {
        assert_eq!(kept_as_text(text), format!("{UNSEEN}{text}"));
        assert_eq!(kept_as_text(text).trim(), text);
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_number_is_kept_as_text() {
        for text in [
            "89445001021983048260",
            "8944500102198304",
            "0612345678",
            "+390612345678",
            "007",
            "12E5",
            "1.5e+3",
            "89445001021983048260, 89445001021983048278",
            "5%",
            "12,5 %",
            "(5)",
            "$5",
            "5 €",
            "5\u{a0}€",
            "R$ 5",
            "EUR 12.50",
            "1'234",
            "1\u{202f}234,50",
        ] {
            kept(text);
        }
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_day_or_a_time_is_kept_as_text() {
        for text in [
            "3/4",
            "2025-12",
            "12-3",
            "1/2",
            "1 1/2",
            "12.11",
            "12:30",
            "3 PM",
            "3:30 p.m.",
            "3:30 p. m.",
            "7 a",
        ] {
            kept(text);
        }
        let months = [
            [
                "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC",
            ],
            [
                "Jän", "Feb", "Mrz", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt", "Nov",
                "Dez",
            ],
            [
                "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov",
                "déc",
            ],
            [
                "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic",
            ],
            [
                "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
            ],
            [
                "jan", "fev", "março", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov",
                "dez",
            ],
        ];
        for month in months.iter().flatten() {
            for text in [
                format!("{month}-12"),
                format!("{month}1"),
                format!("3 {month}"),
                format!("3. {month} 2026"),
                format!("3-{month}-26"),
                format!("{month} 3, 2026"),
                format!("3 de {month} de 2026"),
                format!("3 {month} 2026 12:30:05"),
                format!("12/{month}"),
            ] {
                kept(&text);
                kept(&text.to_uppercase());
            }
        }
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_true_or_false_is_kept_as_text() {
        for text in [
            "TRUE",
            "false",
            "Wahr",
            "FALSCH",
            "VRAI",
            "faux",
            "VERDADERO",
            "falso",
            "Vero",
            "VERDADEIRO",
        ] {
            kept(text);
        }
    }

    #[test]
    fn what_a_spreadsheet_would_not_change_stays_as_it_is() {
        for text in [
            "",
            "0",
            "7",
            "1234",
            "894450010219830",
            "TRIP-7",
            "MAILAND-12",
            "MARTA-1",
            "DECK 3",
            "Mai",
            "May Berg",
            "April",
            "MAI-JUN 12",
            "1 2 3 4 5 6 7 Mai",
            "Marta Ruiz",
            "Marta Ruiz, 3 Dez",
            "true story",
            "5% off",
            "12 PMs",
            "eSIM",
            "8944…8260",
            "5ca1ab1e-0000-4000-8000-000000000001",
            "MAI_12",
        ] {
            assert_eq!(kept_as_text(text), text);
        }
    }
}
