//! A list as a file for a spreadsheet: XLSX with identifiers as text and real dates, or CSV (RFC 4180) that no
//! spreadsheet takes for formulas; or as a table for the clipboard.
//!
//! In: headings and rows, one after the other. Out: a file that is whole, or none. Must not know what the rows are
//! about, nor the window.

mod csv;
mod table;
mod xlsx;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::as_text::kept_as_text;
use super::guard::harmless;
use esim_watch_core::catalogue::Locale;
use esim_watch_core::event::Status;
use esim_watch_core::held;
use esim_watch_core::io_reason::IoReason;
use esim_watch_core::message::{Message, ToMessage};
use esim_watch_core::store::{SqliteError, SqliteReason};
use esim_watch_core::{display_in_english, hand_on};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

pub use table::{ClipboardTable, table};

/// Rows between two reports of progress, and between two looks at whether it was cancelled.
const REPORT_ROWS: usize = 500;

/// Most rows below the headings (Excel's specifications and limits).
const MAX_SHEET_ROWS: usize = 1_048_575;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum SheetFormat {
    /// Office Open XML.
    Xlsx,
    /// Separated values, UTF-8 with a byte order mark.
    Csv,
}

/// What stands between the cells of CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum CsvSeparator {
    /// As RFC 4180 has it, with decimal points.
    Comma,
    /// As spreadsheets have it where the decimal mark is a comma.
    Semicolon,
}

impl CsvSeparator {
    /// What spreadsheets expect where numbers are written with this mark.
    fn usual(decimal_mark: char) -> CsvSeparator {
        match decimal_mark {
            ',' => CsvSeparator::Semicolon,
            _ => CsvSeparator::Comma,
        }
    }
}

impl SheetFormat {
    fn extension(self) -> &'static str {
        match self {
            SheetFormat::Xlsx => "xlsx",
            SheetFormat::Csv => "csv",
        }
    }
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, also of digits alone: an identifier is no number.
    Text(String),
    /// A number.
    Number(f64),
    /// A moment, UTC seconds; shown in the desk's time zone.
    Time(i64),
    /// A moment, UTC seconds; shown as such.
    Utc(i64),
    /// A day of a calendar.
    Day(Date),
    /// A text of the catalogues, by its key.
    Word(String),
}

impl Cell {
    /// Text, or nothing.
    #[must_use]
    pub fn text(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()))
    }

    /// A day, `YYYY-MM-DD`, or nothing. What is none is a text.
    #[must_use]
    pub fn day(day: Option<&str>) -> Cell {
        match day.map(str::parse) {
            Some(Ok(date)) => Cell::Day(date),
            _ => Cell::text(day),
        }
    }

    /// A status in words. One that this version does not know is a text.
    #[must_use]
    pub fn status(status: &str) -> Cell {
        match Status::KNOWN.iter().any(|known| known.as_str() == status) {
            true => Cell::Word(format!("status.{status}.word")),
            false => Cell::Text(status.to_owned()),
        }
    }

    /// The word for one of a few, which are told apart by how they cross to the window.
    #[must_use]
    pub fn word(kind: &str, one: &impl Serialize, part: &str) -> Cell {
        match serde_json::to_value(one) {
            Ok(serde_json::Value::String(one)) => Cell::Word(format!("{kind}.{one}{part}")),
            // None of the few is anything but a word.
            _ => Cell::Empty,
        }
    }

    /// A number, or nothing.
    #[must_use]
    pub fn number(number: Option<f64>) -> Cell {
        number.map_or(Cell::Empty, Cell::Number)
    }
}

/// Why there is no file. Each text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Somebody changed their mind.
    Cancelled,
    /// A spreadsheet has no more rows.
    TooManyRows(usize),
    /// The file can't be written.
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        reason: SheetReason,
    },
    /// The rows can't be read.
    Read(#[from] SqliteError),
}

/// Why a file can't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetReason {
    /// What the operating system says.
    Io(IoReason),
    /// There is no name left for it.
    TooManyFiles,
    /// What the writer of that format says.
    Other(String),
}

