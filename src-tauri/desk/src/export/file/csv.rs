//! CSV as RFC 4180 has it, with what spreadsheets need beside: a byte order mark, and no cell that they would
//! take for a formula (OWASP, CSV injection).

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use jiff::tz::TimeZone;

use esim_watch_core::io_reason::IoReason;

use super::{Cell, SheetReason, SheetSink, harmless, local};

pub(super) struct Csv {
    /// An error of the beginning, told at the first row.
    lines: Result<csv::Writer<BufWriter<File>>, SheetReason>,
    zone: TimeZone,
}

impl Csv {
    pub(super) fn new(path: &Path, zone: TimeZone, headings: &[String]) -> Csv {
        Csv {
            lines: begin(path, headings).map_err(SheetReason::from),
            zone,
        }
    }

    fn words(&self, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Time(seconds) => local(*seconds, &self.zone)
                .map(|time| time.strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
                .unwrap_or_default(),
        }
    }
}

fn begin(path: &Path, headings: &[String]) -> std::io::Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    let mut lines = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    lines.write_record(headings.iter().map(|heading| harmless(heading)))?;
    Ok(lines)
}

impl SheetSink for Csv {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetReason> {
        let words: Vec<String> = cells.iter().map(|cell| self.words(cell)).collect();
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
