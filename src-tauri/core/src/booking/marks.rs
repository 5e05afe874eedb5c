//! What the eSIMs here are known by, of the texts of a list: a column that has their references is theirs, whatever
//! stands above it.

use std::collections::HashSet;

use super::number::numbers as numbers_in;
use super::table::{Table, TableRow};
use super::totals::may_be_total;
use crate::event::{Iccid, as_typed};

/// How many lines are looked at.
const MAX_MARKED_ROWS: usize = 250;

/// Longest text that may be a reference, in bytes.
const MAX_MARK_BYTES: usize = 100;

/// Fewest and most last digits of an ICCID that tell anything without a heading.
const MIN_END: usize = 5;
const MAX_END: usize = 12;

/// What every number that was filled up with zeros has at its end.
const FILLED_UP: &str = "000";

/// So many times more numbers than eSIMs there have to be, so that last digits are none by chance.
const BY_CHANCE: usize = 20;

/// Texts of a list, and which of them are known.
#[derive(Debug, Clone, Default)]
pub struct KnownMarks {
    texts: HashSet<String>,
    lengths: HashSet<usize>,
    references: HashSet<String>,
    ids: HashSet<String>,
    /// Numbers with zeros at their end, which a spreadsheet may have put there, and those of them that are an eSIM's.
    filled_up: HashSet<String>,
    iccids: HashSet<String>,
    ends: HashSet<String>,
    esims: usize,
}

/// A text as it is compared, without what a sentence adds to it.
pub(super) fn mark(text: &str) -> String {
    let bare = as_typed(text).to_lowercase();
    bare.trim_end_matches([',', ';', '.', ':', '!', '?'])
        .to_owned()
}

impl KnownMarks {
    /// Of the texts of this list none is known yet.
    #[must_use]
    pub fn asked(table: &Table) -> KnownMarks {
        let (first, others) = table.rows.split_at(MAX_MARKED_ROWS.min(table.rows.len()));
        // Which may be a total, unless the order is known that it is of.
        let adds_up = |row: &&TableRow| {
            let texts = row.cells.iter().map(|cell| cell.text.as_str());
            let mut texts = texts.filter(|text| !text.is_empty());
            texts.all(|text| !text.contains(char::is_alphabetic) || may_be_total(text))
        };
        let rows = first.iter().chain(others.iter().filter(adds_up));
        let cells = rows.flat_map(|row| &row.cells);
        let texts = cells.map(|cell| cell.text.as_str());
        let short = texts.filter(|text| !text.is_empty() && text.len() <= MAX_MARK_BYTES);
        let texts: HashSet<String> = short.map(mark).collect();
        let digits = texts
            .iter()
            .filter(|text| text.bytes().all(|c| c.is_ascii_digit()));
        let lengths = digits.map(String::len);
        let numbers = table.rows.iter().flat_map(|row| &row.cells);
        let numbers = numbers.filter(|cell| cell.text.contains(FILLED_UP));
        let numbers = numbers.flat_map(|cell| numbers_in(&cell.text).found);
        KnownMarks {
            filled_up: numbers.filter(|one| Iccid::is_filled_up(one)).collect(),
            lengths: lengths
                .filter(|length| (MIN_END..=MAX_END).contains(length))
                .collect(),
            texts,
            ..KnownMarks::default()
        }
    }

    /// There is an eSIM with this reference, this id and this ICCID.
    pub fn has(&mut self, reference: Option<&str>, id: Option<&str>, iccid: Option<&str>) {
        self.esims += 1;
        let known = |text: Option<&str>| text.map(mark).filter(|mark| self.texts.contains(mark));
        let (reference, id) = (known(reference), known(id));
        let filled_up = iccid.filter(|iccid| self.filled_up.contains(*iccid));
        self.iccids.extend(filled_up.map(str::to_owned));
        self.references.extend(reference);
        self.ids.extend(id);
        let iccid = iccid.unwrap_or_default();
        for length in &self.lengths {
            let from = iccid.len().saturating_sub(*length);
            let end = iccid.get(from..).filter(|end| self.texts.contains(*end));
            self.ends.extend(end.map(str::to_owned));
        }
    }

    pub(super) fn is_reference(&self, text: &str) -> bool {
        !self.references.is_empty() && self.references.contains(&mark(text))
    }

    pub(super) fn is_id(&self, text: &str) -> bool {
        !self.ids.is_empty() && self.ids.contains(&mark(text))
    }

    /// Whether a number with zeros at its end is an eSIM's.
    pub(super) fn is_iccid(&self, number: &str) -> bool {
        self.iccids.contains(number)
    }

    /// Whether a text is the last digits of an ICCID, and not by chance.
    pub(super) fn is_end(&self, text: &str) -> bool {
        let mark = || mark(text);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let numbers = 10_usize.checked_pow(length).unwrap_or(usize::MAX);
        !self.ends.is_empty() && numbers / BY_CHANCE > self.esims && self.ends.contains(&mark())
    }
}
