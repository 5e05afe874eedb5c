//! Lists in XLSX files.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::*;

/// A list whose headings stand in the third row, with what `fill` writes below them.
fn spreadsheet(headings: &[&str], fill: impl FnOnce(&mut Worksheet)) -> Bookings {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, heading) in headings.iter().enumerate() {
        let column = u16::try_from(at).unwrap();
        sheet.write(2, column, *heading).unwrap();
    }
    fill(sheet);
    let bytes = book.save_to_buffer().unwrap();
    read(&Table::read(&bytes).unwrap(), &Reading::default())
}

#[test]
fn a_spreadsheet_brings_real_days() {
    let list = spreadsheet(&["Traveller", "Trip from", "Order"], |sheet| {
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let date = ExcelDateTime::from_ymd(2026, 12, 3).unwrap();
        sheet.write(3, 0, "Anna").unwrap();
        sheet.write_with_format(3, 1, &date, &day).unwrap();
        sheet.write(3, 2, "T-1").unwrap();
    });
    let first = list.lines[0].traveller.as_ref().unwrap();
    assert_eq!(first.trip_start.as_deref(), Some("2026-12-03"));
}

#[test]
fn lines_are_counted_as_the_spreadsheet_does() {
    let list = spreadsheet(&["Traveller", "Order"], |sheet| {
        sheet.write(3, 0, "Anna").unwrap();
        sheet.write(5, 0, "Jan").unwrap();
    });
    let lines: Vec<usize> = list.lines.iter().map(|line| line.line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn a_whole_number_is_a_reference_without_a_point() {
    let list = spreadsheet(&["Traveller", "Order"], |sheet| {
        sheet.write(3, 0, "Anna").unwrap();
        sheet.write(3, 1, 4711).unwrap();
    });
    assert_eq!(list.lines[0].reference.as_deref(), Some("4711"));
}

#[test]
fn an_iccid_that_is_kept_as_text_has_every_digit() {
    let list = spreadsheet(&["Traveller", "ICCID"], |sheet| {
        sheet.write(3, 0, "Anna").unwrap();
        sheet.write(3, 1, "89445012345678901234").unwrap();
    });
    let iccid = list.lines[0].iccid.as_deref();
    assert_eq!(iccid, Some("89445012345678901234"));
}

#[test]
fn an_iccid_that_is_kept_as_a_number_was_rounded() {
    let list = spreadsheet(&["Traveller", "ICCID"], |sheet| {
        sheet.write(3, 0, "Jan").unwrap();
        sheet.write(3, 1, 89_445_012_345_678_900_000.0).unwrap();
    });
    assert_eq!(list.lines[0].traveller, Err(LineProblem::Rounded));
}

#[test]
fn the_first_sheet_with_anything_in_it_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let second = book.add_worksheet();
    for (at, text) in ["Name", "Order"].iter().enumerate() {
        second.write(0, u16::try_from(at).unwrap(), *text).unwrap();
    }
    second.write(1, 0, "Anna").unwrap();
    second.write(1, 1, "T-1").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let list = read(&Table::read(&bytes).unwrap(), &Reading::default());
    assert_eq!(names(&list), ["Anna"]);
}

#[test]
fn a_spreadsheet_without_anything_in_it_is_empty() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(Table::read(&bytes), Err(BookingError::Empty));
}
