//! What stands in a column: by its heading, in the languages of the window, else by what is in it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::days;
use super::digits::{FEWEST_DIGITS, WHOLE_DIGITS, digits};
use super::table::Table;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Nothing that is taken over.
    Ignored,
    /// The ICCID, or its last digits.
    Iccid,
    /// The order reference.
    Reference,
    /// The whole name.
    Name,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// An address or a telephone number; several columns are written one after the other.
    Contact,
    /// First day of the trip.
    TripStart,
    /// Last day of the trip.
    TripEnd,
    /// Anything else; several columns are written one below the other.
    Note,
    /// Words between commas.
    Tags,
}

/// Words of headings as [`plain`] leaves them. The longest one that a heading has counts.
const HEADINGS: &[(Column, &[&str])] = &[
    (
        Column::Iccid,
        &[
            "iccid",
            "sim",
            "esim",
            "lastdigits",
            "letzteziffern",
            "serial",
        ],
    ),
    (
        Column::Contact,
        &[
            "mail",
            "phone",
            "telefon",
            "telephone",
            "movil",
            "mobil",
            "handy",
            "cellulare",
            "portable",
            "telemovel",
            "celular",
            "kontakt",
            "contact",
            "contatto",
            "contacto",
            "contato",
            "tel",
            "whatsapp",
        ],
    ),
    (
        Column::TripStart,
        &[
            "start",
            "from",
            "departure",
            "outbound",
            "checkin",
            "begin",
            "beginn",
            "abreise",
            "hinreise",
            "anreise",
            "von",
            "salida",
            "inicio",
            "ida",
            "desde",
            "depart",
            "debut",
            "aller",
            "partenza",
            "inizio",
            "andata",
            "dal",
            "partida",
        ],
    ),
    (
        Column::TripEnd,
        &[
            "end",
            "until",
            "return",
            "checkout",
            "inbound",
            "ende",
            "ruckreise",
            "heimreise",
            "bis",
            "regreso",
            "fin",
            "vuelta",
            "hasta",
            "retour",
            "ritorno",
            "fine",
            "rientro",
            "regresso",
            "fim",
            "volta",
        ],
    ),
    (
        Column::FirstName,
        &[
            "firstname",
            "givenname",
            "vorname",
            "prenom",
            "primeironome",
            "nombrepila",
        ],
    ),
    (
        Column::LastName,
        &[
            "lastname",
            "surname",
            "familyname",
            "nachname",
            "familienname",
            "apellido",
            "nomdefamille",
            "cognome",
            "sobrenome",
            "apelido",
        ],
    ),
    (
        Column::Reference,
        &[
            "reference",
            "booking",
            "order",
            "trip",
            "pnr",
            "buchung",
            "auftrag",
            "referenz",
            "reise",
            "reserva",
            "pedido",
            "referencia",
            "reservation",
            "commande",
            "dossier",
            "prenotazione",
            "ordine",
            "riferimento",
            "pratica",
            "encomenda",
            "ref",
        ],
    ),
    (
        Column::Name,
        &[
            "name",
            "traveller",
            "traveler",
            "customer",
            "client",
            "guest",
            "passenger",
            "pax",
            "reisende",
            "kunde",
            "gast",
            "viajero",
            "viajante",
            "nombre",
            "cliente",
            "pasajero",
            "huesped",
            "voyageur",
            "nom",
            "passager",
            "viaggiatore",
            "nome",
            "passeggero",
            "ospite",
            "passageiro",
            "hospede",
        ],
    ),
    (
        Column::Tags,
        &[
            "tag",
            "label",
            "group",
            "category",
            "gruppe",
            "etiqueta",
            "grupo",
            "etiquette",
            "groupe",
            "etichetta",
            "gruppo",
        ],
    ),
    (
        Column::Note,
        &[
            "note",
            "remark",
            "comment",
            "bemerkung",
            "anmerkung",
            "notiz",
            "kommentar",
            "nota",
            "comentario",
            "observacion",
            "remarque",
            "commentaire",
            "commento",
            "osservazion",
            "observac",
        ],
    ),
];

/// Two-letter words are headings only if nothing else stands there.
const WHOLE: &[(Column, &[&str])] = &[
    (Column::TripStart, &["du", "de", "da"]),
    (Column::TripEnd, &["to", "au", "al", "a", "ate"]),
];