hand_on!(SheetReason: Io(IoReason));
display_in_english!(SheetError);

impl ToMessage for SheetError {
    fn to_message(&self) -> Message {
        match self {
            SheetError::Cancelled => Message::of("error.export.cancelled"),
            SheetError::TooManyRows(count) => {
                Message::of("error.export.tooManyRows").with("count", count.to_string())
            }
            SheetError::Write { path, reason } => Message::of("error.export.file")
                .with("path", path.as_path())
                .with("reason", reason.to_message()),
            SheetError::Read(error) => Message::of("error.export.list")
                .with("reason", SqliteReason::from(error).to_message()),
        }
    }
}

impl ToMessage for SheetReason {
    fn to_message(&self) -> Message {
        match self {
            SheetReason::Io(reason) => reason.to_message(),
            SheetReason::TooManyFiles => Message::of("export.reason.tooManyFiles"),
            SheetReason::Other(text) => Message::quoted(text),
        }
    }
}

impl From<std::io::Error> for SheetReason {
    fn from(error: std::io::Error) -> SheetReason {
        IoReason::from(&error).into()
    }
}

impl From<::csv::Error> for SheetReason {
    fn from(error: ::csv::Error) -> SheetReason {
        match error.kind() {
            ::csv::ErrorKind::Io(error) => IoReason::from(error).into(),
            _ => SheetReason::Other(error.to_string()),
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for SheetReason {
    fn from(error: rust_xlsxwriter::XlsxError) -> SheetReason {
        match error {
            rust_xlsxwriter::XlsxError::IoError(error) => error.into(),
            rust_xlsxwriter::XlsxError::ZipError(error) => std::io::Error::from(error).into(),
            other => SheetReason::Other(other.to_string()),
        }
    }
}

/// Writes a file row by row.
trait SheetSink {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetReason>;
    fn finish(self: Box<Self>) -> Result<(), SheetReason>;
}

/// The file that is to be.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// Where.
    pub folder: &'a Path,
    /// What it is called, without its ending.
    pub name: &'a str,
    /// As what.
    pub format: SheetFormat,
    /// What stands between the cells of CSV; `None`: what spreadsheets of the locale expect.
    pub separator: Option<CsvSeparator>,
    /// Where it is read.
    pub locale: &'a Locale,
    /// Headings of the columns.
    pub headings: &'a [String],
}

/// How an export goes on.
pub struct SheetWatch<'a> {
    /// Told how many rows are done, now and then.
    pub progress: &'a mut dyn FnMut(usize),
    /// Whether to stop.
    pub cancelled: &'a AtomicBool,
}

/// Writes `count` rows below the headings into a new file; gives its path. A file of that name that is there already
/// stays. `row` gives each row by its number; `None`: it is gone.
///
/// # Errors
/// [`SheetError`]; then there is no file.
pub fn write(
    sheet: &Sheet<'_>,
    count: usize,
    mut row: impl FnMut(usize) -> Result<Option<Vec<Cell>>, SqliteError>,
    watch: SheetWatch<'_>,
) -> Result<PathBuf, SheetError> {
    let Sheet {
        folder,
        name,
        format,
        separator,
        locale,
        headings,
    } = *sheet;
    if format == SheetFormat::Xlsx && count > MAX_SHEET_ROWS {
        return Err(SheetError::TooManyRows(count));
    }
    let failed = |path: &Path, reason: SheetReason| SheetError::Write {
        path: path.to_owned(),
        reason,
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error.into()))?;
    // Beside its place first: a file with its name is always whole.
    let part = tempfile::Builder::new()
        .prefix(".export-")
        .tempfile_in(folder)
        .map_err(|error| failed(folder, error.into()))?;
    let mut sink: Box<dyn SheetSink> = match format {
        SheetFormat::Xlsx => {
            let book = xlsx::Xlsx::new(part.path(), name, locale, headings, count);
            Box::new(book)
        }
        SheetFormat::Csv => {
            let separator = separator.unwrap_or_else(|| CsvSeparator::usual(locale.decimal_mark()));
            Box::new(csv::Csv::new(part.path(), separator, locale, headings))
        }
    };
    for number in 0..count {
        if number % REPORT_ROWS == 0 {
            if watch.cancelled.load(Ordering::Relaxed) {
                return Err(SheetError::Cancelled);
            }
            (watch.progress)(number);
        }
        // Gone meanwhile: two eSIMs turned out to be one.
        let Some(cells) = row(number)? else { continue };
        sink.row(&cells)
            .map_err(|reason| failed(part.path(), reason))?;
    }
    sink.finish()
        .map_err(|reason| failed(part.path(), reason))?;
    (watch.progress)(count);
    let mut part = Some(part);
    for attempt in 1..1000 {
        let path = folder.join(file_name(name, attempt, format));
        match named(&mut part, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&path, error.into())),
        }
    }
    Err(failed(folder, SheetReason::TooManyFiles))
}

