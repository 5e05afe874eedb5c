//! XLSX, cell by cell: a range of all cells would be as large as the farthest one says.

use std::collections::HashMap;
use std::io::{BufReader, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::grid::{Grid, MAX_SHEETS, Merged, choose};
use super::unpacked::WorkbookParts;
use super::{BookingError, Cell, IsList, MAX_ROWS, SheetName, Table};
use crate::booking::reading::Reading;

type Bytes<'a> = Cursor<&'a [u8]>;

pub(super) fn read(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
    parts: WorkbookParts,
) -> Result<Table, BookingError> {
    // Cell names with more letters than a number can hold are an arithmetic overflow where overflows are checked.
    let read = || read_checked(bytes, reading, is_list, parts);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(BookingError::Outside))
}

fn read_checked(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
    mut parts: WorkbookParts,
) -> Result<Table, BookingError> {
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = book.sheets_metadata().iter().take(MAX_SHEETS);
    let sheets = sheets
        .map(|sheet| SheetName {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect();
    let paths = paths(bytes).unwrap_or_default();
    choose(sheets, reading, is_list, |name| {
        let mut grid = Grid::default();
        let path = paths.get(name);
        let tags = path.and_then(|path| parts.tags.get(path.trim_start_matches('/')));
        // Of a sheet whose part nobody finds all parts may be it.
        let all = || parts.tags.values().copied().max().unwrap_or(0);
        let tags = tags.copied().unwrap_or_else(all);
        parts.work.take(tags)?;
        match book.worksheet_cells_reader(name) {
            Ok(mut cells) => {
                while let Some(found) = cells.next_cell().map_err(broken)? {
                    let (row, column) = found.get_position();
                    grid.put(row, column, cell(found.get_value()))?;
                }
            }
            // A sheet of charts has no cells.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(grid),
            Err(error) => return Err(broken(error)),
        }
        if let Some(path) = path {
            hidden_and_merged(bytes, path, &mut grid);
        }
        Ok(grid)
    })
}

fn broken(error: XlsxError) -> BookingError {
    match error {
        XlsxError::Password => BookingError::Password,
        other => BookingError::Broken(other.to_string()),
    }
}

fn cell(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::SharedString(text) => Cell::says(text),
        DataRef::String(text) => Cell::says(text),
        other => of_data(&other.clone().into()),
    }
}

/// A cell of any of the formats that the library reads.
pub(super) fn of_data(data: &Data) -> Cell {
    let text = match data {
        Data::Float(number) => return Cell::of_number(*number),
        Data::Int(number) => return Cell::of_number(*number as f64),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.clone(),
        Data::Error(error) => return Cell::failed(error.to_string()),
        other => other.to_string(),
    };
    Cell::says(&text)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|one| one.key.local_name().as_ref() == name)?;
    // What can't be unescaped names nothing.
    unescape(&found.value).ok().map(|text| text.into_owned())
}

type Part<'a, 'b> = Reader<BufReader<ZipFile<'a, Bytes<'b>>>>;

fn part<'a, 'b>(zip: &'a mut ZipArchive<Bytes<'b>>, name: &str) -> Option<Part<'a, 'b>> {
    let wanted = name.trim_start_matches('/');
    let at = zip.index_for_name(wanted)?;
    Some(Reader::from_reader(BufReader::new(zip.by_index(at).ok()?)))
}

