//! Which known order a reference in a list is: spreadsheets take zeros and digits from numbers, and people write `Nr. 4711`,
//! `lis 1001` or two orders in one cell.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::booking::doubts::LineDoubt;
use crate::booking::line::Booking;
use crate::booking::marks::mark;
use crate::search::{fold, is_label};

/// What stands between two orders in one cell.
const BETWEEN: [&str; 8] = [",", ";", "|", "\n", "&", "+", " und ", " and "];

/// Most orders that one cell names: what has more parts is a text.
const MAX_ORDERS: usize = 20;

/// Longest reference that is compared, in bytes.
const MAX_BYTES: usize = 100;

/// A reference as a person reads it aloud: its letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    /// Its letters and its numbers, part by part, whatever stands between them.
    pub parts: String,
    /// The same without zeros in front of numbers, and without anything between the parts.
    pub near: [String; 2],
}

impl Spelling {
    /// Of a reference as it is compared; `None`: it has neither letters nor digits, or is too long.
    pub fn of(reference: &str) -> Option<Spelling> {
        if reference.len() > MAX_BYTES {
            return None;
        }
        // Letters of other writings look like those of a reference.
        let reference = &*fold(reference);
        let mut parts: Vec<&str> = Vec::new();
        let mut rest = reference;
        while let Some(at) = rest.find(char::is_alphanumeric) {
            rest = rest.get(at..)?;
            let digit = rest.starts_with(|c: char| c.is_ascii_digit());
            let other = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digit;
            let (part, after) = rest.split_at_checked(rest.find(other).unwrap_or(rest.len()))?;
            parts.push(part);
            rest = after;
        }
        let bare = |text: &str| match text.trim_start_matches('0') {
            "" => text.chars().take(1).collect(),
            bare => bare.to_owned(),
        };
        let bares: Vec<String> = parts.iter().map(|part| bare(part)).collect();
        (!parts.is_empty()).then(|| Spelling {
            parts: parts.join("-"),
            near: [bares.join("-"), bare(&parts.concat())],
        })
    }
}

/// What a listed reference may be read as, in lowercase: without what says that it is one, and without what a spreadsheet
/// makes of a number. And whether it has all its digits.
fn readings(listed: &str) -> Vec<(String, bool)> {
    let bare = unlabelled(listed);
    let mut all = vec![(bare.to_owned(), true)];
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if let Some((number, power)) = bare.split_once('e') {
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let power = power.trim_start_matches('+').parse::<usize>().ok();
        if let Some(power) = power.filter(|power| *power < 30)
            && digits(whole)
            && (fraction.is_empty() || digits(fraction))
        {
            let fraction = fraction.trim_end_matches('0');
            let zeros = power.checked_sub(fraction.len());
            all.extend(zeros.map(|zeros| {
                let number = format!("{whole}{fraction}{}", "0".repeat(zeros));
                (number, zeros == 0)
            }));
        }
    } else if let Some((whole, fraction)) = bare.rsplit_once(['.', ','])
        && digits(whole)
        && digits(fraction)
        && fraction.bytes().all(|c| c == b'0')
        && fraction.len() < 3
    {
        all.push((whole.to_owned(), true));
    }
    all
}

/// The number that a spreadsheet wrote in its way, and whether that has all its digits; `None`: it wrote none.
fn number_of(listed: &str) -> Option<(String, bool)> {
    let mark = mark(listed);
    readings(&mark).into_iter().nth(1)
}

/// Without words and marks that only say that a reference follows: `nr. 4711`, `#4712`, `order: 4711`.
fn unlabelled(listed: &str) -> &str {
    let mut rest = listed.trim_start_matches(['#', ' ']);
    loop {
        let end = rest.find(|c: char| !c.is_alphabetic());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let bare = after.trim_start_matches(['.', ':', '#', '°', 'º', ' ']);
        let follows = bare.contains(|c: char| c.is_ascii_digit()) && bare.len() < after.len();
        if !follows || !is_label(word) {
            return rest;
        }
        rest = bare;
    }
}

/// The texts of a cell that may name an order each.
fn several(reference: &str) -> Vec<&str> {
    let mut parts = vec![reference];
    for mark in BETWEEN {
        parts = parts.iter().flat_map(|part| part.split(mark)).collect();
    }
    let parts = parts.into_iter().map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [one] => one.split('/').map(str::trim).collect(),
        _ => parts,
    }
}

/// The most digits that number a traveller of an order.
const PLACE_DIGITS: usize = 2;

/// A reference without the number of its traveller, as some lists write it: `4711-1`, `LIS-1002/3`, `AB-12 (1/4)`.
fn without_place(listed: &str) -> Option<&str> {
    let bare = listed.trim_end_matches(')');
    let order = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = bare.len() - order.len();
    let bracketed = || {
        let (order, place) = bare.rsplit_once('(')?;
        let counts = |c: char| c.is_ascii_digit() || "/ ".contains(c);
        (place.len() < bare.len() && place.chars().all(counts)).then_some(order)
    };
    let parted = |order: &'_ str| order.ends_with(['-', '/', '.', '_', ':', '#', ' ']);
    let order = bracketed().or_else(|| {
        let is_place = (1..=PLACE_DIGITS).contains(&digits) && parted(order);
        is_place.then_some(order)
    })?;
    let order = order.trim_end_matches(|c: char| !c.is_alphanumeric());
    (!order.is_empty()).then_some(order)
}

