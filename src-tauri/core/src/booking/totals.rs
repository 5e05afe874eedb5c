//! What stands in the line below a list that adds it up, in the languages of the window.

use super::plain::plain;

/// Words that say so alone.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "totale",
    "totali",
    "totaux",
    "totales",
    "totais",
    "subtotal",
    "subtotals",
    "subtotale",
    "subtotales",
    "subtotais",
    "zwischensumme",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtzahl",
    "gesamtanzahl",
    "endsumme",
    "insgesamt",
    "anzahl",
    "somme",
    "quantidade",
    "cantidad",
    "quantite",
    "quantita",
];

/// Words that say so where a number stands beside them, or one of the others.
const BESIDE: &[&str] = &[
    "sum",
    "suma",
    "soma",
    "somma",
    "sous",
    "sub",
    "count",
    "number",
    "nombre",
    "numero",
    "no",
    "grand",
    "overall",
    "general",
    "generale",
    "geral",
    "complessivo",
    "of",
    "de",
    "des",
    "del",
    "do",
    "da",
    "dos",
    "di",
    "dei",
    "der",
    "aller",
    "all",
    "the",
    "les",
    "el",
    "in",
    "en",
    "em",
    "eur",
    "euro",
    "usd",
    "gbp",
    "chf",
    "brl",
    "travellers",
    "travelers",
    "passengers",
    "pax",
    "guests",
    "people",
    "persons",
    "customers",
    "bookings",
    "orders",
    "esim",
    "esims",
    "reisende",
    "reisenden",
    "teilnehmer",
    "personen",
    "gaste",
    "kunden",
    "buchungen",
    "viajeros",
    "pasajeros",
    "personas",
    "clientes",
    "reservas",
    "voyageurs",
    "passagers",
    "personnes",
    "clients",
    "reservations",
    "viaggiatori",
    "passeggeri",
    "persone",
    "clienti",
    "prenotazioni",
    "viajantes",
    "passageiros",
    "pessoas",
];

/// Whether a text names a total, with or without its number.
pub(super) fn is_total(text: &str) -> bool {
    let counted = text.contains(|c: char| c.is_ascii_digit());
    let plain = plain(text);
    let said = plain.split(' ').any(|word| TOTALS.contains(&word));
    (said || counted) && may_be_total(text)
}

/// Whether a text says nothing that could not stand beside a total.
pub(super) fn may_be_total(text: &str) -> bool {
    let plain = plain(text);
    let number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    let mut words = plain.split(' ').filter(|word| !number(word)).peekable();
    words.peek().is_some() && words.all(|word| TOTALS.contains(&word) || BESIDE.contains(&word))
}
