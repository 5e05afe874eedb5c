//! Whether a name is that of more travellers than it names: `Max Muster +1`, `Familie Muster (4)`, `Muster, Anna u. Bernd`.
//!
//! Of them nobody can be made: of some only the number is known. They are told, so that somebody names them.

use super::plain::plain;
use super::several::{is_company, is_name, is_title};

/// Most travellers of one cell: a greater number says something else.
const MAX_TRAVELLERS: u32 = 20;

/// Most of whom a number in brackets alone tells: a greater one may be an age or a room.
const MAX_BRACKETED: u32 = 9;

/// Signs between two travellers, and what stands for one more.
const SIGNS: [char; 5] = ['+', '&', ';', '|', '×'];

/// What joins somebody to a name, in six languages.
const JOINS: &[&str] = &[
    "+",
    "&",
    "and",
    "und",
    "u",
    "et",
    "y",
    "e",
    "mit",
    "with",
    "avec",
    "con",
    "com",
    "w",
    "sowie",
    "plus",
    "inkl",
    "inklusive",
    "incl",
    "including",
    "mas",
    "mais",
    "piu",
];

/// Those of them between which two persons stand, and not the words of a surname.
const ANDS: &[&str] = &["+", "&", ";", "|", "and", "und", "u", "et", "sowie"];

/// Those that stand inside of surnames too, but for behind a comma.
const ANDS_IN_NAMES: &[&str] = &["y", "e"];

/// Who comes along, as far as that is not a name.
const COMPANIONS: &[&str] = &[
    // English
    "wife",
    "husband",
    "spouse",
    "partner",
    "guest",
    "guests",
    "child",
    "children",
    "kid",
    "kids",
    "son",
    "sons",
    "daughter",
    "friend",
    "friends",
    "family",
    "companion",
    "baby",
    "infant",
    "one",
    // German
    "frau",
    "mann",
    "ehefrau",
    "ehemann",
    "gattin",
    "gatte",
    "partnerin",
    "begleitung",
    "begleitperson",
    "gast",
    "gaste",
    "kind",
    "kinder",
    "kindern",
    "sohn",
    "sohne",
    "tochter",
    "freund",
    "freundin",
    "freunde",
    "familie",
    "fam",
    // French
    "femme",
    "mari",
    "epouse",
    "epoux",
    "conjoint",
    "conjointe",
    "compagne",
    "compagnon",
    "invite",
    "enfant",
    "enfants",
    "fils",
    "fille",
    "filles",
    "ami",
    "amie",
    "amis",
    "famille",
    "bebe",
    // Spanish
    "esposa",
    "esposo",
    "mujer",
    "marido",
    "pareja",
    "acompanante",
    "acompanantes",
    "invitado",
    "nino",
    "ninos",
    "hijo",
    "hija",
    "hijos",
    "hijas",
    "amigo",
    "amiga",
    "amigos",
    "familia",
    // Italian
    "moglie",
    "marito",
    "coniuge",
    "compagna",
    "compagno",
    "accompagnatore",
    "ospite",
    "ospiti",
    "bambino",
    "bambini",
    "figlio",
    "figlia",
    "figli",
    "amici",
    "famiglia",
    // Portuguese
    "mulher",
    "conjuge",
    "parceiro",
    "parceira",
    "acompanhante",
    "acompanhantes",
    "convidado",
    "crianca",
    "criancas",
    "filho",
    "filha",
    "filhos",
];

/// Whose somebody is, in front of who comes along.
const POSSESSIVES: &[&str] = &[
    "his", "her", "their", "the", "seine", "seiner", "seinem", "ihre", "ihrer", "ihrem", "son",
    "sa", "ses", "su", "sus", "sua", "suas", "seu", "seus", "suo", "suoi", "sue", "la", "il",
];

/// Those who follow a company's name as well: `Muster & Partner`.
const ALSO_COMPANIES: &[&str] = &[
    "partner", "son", "sons", "sohn", "sohne", "fils", "hijo", "hijos", "figli", "filhos",
];

/// What stands for all of several, alone or in front of a surname.
const GROUPS: &[&str] = &[
    "familie",
    "fam",
    "family",
    "famille",
    "familia",
    "famiglia",
    "ehepaar",
    "eheleute",
    "couple",
    "epoux",
    "matrimonio",
    "coniugi",
    "casal",
    "group",
    "gruppe",
    "groupe",
    "grupo",
    "gruppo",
    "party",
    "geschwister",
    "reisegruppe",
];

/// Those of them that stand behind a surname and are none.
const GROUPS_BEHIND: &[&str] = &["familie", "family", "group", "gruppe", "party", "couple"];

/// What is counted, beside a number of two or more.
const COUNTED: &[&str] = &[
    "pax",
    "paxe",
    "pers",
    "person",
    "persons",
    "personen",
    "people",
    "ppl",
    "pp",
    "personnes",
    "personas",
    "persone",
    "pessoas",
    "erw",
    "erwachsene",
    "adult",
    "adults",
    "adultes",
    "adultos",
    "adulti",
    "travellers",
    "travelers",
    "reisende",
    "reisenden",
    "voyageurs",
    "viajeros",
    "viaggiatori",
    "viajantes",
    "passagiere",
    "passengers",
    "passagers",
    "pasajeros",
    "passeggeri",
    "passageiros",
    "teilnehmer",
    "participants",
    "participantes",
    "partecipanti",
    "guests",
    "gaste",
    "ospiti",
    "kinder",
    "children",
    "kids",
    "enfants",
    "ninos",
    "bambini",
    "criancas",
    "x",
];

