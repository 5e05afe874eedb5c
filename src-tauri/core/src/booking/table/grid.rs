//! The cells of one sheet as they come, whatever the spreadsheet's format: within bounds, with merged cells filled
//! down and hidden lines left out.

use std::collections::{BTreeMap, HashSet};

use super::{
    BookingError, Cell, IsList, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, OpenedFile, SheetName,
    Table, TableRow,
};
use crate::booking::reading::Reading;

/// Rows and columns that a spreadsheet can have.
pub(super) const SHEET_ROWS: u32 = 1_048_576;
const SHEET_COLUMNS: u32 = 16_384;

/// Most cells that are filled in because they are merged with others.
const MAX_FILLED_CELLS: usize = 1_000_000;

/// Most sheets that are offered.
pub(super) const MAX_SHEETS: usize = 100;

/// Most sheets that are looked at for the first that has anything in it.
const MAX_LOOKED_AT: usize = 20;

/// A region that is one cell to whoever looks at it: its first column, its first and its last row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merged {
    pub column: u32,
    pub first_row: u32,
    pub last_row: u32,
}

/// One sheet while it is read.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: BTreeMap<u32, Vec<Cell>>,
    text_bytes: usize,
    cut_columns: bool,
    /// Rows that the spreadsheet does not show.
    pub hidden: HashSet<u32>,
    pub merged: Vec<Merged>,
    /// Formulas of which the file does not have the value, by row and column.
    formulas: Vec<(u32, u32)>,
}

impl Grid {
    /// Puts a cell at its place, counted from 0. An empty one is none.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), BookingError> {
        if row >= SHEET_ROWS || column >= SHEET_COLUMNS {
            return Err(BookingError::Outside);
        }
        if cell.is_empty() {
            return Ok(());
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            self.cut_columns = true;
            return Ok(());
        }
        self.text_bytes += cell.text.len() + cell.error.len();
        if self.text_bytes > MAX_TEXT_BYTES {
            return Err(BookingError::Oversized);
        }
        if self.rows.len() == MAX_ROWS && !self.rows.contains_key(&row) {
            return Err(BookingError::TooLong);
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Cell::default());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    /// A formula stands here, of which the file does not have the value.
    pub fn lacks_value(&mut self, row: u32, column: u32) {
        if self.formulas.len() < MAX_FILLED_CELLS {
            self.formulas.push((row, column));
        }
    }

    /// Notes which cells lack their values. A line with nothing else is none.
    fn mark_formulas(&mut self) {
        for (row, column) in &self.formulas {
            let (Some(cells), column) = (self.rows.get_mut(row), *column as usize) else {
                continue;
            };
            if column < MAX_COLUMNS && cells.len() <= column {
                cells.resize(column + 1, Cell::default());
            }
            if let Some(cell) = cells.get_mut(column).filter(|cell| cell.text.is_empty()) {
                cell.lacks_value = true;
            }
        }
    }

    /// What a merged cell says, in each of its rows that has anything else.
    fn fill_down(&mut self) {
        let mut left = MAX_FILLED_CELLS;
        for Merged {
            column,
            first_row,
            last_row,
        } in &self.merged
        {
            let column = *column as usize;
            let says = |cells: &Vec<Cell>| cells.get(column).cloned();
            let Some(said) = self.rows.get(first_row).and_then(says) else {
                continue;
            };
            if said.text.is_empty() || last_row <= first_row {
                continue;
            }
            for (_, cells) in self.rows.range_mut(first_row + 1..=*last_row) {
                if left == 0 {
                    return;
                }
                left -= 1;
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::default());
                }
                if let Some(place) = cells.get_mut(column).filter(|cell| cell.text.is_empty()) {
                    *place = said.clone();
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn table(mut self, reading: &Reading, sheets: Vec<SheetName>, sheet: String) -> Table {
        self.mark_formulas();
        self.fill_down();
        let hidden = |row: &u32| self.hidden.contains(row);
        let hidden_rows = self.rows.keys().filter(|row| hidden(row)).count();
        let with_hidden_rows = reading.hidden_rows.unwrap_or(false);
        let rows = self.rows.iter();
        let rows = rows.filter(|(row, _)| with_hidden_rows || !hidden(row));
        Table {
            opened: OpenedFile {
                sheets,
                sheet: Some(sheet),
                hidden_rows,
                with_hidden_rows,
                cut_columns: self.cut_columns,
                ..OpenedFile::default()
            },
            rows: rows
                .map(|(row, cells)| TableRow {
                    line: *row as usize + 1,
                    cells: cells.clone(),
                })
                .collect(),
        }
    }
}

/// The sheet that is asked for, else the first that is shown and looks like a list, as a cover does not; else the first
/// that is shown and has anything in it; else the first that has.
pub(super) fn choose(
    sheets: Vec<SheetName>,
    reading: &Reading,
    is_list: IsList<'_>,
    mut read: impl FnMut(&str) -> Result<Grid, BookingError>,
) -> Result<Table, BookingError> {
    let asked = reading.sheet.as_ref();
    if let Some(asked) = sheets.iter().find(|sheet| Some(&sheet.name) == asked) {
        // Who asks for an empty sheet is told that it is empty.
        let grid = read(&asked.name)?;
        let name = asked.name.clone();
        return Ok(grid.table(reading, sheets, name));
    }
    let shown = sheets.iter().filter(|sheet| !sheet.hidden);
    let hidden = sheets.iter().filter(|sheet| sheet.hidden);
    let mut first = None;
    for sheet in shown.chain(hidden).take(MAX_LOOKED_AT) {
        if first.is_some() && sheet.hidden {
            break;
        }
        let grid = match read(&sheet.name) {
            Ok(grid) if grid.is_empty() => continue,
            Ok(grid) => grid,
            // Nobody asked for this one.
            Err(_) if first.is_some() => break,
            Err(error) => return Err(error),
        };
        let table = grid.table(reading, sheets.clone(), sheet.name.clone());
        if is_list(&table) {
            return Ok(table);
        }
        first = first.or(Some(table));
    }
    first.ok_or(BookingError::Empty)
}
