//! Booking lists: looked at, taken over, taken back.

mod lines;
mod reading;

use std::sync::Mutex;

use esim_watch_core::booking::{
    self, Bookings, Calendar, Corrections, KnownMarks, Proposal, Table,
};
use esim_watch_core::store;
use esim_watch_core::traveller::TravellerChange;
use serde::Serialize;

pub use lines::{LineChange, LineDoubt, LineOwner, LineProblem, LineRow};
pub use reading::{Column, FirstLine, Reading, Separator, SheetName};

/// Most lines of a booking list that are shown before it is taken over.
const SHOWN_LINES: usize = 500;

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
    /// The sheets of a spreadsheet; none: it is a file of text.
    sheets: Vec<SheetName>,
    /// The encodings that a file of text can be in; none: it is a spreadsheet.
    encodings: Vec<String>,
    /// The first lines, one of which may name the columns.
    first_lines: Vec<FirstLine>,
    /// Lines that the spreadsheet does not show.
    hidden_rows: usize,
    /// Lines above the headings, which are no travellers.
    above: usize,
    /// Whether lines without a reference could be of the order above them.
    below_orders: bool,
    /// Whether there are more columns than are looked at.
    cut_columns: bool,
    /// Whether the columns are as somebody said for an earlier list.
    remembered: bool,
    /// Whether a day is far from today, so that it has to be asked for.
    far_days: bool,
    /// Whether an order has another number of eSIMs than of travellers.
    crowded: bool,
    /// Whether several names in one cell are each a traveller, where there are as many eSIMs; null: no cell has several.
    several: Option<bool>,
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
    /// Lines of which a part would not be taken over.
    doubtful: usize,
    /// The lines, those of which anything would not be taken over first, at most 500.
    rows: Vec<LineRow>,
}

impl ImportPreview {
    pub(crate) fn of(
        id: u32,
        (bookings, remembered): (Bookings, bool),
        proposals: &[Proposal],
    ) -> ImportPreview {
        let count = |change| {
            let rows = proposals.iter().map(|one| one.row.change);
            rows.filter(|one| *one == change).count()
        };
        let doubtful = |one: &&Proposal| one.row.change.is_some() && !one.row.doubts.is_empty();
        let mut rows: Vec<&Proposal> = proposals.iter().collect();
        rows.sort_by_key(|one| (one.row.change.is_some(), one.row.doubts.is_empty()));
        let rows = rows.into_iter().take(SHOWN_LINES);
        let far = |doubt: &booking::LineDoubt| matches!(doubt, booking::LineDoubt::FarDay { .. });
        let far_days = proposals.iter().any(|one| one.row.doubts.iter().any(far));
        let crowded = proposals.iter().any(|one| {
            matches!(one.row.owner, booking::LineOwner::Crowded { travellers, .. } if travellers > 1)
        });
        let named = bookings.lines.iter();
        let mut named = named.filter_map(|line| line.several.as_ref()).peekable();
        let several = named.peek().is_some();
        let sure = named.any(|several| several.sure);
        let several = several.then(|| bookings.reading.several.unwrap_or(sure));
        let Bookings {
            reading,
            headings,
            samples,
            days_unclear,
            first_lines,
            above,
            below_orders,
            opened,
            lines: _,
        } = bookings;
        let encodings = opened
            .encoding
            .map(|_| booking::ENCODINGS)
            .unwrap_or_default();
        ImportPreview {
            id,
            headings,
            samples,
            days_unclear,
            sheets: opened.sheets.into_iter().map(SheetName::from).collect(),
            encodings: encodings.iter().map(|name| (*name).to_owned()).collect(),
            first_lines: first_lines.into_iter().map(FirstLine::from).collect(),
            hidden_rows: opened.hidden_rows,
            above,
            below_orders,
            cut_columns: opened.cut_columns,
            remembered,
            // What was answered can be answered otherwise.
            far_days: far_days || reading.far_days == Some(true),
            crowded: crowded || reading.together == Some(true),
            several,
            lines: proposals.len(),
            added: count(Some(booking::LineChange::Added)),
            changed: count(Some(booking::LineChange::Changed)),
            same: count(Some(booking::LineChange::Same)),
            left: count(None),
            doubtful: proposals.iter().filter(doubtful).count(),
            rows: rows.map(|one| one.row.clone().into()).collect(),
            reading: reading.into(),
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
    pub(crate) changes: Vec<TravellerChange>,
    /// What somebody says of the columns, other than what was guessed: to be remembered.
    pub(crate) corrected: Option<Corrected>,
}

/// What somebody says of the columns below these headings.
#[derive(Debug)]
pub(crate) struct Corrected {
    pub(crate) headings: Vec<String>,
    pub(crate) columns: Vec<booking::Column>,
}

/// A list as it was understood, before anybody knows whose its lines are.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) bookings: Bookings,
    /// Whether its columns are as somebody said for an earlier list.
    pub(crate) remembered: bool,
    pub(crate) corrected: Option<Corrected>,
}

impl Understood {
    /// Understands a list. `corrections`: what was said of earlier ones; `marks`: what the eSIMs here are known by.
    pub(crate) fn of(
        table: &Table,
        reading: &booking::Reading,
        corrections: &Corrections,
        calendar: &Calendar,
        marks: &KnownMarks,
    ) -> Understood {
        let guess = booking::Reading {
            columns: None,
            ..reading.clone()
        };
        let mut bookings = booking::read_knowing(table, &guess, calendar, marks);
        let headings = &bookings.headings;
        let nearly = || corrections.nearly(headings, bookings.reading.columns.as_ref()?);
        let said_before = corrections.of(headings).or_else(nearly);
        let expected = said_before.clone().or(bookings.reading.columns.clone());
        let columns = reading.columns.clone().or(said_before.clone());
        if columns.is_some() && columns != bookings.reading.columns {
            let reading = booking::Reading { columns, ..guess };
            bookings = booking::read_knowing(table, &reading, calendar, marks);
        }
        let used = bookings.reading.columns.clone();
        let corrected = used.clone().filter(|_| used != expected);
        Understood {
            remembered: said_before.is_some() && used == said_before,
            corrected: corrected.map(|columns| Corrected {
                headings: bookings.headings.clone(),
                columns,
            }),
            bookings,
        }
    }
}

#[cfg(test)]
mod tests;
