//! XLSX: identifiers are texts, moments are real dates in the desk's time zone with the zone's offset beside, and nothing
//! is a formula.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use esim_watch_core::catalogue::Locale;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Cell, SheetReason, SheetSink, local, offset_name};

/// Longest text of a cell, in UTF-16 units (Excel's specifications and limits).
const MAX_CELL_UNITS: usize = 32_767;

/// Longest name of a sheet, in UTF-16 units, and what it can't have (the same).
const MAX_SHEET_NAME_UNITS: usize = 31;
const NO_SHEET_NAME: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// Days from Excel's day 0 to the Unix epoch.
const EPOCH_DAYS: f64 = 25_569.0;

pub(super) struct Xlsx<'a> {
    book: Workbook,
    path: PathBuf,
    locale: &'a Locale,
    /// Moments by the offset that they show beside, in seconds.
    times: HashMap<i32, Format>,
    day: Format,
    next: u32,
    /// An error of the beginning, told at the first row.
    begun: Result<(), SheetReason>,
}

impl<'a> Xlsx<'a> {
    pub(super) fn new(
        path: &Path,
        name: &str,
        locale: &'a Locale,
        headings: &[String],
        rows: usize,
    ) -> Xlsx<'a> {
        let mut book = Workbook::new();
        let begun = begin(&mut book, name, headings, rows).map_err(SheetReason::from);
        Xlsx {
            book,
            path: path.to_owned(),
            locale,
            times: HashMap::new(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            next: 1,
            begun,
        }
    }
}

fn begin(
    book: &mut Workbook,
    name: &str,
    headings: &[String],
    rows: usize,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet_with_constant_memory()?;
    let name = sheet_name(name);
    if !name.is_empty() {
        sheet.set_name(name)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, cut(heading), &bold)?;
        sheet.set_column_width(column, 24)?;
    }
    let last = u16::try_from(headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, u32::try_from(rows).unwrap_or(u32::MAX), last)?;
    Ok(())
}

/// The file's name as a sheet can have it; empty: nothing is left.
fn sheet_name(name: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_SHEET_NAME_UNITS
    };
    let clean = |c: char| match c.is_control() || NO_SHEET_NAME.contains(&c) {
        true => ' ',
        false => c,
    };
    let name: String = name.chars().map(clean).take_while(fits).collect();
    name.trim_matches(['\'', ' ']).to_owned()
}

/// A text that fits into a cell; what is cut off is marked.
fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= MAX_CELL_UNITS {
        return text.to_owned();
    }
    // Half as many letters fit whatever they are.
    text.chars().take(MAX_CELL_UNITS / 2).chain(['…']).collect()
}

/// Writes a moment as the clock on the wall shows it, as if that were UTC: Excel knows no zones.
fn write_moment(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    (seconds, zone): (i64, &TimeZone),
    times: &mut HashMap<i32, Format>,
) -> Result<(), XlsxError> {
    let Some(time) = local(seconds, zone) else {
        return Ok(());
    };
    let offset = time.offset();
    let format = times.entry(offset.seconds()).or_insert_with(|| {
        let offset = offset_name(offset);
        Format::new().set_num_format(format!("yyyy-mm-dd hh:mm:ss \"{offset}\""))
    });
    let wall = seconds.saturating_add(i64::from(offset.seconds()));
    let days = wall as f64 / 86_400.0 + EPOCH_DAYS;
    sheet.write_number_with_format(row, column, days, format)?;
    Ok(())
}

fn write_day(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    day: Date,
    format: &Format,
) -> Result<(), XlsxError> {
    let parts = (
        u16::try_from(day.year()),
        u8::try_from(day.month()),
        u8::try_from(day.day()),
    );
    let date = match parts {
        (Ok(year), Ok(month), Ok(day)) => ExcelDateTime::from_ymd(year, month, day).ok(),
        _ => None,
    };
    match date {
        Some(date) => sheet.write_datetime_with_format(row, column, &date, format)?,
        // Before Excel's calendar.
        None => sheet.write_string(row, column, day.to_string())?,
    };
    Ok(())
}

impl SheetSink for Xlsx<'_> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetReason> {
        self.begun.clone()?;
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        let texts = self.locale.catalogue();
        for (column, cell) in (0..).zip(cells) {
            let place = (row, column);
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, cut(text))?;
                }
                Cell::Word(key) => {
                    sheet.write_string(row, column, texts.plain(key))?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                Cell::Time(seconds) => {
                    let moment = (*seconds, &self.locale.zone);
                    write_moment(sheet, place, moment, &mut self.times)?;
                }
                Cell::Utc(seconds) => {
                    let moment = (*seconds, &TimeZone::UTC);
                    write_moment(sheet, place, moment, &mut self.times)?;
                }
                Cell::Day(day) => write_day(sheet, place, *day, &self.day)?,
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), SheetReason> {
        self.begun.clone()?;
        Ok(self.book.save(&self.path)?)
    }
}
