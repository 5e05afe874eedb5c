//! The headings of a list: in one line, or in two, as where "Passengers" stands over "Name", "Phone" and "E-mail"; and what
//! stands below one that is wider than its column, as merged cells are.

use super::heading::meaning;
use crate::booking::column::Column;
use crate::booking::table::{Table, TableRow};

/// How many lines are looked at for what stands below a wide heading.
const MAX_SAMPLED_ROWS: usize = 200;

/// Longest name, in characters.
const MAX_NAME: usize = 60;

/// Most digits in a heading.
const MAX_DIGITS: usize = 3;

/// What names the columns of a list.
#[derive(Debug, Clone)]
pub(in crate::booking) struct Headings {
    /// How many lines of the table stand above them.
    pub above: usize,
    /// The place of the first line below them.
    pub below: usize,
    /// What each column is called; the number of the last of their lines.
    pub row: TableRow,
    /// Columns without a name of their own, below a heading that names people.
    pub wide: Vec<usize>,
}

impl Headings {
    /// Those of which this place is one line.
    pub fn at(table: &Table, at: usize) -> Option<Headings> {
        let row = table.rows.get(at)?;
        let pairs = [Some(at), at.checked_sub(1)];
        let pairs = pairs.into_iter().flatten();
        let two = pairs.filter_map(|top| {
            Some((
                top,
                grouped(table.rows.get(top)?, table.rows.get(top + 1)?)?,
            ))
        });
        let mut headings = match two.take(1).next() {
            Some((top, row)) => Headings {
                above: top,
                below: top + 2,
                row,
                wide: Vec::new(),
            },
            None => Headings {
                above: at,
                below: at + 1,
                row: row.clone(),
                wide: Vec::new(),
            },
        };
        headings.spread(table);
        Some(headings)
    }

    /// Names the columns below a heading that is wider than its own, if it names people: a traveller in each, or the parts of
    /// one's name.
    fn spread(&mut self, table: &Table) {
        let rows = table.rows.get(self.below..).unwrap_or_default();
        let width = table.width();
        let mut at = 0;
        while at < width {
            let end = (at + 1..width)
                .find(|next| !self.row.text(*next).is_empty())
                .unwrap_or(width);
            let named = meaning(self.row.text(at)).is_ok_and(|said| said.column == Column::Name);
            if named && end > at + 1 {
                self.spread_over(rows, at, end);
            }
            at = end;
        }
    }

    fn spread_over(&mut self, rows: &[TableRow], at: usize, end: usize) {
        let kinds: Vec<Names> = (at..end).map(|column| Names::of(rows, column)).collect();
        let Some((first, others)) = kinds.split_first() else {
            return;
        };
        let heading = self.row.text(at).to_owned();
        let unnamed = (at + 1..end).zip(others);
        let filled = unnamed.filter(|(_, names)| names.filled > 0);
        let filled: Vec<(usize, &Names)> = filled.collect();
        let same: Vec<usize> = match first.are_whole() {
            true => filled
                .iter()
                .filter(|(_, names)| names.are_whole())
                .map(|(at, _)| *at)
                .collect(),
            false => {
                let parts = filled
                    .iter()
                    .filter(|(_, names)| names.are_parts_beside(first));
                parts.map(|(at, _)| *at).collect()
            }
        };
        let numbered = first.are_whole() && !same.is_empty();
        for (number, column) in [at].iter().chain(&same).enumerate() {
            let text = match numbered {
                true => format!("{heading} {}", number + 1),
                false => heading.clone(),
            };
            self.call(*column, text);
        }
        self.wide.extend(filled.iter().map(|(at, _)| *at));
    }

    fn call(&mut self, column: usize, text: String) {
        let cells = &mut self.row.cells;
        if cells.len() <= column {
            cells.resize(column + 1, Default::default());
        }
        if let Some(cell) = cells.get_mut(column) {
            cell.text = text;
        }
    }
}

/// What the cells of a column look like where names may stand.
#[derive(Debug, Default)]
struct Names {
    filled: usize,
    /// Names of two words or more, and of one.
    whole: usize,
    single: usize,
}

impl Names {
    fn of(rows: &[TableRow], at: usize) -> Names {
        let mut names = Names::default();
        let texts = rows.iter().take(MAX_SAMPLED_ROWS).map(|row| row.text(at));
        for text in texts.filter(|text| !text.is_empty()) {
            let marks = |c: char| c.is_numeric() || "@:=<>()[]\"".contains(c);
            let is_name = text.contains(char::is_alphabetic)
                && text.chars().count() <= MAX_NAME
                && !text.contains(marks);
            names.filled += 1;
            match text.split_whitespace().count() {
                _ if !is_name => {}
                0 | 1 => names.single += 1,
                _ => names.whole += 1,
            }
        }
        names
    }

    /// Whether whole names stand here and nothing else, but for a few of one word.
    fn are_whole(&self) -> bool {
        self.whole * 2 > self.filled && self.whole + self.single == self.filled
    }

    /// Whether the other parts of the names stand here that have one part there.
    fn are_parts_beside(&self, there: &Names) -> bool {
        there.single * 2 > there.filled
            && self.whole + self.single == self.filled
            && self.filled * 2 > there.filled
    }
}

/// One line of headings out of two, of which the upper one names groups of columns; `None`: it does not.
fn grouped(top: &TableRow, bottom: &TableRow) -> Option<TableRow> {
    let width = top.cells.len().max(bottom.cells.len());
    let texts = |row: &TableRow| -> Vec<String> {
        let texts = (0..width).map(|at| row.text(at).to_owned());
        texts.filter(|text| !text.is_empty()).collect()
    };
    let is_heading = |text: &String| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits <= MAX_DIGITS && !text.contains('@') && meaning(text) != Err(false)
    };
    let (groups, names) = (texts(top), texts(bottom));
    let covered = (0..width).filter(|at| !top.text(*at).is_empty() || !bottom.text(*at).is_empty());
    let fits = bottom.line == top.line + 1
        && groups.len() > 1
        && names.len() > 1
        && groups.len() < covered.count()
        && groups.iter().chain(&names).all(is_heading);
    if !fits {
        return None;
    }
    let mut row = TableRow {
        line: bottom.line,
        cells: Vec::with_capacity(width),
    };
    let mut group = "";
    for at in 0..width {
        let (own, name) = (top.text(at), bottom.text(at));
        if !own.is_empty() {
            group = own;
        }
        let text = match name.is_empty() {
            true => own.to_owned(),
            false if group == name || group.is_empty() => name.to_owned(),
            false => format!("{group} {name}"),
        };
        row.cells.push(crate::booking::table::Cell {
            text,
            ..Default::default()
        });
    }
    Some(row)
}
