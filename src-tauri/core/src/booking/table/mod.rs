//! Lines and cells, out of pasted text, CSV, or a spreadsheet's file. Whatever the file is, it is read within bounds:
//! of bytes, also unpacked ones, of columns, of lines and of text. An allocation that fails can't be caught.

mod cell_errors;
mod encoding;
mod grid;
mod mail;
mod mojibake;
mod ods;
mod opened;
mod quotes;
mod text;
mod unpacked;
mod xls;
mod xlsx;
mod xml;

use super::reading::Reading;
use crate::display_in_english;
use crate::event::is_mark;
use crate::message::{Message, ToMessage};

pub use encoding::ENCODINGS;
pub(super) use mail::IsHeading;
pub use opened::{OpenedFile, SheetName};

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// Most lines.
pub const MAX_ROWS: usize = 50_000;

/// Most columns that are looked at.
const MAX_COLUMNS: usize = 60;

/// Longest text of one cell that is kept, in characters: more than any field of a traveller may have.
const MAX_CELL_CHARS: usize = 8_000;

/// Most text of all cells together, in bytes.
const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;

/// From here on a number in a spreadsheet may have lost its last digits: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A list's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub(super) rows: Vec<TableRow>,
    /// What was found on the way to them.
    pub opened: OpenedFile,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableRow {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// A number too large for a spreadsheet to keep exactly.
    pub(super) rounded: bool,
    /// A formula of which the file does not have the value.
    pub(super) lacks_value: bool,
    /// The error that a formula led to; empty: none. It says nothing of a traveller.
    pub(super) error: String,
}

/// Why a file is no booking list, for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookingError {
    /// Too many bytes.
    TooLarge,
    /// Too many lines.
    TooLong,
    /// It unpacks to more than a list can have.
    Oversized,
    /// It has more in it than can be read in a moment.
    TooManyCells,
    /// A cell lies where no spreadsheet has one.
    Outside,
    /// Nothing in it.
    Empty,
    /// An old or foreign format.
    Foreign,
    /// A web page with a spreadsheet's name.
    WebPage,
    /// It opens with a password.
    Password,
    /// A broken spreadsheet.
    Broken(String),
}

display_in_english!(BookingError);

impl ToMessage for BookingError {
    fn to_message(&self) -> Message {
        Message::of(match self {
            BookingError::TooLarge => "error.booking.tooLarge",
            BookingError::TooLong => "error.booking.tooLong",
            BookingError::Oversized => "error.booking.oversized",
            BookingError::TooManyCells => "error.booking.tooManyCells",
            BookingError::Outside => "error.booking.outside",
            BookingError::Empty => "error.booking.empty",
            BookingError::Foreign => "error.booking.foreign",
            BookingError::WebPage => "error.booking.webPage",
            BookingError::Password => "error.booking.password",
            BookingError::Broken(text) => {
                return Message::of("error.booking.broken").with("reason", Message::quoted(text));
            }
        })
    }
}

/// Whether a sheet looks like a list.
pub(super) type IsList<'a> = &'a dyn Fn(&Table) -> bool;

impl Table {
    /// Reads a file, or pasted text: the sheet, with the encoding and the separator that `reading` says.
    pub(super) fn open(
        bytes: &[u8],
        reading: &Reading,
        is_list: IsList<'_>,
        is_heading: IsHeading<'_>,
    ) -> Result<Table, BookingError> {
        if bytes.len() > MAX_BYTES {
            return Err(BookingError::TooLarge);
        }
        let table = if bytes.starts_with(b"PK\x03\x04") {
            let parts = unpacked::parts(bytes)?;
            if parts.tags.contains_key("content.xml") {
                ods::read(bytes, reading, is_list, parts)?
            } else if parts.tags.keys().any(|part| part.ends_with("workbook.xml")) {
                xlsx::read(bytes, reading, is_list, parts)?
            } else {
                return Err(BookingError::Foreign);
            }
        } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            xls::read(bytes, reading, is_list)?
        } else if bytes.starts_with(b"%PDF") || bytes.starts_with(b"{\\rtf") {
            return Err(BookingError::Foreign);
        } else if let Some(text) = xml::text(bytes) {
            xml::read(&text, reading, is_list)?
        } else {
            text::read(bytes, reading, is_heading)?
        };
        if table.rows.is_empty() {
            return Err(BookingError::Empty);
        }
        Ok(table)
    }

    /// Columns of its widest line.
    pub(super) fn width(&self) -> usize {
        let widths = self.rows.iter().map(|row| row.cells.len());
        widths.max().unwrap_or(0)
    }
}

