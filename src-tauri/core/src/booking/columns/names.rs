//! Which of the columns that have names have the traveller's.

use super::contents::MAX_SAMPLED_ROWS;
use super::guess::{Guess, plain};
use super::heading::{DOUBTFUL, NAME, UNSURE, may_name_people};
use crate::booking::column::Column;
use crate::booking::ordinals::SECONDS;
use crate::booking::plain::plain as plain_text;
use crate::booking::table::TableRow;

/// Names of nobody knows what are no travellers' beside a column of people.
pub(super) fn known_names(guesses: &mut [Guess<'_>]) {
    let names = [Column::Name, Column::FirstName, Column::LastName];
    let rank = |guess: &Guess<'_>| {
        let named = guess.meaning.filter(|said| names.contains(&said.column));
        named.map(|said| said.rank)
    };
    if guesses.iter().filter_map(rank).any(|rank| rank > UNSURE) {
        for guess in guesses.iter_mut() {
            guess.meaning = guess.meaning.filter(|_| rank(guess) != Some(UNSURE));
        }
    }
}

/// What reaches something else than people is not the traveller's beside what is.
pub(super) fn known_contacts(guesses: &mut [Guess<'_>]) {
    let rank = |guess: &Guess<'_>| {
        let contact = guess.meaning.filter(|said| said.column == Column::Contact);
        contact.map(|said| said.rank)
    };
    if guesses.iter().filter_map(rank).any(|rank| rank > UNSURE) {
        for guess in guesses.iter_mut() {
            guess.meaning = guess.meaning.filter(|_| rank(guess) != Some(UNSURE));
        }
    }
}

/// The only names of people in a list are those of its travellers, although their heading says of others only that they
/// travel along, or hardly anything.
pub(super) fn lone_people(guesses: &mut [Guess<'_>]) {
    let names = [Column::Name, Column::FirstName, Column::LastName];
    let named = |guess: &Guess<'_>| names.iter().any(|name| guess.is(*name));
    if guesses.iter().any(named) {
        return;
    }
    let open = |guess: &&mut Guess<'_>| {
        let people = guess.contents.most(guess.contents.people);
        guess.meaning.is_none() && people && may_name_people(guess.heading)
    };
    let mut found = guesses.iter_mut().filter(open);
    if let (Some(guess), None) = (found.next(), found.next()) {
        guess.meaning = plain(Column::Name, DOUBTFUL);
    }
}

/// Whether a heading names the second of somebody's names.
fn is_second(guess: &Guess<'_>) -> bool {
    let plain = plain_text(guess.heading);
    plain.split(' ').any(|word| SECONDS.contains(&word))
}

/// A name beside a first or a last name may be the other part, or one that is not the traveller's.
pub(super) fn names(guesses: &mut [Guess<'_>], rows: &[TableRow]) {
    let place = |guesses: &[Guess<'_>], column| guesses.iter().position(|one| one.is(column));
    let Some(whole) = place(guesses, Column::Name) else {
        return;
    };
    let is_first = |one: &Guess<'_>| one.is(Column::FirstName) && !one.is_middle();
    let first = guesses.iter().position(is_first);
    let last = place(guesses, Column::LastName);
    let rank = guesses
        .get(whole)
        .and_then(|one| one.meaning)
        .map_or(0, |one| one.rank);
    let part = |column| plain(column, rank);
    let other = first.or(last);
    // A whole name has its part in it.
    let contains = other.is_some_and(|other| {
        let both = rows
            .iter()
            .take(MAX_SAMPLED_ROWS)
            .map(|row| (row.text(whole), row.text(other)));
        let both = both.filter(|(whole, part)| !whole.is_empty() && !part.is_empty());
        let (within, all) = both.fold((0, 0), |(within, all), (whole, part)| {
            (
                within + usize::from(whole.len() > part.len() && whole.contains(part)),
                all + 1,
            )
        });
        within * 2 > all
    });
    let mut all = rows.iter().take(MAX_SAMPLED_ROWS);
    let single = all.all(|row| !row.text(whole).contains(' '));
    let part_alone = rank == NAME || single;
    let meaning = match (first, last) {
        (Some(_), Some(_)) if guesses.get(whole).is_some_and(is_second) => part(Column::FirstName),
        // A column that names people without the word may hold anything.
        (Some(_), Some(_)) if rank <= 2 => None,
        (Some(_), None) if !contains && part_alone => part(Column::LastName),
        (None, Some(_)) if !contains && part_alone => part(Column::FirstName),
        _ => return,
    };
    // There may be several: those of several travellers, or the two first names of one.
    for guess in guesses.iter_mut().filter(|guess| guess.is(Column::Name)) {
        guess.meaning = meaning;
    }
}
