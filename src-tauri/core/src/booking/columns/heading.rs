//! What a heading says, by its most specific word: "Booking reference" is one, "Booking date" is none.

use super::words::{WORDS, Word};
use crate::booking::column::Column;
use crate::booking::people::ORDINALS;
use crate::booking::plain::plain;

/// What a heading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// What stands below it.
    pub column: Column,
    /// Of several columns that say the same the one with the highest counts.
    pub rank: u8,
    /// Which way a day leads.
    pub way: Way,
}

/// Which way a day leads: whether it is the first or the last of a trip depends on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Plain,
    Departure,
    Arrival,
}

/// The rank of a heading that is as good as none: what stands below has to say so.
pub(super) const DOUBTFUL: u8 = 1;

/// The rank of a name of nobody knows what, which is no traveller's beside a column of people: `Activity name`.
pub(super) const UNSURE: u8 = 0;

/// The ranks of headings that name a traveller, with the word for a name or without.
const TRAVELLERS_NAME: u8 = 6;
const CUSTOMERS_NAME: u8 = 5;
const TRAVELLER: u8 = 4;
/// That of a name that nothing else is said of.
pub(super) const NAME: u8 = 3;
const CUSTOMER: u8 = 2;

/// Longest heading, in characters: nobody writes a story above a column.
const MAX_HEADING: usize = 80;

/// What a heading says; `Err(true)`: nothing that is taken over, but it is a heading; `Err(false)`: nothing known.
pub(super) fn meaning(heading: &str) -> Result<Meaning, bool> {
    if heading.chars().count() > MAX_HEADING {
        return Err(false);
    }
    let plain = spelled_out(&plain(&without_endings(heading)));
    let whole = match plain.as_str() {
        "out" | "out date" | "date out" => return Ok(leads(Way::Departure)),
        "in" | "in date" | "date in" => return Ok(leads(Way::Arrival)),
        "du" | "de" | "da" => Some(Column::TripStart),
        "to" | "au" | "al" | "a" | "ate" => Some(Column::TripEnd),
        "first" => Some(Column::FirstName),
        "last" => Some(Column::LastName),
        _ => None,
    };
    if let Some(column) = whole {
        return Ok(of(column, 1));
    }
    let said = words(&plain);
    match said.words.is_empty() {
        true => Err(false),
        false => decide(&said, is_joined(heading)),
    }
}

/// The words of a heading of a usual length.
fn said(heading: &str) -> Said {
    match heading.chars().count() > MAX_HEADING {
        true => Said::default(),
        false => words(&spelled_out(&plain(&without_endings(heading)))),
    }
}

/// Whether a heading names people, and not only a name.
pub(in crate::booking) fn names_people(heading: &str) -> bool {
    said(heading).names_people()
}

/// Whose name may stand below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::booking) enum MayName {
    /// A person's.
    Person,
    /// That of somebody who travels with another one.
    Companion,
    /// Nobody knows what's.
    Unsure,
    /// Nothing is known of the heading.
    Unknown,
    /// It is about something else.
    Nobody,
}

impl MayName {
    /// What a heading says of that.
    pub fn of(heading: &str) -> MayName {
        let names = [Column::Name, Column::FirstName, Column::LastName];
        match meaning(heading) {
            Ok(said) if names.contains(&said.column) && said.rank == UNSURE => MayName::Unsure,
            Ok(said) if said.column == Column::Name && names_people(heading) => MayName::Person,
            Ok(_) => MayName::Nobody,
            Err(_) if said(heading).names_companions() => MayName::Companion,
            Err(true) if !said(heading).names_somebody() => MayName::Nobody,
            Err(true) => MayName::Unknown,
            Err(false) => MayName::Unknown,
        }
    }
}

/// Whether a heading names a trip, and nothing that is counted or noted of it.
pub(super) fn names_trip(heading: &str) -> bool {
    let said = said(heading);
    !said.words.is_empty() && said.words.iter().all(|word| *word == Word::Trip)
}

