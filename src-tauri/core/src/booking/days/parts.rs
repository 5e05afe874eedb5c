//! What a text that may be a day is made of: numbers, months, and what stands between them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::booking::months;

/// Dashes of all lengths, which mean the same.
const DASHES: &str = "‐‑‒–—−－";

/// Marks in front of a year of two digits.
const APOSTROPHES: &str = "'’‘´`ʼ′";

/// A number or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A number, and how many digits it has.
    Number(i16, usize),
    Month(i8),
}

/// Numbers and months of a text, up to three.
#[derive(Debug, Default)]
pub(super) struct DayParts {
    pub items: Vec<Item>,
    /// Whether a dash stands in front of each of them.
    dashes: Vec<bool>,
    /// What stands behind a third one.
    rest: String,
}

impl DayParts {
    /// What a text is made of; `None`: it says something else as well.
    pub fn of(text: &str) -> Option<DayParts> {
        let plain = plain(text);
        let mut marks = 0;
        let mut parts = DayParts::default();
        let mut dash = false;
        let mut apostrophe = false;
        // Tuesday begins as March does in four languages.
        let mut maybe_weekday = false;
        let mut rest = plain.trim_start();
        while let Some(letter) = rest.chars().next() {
            let alike =
                |c: char| c.is_ascii_digit() == letter.is_ascii_digit() && c.is_alphanumeric();
            let end = rest
                .find(|c| !alike(c))
                .unwrap_or(rest.len())
                .max(letter.len_utf8());
            let (word, after) = rest.split_at_checked(end)?;
            rest = after;
            if letter.is_ascii_digit() {
                // Eight digits are a day; a longer number is none.
                if let (8, true) = (word.len(), parts.items.is_empty()) {
                    return DayParts::of_eight_digits(word, rest);
                }
                let number = word.parse::<i16>().ok().filter(|number| *number > 0)?;
                let item = match (apostrophe, word.len()) {
                    (true, 2) => Item::Number(2000 + number, 4),
                    (_, digits) => Item::Number(number, digits),
                };
                parts.push(item, dash);
                if parts.is_whole() {
                    // Three numbers with blanks between them are a telephone's as well.
                    if marks < 2 && parts.months() == 0 {
                        return None;
                    }
                    // Behind a day a time may stand, but no part of another day.
                    let mut next = rest.chars();
                    let joined = matches!(next.next(), Some('-' | '/' | '.'));
                    let more = joined && next.next().is_some_and(|c| c.is_ascii_digit());
                    return (!more).then(|| parts.followed_by(rest));
                }
            } else if letter.is_alphabetic() {
                if let Some(month) = months::month(word) {
                    if maybe_weekday {
                        parts.drop_months();
                    }
                    maybe_weekday = months::adds_nothing(word);
                    parts.push(Item::Month(month), dash);
                } else if "年月日년월일".contains(word) {
                    marks += 1;
                } else if !months::adds_nothing(word) {
                    return None;
                }
            } else if "-/.".contains(letter) {
                marks += 1;
            } else if !letter.is_whitespace()
                && !",;()°".contains(letter)
                && !APOSTROPHES.contains(letter)
            {
                return None;
            }
            dash = letter == '-' || (dash && !letter.is_alphanumeric());
            apostrophe = APOSTROPHES.contains(letter);
            if parts.is_whole() {
                return Some(parts.followed_by(rest));
            }
        }
        Some(parts)
    }

    fn of_eight_digits(word: &str, rest: &str) -> Option<DayParts> {
        let part = |from, to| word.get(from..to)?.parse::<i16>().ok();
        let items = match (part(0, 4)?, part(4, 6)?, part(6, 8)?) {
            (year @ 1900..2300, month, day) => vec![
                Item::Number(year, 4),
                Item::Number(month, 2),
                Item::Number(day, 2),
            ],
            _ => vec![
                Item::Number(part(0, 2)?, 2),
                Item::Number(part(2, 4)?, 2),
                Item::Number(part(4, 8)?, 4),
            ],
        };
        let dashes = vec![false; items.len()];
        let rest = rest.to_owned();
        Some(DayParts {
            items,
            dashes,
            rest,
        })
    }

