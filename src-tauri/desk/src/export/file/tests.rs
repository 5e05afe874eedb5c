//! Tests: files that are read back.

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use esim_watch_core::catalogue::{LANGUAGES, Language};

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

/// A desk whose clock is an hour ahead of UTC.
fn english() -> Locale {
    TimeZone::fixed(jiff::tz::offset(1)).into()
}

fn export(folder: &Path, format: SheetFormat, count: usize) -> Result<PathBuf, SheetError> {
    export_for(&english(), None, folder, format, count)
}

fn export_for(
    locale: &Locale,
    separator: Option<CsvSeparator>,
    folder: &Path,
    format: SheetFormat,
    count: usize,
) -> Result<PathBuf, SheetError> {
    let headings = ["ICCID", "Reference", "Since", "MB"].map(str::to_owned);
    let rows = rows();
    let sheet = Sheet {
        folder,
        name: "eSIMs 10:15",
        format,
        separator,
        locale,
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
    assert!(book.worksheet_formula("eSIMs 10 15").unwrap().is_empty());
    let sheet = book.worksheet_range("eSIMs 10 15").unwrap();
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
        "\u{feff}\"ICCID\",\"Reference\",\"Since\",\"MB\"\r\n\
         \"\u{2009}89445001021983048260\",\"'=cmd|' /C calc'!A0\",\"2026-11-18 12:06:53\",\"1024.5\"\r\n\
         \"\",\"a \"\"quoted\"\", رحلة\nand a line\",\"\",\"-3\"\r\n"
    );
}

#[test]
fn separator_and_decimal_mark_are_those_of_the_language() {
    let folder = tempfile::tempdir().unwrap();
    let first_line = |locale: &Locale, separator| {
        let path = export_for(locale, separator, folder.path(), SheetFormat::Csv, 1).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().nth(1).unwrap().to_owned()
    };
    let semicolons = "\"\u{2009}89445001021983048260\";\"'=cmd|' /C calc'!A0\";\"2026-11-18 12:06:53\";\"1024,5\"";
    let commas = "\"\u{2009}89445001021983048260\",\"'=cmd|' /C calc'!A0\",\"2026-11-18 12:06:53\",\"1024.5\"";
    for language in LANGUAGES {
        let locale = Locale {
            language,
            ..english()
        };
        let expected = match language {
            Language::En => commas,
            _ => semicolons,
        };
        assert_eq!(first_line(&locale, None), expected, "{language:?}");
        // Chosen by hand.
        assert_eq!(first_line(&locale, Some(CsvSeparator::Comma)), commas);
        let chosen = first_line(&locale, Some(CsvSeparator::Semicolon));
        assert!(chosen.contains("\";\""), "{chosen}");
    }
}

#[test]
fn an_hour_that_comes_twice_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let berlin = Locale::from(TimeZone::get("Europe/Berlin").unwrap());
    assert!(moves(&berlin.zone) && !moves(&english().zone) && !moves(&TimeZone::UTC));
    assert_eq!(zone_name(&berlin.zone), "Europe/Berlin");
    assert_eq!(zone_name(&english().zone), "UTC+01:00");
    assert_eq!(zone_name(&TimeZone::UTC), "UTC");
    // 2026-10-25 00:30, 01:00 and 01:30 UTC.
    let moments = [1_792_888_200, 1_792_890_000, 1_792_891_800];
    let sheet = Sheet {
        folder: folder.path(),
        name: "[night]",
        format: SheetFormat::Xlsx,
        separator: None,
        locale: &berlin,
        headings: &["Happened".to_owned(), "UTC".to_owned(), "Day".to_owned()],
    };
    let row = |number: usize| {
        let moment = moments[number];
        let day = Cell::day(Some("2026-10-25"));
        Ok(Some(vec![Cell::Time(moment), Cell::Utc(moment), day]))
    };
    let watch = SheetWatch {
        progress: &mut |_| {},
        cancelled: &AtomicBool::new(false),
    };
    let path = write(&sheet, moments.len(), row, watch).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let cells = book.worksheet_range("night").unwrap();
    let time = |row, column| match cells.get_value((row, column)).unwrap() {
        Data::DateTime(time) => {
            let (_, _, day, hour, minute, ..) = time.to_ymd_hms_milli();
            (day, hour, minute)
        }
        other => panic!("{other:?} is no date"),
    };
    let on_the_wall: Vec<_> = (1..4).map(|row| time(row, 0)).collect();
    assert_eq!(on_the_wall, [(25, 2, 30), (25, 2, 0), (25, 2, 30)]);
    let utc: Vec<_> = (1..4).map(|row| time(row, 1)).collect();
    assert_eq!(utc, [(25, 0, 30), (25, 1, 0), (25, 1, 30)]);
    assert_eq!(time(1, 2), (25, 0, 0));
    assert_eq!(offset_name(jiff::tz::offset(2)), "+02:00");
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
        separator: None,
        locale: &TimeZone::UTC.into(),
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
    let ClipboardTable { html, text } = table(&headings, &rows, &english());
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
