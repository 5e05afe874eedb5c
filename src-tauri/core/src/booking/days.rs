//! Days as people and spreadsheets write them.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::months;

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
    for text in texts {
        let Some([a, b, c]) = three_numbers(text) else {
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

/// The day in a text; `None`: there is none.
pub(super) fn read(text: &str, order: DayOrder) -> Option<Date> {
    let text = text.trim();
    if let Some(day) = serial(text, order.today) {
        return Some(day);
    }
    let items = items(text)?;
    match *items.as_slice() {
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

/// The days in a text: one, or the first and the last of a trip; `None`: there is none.
pub(super) fn span(text: &str, order: DayOrder) -> Option<Days> {
    let dashes = [
        "→", " - ", " – ", " — ", "–", "—", " to ", " bis ", " au ", " al ", " a ", " até ", "-",
    ];
    for dash in dashes {
        let Some((before, after)) = text.split_once(dash) else {
            continue;
        };
        if let Some(last) = read(after, order)
            && let Some(first) = read_before(before, last, order)
        {
            return Some(Days {
                first,
                last: Some(last),
            });
        }
    }
    let first = read(text, order)?;
    Some(Days { first, last: None })
}

/// The first day of a trip, which may leave out what it has in common with the last.
fn read_before(text: &str, last: Date, order: DayOrder) -> Option<Date> {
    let day = |month: i8, day: i16| {
        let year = last.year();
        let of = |year| Date::new(year, month, i8::try_from(day).ok()?).ok();
        of(year).filter(|day| *day <= last).or_else(|| of(year - 1))
    };
    match *items(text)?.as_slice() {
        [Item::Number(d, 1 | 2)] => day(last.month(), d),
        [Item::Number(d, 1 | 2), Item::Month(m)] | [Item::Month(m), Item::Number(d, 1 | 2)] => {
            day(m, d)
        }
        [Item::Number(a, 1 | 2), Item::Number(b, 1 | 2)] => {
            let (d, m) = if order.day_first { (a, b) } else { (b, a) };
            day(i8::try_from(m).ok()?, d)
        }
        _ => read(text, order),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// A number, and how many digits it has.
    Number(i16, usize),
    Month(i8),
}

/// Numbers and months of a text, up to three; `None`: it says something else as well.
fn items(text: &str) -> Option<Vec<Item>> {
    let plain: String = text
        .nfkc()
        .collect::<String>()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .nfc()
        .flat_map(char::to_lowercase)
        .collect();
    let mut marks = 0;
    let mut items: Vec<Item> = Vec::new();
    let mut rest = plain.trim_start();
    while let Some(letter) = rest.chars().next() {
        let alike = |c: char| c.is_ascii_digit() == letter.is_ascii_digit() && c.is_alphanumeric();
        let end = rest
            .find(|c| !alike(c))
            .unwrap_or(rest.len())
            .max(letter.len_utf8());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        if letter.is_ascii_digit() {
            // Eight digits are a day; a longer number is none.
            if let (8, true) = (word.len(), items.is_empty()) {
                let part = |from, to| word.get(from..to)?.parse::<i16>().ok();
                return Some(match (part(0, 4)?, part(4, 6)?, part(6, 8)?) {
                    (year @ 1900..2300, month, day) => vec![
                        Item::Number(year, 4),
                        Item::Number(month, 2),
                        Item::Number(day, 2),
                    ],
                    _ => vec![
                        Item::Number(part(0, 2)?, 2),
                        Item::Number(part(2, 4)?, 2),
                        Item::Number(part(4, 8)?, 4),
                    ],
                });
            }
            let number = word.parse::<i16>().ok().filter(|number| *number > 0)?;
            items.push(Item::Number(number, word.len()));
            if whole(&items) {
                // Three numbers with blanks between them are a telephone's as well.
                if marks < 2 && !items.iter().any(|item| matches!(item, Item::Month(_))) {
                    return None;
                }
                // Behind a day a time may stand, but no part of another day.
                let mut next = rest.chars();
                let joined = matches!(next.next(), Some('-' | '/' | '.'));
                let more = joined && next.next().is_some_and(|c| c.is_ascii_digit());
                return (!more).then_some(items);
            }
        } else if letter.is_alphabetic() {
            if let Some(month) = months::month(word) {
                // Tuesday begins as March does in four languages.
                items.retain(|item| !matches!(item, Item::Month(_)));
                items.push(Item::Month(month));
            } else if "年月日년월일".contains(word) {
                marks += 1;
            } else if !months::adds_nothing(word) {
                return None;
            }
        } else if "-/.".contains(letter) {
            marks += 1;
        } else if !letter.is_whitespace() && !",;()'’".contains(letter) {
            return None;
        }
        if whole(&items) {
            return Some(items);
        }
    }
    Some(items)
}

/// Whether nothing is missing of a day. Behind a month a number may still be the year.
fn whole(items: &[Item]) -> bool {
    items.len() == 3
}

/// The three numbers of a day that is written in numbers alone.
fn three_numbers(text: &str) -> Option<[i16; 3]> {
    match *items(text)?.as_slice() {
        [Item::Number(a, _), Item::Number(b, _), Item::Number(c, _)] => Some([a, b, c]),
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
