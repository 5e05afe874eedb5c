//! Lists that were copied out of a mail or a web page: quoted, laid out with blanks or drawn lines, a cell to a line, or
//! each field behind its name.

use super::{Cell, TableRow};

/// Whether a text names a column.
pub(in crate::booking) type IsHeading<'a> = &'a dyn Fn(&str) -> bool;

/// Most fields of one traveller whose cells stand one below the other.
const MAX_STACKED: usize = 15;

/// Longest name of a field, in characters.
const MAX_LABEL: usize = 40;

/// Without the marks in front of what a mail quotes, if most of its lines have them, and without drawn lines.
pub(super) fn unquoted(text: &str) -> String {
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let quoted = filled().filter(|line| line.trim_start().starts_with('>'));
    let is_quoted = quoted.count() * 2 > filled().count();
    let line = |line: &str| {
        let bare = line.trim_end_matches(['\n', '\r']);
        let end = line.get(bare.len()..).unwrap_or_default().to_owned();
        let mut bare = bare;
        while is_quoted && let Some(rest) = bare.trim_start().strip_prefix('>') {
            bare = rest.strip_prefix(' ').unwrap_or(rest);
        }
        let kept = if is_drawn(bare) { "" } else { bare };
        format!("{kept}{end}")
    };
    text.split_inclusive('\n').map(line).collect()
}

/// `+-----+-----+`, `|---|:--:|`
fn is_drawn(line: &str) -> bool {
    let drawn = |c: char| "-+|=:_ ┌┬┐├┼┤└┴┘─═".contains(c);
    let lines = line.chars().filter(|c| "-=_─═".contains(*c)).count();
    lines >= 3 && line.chars().all(drawn)
}

/// Where the cells of a line begin, counted in characters, and what stands in them: two blanks or a tab part them.
fn cells(line: &str) -> Vec<(usize, &str)> {
    let blank = |c: char| c == '\t' || c == ' ' || c == '\u{a0}';
    let mut cells: Vec<(usize, &str)> = Vec::new();
    let mut from: Option<(usize, usize)> = None;
    let mut gap: Option<(usize, bool)> = None;
    for (place, (at, c)) in line.char_indices().enumerate() {
        if blank(c) {
            let (start, wide) = gap.unwrap_or((at, false));
            gap = Some((start, wide || c == '\t' || start < at));
            continue;
        }
        if let (Some((place, start)), Some((end, true))) = (from, gap) {
            cells.push((place, line.get(start..end).unwrap_or_default()));
            from = None;
        }
        gap = None;
        from.get_or_insert((place, at));
    }
    if let Some((place, start)) = from {
        let text = line.get(start..).unwrap_or_default();
        cells.push((place, text.trim_end_matches(blank)));
    }
    cells
}

/// The text with a tab where blanks part two cells. A cell that stands below another one's beginning is of its column,
/// also if one between them is empty.
pub(super) fn tabbed(text: &str) -> String {
    let widest = text
        .lines()
        .map(cells)
        .fold(Vec::new(), |widest: Vec<_>, one| {
            if one.len() > widest.len() {
                one
            } else {
                widest
            }
        });
    let starts: Vec<usize> = widest.iter().map(|(place, _)| *place).collect();
    let aligned = !text.contains('\t');
    let line = |line: &str| {
        let cells = cells(line);
        let column = |(place, _): &(usize, &str)| starts.iter().position(|start| start == place);
        let columns: Option<Vec<usize>> = cells.iter().map(column).collect();
        let columns = columns.filter(|_| aligned && cells.len() < starts.len());
        let mut row = String::new();
        let mut at = 0;
        for (index, (_, text)) in cells.iter().enumerate() {
            let wanted = columns
                .as_ref()
                .and_then(|columns| columns.get(index).copied());
            let wanted = wanted.unwrap_or(index);
            while at < wanted {
                row.push('\t');
                at += 1;
            }
            row.push_str(text);
        }
        row
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A list in which each cell has a line of its own, as some programs copy a table: first the names of the columns.
pub(super) fn stacked(rows: &[TableRow], is_heading: IsHeading<'_>) -> Option<Vec<TableRow>> {
    let texts: Vec<(usize, &Cell)> = rows
        .iter()
        .filter_map(|row| match row.cells.as_slice() {
            [cell] => Some((row.line, cell)),
            _ => None,
        })
        .collect();
    if texts.len() < rows.len() {
        return None;
    }
    let headings = texts.iter().take_while(|(_, cell)| is_heading(&cell.text));
    let width = headings.count();
    let fits = (2..=MAX_STACKED).contains(&width)
        && texts.len() > width
        && texts.len().is_multiple_of(width);
    fits.then(|| {
        let rows = texts.chunks(width).map(|cells| TableRow {
            line: cells.first().map_or(0, |(line, _)| *line),
            cells: cells.iter().map(|(_, cell)| (*cell).clone()).collect(),
        });
        rows.collect()
    })
}

/// A list in which each field stands behind its name: `Name: Anna Muster`.
pub(super) fn labelled(text: &str, is_heading: IsHeading<'_>) -> Option<Vec<TableRow>> {
    let mut headings: Vec<String> = Vec::new();
    let mut records: Vec<TableRow> = Vec::new();
    let mut first = None;
    let (mut labelled, mut filled) = (0, 0);
    let mut ended = true;
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            ended = true;
            continue;
        }
        filled += 1;
        let Some((label, value)) = line.split_once(':') else {
            continue;
        };
        let label = label.trim_matches(|c: char| c.is_whitespace() || "*-•".contains(c));
        let cells = label.contains(|c: char| "\t;,|".contains(c) || c.is_ascii_digit());
        if cells || label.chars().count() > MAX_LABEL || !is_heading(label) {
            continue;
        }
        labelled += 1;
        first.get_or_insert(at + 1);
        let known = headings.iter().position(|one| one == label);
        let column = known.unwrap_or(headings.len());
        if known.is_none() {
            headings.push(label.to_owned());
        }
        let said = |row: &TableRow| {
            row.cells
                .get(column)
                .is_some_and(|cell| !cell.text.is_empty())
        };
        if ended || records.last().is_none_or(said) {
            records.push(TableRow {
                line: at + 1,
                cells: Vec::new(),
            });
        }
        ended = false;
        if let Some(record) = records.last_mut() {
            // The names of the columns have the first line's number.
            record.line = at + 1;
            if record.cells.len() <= column {
                record.cells.resize(column + 1, Cell::default());
            }
            if let Some(cell) = record.cells.get_mut(column) {
                *cell = Cell::of_text(value);
            }
        }
    }
    let fits = headings.len() > 1 && labelled * 3 > filled * 2;
    fits.then(|| {
        let cells = headings.iter().map(|text| Cell::of_text(text)).collect();
        let named = TableRow {
            line: first.unwrap_or(1),
            cells,
        };
        [vec![named], records].concat()
    })
}
