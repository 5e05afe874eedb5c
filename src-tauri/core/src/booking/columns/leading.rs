//! Headings that name somebody beside something else, of which one says whose or which the other is: `Hotel guest` and
//! `Hóspede do hotel` are people, `Guest room` and `Hotel del cliente` are none.

use std::ops::Range;

use super::words::Word;

/// What stands beside somebody in such a heading.
pub(super) const OTHERS: [Word; 4] = [Word::Thing, Word::Staff, Word::User, Word::Tag];

/// People and things of languages in which the first word says what it is, and what stands behind it which.
const FIRST_LEADS: &[&str] = &[
    "viajero",
    "viajante",
    "pasajero",
    "voyageur",
    "passager",
    "viaggiatore",
    "passeggero",
    "passageiro",
    "partecipant",
    "participante",
    "asistente",
    "alumno",
    "estudiante",
    "etudiant",
    "studente",
    "estudante",
    "aluno",
    "intestatario",
    "ospiti",
    "capogruppo",
    "cliente",
    "huesped",
    "ospite",
    "hospede",
    "titular",
    "destinatario",
    "destinataire",
    "miembro",
    "membre",
    "membro",
    "vuelo",
    "volo",
    "producto",
    "produit",
    "prodotto",
    "agencia",
    "agence",
    "agenzia",
    "empresa",
    "societe",
    "azienda",
    "factura",
    "facture",
    "fattura",
    "fatura",
    "grupo",
    "groupe",
    "gruppo",
    "etiqueta",
    "etiquette",
    "etichett",
    "categoria",
    "categorie",
];

/// What stands behind the word that says what it is, in any of the languages.
const BEHIND: &[&str] = &[
    "of", "on", "in", "at", "from", "im", "am", "an", "des", "vom", "aus", "de", "del", "d",
    "della", "dell", "dello", "delle", "degli", "dei", "di", "do", "da", "dos", "das", "du", "en",
    "no", "na", "nel", "au", "a",
];

/// A person who is none by that word alone: `Sales person`.
const ANYBODY: &str = "person";

/// Whether somebody is named, and by the other words only which. `tokens`: where the words of the heading are in `joined`;
/// `kept`: what they mean, and where.
pub(super) fn person_leads(
    joined: &str,
    tokens: &[Range<usize>],
    kept: &[(usize, usize, Word)],
) -> bool {
    let text = |from: usize, to: usize| joined.get(from..to).unwrap_or_default();
    let has_tags_only = !kept
        .iter()
        .any(|(_, _, word)| OTHERS.contains(word) && *word != Word::Tag);
    let is_person = |(from, to, word): &&(usize, usize, Word)| match word {
        Word::Traveller => true,
        Word::Customer => text(*from, *to) != ANYBODY,
        // Of an agency or a hotel those are who work there.
        Word::Somebody => has_tags_only,
        _ => false,
    };
    let last = |one: &&(usize, usize, Word)| one.0;
    let person = kept.iter().filter(is_person).max_by_key(last);
    let others = kept.iter().filter(|(_, _, word)| OTHERS.contains(word));
    let (Some((at, end, _)), Some((other, other_end, _))) = (person, others.max_by_key(last))
    else {
        return false;
    };
    let is_first = at < other;
    let between = match is_first {
        true => *end..*other,
        false => *other_end..*at,
    };
    let mut inside = tokens
        .iter()
        .filter(|token| between.start <= token.start && token.end <= between.end);
    let parted = inside.any(|token| BEHIND.contains(&text(token.start, token.end)));
    let first_leads = |from: usize, to: usize| {
        let word = text(from, to);
        // More of them than one end otherwise: `Clienti`, `Passeggeri`.
        let token = tokens
            .iter()
            .find(|token| token.start <= from && to <= token.end);
        let token = token.map_or(word, |token| text(token.start, token.end));
        FIRST_LEADS.contains(&word) || token.ends_with('i')
    };
    match parted || first_leads(*at, *end) || first_leads(*other, *other_end) {
        true => is_first,
        false => !is_first,
    }
}

/// What stands in front of whoever did something.
const BY: &[&str] = &["by", "von", "durch", "par", "por"];

/// Those of them that say from when or where as well, unless it is said what was done.
const FROM: &[&str] = &["von", "da"];

/// Whether a heading says who did something. `done`: whether it says what; `booked`: whether that is a booking.
pub(super) fn names_doer(plain: &str, done: bool, booked: bool) -> bool {
    let words: Vec<&str> = plain.split(' ').collect();
    let [_, .., last] = words.as_slice() else {
        return false;
    };
    let ends = (BY.contains(last) && !FROM.contains(last)) || (done && FROM.contains(last));
    ends || (booked && words.iter().any(|word| BY.contains(word)))
}

/// What is done for somebody, and what stands in front of whom.
const DONE: &[&str] = &[
    "booked",
    "booking",
    "reserved",
    "reservation",
    "ordered",
    "order",
    "gebucht",
    "buchung",
    "reserviert",
    "reservierung",
    "bestellt",
    "bestellung",
    "reserve",
    "reservee",
    "commande",
    "reservado",
    "reservada",
    "reserva",
    "prenotato",
    "prenotata",
    "prenotazione",
    "pedido",
    "encomenda",
    "sim",
    "esim",
];
const FOR: &[&str] = &["for", "fur", "pour", "para", "per"];

/// Whether a whole heading says for whom something was done: `Booked for`, `Gebucht für`.
pub(super) fn is_for_somebody(plain: &str) -> bool {
    let words: Vec<&str> = plain.split(' ').collect();
    match *words.as_slice() {
        [done, whom] => DONE.contains(&done) && FOR.contains(&whom),
        _ => false,
    }
}
