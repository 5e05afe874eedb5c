//! Several travellers in one line, each in a column of its own: `Passenger 1`, `Passenger 2`.

use std::borrow::Cow;

use super::column::Column;
use super::plain::plain;
use super::table::{Cell, TableRow};

/// What names a traveller.
const NAMES: [Column; 3] = [Column::Name, Column::FirstName, Column::LastName];

/// What each traveller may have as well, in as many columns.
const OTHERS: [Column; 2] = [Column::Contact, Column::Iccid];

/// Most travellers of one line: of more, columns that are called alike are something else.
const MAX_TRAVELLERS: usize = 20;

/// Whether these headings name one thing for each of several travellers: they differ by their numbers only.
pub(super) fn is_series(headings: &[&str]) -> bool {
    let bare = |heading: &str| {
        let letters = plain(heading).replace(|c: char| c.is_ascii_digit(), " ");
        letters.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut bares = headings.iter().map(|heading| bare(heading));
    let first = bares.next().unwrap_or_default();
    let numbered = headings
        .iter()
        .any(|heading| heading.contains(|c: char| c.is_ascii_digit()));
    (2..=MAX_TRAVELLERS).contains(&headings.len())
        && numbered
        && !first.is_empty()
        && bares.all(|bare| bare == first)
}

/// Places of the columns of one kind, one for each traveller of a line.
type Series = Vec<usize>;

/// The columns that a line has once for each of its travellers.
pub(super) struct LineTravellers {
    names: Vec<Series>,
    others: Vec<Series>,
}

impl LineTravellers {
    /// Of these columns. `heading`: the row that names them.
    pub fn of(columns: &[Column], heading: Option<&TableRow>) -> LineTravellers {
        let places = |wanted: &Column| -> Series {
            let all = columns.iter().enumerate();
            let all = all.filter(|(_, column)| *column == wanted);
            all.map(|(at, _)| at).collect()
        };
        let named = |places: &Series| {
            heading.is_some_and(|row| {
                let headings: Vec<&str> = places.iter().map(|at| row.text(*at)).collect();
                is_series(&headings)
            })
        };
        let names: Vec<Series> = NAMES.iter().map(places).filter(named).collect();
        let most = names.iter().map(Vec::len).max().unwrap_or(0);
        let as_many = |places: &Series| places.len() == most;
        LineTravellers {
            others: OTHERS.iter().map(places).filter(as_many).collect(),
            names,
        }
    }

    /// The line once for each traveller whom it names, without what is the others'.
    pub fn lines<'a>(&self, row: &'a TableRow) -> Vec<Cow<'a, TableRow>> {
        let most = self.names.iter().map(Vec::len).max().unwrap_or(0);
        let is_named = |one: &usize| {
            let mut own = self.names.iter().filter_map(|series| series.get(*one));
            own.any(|at| !row.text(*at).is_empty())
        };
        let named: Vec<usize> = (0..most).filter(is_named).collect();
        if named.is_empty() {
            return vec![Cow::Borrowed(row)];
        }
        let only = |one: usize| {
            let mut row = row.clone();
            for series in self.names.iter().chain(&self.others) {
                let others = series.iter().enumerate().filter(|(at, _)| *at != one);
                for (_, at) in others {
                    if let Some(cell) = row.cells.get_mut(*at) {
                        *cell = Cell::default();
                    }
                }
            }
            Cow::Owned(row)
        };
        named.into_iter().map(only).collect()
    }
}
