//! How a list is to be read, as far as somebody says it.

use super::column::Column;

/// How a list is to be read. What is `None` is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands in each column.
    pub columns: Option<Vec<Column>>,
    /// The line that names the columns; 0: none does.
    pub heading: Option<usize>,
    /// Whether 03/04 is the third of April.
    pub day_first: Option<bool>,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// The encoding of a file of text, one of [`super::ENCODINGS`].
    pub encoding: Option<String>,
    /// What stands between two cells of a file of text.
    pub separator: Option<char>,
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
