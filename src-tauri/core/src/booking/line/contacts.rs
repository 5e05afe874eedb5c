//! What the traveller of a line can be reached by.

use super::{NAMES, Understood};
use crate::booking::addressed;
use crate::booking::bare::{whole_number, without_marks, without_schemes};
use crate::booking::column::Column;
use crate::booking::table::{Cell, TableRow};

impl Understood<'_> {
    /// What stands in a cell of a contact: a number that a spreadsheet wrote shorter only if none of its digits is missing.
    pub(super) fn contact_of(cell: &Cell) -> Option<String> {
        let text = &cell.text;
        match cell.rounded {
            true => whole_number(text),
            false if addressed::is_named(text) => Some(addressed::parted(text).1.join(", ")),
            false => Some(without_marks(&without_schemes(text))),
        }
    }

    pub(super) fn contact(&self, row: &TableRow) -> String {
        let beside = NAMES.into_iter().flat_map(|name| self.cells(row, name));
        let beside = beside.flat_map(|cell| addressed::parted(&cell.text).1);
        let cells = self.cells(row, Column::Contact);
        let mut contacts: Vec<String> = cells.filter_map(Self::contact_of).collect();
        for address in beside {
            if !contacts.iter().any(|known| known.contains(&address)) {
                contacts.push(address);
            }
        }
        contacts.join(", ")
    }

    /// The addresses and numbers in the only cell that has some.
    pub(super) fn contacts(&self, row: &TableRow) -> Vec<String> {
        let mut cells = self.cells(row, Column::Contact);
        let (Some(cell), None) = (cells.next(), cells.next()) else {
            return Vec::new();
        };
        if cell.rounded {
            return Vec::new();
        }
        let parts = cell.text.split([',', ';', '\n', '|']);
        let parts = parts.map(|part| without_schemes(part.trim()));
        parts.filter(|part| !part.is_empty()).collect()
    }
}
