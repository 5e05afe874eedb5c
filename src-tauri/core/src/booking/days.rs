//! Days as people and spreadsheets write them.

mod parts;

use jiff::civil::{Date, Time};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use parts::{DayParts, Item};

use super::months;
use super::plain::plain;

/// How far from today a trip may be and be believed.
const YEARS_BEFORE: i64 = 3;
const YEARS_AFTER: i64 = 5;

/// How the days of one list are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayOrder {
    /// Whether the day stands before the month.
    pub day_first: bool,
    /// Tells which year is meant where none or two digits of one are written.
    pub today: Date,
}

/// First and last day of a trip, in one text; most texts have the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub first: Date,
    pub last: Option<Date>,
}

/// Whether the day comes before the month in these texts; `None`: they tell nothing, or both. And whether
/// that matters in any of them.
pub(super) fn order<'a>(texts: impl Iterator<Item = &'a str>) -> (Option<bool>, bool) {
    let (mut first, mut second, mut matters) = (0_usize, 0_usize, false);
    // Of a trip in one cell both days tell something.
    let parts = |text: &'a str| {
        let whole = || DayParts::of(text).is_some_and(|parts| parts.is_one_day());
        let alone = two_numbers(text).is_some() || whole();
        let halves = halves(text).filter(|_| !alone);
        let mut parts: Vec<&str> = halves.flat_map(|(a, b)| [a, b]).collect();
        if parts.is_empty() {
            parts.push(text);
        }
        parts
    };
    for text in texts.flat_map(parts) {
        let Some([a, b, c]) = three_numbers(text) else {
            // Without a year, where nothing else than a day is meant.
            if let Some([a, b]) = two_numbers(text) {
                matters |= a != b && a <= 12 && b <= 12;
                first += usize::from(a > 12 && b <= 12);
                second += usize::from(b > 12 && a <= 12);
            }
            continue;
        };
        if a < 1000 {
            matters |= a != b && a <= 12 && b <= 12;
            first += usize::from(a > 12 && date(c, b, a).is_some());
            second += usize::from(b > 12 && date(c, a, b).is_some());
            // Points stand between day and month only where the day comes first.
            first += usize::from(text.contains('.') && date(c, b, a).is_some());
        }
    }
    // One line that somebody wrote otherwise does not speak for the others.
    let order = match (first, second) {
        (0, 0) => None,
        (first, second) if first >= 10 * second => Some(true),
        (first, second) if second >= 10 * first => Some(false),
        _ => None,
    };
    (order, matters)
}

/// Whether a trip on this day can be believed.
pub(super) fn is_near(day: Date, today: Date) -> bool {
    let away = |span: Span| today.checked_add(span).unwrap_or(today);
    (away((-YEARS_BEFORE).years())..=away(YEARS_AFTER.years())).contains(&day)
}

/// The day on which an instant lies in a zone: what systems export says where its clock stands. At midnight there it is that
/// day everywhere. `None`: a text is no instant.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Option<Date> {
    let text = text.trim();
    let utc = [" UTC", " GMT"];
    let bare = utc.iter().find_map(|name| text.strip_suffix(name));
    let offset = text.rsplit_once(' ').filter(|(_, offset)| {
        let behind = offset.strip_prefix(['+', '-']).unwrap_or(offset);
        *offset == "Z" || (behind.len() < offset.len() && !behind.contains(char::is_alphabetic))
    });
    let text = match (bare, offset) {
        (Some(bare), _) => format!("{bare}Z"),
        (None, Some((time, offset))) => format!("{time}{offset}"),
        (None, None) => text.to_owned(),
    };
    let pieces = DateTimeParser::new().parse_pieces(&text).ok()?;
    let (date, time) = (pieces.date(), pieces.time()?);
    let offset = pieces.to_numeric_offset()?;
    if time == Time::midnight() {
        return Some(date);
    }
    let instant = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(instant.to_zoned_datetime(zone.clone()).date())
}

/// The day in a text; `None`: there is none.
pub(super) fn read(text: &str, order: DayOrder) -> Option<Date> {
    let text = text.trim();
    // Two numbers alone are no day; behind a day of the week they are nothing else.
    if let Some(rest) = behind_weekday(text) {
        return alone(rest, order);
    }
    serial(text, order.today).or_else(|| day(&DayParts::of(text)?, text, order))
}

