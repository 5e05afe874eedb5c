//! A column of a list in a file, whatever the list.

use super::file::Cell;

/// One column of a list in a file.
#[derive(Debug)]
pub struct ExportColumn<Row> {
    /// Its name to the window, which has a heading for it.
    pub id: &'static str,
    /// What stands in it.
    pub cell: ExportCell<Row>,
}

/// What stands in a column.
#[derive(Debug)]
pub enum ExportCell<Row> {
    /// Anything but moments.
    Of(fn(&Row) -> Cell),
    /// Moments, UTC seconds.
    Time(fn(&Row) -> Option<i64>),
}

/// What is known of a column without its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportHead {
    /// Its name to the window.
    pub id: &'static str,
    /// Whether moments stand in it.
    pub time: bool,
}
