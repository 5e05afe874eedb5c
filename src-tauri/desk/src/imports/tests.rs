//! What somebody says of columns, and what becomes of it for the next list.

use esim_watch_core::booking::Column as Says;
use jiff::civil::date;

use super::*;

const LIST: &[u8] = b"Name,Booking,Remark\nAnna,T-1,Vegan\n";

fn understood(columns: Option<Vec<Says>>, corrections: &Corrections) -> Understood {
    let reading = booking::Reading {
        columns,
        ..booking::Reading::default()
    };
    let table = Table::read(LIST, &reading).unwrap();
    let marks = KnownMarks::asked(&table);
    let calendar = Calendar {
        today: date(2026, 11, 28),
        zone: jiff::tz::TimeZone::UTC,
    };
    Understood::of(&table, &reading, corrections, &calendar, &marks)
}

const CORRECTED: [Says; 3] = [Says::Name, Says::Reference, Says::Tags];

#[test]
fn a_list_that_is_read_as_it_was_guessed_corrects_nothing() {
    let none = Corrections::default();
    let guessed = understood(None, &none);
    assert!(guessed.corrected.is_none() && !guessed.remembered);
    // The window says all columns again whatever it asks for.
    let again = understood(guessed.bookings.reading.columns, &none);
    assert!(again.corrected.is_none());
}

#[test]
fn a_correction_is_remembered_and_used_for_the_next_list() {
    let mut known = Corrections::default();
    let first = understood(Some(CORRECTED.to_vec()), &known);
    let Corrected { headings, columns } = first.corrected.unwrap();
    known.remember(&headings, &columns);
    let next = understood(None, &known);
    assert!(next.remembered && next.corrected.is_none());
    let anna = next.bookings.lines[0].traveller.clone().unwrap();
    assert_eq!(anna.tags, ["Vegan"]);
}

#[test]
fn a_correction_is_used_for_a_list_with_one_column_more_or_less() {
    let mut known = Corrections::default();
    let remembered = ["Name", "Booking", "Remark", "Phone"].map(str::to_owned);
    let [name, reference, tags] = CORRECTED;
    known.remember(&remembered, &[name, reference, tags, Says::Ignored]);
    let next = understood(None, &known);
    assert!(next.remembered && next.corrected.is_none());
    let anna = next.bookings.lines[0].traveller.clone().unwrap();
    assert_eq!(anna.tags, ["Vegan"]);
}

#[test]
fn a_correction_can_be_corrected() {
    let mut known = Corrections::default();
    let headings = understood(None, &known).bookings.headings;
    known.remember(&headings, &CORRECTED);
    let guessed = [Says::Name, Says::Reference, Says::Note];
    let back = understood(Some(guessed.to_vec()), &known);
    assert!(!back.remembered);
    assert_eq!(back.corrected.unwrap().columns, guessed);
}