/// The next such day of a text that names no year, where nothing but days stands.
pub(super) fn alone(text: &str, order: DayOrder) -> Option<Date> {
    let (month, day) = yearless(text.trim(), order)?;
    next(month, day, order.today)
}

/// The two numbers of a day behind the day of the week: `ven 01/01`, `Tue. 3.4.` Tuesday begins as March does in four languages.
fn behind_weekday(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphabetic())?;
    let (word, rest) = text.split_at_checked(end)?;
    let rest = rest.trim_start_matches(['.', ',', ' ', '\u{a0}']);
    let parts: Vec<&str> = rest.trim_end_matches('.').split(['/', '.']).collect();
    let is_number =
        |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
    let is = months::is_weekday(&plain(word)) && parts.len() == 2 && parts.iter().all(is_number);
    is.then_some(rest)
}

fn day(parts: &DayParts, text: &str, order: DayOrder) -> Option<Date> {
    if parts.leads_on() {
        return None;
    }
    match *parts.items.as_slice() {
        [Item::Number(a, 4), Item::Month(m), Item::Number(d, 1 | 2)] => date(a, m.into(), d),
        [
            Item::Number(d, 1 | 2),
            Item::Month(m),
            Item::Number(y, 2 | 4),
        ]
        | [
            Item::Month(m),
            Item::Number(d, 1 | 2),
            Item::Number(y, 2 | 4),
        ] => date(y, m.into(), d),
        // A month and its year, as spreadsheets show a day of it.
        [Item::Month(m), Item::Number(y, 2)] if parts.is_joined() && is_near_year(y, m, order) => {
            None
        }
        [Item::Number(d, 1 | 2), Item::Month(m)] | [Item::Month(m), Item::Number(d, 1 | 2)] => {
            next(m, i8::try_from(d).ok()?, order.today)
        }
        // As German writes a day of this year or the next.
        [Item::Number(d, 1 | 2), Item::Number(m, 1 | 2)] if text.ends_with('.') => {
            next(i8::try_from(m).ok()?, i8::try_from(d).ok()?, order.today)
        }
        [
            Item::Number(a, _),
            Item::Number(b, 1 | 2),
            Item::Number(c, 1 | 2 | 4),
        ] => numbers([a, b, c], order),
        _ => None,
    }
}

/// Whether the month of a year of two digits is one in which a trip may be.
fn is_near_year(year: i16, month: i8, order: DayOrder) -> bool {
    date(year, month.into(), 1).is_some_and(|day| is_near(day, order.today))
}

/// What may stand between the first and the last day of a trip.
const DASHES: [&str; 32] = [
    "→",
    "->",
    " - ",
    " – ",
    " — ",
    "–",
    "—",
    " ‑ ",
    "…",
    "...",
    "\n",
    " to ",
    " until ",
    " till ",
    " through ",
    " thru ",
    " bis ",
    " au ",
    " jusqu'au ",
    " jusqu’au ",
    " al ",
    " a ",
    " hasta ",
    " fino ",
    " até ",
    " ate ",
    " > ",
    " ~ ",
    " / ",
    "-",
    "/",
    "~",
];

/// Longest text that may be a trip, in bytes.
const MAX_TRIP_BYTES: usize = 120;

/// The two parts of a text that may be the first and the last day of a trip, in every way in which it can be parted.
fn halves(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let dashes = DASHES.into_iter().filter(|_| text.len() <= MAX_TRIP_BYTES);
    let places = dashes.flat_map(|dash| text.match_indices(dash));
    places.filter_map(|(at, dash)| Some((text.get(..at)?, text.get(at + dash.len()..)?)))
}

/// Longest trip of which one day may leave out its year, in days: else it is meant to be another year's.
const LONGEST_TRIP: i32 = 183;

/// Which of a trip's days one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    First,
    Last,
}

