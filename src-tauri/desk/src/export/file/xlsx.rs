//! XLSX: identifiers are texts, moments are real dates in the desk's time zone, and nothing is a formula.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{Cell, SheetReason, SheetSink, local};

/// Longest text of a cell, in UTF-16 units (Excel's specifications and limits).
const MAX_CELL_UNITS: usize = 32_767;

/// Days from Excel's day 0 to the Unix epoch.
const EPOCH_DAYS: f64 = 25_569.0;

pub(super) struct Xlsx {
    book: Workbook,
    path: PathBuf,
    zone: TimeZone,
    time: Format,
    next: u32,
    /// An error of the beginning, told at the first row.
    begun: Result<(), SheetReason>,
}

impl Xlsx {
    pub(super) fn new(path: &Path, zone: TimeZone, headings: &[String], rows: usize) -> Xlsx {
        let mut book = Workbook::new();
        let begun = begin(&mut book, headings, rows).map_err(SheetReason::from);
        Xlsx {
            book,
            path: path.to_owned(),
            zone,
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            next: 1,
            begun,
        }
    }
}

fn begin(book: &mut Workbook, headings: &[String], rows: usize) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, cut(heading), &bold)?;
        sheet.set_column_width(column, 22)?;
    }
    let last = u16::try_from(headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, u32::try_from(rows).unwrap_or(u32::MAX), last)?;
    Ok(())
}

/// A text that fits into a cell; what is cut off is marked.
fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= MAX_CELL_UNITS {
        return text.to_owned();
    }
    // Half as many letters fit whatever they are.
    text.chars().take(MAX_CELL_UNITS / 2).chain(['…']).collect()
}

impl SheetSink for Xlsx {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetReason> {
        self.begun.clone()?;
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            let written = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write_string(row, column, cut(text)),
                Cell::Number(number) => sheet.write_number(row, column, *number),
                Cell::Time(seconds) => match local(*seconds, &self.zone) {
                    Some(time) => {
                        // The clock on the wall, as if it were UTC: Excel knows no zones.
                        let wall = seconds + i64::from(time.offset().seconds());
                        let days = wall as f64 / 86_400.0 + EPOCH_DAYS;
                        sheet.write_number_with_format(row, column, days, &self.time)
                    }
                    None => continue,
                },
            };
            written?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), SheetReason> {
        self.begun.clone()?;
        Ok(self.book.save(&self.path)?)
    }
}
