//! What stands in a column: by its heading, and by what is in it.

mod contents;
mod digits;
mod guess;
mod heading;
mod headings;
mod leading;
mod names;
mod outer_days;
mod said;
mod shortened;
mod words;

use std::cmp::Reverse;

use jiff::civil::Date;

use super::column::Column;
use super::days::{self, DayOrder};
use super::marks::KnownMarks;
use super::people::{are_parts, is_series};
use super::table::{Table, TableRow};
use contents::{ColumnContents, MAX_SAMPLED_ROWS};
use guess::{Guess, plain};
use heading::{DOUBTFUL, Meaning, Way, meaning};
use names::{known_contacts, known_names, lone_people, names};

pub(super) use digits::with_marked_days;
pub(super) use heading::{MayName, may_be_days, names_people};
pub(super) use headings::Headings;

/// How many lines may stand above the headings.
pub(super) const MAX_TITLE_ROWS: usize = 30;

/// Of which columns there is one in a list; of the others there may be more.
pub(super) const SINGLE: [Column; 8] = [
    Column::Iccid,
    Column::EsimId,
    Column::Reference,
    Column::Name,
    Column::FirstName,
    Column::LastName,
    Column::TripStart,
    Column::TripEnd,
];

/// Whether a table has what a list of travellers has: names of columns, and lines below them.
pub(super) fn is_list(table: &Table, marks: &KnownMarks) -> bool {
    let Some((worth, Reverse(at))) = likely_heading(table, marks) else {
        return false;
    };
    // Two that are known, or one among others.
    worth >= 4 && table.rows.len() > at + 1
}

/// Whether a text alone names a column, or something that stands beside travellers.
pub(super) fn is_heading(text: &str) -> bool {
    meaning(text) != Err(false)
}

/// The place of the row that names the columns; `None`: none does.
pub(super) fn heading(table: &Table, marks: &KnownMarks) -> Option<usize> {
    likely_heading(table, marks).map(|(_, Reverse(at))| at)
}

/// How much the row is worth that names the columns, and its place.
fn likely_heading(table: &Table, marks: &KnownMarks) -> Option<(usize, Reverse<usize>)> {
    let width = table.width();
    // Below a reference that is known here no names of columns stand.
    let known = |row: &&TableRow| row.cells.iter().any(|cell| marks.is_reference(&cell.text));
    let rows = table.rows.iter().take(MAX_TITLE_ROWS);
    let rows = rows.take_while(|row| !known(row)).enumerate();
    let likely = rows.filter_map(|(at, row)| {
        let meanings = row.cells.iter().map(|cell| meaning(&cell.text));
        let (mut known, mut other) = (0, 0);
        for meaning in meanings {
            known += usize::from(meaning.is_ok());
            other += usize::from(meaning == Err(true));
        }
        // Data may contain such a word by chance; digits and addresses are never headings.
        let data = row.cells.iter().any(|cell| {
            let digits = cell.text.chars().filter(char::is_ascii_digit).count();
            digits > 3 || cell.text.contains('@')
        });
        let is = known >= 1 && known + other >= 2.min(width) && !data;
        is.then_some((known * 2 + other, Reverse(at)))
    });
    likely.max()
}

/// The days in columns that are not taken over, as far as all of their cells are days.
pub(super) fn other_days<'a>(
    rows: &'a [TableRow],
    columns: &'a [Column],
    today: Date,
) -> impl Iterator<Item = &'a str> {
    let sampled = || rows.iter().take(MAX_SAMPLED_ROWS);
    let ignored = columns.iter().enumerate();
    let ignored = ignored.filter(|(_, column)| **column == Column::Ignored);
    let dated = ignored.filter(move |(at, _)| {
        let mut texts = sampled()
            .map(|row| row.text(*at))
            .filter(|text| !text.is_empty());
        texts.all(|text| contents::is_day(text, today))
    });
    dated.flat_map(move |(at, _)| sampled().map(move |row| row.text(at)))
}