/// The day in a text without a year that is the first or the last of a trip whose other day is known; `None`: it has a year, or
/// is none, or lies too far away.
pub(super) fn beside(text: &str, is: Beside, other: Date, order: DayOrder) -> Option<Date> {
    let (month, day) = yearless(text.trim(), order)?;
    let years = other.year() - 1..=other.year() + 1;
    let mut days = years.filter_map(|year| Date::new(year, month, day).ok());
    days.find(|day| {
        let (first, last) = match is {
            Beside::First => (*day, other),
            Beside::Last => (other, *day),
        };
        let long = last.since(first).map_or(i32::MAX, |span| span.get_days());
        (0..=LONGEST_TRIP).contains(&long)
    })
}

/// The days of a trip of which neither has its year: the last is the next such day, and the first is the one before it. `None`:
/// one of the texts is no such day, or they are none of one trip.
pub(super) fn both_yearless(first: &str, last: &str, order: DayOrder) -> Option<(Date, Date)> {
    let (month, day) = yearless(last.trim(), order)?;
    let last = next(month, day, order.today)?;
    Some((beside(first, Beside::First, last, order)?, last))
}

/// Whether a text is a day without its year.
pub(super) fn is_yearless(text: &str, order: DayOrder) -> bool {
    yearless(text.trim(), order).is_some()
}

/// Month and day of a text that names no year.
fn yearless(text: &str, order: DayOrder) -> Option<(i8, i8)> {
    let text = behind_weekday(text).unwrap_or(text);
    let parts = DayParts::of(text)?;
    let (day, month) = match *parts.items.as_slice() {
        [Item::Month(month), Item::Number(year, 2)]
            if parts.is_joined() && is_near_year(year, month, order) =>
        {
            return None;
        }
        [Item::Number(day, 1 | 2), Item::Month(month)]
        | [Item::Month(month), Item::Number(day, 1 | 2)] => (day, month),
        [Item::Number(a, 1 | 2), Item::Number(b, 1 | 2)] if text.contains(['/', '.', '-']) => {
            let first = if text.contains('.') {
                true
            } else {
                order.day_first
            };
            let (day, month) = if first { (a, b) } else { (b, a) };
            (day, i8::try_from(month).ok()?)
        }
        _ => return None,
    };
    let day = i8::try_from(day).ok()?;
    // The year of a 29 February is known by the other day.
    Date::new(2024, month, day).ok().map(|_| (month, day))
}

/// The days in a text: one, or the first and the last of a trip; `None`: there is none.
pub(super) fn span(text: &str, order: DayOrder) -> Option<Days> {
    let text = text.trim();
    if let Some(rest) = behind_weekday(text) {
        let first = alone(rest, order)?;
        return Some(Days { first, last: None });
    }
    // A day that is whole is no trip, whatever stands between its parts.
    if let Some(parts) = DayParts::of(text).filter(DayParts::is_one_day)
        && let Some(first) = day(&parts, text, order)
    {
        return Some(Days { first, last: None });
    }
    let both = halves(text).find_map(|(before, after)| {
        // In front of a month that stands first a number says nothing.
        let month_first = DayParts::of(after)
            .is_some_and(|after| matches!(after.items.first(), Some(Item::Month(_))));
        let both = |last| Some((read_before(before, last, month_first, order)?, last));
        let last = read(after, order).filter(|_| !names_another_day(after));
        let both = last.and_then(both);
        both.or_else(|| within_month(before, after, order.today))
    });
    if let Some((first, last)) = both {
        let last = Some(last);
        return Some(Days { first, last });
    }
    let first = read(text, order).filter(|_| !names_another_day(text))?;
    Some(Days { first, last: None })
}

/// Whether behind a day something stands that was meant to be another one.
fn names_another_day(text: &str) -> bool {
    let digit = |part: &str| part.len() <= 4 && part.starts_with(|c: char| c.is_ascii_digit());
    let is_day = |word: &str| {
        let parts = word.split(['.', '/', '-', '–', '—']);
        match parts.filter(|part| digit(part)).count() {
            // A point stands in times as well.
            2 => word.contains('/') || word.ends_with('.'),
            count => count > 2 && !word.contains([':', 'h']),
        }
    };
    let rest = DayParts::of(text).map(|parts| parts.rest().to_owned());
    rest.is_some_and(|rest| rest.split_whitespace().any(is_day))
}

