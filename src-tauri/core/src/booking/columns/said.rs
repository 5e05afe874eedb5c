//! The words of a heading: those that are known, also with a slip of the finger, and whether it has others.

use super::leading;
use super::words::{WORDS, Word};
use crate::booking::ordinals::ORDINALS;
use crate::booking::plain::plain;

/// Longest heading, in characters: nobody writes a story above a column.
pub(super) const MAX_HEADING: usize = 80;

/// The words of a heading of a usual length.
pub(super) fn said(heading: &str) -> Said {
    match heading.chars().count() > MAX_HEADING {
        true => Said::default(),
        false => words(&spelled_out(&plain(&without_endings(heading)))),
    }
}

/// Endings that stand for more than one, or for a woman or a man.
const ENDINGS: [&str; 8] = ["(s)", "(n)", "(e)", "(en)", "(es)", "(a)", "(in)", "(r)"];

pub(super) fn without_endings(heading: &str) -> String {
    let heading = heading.to_owned();
    ENDINGS
        .iter()
        .fold(heading, |text, ending| text.replace(ending, ""))
}

/// Words as the trade shortens them.
const SHORT: &[(&str, &str)] = &[
    ("dep", "departure"),
    ("dpt", "departure"),
    ("arr", "arrival"),
    ("ret", "return"),
    ("rtn", "return"),
    ("abfl", "abflug"),
    ("ruckfl", "ruckflug"),
    ("hin", "hinreise"),
    ("ruck", "ruckreise"),
    ("zuruck", "ruckreise"),
    ("recloc", "locator"),
    ("rloc", "locator"),
    ("rec", "record"),
    ("loc", "locator"),
    ("conf", "confirmation"),
    ("bkg", "booking"),
    ("bkng", "booking"),
    ("rsvn", "reservation"),
    ("resv", "reservation"),
    ("res", "reservation"),
    ("buchg", "buchung"),
    ("paxe", "pax"),
    ("paxname", "pax name"),
    ("psgr", "passenger"),
    ("psgrs", "passenger"),
    ("tvlr", "traveller"),
    ("trvlr", "traveller"),
    ("tln", "teilnehmer"),
    ("cust", "customer"),
    ("dt", "date"),
    ("dte", "date"),
    ("fname", "firstname"),
    ("lname", "lastname"),
    ("dest", "destination"),
    ("flt", "flight"),
    ("tkt", "card"),
    ("ph", "phone"),
    ("rmk", "remark"),
    ("rmks", "remark"),
    ("bem", "bemerkung"),
    ("obs", "observacion"),
    ("rem", "remark"),
    ("rems", "remark"),
    ("komm", "kommentar"),
    ("rufnr", "telefon"),
    ("tfno", "telefono"),
    ("tfn", "telefono"),
    ("tlfn", "telefono"),
    ("telem", "telemovel"),
    ("mob", "mobil"),
    ("mobnr", "mobil"),
    ("hdy", "handy"),
    ("hdynr", "handy"),
    ("gsm", "phone"),
    ("fone", "phone"),
    ("zap", "whatsapp"),
    ("mel", "mail"),
    ("pass", "passport"),
    ("dod", "departure date"),
    ("dor", "return date"),
];

pub(super) fn spelled_out(plain: &str) -> String {
    let word = |word| {
        let short = SHORT.iter().find(|(short, _)| *short == word);
        short.map_or(word, |(_, whole)| *whole)
    };
    plain.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What is known of a heading's words.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub words: Vec<Word>,
    /// Whether something else is said, which nobody knows.
    pub with_unknown: bool,
    /// Whether it is a person's and something else says whose or which: `Hotel guest`, but not `Guest room`.
    pub person_leads: bool,
    /// Whether it says who did something: `Booked by`.
    pub names_doer: bool,
}

