//! Whether a line says that its trip was called off, in the languages of the window.

use super::plain::plain;

/// Words that say so.
const CANCELLED: &[&str] = &[
    "cancelled",
    "canceled",
    "cancellation",
    "cxl",
    "cxld",
    "storniert",
    "storno",
    "stornierung",
    "annulliert",
    "abgesagt",
    "annule",
    "annulee",
    "annules",
    "annulees",
    "annulation",
    "cancelado",
    "cancelada",
    "cancelados",
    "canceladas",
    "cancelacion",
    "cancelamento",
    "anulado",
    "anulada",
    "anulacion",
    "anulacao",
    "annullato",
    "annullata",
    "annullati",
    "annullate",
    "annullamento",
    "cancellato",
    "cancellata",
    "disdetto",
    "disdetta",
];

/// Words beside which they say something else.
const BUT: &[&str] = &[
    "no",
    "not",
    "non",
    "nicht",
    "nein",
    "nao",
    "pas",
    "ne",
    "never",
    "without",
    "ohne",
    "sin",
    "sans",
    "senza",
    "sem",
    "if",
    "falls",
    "si",
    "se",
    "free",
    "kostenlos",
    "kostenfrei",
    "gratis",
    "gratuit",
    "gratuite",
    "gratuita",
    "gratuito",
    "until",
    "bis",
    "jusqu",
    "hasta",
    "ate",
    "fino",
    "policy",
    "frist",
    "possible",
    "moglich",
    "posible",
    "possivel",
    "possibile",
    "insurance",
    "versicherung",
    "seguro",
    "assurance",
    "assicurazione",
    "fee",
    "fees",
    "kosten",
    "gebuhr",
    "gebuhren",
    "frais",
    "gastos",
    "costi",
    "custos",
];

/// Answers that deny it.
const NO: &[&str] = &[
    "", "no", "n", "nein", "non", "nao", "not", "false", "falsch", "falso", "faux", "0",
];

/// Longest text that says so, in words; a longer one tells a story.
const MAX_WORDS: usize = 8;

/// Whether a cell says so.
fn says_so(text: &str) -> bool {
    let plain = plain(text);
    let words: Vec<&str> = plain.split(' ').collect();
    words.len() <= MAX_WORDS
        && words.iter().any(|word| CANCELLED.contains(word))
        && !words.iter().any(|word| BUT.contains(word))
}

/// Whether a cell below a heading says so: by itself, or as an answer to it.
pub(super) fn is_cancelled(heading: &str, text: &str) -> bool {
    let answers = || {
        let asked = plain(heading);
        let parts: Vec<&str> = asked.split(' ').take(3).collect();
        parts.len() < 3
            && parts.first().is_some_and(|first| CANCELLED.contains(first))
            && !parts.iter().any(|word| BUT.contains(word))
            && !NO.contains(&plain(text).as_str())
    };
    !text.is_empty() && (says_so(text) || answers())
}
