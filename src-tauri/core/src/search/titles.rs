//! How people are addressed beside their names, in folded words and in the languages of the window. It is not looked for:
//! most names are kept without.

/// Titles, without their points and hyphens.
const TITLES: &[&str] = &[
    // English
    "mr",
    "mrs",
    "ms",
    "mx",
    "miss",
    "mister",
    "master",
    "mstr",
    "sir",
    "madam",
    "lady",
    "prof",
    "professor",
    "dr",
    "doctor",
    "rev",
    // German
    "herr",
    "herrn",
    "hr",
    "hrn",
    "frau",
    "fr",
    "fraulein",
    "frl",
    "fam",
    "familie",
    "eheleute",
    "ehepaar",
    "ing",
    "mag",
    "dipling",
    "drmed",
    "med",
    // French
    "monsieur",
    "messieurs",
    "mm",
    "madame",
    "mesdames",
    "mme",
    "mmes",
    "mademoiselle",
    "mesdemoiselles",
    "mlle",
    "mlles",
    "famille",
    "docteur",
    "professeur",
    "maitre",
    // Spanish
    "senor",
    "senora",
    "senorita",
    "senores",
    "senoras",
    "sr",
    "sra",
    "srta",
    "sres",
    "sras",
    "don",
    "dona",
    "dna",
    "doctora",
    "dra",
    "profesor",
    "profesora",
    "profa",
    "familia",
    // Italian
    "signor",
    "signore",
    "signora",
    "signorina",
    "signori",
    "sig",
    "sigra",
    "signa",
    "sigg",
    "dott",
    "dottssa",
    "dottor",
    "dottore",
    "dottoressa",
    "drssa",
    "profssa",
    "avv",
    "arch",
    "geom",
    "rag",
    "famiglia",
    "spett",
    "gent",
    "egr",
    // Portuguese
    "senhor",
    "senhora",
    "senhores",
    "senhoras",
    "srs",
    "exmo",
    "exma",
    "doutor",
    "doutora",
    "professora",
    "eng",
    "enga",
];

/// Those that are initials as well: only with a point within, in front of everything or behind another.
const INITIALS: &[&str] = &["m", "d", "da"];

/// What stands between two of them: Mr and Mrs, Herr u. Frau, M. et Mme.
const BETWEEN: &[&str] = &["and", "und", "u", "et", "y", "e", "ed", "&", "+"];

/// Takes them away, where more than them is searched.
pub(super) fn without(words: &mut Vec<Vec<String>>) {
    let all: Vec<&str> = words
        .iter()
        .map(|word| word.first().map_or("", String::as_str))
        .collect();
    let mut titles: Vec<bool> = Vec::new();
    for word in &all {
        titles.push(is_title(word, titles.last().is_none_or(|before| *before)));
    }
    for at in 1..all.len().saturating_sub(1) {
        let is = |at: usize| titles.get(at).copied().unwrap_or(false);
        let between = is(at - 1) && is(at + 1);
        let joins = all
            .get(at)
            .is_some_and(|word| BETWEEN.contains(&word.trim_end_matches('.')));
        if let Some(title) = titles.get_mut(at).filter(|_| between && joins) {
            *title = true;
        }
    }
    let names = |(word, title): (&&str, &bool)| !title && word.chars().count() > 1;
    if all.iter().zip(&titles).any(names) {
        let mut titles = titles.into_iter();
        words.retain(|_| !titles.next().unwrap_or(false));
    }
}

fn is_title(word: &str, may_be_initial: bool) -> bool {
    let bare: String = word.chars().filter(|c| !".-".contains(*c)).collect();
    TITLES.contains(&bare.as_str())
        || (INITIALS.contains(&bare.as_str()) && (may_be_initial || word.contains('.')))
}

/// The name behind a title that has no blank behind its point: `dr.muller`.
pub(super) fn behind(word: &str) -> Option<&str> {
    let (title, name) = word.rsplit_once('.')?;
    let is_name = |c: char| c.is_alphabetic() || c == '-';
    (name.chars().count() > 1 && name.chars().all(is_name) && is_title(title, true)).then_some(name)
}