/// Most words behind a reference.
const MAX_WORDS: usize = 10;

/// What may be a reference with words behind it, each with those, the longest first: `4711 new`, `LIS-1001 (was 4711)`.
fn with_words(listed: &str) -> impl Iterator<Item = (&str, &str)> {
    let listed = Some(listed).filter(|listed| listed.len() <= MAX_BYTES);
    let listed = listed.unwrap_or_default();
    let gaps = listed.rmatch_indices([' ', '(', '[', '\n']);
    let parts = gaps.filter_map(|(at, _)| listed.split_at_checked(at));
    let parts = parts.map(|(order, words)| {
        let order = order.trim_end_matches(|c: char| !c.is_alphanumeric());
        (order, words.trim())
    });
    parts.filter(|(order, _)| !order.is_empty()).take(MAX_WORDS)
}

/// Whether it is something in brackets that names no order.
fn is_remark(words: &str) -> bool {
    let inside = words
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.or_else(|| words.strip_prefix('[')?.strip_suffix(']'));
    let other = |c: char| c.is_numeric() || "()[]".contains(c);
    inside.is_some_and(|inside| !inside.contains(other))
}

/// The references that a list may mean.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    marks: HashSet<String>,
    spellings: HashSet<String>,
}

impl Wanted {
    pub fn of(bookings: &[Booking]) -> Wanted {
        let mut wanted = Wanted::default();
        let listed: HashSet<&String> = bookings
            .iter()
            .filter_map(|line| line.reference.as_ref())
            .collect();
        for reference in listed {
            let parts = several(reference);
            let parts = parts.into_iter().take(MAX_ORDERS);
            let parts = parts.chain(without_place(reference));
            let parts = parts.chain(with_words(reference).map(|(order, _)| order));
            for text in parts.chain([reference.as_str()]) {
                let mark = mark(text);
                for (reading, _) in readings(&mark) {
                    if let Some(Spelling { parts, near }) = Spelling::of(&reading) {
                        wanted.spellings.insert(parts);
                        wanted.spellings.extend(near);
                    }
                }
                wanted.marks.insert(mark);
            }
        }
        wanted
    }

    /// Whether a known reference, as it is compared, may be one of them, and how it is spelled.
    pub fn may_be(&self, mark: &str) -> Option<Option<Spelling>> {
        let spelling = Spelling::of(mark).filter(|spelling| {
            let near = spelling.near.iter();
            near.chain([&spelling.parts])
                .any(|one| self.spellings.contains(one))
        });
        (spelling.is_some() || self.marks.contains(mark)).then_some(spelling)
    }
}

/// The orders of which some are wanted, by what their references are compared by: each in its one form.
#[derive(Debug, Default)]
pub(super) struct KnownReferences {
    by_mark: HashMap<String, BTreeSet<String>>,
    by_parts: HashMap<String, BTreeSet<String>>,
    by_near: HashMap<String, BTreeSet<String>>,
}

/// Which orders a reference may be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meant {
    /// This one, however it is written.
    One(String),
    /// This one, if digits were lost.
    Near(String),
    /// One of these.
    Several(Vec<String>),
    /// None that is known.
    Unknown,
}

impl KnownReferences {
    pub fn add(&mut self, reference: &str, mark: String, spelling: Option<Spelling>) {
        let add = |map: &mut HashMap<String, BTreeSet<String>>, key: String| {
            map.entry(key).or_default().insert(reference.to_owned());
        };
        add(&mut self.by_mark, mark);
        if let Some(Spelling { parts, near }) = spelling {
            add(&mut self.by_parts, parts);
            for near in near {
                add(&mut self.by_near, near);
            }
        }
    }

    fn meant(&self, listed: &str) -> Meant {
        let mark = mark(listed);
        let exact = self.by_mark.get(&mark);
        if let Some(exact) = exact.filter(|exact| exact.contains(listed)) {
            return exact
                .get(listed)
                .cloned()
                .map_or(Meant::Unknown, Meant::One);
        }
        let one = |found: &BTreeSet<String>, near: bool| match found.iter().next() {
            Some(one) if found.len() == 1 && near => Meant::Near(one.clone()),
            Some(one) if found.len() == 1 => Meant::One(one.clone()),
            Some(_) => Meant::Several(found.iter().cloned().collect()),
            None => Meant::Unknown,
        };
        if let Some(exact) = exact {
            return one(exact, false);
        }
        let (mut same, mut near) = (BTreeSet::new(), BTreeSet::new());
        for (reading, is_whole) in readings(&mark) {
            let Some(spelling) = Spelling::of(&reading) else {
                continue;
            };
            let all = |found: Option<&BTreeSet<String>>| found.cloned().unwrap_or_default();
            let found = all(self.by_parts.get(&spelling.parts));
            if is_whole {
                same.extend(found);
            } else {
                near.extend(found);
            }
            for key in &spelling.near {
                near.extend(all(self.by_near.get(key)));
            }
        }
        match same.is_empty() {
            true => one(&near, true),
            false => one(&same, false),
        }
    }