/// Words that say nothing of whose a name is.
const FILLERS: &[&str] = &[
    "full",
    "complete",
    "whole",
    "own",
    "main",
    "lead",
    "primary",
    "principal",
    "principale",
    "haupt",
    "voll",
    "voller",
    "vollstandiger",
    "vollstandige",
    "ganzer",
    "kompletter",
    "completo",
    "completa",
    "complet",
    "intero",
    "de",
    "del",
    "della",
    "dello",
    "dei",
    "degli",
    "delle",
    "du",
    "des",
    "la",
    "las",
    "le",
    "les",
    "el",
    "los",
    "lo",
    "il",
    "of",
    "the",
    "do",
    "da",
    "dos",
    "das",
    "der",
    "die",
    "den",
    "dem",
    "vor",
    "von",
    "vom",
    "et",
    "und",
    "and",
    "or",
    "ou",
    "oder",
    "as",
    "in",
    "en",
    "on",
    "per",
    "it",
    "appears",
    "shown",
    "written",
    "wie",
    "laut",
    "gemass",
    "im",
    "comme",
    "que",
    "sur",
    "selon",
    "segun",
    "como",
    "come",
    "conforme",
    "secondo",
    "mr",
    "mrs",
    "ms",
    "frau",
    "herr",
];

/// What compounds end in that have the name of something, as German makes them: `Kursname`.
const COMPOUNDS: [&str; 2] = ["namen", "name"];

/// Fewest letters in a heading that say something.
const MIN_SAYING: usize = 3;

/// The words in a heading, each at its longest: the trip in "Reisende" is none.
pub(super) fn words(plain: &str) -> Said {
    let joined: String = plain.replace(' ', "");
    let (mut starts, mut ends) = (vec![], vec![]);
    let mut length = 0;
    for token in plain.split(' ') {
        starts.push(length);
        length += token.len();
        ends.push(length);
    }
    let mut found: Vec<(usize, usize, Word)> = Vec::new();
    for (meaning, texts) in WORDS {
        for text in texts.split(' ') {
            for (from, _) in joined.match_indices(text) {
                let to = from + text.len();
                let begins = starts.contains(&from);
                let inside = |at: &usize| *at > from && *at < to;
                let split = starts.iter().any(inside);
                let fits = match text.len() {
                    0..=3 => begins && ends.contains(&to) && !split,
                    4 => {
                        (begins && (ends.contains(&to) || !split))
                            || (text == "gast" && ends.contains(&to) && !split)
                    }
                    _ => (begins && ends.contains(&to)) || !split,
                };
                if fits {
                    found.push((from, to, *meaning));
                }
            }
        }
    }
    let longer = |(from, to, _): &(usize, usize, Word)| {
        let mut others = found.iter();
        others.any(|(a, b, _)| a <= from && to <= b && b - a > to - from)
    };
    // A part of a longer word may reach beyond it: the names in "given names" are none.
    let beyond = |(from, to, _): &(usize, usize, Word)| {
        let mut others = found.iter();
        others.any(|(a, b, _)| a < from && from < b && b < to && b - a > to - from)
    };
    let kept = found.iter().filter(|one| !longer(one) && !beyond(one));
    let mut kept: Vec<(usize, usize, Word)> = kept.copied().collect();
    let mut said = Said {
        words: kept.iter().map(|(_, _, word)| *word).collect(),
        ..Said::default()
    };
    for (start, end) in starts.iter().zip(&ends) {
        let token = joined.get(*start..*end).unwrap_or_default();
        let is_known = |at: &usize| found.iter().any(|(from, to, _)| from <= at && at < to);
        let open: Vec<usize> = (*start..*end).filter(|at| !is_known(at)).collect();
        let untouched = open.len() == end - start;
        match corrected(token).filter(|_| untouched) {
            Some(word) => {
                said.words.push(word);
                kept.push((*start, *end, word));
            }
            None => said.add_rest(token, *start, &open),
        }
    }
    let tokens = starts.iter().zip(&ends).map(|(start, end)| *start..*end);
    let tokens: Vec<std::ops::Range<usize>> = tokens.collect();
    said.person_leads = leading::person_leads(&joined, &tokens, &kept);
    said.names_doer = {
        let done = said.any(&[Word::Booked, Word::Foreign, Word::Document]);
        leading::names_doer(plain, done, said.any(&[Word::Booked]))
    };
    said
}

impl Said {
    pub fn any(&self, words: &[Word]) -> bool {
        self.words.iter().any(|word| words.contains(word))
    }