    fn push(&mut self, item: Item, dash: bool) {
        self.items.push(item);
        self.dashes.push(dash);
    }

    fn months(&self) -> usize {
        let month = |item: &&Item| matches!(item, Item::Month(_));
        self.items.iter().filter(month).count()
    }

    fn drop_months(&mut self) {
        let pairs = self.items.iter().zip(&self.dashes);
        let kept = pairs.filter(|(item, _)| matches!(item, Item::Number(..)));
        (self.items, self.dashes) = kept.map(|(item, dash)| (*item, *dash)).unzip();
    }

    fn followed_by(mut self, rest: &str) -> DayParts {
        rest.clone_into(&mut self.rest);
        self
    }

    /// What stands behind a day.
    pub fn rest(&self) -> &str {
        &self.rest
    }

    /// Whether nothing is missing of a day. Behind a month a number may still be the year.
    fn is_whole(&self) -> bool {
        self.items.len() == 3
    }

    /// Whether its last number may be a day that a dash leads to, and no year: the dash stands before one of the last
    /// two only.
    pub fn leads_on(&self) -> bool {
        match (self.items.as_slice(), self.dashes.as_slice()) {
            ([_, _, Item::Number(_, 1 | 2)], [_, second, third]) => second != third,
            _ => false,
        }
    }

    /// Whether a dash stands before the second and last of its items, as in `Jan-27`.
    pub fn is_joined(&self) -> bool {
        matches!(self.dashes.as_slice(), [_, true])
    }

    /// Whether it is one day with nothing behind it but a time.
    pub fn is_one_day(&self) -> bool {
        let is_time = |token: &str| {
            let digits = |c: char| c.is_ascii_digit();
            let clock = token.len() == 4 && token.chars().all(digits);
            clock || token.contains([':', 'h']) || !token.contains(digits)
        };
        let month = |token: &str| {
            let word = token.trim_matches(|c: char| !c.is_alphabetic());
            // Behind a day it is rather a Tuesday.
            let weekday = word == token && months::adds_nothing(word);
            months::month(word).filter(|_| !weekday)
        };
        let mut tokens = self.rest.split([' ', ',', ';', '(', ')']);
        self.is_whole()
            && !self.leads_on()
            && tokens.all(|token| is_time(token) && month(token).is_none())
    }
}

/// Blanks that stand inside of a number or a day, where it may not be broken.
const THIN: &str = "\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}";

/// What says in which direction a text is read.
const DIRECTIONS: &str = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";

/// Arabic digits, of both forms, as those that a number is made of.
fn digit(letter: char) -> char {
    let zeros = ['\u{660}', '\u{6f0}'];
    let zero = zeros.into_iter().find(|zero| {
        u32::from(letter)
            .checked_sub(u32::from(*zero))
            .is_some_and(|digit| digit < 10)
    });
    let digit = zero.map(|zero| u32::from(letter) - u32::from(zero));
    digit
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(letter)
}

/// Thin blanks between digits part a day as marks do.
fn with_marks(text: &str) -> String {
    let letters = || text.chars().filter(|c| !DIRECTIONS.contains(*c)).map(digit);
    let mut marked = String::new();
    for (letter, next) in letters().zip(letters().skip(1).chain([' '])) {
        let inside = marked.ends_with(|c: char| c.is_ascii_digit()) && next.is_ascii_digit();
        marked.push(match letter {
            thin if THIN.contains(thin) && inside => '.',
            other => other,
        });
    }
    marked
}

/// In lowercase, without accents, with one dash for all.
fn plain(text: &str) -> String {
    let text = with_marks(text);
    let composed = text.nfkc().map(|c| match c {
        dash if DASHES.contains(dash) => '-',
        other => other,
    });
    let bare = composed.collect::<String>();
    let bare = bare.nfd().filter(|c| !is_combining_mark(*c)).nfc();
    bare.flat_map(char::to_lowercase).collect()
}