/// Whether a text that may be a name is that of several travellers.
pub(super) fn is_party(text: &str) -> bool {
    if text.to_lowercase().contains("c/o") || is_company(text) {
        return false;
    }
    let tokens = tokens(text);
    let named = tokens.iter().any(|token| is_word(token));
    named
        && (is_counted(text, &tokens)
            || is_accompanied(&tokens)
            || is_joined(text, &tokens)
            || are_two(text))
}

/// Whether a text is no name but says who comes along: `seine Frau`, `son épouse`.
pub(super) fn is_companion(text: &str) -> bool {
    match tokens(text).as_slice() {
        [whose, who] => POSSESSIVES.contains(&whose.as_str()) && COMPANIONS.contains(&who.as_str()),
        _ => false,
    }
}

/// The words, numbers and signs of a text, as they are compared: `2pax` and `x2` are two each.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        let sign = SIGNS.contains(&letter);
        let other = letter.is_ascii_digit() != before.is_ascii_digit();
        if sign || other || !letter.is_alphanumeric() || SIGNS.contains(&before) {
            tokens.push(String::new());
        }
        if let Some(last) = tokens.last_mut()
            && (sign || letter.is_alphanumeric())
        {
            last.push(letter);
        }
        before = letter;
    }
    let plain = tokens.iter().map(|token| match token.as_str() {
        "×" => "x".to_owned(),
        sign if sign.starts_with(SIGNS) => sign.to_owned(),
        word => plain(word),
    });
    plain.filter(|token| !token.is_empty()).collect()
}

fn number(token: &str) -> Option<u32> {
    let number = token.parse().ok().filter(|_| token.len() <= 2)?;
    (1..=MAX_TRAVELLERS).contains(&number).then_some(number)
}

/// `Muster +1`, `Muster x2`, `Muster (2 pax)`, `Muster (4)`
fn is_counted(text: &str, tokens: &[String]) -> bool {
    let mut pairs = tokens.iter().zip(tokens.iter().skip(1)).enumerate();
    let counted = |word: &String| COUNTED.contains(&word.as_str());
    let is_party = tokens.iter().any(|token| token == "party");
    let beside = pairs.any(|(at, (one, other))| match (number(one), number(other)) {
        (None, Some(count)) => {
            let more = at > 0 && JOINS.contains(&one.as_str());
            more || (count > 1 && (counted(one) || (is_party && one == "of")))
        }
        (Some(count), None) => count > 1 && counted(other),
        _ => false,
    });
    let mut bracketed = text.split(['(', '[']).skip(1);
    let alone = bracketed.any(|rest| {
        let inside = rest.split([')', ']']).next().unwrap_or_default().trim();
        number(inside).is_some_and(|count| (2..=MAX_BRACKETED).contains(&count))
    });
    beside || alone
}

/// `Muster und Frau`, `Familie Muster`
fn is_accompanied(tokens: &[String]) -> bool {
    let mut joins = tokens.iter().enumerate().skip(1);
    let comes = joins.any(|(at, join)| {
        let (before, behind) = tokens.split_at_checked(at).unwrap_or_default();
        let behind = behind.get(1..).unwrap_or_default();
        let behind = match behind {
            [whose, rest @ ..] if !rest.is_empty() && POSSESSIVES.contains(&whose.as_str()) => rest,
            all => all,
        };
        let [who, rest @ ..] = behind else {
            return false;
        };
        let names = before.iter().filter(|token| is_word(token)).count();
        let company = names < 2 && ALSO_COMPANIES.contains(&who.as_str());
        // A title has a name behind it.
        let titled = who == "frau" && !rest.is_empty();
        let along = JOINS.contains(&join.as_str()) && COMPANIONS.contains(&who.as_str());
        along && !company && !titled
    });
    let is = |word: Option<&String>, groups: &[&str]| {
        word.is_some_and(|word| groups.contains(&word.as_str()))
    };
    comes || is(tokens.first(), GROUPS) || is(tokens.last(), GROUPS_BEHIND)
}

/// `Muster, Anna u. Bernd`, `Muster Anna, Bernd, Carla`
fn is_joined(text: &str, tokens: &[String]) -> bool {
    let parts: Vec<&str> = text.split([',', ';', '|']).map(str::trim).collect();
    if !parts.iter().all(|part| is_name(part)) {
        return false;
    }
    let joins = |tokens: &[String], ands: &[&str]| {
        let mut both = tokens
            .iter()
            .zip(tokens.iter().skip(1))
            .zip(tokens.iter().skip(2));
        both.any(|((before, and), behind)| {
            ands.contains(&and.as_str()) && is_word(before) && is_word(behind)
        })
    };
    let names = parts
        .iter()
        .filter(|part| self::tokens(part).iter().any(|one| is_word(one)));
    let mut behind = parts.iter().skip(1).map(|part| self::tokens(part));
    names.count() > 2 || joins(tokens, ANDS) || behind.any(|tokens| joins(&tokens, ANDS_IN_NAMES))
}

/// `Maria e João`: two first names, or a surname alone.
fn are_two(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [one, and, other] = words.as_slice() else {
        return false;
    };
    let named = |word: &str| is_name(word) && is_word(&plain(word));
    ANDS_IN_NAMES.contains(and) && named(one) && named(other)
}

/// Whether it may be part of somebody's name.
fn is_word(token: &str) -> bool {
    token.len() > 1 && token.contains(char::is_alphabetic) && !is_title(token)
}
