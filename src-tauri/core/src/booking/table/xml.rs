//! The XML that spreadsheet programs wrote before XLSX, and some systems export still (“XML Spreadsheet 2003”), cell by cell.
//! Most files of it are called `.xls`.

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::grid::{Grid, MAX_SHEETS, Merged, SHEET_ROWS, choose};
use super::unpacked::Work;
use super::{
    BookingError, Cell, IsList, MAX_CELL_CHARS, MAX_ROWS, SheetName, Table, encoding, tidy,
};
use crate::booking::reading::Reading;

/// What such a file names its elements by.
const NAMESPACE: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// So far from the beginning it is named, in characters.
const SAMPLE_CHARS: usize = 4_096;

/// The text of such a file; `None`: it is none.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    // Nothing but a mark of its encoding stands in front of it.
    if !begins.is_some_and(|byte| matches!(byte, b'<' | 0xef | 0xfe | 0xff)) {
        return None;
    }
    let text = encoding::decode(bytes, None)?.0;
    let sample: String = text.chars().take(SAMPLE_CHARS).collect();
    let is = sample.trim_start().starts_with('<') && sample.contains(NAMESPACE);
    let workbook = || sample.contains("Workbook") && !sample.contains("<html");
    (is && workbook()).then_some(text)
}

pub(super) fn read(
    text: &str,
    reading: &Reading,
    is_list: IsList<'_>,
) -> Result<Table, BookingError> {
    let tags = text.bytes().filter(|byte| *byte == b'<').count() as u64;
    let mut work = Work::of_one(tags)?;
    choose(sheets(text)?, reading, is_list, |name| {
        work.take(tags)?;
        sheet(text, name)
    })
}

fn broken(error: impl std::fmt::Display) -> BookingError {
    BookingError::Broken(error.to_string())
}

fn reader(text: &str) -> Reader<&[u8]> {
    let mut xml = Reader::from_str(text);
    xml.config_mut().check_end_names = false;
    xml.config_mut().expand_empty_elements = true;
    xml
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|one| one.key.local_name().as_ref() == name)?;
    // What can't be unescaped names nothing.
    unescape(&found.value).ok().map(|text| text.into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}

/// The names of the sheets, and which of them are shown.
fn sheets(text: &str) -> Result<Vec<SheetName>, BookingError> {
    let mut xml = reader(text);
    let mut sheets: Vec<SheetName> = Vec::new();
    let mut visible = false;
    loop {
        match xml.read_event().map_err(broken)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "Worksheet" if sheets.len() < MAX_SHEETS => sheets.push(SheetName {
                    name: attribute(&tag, "Name").unwrap_or_default(),
                    hidden: false,
                }),
                name => visible = name == "Visible",
            },
            Event::Text(said) if visible => {
                if let Some(sheet) = sheets.last_mut() {
                    sheet.hidden |= said.xml10_content().trim().starts_with("SheetHidden")
                        || said.xml10_content().trim().starts_with("SheetVeryHidden");
                }
            }
            Event::End(_) => visible = false,
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// Where in a sheet a reader stands, and the cell that it is in.
#[derive(Default)]
struct Place {
    row: u32,
    /// The rows that are as this one.
    rows: u32,
    column: u32,
    columns: u32,
    /// What kind of value the cell has.
    kind: String,
    text: String,
    /// Whether it is in the value, and not in a comment.
    value: bool,
    comment: bool,
    formula: bool,
}

fn sheet(text: &str, name: &str) -> Result<Grid, BookingError> {
    let mut xml = reader(text);
    let mut grid = Grid::default();
    let mut at = Place::default();
    let mut inside = false;
    loop {
        match xml.read_event().map_err(broken)? {
            Event::Start(tag) if !inside => {
                inside = tag.local_name().as_ref() == "Worksheet"
                    && attribute(&tag, "Name").unwrap_or_default() == name;
            }
            Event::Start(tag) => at.start(&mut grid, &tag),
            Event::Text(said) => at.say(&said.xml10_content()),
            Event::CData(said) => at.say(&said.xml10_content()),
            Event::GeneralRef(entity) => at.say_entity(&entity),
            Event::End(tag) if inside => match tag.local_name().as_ref() {
                "Worksheet" => return Ok(grid),
                "Row" => at.row = at.row.saturating_add(at.rows),
                "Comment" => at.comment = false,
                "Data" => at.value = false,
                "Cell" => at.put(&mut grid)?,
                _ => {}
            },
            Event::Eof => return Ok(grid),
            _ => {}
        }
    }
}

impl Place {
    fn start(&mut self, grid: &mut Grid, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "Row" => {
                self.row = number(tag, "Index").map_or(self.row, |at| at.saturating_sub(1));
                self.rows = number(tag, "Span").unwrap_or(0).saturating_add(1);
                self.column = 0;
                let hidden = attribute(tag, "Hidden").is_some_and(|is| is != "0");
                if hidden && self.row < SHEET_ROWS {
                    let rows = self.rows.min(MAX_ROWS as u32);
                    grid.hidden.extend(self.row..self.row.saturating_add(rows));
                }
            }
            "Cell" => {
                let at = number(tag, "Index");
                *self = Place {
                    row: self.row,
                    rows: self.rows,
                    column: at.map_or(self.column, |at| at.saturating_sub(1)),
                    columns: number(tag, "MergeAcross").unwrap_or(0).saturating_add(1),
                    formula: attribute(tag, "Formula").is_some(),
                    ..Place::default()
                };
                let down = number(tag, "MergeDown").unwrap_or(0);
                // A file of the largest size has less of them than this.
                if down > 0 && grid.merged.len() < MAX_ROWS {
                    grid.merged.push(Merged {
                        column: self.column,
                        first_row: self.row,
                        last_row: self.row.saturating_add(down),
                    });
                }
            }
            "Comment" => self.comment = true,
            "Data" if !self.comment => {
                self.kind = attribute(tag, "Type").unwrap_or_default();
                self.value = true;
            }
            _ => {}
        }
    }

    fn say(&mut self, said: &str) {
        if self.value && !self.comment && self.text.len() < MAX_CELL_CHARS {
            self.text.push_str(said);
        }
    }

    fn say_entity(&mut self, entity: &BytesRef<'_>) {
        if let Ok(Some(letter)) = entity.resolve_char_ref() {
            self.say(letter.encode_utf8(&mut [0; 4]));
        } else {
            self.say(resolve_predefined_entity(entity).unwrap_or_default());
        }
    }

    /// The cell is over.
    fn put(&mut self, grid: &mut Grid) -> Result<(), BookingError> {
        let text = std::mem::take(&mut self.text);
        let number = || text.trim().parse().ok();
        let cell = match self.kind.as_str() {
            "Number" => number().map_or_else(|| Cell::says(&text), Cell::of_number),
            "Error" => Cell::failed(tidy(&text)),
            "DateTime" => Cell::says(day(&text)),
            _ => Cell::says(&text),
        };
        if self.formula && cell.is_empty() {
            grid.lacks_value(self.row, self.column);
        }
        grid.put(self.row, self.column, cell)?;
        self.column = self.column.saturating_add(self.columns);
        (self.value, self.comment) = (false, false);
        Ok(())
    }
}

/// A day without the midnight that stands behind it.
fn day(text: &str) -> &str {
    let parts = text.split_once('T');
    let midnight = parts.filter(|(_, time)| time.chars().all(|c| "0:.".contains(c)));
    midnight.map_or(text, |(day, _)| day)
}
