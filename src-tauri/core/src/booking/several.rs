//! Several travellers in one cell: `Anna Muster, Bernd Muster`, `Anna & Bernd Muster`, one below the other.
//!
//! A name may have the same marks in it: `Muster, Anna` is one person, `Ortega y Gasset` a surname, `Muster & Co.` a
//! company. Nobody is made up: what could be one person's name is one until somebody says otherwise.

mod couples;
mod lines;

use super::ages::WithoutAges;

/// Most travellers of one cell: what has more parts is a text.
const MAX_TRAVELLERS: usize = 20;

/// Longest name, in characters.
const MAX_NAME: usize = 60;

/// What stands between two travellers and in no name.
const BREAKS: [&str; 5] = ["\n", "\r", ";", "|", " / "];

/// Dashes between two travellers.
const DASHES: [&str; 3] = [" - ", " – ", " — "];

/// What joins the last two of several, each between blanks.
const ANDS: [&str; 10] = ["&", "+", "and", "und", "et", "y", "e", "u.", "sowie", "con"];

/// Those of them that stand inside of surnames too.
const ANDS_IN_NAMES: [&str; 3] = ["y", "e", "con"];

/// What a surname may begin with.
const PARTICLES: &[&str] = &[
    "von", "van", "vom", "zu", "zum", "zur", "de", "del", "della", "di", "da", "das", "do", "dos",
    "du", "des", "la", "le", "der", "den", "ter", "ten", "al", "bin", "ben", "st.", "san",
];

/// How somebody is addressed, which makes a surname a whole name.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "herr", "frau", "hr", "fr", "sr", "sra", "señor", "señora", "m",
    "mme", "mlle", "monsieur", "madame", "sig", "sig.ra", "signor", "signora", "senhor", "senhora",
];

/// What follows or precedes a name and is none.
const DEGREES: &[&str] = &[
    "dr", "prof", "med", "dipl", "ing", "mag", "phd", "md", "jr", "sen", "jun", "mba", "msc",
    "bsc", "dott", "drs", "ii", "iii", "iv",
];

/// Words of companies and of groups.
const GROUPS: &[&str] = &[
    "gmbh", "ag", "kg", "ohg", "co", "ltd", "llc", "inc", "corp", "plc", "sa", "sl", "sarl", "srl",
    "spa", "lda", "ltda", "bv", "nv", "company", "söhne", "sohn", "sons", "partner", "partners",
    "hijos", "fils", "figli", "filhos", "family", "familie", "fam", "familia", "famille",
    "famiglia", "família", "group", "gruppe", "grupo", "groupe", "gruppo", "travel", "reisen",
    "viajes", "voyages", "viaggi", "viagens", "hotel", "tours", "verein", "club", "team",
];

/// What companies are by law, as their names end in it: `Muster GmbH`, `Viajes Sol, S.L.` Short ones are surnames too, unless
/// they are written in capitals or with dots.
const LEGAL_FORMS: &[&str] = &[
    "gmbh", "mbh", "ohg", "ltd", "limited", "llc", "llp", "inc", "corp", "plc", "sarl", "eurl",
    "srl", "ltda", "lda", "snc", "gbr",
];
const SHORT_FORMS: &[&str] = &[
    "AG", "KG", "SA", "SL", "SE", "BV", "NV", "SPA", "SAS", "SLU", "SAU", "UG", "CO",
];

/// Those whom a cell names, or may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamesOfCell {
    pub names: Vec<String>,
    /// Whether they can't be one.
    pub sure: bool,
}

/// The travellers in a text that may be the name of one.
pub(super) fn whole(text: &str) -> Option<NamesOfCell> {
    if text.to_lowercase().contains("c/o") {
        return None;
    }
    let found = match WithoutAges::of(text) {
        None => by_marks(text),
        Some(ages) => by_marks(&ages.bare())
            .filter(|found| found.sure)
            .or_else(|| by_ages(&ages))
            .or_else(|| by_marks(&ages.bare())),
    }?;
    (2..=MAX_TRAVELLERS)
        .contains(&found.names.len())
        .then_some(found)
}

/// A text without the ages that are certainly no part of it, and these.
pub(super) fn without_ages(text: &str) -> (String, Vec<String>) {
    let ages = WithoutAges::of(text).filter(WithoutAges::is_of_one);
    match ages.filter(|_| whole(text).is_none()) {
        Some(ages) => (ages.bare(), ages.said),
        None => (text.to_owned(), Vec::new()),
    }
}