impl TableRow {
    /// What stands in a column; empty: nothing.
    pub(super) fn text(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| &cell.text)
    }
}

impl Cell {
    /// Of a text as it stands in a file.
    fn says(text: &str) -> Cell {
        let text = tidy(text);
        match cell_errors::is_error(&text) {
            true => Cell::failed(text),
            false => Cell {
                text,
                ..Cell::default()
            },
        }
    }

    /// A formula that led to an error.
    fn failed(error: String) -> Cell {
        Cell {
            error,
            ..Cell::default()
        }
    }

    /// Whether nothing stands in it, not even an error.
    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.error.is_empty()
    }

    /// A cell of a file of text.
    fn of_text(text: &str) -> Cell {
        Cell {
            rounded: exponent(text),
            ..Cell::says(text)
        }
    }

    /// A number of a spreadsheet.
    fn of_number(number: f64) -> Cell {
        // Neither an exponent nor a point behind a number that is whole.
        let text = if number.fract() == 0.0 {
            format!("{number:.0}")
        } else {
            number.to_string()
        };
        Cell {
            text,
            rounded: number.abs() >= EXACT,
            ..Cell::default()
        }
    }
}

/// What nobody sees and programs put into texts: marks of their direction, blanks without width. What joins letters, or keeps
/// them from joining, is written.
fn is_unseen(c: char) -> bool {
    is_mark(c) && !matches!(c, '\u{200c}' | '\u{200d}')
}

/// What a text begins with that spreadsheets take for a formula, also as Chinese and Japanese keyboards write it.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Without letters that were written twice, the blanks, the apostrophe that makes spreadsheets take it for text, and `="…"` which does the same.
fn tidy(text: &str) -> String {
    // Many cells may share one long text: what is cut below need not be looked at, whatever each letter takes.
    let (text, _) = text.split_at(text.floor_char_boundary(8 * MAX_CELL_CHARS));
    let text = &*mojibake::mended(text);
    // Most texts have nothing to take off.
    let marks = |c: char| matches!(c, '\'' | '"') || is_unseen(c);
    if text.len() <= MAX_CELL_CHARS && !text.contains(marks) {
        return text.trim().to_owned();
    }
    let seen = text.chars().filter(|c| !is_unseen(*c));
    let text: String = seen.take(MAX_CELL_CHARS).collect();
    let text = text.trim();
    let formula = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let text = formula.unwrap_or(text);
    // The apostrophe of a name, as in 't Hooft, stays.
    let number = |rest: &&str| {
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '\t' || FORMULAS.contains(&c))
    };
    let text = text.strip_prefix('\'').filter(number).unwrap_or(text);
    without_guards(text)
}

/// Without the apostrophes that keep a spreadsheet which splits a text elsewhere from taking a part of it for a formula.
fn without_guards(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut begins = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let guards = rest.peek().is_some_and(|next| FORMULAS.contains(next));
        if !(begins && c == '\'' && guards) {
            bare.push(c);
        }
        begins = ";,|\t\n\r".contains(c) || (begins && c.is_whitespace());
    }
    bare
}

/// `8.94E+18`: what a spreadsheet writes of an ICCID that it took for a number.
fn exponent(text: &str) -> bool {
    let text = text.trim();
    let mut parts = text.trim_start_matches('+').split(['E', 'e']);
    let (Some(number), Some(power), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let plain = |part: &str, marks: &[char]| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || marks.contains(&c))
    };
    plain(number, &['.', ',']) && plain(power, &['+']) && power.contains('+')
}
