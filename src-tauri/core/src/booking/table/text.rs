//! Lists in text: pasted, or CSV by whatever name.

use super::{
    BookingError, Cell, MAX_COLUMNS, MAX_ROWS, OpenedFile, Table, TableRow, encoding, quotes,
};
use crate::booking::reading::Reading;

/// What may stand between two cells.
pub(super) const SEPARATORS: [char; 4] = ['\t', ';', ',', '|'];

/// How many lines are looked at for what stands between two cells, and how much of the text.
const SAMPLED_ROWS: usize = 50;
const SAMPLE_BYTES: usize = 128 * 1024;

pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Table, BookingError> {
    let (text, encoding) =
        encoding::decode(bytes, reading.encoding.as_deref()).ok_or(BookingError::Foreign)?;
    if is_page(&text) {
        return Err(BookingError::WebPage);
    }
    let (said, body, skipped) = separator_line(&text);
    let asked = reading.separator.filter(|one| SEPARATORS.contains(one));
    let separator = asked.or(said).unwrap_or_else(|| separator(body));
    let mut rows = Vec::new();
    let mut cut_columns = false;
    let mut too_long = false;
    quotes::records(body, separator, |line, cells| {
        cut_columns |= cells.len() > MAX_COLUMNS;
        let cells = cells.iter().take(MAX_COLUMNS);
        let mut cells: Vec<Cell> = cells.map(|text| Cell::of_text(text)).collect();
        while cells.last().is_some_and(|cell| cell.text.is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return true;
        }
        too_long = rows.len() == MAX_ROWS;
        let line = line + skipped;
        rows.push(TableRow { line, cells });
        !too_long
    });
    if too_long {
        return Err(BookingError::TooLong);
    }
    Ok(Table {
        rows,
        opened: OpenedFile {
            encoding: Some(encoding),
            separator: Some(separator),
            cut_columns,
            ..OpenedFile::default()
        },
    })
}

/// A web page or a mail with a table in it, as many systems write under the name of a spreadsheet.
fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect();
    let start = start.to_lowercase();
    [
        "<!doctype",
        "<html",
        "<head",
        "<meta",
        "<style",
        "<table",
        "<?xml",
        "mime-version:",
    ]
    .iter()
    .any(|mark| start.starts_with(mark))
}

/// `sep=;` in the first line, with which some programs say what stands between two cells; the text below it, and how
/// many lines that leaves out.
fn separator_line(text: &str) -> (Option<char>, &str, usize) {
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim_matches(['\u{feff}', '\r', '"']);
    let Some(said) = said.strip_prefix("sep=").or(said.strip_prefix("SEP=")) else {
        return (None, text, 0);
    };
    let said = said.trim_end_matches(['"', '\r']).chars().next();
    (said.filter(|one| SEPARATORS.contains(one)), below, 1)
}

/// What most of the first lines have alike, and most of.
fn separator(text: &str) -> char {
    let end = text.floor_char_boundary(SAMPLE_BYTES);
    let sample = text.get(..end).unwrap_or(text);
    let evenly = |separator: &char| {
        let mut widths: Vec<usize> = Vec::new();
        quotes::records(sample, *separator, |_, cells| {
            if cells.len() > 1 || cells.iter().any(|cell| !cell.trim().is_empty()) {
                widths.push(cells.len());
            }
            widths.len() < SAMPLED_ROWS
        });
        let alike = widths.iter().filter(|width| **width > 1).map(|width| {
            let same = widths.iter().filter(|one| *one == width).count();
            (same, *width)
        });
        (alike.max().unwrap_or_default(), *separator == '\t')
    };
    let best = SEPARATORS.into_iter().max_by_key(evenly);
    best.unwrap_or(',')
}