    /// The known order that is written so, whatever stands between its parts.
    fn only(&self, listed: &str) -> Option<String> {
        match self.meant(listed) {
            Meant::One(reference) => Some(reference),
            Meant::Near(_) | Meant::Several(_) | Meant::Unknown => None,
        }
    }
}

/// The lines with the references that are meant, in their one form: a line that names several known orders once
/// for each. What nobody can tell is told.
pub(super) fn resolved(bookings: &[Booking], references: &KnownReferences) -> Vec<Booking> {
    let listed = bookings.iter().filter_map(|line| line.reference.as_ref());
    let named: HashSet<String> = listed.filter_map(|one| references.only(one)).collect();
    // What nobody knows is one order, however the list writes it.
    let mut unknown: HashMap<String, String> = HashMap::new();
    let mut lines = Vec::with_capacity(bookings.len());
    for booking in bookings {
        let mut line = booking.clone();
        let Some(listed) = booking.reference.as_ref() else {
            add(&mut lines, line);
            continue;
        };
        match references.meant(listed) {
            Meant::One(reference) => line.reference = Some(reference),
            // The list knows the other one as well, so this is none with lost digits.
            Meant::Near(reference) if named.contains(&reference) => {
                line.doubts.push(LineDoubt::NearOrders {
                    references: vec![reference],
                });
            }
            Meant::Near(reference) => {
                line.doubts.push(LineDoubt::TakenForOrder {
                    text: listed.clone(),
                    reference: reference.clone(),
                });
                line.reference = Some(reference);
            }
            Meant::Several(references) => line.doubts.push(LineDoubt::NearOrders { references }),
            Meant::Unknown => {
                if let Some(several) = each_order(&line, listed, references) {
                    for line in several {
                        add(&mut lines, line);
                    }
                    continue;
                }
                let mut worded = with_words(listed);
                let worded =
                    worded.find_map(|(order, words)| Some((references.only(order)?, words)));
                if let Some((order, words)) = worded.clone().filter(|(_, words)| is_remark(words)) {
                    let text = words.to_owned();
                    line.doubts.push(LineDoubt::Unused { text });
                    line.reference = Some(order);
                    add(&mut lines, line);
                    continue;
                }
                let number = number_of(listed);
                let text = listed.clone();
                let order = without_place(listed).and_then(|order| references.only(order));
                let order = order.or_else(|| worded.map(|(order, _)| order));
                line.doubts.extend(order.map(|order| LineDoubt::NearOrders {
                    references: vec![order],
                }));
                let lost = number.as_ref().is_some_and(|(_, is_whole)| !is_whole);
                line.doubts
                    .extend(lost.then_some(LineDoubt::Shortened { text }));
                let number = number.filter(|(_, is_whole)| *is_whole);
                let written = number.map_or_else(|| listed.clone(), |(number, _)| number);
                let first = unknown.entry(mark(&written));
                line.reference = Some(first.or_insert(written).clone());
            }
        }
        add(&mut lines, line);
    }
    lines
}

/// Adds a line, whose place no other has.
pub(super) fn add(all: &mut Vec<Booking>, mut one: Booking) {
    one.traveller_of_line = match all.last() {
        Some(last) if last.line == one.line => last.traveller_of_line + 1,
        _ => 0,
    };
    all.push(one);
}

/// The line once for each known order that its cell names; `None`: it names none.
fn each_order(line: &Booking, listed: &str, references: &KnownReferences) -> Option<Vec<Booking>> {
    let texts = several(listed);
    if !(2..=MAX_ORDERS).contains(&texts.len()) {
        return None;
    }
    let found: Vec<Option<String>> = texts.iter().map(|text| references.only(text)).collect();
    let all = found.iter().all(Option::is_some);
    // A slash stands inside of references as well.
    let parted = BETWEEN.iter().any(|mark| listed.contains(mark));
    let mut orders: Vec<String> = found.iter().flatten().cloned().collect();
    orders.dedup();
    if orders.is_empty() || !(all || parted) {
        return None;
    }
    let mut doubts = line.doubts.clone();
    let unknown = texts.iter().zip(&found);
    let unknown = unknown.filter(|(_, found)| found.is_none());
    doubts.extend(unknown.map(|(text, _)| LineDoubt::NoOrder {
        text: (*text).to_owned(),
    }));
    let count = orders.len();
    doubts.extend((count > 1).then_some(LineDoubt::SeveralOrders { count }));
    let each = orders.into_iter().map(|reference| Booking {
        reference: Some(reference),
        doubts: doubts.clone(),
        ..line.clone()
    });
    Some(each.collect())
}

#[cfg(test)]
mod tests;
