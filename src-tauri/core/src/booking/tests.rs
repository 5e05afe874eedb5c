//! Lists as agencies have them.

mod bounds;
mod cells;
mod columns;
mod contacts;
mod corrections;
mod days;
mod digits;
mod exports;
mod headings;
mod known;
mod leading;
mod lines;
mod mail;
mod ods;
mod outer_days;
mod periods;
mod persons;
mod several;
mod shortened;
mod spreadsheets;
mod texts;
mod trips;
mod unnamed;
mod wide;
mod xls;
mod xml;
mod zipped;

use jiff::civil::{Date, date};

use super::*;
use crate::traveller::{Traveller, TravellerField};

const TODAY: Date = date(2026, 11, 28);

const CALENDAR: Calendar = Calendar {
    today: TODAY,
    zone: TimeZone::UTC,
};

fn table(bytes: &[u8]) -> Result<Table, BookingError> {
    Table::read(bytes, &Reading::default())
}

fn understood(text: &str) -> Bookings {
    understood_as(text, &Reading::default())
}

/// A list that is read as somebody says.
fn understood_as(text: &str, reading: &Reading) -> Bookings {
    let table = Table::read(text.as_bytes(), reading).unwrap();
    read(&table, reading, TODAY)
}

/// The only line of a list with these headings.
fn line(headings: &str, line: &str) -> Booking {
    let mut list = understood(&format!("{headings}\n{line}\n"));
    assert_eq!(list.lines.len(), 1, "{list:?}");
    list.lines.remove(0)
}

/// The traveller of the only line of a list with these headings, or what is wrong.
fn traveller(headings: &str, text: &str) -> Result<Traveller, LineProblem> {
    line(headings, text).traveller
}

fn names(bookings: &Bookings) -> Vec<&str> {
    let lines = bookings.lines.iter();
    lines
        .filter_map(|line| Some(line.traveller.as_ref().ok()?.name.as_str()))
        .collect()
}

#[test]
fn a_pasted_table_with_headings_is_understood() {
    let list = understood(
        "Booking\tFirst name\tSurname\tE-mail\tPhone\tDeparture\tReturn\tICCID\tRemarks\n\
         TRIP-1\tMaria\tRossi\tm@example.org\t+39 06 1\t03/12/2026\t24/12/2026\t8944 5012 3456 7890 123\tWindow seat\n\
         \n\
         TRIP-2\tLi\tWei\t\t\t01/02/2027\t\t\t\n",
    );
    let first = &list.lines[0];
    assert_eq!(first.line, 2);
    assert_eq!(first.iccids, ["8944501234567890123"]);
    assert_eq!(first.reference.as_deref(), Some("TRIP-1"));
    let traveller = first.traveller.as_ref().unwrap();
    assert_eq!(traveller.name, "Maria Rossi");
    assert_eq!(traveller.contact, "m@example.org, +39 06 1");
    assert_eq!(traveller.trip_start.as_deref(), Some("2026-12-03"));
    assert_eq!(traveller.trip_end.as_deref(), Some("2026-12-24"));
    assert_eq!(traveller.note, "Window seat");
    assert_eq!(list.lines[1].line, 4, "as a spreadsheet counts");
    assert!(!list.days_unclear);
}

#[test]
fn what_is_no_list_says_what_to_do() {
    assert_eq!(table(b""), Err(BookingError::Empty));
    assert_eq!(table(b"\n\n ;;\n"), Err(BookingError::Empty));
    assert_eq!(table(b"%PDF-1.7"), Err(BookingError::Foreign));
    assert_eq!(
        table(&[0xd0, 0xcf, 0x11, 0xe0, 1]),
        Err(BookingError::Broken(
            "Invalid CFB file (5 bytes is too small)".to_owned()
        ))
    );
    assert_eq!(table(&[1, 0, 2, 0]), Err(BookingError::Foreign));
    assert!(matches!(
        table(b"PK\x03\x04nothing"),
        Err(BookingError::Broken(_))
    ));
    assert_eq!(
        table(&vec![b'x'; MAX_BYTES + 1]),
        Err(BookingError::TooLarge)
    );
    let long = "a,b\n".repeat(MAX_ROWS + 1);
    assert_eq!(table(long.as_bytes()), Err(BookingError::TooLong));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        if let Ok(table) = table(&bytes) {
            let list = read(&table, &Reading::default(), TODAY);
            proptest::prop_assert_eq!(list.headings.len(), list.reading.columns.unwrap().len());
        }
    }
}
