//! Lines and cells, out of pasted text, CSV or XLSX.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// Most lines.
pub const MAX_ROWS: usize = 50_000;

/// Most columns that are looked at.
const MAX_COLUMNS: usize = 60;

/// From here on a number in a spreadsheet may have lost its last digits: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A list's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub(super) rows: Vec<TableRow>,
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
}

/// Why a file is no booking list, for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookingError {
    /// Too many bytes.
    TooLarge,
    /// Too many lines.
    TooLong,
    /// Nothing in it.
    Empty,
    /// An old or foreign format.
    Foreign,
    /// A broken spreadsheet.
    Broken(String),
}

display_in_english!(BookingError);

impl ToMessage for BookingError {
    fn to_message(&self) -> Message {
        Message::of(match self {
            BookingError::TooLarge => "error.booking.tooLarge",
            BookingError::TooLong => "error.booking.tooLong",
            BookingError::Empty => "error.booking.empty",
            BookingError::Foreign => "error.booking.foreign",
            BookingError::Broken(text) => {
                return Message::of("error.booking.broken").with("reason", Message::quoted(text));
            }
        })
    }
}

impl Table {
    /// Reads a file, or pasted text.
    ///
    /// # Errors
    /// [`BookingError`], written for the user.
    pub fn read(bytes: &[u8]) -> Result<Table, BookingError> {
        if bytes.len() > MAX_BYTES {
            return Err(BookingError::TooLarge);
        }
        let rows = if bytes.starts_with(b"PK\x03\x04") {
            spreadsheet(bytes)?
        } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) || bytes.starts_with(b"%PDF") {
            return Err(BookingError::Foreign);
        } else {
            lines(&text(bytes).ok_or(BookingError::Foreign)?)?
        };
        if rows.is_empty() {
            return Err(BookingError::Empty);
        }
        Ok(Table { rows })
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

fn take(rows: &mut Vec<TableRow>, line: usize, mut cells: Vec<Cell>) -> Result<(), BookingError> {
    while cells.last().is_some_and(|cell| cell.text.is_empty()) {
        cells.pop();
    }
    if cells.is_empty() {
        return Ok(());
    }
    if rows.len() == MAX_ROWS {
        return Err(BookingError::TooLong);
    }
    rows.push(TableRow { line, cells });
    Ok(())
}

/// The first sheet that has anything in it.
fn spreadsheet(bytes: &[u8]) -> Result<Vec<TableRow>, BookingError> {
    let broken = |error: calamine::XlsxError| BookingError::Broken(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut rows = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(broken)?;
        let first = range.start().map_or(0, |(row, _)| row as usize);
        for (at, row) in range.rows().enumerate() {
            let cells = row.iter().take(MAX_COLUMNS).map(cell).collect();
            take(&mut rows, first + at + 1, cells)?;
        }
        if !rows.is_empty() {
            break;
        }
    }
    Ok(rows)
}

fn cell(data: &Data) -> Cell {
    let number = match data {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    };
    let text = match data {
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.clone(),
        Data::Error(_) => String::new(),
        other => match number {
            // Neither an exponent nor a point behind a number that is whole.
            Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
            _ => other.to_string(),
        },
    };
    Cell {
        text: tidy(&text),
        rounded: number.is_some_and(|number| number.abs() >= EXACT),
    }
}

/// Without the blanks, the apostrophe that makes spreadsheets take it for text, and `="…"` which does the same.
fn tidy(text: &str) -> String {
    let text = text.trim().trim_matches('\u{feff}').trim();
    let formula = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let text = formula.unwrap_or(text);
    text.strip_prefix('\'').unwrap_or(text).to_owned()
}

/// UTF-8, UTF-16 with its mark, else Windows-1252, which spreadsheet programs still write.
fn text(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some(encoding.decode(bytes).0.into_owned());
    }
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => Some(encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned()),
    }
}

/// Cells between tabs, semicolons or commas: whatever the first lines have most of, evenly.
fn lines(text: &str) -> Result<Vec<TableRow>, BookingError> {
    let delimiter = [b'\t', b';', b',', b'|']
        .into_iter()
        .max_by_key(|delimiter| (evenly(text, *delimiter), *delimiter == b'\t'))
        .unwrap_or(b',');
    let mut reader = reader(text, delimiter);
    let mut rows = Vec::new();
    for record in reader.records() {
        // Text is valid UTF-8 and lines may have any width: nothing else can be wrong.
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, |at| {
            // Empty lines before a record count as its own.
            let rest = text
                .as_bytes()
                .get(at.byte() as usize..)
                .unwrap_or_default();
            let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            at.line() as usize + empty.filter(|byte| **byte == b'\n').count()
        });
        let cells = record.iter().take(MAX_COLUMNS).map(|text| Cell {
            rounded: exponent(text),
            text: tidy(text),
        });
        take(&mut rows, line, cells.collect())?;
    }
    Ok(rows)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// How many cells the first lines have, if that is the same in most of them.
fn evenly(text: &str, delimiter: u8) -> usize {
    let mut reader = reader(text, delimiter);
    let records = reader.records().take(20).flatten();
    let widths: Vec<usize> = records.map(|record| record.len()).collect();
    let first = widths.first().copied().unwrap_or(0);
    let same = widths.iter().filter(|width| **width == first).count();
    if same * 2 > widths.len() { first } else { 0 }
}

/// `8.94E+18`: what a spreadsheet writes of an ICCID that it took for a number.
fn exponent(text: &str) -> bool {
    let text = text.trim();
    let mut parts = text.split(['E', 'e']);
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
