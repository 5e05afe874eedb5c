//! What the cells of a column hold, whatever its heading says.

use jiff::civil::Date;

use super::words::{WORDS, Word};
use crate::booking::addressed;
use crate::booking::days::{self, DayOrder};
use crate::booking::marks::KnownMarks;
use crate::booking::number;
use crate::booking::plain::plain;
use crate::booking::several;
use crate::booking::table::TableRow;
use crate::event::Iccid;

/// How many lines are looked at for what a column holds.
pub(super) const MAX_SAMPLED_ROWS: usize = 200;

/// Fewest digits of a number that somebody is reached by: what a telephone is called has fewer.
const MIN_CONTACT_DIGITS: usize = 5;

/// How many of a column's cells are what.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ColumnContents {
    pub filled: usize,
    pub mails: usize,
    /// Addresses with a name beside them.
    pub named_mails: usize,
    /// Times of a day.
    pub times: usize,
    pub days: usize,
    /// Days that somebody wrote: no numbers that may be days as well.
    pub written_days: usize,
    /// Days after today, if the day or the month may stand first as well as what the others tell.
    pub days_ahead: usize,
    /// First and last days in one.
    pub spans: usize,
    /// Days, and what was meant to be one.
    pub dates: usize,
    pub iccids: usize,
    /// Whole numbers of SIM profiles, and last digits.
    pub numbers: usize,
    /// Texts with a digit in them.
    pub digits: usize,
    /// Texts with hardly a letter in them.
    pub bare: usize,
    pub phones: usize,
    /// What somebody may be reached by, however it is written.
    pub contacts: usize,
    /// Whole names of people.
    pub people: usize,
    /// References of eSIMs that are known here, their ids, and last digits of their ICCIDs.
    pub known_references: usize,
    pub known_ids: usize,
    pub known_ends: usize,
    /// Numbers of flights.
    pub flights: usize,
    /// Words of capitals, as booking systems make them up.
    pub codes: usize,
    /// Texts that differ from each other.
    pub distinct: usize,
}

impl ColumnContents {
    pub fn of(rows: &[TableRow], at: usize, today: Date, marks: &KnownMarks) -> ColumnContents {
        let texts = rows.iter().take(MAX_SAMPLED_ROWS).map(|row| row.text(at));
        let mut all = ColumnContents::default();
        let mut seen = std::collections::HashSet::new();
        let mut ahead = [0_usize; 2];
        for text in texts.filter(|text| !text.is_empty()) {
            let one = |is: bool| usize::from(is);
            let wide = |c: char| ('０'..='９').contains(&c);
            let digits = text
                .chars()
                .filter(|c| c.is_ascii_digit() || wide(*c))
                .count();
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            let day = is_day(text, today);
            all.filled += 1;
            let named = addressed::is_named(text);
            all.mails += one(text.contains('@') && !named);
            all.named_mails += one(named);
            all.times += one(!day && is_time(text));
            all.days += one(day);
            all.written_days += one(day && !looks_like_a_number(text));
            for (count, day_first) in ahead.iter_mut().zip([true, false]) {
                *count += one(day && is_ahead(text, DayOrder { day_first, today }));
            }
            all.spans += one(is_span(text, today));
            all.dates += one(day || looks_like_a_day(text));
            let numbers = number::numbers(text);
            let is_whole = |number: &String| Iccid::is_whole(number);
            all.numbers += one(!numbers.found.is_empty());
            all.iccids += one(!numbers.found.is_empty()
                && numbers.others.is_empty()
                && numbers.found.iter().all(is_whole));
            all.digits += one(digits > 0);
            all.bare += one(digits > 0 && letters <= 2);
            all.known_references += one(marks.is_reference(text));
            all.known_ids += one(marks.is_id(text));
            all.known_ends += one(marks.is_end(text));
            all.flights += one(!day && is_flight(text));
            all.codes += one(is_code(text));
            let number = digits >= MIN_CONTACT_DIGITS || text.starts_with('+');
            all.contacts += one(text.contains('@') || (digits > 0 && number && !day));
            all.people += one(several::is_whole(text));
            all.phones += one(is_phone(text));
            all.distinct += one(seen.insert(text));
        }
        let [day_first, month_first] = ahead;
        all.days_ahead = match days::order(seen.into_iter()).0 {
            Some(true) => day_first,
            Some(false) => month_first,
            None => day_first.max(month_first),
        };
        all
    }

    /// Whether so many of the cells are more than half of them.
    pub fn most(&self, count: usize) -> bool {
        count * 2 > self.filled && self.filled > 0
    }

    /// Whether there are cells, and none of them is one of so many.
    pub fn none(&self, count: usize) -> bool {
        count == 0 && self.filled > 0
    }
}

/// A number that is called, with or without a word that says so.
fn is_phone(text: &str) -> bool {
    let at = text.find(['+', '0', '(']).unwrap_or(text.len());
    let (label, number) = text.split_at_checked(at).unwrap_or((text, ""));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let label = plain(label);
    let says_so = |(word, texts): &(Word, &str)| {
        *word == Word::Phone && texts.split(' ').any(|text| text == label)
    };
    let labelled = label.is_empty() || WORDS.iter().any(says_so);
    digits >= 6 && labelled && !number.contains(char::is_alphabetic)
}

fn is_span(text: &str, today: Date) -> bool {
    let order = DayOrder {
        day_first: true,
        today,
    };
    days::span(text, order).is_some_and(|days| days.last.is_some())
}

pub(super) fn is_day(text: &str, today: Date) -> bool {
    [true, false].into_iter().any(|day_first| {
        let order = DayOrder { day_first, today };
        days::span(text, order).is_some()
    })
}

/// Whether a day is after today.
fn is_ahead(text: &str, order: DayOrder) -> bool {
    days::span(text, order).is_some_and(|days| days.first > order.today)
}

/// `46359`, `20261201`, `DEC-12`: what is the number of something rather than a day.
fn looks_like_a_number(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_alphabetic());
    let digits = letters.strip_prefix(['-', '_', '/']).unwrap_or(letters);
    let prefixed = letters.len() < text.len() || digits.len() == letters.len();
    prefixed && !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit())
}

/// `10:35`, `1035`, `7.45 h`; more digits without a mark are a day, or none.
fn is_time(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = |c: char| c.is_ascii_digit() || ":.h ampmAMPMUhr+".contains(c);
    let most = if digits == text.len() { 4 } else { 6 };
    (3..=most).contains(&digits) && text.chars().all(others)
}

/// `OS 52`, `U2-4501`, `LH1234`
fn is_flight(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !" -".contains(*c)).collect();
    let Some((airline, number)) = text.split_at_checked(2) else {
        return false;
    };
    let code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    airline.chars().all(code)
        && airline.contains(|c: char| c.is_ascii_uppercase())
        && (1..=4).contains(&number.len())
        && number.bytes().all(|c| c.is_ascii_digit())
}

/// `QWERTY`
fn is_code(text: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    (4..=12).contains(&text.len()) && text.chars().all(capital)
}

/// Three numbers between which marks stand, or two and a word.
fn looks_like_a_day(text: &str) -> bool {
    let parts = text.split([' ', '-', '/', '.', 'T']);
    let numbers = parts.filter(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    text.len() <= 40 && numbers.count() == 3
}
