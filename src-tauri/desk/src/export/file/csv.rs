//! CSV as RFC 4180 has it, with what spreadsheets need beside: a byte order mark, the separator and the decimal mark of
//! the reader's language, and no cell that they would take for a formula (OWASP, CSV injection).
//!
//! A desk opens it by a double click, and then an ICCID loses its last digits, for good once the file is saved. So what a
//! spreadsheet would change has a blank in front that nobody sees. What other programs read, `esim-watchd export`, is
//! bare (`super::super::records`).
//!
//! There is no line `sep=`: with it Excel no longer believes the byte order mark, and all others read it as a row.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use esim_watch_core::catalogue::Locale;
use esim_watch_core::io_reason::IoReason;

use super::{Cell, CsvSeparator, SheetReason, SheetSink, harmless, kept_as_text, words};

pub(super) struct Csv<'a> {
    /// An error of the beginning, told at the first row.
    lines: Result<csv::Writer<BufWriter<File>>, SheetReason>,
    locale: &'a Locale,
    decimal_mark: char,
}

impl<'a> Csv<'a> {
    pub(super) fn new(
        path: &Path,
        separator: CsvSeparator,
        locale: &'a Locale,
        headings: &[String],
    ) -> Csv<'a> {
        let (byte, decimal_mark) = match separator {
            CsvSeparator::Comma => (b',', '.'),
            CsvSeparator::Semicolon => (b';', locale.decimal_mark()),
        };
        Csv {
            lines: begin(path, byte, headings).map_err(SheetReason::from),
            locale,
            decimal_mark,
        }
    }
}

fn begin(
    path: &Path,
    separator: u8,
    headings: &[String],
) -> std::io::Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    let mut lines = csv::WriterBuilder::new()
        .delimiter(separator)
        // Whoever reads it with another separator finds no cell that begins within a text.
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    let headings = headings
        .iter()
        .map(|heading| harmless(heading).into_owned());
    lines.write_record(headings)?;
    Ok(lines)
}

impl SheetSink for Csv<'_> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetReason> {
        let words = cells.iter().map(|cell| {
            let words = words(cell, self.locale, self.decimal_mark);
            match cell {
                Cell::Text(_) => kept_as_text(&words).into_owned(),
                _ => words,
            }
        });
        let words: Vec<String> = words.collect();
        let lines = self.lines.as_mut().map_err(|error| error.clone())?;
        Ok(lines.write_record(words)?)
    }

    fn finish(self: Box<Self>) -> Result<(), SheetReason> {
        let lines = self.lines?;
        let file = lines
            .into_inner()
            .map_err(|error| IoReason::from(error.error()))?;
        let file = file
            .into_inner()
            .map_err(|error| IoReason::from(error.error()))?;
        Ok(file.sync_all()?)
    }
}
