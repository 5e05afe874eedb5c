//! Names of months and days of the week, in the languages of the window.

use super::plain::plain;

/// Months as words say them, without accents.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "janner", "enero", "janvier", "gennaio", "janeiro",
    ],
    &[
        "february",
        "februar",
        "feber",
        "febrero",
        "fevrier",
        "febbraio",
        "fevereiro",
    ],
    &["march", "marz", "maerz", "mrz", "marzo", "mars", "marco"],
    &["april", "abril", "avril", "aprile"],
    &["may", "mai", "mayo", "maggio", "maio"],
    &["june", "juni", "junio", "juin", "giugno", "junho"],
    &["july", "juli", "julio", "juillet", "luglio", "julho"],
    &["august", "agosto", "aout"],
    &[
        "september",
        "septiembre",
        "setiembre",
        "septembre",
        "settembre",
        "setembro",
    ],
    &[
        "october", "oktober", "octubre", "octobre", "ottobre", "outubro",
    ],
    &["november", "noviembre", "novembre", "novembro"],
    &[
        "december",
        "dezember",
        "diciembre",
        "decembre",
        "dicembre",
        "dezembro",
    ],
];

const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    "segunda",
    "terca",
    "quarta",
    "quinta",
    "sexta",
    "feira",
];

/// Words that stand in a day and say nothing.
const FILLERS: &[&str] = &[
    "de", "del", "di", "do", "of", "the", "den", "der", "le", "el", "il", "am", "on", "st", "nd",
    "rd", "th", "er", "o", "a", "ca", "ab", "from", "von", "vom", "du", "dal", "desde", "dall",
    "zum", "al", "ao", "dia",
];

/// The month that a word names or begins to name in one of the window's languages.
#[must_use]
pub fn month_of(word: &str) -> Option<i8> {
    month(&plain(word))
}

/// The month that a word without accents names or begins to name.
pub(super) fn month(word: &str) -> Option<i8> {
    if word.len() < 3 {
        return None;
    }
    let mut found = None;
    for (month, names) in (1_i8..).zip(MONTHS) {
        if names.contains(&word) {
            return Some(month);
        }
        if names.iter().any(|name| name.starts_with(word)) {
            if found.is_some() {
                return None;
            }
            found = Some(month);
        }
    }
    found
}

/// Whether a word without accents names or begins to name a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    word.len() >= 2 && DAYS.iter().any(|name| name.starts_with(word))
}

/// Whether a word without accents adds nothing to a day.
pub(super) fn adds_nothing(word: &str) -> bool {
    FILLERS.contains(&word) || is_weekday(word)
}
