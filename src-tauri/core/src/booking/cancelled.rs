//! Whether a line says that its trip was called off, in the languages of the window.

use super::plain::plain;

/// Words that say so.
const CANCELLED: &[&str] = &[
    "cancelled",
    "canceled",
    "cancellation",
    "cxl",
    "cxld",
    "xld",
    "xxld",
    "cncl",
    "cncld",
    "canx",
    "storniert",
    "storno",
    "stornata",
    "stornato",
    "stornate",
    "stornati",
    "storniertes",
    "stornierte",
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

/// Words that say so of what was booked, and above a column ask for something else.
const GIVEN_BACK: &[&str] = &[
    "void",
    "voided",
    "refunded",
    "erstattet",
    "ruckerstattet",
    "rembourse",
    "remboursee",
    "rembourses",
    "remboursees",
    "reembolsado",
    "reembolsada",
    "rimborsato",
    "rimborsata",
    "desistencia",
    "desistiu",
    "desistimiento",
    "rinuncia",
    "desistement",
    "noshow",
];

/// Codes of the trade that are something else below any other heading than that of a status: an airport's, an airline's.
const CODES: &[&str] = &["cnx", "cnl", "hx", "xx", "xl", "uc"];

/// What such a heading says.
const STATUS: &[&str] = &[
    "status",
    "state",
    "stat",
    "estado",
    "statut",
    "etat",
    "stato",
    "situacao",
    "situacion",
    "zustand",
    "bearbeitungsstatus",
    "buchungsstatus",
    "bookingstatus",
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
    let plain = plain(text).replace("no show", "noshow");
    let words: Vec<&str> = plain.split(' ').collect();
    let said = |word: &&str| CANCELLED.contains(word) || GIVEN_BACK.contains(word);
    words.len() <= MAX_WORDS
        && words.iter().any(said)
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
    let coded = || {
        let asked = plain(heading);
        let is_status = asked.split(' ').any(|word| STATUS.contains(&word));
        is_status && CODES.contains(&plain(text).as_str())
    };
    !text.is_empty() && (says_so(text) || answers() || coded())
}
