//! A column of a list in a file, whatever the list.

use super::file::Cell;

/// One column of a list in a file.
#[derive(Debug)]
pub struct ExportColumn<Row> {
    /// Its name to the window, which has a heading for it.
    pub id: &'static str,
    /// What stands in it.
    pub cell: fn(&Row) -> Cell,
}