    pub fn names_people(&self) -> bool {
        self.any(&[Word::Traveller, Word::Customer, Word::Somebody])
    }

    /// Whether it names people, or has the word for a name, and says of nothing else that it is one's.
    pub fn names_somebody(&self) -> bool {
        (self.names_people() || self.any(&[Word::Name])) && !self.any(&[Word::Thing])
    }

    /// Whether it names a booking, and neither the trip nor a number of it.
    pub fn names_booking(&self) -> bool {
        let others = [Word::Trip, Word::Reference, Word::Number, Word::Id];
        self.any(&[Word::Booking]) && !self.any(&others)
    }

    /// Whether it names somebody of whom nobody knows whether they travel: who books, sells or enters, or something beside
    /// somebody.
    pub fn names_others(&self) -> bool {
        let others = [Word::Staff, Word::Booker, Word::User, Word::Booked];
        let beside = self.names_people() && self.any(&[Word::Thing]);
        let foreign = [
            Word::Foreign,
            Word::Document,
            Word::Address,
            Word::Number,
            Word::Id,
        ];
        let foreign = self.any(&foreign);
        self.names_doer || self.any(&others) || (beside && !foreign)
    }

    /// Whether those are named who travel with somebody else.
    pub fn names_companions(&self) -> bool {
        self.any(&[Word::Companion]) || (self.any(&[Word::Other]) && self.names_people())
    }

    /// Whether it names what stands between a first and a last name: `Middle name`, `Weitere Vornamen`.
    pub fn names_middle(&self) -> bool {
        self.any(&[Word::Middle]) || (self.any(&[Word::Other]) && self.any(&[Word::First]))
    }

    /// What of a word is not known. `open`: the places of its letters that stand in no known word; `start`: that of its first.
    fn add_rest(&mut self, token: &str, start: usize, open: &[usize]) {
        let end = start + token.len();
        let compound = COMPOUNDS.iter().find(|name| {
            let from = end.saturating_sub(name.len());
            from > start + 2 && token.ends_with(**name) && (from..end).all(|at| open.contains(&at))
        });
        let front = end - compound.map_or(0, |name| name.len());
        let rest = open.iter().filter(|at| **at < front).count();
        let token = token.get(..front - start).unwrap_or_default();
        let says_nothing = FILLERS.contains(&token)
            || ORDINALS.contains(&token)
            || token.contains(|c: char| c.is_ascii_digit());
        let known = corrected(token).filter(|_| compound.is_some() && rest == token.len());
        self.words.extend(compound.map(|_| Word::Name));
        self.words.extend(known);
        self.with_unknown |= rest >= MIN_SAYING && !says_nothing && known.is_none();
    }
}

/// Fewest letters of a word that is known with a slip of the finger, and from where on there may be two.
const MIN_LETTERS: usize = 4;
const MIN_LETTERS_OF_TWO: usize = 8;

/// The word that is meant by one with a slip of the finger; `None`: none is, or more than one may be.
fn corrected(token: &str) -> Option<Word> {
    let letters = token.chars().count();
    if letters < MIN_LETTERS || token.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let most = if letters < MIN_LETTERS_OF_TWO { 1 } else { 2 };
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let mut best: Option<(usize, Option<Word>)> = None;
    for (word, texts) in WORDS {
        for text in texts.split(' ').filter(|text| text.len() >= MIN_LETTERS) {
            let short = letters == MIN_LETTERS || text.len() == MIN_LETTERS;
            // Of four letters one is much; only that two of them changed places is none.
            if text.len().abs_diff(letters) > most || (short && sorted(token) != sorted(text)) {
                continue;
            }
            let slips = strsim::damerau_levenshtein(token, text);
            // Whoever slips twice begins with the right letter: a course's name is no surname.
            let begins = token.chars().next() == text.chars().next();
            let slips = if slips > 1 && !begins {
                most + 1
            } else {
                slips
            };
            best = match best {
                _ if slips > most => best,
                Some((least, _)) if slips > least => best,
                Some((least, found)) if slips == least => {
                    Some((least, found.filter(|found| found == word)))
                }
                _ => Some((slips, Some(*word))),
            };
        }
    }
    best?.1
}
