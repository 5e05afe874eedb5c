//! What stands where a name should and says that it is not known: `TBA`, `N.N.`, `à confirmer`, `see above`.

use super::plain::plain;

/// What says so, in the languages of the window and in that of the trade.
const UNNAMED: &[&str] = &[
    // English
    "tba",
    "tbc",
    "tbd",
    "tbn",
    "to be advised",
    "to be announced",
    "to be confirmed",
    "to be determined",
    "to be named",
    "to be defined",
    "to be decided",
    "to be provided",
    "to follow",
    "will follow",
    "unknown",
    "not known",
    "not known yet",
    "not yet known",
    "not available",
    "not named",
    "not yet named",
    "unnamed",
    "no name",
    "pending",
    "same as above",
    "as above",
    "see above",
    "see notes",
    "see note",
    "see remarks",
    "ditto",
    // German
    "noch offen",
    "folgt",
    "folgt noch",
    "wird nachgereicht",
    "unbekannt",
    "noch unbekannt",
    "nicht bekannt",
    "noch nicht bekannt",
    "noch nicht benannt",
    "noch zu benennen",
    "steht noch nicht fest",
    "keine angabe",
    "kein name",
    "ohne namen",
    "siehe oben",
    "wie oben",
    "siehe bemerkung",
    "dito",
    // French
    "a confirmer",
    "a definir",
    "a preciser",
    "a determiner",
    "a communiquer",
    "a venir",
    "inconnu",
    "inconnue",
    "pas connu",
    "non connu",
    "non communique",
    "non disponible",
    "en attente",
    "sans nom",
    "voir ci dessus",
    "cf ci dessus",
    "comme ci dessus",
    "voir plus haut",
    // Spanish and Portuguese
    "a confirmar",
    "por confirmar",
    "por definir",
    "a definir",
    "por determinar",
    "a determinar",
    "a designar",
    "a indicar",
    "por indicar",
    "sin confirmar",
    "pendiente",
    "pendiente de confirmar",
    "desconocido",
    "no disponible",
    "sin nombre",
    "ver arriba",
    "igual que arriba",
    "vease arriba",
    "pendente",
    "desconhecido",
    "nao disponivel",
    "sem nome",
    "ver acima",
    "igual acima",
    "igual ao anterior",
    // Italian
    "da definire",
    "da confermare",
    "da comunicare",
    "da determinare",
    "da nominare",
    "da indicare",
    "sconosciuto",
    "ignoto",
    "non noto",
    "non disponibile",
    "in attesa",
    "senza nome",
    "vedi sopra",
    "come sopra",
    "idem",
];

/// Those that may be a part of somebody's name, so that only they alone say it.
const ALONE: &[&str] = &[
    "x", "xx", "xxx", "xxxx", "xxxxx", "nn", "n n", "na", "n a", "n d", "n c", "n v", "k a", "s n",
    "s o", "c s", "o n", "open", "offen", "same", "none", "keiner", "aucun", "ninguno", "nessuno",
    "nenhum",
];

/// What stands beside it and names nobody either.
const BESIDE: &[&str] = &[
    "name",
    "names",
    "namen",
    "nom",
    "noms",
    "nombre",
    "nombres",
    "nome",
    "nomi",
    "nomes",
    "pax",
    "passenger",
    "traveller",
    "traveler",
    "guest",
    "gast",
    "teilnehmer",
    "reisender",
    "passager",
    "voyageur",
    "pasajero",
    "viajero",
    "passeggero",
    "viaggiatore",
    "passageiro",
    "viajante",
    "mr",
    "mrs",
    "ms",
    "herr",
    "frau",
    "ist",
    "is",
];

/// Whether a part of a name says that it is not known.
pub(super) fn is_part(text: &str) -> bool {
    says_so(&plain(text))
}

/// Whether what stands where a whole name should says that it is not known.
pub(super) fn is_whole(text: &str) -> bool {
    let plain = plain(text);
    // Who is called Na is not written as a sign.
    let sign = plain != "na" || !text.contains(char::is_lowercase);
    (sign && ALONE.contains(&plain.as_str())) || says_so(&plain)
}

/// Whether nothing else is said, as often as it is.
fn says_so(plain: &str) -> bool {
    let mut words: Vec<&str> = plain.split(' ').collect();
    // `T.B.A.`
    let letters = plain.replace(' ', "");
    if words.len() > 2 && words.iter().all(|word| word.len() == 1) {
        words = vec![&letters];
    }
    let mut rest = words.as_slice();
    let mut said = false;
    while let [first, behind @ ..] = rest {
        let known = (1..=rest.len()).rev().find(|count| {
            let phrase = rest.get(..*count).unwrap_or_default().join(" ");
            UNNAMED.contains(&phrase.as_str())
        });
        let is_number = first.len() <= 2 && first.bytes().all(|c| c.is_ascii_digit());
        rest = match known {
            Some(count) => rest.get(count..).unwrap_or_default(),
            None if is_number || BESIDE.contains(first) => behind,
            None => return false,
        };
        said |= known.is_some();
    }
    said
}

/// Whether of several names in a text one is not known: `Anna Muster, TBA`.
pub(super) fn is_one_of(text: &str) -> bool {
    let parts = text.split([',', ';', '|', '\n', '\r', '&', '+', '/']);
    let parts = parts.filter(|part| part.contains(char::is_alphabetic));
    let (unnamed, named): (Vec<&str>, Vec<&str>) = parts.partition(|part| is_part(part));
    !unnamed.is_empty() && !named.is_empty()
}
