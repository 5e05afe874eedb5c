//! Whether the day or the month stands first in a list whose days can all be read both ways: trips begin before they end,
//! and most lists are of those that are still to come.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::column::Column;
use super::days::{self, DayOrder};
use super::table::TableRow;

/// How many lines are looked at.
const MAX_TRIPS: usize = 1000;

/// A trip that is longer, or begins later than this, is rarer than others.
const LONG_DAYS: i64 = 120;
const FAR_DAYS: i64 = 400;

/// Whether the day stands first, as far as the trips tell.
pub(super) fn day_first(rows: &[TableRow], columns: &[Column], today: Date) -> Option<bool> {
    let place = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let (start, end) = (place(Column::TripStart), place(Column::TripEnd));
    let odds = |day_first: bool| -> u32 {
        let order = DayOrder { day_first, today };
        let rows = rows.iter().take(MAX_TRIPS);
        rows.map(|row| {
            let day = |at: Option<usize>| days::span(row.text(at?), order);
            odd(day(start), day(end), today)
        })
        .sum()
    };
    let (first, second) = (odds(true), odds(false));
    (first != second).then_some(first < second)
}

/// How odd a trip is.
fn odd(start: Option<days::Days>, end: Option<days::Days>, today: Date) -> u32 {
    let first = start.map(|days| days.first);
    let last = end.map(|days| days.last.unwrap_or(days.first));
    let last = last.or(start.and_then(|days| days.last)).or(first);
    let Some(last) = last else {
        return 0;
    };
    let since = |day: Date, days: i64| today.checked_add(days.days()).is_ok_and(|far| day > far);
    let long = |first: Date| {
        let latest = first.checked_add(LONG_DAYS.days());
        latest.is_ok_and(|latest| last > latest)
    };
    let mut odd = 0;
    if first.is_some_and(|first| last < first) {
        odd += 4;
    }
    if last < today {
        odd += 2;
    }
    if first.is_some_and(|first| since(first, FAR_DAYS) || long(first)) {
        odd += 1;
    }
    odd
}
