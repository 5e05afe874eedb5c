//! Booking lists: what an agency already has in a spreadsheet about its travellers. Pure.
//!
//! In: pasted text, or the bytes of a CSV or XLSX file. Out: [`Booking`]s, each with a traveller and what
//! its eSIM can be found by, or with what is wrong with its line; then [`Proposal`]s, which say whose each line
//! is and what it changes. It must not know where eSIMs and travellers are kept: they are told to it.

mod columns;
mod days;
mod digits;
mod matching;
mod table;

use crate::traveller::{Traveller, TravellerError, TravellerField};
use columns::recognise;
use digits::digits;

pub use columns::Column;
pub use digits::{FEWEST_DIGITS, WHOLE_DIGITS};
pub use matching::{
    Found, FoundEsim, KnownEsims, LineChange, LineOwner, LineRow, Proposal, propose,
};
pub use table::{BookingError, MAX_BYTES, MAX_ROWS, Table};

/// How a list is to be read. What is `None` is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands in each column.
    pub columns: Option<Vec<Column>>,
    /// Whether the first line names the columns.
    pub headed: Option<bool>,
    /// Whether 03/04 is the third of April.
    pub day_first: Option<bool>,
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineProblem {
    /// No ICCID, no last digits, no reference.
    NothingToFindBy,
    /// Nothing about a traveller.
    NoTraveller,
    /// The spreadsheet kept the ICCID as a number and rounded it.
    Rounded,
    /// A day that is none.
    NoDay {
        /// As it stands there.
        text: String,
    },
    /// The trip ends before it starts.
    EndsBeforeStart,
    /// A text is too long.
    TooLong {
        /// Which.
        field: TravellerField,
    },
    /// Too many tags.
    TooManyTags,
}

impl From<TravellerError> for LineProblem {
    fn from(error: TravellerError) -> LineProblem {
        match error {
            TravellerError::TooLong { field, .. } => LineProblem::TooLong { field },
            TravellerError::NoDay(text, _) => LineProblem::NoDay { text },
            TravellerError::EndsBeforeStart => LineProblem::EndsBeforeStart,
            TravellerError::TooManyTags => LineProblem::TooManyTags,
        }
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its number in the list, counted from 1 as spreadsheets do.
    pub line: usize,
    /// Digits of the ICCID, all or the last ones.
    pub iccid: Option<String>,
    /// The order reference.
    pub reference: Option<String>,
    /// Who travels, or what is wrong.
    pub traveller: Result<Traveller, LineProblem>,
}

/// A list as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookings {
    /// How it was read: nothing is `None`.
    pub reading: Reading,
    /// What the columns are called, or their numbers.
    pub headings: Vec<String>,
    /// The first text in each column below the headings.
    pub samples: Vec<String>,
    /// Its lines but the empty ones and the headings.
    pub lines: Vec<Booking>,
    /// Whether a day could be read both ways, so that `day_first` matters and is a guess.
    pub days_unclear: bool,
}

/// Understands a list.
#[must_use]
pub fn read(table: &Table, reading: &Reading) -> Bookings {
    let width = table.width();
    let (guessed, headed) = recognise(table);
    let headed = reading.headed.unwrap_or(headed);
    let mut columns = reading.columns.clone().unwrap_or(guessed);
    columns.resize(width, Column::Ignored);
    let dated = |column: &Column| matches!(column, Column::TripStart | Column::TripEnd);
    let days = table.rows.iter().skip(usize::from(headed)).flat_map(|row| {
        let cells = row.cells.iter().zip(&columns);
        cells
            .filter(|(_, column)| dated(column))
            .map(|(cell, _)| cell.text.as_str())
    });
    let (order, matters) = days::order(days);
    let day_first = reading.day_first.or(order).unwrap_or(true);
    let headings = (0..width).map(|at| match table.rows.first() {
        Some(row) if headed => row.text(at).to_owned(),
        _ => String::new(),
    });
    let lines = table.rows.iter().skip(usize::from(headed));
    let samples = (0..width).map(|at| {
        let mut texts = lines.clone().map(|row| row.text(at));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    });
    Bookings {
        samples: samples.map(str::to_owned).collect(),
        headings: headings.collect(),
        lines: lines.map(|row| booking(row, &columns, day_first)).collect(),
        days_unclear: order.is_none() && matters,
        reading: Reading {
            columns: Some(columns),
            headed: Some(headed),
            day_first: Some(day_first),
        },
    }
}

fn booking(row: &table::TableRow, columns: &[Column], day_first: bool) -> Booking {
    let cells = |wanted: Column| {
        let pairs = row.cells.iter().zip(columns);
        pairs.filter(move |(cell, column)| **column == wanted && !cell.text.is_empty())
    };
    let texts = |wanted| cells(wanted).map(|(cell, _)| cell.text.as_str());
    let joined = |wanted, by: &str| texts(wanted).collect::<Vec<_>>().join(by);
    let rounded = cells(Column::Iccid).any(|(cell, _)| cell.rounded);
    let iccid = texts(Column::Iccid)
        .map(digits)
        .find(|digits| digits.len() >= FEWEST_DIGITS);
    let reference = texts(Column::Reference).next().map(str::to_owned);
    let traveller = || {
        if rounded {
            return Err(LineProblem::Rounded);
        }
        let day = |wanted| {
            let text = texts(wanted).next();
            text.map(|text| {
                days::read(text, day_first).ok_or_else(|| LineProblem::NoDay {
                    text: text.to_owned(),
                })
            })
            .transpose()
        };
        let parts = [Column::FirstName, Column::LastName].map(|part| joined(part, " "));
        let name = joined(Column::Name, " ");
        let tags = texts(Column::Tags).flat_map(|tags| tags.split([',', ';', '|']));
        let traveller = Traveller {
            name: if name.is_empty() {
                parts.join(" ")
            } else {
                name
            },
            contact: joined(Column::Contact, ", "),
            trip_start: day(Column::TripStart)?,
            trip_end: day(Column::TripEnd)?,
            note: joined(Column::Note, "\n"),
            tags: tags.map(str::to_owned).collect(),
        }
        .tidy()?;
        if iccid.is_none() && reference.is_none() {
            return Err(LineProblem::NothingToFindBy);
        }
        if traveller.is_empty() {
            return Err(LineProblem::NoTraveller);
        }
        Ok(traveller)
    };
    Booking {
        line: row.line,
        traveller: traveller(),
        iccid: iccid.filter(|_| !rounded),
        reference,
    }
}

#[cfg(test)]
mod tests;
