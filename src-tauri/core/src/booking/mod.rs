//! Booking lists: what an agency already has in a spreadsheet about its travellers. Pure.
//!
//! In: pasted text, or the bytes of a CSV, XLSX, XLS, ODS or XML Spreadsheet 2003 file. Out: [`Booking`]s, each with a traveller and what
//! its eSIM can be found by, or with what is wrong with its line; then [`Proposal`]s, which say whose each line
//! is and what it changes. It must not know where eSIMs and travellers are kept, nor what day it is: it is told.

mod addressed;
mod ages;
mod bare;
mod cancelled;
mod column;
mod columns;
mod corrections;
mod days;
mod doubts;
mod line;
mod marks;
mod matching;
mod months;
mod number;
mod ordinals;
mod party;
mod people;
mod plain;
mod reading;
mod several;
mod table;
mod totals;
mod trips;
mod unnamed;

use columns::recognise;
use days::DayOrder;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use column::Column;
pub use corrections::Corrections;
pub use doubts::{LineDoubt, LineProblem};
pub use line::{Booking, SeveralTravellers};
pub use marks::KnownMarks;
pub use matching::{
    Found, FoundEsim, KnownEsim, KnownEsims, LineChange, LineOwner, LineRow, Proposal, Rules,
    propose,
};
pub use months::month_of;
pub use number::{FEWEST_DIGITS, WHOLE_DIGITS};
pub use reading::Reading;
pub use table::{BookingError, ENCODINGS, MAX_BYTES, MAX_ROWS, OpenedFile, SheetName, Table};

/// A list as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookings {
    /// How it was read: of what can be said of it nothing is `None`.
    pub reading: Reading,
    /// What the columns are called; empty where they have no names.
    pub headings: Vec<String>,
    /// The first text in each column below the headings.
    pub samples: Vec<String>,
    /// Its lines but the empty ones and the headings.
    pub lines: Vec<Booking>,
    /// Whether a day could be read both ways, so that `day_first` matters and is a guess.
    pub days_unclear: bool,
    /// The first lines, each with its number, of which one may be the headings.
    pub first_lines: Vec<(usize, String)>,
    /// Lines above the headings.
    pub above: usize,
    /// Whether lines without a reference could be of the order above them.
    pub below_orders: bool,
    /// How the file was opened.
    pub opened: OpenedFile,
}

impl Table {
    /// Reads a file, or pasted text: the sheet, with the encoding and the separator that `reading` says.
    ///
    /// # Errors
    /// [`BookingError`], written for the user.
    pub fn read(bytes: &[u8], reading: &Reading) -> Result<Table, BookingError> {
        let is_list = |table: &Table| columns::is_list(table, &KnownMarks::default());
        Table::open(bytes, reading, &is_list, &columns::is_heading)
    }
}

/// The day on which a list is read, and where.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// A trip is near it.
    pub today: Date,
    /// An instant in a list is a day here.
    pub zone: TimeZone,
}

/// How many columns' texts stand for a line that may be the headings.
const SHOWN_CELLS: usize = 6;

/// Understands a list of whose texts none is known, where it is the time of UTC. `today`: a trip is near it.
#[must_use]
pub fn read(table: &Table, reading: &Reading, today: Date) -> Bookings {
    let zone = TimeZone::UTC;
    let calendar = Calendar { today, zone };
    read_knowing(table, reading, &calendar, &KnownMarks::default())
}

/// Understands a list. `marks`: what of its texts the eSIMs here are known by.
#[must_use]
pub fn read_knowing(
    table: &Table,
    reading: &Reading,
    calendar: &Calendar,
    marks: &KnownMarks,
) -> Bookings {
    let today = calendar.today;
    let original = table;
    let width = table.width();
    let heading = match reading.heading {
        Some(line) => table.rows.iter().position(|row| row.line == line),
        None => columns::heading(table, marks),
    };
    let headed = heading.and_then(|at| columns::Headings::at(table, at));
    let headed = headed.as_ref();
    let marked = columns::with_marked_days(table, headed, reading.columns.as_deref(), today);
    let table = marked.as_ref().unwrap_or(original);
    let mut columns = match &reading.columns {
        Some(columns) => columns.clone(),
        None => recognise(table, headed, today, marks),
    };
    columns.resize(width, Column::Ignored);
    let below = headed.map_or(0, |headed| headed.below);
    let rows = table.rows.get(below..).unwrap_or_default();
    let dated = |column: &Column| matches!(column, Column::TripStart | Column::TripEnd);
    let days = rows.iter().flat_map(|row| {
        let cells = row.cells.iter().zip(&columns);
        cells
            .filter(|(_, column)| dated(column))
            .map(|(cell, _)| cell.text.as_str())
    });
    let (order, matters) = days::order(days);
    // When somebody booked is written as when they travel.
    let others = || columns::other_days(rows, &columns, today);
    let order = order.or_else(|| matters.then(|| days::order(others()).0)?);
    let likely = || trips::day_first(rows, &columns, today);
    let day_first = reading.day_first.or(order);
    let day_first = day_first.or_else(|| matters.then(likely)?).unwrap_or(true);
    let named = headed.map(|headed| &headed.row);
    let headings = (0..width).map(|at| named.map_or("", |row| row.text(at)).to_owned());
    let samples = (0..width).map(|at| {
        let written = original.rows.get(below..).unwrap_or_default();
        let mut texts = written.iter().map(|row| row.text(at));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    });
    let first_lines = original
        .rows
        .iter()
        .take(columns::MAX_TITLE_ROWS)
        .map(|row| {
            let cells = row.cells.iter().map(|cell| cell.text.as_str());
            let cells = cells.filter(|text| !text.is_empty()).take(SHOWN_CELLS);
            (row.line, cells.collect::<Vec<_>>().join(" · "))
        });
    let far_days = reading.far_days.unwrap_or(false);
    let order_of_days = DayOrder { day_first, today };
    let understood = line::Understood {
        columns: &columns,
        heading: named,
        order: order_of_days,
        zone: &calendar.zone,
        far_days,
        last_named: line::last_named(table, named, rows),
        wide: headed.map_or(&[], |headed| &headed.wide),
        may_name: (0..width)
            .map(|at| columns::MayName::of(named.map_or("", |row| row.text(at))))
            .collect(),
        marks,
    };
    let mut lines = understood.bookings(rows, true);
    let of_above = |doubt: &LineDoubt| matches!(doubt, LineDoubt::OrderAbove { .. });
    let below_orders = lines.iter().any(|line| line.doubts.iter().any(of_above));
    let below = reading.below_orders.unwrap_or(true);
    if below_orders && !below {
        lines = understood.bookings(rows, false);
    }
    Bookings {
        samples: samples.map(str::to_owned).collect(),
        headings: headings.collect(),
        lines,
        above: headed.map_or(0, |headed| headed.above),
        below_orders,
        days_unclear: order.is_none() && matters,
        first_lines: first_lines.collect(),
        reading: Reading {
            heading: Some(named.map_or(0, |row| row.line)),
            day_first: Some(day_first),
            sheet: table.opened.sheet.clone(),
            encoding: table.opened.encoding.map(str::to_owned),
            separator: table.opened.separator,
            hidden_rows: Some(table.opened.with_hidden_rows),
            far_days: Some(far_days),
            together: Some(reading.together.unwrap_or(false)),
            below_orders: Some(below),
            several: reading.several,
            columns: Some(columns),
        },
        opened: table.opened.clone(),
    }
}

#[cfg(test)]
mod tests;