/// Gives the file its name, unless another one has it: then it stays as it is.
fn named(part: &mut Option<tempfile::NamedTempFile>, path: &Path) -> std::io::Result<()> {
    held::patiently(&[path], || {
        let file = part.take().ok_or(std::io::ErrorKind::NotFound)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) => {
                *part = Some(error.file);
                Err(error.error)
            }
        }
    })
}

/// A name that every system takes.
fn file_name(name: &str, attempt: u32, format: SheetFormat) -> String {
    let clean: String = name
        .chars()
        .map(|c| {
            if c.is_control() || r#"<>:"/\|?*"#.contains(c) {
                ' '
            } else {
                c
            }
        })
        .take(80)
        .collect();
    let clean = clean.trim().trim_matches('.');
    let clean = if clean.is_empty() { "export" } else { clean };
    let again = if attempt == 1 {
        String::new()
    } else {
        format!(" ({attempt})")
    };
    format!("{clean}{again}.{}", format.extension())
}

/// What a zone is called in headings: by its place, or by its difference from UTC where that is all that is known.
pub(super) fn zone_name(zone: &TimeZone) -> String {
    match (zone.to_fixed_offset(), zone.iana_name()) {
        (Ok(offset), _) if offset.seconds() == 0 => "UTC".to_owned(),
        (_, Some(name)) => name.to_owned(),
        (Ok(offset), None) => format!("UTC{}", offset_name(offset)),
        (Err(_), None) => "local".to_owned(),
    }
}

/// Whether a clock of this zone may show one time twice: its difference from UTC is not always the same.
pub(super) fn moves(zone: &TimeZone) -> bool {
    zone.to_fixed_offset().is_err()
}

/// `+01:00`.
fn offset_name(offset: Offset) -> String {
    let minutes = offset.seconds().abs() / 60;
    let sign = if offset.is_negative() { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A moment for a spreadsheet that reads texts: the form that each of them knows, whatever its language.
fn moment(seconds: i64, zone: &TimeZone) -> String {
    let time = local(seconds, zone);
    time.map(|time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// A cell as a text.
fn words(cell: &Cell, locale: &Locale, decimal_mark: char) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text).into_owned(),
        Cell::Number(number) => number.to_string().replace('.', &decimal_mark.to_string()),
        Cell::Time(seconds) => moment(*seconds, &locale.zone),
        Cell::Utc(seconds) => moment(*seconds, &TimeZone::UTC),
        Cell::Day(day) => day.to_string(),
        Cell::Word(key) => harmless(&locale.catalogue().plain(key)).into_owned(),
    }
}

/// A moment on the desk's clock.
fn local(seconds: i64, zone: &TimeZone) -> Option<jiff::ZonedDateTime> {
    Some(
        Timestamp::from_second(seconds)
            .ok()?
            .to_zoned_datetime(zone.clone()),
    )
}

#[cfg(test)]
mod tests;