/// What is said of ages in a text, and is left out of the names that are taken of it.
pub(super) fn ages_left_out(text: &str) -> Vec<String> {
    match whole(text) {
        Some(_) => WithoutAges::of(text)
            .map(|ages| ages.said)
            .unwrap_or_default(),
        None => without_ages(text).1,
    }
}

fn by_marks(text: &str) -> Option<NamesOfCell> {
    couples::of(text)
        .or_else(|| by_numbers(text))
        .or_else(|| by_breaks(text))
        .or_else(|| by_dashes(text))
        .or_else(|| by_and(text))
        .or_else(|| by_comma(text))
        .or_else(|| lines::of_airlines(text))
        .or_else(|| lines::of(text))
}

/// `Uwe (45), Ida (12)`: each has an age, so each is somebody.
fn by_ages(ages: &WithoutAges) -> Option<NamesOfCell> {
    let parts = ages.aged()?;
    let mut names = Vec::new();
    for part in &parts {
        let mut name = bare(part);
        if let Some((first, rest)) = name.split_once(' ')
            && ANDS.contains(&first.to_lowercase().as_str())
            && !names.is_empty()
        {
            name = bare(rest);
        }
        if !is_name(name) || words(name).is_empty() {
            return None;
        }
        names.push(name.to_owned());
    }
    (names.len() > 1).then_some(NamesOfCell { names, sure: true })
}

/// `Anna Muster - Bernd Muster`; a dash between blanks stands in a surname, too, and in front of a place.
fn by_dashes(text: &str) -> Option<NamesOfCell> {
    let mut parts = vec![text];
    for mark in DASHES {
        parts = parts.iter().flat_map(|part| part.split(mark)).collect();
    }
    let parts: Vec<&str> = parts.into_iter().map(bare).collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_whole(part)) {
        return None;
    }
    let marked = |mark: char| parts.iter().all(|part| part.contains(mark));
    let sure = parts.len() > 2 || marked(',') || marked('/') || is_shared(&parts);
    let names = parts.iter().map(|part| (*part).to_owned()).collect();
    Some(NamesOfCell { names, sure })
}

/// The travellers in a first and a last name.
pub(super) fn parts(first: &str, last: &str) -> Option<NamesOfCell> {
    let (firsts, sure) = listed(first, true);
    let (lasts, _) = listed(last, false);
    let fits = |name: &str| is_name(name) && !words(name).is_empty();
    let fit = firsts.iter().chain(&lasts).all(|name| fits(name));
    if !fit || !(2..=MAX_TRAVELLERS).contains(&firsts.len()) {
        return None;
    }
    let names = match lasts.as_slice() {
        [last] => firsts
            .iter()
            .map(|first| format!("{first} {last}"))
            .collect(),
        lasts if lasts.len() == firsts.len() => {
            let pairs = firsts.iter().zip(lasts);
            pairs
                .map(|(first, last)| format!("{first} {last}"))
                .collect()
        }
        _ => return None,
    };
    Some(NamesOfCell { names, sure })
}

/// A name in one line, with commas where lines ended.
pub(super) fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    let several = lines.len() > 1 && whole(text).is_some();
    lines.join(if several { ", " } else { " " })
}

/// `1. Anna Muster 2. Bernd Muster`
fn by_numbers(text: &str) -> Option<NamesOfCell> {
    let mut names = vec![String::new()];
    for token in text.split_whitespace() {
        let number = token.trim_end_matches(['.', ')']);
        let next = number.len() < token.len() && number == names.len().to_string();
        match names.last_mut() {
            _ if next => names.push(String::new()),
            Some(name) => {
                name.push_str(token);
                name.push(' ');
            }
            None => {}
        }
    }
    let names: Vec<String> = names.iter().map(|name| bare(name).to_owned()).collect();
    let (none, names) = names.split_first()?;
    let fit = none.is_empty() && names.len() > 1 && names.iter().all(|name| is_whole(name));
    fit.then(|| NamesOfCell {
        names: names.to_vec(),
        sure: true,
    })
}

