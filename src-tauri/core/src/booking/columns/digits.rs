//! Days without any mark between their parts, as `031226`: they are days only where the heading says so, and where all that
//! stands below it are some.

use std::borrow::Cow;

use jiff::civil::Date;

use super::heading::{meaning, names_days};
use super::headings::Headings;
use crate::booking::column::Column;
use crate::booking::days::{self, DayOrder};
use crate::booking::table::{Table, TableRow};

/// How many digits such a day has.
const DAY_DIGITS: usize = 6;

/// A list with marks in such days; `None`: it has none. `columns`: what somebody says of them.
pub(in crate::booking) fn with_marked_days(
    table: &Table,
    headings: Option<&Headings>,
    columns: Option<&[Column]>,
    today: Date,
) -> Option<Table> {
    let below = headings.map_or(0, |headings| headings.below);
    let rows = table.rows.get(below..).unwrap_or_default();
    let dated = |column: Column| matches!(column, Column::TripStart | Column::TripEnd);
    let says_so = |at: &usize| match (columns, headings) {
        (Some(columns), _) => columns.get(*at).is_some_and(|column| dated(*column)),
        (None, Some(headings)) => {
            let heading = headings.row.text(*at);
            meaning(heading).is_ok_and(|said| dated(said.column)) || names_days(heading)
        }
        (None, None) => false,
    };
    let found = (0..table.width()).filter(says_so);
    let found = found.filter_map(|at| Some((at, written(rows, at, today)?)));
    let found: Vec<(usize, Written)> = found.collect();
    if found.is_empty() {
        return None;
    }
    let mut marked = table.clone();
    for row in marked.rows.iter_mut().skip(below) {
        for (at, written) in &found {
            if let Some(cell) = row.cells.get_mut(*at)
                && let Some(text) = marked_as(&cell.text, *written)
            {
                cell.text = text;
            }
        }
    }
    Some(marked)
}

/// Which part of such days stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// The day, or the month: the list tells which.
    YearLast,
    YearFirst,
}

/// How the days of a column are written; `None`: not all of its digits are days.
fn written(rows: &[TableRow], at: usize, today: Date) -> Option<Written> {
    let texts = || rows.iter().map(|row| row.text(at));
    let bare = || texts().filter(|text| is_bare(text));
    // Zeros in front are lost where a number stands; five digits alone are a spreadsheet's days.
    if !texts().any(|text| is_bare(text) && text.len() == DAY_DIGITS) {
        return None;
    }
    let numbers = |text: &str| text.bytes().any(|c| c.is_ascii_digit());
    let mut others = texts().filter(|text| numbers(text) && !is_bare(text));
    if !others.all(|text| super::contents::is_day(text, today)) {
        return None;
    }
    let fit = |written: Written, day_first: bool| {
        let order = DayOrder { day_first, today };
        bare().all(|text| {
            let day = marked_as(text, written);
            let parts = day.as_deref().and_then(|day| in_order(day, order));
            parts.is_some_and(|day| days::is_near(day, today))
        })
    };
    match () {
        () if fit(Written::YearLast, true) || fit(Written::YearLast, false) => {
            Some(Written::YearLast)
        }
        () if fit(Written::YearFirst, true) => Some(Written::YearFirst),
        () => None,
    }
}

/// The day, read in this order and in no other.
fn in_order(text: &str, order: DayOrder) -> Option<Date> {
    let Some((first, rest)) = text.split_once('/') else {
        return days::read(text, order);
    };
    let (second, year) = rest.split_once('/')?;
    let (day, month) = match order.day_first {
        true => (first, second),
        false => (second, first),
    };
    let year = 2000 + year.parse::<i16>().ok()?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn is_bare(text: &str) -> bool {
    let length = DAY_DIGITS - 1..=DAY_DIGITS;
    length.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit())
}

/// `03/12/26`, `2026-12-03`
fn marked_as(text: &str, written: Written) -> Option<String> {
    if !is_bare(text) {
        return None;
    }
    let digits = match text.len() {
        DAY_DIGITS => Cow::Borrowed(text),
        _ => Cow::Owned(format!("0{text}")),
    };
    let part = |from: usize| digits.get(from..from + 2);
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    Some(match written {
        Written::YearLast => format!("{a}/{b}/{c}"),
        Written::YearFirst => format!("20{a}-{b}-{c}"),
    })
}