/// Whether a heading says nothing but that days stand below it.
pub(super) fn names_days(heading: &str) -> bool {
    let said = said(heading);
    let days = said.words.iter().all(|word| *word == Word::Date);
    days && !said.words.is_empty() && !said.with_unknown
}

/// Endings that stand for more than one, or for a woman or a man.
const ENDINGS: [&str; 8] = ["(s)", "(n)", "(e)", "(en)", "(es)", "(a)", "(in)", "(r)"];

fn without_endings(heading: &str) -> String {
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
];

fn spelled_out(plain: &str) -> String {
    let word = |word| {
        let short = SHORT.iter().find(|(short, _)| *short == word);
        short.map_or(word, |(_, whole)| *whole)
    };
    plain.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What stands between a first and a last name that share a column.
const ANDS: [&str; 9] = [",", "&", "+", " y ", " e ", " et ", " und ", " and ", ";"];

fn is_joined(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ANDS.iter().any(|and| heading.contains(and))
}

/// A day that is the first or the last of a trip: the other one tells.
fn leads(way: Way) -> Meaning {
    let column = Column::TripStart;
    Meaning {
        column,
        rank: 2,
        way,
    }
}

/// What is known of a heading's words.
#[derive(Debug, Default)]
struct Said {
    words: Vec<Word>,
    /// Whether something else is said, which nobody knows.
    with_unknown: bool,
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
fn words(plain: &str) -> Said {
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
                    4 => begins && (ends.contains(&to) || !split),
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
    let kept = kept.map(|(_, _, word)| *word);
    let mut said = Said {
        words: kept.collect(),
        with_unknown: false,
    };
    for (start, end) in starts.iter().zip(&ends) {
        let token = joined.get(*start..*end).unwrap_or_default();
        let is_known = |at: &usize| found.iter().any(|(from, to, _)| from <= at && at < to);
        let open: Vec<usize> = (*start..*end).filter(|at| !is_known(at)).collect();
        let untouched = open.len() == end - start;
        match corrected(token).filter(|_| untouched) {
            Some(word) => said.words.push(word),
            None => said.add_rest(token, *start, &open),
        }
    }
    said
}

impl Said {
    fn any(&self, words: &[Word]) -> bool {
        self.words.iter().any(|word| words.contains(word))
    }

    fn names_people(&self) -> bool {
        self.any(&[Word::Traveller, Word::Customer, Word::Somebody])
    }

    /// Whether it names people, or has the word for a name, and says of nothing else that it is one's.
    fn names_somebody(&self) -> bool {
        (self.names_people() || self.any(&[Word::Name])) && !self.any(&[Word::Thing])
    }

    /// Whether those are named who travel with somebody else.
    fn names_companions(&self) -> bool {
        self.any(&[Word::Companion]) || (self.any(&[Word::Other]) && self.names_people())
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

fn of(column: Column, rank: u8) -> Meaning {
    let way = Way::Plain;
    Meaning { column, rank, way }
}

/// `joined`: whether the heading names two things side by side.
fn decide(said: &Said, joined: bool) -> Result<Meaning, bool> {
    use Word::{
        Address, Arrival, Billing, Booking, Contact, Customer, Date, Departure, Digits, End, First,
        Foreign, Iccid, Id, Last, Mail, Name, Note, Number, Phone, Reference, Return, Shipping,
        Sim, Somebody, Start, Tag, Thing, Traveller, Trip,
    };
    let words = said.words.as_slice();
    let has = |word: Word| words.contains(&word);
    let any = |some: &[Word]| some.iter().any(|word| has(*word));
    let known = |column, rank| Ok(of(column, rank));
    const OTHER: Result<Meaning, bool> = Err(true);
    let way = any(&[Start, End, Departure, Arrival, Return]);
    if has(Foreign) && !any(&[Note]) {
        return OTHER;
    }
    if has(Digits) {
        return known(Column::Iccid, 4);
    }
    if has(Iccid) {
        return known(Column::Iccid, 3);
    }
    if has(Sim) {
        return match () {
            // Whose number it is, is said first.
            () if has(Booking) && any(&[Number, Reference, Id]) => known(Column::Reference, 5),
            () if has(Id) => known(Column::EsimId, 2),
            () if has(Reference) => known(Column::Reference, 3),
            () if has(Number) => known(Column::Iccid, 2),
            () if way || any(&[Date, Name, Thing]) => OTHER,
            () if has(Booking) => known(Column::Reference, 4),
            () => known(Column::Iccid, DOUBTFUL),
        };
    }
    if any(&[Mail, Phone]) {
        return known(Column::Contact, 2);
    }
    if has(Address) {
        return OTHER;
    }
    if has(Note) {
        return known(Column::Note, 2);
    }
    if way || (has(Date) && !any(&[Name, Reference, Number])) {
        return day(words);
    }
    if has(Tag) {
        return known(Column::Tags, 2);
    }
    // Who travels along is never the only one.
    if !joined && said.names_companions() {
        return OTHER;
    }
    let whose = match () {
        () if has(Traveller) => TRAVELLERS_NAME,
        () if has(Customer) => CUSTOMERS_NAME,
        () if has(Billing) => CUSTOMER,
        () if any(&[Shipping, Somebody]) => DOUBTFUL,
        () if said.with_unknown || any(&[Trip, Contact]) => UNSURE,
        () => NAME,
    };
    // Both parts of a name stand below one heading.
    let both = has(First) && has(Last);
    if both || (joined && has(Name) && any(&[First, Last])) {
        return known(Column::Name, whose);
    }
    let names = [
        (First, Column::FirstName),
        (Last, Column::LastName),
        (Name, Column::Name),
    ];
    for (word, column) in names {
        if has(word) {
            return match () {
                () if has(Thing) => OTHER,
                () if has(Booking) => known(column, DOUBTFUL),
                () => known(column, whose),
            };
        }
    }
    let person = any(&[Traveller, Customer, Somebody]);
    if has(Reference) || has(Booking) {
        return match () {
            () if has(Thing) && !any(&[Reference]) => OTHER,
            () if has(Booking) && any(&[Reference, Number]) => known(Column::Reference, 5),
            () if has(Booking) && has(Id) => known(Column::Reference, 4),
            () if has(Reference) => known(Column::Reference, if person { 2 } else { 4 }),
            () if person => known(Column::Name, DOUBTFUL),
            () => known(Column::Reference, 3),
        };
    }
    match () {
        () if has(Trip) && any(&[Number, Id]) => known(Column::Reference, 3),
        () if any(&[Thing, Number, Id]) => OTHER,
        () if has(Contact) => known(Column::Contact, 1),
        // A customer may be a number or a name.
        () if has(Traveller) => known(Column::Name, TRAVELLER),
        () if has(Customer) => known(Column::Name, CUSTOMER),
        () if has(Somebody) => known(Column::Name, DOUBTFUL),
        () if has(Trip) => known(Column::Reference, 2),
        () => OTHER,
    }
}

/// What a heading says that names a day.
fn day(words: &[Word]) -> Result<Meaning, bool> {
    use Word::{Arrival, Booking, Date, Departure, End, Return, Start, Thing, Trip};
    let has = |word: Word| words.contains(&word);
    let last = has(End) || has(Return);
    let first = has(Start) || has(Departure) || has(Arrival);
    if !first && !last {
        // When somebody booked is no day of the trip.
        let trip = has(Trip) && !has(Booking);
        return if trip {
            Ok(of(Column::TripStart, 2))
        } else {
            Err(true)
        };
    }
    // From and to in one: the first day, and the last behind it.
    let column = if last && !first {
        Column::TripEnd
    } else {
        Column::TripStart
    };
    let rank = match () {
        () if has(Trip) => 4,
        () if has(Departure) || has(Arrival) || has(Return) => 3,
        () if has(Booking) || has(Date) => 2,
        () => 1,
    };
    let way = match () {
        () if last => Way::Plain,
        () if has(Arrival) => Way::Arrival,
        () if has(Departure) => Way::Departure,
        () => Way::Plain,
    };
    let rank = if has(Thing) { 1 } else { rank };
    Ok(Meaning { column, rank, way })
}
