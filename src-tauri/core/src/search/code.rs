//! References in folded texts: letters and digits, whatever stands between them: `ref-3`, `ref 3`, `ref3`.

/// What may stand between the parts of a reference.
fn is_separator(c: char) -> bool {
    "-_/.#:".contains(c)
}

/// Whether a folded word is a reference, or may be: letters and digits, and no more than marks between them.
pub(super) fn is_code(folded: &str) -> bool {
    folded.contains(char::is_alphabetic)
        && folded.contains(|c: char| c.is_ascii_digit())
        && folded
            .chars()
            .all(|c| c.is_alphanumeric() || is_separator(c))
}

/// A folded reference without what stands between its parts; `None`: nothing does.
pub(super) fn joined(folded: &str) -> Option<String> {
    let between = |c: char| is_separator(c) || c.is_whitespace();
    let bare = folded.trim_matches(between);
    let is_one = bare.contains(between)
        && bare.contains(|c: char| c.is_ascii_digit())
        && bare.contains(char::is_alphabetic);
    is_one.then(|| bare.chars().filter(|c| !between(*c)).collect())
}

/// Words in front of a reference that say what it is, folded, without hyphens, in the languages of the window.
const LABELS: &[&str] = &[
    // English
    "order",
    "orders",
    "orderid",
    "orderno",
    "ordernr",
    "ordernumber",
    "orderref",
    "booking",
    "bookings",
    "bookingid",
    "bookingno",
    "bookingnr",
    "bookingnumber",
    "bookingref",
    "bookingreference",
    "reservation",
    "reservations",
    "reservationno",
    "reservationnumber",
    "reference",
    "referenceno",
    "referencenumber",
    "ref",
    "refs",
    "refno",
    "refnr",
    "confirmation",
    "confirmationno",
    "confirmationnumber",
    "record",
    "file",
    "case",
    "number",
    "no",
    "nos",
    "num",
    "id",
    // German
    "bestellung",
    "bestellreferenz",
    "bestellnr",
    "bestellnummer",
    "auftrag",
    "auftrags",
    "auftragsnr",
    "auftragsnummer",
    "buchung",
    "buchungs",
    "buchungsnr",
    "buchungsnummer",
    "buchungsreferenz",
    "buchungskennung",
    "vorgang",
    "vorgangs",
    "vorgangsnr",
    "vorgangsnummer",
    "vorgangskennung",
    "reservierung",
    "reservierungsnr",
    "reservierungsnummer",
    "referenz",
    "referenznr",
    "referenznummer",
    "aktenzeichen",
    "az",
    "bestatigung",
    "bestatigungsnr",
    "bestatigungsnummer",
    "bestaetigungsnummer",
    "reisenr",
    "reisenummer",
    "nr",
    "nummer",
    // Spanish and Portuguese
    "pedido",
    "pedidos",
    "reserva",
    "reservas",
    "referencia",
    "expediente",
    "confirmacion",
    "encomenda",
    "processo",
    "confirmacao",
    "numero",
    // French
    "commande",
    "commandes",
    "dossier",
    "dordre",
    "ordre",
    // Italian
    "ordine",
    "dellordine",
    "dordine",
    "prenotazione",
    "prenotazioni",
    "riferimento",
    "rif",
    "pratica",
    "conferma",
];

/// Those of a code that may be letters alone, as airlines' systems have them.
const LOCATOR_LABELS: &[&str] = &[
    "pnr",
    "locator",
    "recordlocator",
    "code",
    "bookingcode",
    "reservationcode",
    "confirmationcode",
    "buchungscode",
    "vorgangscode",
    "reservierungscode",
    "bestatigungscode",
    "bestaetigungscode",
    "referenzcode",
    "filekey",
    "localizador",
    "localizadora",
    "codigo",
    "localisateur",
    "localizzatore",
    "codice",
];

/// Signs of such a code (IATA's record locators have six).
const LOCATOR_CHARS: std::ops::RangeInclusive<usize> = 5..=8;

/// Words between labels, and in front of them: the number of the order, numero de dossier, your booking.
const LINKS: &[&str] = &[
    "of", "the", "your", "our", "my", "der", "des", "die", "von", "zur", "zum", "ihre", "ihr",
    "unsere", "meine", "de", "du", "la", "le", "votre", "notre", "del", "el", "su", "nuestra",
    "di", "della", "il", "vostra", "vostro", "sua", "suo", "do", "da", "a", "o",
];

/// Fewest digits of a reference that has no letters, in front of which a word says what it is.
const MIN_DIGITS: usize = 4;

/// Whether a word only says that a reference follows.
pub(crate) fn is_label(folded: &str) -> bool {
    let bare = bare_label(folded);
    let bare = bare.as_str();
    LABELS.contains(&bare) || LOCATOR_LABELS.contains(&bare) || ["n", "nº"].contains(&bare)
}

/// Whether a word says that a code of letters may follow.
pub(super) fn is_locator_label(folded: &str) -> bool {
    LOCATOR_LABELS.contains(&bare_label(folded).as_str())
}

fn bare_label(folded: &str) -> String {
    folded
        .trim_end_matches(['.', ':', '#', '°', 'º'])
        .replace(['-', '.'], "")
}

/// Whether a word may be a code, of letters alone as well, and is no label.
pub(super) fn is_locator(folded: &str) -> bool {
    LOCATOR_CHARS.contains(&folded.chars().count())
        && folded.chars().all(|c| c.is_ascii_alphanumeric())
        && !is_label(folded)
}

/// Which of these words only say that a reference follows: labels, and what joins them.
pub(super) fn labels(words: &[String]) -> Vec<bool> {
    let mut labels: Vec<bool> = words.iter().map(|word| is_label(word)).collect();
    // From behind, as several of them may stand in front of one.
    for at in (0..words.len()).rev() {
        let follows = labels.get(at + 1).copied().unwrap_or(false);
        let links = words
            .get(at)
            .is_some_and(|word| LINKS.contains(&word.as_str()));
        if let Some(label) = labels.get_mut(at).filter(|_| follows && links) {
            *label = true;
        }
    }
    labels
}

/// Whether what is left of a search without its labels is a reference.
pub(super) fn is_reference(folded: &str) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    is_code(folded) || (digits >= MIN_DIGITS && digits == folded.chars().count())
}

/// The reference behind a label in one word: `order:ref-3`, `ref#4711`, `nr.4711`.
pub(super) fn unlabelled(folded: &str) -> Option<&str> {
    let marks = [':', '#', '.', '=', '°', 'º'];
    let (label, rest) = folded.split_once(marks)?;
    let rest = rest.trim_start_matches(marks);
    let follows = is_reference(rest) || (is_locator_label(label) && is_locator(rest));
    (is_label(label) && follows).then_some(rest)
}
