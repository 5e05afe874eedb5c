//! No file ends the program: an allocation that fails can't be caught, so none may be asked for.

use super::zipped::{cell, ods, xlsx, xlsx_with, zipped};
use super::*;

/// A list of two lines with one stray cell.
fn with_stray(name: &str) -> Vec<u8> {
    let row: String = name.chars().filter(char::is_ascii_digit).collect();
    let stray = cell(name, "stray");
    xlsx(
        &format!(
            r#"<row r="1">{}{}</row><row r="2">{}{}</row><row r="{row}">{stray}</row>"#,
            cell("A1", "Name"),
            cell("B1", "Order"),
            cell("A2", "Anna"),
            cell("B2", "T-1"),
        ),
        &[],
    )
}

#[test]
fn a_cell_at_the_far_corner_of_a_sheet_costs_nothing() {
    for far in ["XFD1048576", "ALL1048576", "CV1048576"] {
        let bytes = with_stray(far);
        assert!(bytes.len() < 3_000);
        let table = table(&bytes).unwrap();
        assert!(table.opened.cut_columns, "{far}");
        let list = read(&table, &Reading::default(), TODAY);
        assert_eq!(names(&list), ["Anna"], "{far}");
    }
}

#[test]
fn a_cell_where_no_sheet_has_one_is_refused() {
    for outside in ["ZZZZZZZ1", "A4294967295", "XFE1", "A1048577"] {
        assert_eq!(
            table(&with_stray(outside)),
            Err(BookingError::Outside),
            "{outside}"
        );
    }
}

/// What may be in a file more often than anybody reads it: all of it is refused before it is read.
#[test]
fn more_cells_than_anybody_reads_are_refused_before_they_are_read() {
    let head = format!("<row>{}{}</row>", cell("A1", "Name"), cell("B1", "Order"));
    let rows = |more: &str, times: usize| format!("{head}{}", more.repeat(times));
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(3_100_000));
    let merges = r#"<mergeCell ref="A1:A9"/>"#.repeat(3_100_000);
    let row = "<table:table-row/>".repeat(3_100_000);
    let files = [
        xlsx(&rows("<row/>", 3_100_000), &[]),
        xlsx(&rows(r#"<row><c s="1"/><c/></row>"#, 800_000), &[]),
        xlsx_with(&head, &merges, &[]),
        xlsx(&head, &[("xl/sharedStrings.xml", texts.as_bytes())]),
        ods(&format!(
            r#"<table:table table:name="a">{row}</table:table>"#
        )),
    ];
    for (at, file) in files.iter().enumerate() {
        assert_eq!(table(file), Err(BookingError::TooManyCells), "{at}");
    }
}

#[test]
fn sheets_that_are_looked_at_one_after_the_other_are_not_read_for_ever() {
    let row = "<table:table-row><table:table-cell/></table:table-row>";
    let sheets = (0..100).map(|at| {
        format!(
            r#"<table:table table:name="{at}">{}</table:table>"#,
            row.repeat(6_000)
        )
    });
    assert_eq!(
        table(&ods(&sheets.collect::<String>())),
        Err(BookingError::TooManyCells)
    );
}

/// A file of 16 MB that is one of some kilobytes on disk.
fn bomb() -> Vec<u8> {
    let blanks = vec![b' '; 16 * 1024 * 1024];
    xlsx("", &[("xl/styles.xml", &blanks)])
}

#[test]
fn a_part_that_unpacks_to_more_than_it_may_is_refused() {
    let bytes = bomb();
    assert!(bytes.len() < 100_000);
    assert_eq!(table(&bytes), Err(BookingError::Oversized));
}

#[test]
fn what_a_file_says_of_its_sizes_is_not_believed() {
    let bytes = bomb();
    let said = (16_u32 * 1024 * 1024).to_le_bytes();
    let lie = 10_u32.to_le_bytes();
    let mut lying = bytes.clone();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == said {
            lying[at..at + 4].copy_from_slice(&lie);
        }
    }
    assert_ne!(lying, bytes);
    assert!(matches!(
        table(&lying),
        Err(BookingError::Oversized | BookingError::Broken(_))
    ));
}

#[test]
fn a_file_that_says_to_have_more_texts_than_it_has_is_refused() {
    for count in ["4000000000", "99999999999999999999"] {
        let texts = format!(r#"<?xml version="1.0"?><sst uniqueCount="{count}"/>"#);
        let bytes = xlsx("", &[("xl/sharedStrings.xml", texts.as_bytes())]);
        assert_eq!(table(&bytes), Err(BookingError::Oversized), "{count}");
    }
}

#[test]
fn one_long_text_that_many_cells_share_is_cut() {
    let texts = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(59);
    let rows = format!("<row>{cells}</row>").repeat(150);
    let bytes = xlsx(&rows, &[("xl/sharedStrings.xml", texts.as_bytes())]);
    assert_eq!(table(&bytes), Err(BookingError::Oversized));
}

#[test]
fn more_lines_than_a_list_can_have_are_refused_in_any_format() {
    let rows =
        format!("<row>{}</row>", cell("A1", "x").replace(" r=\"A1\"", "")).repeat(MAX_ROWS + 1);
    assert_eq!(table(&xlsx(&rows, &[])), Err(BookingError::TooLong));
    let repeated = r#"<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;
    assert_eq!(table(&ods(repeated)), Err(BookingError::TooLong));
}

#[test]
fn empty_cells_that_repeat_cost_nothing() {
    let row = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="4000000000"/></table:table-row>"#;
    let bytes = ods(&format!(
        r#"<table:table table:name="a">{}</table:table>"#,
        row.repeat(100)
    ));
    assert_eq!(table(&bytes), Err(BookingError::Empty));
}

#[test]
fn a_zip_of_something_else_is_foreign() {
    let document = zipped(&[
        ("word/document.xml", b"<w/>"),
        ("[Content_Types].xml", b"<t/>"),
    ]);
    assert_eq!(table(&document), Err(BookingError::Foreign));
}

#[test]
fn a_web_page_by_the_name_of_a_spreadsheet_is_said_to_be_one() {
    for page in [
        "<html><table><tr><td>Name",
        "\u{feff}<!DOCTYPE html>",
        "\n<table>",
        "<?xml version=\"1.0\"?>",
    ] {
        assert_eq!(table(page.as_bytes()), Err(BookingError::WebPage), "{page}");
    }
}

#[test]
fn quotes_without_end_are_read_in_a_moment() {
    let bytes = "a,\"b\n".repeat(MAX_ROWS - 1);
    assert_eq!(table(bytes.as_bytes()).unwrap().rows.len(), MAX_ROWS - 1);
    let doubled = format!("a,{}", "\"".repeat(500_001));
    assert!(table(doubled.as_bytes()).is_ok());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn any_changed_spreadsheet_is_read_or_refused(
        at in proptest::collection::vec((0_usize..4_000, proptest::num::u8::ANY), 1..8),
        format in 0..3,
    ) {
        let mut bytes = match format {
            0 => with_stray("C3"),
            1 => ods(r#"<table:table table:name="a"><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell></table:table-row></table:table>"#),
            _ => super::xls::sample(),
        };
        for (place, byte) in at {
            let length = bytes.len();
            if let Some(old) = bytes.get_mut(place % length) {
                *old = byte;
            }
        }
        drop(table(&bytes));
    }
}
