//! Lists in text: pasted, or CSV by whatever name.

use super::{
    BookingError, Cell, IsHeading, MAX_COLUMNS, MAX_ROWS, OpenedFile, Table, TableRow, encoding,
    mail, quotes,
};
use crate::booking::reading::Reading;

/// Stands for several blanks, or blanks and tabs, between two cells.
const BLANKS: char = ' ';

/// What may stand between two cells.
pub(super) const SEPARATORS: [char; 5] = [BLANKS, '\t', ';', ',', '|'];

/// Marks that end a sentence, or part it, and are no part of what stands in a cell.
const STRAY: [char; 2] = [',', ';'];

/// How many lines are looked at for what stands between two cells, and how much of the text.
const SAMPLED_ROWS: usize = 50;
const SAMPLE_BYTES: usize = 128 * 1024;

pub(super) fn read(
    bytes: &[u8],
    reading: &Reading,
    is_heading: IsHeading<'_>,
) -> Result<Table, BookingError> {
    let (text, encoding) =
        encoding::decode(bytes, reading.encoding.as_deref()).ok_or(BookingError::Foreign)?;
    if is_page(&text) {
        return Err(BookingError::WebPage);
    }
    if is_json(&text) {
        return Err(BookingError::Foreign);
    }
    let (said, body, skipped) = separator_line(&text);
    let body = mail::unquoted(body);
    let body = quotes::whole_lines(&body, &SEPARATORS).unwrap_or(body);
    let asked = reading.separator.filter(|one| SEPARATORS.contains(one));
    let separator = asked.or(said).unwrap_or_else(|| separator(&body));
    let opened = OpenedFile {
        encoding: Some(encoding),
        separator: Some(separator),
        ..OpenedFile::default()
    };
    if let Some(rows) = mail::labelled(&body, is_heading).filter(|rows| rows.len() <= MAX_ROWS) {
        return Ok(Table { rows, opened });
    }
    let mut rows = Vec::new();
    let mut cut_columns = false;
    let mut too_long = false;
    records(&body, separator, |line, cells| {
        cut_columns |= cells.len() > MAX_COLUMNS;
        let cells = cells.iter().take(MAX_COLUMNS);
        let mut cells: Vec<Cell> = cells.map(|text| cell(text, separator)).collect();
        while cells.last().is_some_and(Cell::is_empty) {
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
        rows: mail::stacked(&rows, is_heading).unwrap_or(rows),
        opened: OpenedFile {
            cut_columns,
            ..opened
        },
    })
}

/// Lines and cells, with whatever stands between them.
fn records(text: &str, separator: char, each: impl FnMut(usize, Vec<String>) -> bool) {
    match separator {
        BLANKS => quotes::records(&mail::tabbed(text), '\t', each),
        separator => quotes::records(text, separator, each),
    }
}

/// A cell without a mark behind it that parts what is no cell of its own.
fn cell(text: &str, separator: char) -> Cell {
    let end = text.trim_end();
    let bare = end
        .strip_suffix(STRAY)
        .filter(|_| !STRAY.contains(&separator));
    Cell::of_text(bare.unwrap_or(text))
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

/// What programs hand to each other: `[{"order":`
fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let inside = text.strip_prefix('[').unwrap_or(text).trim_start();
    let inside = inside.strip_prefix('{').map(str::trim_start);
    let name = inside.and_then(|inside| inside.strip_prefix('"')?.split_once('"'));
    name.is_some_and(|(_, after)| after.trim_start().starts_with(':'))
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
    let first = sample.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
    let evenly = |separator: &char| {
        let mut widths: Vec<usize> = Vec::new();
        records(sample, *separator, |_, cells| {
            if cells.len() > 1 || cells.iter().any(|cell| !cell.trim().is_empty()) {
                widths.push(cells.len());
            }
            widths.len() < SAMPLED_ROWS
        });
        let alike = widths.iter().filter(|width| **width > 1).map(|width| {
            let same = widths.iter().filter(|one| *one == width).count();
            (same, *width)
        });
        let alike = alike.max().unwrap_or_default();
        (alike, first.contains(*separator), *separator == '\t')
    };
    let best = SEPARATORS.into_iter().max_by_key(evenly);
    best.unwrap_or(',')
}
