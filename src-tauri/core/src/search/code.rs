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

/// Words in front of a reference that say what it is, folded, in the languages of the window.
const LABELS: &[&str] = &[
    "order",
    "orders",
    "booking",
    "reservation",
    "reference",
    "ref",
    "bestellung",
    "bestellreferenz",
    "bestellnr",
    "bestellnummer",
    "auftrag",
    "auftragsnummer",
    "buchung",
    "buchungsnr",
    "buchungsnummer",
    "vorgang",
    "referenz",
    "pedido",
    "reserva",
    "referencia",
    "commande",
    "dossier",
    "ordine",
    "prenotazione",
    "riferimento",
    "encomenda",
    "no",
    "nr",
    "number",
    "nummer",
    "numero",
];

/// Fewest digits of a reference that has no letters, in front of which a word says what it is.
const MIN_DIGITS: usize = 4;

/// Whether a word only says that a reference follows.
pub(crate) fn is_label(folded: &str) -> bool {
    let bare = folded.trim_end_matches(['.', ':', '#', '°', 'º']);
    LABELS.contains(&bare) || ["n", "no", "nº"].contains(&bare)
}

/// Whether what is left of a search without its labels is a reference.
pub(super) fn is_reference(folded: &str) -> bool {
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    is_code(folded) || (digits >= MIN_DIGITS && digits == folded.chars().count())
}

/// The reference behind a label in one word: `order:ref-3`, `ref#4711`.
pub(super) fn unlabelled(folded: &str) -> Option<&str> {
    let (label, rest) = folded.split_once([':', '#'])?;
    let rest = rest.trim_start_matches([':', '#', '.']);
    (is_label(label) && is_reference(rest)).then_some(rest)
}
