//! Headings of days as somebody shortens them: `Data part.`, `Fecha reg.`, `Rückr.` They count above days that are still to come, as
//! so few letters begin other words as well.

use super::contents::ColumnContents;
use super::guess::{Guess, plain};
use super::heading::{DOUBTFUL, Meaning, day, meaning};
use super::said::{spelled_out, without_endings};
use super::words::{WORDS, Word};
use crate::booking::column::Column;
use crate::booking::plain::plain as plain_text;

/// Fewest letters that say something, and of the words that they begin.
const MIN_LETTERS: usize = 3;
const MIN_WHOLE: usize = 5;

/// What stands beside such a word.
const FILLERS: &[&str] = &["f", "d", "de", "di", "da", "do", "del", "of", "the", "der"];

/// What begins as the word for a day's way does, and is a flight.
const OTHERS: &[&str] = &["vol"];

/// What a heading says by the first letters of its words, if days to come stand below it.
pub(super) fn way(heading: &str, contents: &ColumnContents) -> Option<Meaning> {
    if !contents.most(contents.days_ahead) {
        return None;
    }
    let plain = spelled_out(&plain_text(&without_endings(heading)));
    let mut found: Option<Word> = None;
    for token in plain.split(' ') {
        if FILLERS.contains(&token) || says(token, &[Word::Date, Word::Trip]) {
            continue;
        }
        let word = begun(token)?;
        if found.is_some_and(|found| found != word) {
            return None;
        }
        found = Some(word);
    }
    day(&[found?, Word::Date]).ok()
}

fn says(token: &str, meanings: &[Word]) -> bool {
    let mut words = WORDS.iter().filter(|(word, _)| meanings.contains(word));
    words.any(|(_, texts)| texts.split(' ').any(|text| text == token))
}

/// The only way that a word names or begins to name.
fn begun(token: &str) -> Option<Word> {
    const WAYS: [Word; 5] = [
        Word::Start,
        Word::End,
        Word::Departure,
        Word::Arrival,
        Word::Return,
    ];
    if token.len() < MIN_LETTERS || OTHERS.contains(&token) {
        return None;
    }
    let begins = |texts: &str| {
        let mut texts = texts.split(' ').filter(|text| text.len() >= MIN_WHOLE);
        texts.any(|text| text.starts_with(token))
    };
    let mut ways = WORDS
        .iter()
        .filter(|(word, texts)| WAYS.contains(word) && (begins(texts) || says(token, &[*word])));
    let (word, _) = ways.next()?;
    ways.next().is_none().then_some(*word)
}

/// Of two columns of days to come whose headings nobody knows the first is the start of the trip, if nothing else is.
pub(super) fn unknown_days(guesses: &mut [Guess<'_>]) {
    let is = |guess: &Guess<'_>| guess.is(Column::TripStart) || guess.is(Column::TripEnd);
    if guesses.iter().any(is) {
        return;
    }
    let open = |guess: &&mut Guess<'_>| {
        let unknown = guess.meaning.is_none() && !guess.heading.is_empty();
        let ahead = guess.contents.most(guess.contents.days_ahead);
        unknown && ahead && meaning(guess.heading) == Err(false)
    };
    let mut found = guesses.iter_mut().filter(open);
    if let (Some(first), Some(last), None) = (found.next(), found.next(), found.next()) {
        first.meaning = plain(Column::TripStart, DOUBTFUL);
        last.meaning = plain(Column::TripEnd, DOUBTFUL);
    }
}
