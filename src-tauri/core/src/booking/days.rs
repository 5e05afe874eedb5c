//! Days as people and spreadsheets write them.

use jiff::civil::Date;

/// Whether the day comes before the month in these texts; `None`: they tell nothing, or both. And whether
/// that matters in any of them.
pub(super) fn order<'a>(texts: impl Iterator<Item = &'a str>) -> (Option<bool>, bool) {
    let (mut first, mut second, mut matters) = (false, false, false);
    for text in texts {
        if let Some([a, b, c]) = parts(text)
            && a < 1000
        {
            matters |= a != b && a <= 12 && b <= 12;
            first |= a > 12 && date(c, b, a).is_some();
            second |= b > 12 && date(c, a, b).is_some();
        }
        // Points stand between day and month only where the day comes first.
        first |= text.contains('.') && parts(text).is_some();
    }
    ((first != second).then_some(first), matters)
}

/// A day as `YYYY-MM-DD`; `None`: it is none.
pub(super) fn read(text: &str, day_first: bool) -> Option<String> {
    let [a, b, c] = parts(text)?;
    let found = if a >= 1000 {
        date(a, b, c)
    } else if day_first {
        date(c, b, a)
    } else {
        date(c, a, b)
    };
    found.map(|date| date.to_string())
}

/// Three numbers with a mark between them; a time behind them is no part of the day.
fn parts(text: &str) -> Option<[i16; 3]> {
    let day = text
        .trim()
        .split([' ', 'T'])
        .find(|part| !part.is_empty())?;
    let mut numbers = day
        .trim_end_matches('.')
        .split(['-', '/', '.'])
        .map(|part| part.parse::<i16>().ok().filter(|number| *number > 0));
    let three = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(three)
}

/// Years of two digits are of this century.
fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
