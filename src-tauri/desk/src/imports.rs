//! Booking lists: looked at, taken over, taken back.

use std::sync::Mutex;

use esim_watch_core::booking::{self, Bookings, Proposal};
use esim_watch_core::store;
use esim_watch_core::traveller::{self, Owner};
use serde::{Deserialize, Serialize};

use crate::travellers::{Traveller, TravellerField};

/// Most lines of a booking list that are shown before it is taken over.
const SHOWN_LINES: usize = 500;

mirrored! {
    /// What a column says.
    Column of booking::Column {
        /// Nothing that is taken over.
        Ignored,
        /// The ICCID, or its last digits.
        Iccid,
        /// The order reference.
        Reference,
        /// The whole name.
        Name,
        /// The first name.
        FirstName,
        /// The last name.
        LastName,
        /// An address or a telephone number; several columns are written one after the other.
        Contact,
        /// First day of the trip.
        TripStart,
        /// Last day of the trip.
        TripEnd,
        /// Anything else; several columns are written one below the other.
        Note,
        /// Words between commas.
        Tags,
    }
}

mirrored! {
    /// What taking a line over would change.
    LineChange of booking::LineChange {
        /// Nothing was known.
        Added,
        /// Something else was known.
        Changed,
        /// All of it was known.
        Same,
    }
}

/// How a list is to be read. What is `None` is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What stands in each column.
    pub columns: Option<Vec<Column>>,
    /// Whether the first line names the columns.
    pub headed: Option<bool>,
    /// Whether 03/04 is the third of April.
    pub day_first: Option<bool>,
}

impl From<booking::Reading> for Reading {
    fn from(reading: booking::Reading) -> Reading {
        let booking::Reading {
            columns,
            headed,
            day_first,
        } = reading;
        Reading {
            columns: columns.map(|columns| columns.into_iter().map(Column::from).collect()),
            headed,
            day_first,
        }
    }
}

impl From<Reading> for booking::Reading {
    fn from(reading: Reading) -> booking::Reading {
        let Reading {
            columns,
            headed,
            day_first,
        } = reading;
        booking::Reading {
            columns: columns
                .map(|columns| columns.into_iter().map(booking::Column::from).collect()),
            headed,
            day_first,
        }
    }
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
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

impl From<booking::LineProblem> for LineProblem {
    fn from(problem: booking::LineProblem) -> LineProblem {
        match problem {
            booking::LineProblem::NothingToFindBy => LineProblem::NothingToFindBy,
            booking::LineProblem::NoTraveller => LineProblem::NoTraveller,
            booking::LineProblem::Rounded => LineProblem::Rounded,
            booking::LineProblem::NoDay { text } => LineProblem::NoDay { text },
            booking::LineProblem::EndsBeforeStart => LineProblem::EndsBeforeStart,
            booking::LineProblem::TooLong { field } => LineProblem::TooLong {
                field: field.into(),
            },
            booking::LineProblem::TooManyTags => LineProblem::TooManyTags,
        }
    }
}

/// Whose a line is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum LineOwner {
    /// One eSIM.
    Esim {
        /// Opens it.
        key: String,
        /// Its ICCID.
        iccid: Option<String>,
        /// Whether only its last digits stand in the list.
        by_last_digits: bool,
    },
    /// An order.
    Order {
        /// How many eSIMs it has; 0: none has been told of yet, the traveller waits for it.
        esims: i64,
    },
    /// No eSIM has this number.
    Unknown,
    /// More than one eSIM ends in these digits.
    Several {
        /// How many.
        count: i64,
    },
    /// The same eSIM or order as in an earlier line.
    Repeated {
        /// That line.
        line: usize,
    },
    /// The line is wrong.
    Wrong {
        /// What is wrong with it.
        problem: LineProblem,
    },
}

impl From<booking::LineOwner> for LineOwner {
    fn from(owner: booking::LineOwner) -> LineOwner {
        match owner {
            booking::LineOwner::Esim {
                key,
                iccid,
                by_last_digits,
            } => LineOwner::Esim {
                key,
                iccid,
                by_last_digits,
            },
            booking::LineOwner::Order { esims } => LineOwner::Order { esims },
            booking::LineOwner::Unknown => LineOwner::Unknown,
            booking::LineOwner::Several { count } => LineOwner::Several { count },
            booking::LineOwner::Repeated { line } => LineOwner::Repeated { line },
            booking::LineOwner::Wrong { problem } => LineOwner::Wrong {
                problem: problem.into(),
            },
        }
    }
}