/// What each column says.
pub(super) fn recognise(
    table: &Table,
    headings: Option<&Headings>,
    today: Date,
    marks: &KnownMarks,
) -> Vec<Column> {
    let below = headings.map_or(0, |headings| headings.below);
    let rows = table.rows.get(below..).unwrap_or_default();
    let named = headings.map(|headings| &headings.row);
    let wide = |at: usize| headings.is_some_and(|headings| headings.wide.contains(&at));
    let mut guesses: Vec<Guess<'_>> = (0..table.width())
        .map(|at| {
            let contents = ColumnContents::of(rows, at, today, marks);
            let meaning = match named {
                // Of several things that a wide heading names.
                Some(row)
                    if wide(at) && row.text(at).is_empty() && contents.most(contents.phones) =>
                {
                    plain(Column::Contact, 1)
                }
                Some(row) => {
                    by_heading_and_contents(meaning(row.text(at)), row.text(at), &contents)
                }
                None => by_content(&contents),
            };
            Guess {
                heading: named.map_or("", |row| row.text(at)),
                wide: wide(at),
                meaning,
                contents,
            }
        })
        .collect();
    by_marks(&mut guesses, named.is_some());
    only_days(&mut guesses);
    shortened::unknown_days(&mut guesses);
    arrivals(&mut guesses, rows, today);
    known_names(&mut guesses);
    known_contacts(&mut guesses);
    lone_people(&mut guesses);
    for column in SINGLE {
        only_one(&mut guesses, column);
    }
    names(&mut guesses, rows);
    let mut columns: Vec<Column> = guesses
        .iter()
        .map(|guess| guess.meaning.map_or(Column::Ignored, |one| one.column))
        .collect();
    if named.is_none() {
        first_days(&mut columns, &guesses);
        first_texts(&mut columns, &guesses);
    }
    columns
}

/// What a heading says, unless what stands below can't be that.
fn by_heading_and_contents(
    said: Result<Meaning, bool>,
    heading: &str,
    contents: &ColumnContents,
) -> Option<Meaning> {
    let Ok(said) = said else {
        return match () {
            () if contents.most(contents.iccids) => plain(Column::Iccid, 1),
            () if contents.most(contents.spans) => plain(Column::TripStart, 1),
            () if said == Err(false) && contents.most(contents.named_mails) => {
                plain(Column::Name, DOUBTFUL)
            }
            () if said == Err(false) && contents.most(contents.mails) => plain(Column::Contact, 1),
            () if contents.most(contents.days) => shortened::way(heading, contents),
            () if said == Err(false) && contents.most(contents.phones) => {
                plain(Column::Contact, DOUBTFUL)
            }
            () => None,
        };
    };
    let kept = Some(said);
    let bare = contents.most(contents.bare);
    match said.column {
        Column::Name if contents.most(contents.mails) => plain(Column::Contact, 1),
        Column::Name if contents.most(contents.days) => None,
        // Numbers of each one's SIM.
        Column::Name if contents.most(contents.iccids) => plain(Column::Iccid, 1),
        // Shops call the number of an order its name.
        Column::Name if bare && heading.trim().eq_ignore_ascii_case("name") => {
            plain(Column::Reference, 2)
        }
        Column::Name | Column::FirstName | Column::LastName if bare => None,
        // Places have no digits; days that can't be read are told line by line.
        Column::TripStart | Column::TripEnd
            if contents.none(contents.dates)
                && (contents.none(contents.digits) || contents.most(contents.times)) =>
        {
            None
        }
        // The flight itself.
        Column::TripStart | Column::TripEnd
            if contents.none(contents.dates) && contents.most(contents.flights) =>
        {
            None
        }
        Column::Reference if contents.most(contents.iccids) => plain(Column::Iccid, 1),
        // Both days of a trip, whatever that is called.
        Column::Reference | Column::TripEnd if contents.most(contents.spans) => {
            plain(Column::TripStart, said.rank)
        }
        Column::Reference if contents.most(contents.days) && heading::names_trip(heading) => {
            plain(Column::TripStart, said.rank)
        }
        // Numbers of orders look like days too, but not like those that somebody wrote.
        Column::Reference
            if contents.most(contents.written_days) || contents.most(contents.mails) =>
        {
            None
        }
        Column::Iccid if said.rank == DOUBTFUL => kept.filter(|_| contents.most(contents.iccids)),
        Column::Iccid if contents.none(contents.digits) => None,
        // Whether somebody was written to, how, and with what telephone.
        Column::Contact
            if contents.none(contents.contacts) && !heading::names_contact_alone(heading) =>
        {
            None
        }
        Column::Contact | Column::Tags if contents.most(contents.days) => None,
        _ => kept,
    }
}

fn by_content(contents: &ColumnContents) -> Option<Meaning> {
    match () {
        () if contents.most(contents.iccids) => plain(Column::Iccid, 1),
        () if contents.most(contents.named_mails) => plain(Column::Name, 1),
        () if contents.most(contents.mails) => plain(Column::Contact, 1),
        () if contents.most(contents.days) => plain(Column::TripStart, 1),
        () if contents.most(contents.phones) => plain(Column::Contact, 1),
        () => None,
    }
}

/// Counts cells of a column.
type Count = fn(&ColumnContents) -> usize;

/// The rank of what the eSIMs here tell.
const MARKED: u8 = 6;

/// The highest rank of the number of a SIM that may be a reference as well.
const SIM_NUMBER: u8 = 2;

