//! One line of a list: who travels, and what the eSIM can be found by. A part that can't be understood costs that part
//! and is told; the line is left out only if nothing of it can be used.

mod contacts;
mod doubtful;
mod names;

use std::collections::HashSet;

use super::addressed;
use super::bare::bare_reference;
use super::column::Column;
use super::columns::MayName;
use super::days::{self, Beside, DayOrder, Days};
use super::doubts::{LineDoubt, LineProblem};
use super::marks::KnownMarks;
use super::number::numbers;
use super::party;
use super::people::LineTravellers;
use super::plain::plain;
use super::several::{self, NamesOfCell};
use super::table::{Cell, Table, TableRow};
use super::totals::{is_total, may_be_total};
use super::unnamed;
use crate::event::{Iccid, as_typed};
use crate::traveller::{Traveller, read_tags};
use jiff::tz::TimeZone;

/// The travellers whom the cells of one line name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveralTravellers {
    /// Each of them, in the order in which they stand there.
    pub travellers: Vec<Traveller>,
    /// Whether they can't be one.
    pub sure: bool,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its number in the list, counted from 1 as spreadsheets do.
    pub line: usize,
    /// Which of the travellers of that line it is about, counted from 0.
    pub traveller_of_line: usize,
    /// Whom it is about, in words for a person, also where it is wrong.
    pub who: String,
    /// ICCIDs, or the last digits of one.
    pub iccids: Vec<String>,
    /// The eSIM's id at its provider.
    pub esim_id: Option<String>,
    /// The order reference.
    pub reference: Option<String>,
    /// Who travels, or what is wrong.
    pub traveller: Result<Traveller, LineProblem>,
    /// The travellers in it, if its names are those of several: [`Booking::traveller`] is all of them in one.
    pub several: Option<SeveralTravellers>,
    /// What of it is not taken over.
    pub doubts: Vec<LineDoubt>,
}

/// A line, and which of its travellers.
pub(super) type LinePlace = (usize, usize);

impl Booking {
    /// Where it stands. No other has the same place.
    pub(super) fn place(&self) -> LinePlace {
        (self.line, self.traveller_of_line)
    }
}

/// How the lines of a list are understood.
pub(super) struct Understood<'a> {
    pub columns: &'a [Column],
    /// The line that names the columns.
    pub heading: Option<&'a TableRow>,
    pub order: DayOrder,
    /// In which an instant is a day.
    pub zone: &'a TimeZone,
    pub far_days: bool,
    /// The place behind the last named column, if nothing should stand there.
    pub last_named: Option<usize>,
    /// Columns without a name of their own, below a heading that names people.
    pub wide: &'a [usize],
    /// Whose name may stand in each column, as far as its heading says.
    pub may_name: Vec<MayName>,
    /// What the eSIMs here are known by.
    pub marks: &'a KnownMarks,
}

/// What a name is made of.
const NAMES: [Column; 3] = [Column::Name, Column::FirstName, Column::LastName];

/// Fewest lines of which most may have something behind the last named column without a separator too many.
const MIN_LINES_BEYOND: usize = 4;

/// The place behind the last named column of a file of text, if hardly a line has anything there: where one has, a
/// separator may stand inside of one of its cells.
pub(super) fn last_named(
    table: &Table,
    heading: Option<&TableRow>,
    rows: &[TableRow],
) -> Option<usize> {
    let last = heading?.cells.len();
    let beyond = rows.iter().filter(|row| row.cells.len() > last).count();
    let usual = rows.len() >= MIN_LINES_BEYOND && beyond * 2 > rows.len();
    (table.opened.separator.is_some() && beyond > 0 && !usual).then_some(last)
}

/// How much of a line stands for whom it is about if it names nobody, in characters.
const MAX_WHO: usize = 80;

/// Fewest digits of a telephone number.
const MIN_PHONE_DIGITS: usize = 6;

/// The order that a line names, for those below it that name none.
struct OrderAbove {
    reference: String,
    /// The line that names it.
    line: usize,
    /// The last line of it.
    last: usize,
    trip_start: Option<String>,
    trip_end: Option<String>,
}

