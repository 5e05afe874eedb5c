//! What is said of somebody's age beside their name, which is no part of it: `Uwe (Erw.), Ida (12)`, `Anna geb. 12.03.1980`.

use super::months;
use super::plain::plain;

/// Greatest age.
const MAX_AGE: u32 = 120;

/// Most words of a day behind a word of birth: `12. März 1980`.
const MAX_DAY_WORDS: usize = 3;

/// Stands for an age that was taken out of a text.
pub(super) const TAKEN: char = '\u{1}';

/// What a day of birth follows.
const BORN: &[&str] = &[
    "geb",
    "geboren",
    "born",
    "dob",
    "birth",
    "birthday",
    "ne",
    "nee",
    "nacido",
    "nacida",
    "nac",
    "nato",
    "nata",
    "nascido",
    "nascida",
    "nasc",
    "geburtsdatum",
    "geburtstag",
];

/// What may stand between them.
const FILLERS: &[&str] = &[
    "am", "on", "le", "el", "il", "em", "in", "a", "date", "of", "de",
];

/// What years are counted in, behind them.
const YEARS: &[&str] = &[
    "j", "jahre", "jahr", "jahrig", "jahriger", "jahrige", "jr", "y", "yr", "yrs", "yo", "year",
    "years", "old", "ans", "an", "ano", "anos", "anni", "anno", "a", "monate", "months", "mois",
    "meses", "mesi", "alt",
];

/// Those that may stand in front.
const AGE: &[&str] = &["age", "aged", "alter", "edad", "eta", "idade"];

/// What travellers are by their age, one of them.
const AGED: &[&str] = &[
    "erw",
    "erwachsen",
    "erwachsener",
    "erwachsene",
    "adult",
    "adulte",
    "adulto",
    "adulta",
    "adt",
    "kind",
    "kd",
    "child",
    "chd",
    "enfant",
    "nino",
    "nina",
    "bambino",
    "bambina",
    "crianca",
    "baby",
    "bebe",
    "infant",
    "inf",
    "kleinkind",
    "neonato",
    "teen",
    "teenager",
    "jugendlich",
    "jugendlicher",
    "jugendliche",
    "youth",
    "senior",
    "seniorin",
];

/// What is meant to be an age, and what stands around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WithoutAges {
    /// The text, with [`TAKEN`] for each.
    text: String,
    /// Each as it was written.
    pub said: Vec<String>,
    /// Whether one of them is more than a number, which may count travellers.
    is_certain: bool,
}

impl WithoutAges {
    /// Takes the ages out of a text; `None`: nothing in it is certainly one.
    pub fn of(text: &str) -> Option<WithoutAges> {
        let mut found = WithoutAges::default();
        // The end of a line parts words, and is none of one.
        let text = found.bracketed(&text.replace('\n', "\n "));
        found.text = found.beside(&text);
        let is_one = found.is_certain || found.said.len() > 1;
        let named = found.text.contains(char::is_alphabetic);
        (is_one && named).then_some(found)
    }

    /// The text without them, with the marks that were around them.
    pub fn bare(&self) -> String {
        let words = self.text.replace(TAKEN, " ");
        let words = words.split(' ').filter(|word| !word.is_empty());
        let words = words.collect::<Vec<_>>().join(" ");
        let marks = words.replace(" ,", ",").replace(" ;", ";");
        marks.trim_matches([' ', ',', ';']).to_owned()
    }

    /// What stands in front of each; `None`: something stands behind the last.
    pub fn aged(&self) -> Option<Vec<&str>> {
        let mut parts: Vec<&str> = self.text.split(TAKEN).map(str::trim).collect();
        let last = parts.pop()?;
        (!last.contains(char::is_alphanumeric)).then_some(parts)
    }

    /// Whether it is said of one only, and is more than a number.
    pub fn is_of_one(&self) -> bool {
        self.is_certain && self.said.len() == 1
    }

    /// Takes out what stands in brackets.
    fn bracketed(&mut self, text: &str) -> String {
        let mut kept = String::new();
        let mut rest = text;
        while let Some((before, inside, behind)) = in_brackets(rest) {
            kept.push_str(before);
            match is_age(inside) {
                Some(is_certain) => {
                    self.is_certain |= is_certain;
                    self.said.push(inside.trim().to_owned());
                    kept.extend([' ', TAKEN, ' ']);
                }
                None => kept.push_str(
                    rest.get(before.len()..rest.len() - behind.len())
                        .unwrap_or_default(),
                ),
            }
            rest = behind;
        }
        kept + rest
    }

