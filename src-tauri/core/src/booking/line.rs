//! One line of a list: who travels, and what the eSIM can be found by. A part that can't be understood costs that part
//! and is told; the line is left out only if nothing of it can be used.

use super::column::Column;
use super::days::{self, DayOrder, Days};
use super::number::numbers;
use super::table::{Cell, TableRow};
use crate::event::as_typed;
use crate::traveller::{Traveller, TravellerError, TravellerField};

/// What is wrong with one line, so that it is left out.
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

/// What of a line is not taken over, or may be meant otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineDoubt {
    /// A text that is no day.
    NoDay {
        /// As it stands there.
        text: String,
    },
    /// A day too far from today to be believed.
    FarDay {
        /// As it stands there.
        text: String,
    },
    /// The trip ends before it starts: its end is left out.
    EndsBeforeStart,
    /// Letters were lost before the list came here.
    LostLetters,
    /// What stands where the ICCID should is no number.
    NoNumber {
        /// As it stands there.
        text: String,
    },
    /// The number was rounded; the reference tells whose the line is.
    Rounded,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its number in the list, counted from 1 as spreadsheets do.
    pub line: usize,
    /// Whom it is about, in words for a person, also where it is wrong.
    pub who: String,
    /// ICCIDs, or the last digits of one.
    pub iccids: Vec<String>,
    /// The eSIM's id at its provider.
    pub esim_id: Option<String>,
    /// The order reference.
    pub reference: Option<String>,
    /// Who travels, or what is wrong.
    pub traveller: Result<Traveller, LineProblem>,
    /// What of it is not taken over.
    pub doubts: Vec<LineDoubt>,
}

/// How the lines of a list are understood.
pub(super) struct Understood<'a> {
    pub columns: &'a [Column],
    pub order: DayOrder,
    pub far_days: bool,
}

/// How much of a line stands for whom it is about if it names nobody, in characters.
const MAX_WHO: usize = 80;

impl Understood<'_> {
    fn cells<'a>(&'a self, row: &'a TableRow, wanted: Column) -> impl Iterator<Item = &'a Cell> {
        let pairs = row.cells.iter().zip(self.columns);
        let pairs = pairs.filter(move |(cell, column)| **column == wanted && !cell.text.is_empty());
        pairs.map(|(cell, _)| cell)
    }

    fn joined(&self, row: &TableRow, wanted: Column, by: &str) -> String {
        let texts = self.cells(row, wanted).map(|cell| cell.text.as_str());
        texts.collect::<Vec<_>>().join(by)
    }

    fn name(&self, row: &TableRow) -> String {
        let name = self.joined(row, Column::Name, " ");
        if !name.is_empty() {
            return name;
        }
        let parts = [Column::FirstName, Column::LastName];
        let parts = parts.map(|part| self.joined(row, part, " "));
        parts.join(" ").trim().to_owned()
    }

    /// What a line says.
    pub fn booking(&self, row: &TableRow) -> Booking {
        let mut doubts = Vec::new();
        let rounded = self.cells(row, Column::Iccid).any(|cell| cell.rounded);
        let iccids: Vec<String> = self
            .cells(row, Column::Iccid)
            .filter(|cell| !cell.rounded)
            .flat_map(|cell| numbers(&cell.text))
            .collect();
        let written = self.joined(row, Column::Iccid, " ");
        // The program's own lists have the id of an eSIM where its number is not known.
        let id = self.cells(row, Column::EsimId).next();
        let id = id.map(|cell| as_typed(&cell.text).into_owned());
        let id = id.or_else(|| {
            let unnumbered = iccids.is_empty() && !rounded && !written.is_empty();
            unnumbered.then(|| as_typed(&written).into_owned())
        });
        let reference = self.cells(row, Column::Reference).next();
        let reference = reference.map(|cell| as_typed(&cell.text).into_owned());
        let reference = reference.filter(|reference| !reference.is_empty());
        if iccids.is_empty() && !written.is_empty() {
            doubts.push(match rounded {
                true => LineDoubt::Rounded,
                false => LineDoubt::NoNumber { text: written },
            });
        }
        if row.cells.iter().any(|cell| cell.text.contains('\u{fffd}')) {
            doubts.push(LineDoubt::LostLetters);
        }
        let traveller = self.traveller(row, &mut doubts);
        let nothing = iccids.is_empty() && id.is_none() && reference.is_none();
        let traveller = traveller.and_then(|traveller| match () {
            () if nothing && rounded => Err(LineProblem::Rounded),
            () if nothing => Err(LineProblem::NothingToFindBy),
            () if traveller.is_empty() => Err(LineProblem::NoTraveller),
            () => Ok(traveller),
        });
        Booking {
            line: row.line,
            who: self.who(row),
            iccids,
            esim_id: id,
            reference,
            traveller,
            doubts,
        }
    }

    /// A name, else whatever stands in the line.
    fn who(&self, row: &TableRow) -> String {
        let name = self.name(row);
        if !name.is_empty() {
            return name.chars().take(MAX_WHO).collect();
        }
        let cells = row.cells.iter().map(|cell| cell.text.as_str());
        let cells: Vec<&str> = cells.filter(|text| !text.is_empty()).collect();
        cells.join(" · ").chars().take(MAX_WHO).collect()
    }

    fn traveller(
        &self,
        row: &TableRow,
        doubts: &mut Vec<LineDoubt>,
    ) -> Result<Traveller, LineProblem> {
        let start = self.days(row, Column::TripStart, doubts);
        let end = self.days(row, Column::TripEnd, doubts);
        let first = start.map(|days| days.first);
        let last = end.map(|days| days.last.unwrap_or(days.first));
        let last = last.or(start.and_then(|days| days.last));
        let backwards = first.zip(last).is_some_and(|(first, last)| last < first);
        if backwards {
            doubts.push(LineDoubt::EndsBeforeStart);
        }
        let tags = self.cells(row, Column::Tags);
        let tags = tags.flat_map(|cell| cell.text.split([',', ';', '|']));
        let traveller = Traveller {
            name: self.name(row),
            contact: self.joined(row, Column::Contact, ", "),
            trip_start: first.map(|day| day.to_string()),
            trip_end: last.filter(|_| !backwards).map(|day| day.to_string()),
            note: self.joined(row, Column::Note, "\n"),
            tags: tags.map(str::to_owned).collect(),
        };
        Ok(traveller.tidy()?)
    }

    fn days(&self, row: &TableRow, wanted: Column, doubts: &mut Vec<LineDoubt>) -> Option<Days> {
        let text = &self.cells(row, wanted).next()?.text;
        let Some(days) = days::span(text, self.order) else {
            let text = text.clone();
            doubts.push(LineDoubt::NoDay { text });
            return None;
        };
        let near = |day| days::is_near(day, self.order.today);
        let is_near = near(days.first) && days.last.is_none_or(near);
        if !is_near && !self.far_days {
            let text = text.clone();
            doubts.push(LineDoubt::FarDay { text });
            return None;
        }
        Some(days)
    }
}