/// Every tag of a part with one of these names.
fn tags(mut xml: Part<'_, '_>, names: &[&str], mut each: impl FnMut(&BytesStart<'_>)) {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag))
                if names.contains(&tag.local_name().as_ref()) =>
            {
                each(&tag);
            }
            // The library has read the same part, and told what is wrong with it.
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The part of each sheet by the sheet's name, which the library does not tell.
fn paths(bytes: &[u8]) -> Option<HashMap<String, String>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut names = zip.file_names().filter_map(Result::ok);
    let book = names.find(|name| name.ends_with("workbook.xml"))?;
    let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
    let (folder, file) = (folder.to_owned(), file.to_owned());
    drop(names);
    let mut targets = HashMap::new();
    let relations = part(&mut zip, &format!("{folder}/_rels/{file}.rels"))?;
    tags(relations, &["Relationship"], |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let path = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("{folder}/{target}"),
            };
            targets.insert(id, path);
        }
    });
    let mut paths = HashMap::new();
    let sheets = part(&mut zip, &format!("{folder}/{file}"))?;
    tags(sheets, &["sheet"], |tag| {
        let id = attribute(tag, "id").and_then(|id| targets.get(&id));
        if let (Some(name), Some(path)) = (attribute(tag, "name"), id) {
            paths.insert(name, path.clone());
        }
    });
    Some(paths)
}

/// A cell, as far as it was read.
#[derive(Default)]
struct OpenCell {
    tag: Option<BytesStart<'static>>,
    is_formula: bool,
    inside_value: bool,
    has_value: bool,
}

impl OpenCell {
    /// Where it stands, as column and row, if it is a formula without a value. One that is an empty text has it.
    fn lacking(&self) -> Option<(u32, u32)> {
        let tag = self
            .tag
            .as_ref()
            .filter(|_| self.is_formula && !self.has_value)?;
        let is_text = attribute(tag, "t").as_deref() == Some("str");
        attribute(tag, "r")
            .filter(|_| !is_text)
            .and_then(|name| place(&name))
    }
}

/// Rows that are not shown, hidden by somebody or by a filter, regions that are one cell, and formulas of which the file
/// does not have the value.
fn hidden_and_merged(bytes: &[u8], path: &str, grid: &mut Grid) {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return;
    };
    let Some(mut sheet) = part(&mut zip, path) else {
        return;
    };
    let mut buffer = Vec::new();
    let mut row = 0_u32;
    let mut cell = OpenCell::default();
    loop {
        buffer.clear();
        let (tag, ends) = match sheet.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => (tag, false),
            Ok(Event::Empty(tag)) => (tag, true),
            Ok(Event::Text(text)) => {
                cell.has_value |= cell.inside_value && !text.xml10_content().trim().is_empty();
                continue;
            }
            // The library has read the same part, and told what is wrong with it.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => continue,
        };
        match tag.local_name().as_ref() {
            "c" => {
                if let Some((column, row)) = cell.lacking() {
                    grid.lacks_value(row, column);
                }
                cell = OpenCell {
                    tag: Some(tag.into_owned()),
                    ..OpenCell::default()
                };
            }
            "f" => cell.is_formula = true,
            "v" | "is" => cell.inside_value = !ends,
            "mergeCell" => {
                // A file of the largest size has less of them than this.
                let room = grid.merged.len() < MAX_ROWS;
                let region = attribute(&tag, "ref").filter(|_| room);
                grid.merged
                    .extend(region.and_then(|region| merged(&region)));
            }
            "row" => {
                let said = attribute(&tag, "r").and_then(|row| row.parse::<u32>().ok());
                row = said.unwrap_or(row.saturating_add(1));
                let is = attribute(&tag, "hidden").is_some_and(|is| is == "1" || is == "true");
                // No file has more rows than a sheet can have.
                if is && grid.hidden.len() <= 1_048_576 {
                    grid.hidden.insert(row.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
    if let Some((column, row)) = cell.lacking() {
        grid.lacks_value(row, column);
    }
}

/// `A1:B20`
fn merged(region: &str) -> Option<Merged> {
    let (first, last) = region.split_once(':')?;
    let (column, first_row) = place(first)?;
    let (_, last_row) = place(last)?;
    Some(Merged {
        column,
        first_row,
        last_row,
    })
}

/// Column and row of a cell's name, counted from 0.
fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = name.split_at_checked(digits)?;
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        let value = u32::from(letter.checked_sub(b'A')?) + 1;
        column.checked_mul(26)?.checked_add(value)
    })?;
    Some((
        column.checked_sub(1)?,
        row.parse::<u32>().ok()?.checked_sub(1)?,
    ))
}
