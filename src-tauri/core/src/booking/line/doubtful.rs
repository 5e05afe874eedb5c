//! What of a line is doubtful, or has no room.

use super::{LineDoubt, Understood};
use crate::booking::cancelled::is_cancelled;
use crate::booking::column::Column;
use crate::booking::columns::{self, MayName};
use crate::booking::days;
use crate::booking::plain::plain;
use crate::booking::table::{Cell, TableRow};

impl Understood<'_> {
    /// What single cells of a line make doubtful, whatever their columns say.
    pub(super) fn of_cells(&self, row: &TableRow) -> Vec<LineDoubt> {
        let mut doubts = Vec::new();
        let used = row.cells.iter().zip(self.columns);
        let used = used.filter(|(_, column)| **column != Column::Ignored);
        let used: Vec<&Cell> = used.map(|(cell, _)| cell).collect();
        if used.iter().any(|cell| cell.lacks_value) {
            doubts.push(LineDoubt::NoValue);
        }
        if let Some(cell) = used.iter().find(|cell| !cell.error.is_empty()) {
            let text = cell.error.clone();
            doubts.push(LineDoubt::CellError { text });
        }
        let mut contacts = self.cells(row, Column::Contact);
        if let Some(cell) = contacts.find(|cell| Self::contact_of(cell).is_none()) {
            let text = cell.text.clone();
            doubts.push(LineDoubt::RoundedNumber { text });
        }
        let cancelled = row.cells.iter().zip(self.columns).enumerate();
        let mut cancelled = cancelled.filter(|(at, (cell, column))| {
            let heading = self.heading.map_or("", |row| row.text(*at));
            **column != Column::Contact && is_cancelled(heading, &cell.text)
        });
        if let Some((_, (cell, _))) = cancelled.next() {
            let text = cell.text.clone();
            doubts.push(LineDoubt::Cancelled { text });
        }
        let beyond = self.last_named.map(|last| row.cells.iter().skip(last));
        let mut beyond = beyond.into_iter().flatten();
        if let Some(cell) = beyond.find(|cell| !cell.text.is_empty()) {
            let text = cell.text.clone();
            doubts.push(LineDoubt::Beyond { text });
        }
        doubts
    }

    /// Texts for which there is no room: the second of what a traveller has once, and parts of a name that the whole one
    /// does not have.
    pub(super) fn unused<'a>(&'a self, row: &'a TableRow) -> impl Iterator<Item = String> + 'a {
        let once = [
            Column::EsimId,
            Column::Reference,
            Column::TripStart,
            Column::TripEnd,
        ];
        let second = once.into_iter().flat_map(move |column| {
            let first = self.cells(row, column).next();
            let others = self.cells(row, column).skip(1);
            others.filter(move |cell| first.is_none_or(|first| first.text != cell.text))
        });
        let whole = plain(&self.named(row, Column::Name));
        let named = !self.name(row).is_empty();
        let parts = [Column::FirstName, Column::LastName];
        let parts = parts.into_iter().flat_map(|part| self.cells(row, part));
        let parts = parts
            .filter(move |cell| !whole.is_empty() && !whole.contains(plain(&cell.text).as_str()));
        let below_wide = row.cells.iter().zip(self.columns).enumerate();
        let below_wide = below_wide.filter(|(at, (cell, column))| {
            let beyond = self.last_named.is_some_and(|last| *at >= last);
            let ignored = **column == Column::Ignored && !cell.text.is_empty();
            ignored && self.wide.contains(at) && !beyond
        });
        let below_wide = below_wide.map(|(_, (cell, _))| cell);
        let along = self
            .ignored(row)
            .filter(move |(_, may_name, _)| named && *may_name == MayName::Companion);
        let along = along.map(|(_, _, text)| text.to_owned());
        let all = second.chain(parts).chain(below_wide);
        all.map(|cell| cell.text.clone()).chain(along)
    }

    /// A day to come in a list that has none of a trip's start, below a heading that says no more than that it is a day. What
    /// is past there says nothing of it, as old trips are past as well.
    pub(super) fn open_day(&self, row: &TableRow) -> Option<LineDoubt> {
        if self.columns.contains(&Column::TripStart) {
            return None;
        }
        let heading = |at: usize| self.heading.map_or("", |row| row.text(at));
        let ahead = |text: &str| {
            let days = days::span(text, self.order);
            days.is_some_and(|days| {
                days.first > self.order.today && days::is_near(days.first, self.order.today)
            })
        };
        let ignored = row.cells.iter().zip(self.columns).enumerate();
        let mut open = ignored.filter(|(at, (cell, column))| {
            **column == Column::Ignored && ahead(&cell.text) && columns::may_be_days(heading(*at))
        });
        open.next().map(|(at, (cell, _))| LineDoubt::OpenDay {
            text: cell.text.clone(),
            heading: heading(at).to_owned(),
        })
    }
}
