//! XLSX, cell by cell: a range of all cells would be as large as the farthest one says.

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::grid::{Grid, MAX_SHEETS, Merged, choose};
use super::{BookingError, Cell, IsList, SheetName, Table, tidy};
use crate::booking::reading::Reading;

type Bytes<'a> = Cursor<&'a [u8]>;

pub(super) fn read(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
) -> Result<Table, BookingError> {
    // Cell names with more letters than a number can hold are an arithmetic overflow where overflows are checked.
    let read = || read_checked(bytes, reading, is_list);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(BookingError::Outside))
}

fn read_checked(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
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
        let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        grid.merged = merged
            .iter()
            .map(|region| Merged {
                column: region.start.1,
                first_row: region.start.0,
                last_row: region.end.0,
            })
            .collect();
        if let Some(path) = paths.get(name) {
            grid.hidden = hidden_rows(bytes, path);
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
        DataRef::SharedString(text) => Cell {
            text: tidy(text),
            rounded: false,
        },
        DataRef::String(text) => Cell {
            text: tidy(text),
            rounded: false,
        },
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
        Data::Error(_) => String::new(),
        other => other.to_string(),
    };
    Cell {
        text: tidy(&text),
        rounded: false,
    }
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

/// Every tag of a part with this name.
fn tags(mut xml: Part<'_, '_>, name: &str, mut each: impl FnMut(&BytesStart<'_>)) {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == name => {
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
    tags(relations, "Relationship", |tag| {
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
    tags(sheets, "sheet", |tag| {
        let id = attribute(tag, "id").and_then(|id| targets.get(&id));
        if let (Some(name), Some(path)) = (attribute(tag, "name"), id) {
            paths.insert(name, path.clone());
        }
    });
    Some(paths)
}

/// Rows that are not shown: hidden by somebody, or by a filter.
fn hidden_rows(bytes: &[u8], path: &str) -> HashSet<u32> {
    let mut hidden = HashSet::new();
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return hidden;
    };
    let Some(sheet) = part(&mut zip, path) else {
        return hidden;
    };
    let mut row = 0_u32;
    tags(sheet, "row", |tag| {
        let said = attribute(tag, "r").and_then(|row| row.parse::<u32>().ok());
        row = said.unwrap_or(row.saturating_add(1));
        let is = attribute(tag, "hidden").is_some_and(|is| is == "1" || is == "true");
        // No file has more rows than a sheet can have.
        if is && hidden.len() <= 1_048_576 {
            hidden.insert(row.saturating_sub(1));
        }
    });
    hidden
}