/// One line of a list, as it would be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LineRow {
    /// Its number in the list.
    pub line: usize,
    /// The ICCID, or its last digits, as in the list.
    pub iccid: Option<String>,
    /// The order reference, as in the list.
    pub reference: Option<String>,
    /// Who travels, as in the list; null: the line is wrong.
    pub traveller: Option<Traveller>,
    /// Whose it is.
    pub owner: LineOwner,
    /// What it would change; null: it is not taken over.
    pub change: Option<LineChange>,
}

impl From<booking::LineRow> for LineRow {
    fn from(row: booking::LineRow) -> LineRow {
        let booking::LineRow {
            line,
            iccid,
            reference,
            traveller,
            owner,
            change,
        } = row;
        LineRow {
            line,
            iccid,
            reference,
            traveller: traveller.map(Traveller::from),
            owner: owner.into(),
            change: change.map(LineChange::from),
        }
    }
}

/// A booking list as it would be taken over.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Takes it over.
    id: u32,
    /// How it was read.
    reading: Reading,
    /// What the columns are called; empty where they have no names.
    headings: Vec<String>,
    /// The first text in each column.
    samples: Vec<String>,
    /// Whether its days can be read both ways.
    days_unclear: bool,
    /// How many lines it has.
    lines: usize,
    /// Travellers that are new.
    added: usize,
    /// Travellers that are known and would be changed.
    changed: usize,
    /// Travellers that are known as they are.
    same: usize,
    /// Lines that would not be taken over.
    left: usize,
    /// The lines, those that would not be taken over first, at most 500.
    rows: Vec<LineRow>,
}

impl ImportPreview {
    pub(crate) fn of(id: u32, bookings: Bookings, proposals: &[Proposal]) -> ImportPreview {
        let count = |change| {
            let rows = proposals.iter().map(|one| one.row.change);
            rows.filter(|one| *one == change).count()
        };
        let (mut rows, taken): (Vec<&Proposal>, Vec<&Proposal>) =
            proposals.iter().partition(|one| one.row.change.is_none());
        rows.extend(taken);
        let rows = rows.into_iter().take(SHOWN_LINES);
        ImportPreview {
            id,
            headings: bookings.headings,
            samples: bookings.samples,
            days_unclear: bookings.days_unclear,
            lines: proposals.len(),
            added: count(Some(booking::LineChange::Added)),
            changed: count(Some(booking::LineChange::Changed)),
            same: count(Some(booking::LineChange::Same)),
            left: count(None),
            rows: rows.map(|one| one.row.clone().into()).collect(),
            reading: bookings.reading.into(),
        }
    }
}

/// An import as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Its row.
    pub id: i64,
    /// UTC milliseconds.
    pub imported_at_ms: i64,
    /// The file's name; empty: it was pasted.
    pub source: String,
    /// How many travellers it set.
    pub travellers: i64,
    /// When it was taken back, UTC milliseconds; null: it holds.
    pub undone_at_ms: Option<i64>,
}

impl From<store::ImportRow> for ImportRow {
    fn from(row: store::ImportRow) -> ImportRow {
        let store::ImportRow {
            id,
            imported_at_ms,
            source,
            travellers,
            undone_at_ms,
        } = row;
        ImportRow {
            id,
            imported_at_ms,
            source,
            travellers,
            undone_at_ms,
        }
    }
}

/// What taking an import back did.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct UndoneImport {
    /// Travellers that are as before.
    pub restored: usize,
    /// Travellers that somebody has changed since: they stay.
    pub kept: usize,
}

/// The booking list that somebody is looking at, until it is taken over or another one is.
#[derive(Debug, Default)]
pub(crate) struct Preview(pub(crate) Mutex<Option<PendingImport>>);

#[derive(Debug)]
pub(crate) struct PendingImport {
    pub(crate) id: u32,
    pub(crate) source: String,
    pub(crate) changes: Vec<(Owner, traveller::Traveller)>,
}
