//! The number of a SIM profile, as lists have it: whole, or its last digits.

use unicode_normalization::UnicodeNormalization;

use crate::event::{Iccid, is_mark};

/// Fewest last digits of an ICCID that are taken for one.
pub const FEWEST_DIGITS: usize = 4;

/// From so many digits on a number is a whole ICCID (ITU-T E.118: up to 19, and its check digit).
pub const WHOLE_DIGITS: usize = 18;

/// Most digits of a number that stands in groups with other marks than blanks between them.
const MAX_GROUPED_DIGITS: usize = 20;

/// More digits than any ICCID has.
const TOO_MANY_DIGITS: usize = 23;

/// The number in a text, which says nothing else; `None`: it says something else.
pub(super) fn number(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !is_mark(*c)).collect();
    let text = text.trim().to_uppercase();
    let named = ["ICCID", "ESIM", "SIM"];
    let text = named
        .iter()
        .find_map(|name| text.strip_prefix(name))
        .unwrap_or(&text);
    // Whatever stands for the digits that are left out.
    let left_out = |c: char| c == 'X' || (!c.is_alphanumeric());
    let text = text
        .trim_start_matches(left_out)
        .trim_end_matches(|c: char| !c.is_alphanumeric());
    let between = |c: &char| c.is_alphanumeric() || !" -.'’/_\u{2010}\u{2013}".contains(*c);
    let said: String = text.chars().filter(between).collect();
    let whole = said.len() >= WHOLE_DIGITS;
    let filled = Iccid::is_filled_up(&said);
    // Between digits a point may be one of a number that lost some.
    if whole && !filled && Iccid::from_text(text) == Iccid::Damaged {
        return None;
    }
    let said = match Iccid::from_text(&said) {
        Iccid::Known(number) => number,
        // Last digits may all be zeros.
        Iccid::Absent if !whole => said,
        Iccid::Absent | Iccid::Damaged => return None,
    };
    let whole = said.len() >= WHOLE_DIGITS;
    let digit = |c: char| c.is_ascii_digit() || (whole && ('A'..='F').contains(&c));
    let fits = (FEWEST_DIGITS..TOO_MANY_DIGITS).contains(&said.len());
    let is = fits
        && said.chars().all(digit)
        && (Iccid::begins(&said) || said.chars().all(|c| c.is_ascii_digit()));
    is.then_some(said)
}

/// What a cell says where numbers should stand.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The numbers, which may be those of several eSIMs.
    pub found: Vec<String>,
    /// What else is said there.
    pub others: Vec<String>,
}

/// The numbers in a cell.
pub(super) fn numbers(text: &str) -> Numbers {
    let several = parts(text).nth(1).is_some();
    let one = match several {
        false => number(unlabelled(text)),
        // A number in groups, and not one with the end of another behind it.
        true => number(text).filter(|number| number.len() <= MAX_GROUPED_DIGITS),
    };
    if let Some(number) = one {
        let found = vec![number];
        return Numbers {
            found,
            ..Numbers::default()
        };
    }
    let mut numbers = Numbers::default();
    for part in parts(text) {
        match whole(unlabelled(part)) {
            Some(number) => numbers.found.push(number),
            None => match in_a_row(part) {
                Some(row) => numbers.found.extend(row),
                None => numbers.others.push(part.to_owned()),
            },
        }
    }
    numbers.found.dedup();
    numbers
}

fn whole(text: &str) -> Option<String> {
    number(text).filter(|number| number.len() >= WHOLE_DIGITS)
}

/// The parts of a cell that has several numbers.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let marks = text.split([',', ';', '\n', '\r', '|', '/', '+', '&']);
    let words = [" and ", " und ", " et ", " y ", " e "];
    let parts = marks.flat_map(move |part| {
        let word = words.into_iter().find(|word| part.contains(word));
        part.split(word.unwrap_or("\n"))
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// Without what numbers it, or says whose or what it is: `1) …`, `eSIM 2: …`.
fn unlabelled(text: &str) -> &str {
    let text = text.rsplit_once(':').map_or(text, |(_, number)| number);
    let text = text.trim_start();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(digits..).unwrap_or_default();
    let listed = rest.strip_prefix(") ").or_else(|| rest.strip_prefix(". "));
    listed.filter(|_| (1..=2).contains(&digits)).unwrap_or(text)
}

/// Whole numbers with only blanks between them and in them.
fn in_a_row(text: &str) -> Option<Vec<String>> {
    let mut row: Vec<String> = Vec::new();
    for token in text.split_whitespace() {
        match row.last_mut() {
            Some(last) if last.len() < WHOLE_DIGITS || !Iccid::begins(token) => {
                last.push_str(token)
            }
            _ => row.push(token.to_owned()),
        }
    }
    let row: Option<Vec<String>> = row.iter().map(|number| whole(number)).collect();
    row.filter(|row| row.len() > 1 && row.iter().all(|number| Iccid::is_whole(number)))
}