    /// Takes out days of birth, and numbers of years.
    fn beside(&mut self, text: &str) -> String {
        let tokens: Vec<&str> = text.split(' ').collect();
        let mut kept: Vec<String> = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match age_at(tokens.get(at..).unwrap_or_default()) {
                Some(count) if at > 0 => {
                    let said = tokens.get(at..at + count).unwrap_or_default().join(" ");
                    let said = said.trim_end_matches(MARKS);
                    self.said.push(said.to_owned());
                    self.is_certain = true;
                    let last = tokens.get(at + count - 1).copied().unwrap_or_default();
                    let marks = last
                        .get(last.trim_end_matches(MARKS).len()..)
                        .unwrap_or_default();
                    kept.push(format!("{TAKEN}{marks}"));
                    at += count;
                }
                _ => {
                    kept.push((*token).to_owned());
                    at += 1;
                }
            }
        }
        kept.join(" ")
    }
}

/// What parts travellers, behind a word.
const MARKS: [char; 6] = [',', ';', '|', '\n', '\r', '/'];

fn in_brackets(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find(['(', '['])?;
    let (before, rest) = text.split_at_checked(open)?;
    let close = rest.find([')', ']'])?;
    let inside = rest.get(1..close)?;
    Some((before, inside, rest.get(close + 1..)?))
}

/// Whether a text in brackets is an age: `Erw.`, `12`, `12 J.`, `Kind, 7`, `geb. 1.2.1980`, `*1980`. Whether certainly so.
fn is_age(inside: &str) -> Option<bool> {
    let tokens: Vec<&str> = inside.split_whitespace().collect();
    if let [token] = tokens.as_slice()
        && number(token).is_some()
    {
        return Some(false);
    }
    let all = age_at(&tokens).or_else(|| is_day(inside.trim()).then_some(tokens.len()));
    if all == Some(tokens.len()) {
        return Some(true);
    }
    let words = plain(inside);
    let words: Vec<&str> = words.split(' ').collect();
    let (first, rest) = words.split_first()?;
    let years = |word: &&str| number(word).is_some() || YEARS.contains(word);
    ((AGED.contains(first) || AGE.contains(first)) && rest.iter().all(years)).then_some(true)
}

/// How many words from the first on are an age: a day of birth, or a number of years.
fn age_at(tokens: &[&str]) -> Option<usize> {
    let (first, rest) = tokens.split_first()?;
    if first.starts_with('*') {
        return match first.trim_start_matches('*') {
            "" => is_year_or_day(rest.first()?).then_some(2),
            day => is_year_or_day(day).then_some(1),
        };
    }
    let word = plain(first);
    if BORN.contains(&word.as_str()) {
        let fillers = rest
            .iter()
            .take_while(|word| FILLERS.contains(&plain(word).as_str()))
            .count();
        let day = day_words(rest.get(fillers..).unwrap_or_default());
        return (day > 0).then_some(1 + fillers + day);
    }
    if is_day(first) {
        return Some(1);
    }
    // `12 Jahre`, `12J.`
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = word.split_at_checked(digits)?;
    number(count)?;
    match unit.trim_start() {
        "" => {
            // What parts two travellers stands behind the number.
            let is_apart = first.ends_with(MARKS);
            let unit = rest.first().filter(|_| !is_apart).map(|unit| plain(unit))?;
            (YEARS.contains(&unit.as_str()) && unit.len() > 1
                || rest.first().is_some_and(|unit| is_short(unit)))
            .then_some(2)
        }
        unit => YEARS.contains(&unit).then_some(1),
    }
}

/// `J.` and `y`: a single letter that counts years.
fn is_short(unit: &str) -> bool {
    matches!(
        unit.trim_end_matches(MARKS),
        "J." | "J" | "j." | "j" | "y" | "y." | "a."
    )
}

/// How many words are a day: numbers, and a month in letters between them.
fn day_words(tokens: &[&str]) -> usize {
    let mut count = 0;
    for token in tokens.iter().take(MAX_DAY_WORDS) {
        let word = plain(token);
        let is_number = token.starts_with(|c: char| c.is_ascii_digit());
        let is_month = count > 0 && months::month(&word).is_some();
        if !is_number && !is_month {
            break;
        }
        count += 1;
        if token.ends_with([',', ';', '|', '\n', '\r']) || is_year_or_day(token) {
            break;
        }
    }
    count
}

/// `12.03.1980`, `1980-03-12`, `12/3/80`
fn is_day(text: &str) -> bool {
    let text = text.trim_end_matches(MARKS);
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    let is_number =
        |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}

fn is_year_or_day(text: &str) -> bool {
    let bare = text.trim_end_matches(MARKS);
    let is_year = bare.len() == 4 && (bare.starts_with("19") || bare.starts_with("20"));
    (is_year && bare.bytes().all(|c| c.is_ascii_digit())) || is_day(bare)
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|age| is_number && *age <= MAX_AGE)
}