/// The first day of a trip, which may leave out what it has in common with the last.
fn read_before(text: &str, last: Date, month_first: bool, order: DayOrder) -> Option<Date> {
    let day = |month: i8, day: i16| {
        let year = last.year();
        let of = |year| Date::new(year, month, i8::try_from(day).ok()?).ok();
        of(year).filter(|day| *day <= last).or_else(|| of(year - 1))
    };
    match *DayParts::of(text)?.items.as_slice() {
        [Item::Number(d, 1 | 2)] if !month_first => day(last.month(), d),
        [Item::Number(d, 1 | 2), Item::Month(m)] | [Item::Month(m), Item::Number(d, 1 | 2)] => {
            day(m, d)
        }
        [Item::Number(a, 1 | 2), Item::Number(b, 1 | 2)] => {
            let (d, m) = if order.day_first { (a, b) } else { (b, a) };
            day(i8::try_from(m).ok()?, d)
        }
        _ => read(text, order).filter(|_| !names_another_day(text)),
    }
}

/// Both days of a trip whose month stands in front of them: `Dec 3-24, 2026`.
fn within_month(before: &str, after: &str, today: Date) -> Option<(Date, Date)> {
    let [Item::Month(month), Item::Number(first, 1 | 2)] = *DayParts::of(before)?.items.as_slice()
    else {
        return None;
    };
    let (last, year) = match *DayParts::of(after)?.items.as_slice() {
        [Item::Number(last, 1 | 2)] => (last, None),
        [Item::Number(last, 1 | 2), Item::Number(year, 4)] => (last, Some(year)),
        _ => return None,
    };
    let last = match year {
        Some(year) => date(year, month.into(), last)?,
        None => next(month, i8::try_from(last).ok()?, today)?,
    };
    let first = date(last.year(), month.into(), first)?;
    (first <= last).then_some((first, last))
}

/// The three numbers of a day that is written in numbers alone.
fn three_numbers(text: &str) -> Option<[i16; 3]> {
    match *DayParts::of(text)?.items.as_slice() {
        [Item::Number(a, _), Item::Number(b, _), Item::Number(c, _)] => Some([a, b, c]),
        _ => None,
    }
}

/// The two numbers of a day that is written without its year, with signs that do not tell which is the month.
fn two_numbers(text: &str) -> Option<[i16; 2]> {
    let text = text.trim();
    let text = behind_weekday(text).unwrap_or(text);
    match *DayParts::of(text)?.items.as_slice() {
        [Item::Number(a, 1 | 2), Item::Number(b, 1 | 2)]
            if text.contains(['/', '-'])
                && text.chars().all(|c| c.is_ascii_digit() || "/-".contains(c)) =>
        {
            Some([a, b])
        }
        _ => None,
    }
}

/// Of the ways in which three numbers can be a day, the list's own counts, unless it leads far away.
fn numbers([a, b, c]: [i16; 3], order: DayOrder) -> Option<Date> {
    if a >= 100 {
        return date(a, b, c);
    }
    let (day, month) = if order.day_first { (a, b) } else { (b, a) };
    let mut ways = vec![date(c, month, day), date(c, day, month)];
    if c < 100 {
        ways.push(date(a, b, c));
    }
    let ways = ways.into_iter().flatten();
    let near = ways.clone().find(|day| is_near(*day, order.today));
    near.or_else(|| ways.clone().next())
}

/// The day that a spreadsheet keeps as a number of days since 1900.
fn serial(text: &str, today: Date) -> Option<Date> {
    let number = text.split_once(['.', ',']).map_or(text, |(whole, _)| whole);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if number.len() != 5 || !digits(&text.replacen(['.', ','], "", 1)) {
        return None;
    }
    let days: i64 = number.parse().ok()?;
    let day = Date::new(1899, 12, 30)
        .ok()?
        .checked_add(days.days())
        .ok()?;
    is_near(day, today).then_some(day)
}

/// The next such day; a trip that just began is meant as well.
fn next(month: i8, day: i8, today: Date) -> Option<Date> {
    let since = today.checked_sub(60.days()).ok()?;
    let of = |year: i16| Date::new(year, month, day).ok();
    let years = since.year()..=since.year() + 4;
    years.filter_map(of).find(|day| *day >= since)
}

/// Years of two digits are of this century.
fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
