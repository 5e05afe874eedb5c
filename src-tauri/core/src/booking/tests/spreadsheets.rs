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
    read(&table(&bytes).unwrap(), &Reading::default(), TODAY)
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
    assert_eq!(list.lines[0].iccids, ["89445012345678901234"]);
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
    let list = read(&table(&bytes).unwrap(), &Reading::default(), TODAY);
    assert_eq!(names(&list), ["Anna"]);
}

#[test]
fn a_cover_is_no_list() {
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.write(0, 0, "Reservations, December 2026").unwrap();
    for (row, [key, value]) in [
        ["Contact", "Anna"],
        ["Agency", "Far & Away"],
        ["Date", "1 Dec"],
    ]
    .into_iter()
    .enumerate()
    {
        let row = u32::try_from(row).unwrap() + 2;
        cover.write(row, 0, key).unwrap();
        cover.write(row, 1, value).unwrap();
    }
    let sheet = book.add_worksheet().set_name("Passengers").unwrap();
    for (row, line) in [["Name", "Order"], ["Jan", "T-1"]].into_iter().enumerate() {
        for (column, text) in line.into_iter().enumerate() {
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            sheet.write(row, column, text).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let opened = table(&bytes).unwrap();
    assert_eq!(opened.opened.sheet.as_deref(), Some("Passengers"));
    assert_eq!(names(&read(&opened, &Reading::default(), TODAY)), ["Jan"]);
    let reading = Reading {
        sheet: Some("Sheet1".to_owned()),
        ..Reading::default()
    };
    let asked = Table::read(&bytes, &reading).unwrap();
    assert_eq!(asked.opened.sheet.as_deref(), Some("Sheet1"));
}

#[test]
fn a_spreadsheet_without_anything_in_it_is_empty() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(table(&bytes), Err(BookingError::Empty));
}

/// A sheet of these lines.
fn filled<'a>(book: &'a mut Workbook, name: &str, lines: &[[&str; 2]]) -> &'a mut Worksheet {
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    for (row, texts) in (0..).zip(lines) {
        for (column, text) in (0..).zip(texts) {
            if !text.is_empty() {
                sheet.write(row, column, *text).unwrap();
            }
        }
    }
    sheet
}

const HEADINGS: [&str; 2] = ["Name", "Order"];

/// Opened and understood, as somebody says.
fn opened(book: &mut Workbook, reading: &Reading) -> Bookings {
    let bytes = book.save_to_buffer().unwrap();
    read(&Table::read(&bytes, reading).unwrap(), reading, TODAY)
}

#[test]
fn a_hidden_sheet_is_not_read_before_one_that_is_shown() {
    let mut book = Workbook::new();
    filled(&mut book, "Old", &[HEADINGS, ["Ben", "T-9"]]).set_hidden(true);
    filled(&mut book, "New", &[HEADINGS, ["Anna", "T-1"]]).set_active(true);
    let list = opened(&mut book, &Reading::default());
    assert_eq!(names(&list), ["Anna"]);
    let sheets: Vec<_> = list
        .opened
        .sheets
        .iter()
        .map(|one| (one.name.as_str(), one.hidden))
        .collect();
    assert_eq!(sheets, [("Old", true), ("New", false)]);
}

#[test]
fn another_sheet_can_be_asked_for() {
    let mut book = Workbook::new();
    filled(&mut book, "November", &[HEADINGS, ["Ben", "T-9"]]);
    filled(&mut book, "December", &[HEADINGS, ["Anna", "T-1"]]);
    let reading = Reading {
        sheet: Some("December".to_owned()),
        ..Reading::default()
    };
    let list = opened(&mut book, &reading);
    assert_eq!(names(&list), ["Anna"]);
    assert_eq!(list.reading.sheet.as_deref(), Some("December"));
}

#[test]
fn hidden_lines_are_counted_and_left_out_until_somebody_wants_them() {
    let mut book = Workbook::new();
    let sheet = filled(
        &mut book,
        "List",
        &[HEADINGS, ["Anna", "T-1"], ["Ben", "T-2"], ["Eva", "T-3"]],
    );
    sheet.set_row_hidden(2).unwrap();
    let list = opened(&mut book, &Reading::default());
    assert_eq!(names(&list), ["Anna", "Eva"]);
    assert_eq!(list.opened.hidden_rows, 1);
    let reading = Reading {
        hidden_rows: Some(true),
        ..Reading::default()
    };
    assert_eq!(names(&opened(&mut book, &reading)), ["Anna", "Ben", "Eva"]);
}

#[test]
fn merged_cells_are_filled_down() {
    let mut book = Workbook::new();
    let sheet = filled(
        &mut book,
        "List",
        &[HEADINGS, ["Anna", ""], ["Ben", ""], ["Eva", "T-3"]],
    );
    let plain = Format::new();
    sheet.merge_range(1, 1, 2, 1, "T-1", &plain).unwrap();
    let list = opened(&mut book, &Reading::default());
    let references: Vec<_> = list
        .lines
        .iter()
        .map(|line| line.reference.as_deref())
        .collect();
    assert_eq!(references, [Some("T-1"), Some("T-1"), Some("T-3")]);
}

#[test]
fn the_apostrophe_of_a_name_in_a_spreadsheet_stays() {
    let mut book = Workbook::new();
    filled(&mut book, "List", &[HEADINGS, ["'t Hooft", "T-1"]]);
    assert_eq!(names(&opened(&mut book, &Reading::default())), ["'t Hooft"]);
}