impl Understood<'_> {
    /// What the lines say. `below`: whether a line without a reference is of the order above it; people write what their
    /// travellers have in common only once.
    pub fn bookings(&self, rows: &[TableRow], below: bool) -> Vec<Booking> {
        let mut above: Option<OrderAbove> = None;
        let mut lines = Vec::with_capacity(rows.len());
        let people = LineTravellers::of(self.columns, self.heading);
        let each = rows
            .iter()
            .flat_map(|row| people.lines(row).into_iter().enumerate());
        for (traveller_of_line, row) in each {
            let row = &*row;
            let mut booking = Booking {
                traveller_of_line,
                ..self.booking(row)
            };
            let next = above
                .take()
                .filter(|above| (above.last..=above.last + 1).contains(&row.line));
            above = match next {
                Some(mut order) if below && self.is_below(row, &booking, &order) => {
                    order.last = row.line;
                    self.joins(row, &mut booking, &order);
                    Some(order)
                }
                _ => names_an_order(&booking),
            };
            lines.push(booking);
        }
        lines
    }

    /// Whether a line has nothing but a traveller, of whom it says no other days than the order above.
    fn is_below(&self, row: &TableRow, booking: &Booking, above: &OrderAbove) -> bool {
        let nothing = booking.traveller == Err(LineProblem::NothingToFindBy)
            && self.cells(row, Column::Iccid).next().is_none();
        let Ok(own) = self.traveller(row, &mut Vec::new()) else {
            return false;
        };
        let same = |own: &Option<String>, above: &Option<String>| own.is_none() || own == above;
        nothing
            && own.name.contains(char::is_alphabetic)
            && same(&own.trip_start, &above.trip_start)
            && same(&own.trip_end, &above.trip_end)
    }

    fn joins(&self, row: &TableRow, booking: &mut Booking, above: &OrderAbove) {
        let Ok(mut traveller) = self.traveller(row, &mut Vec::new()) else {
            return;
        };
        traveller.trip_start.clone_from(&above.trip_start);
        traveller.trip_end.clone_from(&above.trip_end);
        booking.several = self.several(row, &traveller);
        booking.traveller = Ok(traveller);
        booking.reference = Some(above.reference.clone());
        let line = above.line;
        booking.doubts.push(LineDoubt::OrderAbove { line });
    }

    fn cells<'a>(&'a self, row: &'a TableRow, wanted: Column) -> impl Iterator<Item = &'a Cell> {
        let pairs = row.cells.iter().zip(self.columns);
        let pairs = pairs.filter(move |(cell, column)| **column == wanted && !cell.text.is_empty());
        pairs.map(|(cell, _)| cell)
    }

    fn joined(&self, row: &TableRow, wanted: Column, by: &str) -> String {
        let texts = self.cells(row, wanted).map(|cell| cell.text.as_str());
        texts.collect::<Vec<_>>().join(by)
    }

    /// The travellers of a line whose cells name more than one. `all`: the line's only traveller, if they are one.
    fn several(&self, row: &TableRow, all: &Traveller) -> Option<SeveralTravellers> {
        let only = |column: Column| {
            let mut texts = self.cells(row, column).map(|cell| cell.text.as_str());
            let first = texts.next();
            first.filter(|_| texts.next().is_none())
        };
        let whole = only(Column::Name);
        let addressed = addressed::each(whole.or(only(Column::Contact)).unwrap_or_default());
        let (found, contacts) = if addressed.is_empty() {
            let found = match whole {
                Some(whole) => several::whole(&addressed::parted(whole).0),
                // One person may have two first names and two surnames, each in a column of its own.
                None => match [Column::FirstName, Column::LastName].map(|part| {
                    let all = self.joined(row, part, " ");
                    Some(all).filter(|all| !all.is_empty())
                }) {
                    [Some(first), Some(last)] => several::parts(&first, &last),
                    [first, last] => several::whole(&first.or(last)?),
                },
            };
            // Who is only said to be somebody's wife or husband is not named, nor who is to be named later.
            let unnamed = |one: &String| party::is_companion(one) || unnamed::is_part(one);
            let named = |found: &NamesOfCell| !found.names.iter().any(unnamed);
            (found.filter(named)?, self.contacts(row))
        } else {
            let (names, contacts) = addressed.into_iter().unzip();
            (NamesOfCell { names, sure: true }, contacts)
        };
        let count = found.names.len();
        let each = found.names.into_iter().enumerate().map(|(at, name)| {
            let own = contacts.get(at).filter(|_| contacts.len() == count);
            let contact = own.unwrap_or(&all.contact).clone();
            let one = Traveller {
                name,
                contact,
                ..all.clone()
            };
            one.tidy().ok()
        });
        let travellers: Option<Vec<Traveller>> = each.collect();
        travellers.map(|travellers| SeveralTravellers {
            travellers,
            sure: found.sure,
        })
    }

    /// Whether a line is about nobody.
    fn about_nobody(&self, row: &TableRow) -> Option<LineProblem> {
        let texts = |row: &TableRow| {
            let cells = row.cells.iter().map(|cell| plain(&cell.text));
            let cells = cells.enumerate().filter(|(_, text)| !text.is_empty());
            cells.collect::<Vec<_>>()
        };
        if self
            .heading
            .is_some_and(|heading| texts(heading) == texts(row))
        {
            return Some(LineProblem::Headings);
        }
        self.is_total(row).then_some(LineProblem::Total)
    }

    /// Whether a line adds up what stands above it: it says so, or has nothing but numbers.
    fn is_total(&self, row: &TableRow) -> bool {
        let any = |column: Column, is: &dyn Fn(&str) -> bool| {
            self.cells(row, column).any(|cell| is(&cell.text))
        };
        let letters = |text: &str| text.contains(char::is_alphabetic);
        let phone = |text: &str| {
            text.contains('@')
                || text.matches(|c: char| c.is_ascii_digit()).count() >= MIN_PHONE_DIGITS
        };
        let day = |text: &str| days::span(text, self.order).is_some();
        let whole = |text: &str| numbers(text).found.iter().any(|one| Iccid::is_whole(one));
        let booked = any(Column::Iccid, &whole)
            || any(Column::TripStart, &day)
            || any(Column::TripEnd, &day)
            || any(Column::Contact, &phone)
            || any(Column::Reference, &|text| {
                self.marks.is_reference(text) || (letters(text) && !may_be_total(text))
            });
        if booked {
            return false;
        }
        let name = self.name(row);
        let mut cells = row.cells.iter().map(|cell| cell.text.as_str());
        let all_numbers = !name.is_empty() && !cells.clone().any(letters);
        is_total(&name) || (!letters(&name) && (all_numbers || cells.any(may_be_total)))
    }

    /// What a line says.
    fn booking(&self, row: &TableRow) -> Booking {
        let mut doubts = Vec::new();
        let mut rounded = self.cells(row, Column::Iccid).any(|cell| cell.rounded);
        let mut iccids: Vec<String> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for cell in self.cells(row, Column::Iccid).filter(|cell| !cell.rounded) {
            let numbers = numbers(&cell.text);
            iccids.extend(numbers.found);
            others.extend(numbers.others);
        }
        // A number that a spreadsheet wrote out is one with zeros for its last digits, unless there is such an eSIM.
        let lost = |iccid: &String| Iccid::is_filled_up(iccid) && !self.marks.is_iccid(iccid);
        rounded |= iccids.iter().any(lost);
        iccids.retain(|iccid| !lost(iccid));
        let mut seen = HashSet::new();
        iccids.retain(|iccid| seen.insert(iccid.clone()));
        let written = self.joined(row, Column::Iccid, " ");
        // The program's own lists have the id of an eSIM where its number is not known.
        let id = self.cells(row, Column::EsimId).next();
        let id = id.map(|cell| as_typed(&cell.text).into_owned());
        let id = id.or_else(|| {
            let unnumbered = iccids.is_empty() && !rounded && !written.is_empty();
            unnumbered.then(|| as_typed(&written).into_owned())
        });
        let reference = self.cells(row, Column::Reference).next();
        let reference = reference.map(|cell| bare_reference(&cell.text));
        let reference = reference.filter(|reference| !reference.is_empty());
        if iccids.is_empty() && !written.is_empty() {
            doubts.push(match rounded {
                true => LineDoubt::Rounded,
                false => LineDoubt::NoNumber { text: written },
            });
        } else {
            doubts.extend(others.into_iter().map(|text| LineDoubt::NoNumber { text }));
        }
        doubts.extend(self.unused(row).map(|text| LineDoubt::Unused { text }));
        doubts.extend(self.ages(row));
        doubts.extend(self.open_day(row));
        if row.cells.iter().any(|cell| cell.text.contains('\u{fffd}')) {
            doubts.push(LineDoubt::LostLetters);
        }
        doubts.extend(self.of_cells(row));
        let nothing = iccids.is_empty() && id.is_none() && reference.is_none();
        let traveller = match self.about_nobody(row) {
            Some(problem) => Err(problem),
            None => self.traveller(row, &mut doubts),
        };
        let traveller = traveller.and_then(|traveller| match () {
            () if nothing && rounded => Err(LineProblem::Rounded),
            () if nothing => Err(LineProblem::NothingToFindBy),
            () if traveller.is_empty() => Err(LineProblem::NoTraveller),
            () => Ok(traveller),
        });
        let who = match &traveller {
            Ok(traveller) => {
                let named = !traveller.name.is_empty();
                let name = if named {
                    self.unsure_name(row).or_else(|| self.company(row))
                } else {
                    self.overlooked_name(row)
                };
                doubts.extend(name);
                traveller.name.chars().take(MAX_WHO).collect()
            }
            Err(_) => self.who(row),
        };
        let several = traveller.as_ref().ok();
        let several = several.and_then(|all| self.several(row, all));
        if traveller.is_ok() && several.is_none() {
            doubts.extend(self.party(row));
        }
        Booking {
            line: row.line,
            traveller_of_line: 0,
            several,
            who,
            iccids,
            esim_id: id,
            reference,
            traveller,
            doubts,
        }
    }

    /// A name, else whatever stands in the line.
    fn who(&self, row: &TableRow) -> String {
        let name = self.name(row);
        if !name.is_empty() {
            return name.chars().take(MAX_WHO).collect();
        }
        let cells = row.cells.iter().map(|cell| cell.text.as_str());
        let cells: Vec<&str> = cells.filter(|text| !text.is_empty()).collect();
        cells.join(" · ").chars().take(MAX_WHO).collect()
    }

    fn traveller(
        &self,
        row: &TableRow,
        doubts: &mut Vec<LineDoubt>,
    ) -> Result<Traveller, LineProblem> {
        let start = self.beside(row, Beside::First);
        let start = start.or_else(|| self.days(row, Column::TripStart, doubts));
        let end = self.beside(row, Beside::Last);
        let end = end.or_else(|| self.days(row, Column::TripEnd, doubts));
        let first = start.map(|days| days.first);
        let last = end.map(|days| days.last.unwrap_or(days.first));
        let last = last.or(start.and_then(|days| days.last));
        let backwards = first.zip(last).is_some_and(|(first, last)| last < first);
        if backwards {
            doubts.push(LineDoubt::EndsBeforeStart);
        }
        let tags = self.cells(row, Column::Tags);
        let tags = tags.flat_map(|cell| read_tags(&cell.text));
        let traveller = Traveller {
            name: self.name(row),
            contact: self.contact(row),
            trip_start: first.map(|day| day.to_string()),
            trip_end: last.filter(|_| !backwards).map(|day| day.to_string()),
            note: self.joined(row, Column::Note, "\n"),
            tags: tags.collect(),
        };
        Ok(traveller.tidy()?)
    }

    /// The first or the last day of a trip, if its year is only told by the other, or by neither.
    fn beside(&self, row: &TableRow, is: Beside) -> Option<Days> {
        let (own, other) = match is {
            Beside::First => (Column::TripStart, Column::TripEnd),
            Beside::Last => (Column::TripEnd, Column::TripStart),
        };
        let text = |column: Column| Some(self.cells(row, column).next()?.text.as_str());
        let (own, other) = (text(own)?, text(other)?);
        if days::is_yearless(other, self.order) {
            let (first, last) = match is {
                Beside::First => (own, other),
                Beside::Last => (other, own),
            };
            let (first, last) = days::both_yearless(first, last, self.order)?;
            let first = if is == Beside::First { first } else { last };
            return Some(Days { first, last: None });
        }
        let instant = days::instant(other, self.zone);
        let instant = instant.map(|first| Days { first, last: None });
        let other = instant.or_else(|| days::span(other, self.order))?;
        let day = match is {
            Beside::First => other.last.unwrap_or(other.first),
            Beside::Last => other.first,
        };
        let near = self.far_days || days::is_near(day, self.order.today);
        let first = days::beside(own, is, day, self.order).filter(|_| near)?;
        Some(Days { first, last: None })
    }

    fn days(&self, row: &TableRow, wanted: Column, doubts: &mut Vec<LineDoubt>) -> Option<Days> {
        let text = &self.cells(row, wanted).next()?.text;
        let instant = days::instant(text, self.zone);
        let instant = instant.map(|first| Days { first, last: None });
        // A day without its year is the next one, in a list whose only days these are.
        let dated = |column: &&Column| matches!(column, Column::TripStart | Column::TripEnd);
        let alone = self.columns.iter().filter(dated).count() == 1;
        let one = || {
            let first = days::alone(text, self.order).filter(|_| alone)?;
            Some(Days { first, last: None })
        };
        let found = instant.or_else(|| days::span(text, self.order));
        let Some(days) = found.or_else(one) else {
            let text = text.clone();
            doubts.push(LineDoubt::NoDay { text });
            return None;
        };
        let near = |day| days::is_near(day, self.order.today);
        let is_near = near(days.first) && days.last.is_none_or(near);
        if !is_near && !self.far_days {
            let text = text.clone();
            doubts.push(LineDoubt::FarDay { text });
            return None;
        }
        Some(days)
    }
}

/// The order that a line names.
fn names_an_order(booking: &Booking) -> Option<OrderAbove> {
    let traveller = booking.traveller.as_ref().ok()?;
    Some(OrderAbove {
        reference: booking.reference.clone()?,
        line: booking.line,
        last: booking.line,
        trip_start: traveller.trip_start.clone(),
        trip_end: traveller.trip_end.clone(),
    })
}