/// In lowercase, without accents, blanks and marks.
fn plain(heading: &str) -> String {
    heading
        .nfd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a heading says; `None`: nothing that is known.
pub(super) fn by_heading(heading: &str) -> Option<Column> {
    let joined = plain(heading);
    let whole = WHOLE.iter().find(|(_, words)| words.contains(&&*joined));
    if let Some((column, _)) = whole {
        return Some(*column);
    }
    let words: Vec<String> = heading
        .split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .collect();
    // Short words are parts of others by chance.
    let has = |word: &str| {
        words.iter().any(|one| one.starts_with(word)) || (word.len() >= 5 && joined.contains(word))
    };
    let mut best: Option<(Column, usize)> = None;
    for (column, known) in HEADINGS {
        for word in known.iter().filter(|word| has(word)) {
            if best.is_none_or(|(_, length)| word.len() > length) {
                best = Some((*column, word.len()));
            }
        }
    }
    best.map(|(column, _)| column)
}

/// How many lines are looked at for what a column holds.
const MAX_SAMPLED_ROWS: usize = 50;

/// What each column says, and whether the first line names them.
pub(super) fn recognise(table: &Table) -> (Vec<Column>, bool) {
    let width = table.width();
    let named: Vec<Option<Column>> = (0..width)
        .map(|at| by_heading(table.rows.first().map_or("", |row| row.text(at))))
        .collect();
    // Data may contain such a word by chance; digits are never headings.
    let numbers = table.rows.first().is_some_and(|row| {
        let mut cells = row.cells.iter();
        cells.any(|cell| digits(&cell.text).len() > 3)
    });
    let headed = !numbers && named.iter().flatten().count() >= 2.min(width);
    let columns = (0..width).map(|at| {
        let heading = named.get(at).copied().flatten().filter(|_| headed);
        heading.unwrap_or_else(|| by_content(table, at, headed))
    });
    let mut columns: Vec<Column> = columns.collect();
    only_one(&mut columns, Column::Iccid, table, headed);
    if !headed {
        first_days(&mut columns);
        first_texts(&mut columns, table);
    }
    (columns, headed)
}

fn by_content(table: &Table, at: usize, headed: bool) -> Column {
    let rows = table
        .rows
        .iter()
        .skip(usize::from(headed))
        .take(MAX_SAMPLED_ROWS);
    let texts: Vec<&str> = rows
        .map(|row| row.text(at))
        .filter(|text| !text.is_empty())
        .collect();
    let most = |is: &dyn Fn(&str) -> bool| {
        !texts.is_empty() && texts.iter().filter(|text| is(text)).count() * 2 > texts.len()
    };
    if most(&|text| is_iccid(text)) {
        Column::Iccid
    } else if headed {
        Column::Ignored
    } else if most(&|text| text.contains('@')) {
        Column::Contact
    } else if most(&|text| {
        days::read(text, true)
            .or_else(|| days::read(text, false))
            .is_some()
    }) {
        Column::TripStart
    } else {
        Column::Ignored
    }
}

/// Eighteen digits or more, and 89 in front (ITU-T E.118).
fn is_iccid(text: &str) -> bool {
    let digits = digits(text);
    digits.len() >= WHOLE_DIGITS && digits.starts_with("89")
}

/// Of several columns that say "SIM", the one with numbers in it.
fn only_one(columns: &mut [Column], which: Column, table: &Table, headed: bool) {
    let found: Vec<usize> = (0..columns.len())
        .filter(|at| columns.get(*at) == Some(&which))
        .collect();
    if found.len() < 2 {
        return;
    }
    let numbers = |at: usize| {
        let rows = table
            .rows
            .iter()
            .skip(usize::from(headed))
            .take(MAX_SAMPLED_ROWS);
        rows.filter(|row| digits(row.text(at)).len() >= FEWEST_DIGITS)
            .count()
    };
    let best = found
        .iter()
        .copied()
        .max_by_key(|at| (numbers(*at), usize::MAX - at));
    for at in found {
        if let Some(column) = columns.get_mut(at).filter(|_| Some(at) != best) {
            *column = Column::Ignored;
        }
    }
}

/// Of two columns with days the first is the start of the trip.
fn first_days(columns: &mut [Column]) {
    let mut days = columns
        .iter_mut()
        .filter(|column| **column == Column::TripStart)
        .skip(1);
    if let Some(second) = days.next() {
        *second = Column::TripEnd;
    }
    for more in days {
        *more = Column::Ignored;
    }
}

/// Without headings: a column of texts with digits in them is a reference, one without is a name.
fn first_texts(columns: &mut [Column], table: &Table) {
    let mut has = (false, false);
    for (at, column) in columns.iter_mut().enumerate() {
        if *column != Column::Ignored {
            continue;
        }
        let rows = table.rows.iter().take(MAX_SAMPLED_ROWS);
        let texts: Vec<&str> = rows
            .map(|row| row.text(at))
            .filter(|text| !text.is_empty())
            .collect();
        let numbered = texts
            .iter()
            .filter(|text| text.chars().any(|c| c.is_ascii_digit()))
            .count();
        if texts.is_empty() {
            continue;
        }
        if numbered * 2 > texts.len() && !has.0 {
            *column = Column::Reference;
            has.0 = true;
        } else if numbered * 2 <= texts.len() && !has.1 {
            *column = Column::Name;
            has.1 = true;
        }
    }
}
