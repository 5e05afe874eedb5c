//! Lists in the older format, written record by record.

use std::io::{Cursor, Write};

use super::*;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let letters = u16::try_from(text.len()).unwrap();
    let place = [row, column, 0, letters].map(u16::to_le_bytes).concat();
    record(0x0204, &[&place[..], &[0], text.as_bytes()].concat())
}

fn begin(kind: u16) -> Vec<u8> {
    record(
        0x0809,
        &[0x0600, kind, 0, 0, 0, 0, 0, 0]
            .map(u16::to_le_bytes)
            .concat(),
    )
}

fn end() -> Vec<u8> {
    record(0x000a, &[])
}

/// A workbook of one sheet with these records, and these among those of the workbook.
fn workbook(globals: &[Vec<u8>], records: &[Vec<u8>]) -> Vec<u8> {
    let sheet = |at: usize| {
        let at = u32::try_from(at).unwrap().to_le_bytes();
        record(0x0085, &[&at[..], &[0, 0, 4, 0], b"List"].concat())
    };
    let before = [begin(5), globals.concat()].concat();
    let start = before.len() + sheet(0).len() + end().len();
    let stream = [
        before,
        sheet(start),
        end(),
        begin(0x10),
        records.concat(),
        end(),
    ]
    .concat();
    contained("/Workbook", &stream)
}

fn contained(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn lines() -> Vec<Vec<u8>> {
    let texts = [["Name", "Order"], ["Anna", "T-1"], ["Jan", "T-2"]];
    let rows = (0_u16..).zip(texts);
    rows.flat_map(|(row, [name, order])| [label(row, 0, name), label(row, 1, order)])
        .collect()
}

/// Some such file.
pub fn sample() -> Vec<u8> {
    workbook(&[], &lines())
}

#[test]
fn the_older_format_is_read() {
    let table = table(&sample()).unwrap();
    assert_eq!(table.opened.sheet.as_deref(), Some("List"));
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(names(&list), ["Anna", "Jan"]);
}

#[test]
fn a_workbook_of_more_than_one_sector_is_read() {
    let rows = (0..400_u16).flat_map(|row| {
        let name = if row == 0 { "Name" } else { "Anna" };
        let order = if row == 0 { "Order" } else { "T-1" };
        [label(row, 0, name), label(row, 1, order)]
    });
    let table = table(&workbook(&[], &rows.collect::<Vec<_>>())).unwrap();
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(list.lines.len(), 399);
}

#[test]
fn hidden_lines_of_the_older_format_are_counted() {
    let mut hidden = [0; 16];
    hidden[0] = 2;
    hidden[12] = 0x20;
    let records = [vec![record(0x0208, &hidden)], lines()].concat();
    let table = table(&workbook(&[], &records)).unwrap();
    assert_eq!(table.opened.hidden_rows, 1);
    assert_eq!(names(&read(&table, &Reading::default(), TODAY)), ["Anna"]);
}

#[test]
fn a_sheet_that_says_to_be_larger_than_any_is_refused() {
    let said = |rows: u32, columns: u16| {
        let rows = [0, rows].map(u32::to_le_bytes).concat();
        let columns = [0, columns, 0].map(u16::to_le_bytes).concat();
        workbook(&[], &[record(0x0200, &[rows, columns].concat())])
    };
    assert_eq!(table(&said(u32::MAX, 200)), Err(BookingError::Oversized));
    assert_eq!(table(&said(10, u16::MAX)), Err(BookingError::Outside));
    let far = [lines(), vec![label(u16::MAX, u16::MAX, "x")]].concat();
    assert_eq!(table(&workbook(&[], &far)), Err(BookingError::Outside));
}

#[test]
fn one_long_text_that_many_cells_share_is_refused() {
    let letters = 8_000_u16;
    let text = [&letters.to_le_bytes()[..], &[0], &vec![b'x'; 8_000]].concat();
    let texts = [&1_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &text].concat();
    let cells = (0..9_000_u16).map(|row| {
        let place = [row, 0, 0].map(u16::to_le_bytes).concat();
        record(0x00fd, &[place, vec![0; 4]].concat())
    });
    let bytes = workbook(&[record(0x00fc, &texts)], &cells.collect::<Vec<_>>());
    assert_eq!(table(&bytes), Err(BookingError::Oversized));
}

#[test]
fn a_password_is_said_to_be_one() {
    let globals = [record(0x002f, &[1, 0, 0, 0])];
    assert_eq!(
        table(&workbook(&globals, &lines())),
        Err(BookingError::Password)
    );
    assert_eq!(
        table(&contained("/EncryptedPackage", b"x")),
        Err(BookingError::Password)
    );
}

#[test]
fn a_document_of_another_program_is_foreign() {
    assert_eq!(
        table(&contained("/WordDocument", b"x")),
        Err(BookingError::Foreign)
    );
}
