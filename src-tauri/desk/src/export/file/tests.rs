//! Tests: files that are read back.

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use super::*;

const ICCID: &str = "89445001021983048260";

fn rows() -> Vec<Vec<Cell>> {
    vec![
        vec![
            Cell::Text(ICCID.to_owned()),
            Cell::Text("=cmd|' /C calc'!A0".to_owned()),
            Cell::Time(1_795_000_013),
            Cell::Number(1024.5),
        ],
        vec![
            Cell::Empty,
            Cell::Text("a \"quoted\", رحلة\nand a line".to_owned()),
            Cell::Empty,
            Cell::Number(-3.0),
        ],
    ]
}

fn export(folder: &Path, format: SheetFormat, count: usize) -> Result<PathBuf, SheetError> {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let headings = ["ICCID", "Reference", "Since", "MB"].map(str::to_owned);
    let rows = rows();
    let sheet = Sheet {
        folder,
        name: "eSIMs 10:15",
        format,
        zone: &zone,
        headings: &headings,
    };
    write(
        &sheet,
        count,
        |number| Ok(rows.get(number % 2).cloned()),
        SheetWatch {
            progress: &mut |_| {},
            cancelled: &AtomicBool::new(false),
        },
    )
}

#[test]
fn a_spreadsheet_has_texts_real_dates_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let path = export(folder.path(), SheetFormat::Xlsx, 2).unwrap();
    assert_eq!(path.file_name().unwrap(), "eSIMs 10 15.xlsx");
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    assert!(book.worksheet_formula("Sheet1").unwrap().is_empty());
    let sheet = book.worksheet_range("Sheet1").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).unwrap().clone();
    assert_eq!(cell(0, 0), Data::String("ICCID".to_owned()));
    assert_eq!(cell(1, 0), Data::String(ICCID.to_owned()));
    assert_eq!(cell(1, 1), Data::String("=cmd|' /C calc'!A0".to_owned()));
    let Data::DateTime(time) = cell(1, 2) else {
        panic!("{:?} is no date", cell(1, 2));
    };
    // 2026-11-18 11:06:53 UTC is 12:06:53 on the desk's clock.
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    assert_eq!(
        (year, month, day, hour, minute, second),
        (2026, 11, 18, 12, 6, 53)
    );
    assert_eq!(cell(1, 3), Data::Float(1024.5));
    assert_eq!(cell(2, 0), Data::Empty);
}

#[test]
fn comma_separated_values_are_quoted_marked_and_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let path = export(folder.path(), SheetFormat::Csv, 2).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        text,
        "\u{feff}ICCID,Reference,Since,MB\r\n\
         89445001021983048260,'=cmd|' /C calc'!A0,2026-11-18 12:06:53 +01:00,1024.5\r\n\
         ,\"a \"\"quoted\"\", رحلة\nand a line\",,-3\r\n"
    );
}

#[test]
fn a_file_that_is_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let first = export(folder.path(), SheetFormat::Csv, 1).unwrap();
    let second = export(folder.path(), SheetFormat::Csv, 2).unwrap();
    assert_ne!(first, second);
    assert_eq!(second.file_name().unwrap(), "eSIMs 10 15 (2).csv");
}

#[test]
fn what_is_cancelled_or_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let cancelled = AtomicBool::new(false);
    let mut seen = Vec::new();
    let sheet = Sheet {
        folder: folder.path(),
        name: "all",
        format: SheetFormat::Xlsx,
        zone: &TimeZone::UTC,
        headings: &["A".to_owned()],
    };
    let result = write(
        &sheet,
        10_000,
        |number| {
            if number == 1_200 {
                cancelled.store(true, Ordering::Relaxed);
            }
            Ok(Some(vec![Cell::Number(1.0)]))
        },
        SheetWatch {
            progress: &mut |done| seen.push(done),
            cancelled: &cancelled,
        },
    );
    assert!(matches!(result, Err(SheetError::Cancelled)));
    assert_eq!(seen, [0, 500, 1000]);
    let failed = export(&folder.path().join("a file"), SheetFormat::Csv, 1);
    assert!(failed.is_ok());
    std::fs::write(folder.path().join("no folder"), "").unwrap();
    let failed = export(&folder.path().join("no folder"), SheetFormat::Csv, 1).unwrap_err();
    assert!(
        failed
            .to_string()
            .starts_with("The file could not be written to "),
        "{failed}"
    );
    std::fs::remove_dir_all(folder.path().join("a file")).unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn more_rows_than_a_spreadsheet_has_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = export(folder.path(), SheetFormat::Xlsx, 1_048_576).unwrap_err();
    assert!(matches!(error, SheetError::TooManyRows(1_048_576)));
}

#[test]
fn a_copied_table_keeps_identifiers_whole_and_is_neither_markup_nor_formula() {
    let headings = ["ICCID", "Reference", "Since", "MB"].map(str::to_owned);
    let mut rows = rows();
    rows.push(vec![
        Cell::Text("<script>alert(\"1\")</script> & a\ttab".to_owned()),
        Cell::Empty,
    ]);
    let ClipboardTable { html, text } =
        table(&headings, &rows, &TimeZone::fixed(jiff::tz::offset(1)));
    assert_eq!(
        text,
        "ICCID\tReference\tSince\tMB\n\
         89445001021983048260\t'=cmd|' /C calc'!A0\t2026-11-18 12:06:53\t1024.5\n\
         \ta \"quoted\", رحلة and a line\t\t-3\n\
         <script>alert(\"1\")</script> & a tab\t\n"
    );
    let iccid = r#"<td style="mso-number-format:'\@'">89445001021983048260</td>"#;
    assert!(html.contains(iccid), "{html}");
    assert!(html.contains("<th>Since</th>") && html.contains("<td>2026-11-18 12:06:53</td>"));
    assert!(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; a\ttab"));
    assert!(!html.contains("<script"), "{html}");
}
