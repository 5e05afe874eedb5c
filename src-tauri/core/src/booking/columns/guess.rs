//! What a column is taken for until all of them are looked at together.

use super::contents::ColumnContents;
use super::heading::{Meaning, Way, names_middle};
use crate::booking::column::Column;

/// What a column is taken for.
pub(super) struct Guess<'a> {
    pub heading: &'a str,
    /// It has no name of its own, and stands below a wide heading.
    pub wide: bool,
    pub meaning: Option<Meaning>,
    pub contents: ColumnContents,
}

impl Guess<'_> {
    pub fn is(&self, column: Column) -> bool {
        self.meaning.is_some_and(|meaning| meaning.column == column)
    }

    /// Whether it is called what stands between a first and a last name.
    pub fn is_middle(&self) -> bool {
        names_middle(self.heading)
    }
}

pub(super) fn plain(column: Column, rank: u8) -> Option<Meaning> {
    let way = Way::Plain;
    Some(Meaning { column, rank, way })
}