fn by_breaks(text: &str) -> Option<NamesOfCell> {
    let mut parts = vec![text];
    for mark in BREAKS {
        parts = parts.iter().flat_map(|part| part.split(mark)).collect();
    }
    // Without blanks around it a slash stands between surname and first name as well.
    if let [one] = parts.as_slice() {
        parts = one.split('/').collect();
        if parts.len() > 1 && !parts.iter().all(|part| is_whole(bare(part))) {
            return None;
        }
    }
    let parts = parts.into_iter().map(bare).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let mut names = Vec::new();
    for part in &parts {
        match by_and(part).filter(|found| found.sure) {
            Some(found) if parts.len() > 1 => names.extend(found.names),
            _ if is_whole(part) => names.push((*part).to_owned()),
            _ => return None,
        }
    }
    (parts.len() > 1).then_some(NamesOfCell { names, sure: true })
}

/// `Anna Muster und Bernd Vogel`, `Anna & Bernd Muster`
fn by_and(text: &str) -> Option<NamesOfCell> {
    let mut parts = vec![String::new()];
    let mut in_names = false;
    for token in text.split_whitespace() {
        let lower = token.to_lowercase();
        if ANDS.contains(&lower.as_str()) {
            in_names |= ANDS_IN_NAMES.contains(&lower.as_str());
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(token);
            part.push(' ');
        }
    }
    let parts: Vec<&str> = parts.iter().map(|part| bare(part)).collect();
    let (last, others) = parts.split_last()?;
    if others.is_empty() || !parts.iter().all(|part| is_name(part)) {
        return None;
    }
    let mut names = Vec::new();
    let mut sure = true;
    for part in &parts {
        // Behind a comma a first name may stand, or in front of it: `Anna, Bernd and Carla Muster`.
        let either = part.contains(',') && !last.contains(',') && is_whole(part);
        if is_whole(part) && !either {
            names.push((*part).to_owned());
        } else if let Some(found) = by_comma(part).filter(|_| !either) {
            // A comma in front of an "and" parts a list, but where surnames are double.
            sure &= found.sure || !in_names;
            names.extend(found.names);
        } else {
            return given_names(others, last).filter(|_| !in_names || is_short(others));
        }
    }
    Some(NamesOfCell { names, sure })
}

/// Whether these are single words, as first names are.
fn is_short(parts: &[&str]) -> bool {
    parts
        .iter()
        .all(|part| part.split_whitespace().count() == 1)
}

/// First names in front of the only whole name: its surname is theirs.
fn given_names(others: &[&str], last: &str) -> Option<NamesOfCell> {
    if !is_whole(last) || last.contains(',') {
        return None;
    }
    let listed = others.iter().flat_map(|part| part.split(','));
    let given: Vec<&str> = listed.map(str::trim).collect();
    // `Muster, Anna & Bernd Vogel` begins with a surname.
    let sure = given.len() == others.len();
    if !is_short(&given) {
        return None;
    }
    let surname = surname(last)?;
    let names = given.iter().map(|first| format!("{first} {surname}"));
    let names = names.chain([last.to_owned()]).collect();
    Some(NamesOfCell { names, sure })
}

/// What stands behind the first name.
fn surname(name: &str) -> Option<String> {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let title = |word: &str| TITLES.contains(&plain(word).as_str());
    if words.len() > 2 && words.first().is_some_and(|word| title(word)) {
        words.remove(0);
    }
    let particle = |word: &&str| PARTICLES.contains(&word.to_lowercase().as_str());
    let from = words
        .iter()
        .skip(1)
        .position(particle)
        .map_or(1, |at| at + 1);
    let surname = words.get(from..)?.join(" ");
    (!surname.is_empty()).then_some(surname)
}

fn by_comma(text: &str) -> Option<NamesOfCell> {
    let parts = text.split(',').map(bare).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let fit = parts.len() > 1 && parts.iter().all(|part| is_name(part));
    if !fit {
        return None;
    }
    let names = || parts.iter().map(|part| (*part).to_owned()).collect();
    if parts.iter().all(|part| is_whole(part)) {
        // With two surnames and two first names one person has a comma as well.
        let slashed = parts.iter().all(|part| part.contains('/'));
        let sure = parts.len() > 2 || slashed || is_shared(&parts);
        return Some(NamesOfCell {
            names: names(),
            sure,
        });
    }
    let (last, others) = parts.split_last()?;
    let found = given_names(others, last).filter(|_| others.len() > 1)?;
    Some(NamesOfCell {
        sure: false,
        ..found
    })
}

