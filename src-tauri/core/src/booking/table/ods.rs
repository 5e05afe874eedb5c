//! ODS, cell by cell. The library's reader keeps every cell of every sheet, repeated ones as often as the file says, and
//! does not tell which rows are hidden.

use std::collections::HashSet;
use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::grid::{Grid, MAX_SHEETS, Merged, SHEET_ROWS, choose};
use super::unpacked::WorkbookParts;
use super::{BookingError, Cell, IsList, MAX_CELL_CHARS, SheetName, Table, tidy};
use crate::booking::reading::Reading;

type Part<'a, 'b> = Reader<BufReader<ZipFile<'a, Cursor<&'b [u8]>>>>;

pub(super) fn read(
    bytes: &[u8],
    reading: &Reading,
    is_list: IsList<'_>,
    mut parts: WorkbookParts,
) -> Result<Table, BookingError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if with_password(&mut zip) {
        return Err(BookingError::Password);
    }
    let sheets = sheets(&mut zip)?;
    let tags = parts.tags.get("content.xml").copied().unwrap_or(0);
    choose(sheets, reading, is_list, |name| {
        // Whatever stands before a sheet is passed over to reach it.
        parts.work.take(tags)?;
        sheet(&mut zip, name)
    })
}

fn broken(error: impl std::fmt::Display) -> BookingError {
    BookingError::Broken(error.to_string())
}