/// A column that has what eSIMs are known by is theirs, unless its heading says that it names people. `headed`: whether
/// there are headings, which one text that is known by chance does not outdo.
fn by_marks(guesses: &mut [Guess<'_>], headed: bool) {
    let named = |guess: &Guess| {
        let names = [Column::Name, Column::FirstName, Column::LastName];
        headed && names.iter().any(|name| guess.is(*name))
    };
    let counts: [(Column, Count); 3] = [
        (Column::Reference, |contents| contents.known_references),
        (Column::EsimId, |contents| contents.known_ids),
        (Column::Iccid, |contents| contents.known_ends),
    ];
    for (column, count) in counts {
        let said = guesses.iter().filter(|guess| guess.is(column));
        if said.clone().any(|guess| count(&guess.contents) > 0)
            || (column == Column::Iccid && said.count() > 0)
        {
            continue;
        }
        let fit = guesses.iter_mut().filter(|guess| {
            let known = count(&guess.contents);
            let enough =
                guess.contents.most(known) || (known > 0 && !headed && column == Column::Reference);
            // Nobody says that these are last digits.
            let maybe = column == Column::Reference
                && guess.meaning.is_some_and(|said| said.rank <= SIM_NUMBER)
                && !guess.contents.most(guess.contents.iccids);
            enough && !named(guess) && (!guess.is(Column::Iccid) || maybe)
        });
        // Of several the first of those with most.
        let best = fit.rev().max_by_key(|guess| count(&guess.contents));
        if let Some(best) = best {
            best.meaning = plain(column, MARKED);
        }
    }
}

/// Of several columns that say the same the one that says it best, and then the first.
fn only_one(guesses: &mut [Guess<'_>], column: Column) {
    let found = guesses.iter().enumerate().filter(|(_, one)| one.is(column));
    let value = |at: usize, one: &Guess| {
        let contents = &one.contents;
        let rank = one.meaning.map_or(0, |meaning| meaning.rank);
        let holds = match column {
            Column::Iccid => contents.numbers,
            Column::TripStart | Column::TripEnd => usize::from(contents.days > 0),
            Column::Reference => usize::from(contents.filled > 0),
            _ => 0,
        };
        let rank = usize::from(rank);
        match column {
            Column::Iccid => (holds, rank, 0, Reverse(at)),
            // Whatever it is called: what is known here counts.
            Column::Reference => (
                contents.known_references,
                holds * rank,
                contents.distinct,
                Reverse(at),
            ),
            _ => (rank, holds, 0, Reverse(at)),
        }
    };
    let best = found
        .max_by_key(|(at, one)| value(*at, one))
        .map(|(at, _)| at);
    // A traveller may have several eSIMs, each in a column of its own.
    let numbers =
        |guess: &Guess| column == Column::Iccid && guess.contents.most(guess.contents.iccids);
    let several = best.and_then(|at| guesses.get(at)).is_some_and(numbers);
    let names = matches!(column, Column::Name | Column::FirstName | Column::LastName);
    let rank = best
        .and_then(|at| guesses.get(at)?.meaning)
        .map(|one| one.rank);
    let as_good = |guess: &Guess| guess.meaning.map(|one| one.rank) == rank;
    let each = names && each_names_one(guesses, column, &as_good);
    for (at, guess) in guesses.iter_mut().enumerate() {
        let kept = (several && numbers(guess))
            || (each && as_good(guess))
            || (column == Column::FirstName && guess.is_middle());
        if guess.is(column) && Some(at) != best && !kept {
            guess.meaning = None;
        }
    }
}

/// Whether the columns of a kind, those that say it best, name one traveller each: `Passenger 1`, `Passenger 2`; or stand side by side below one wide
/// heading, as the parts of a name do.
fn each_names_one(
    guesses: &[Guess<'_>],
    column: Column,
    as_good: &dyn Fn(&Guess<'_>) -> bool,
) -> bool {
    let all = guesses
        .iter()
        .filter(|guess| guess.is(column) && as_good(guess));
    let all: Vec<&Guess<'_>> = all.collect();
    let headings: Vec<&str> = all.iter().map(|guess| guess.heading).collect();
    let first = headings.first().copied().unwrap_or_default();
    let mut others = all.iter().skip(1);
    let side_by_side = others.all(|guess| guess.wide && guess.heading == first);
    is_series(&headings) || are_parts(&headings) || (headings.len() > 1 && side_by_side)
}

/// A list whose only days stand below a heading that says no more than that: those that are still to come are of trips, as
/// nobody has booked tomorrow.
fn only_days(guesses: &mut [Guess<'_>]) {
    if guesses
        .iter()
        .any(|guess| guess.is(Column::TripStart) || guess.is(Column::TripEnd))
    {
        return;
    }
    let ahead = |guess: &&mut Guess<'_>| {
        let open = guess.meaning.is_none() && heading::names_days(guess.heading);
        open && guess.contents.most(guess.contents.days_ahead)
    };
    let mut found = guesses.iter_mut().filter(ahead);
    if let (Some(guess), None) = (found.next(), found.next()) {
        guess.meaning = plain(Column::TripStart, DOUBTFUL);
    }
}

/// Who arrives somewhere and departs from there again has left for home; who departs and arrives is there.
fn arrivals(guesses: &mut [Guess<'_>], rows: &[TableRow], today: Date) {
    let place = |guesses: &[Guess<'_>], way: Way| {
        let mut all = guesses.iter();
        all.position(|one| one.meaning.is_some_and(|meaning| meaning.way == way))
    };
    let (Some(arrival), Some(departure)) =
        (place(guesses, Way::Arrival), place(guesses, Way::Departure))
    else {
        return;
    };
    let returns = guesses.iter().any(|one| one.is(Column::TripEnd));
    let texts = rows.iter().take(MAX_SAMPLED_ROWS);
    let texts = texts.flat_map(|row| [row.text(arrival), row.text(departure)]);
    let day_first = days::order(texts).0.unwrap_or(true);
    let order = DayOrder { day_first, today };
    let (mut before, mut after, mut flown, mut all) = (0, 0, 0, 0);
    for row in rows.iter().take(MAX_SAMPLED_ROWS) {
        let day = |at: usize| days::read(row.text(at), order);
        if let (Some(arrival), Some(departure)) = (day(arrival), day(departure)) {
            before += usize::from(arrival < departure);
            after += usize::from(arrival > departure);
            // By night a flight arrives on the next day.
            flown +=
                usize::from(arrival == departure || departure.tomorrow().ok() == Some(arrival));
            all += 1;
        }
    }
    if all > 0 && flown == all {
        if let Some(guess) = guesses.get_mut(arrival) {
            guess.meaning = None;
        }
        return;
    }
    let last = if after > before { arrival } else { departure };
    let last = if returns { arrival } else { last };
    if let Some(guess) = guesses.get_mut(last) {
        guess.meaning = guess.meaning.filter(|_| !returns).map(|meaning| Meaning {
            column: Column::TripEnd,
            ..meaning
        });
    }
}

/// Without headings: of two columns with days the first is the start of the trip.
fn first_days(columns: &mut [Column], guesses: &[Guess<'_>]) {
    let days = columns.iter_mut().zip(guesses);
    let days = days.filter(|(_, guess)| guess.contents.most(guess.contents.days));
    for (at, (column, _)) in days.enumerate() {
        *column = match at {
            0 => Column::TripStart,
            1 => Column::TripEnd,
            _ => Column::Ignored,
        };
    }
}

/// Without headings: a column of texts with digits in them is a reference, or one of codes; one without is a name.
fn first_texts(columns: &mut [Column], guesses: &[Guess<'_>]) {
    let is = |wanted: Column| guesses.iter().any(|guess| guess.is(wanted));
    let mut has = (is(Column::Reference), is(Column::Name));
    let open = |column: Column, contents: &ColumnContents| {
        let days = contents.most(contents.days);
        column == Column::Ignored && contents.filled > 0 && !days
    };
    let pairs = || {
        columns
            .iter()
            .zip(guesses)
            .map(|(column, guess)| (*column, &guess.contents))
    };
    let texts = || pairs().filter(|(column, contents)| open(*column, contents));
    let numbered = texts().any(|(_, contents)| contents.most(contents.digits));
    // Codes of letters alone are none where all texts are written so.
    let code = |contents: &ColumnContents| contents.codes == contents.filled;
    let named = texts().any(|(_, contents)| !code(contents));
    let at = pairs().position(|(column, contents)| open(column, contents) && code(contents));
    if let Some(column) = at.and_then(|at| columns.get_mut(at))
        && !has.0
        && !numbered
        && (named || has.1)
    {
        *column = Column::Reference;
        has.0 = true;
    }
    for (column, Guess { contents, .. }) in columns.iter_mut().zip(guesses) {
        let days = contents.most(contents.days);
        if *column != Column::Ignored || contents.filled == 0 || days {
            continue;
        }
        let numbered = contents.most(contents.digits);
        if numbered && !has.0 {
            *column = Column::Reference;
            has.0 = true;
        } else if !numbered && !has.1 {
            *column = Column::Name;
            has.1 = true;
        }
    }
}

/// What a heading alone says; `None`: nothing that is known.
#[cfg(test)]
pub(super) fn by_heading(text: &str) -> Option<Column> {
    meaning(text).ok().map(|said| said.column)
}
