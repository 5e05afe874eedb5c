//! How a booking list is read: what the window may say of it, and what was found.

use esim_watch_core::booking;
use serde::{Deserialize, Serialize};

mirrored! {
    /// What a column says.
    Column of booking::Column {
        /// Nothing that is taken over.
        Ignored,
        /// The ICCID, or its last digits.
        Iccid,
        /// The eSIM's id at its provider.
        EsimId,
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
        /// First day of the trip, or both.
        TripStart,
        /// Last day of the trip.
        TripEnd,
        /// Anything else; several columns are written one below the other.
        Note,
        /// Words between commas.
        Tags,
    }
}

/// What stands between two cells of a file of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Separator {
    /// A tab.
    Tab,
    /// A semicolon.
    Semicolon,
    /// A comma.
    Comma,
    /// A vertical bar.
    Bar,
    /// Several blanks, or blanks and tabs.
    Blanks,
}

impl Separator {
    fn of(letter: char) -> Option<Separator> {
        match letter {
            '\t' => Some(Separator::Tab),
            ';' => Some(Separator::Semicolon),
            ',' => Some(Separator::Comma),
            '|' => Some(Separator::Bar),
            ' ' => Some(Separator::Blanks),
            _ => None,
        }
    }

    fn letter(self) -> char {
        match self {
            Separator::Tab => '\t',
            Separator::Semicolon => ';',
            Separator::Comma => ',',
            Separator::Bar => '|',
            Separator::Blanks => ' ',
        }
    }
}

/// How a list is to be read. What is `None` is guessed, or is nothing that can be said of this list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What stands in each column.
    pub columns: Option<Vec<Column>>,
    /// The line that names the columns; 0: none does.
    pub heading: Option<usize>,
    /// Whether 03/04 is the third of April.
    pub day_first: Option<bool>,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// The encoding of a file of text.
    pub encoding: Option<String>,
    /// What stands between two cells of a file of text.
    pub separator: Option<Separator>,
    /// Whether lines count that the spreadsheet does not show.
    pub hidden_rows: Option<bool>,
    /// Whether days far from today are meant.
    pub far_days: Option<bool>,
    /// Whether travellers of whom nobody knows which of an order's eSIMs is whose are noted together for all of them.
    pub together: Option<bool>,
    /// Whether lines without a reference are of the order above them.
    pub below_orders: Option<bool>,
    /// Whether several names in one cell are each a traveller. Where nobody says so, those are that can't be one person's.
    pub several: Option<bool>,
}

impl From<booking::Reading> for Reading {
    fn from(reading: booking::Reading) -> Reading {
        let booking::Reading {
            columns,
            heading,
            day_first,
            sheet,
            encoding,
            separator,
            hidden_rows,
            far_days,
            together,
            below_orders,
            several,
        } = reading;
        Reading {
            columns: columns.map(|columns| columns.into_iter().map(Column::from).collect()),
            heading,
            day_first,
            sheet,
            encoding,
            separator: separator.and_then(Separator::of),
            hidden_rows,
            far_days,
            together,
            below_orders,
            several,
        }
    }
}

impl From<Reading> for booking::Reading {
    fn from(reading: Reading) -> booking::Reading {
        let Reading {
            columns,
            heading,
            day_first,
            sheet,
            encoding,
            separator,
            hidden_rows,
            far_days,
            together,
            below_orders,
            several,
        } = reading;
        booking::Reading {
            columns: columns
                .map(|columns| columns.into_iter().map(booking::Column::from).collect()),
            heading,
            day_first,
            sheet,
            encoding,
            separator: separator.map(Separator::letter),
            hidden_rows,
            far_days,
            together,
            below_orders,
            several,
        }
    }
}

/// A sheet of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct SheetName {
    /// As its tab says.
    name: String,
    /// Whether the spreadsheet does not show it.
    hidden: bool,
}

impl From<booking::SheetName> for SheetName {
    fn from(sheet: booking::SheetName) -> SheetName {
        let booking::SheetName { name, hidden } = sheet;
        SheetName { name, hidden }
    }
}

/// A line that may name the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct FirstLine {
    /// Its number.
    line: usize,
    /// What stands in it.
    text: String,
}

impl From<(usize, String)> for FirstLine {
    fn from((line, text): (usize, String)) -> FirstLine {
        FirstLine { line, text }
    }
}