fn part<'a, 'b>(
    zip: &'a mut ZipArchive<Cursor<&'b [u8]>>,
    name: &str,
) -> Result<Part<'a, 'b>, BookingError> {
    let mut xml = Reader::from_reader(BufReader::new(zip.by_name(name).map_err(broken)?));
    xml.config_mut().check_end_names = false;
    xml.config_mut().expand_empty_elements = true;
    Ok(xml)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|one| one.key.as_ref() == name)?;
    // What can't be unescaped names nothing.
    unescape(&found.value).ok().map(|text| text.into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> u32 {
    let said = attribute(tag, name).and_then(|text| text.parse().ok());
    said.unwrap_or(1)
}

fn with_password(zip: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    let Ok(mut xml) = part(zip, "META-INF/manifest.xml") else {
        return false;
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "encryption-data" => return true,
            // A manifest that can't be read says nothing of a password.
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// The names of the sheets, and which of them are shown.
fn sheets(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<SheetName>, BookingError> {
    let mut xml = part(zip, "content.xml")?;
    let mut buffer = Vec::new();
    let mut style = None;
    let mut hidden_styles = HashSet::new();
    let mut sheets = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) => match tag.name().as_ref() {
                "style:style" => style = attribute(&tag, "style:name"),
                "style:table-properties"
                    if attribute(&tag, "table:display").as_deref() == Some("false") =>
                {
                    hidden_styles.extend(style.take());
                }
                "table:table" if sheets.len() < MAX_SHEETS => {
                    let style = attribute(&tag, "table:style-name");
                    sheets.push(SheetName {
                        name: attribute(&tag, "table:name").unwrap_or_default(),
                        hidden: style.is_some_and(|style| hidden_styles.contains(&style)),
                    });
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// Where in a sheet a reader stands, and the cell that it is in.
#[derive(Default)]
struct Place {
    row: u32,
    rows: u32,
    column: u32,
    columns: u32,
    value: Option<Cell>,
    text: Option<String>,
    covered: bool,
    /// How deep it is in something that only lies at the cell, as a comment does.
    beside: usize,
    /// Whether it is in one of the cell's own lines.
    line: bool,
    /// Whether the cell is a formula.
    formula: bool,
    /// Of the groups of rows that it is in: whether they are shown.
    groups: Vec<bool>,
}

fn sheet(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Grid, BookingError> {
    let mut xml = part(zip, "content.xml")?;
    let mut buffer = Vec::new();
    let mut grid = Grid::default();
    let mut inside = false;
    let mut at = Place::default();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if !inside => {
                inside = tag.name().as_ref() == "table:table"
                    && attribute(&tag, "table:name").unwrap_or_default() == name;
            }
            Event::Start(tag) if at.goes_beside(tag.name().as_ref()) => {}
            Event::End(_) if at.comes_back() => {}
            Event::Start(tag) => start(&mut at, &mut grid, &tag),
            Event::Text(text) => at.say(&text.xml10_content()),
            Event::CData(text) => at.say(&text.xml10_content()),
            Event::GeneralRef(entity) => at.say_entity(&entity),
            Event::End(tag) if inside => match tag.name().as_ref() {
                "text:p" => at.line = false,
                "table:table" => return Ok(grid),
                "table:table-row" => at.row = at.row.saturating_add(at.rows),
                "table:table-row-group" => drop(at.groups.pop()),
                "table:table-cell" | "table:covered-table-cell" => at.put(&mut grid)?,
                _ => {}
            },
            Event::Eof => return Ok(grid),
            _ => {}
        }
    }
}

fn start(at: &mut Place, grid: &mut Grid, tag: &BytesStart<'_>) {
    match tag.name().as_ref() {
        "table:table-row-group" => {
            let shown = attribute(tag, "table:display");
            at.groups.push(shown.as_deref() != Some("false"));
        }
        "table:table-row" => {
            at.rows = number(tag, "table:number-rows-repeated");
            at.column = 0;
            let shown = attribute(tag, "table:visibility");
            let is = shown.is_some_and(|shown| shown == "collapse" || shown == "filter");
            if (is || at.groups.contains(&false)) && at.row < SHEET_ROWS {
                let repeated = at.rows.min(super::MAX_ROWS as u32);
                grid.hidden.extend(at.row..at.row.saturating_add(repeated));
            }
        }
        name @ ("table:table-cell" | "table:covered-table-cell") => {
            at.covered = name == "table:covered-table-cell";
            at.columns = number(tag, "table:number-columns-repeated");
            at.value = value(tag);
            let is_text = attribute(tag, "office:value-type").as_deref() == Some("string");
            at.formula = !is_text && attribute(tag, "table:formula").is_some();
            at.text = Some(String::new());
            let spanned = number(tag, "table:number-rows-spanned");
            // A file of the largest size has less of them than this.
            if spanned > 1 && grid.merged.len() < super::MAX_ROWS {
                grid.merged.push(Merged {
                    column: at.column,
                    first_row: at.row,
                    last_row: at.row.saturating_add(spanned - 1),
                });
            }
        }
        "text:p" => {
            at.line = true;
            if at.text.as_ref().is_some_and(|text| !text.is_empty()) {
                at.say("\n");
            }
        }
        "text:s" => at.say(" "),
        "text:tab" => at.say("\t"),
        "text:line-break" => at.say("\n"),
        _ => {}
    }
}

/// What the cell holds, if that is more exact than the text that it shows.
fn value(tag: &BytesStart<'_>) -> Option<Cell> {
    match attribute(tag, "office:value-type")?.as_str() {
        "date" => attribute(tag, "office:date-value").map(|day| Cell {
            text: tidy(&day),
            ..Cell::default()
        }),
        "float" => {
            let number = attribute(tag, "office:value")?.parse().ok()?;
            Some(Cell::of_number(number))
        }
        _ => None,
    }
}

/// Whether an element lies at a cell, or at a word of it, and is none of its text: comments, pictures with their titles, text
/// boxes, footnotes, how a word is spoken, a table within a cell.
fn is_beside(name: &str) -> bool {
    let kinds = [
        "office:annotation",
        "draw:",
        "svg:",
        "text:note",
        "text:ruby-text",
    ];
    let others = ["table:shapes", "table:table"];
    kinds.iter().any(|kind| name.starts_with(kind)) || others.contains(&name)
}

impl Place {
    /// Whether this begins something beside the text, or is within it.
    fn goes_beside(&mut self, name: &str) -> bool {
        let is = self.beside > 0 || is_beside(name);
        self.beside += usize::from(is);
        is
    }

    /// Whether what ends is beside the text.
    fn comes_back(&mut self) -> bool {
        let was = self.beside > 0;
        self.beside = self.beside.saturating_sub(1);
        was
    }

    fn say(&mut self, said: &str) {
        if self.beside > 0 || !self.line {
            return;
        }
        if let Some(text) = self
            .text
            .as_mut()
            .filter(|text| text.len() < MAX_CELL_CHARS)
        {
            text.push_str(said);
        }
    }

    fn say_entity(&mut self, entity: &BytesRef<'_>) {
        if let Ok(Some(letter)) = entity.resolve_char_ref() {
            self.say(letter.encode_utf8(&mut [0; 4]));
        } else {
            self.say(resolve_predefined_entity(entity).unwrap_or_default());
        }
    }

    /// The cell is over: it stands where it says, as often as it says.
    fn put(&mut self, grid: &mut Grid) -> Result<(), BookingError> {
        let text = self.text.take().unwrap_or_default();
        let cell = self.value.take().unwrap_or_else(|| Cell::says(&text));
        if self.formula && cell.is_empty() {
            grid.lacks_value(self.row, self.column);
        }
        let seen = super::MAX_COLUMNS as u32;
        if !cell.is_empty() && !self.covered {
            // Of what lies beyond one is enough to know that there is something.
            let beyond = self.column >= seen;
            let columns = if beyond {
                1
            } else {
                self.columns.min(seen + 1)
            };
            let rows = if beyond {
                1
            } else {
                self.rows.min(super::MAX_ROWS as u32 + 1)
            };
            for row in 0..rows {
                for column in 0..columns {
                    let (row, column) = (
                        self.row.saturating_add(row),
                        self.column.saturating_add(column),
                    );
                    grid.put(row, column, cell.clone())?;
                }
            }
        }
        self.column = self.column.saturating_add(self.columns);
        Ok(())
    }
}
