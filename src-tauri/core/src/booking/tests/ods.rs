//! Lists in ODS files.

use super::zipped::{ods, zipped};
use super::*;

fn row(attributes: &str, cells: &[&str]) -> String {
    let cells = cells.iter().map(|text| {
        if text.starts_with('<') {
            (*text).to_owned()
        } else {
            format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>")
        }
    });
    format!(
        "<table:table-row {attributes}>{}</table:table-row>",
        cells.collect::<String>()
    )
}

fn sheet(name: &str, style: &str, rows: &[String]) -> String {
    let rows = rows.concat();
    format!(r#"<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>"#)
}

#[test]
fn an_ods_is_read_with_days_numbers_and_letters_as_they_are() {
    let day = r#"<table:table-cell office:value-type="date" office:date-value="2026-12-03T00:00:00"><text:p>03.12.26</text:p></table:table-cell>"#;
    let number = r#"<table:table-cell office:value-type="float" office:value="4711"><text:p>4.711</text:p></table:table-cell>"#;
    let rows = [
        row("", &["Name", "Start", "Order"]),
        row("", &["Tom &amp; &#x141;ucja", day, number]),
    ];
    let table = table(&ods(&sheet("List", "", &rows))).unwrap();
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(names(&list), ["Tom & Łucja"]);
    let tom = list.lines[0].traveller.clone().unwrap();
    assert_eq!(tom.trip_start.as_deref(), Some("2026-12-03"));
    assert_eq!(list.lines[0].reference.as_deref(), Some("4711"));
}

#[test]
fn hidden_lines_and_sheets_of_an_ods_are_known() {
    let rows = |name: &str| {
        [
            row("", &["Name", "Order"]),
            row("", &[name, "T-1"]),
            row(r#"table:visibility="filter""#, &["Gone", "T-2"]),
        ]
    };
    let sheets = sheet("Old", "gone", &rows("Ben")) + &sheet("New", "", &rows("Anna"));
    let table = table(&ods(&sheets)).unwrap();
    assert_eq!(table.opened.sheet.as_deref(), Some("New"));
    assert!(table.opened.sheets[0].hidden && !table.opened.sheets[1].hidden);
    assert_eq!(table.opened.hidden_rows, 1);
    assert_eq!(names(&read(&table, &Reading::default(), TODAY)), ["Anna"]);
}

#[test]
fn merged_cells_of_an_ods_are_filled_down() {
    let merged = r#"<table:table-cell table:number-rows-spanned="2"><text:p>T-1</text:p></table:table-cell>"#;
    let rows = [
        row("", &["Order", "Name"]),
        row("", &[merged, "Anna"]),
        row("", &["<table:covered-table-cell/>", "Jan"]),
    ];
    let table = table(&ods(&sheet("List", "", &rows))).unwrap();
    let list = read(&table, &Reading::default(), TODAY);
    let references: Vec<_> = list
        .lines
        .iter()
        .map(|line| line.reference.as_deref())
        .collect();
    assert_eq!(references, [Some("T-1"), Some("T-1")]);
}

#[test]
fn an_ods_with_a_password_is_said_to_have_one() {
    let manifest = b"<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let bytes = zipped(&[
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x01\x02"),
    ]);
    assert_eq!(table(&bytes), Err(BookingError::Password));
}

#[test]
fn what_lies_at_a_cell_of_an_ods_is_none_of_its_text() {
    let cell = |beside: &str, text: &str| {
        format!("<table:table-cell>{beside}<text:p>{text}</text:p></table:table-cell>")
    };
    let comment = "<office:annotation><dc:creator>Eva</dc:creator><dc:date>2026-11-29T10:00:00</dc:date>\
         <text:p>calls <text:span>tonight</text:span></text:p></office:annotation>";
    let picture = "<draw:frame><draw:image/><svg:title>Photo</svg:title><svg:desc>Passport</svg:desc></draw:frame>";
    let stamp = "<draw:frame><draw:text-box><text:p>Stamp</text:p></draw:text-box></draw:frame>";
    let note = "Anna<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>foot</text:p>\
         </text:note-body></text:note> Muster";
    let ruby = "<text:ruby><text:ruby-base>Anna Muster</text:ruby-base><text:ruby-text>aaa</text:ruby-text></text:ruby>";
    let names = [
        cell(comment, "Anna Muster"),
        cell(picture, "Anna Muster"),
        cell(stamp, "Anna Muster"),
        cell("\n  ", note),
        cell("", ruby),
        cell("", &format!("Anna Muster{comment}")),
    ];
    let shapes = "<table:shapes><draw:frame><draw:text-box><text:p>Logo</text:p></draw:text-box></draw:frame></table:shapes>";
    let mut rows = vec![shapes.to_owned()];
    rows.push(row("", &[&cell(comment, "Name"), "Order"]));
    rows.extend(names.iter().map(|name| row("", &[name, "T-1"])));
    let table = table(&ods(&sheet("List", "", &rows))).unwrap();
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(list.headings, ["Name", "Order"]);
    assert_eq!(super::names(&list), ["Anna Muster"; 6]);
    let references = list.lines.iter().map(|line| line.reference.as_deref());
    assert!(references.eq([Some("T-1"); 6]));
}

#[test]
fn groups_of_lines_and_headings_of_an_ods_hide_nothing_unless_they_are_shut() {
    let group = |attributes: &str, rows: &str| {
        format!("<table:table-row-group {attributes}>{rows}</table:table-row-group>")
    };
    let name = |name: &str, order: &str| row("", &[name, order]);
    let headings = row("", &["Name", "Order"]);
    let rows = [
        format!("<table:table-header-rows>{headings}</table:table-header-rows>"),
        group("", &(name("Anna", "T-1") + &group("", &name("Ben", "T-2")))),
        format!(
            "<table:table-rows>{}</table:table-rows>",
            name("Eva", "T-3")
        ),
        group(
            r#"table:display="false""#,
            &(group("", &name("Gone", "T-4")) + &name("Gone too", "T-5")),
        ),
        group(r#"table:display="true""#, &name("Ida", "T-6")),
        name("Jan", "T-7"),
    ];
    let table = table(&ods(&sheet("List", "", &rows))).unwrap();
    assert_eq!(table.opened.hidden_rows, 2);
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(super::names(&list), ["Anna", "Ben", "Eva", "Ida", "Jan"]);
    let shown = Reading {
        hidden_rows: Some(true),
        ..Reading::default()
    };
    let bytes = ods(&sheet("List", "", &rows));
    let table = Table::read(&bytes, &shown).unwrap();
    assert_eq!(read(&table, &shown, TODAY).lines.len(), 7);
}

#[test]
fn a_table_within_a_cell_of_an_ods_ends_no_sheet() {
    let inner = r#"<table:table table:name="List"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;
    let cell = format!("<table:table-cell>{inner}<text:p>Anna</text:p></table:table-cell>");
    let rows = [
        row("", &["Name", "Order"]),
        row("", &[&cell, "T-1"]),
        row("", &["Ben", "T-2"]),
    ];
    let table = table(&ods(&sheet("List", "", &rows))).unwrap();
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(super::names(&list), ["Anna", "Ben"]);
}