/// Whether all of them have a surname in common, in front or behind.
fn is_shared(parts: &[&str]) -> bool {
    let same = |word: &dyn Fn(&str) -> Option<String>| {
        let mut words = parts.iter().map(|part| word(part));
        let first = words.next().flatten();
        first.is_some() && words.all(|one| one == first)
    };
    same(&|part| part.split_whitespace().last().map(plain))
        || same(&|part| {
            part.split_whitespace()
                .next()
                .map(plain)
                .filter(|word| !is_title(word))
        })
}

pub(super) fn is_title(plain: &str) -> bool {
    TITLES.contains(&plain) || DEGREES.contains(&plain)
}

fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.to_lowercase()
}

/// The names in one of a person's two parts, and whether they can't be one.
fn listed(text: &str, first: bool) -> (Vec<String>, bool) {
    let mut text = text.to_owned();
    for mark in BREAKS {
        text = text.replace(mark, " & ");
    }
    let commas = first && text.contains(',');
    let text = if first {
        text.replace(',', " & ")
    } else {
        text
    };
    let mut names = vec![String::new()];
    for token in text.split_whitespace() {
        let lower = token.to_lowercase();
        let is_and = ANDS.contains(&lower.as_str());
        let joins = is_and && (first || !ANDS_IN_NAMES.contains(&lower.as_str()));
        match names.last_mut() {
            _ if joins => names.push(String::new()),
            Some(name) => {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(token);
            }
            None => {}
        }
    }
    names.retain(|name| !name.is_empty());
    (names, !commas)
}

/// Without what numbers it, and without marks at its ends.
fn bare(part: &str) -> &str {
    let part = part.trim();
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let listed = rest
        .strip_prefix(['.', ')'])
        .filter(|_| rest.len() < part.len());
    let part = listed.unwrap_or(part);
    part.trim_matches(|c: char| c.is_whitespace() || ",;-–•*·&+".contains(c))
}

/// Whether a text can be somebody's name, or a part of one.
pub(super) fn is_name(text: &str) -> bool {
    let company = || {
        let mut words = text.split_whitespace().map(plain);
        words.any(|word| GROUPS.contains(&word.as_str()))
    };
    text.contains(char::is_alphabetic)
        && text.chars().count() <= MAX_NAME
        && !text.contains(|c: char| c.is_numeric() || "@:=<>()[]\"".contains(c))
        && !company()
}

/// Whether a text is the name of a company: it ends in what that is by law, or goes on behind it only with another such word.
pub(super) fn is_company(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let named = words
        .next()
        .is_some_and(|word| word.contains(char::is_alphabetic));
    let is_form = |word: &str| {
        let word = word.trim_matches([',', ';', '(', ')']);
        let dotted = word.trim_end_matches('.').contains('.');
        let bare = word.replace('.', "");
        // Where everything is written in capitals they say nothing: `MARIA DE SA`.
        let stands_out = dotted || text.contains(char::is_lowercase);
        let short = if dotted {
            bare.to_uppercase()
        } else {
            bare.clone()
        };
        LEGAL_FORMS.contains(&bare.to_lowercase().as_str())
            || (stands_out && SHORT_FORMS.contains(&short.as_str()))
    };
    named && words.next_back().is_some_and(is_form)
}

/// The words of a name: neither titles nor single letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == '/');
    let words = words.map(plain).filter(|word| !word.is_empty());
    words.filter(|word| !is_title(word)).collect()
}

/// Whether a text is a whole name: a first and a last one, in either order.
pub(super) fn is_whole(text: &str) -> bool {
    let count = words(text).len();
    let titled = || {
        let first = text.split_whitespace().next().map(plain);
        first.is_some_and(|first| TITLES.contains(&first.as_str()))
    };
    // With a comma it is a surname and first names, if one of them is alone.
    let commas = match text
        .split(',')
        .map(|part| words(part).len())
        .collect::<Vec<_>>()[..]
    {
        [_] => true,
        [one, other] => one == 1 || other == 1,
        _ => false,
    };
    let parted = |mark: char| {
        text.split(mark)
            .all(|part| part.contains(char::is_alphabetic))
    };
    is_name(text) && commas && parted(',') && parted('/') && (count > 1 || (count == 1 && titled()))
}
