//! Several travellers in one line, each in columns of their own: `Passenger 1`, `Passenger 2`. Columns that number the parts
//! of one name are one person's: `Apellido 1`, `Apellido 2`.

use std::borrow::Cow;

use super::column::Column;
use super::columns::names_people;
use super::ordinals::ORDINALS;
use super::plain::plain;
use super::several;
use super::table::{Cell, TableRow};

/// What each traveller may have as well, in as many columns.
const OTHERS: [Column; 2] = [Column::Contact, Column::Iccid];

/// Most travellers of one line: of more, columns that are called alike are something else.
const MAX_TRAVELLERS: usize = 20;

/// A heading without what numbers it.
fn bare(heading: &str) -> String {
    let letters = plain(heading).replace(|c: char| c.is_ascii_digit(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether these headings name one thing for each of several travellers: they differ by their numbers only.
pub(super) fn is_series(headings: &[&str]) -> bool {
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

/// Whether these headings name the parts of one name, one after the other: they differ by words that number them only.
pub(super) fn are_parts(headings: &[&str]) -> bool {
    let is_ordinal = |word: &&str| ORDINALS.contains(word);
    let without = |heading: &&str| {
        let plain = plain(heading);
        let words = plain.split(' ').filter(|word| !is_ordinal(word));
        words.collect::<Vec<_>>().join(" ")
    };
    let numbered = headings.iter().any(|heading| {
        let plain = plain(heading);
        plain.split(' ').any(|word| is_ordinal(&word))
    });
    let mut bares = headings.iter().map(without);
    let first = bares.next().unwrap_or_default();
    headings.len() == 2 && numbered && !first.is_empty() && bares.all(|bare| bare == first)
}

/// Places of the columns of one kind, one for each traveller of a line.
type Series = Vec<usize>;

/// The columns that a line has once for each of its travellers.
pub(super) struct LineTravellers {
    names: Vec<Series>,
    others: Vec<Series>,
    /// Whether the columns of the names may as well have the parts of one: nothing says that they name people.
    maybe_one: bool,
}

impl LineTravellers {
    /// Of these columns. `heading`: the row that names them.
    pub fn of(columns: &[Column], heading: Option<&TableRow>) -> LineTravellers {
        let text = |at: usize| heading.map_or("", |row| row.text(at));
        let places = |wanted: Column| -> Series {
            let all = columns.iter().enumerate();
            let all = all.filter(|(_, column)| **column == wanted);
            all.map(|(at, _)| at).collect()
        };
        let named = |places: &Series| {
            let headings: Vec<&str> = places.iter().map(|at| text(*at)).collect();
            is_series(&headings)
        };
        let whole = places(Column::Name);
        let parts = [Column::FirstName, Column::LastName].map(places);
        // One part of a name that is numbered alone is one person's: people have two surnames.
        let [first, last] = &parts;
        let pairs = parts.iter().all(named) && first.len() == last.len();
        let maybe_one = named(&whole) && !whole.iter().any(|at| names_people(text(*at)));
        let mut names: Vec<Series> = Vec::new();
        names.extend(Some(whole).filter(named));
        names.extend(parts.into_iter().filter(|_| pairs));
        let most = names.iter().map(Vec::len).max().unwrap_or(0);
        LineTravellers {
            others: OTHERS
                .iter()
                .flat_map(|column| alike(&places(*column), &text))
                .filter(|places| places.len() == most)
                .collect(),
            names,
            maybe_one,
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
        if named.is_empty() || (self.maybe_one && self.names_one(row)) {
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

    /// Whether not each of several texts is somebody's whole name: a company and a person, a surname and a first name.
    fn names_one(&self, row: &TableRow) -> bool {
        let places = self.names.iter().flatten();
        let texts = places
            .map(|at| row.text(*at))
            .filter(|text| !text.is_empty());
        let texts: Vec<&str> = texts.collect();
        texts.len() > 1 && !texts.iter().all(|text| several::is_whole(text))
    }
}

/// Those of these columns together that are called alike but for their numbers.
fn alike<'a>(places: &[usize], heading: &dyn Fn(usize) -> &'a str) -> Vec<Series> {
    let mut all: Vec<(String, Series)> = Vec::new();
    for at in places {
        let bare = bare(heading(*at));
        match all.iter_mut().find(|(one, _)| *one == bare) {
            Some((_, series)) => series.push(*at),
            None => all.push((bare, vec![*at])),
        }
    }
    all.into_iter().map(|(_, series)| series).collect()
}
