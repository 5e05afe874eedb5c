//! Lists in the XML that spreadsheet programs wrote before XLSX.

use super::*;

fn workbook(sheets: &str) -> String {
    format!(
        r#"<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <Styles><Style ss:ID="s1"><NumberFormat ss:Format="Short Date"/></Style></Styles>
{sheets}
</Workbook>"#
    )
}

fn cell(kind: &str, value: &str) -> String {
    format!(r#"<Cell><Data ss:Type="{kind}">{value}</Data></Cell>"#)
}

fn row(attributes: &str, cells: &[String]) -> String {
    format!("<Row {attributes}>{}</Row>\n", cells.concat())
}

fn sheet(name: &str, rows: &[String], visible: &str) -> String {
    let rows = rows.concat();
    format!(
        r#"<Worksheet ss:Name="{name}"><Table ss:ExpandedColumnCount="9"><Column ss:Width="80"/>{rows}</Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>{visible}</Visible></WorksheetOptions></Worksheet>"#
    )
}

fn headings() -> String {
    let names = ["Name", "Order", "Trip start", "Trip end", "ICCID"];
    row("", &names.map(|name| cell("String", name)))
}

fn list_of(bytes: &[u8]) -> Bookings {
    read(&table(bytes).unwrap(), &Reading::default(), TODAY)
}

#[test]
fn a_list_is_read_with_days_numbers_and_letters_as_they_are() {
    let booked = row(
        "",
        &[
            r#"<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Tom</B> &amp; &#x141;ucja</ss:Data><Comment ss:Author="me"><ss:Data>pays later</ss:Data></Comment></Cell>"#.to_owned(),
            cell("Number", "4711"),
            cell("DateTime", "2026-12-03T00:00:00.000"),
            r#"<Cell ss:Index="5"><Data ss:Type="String">8944500102198300023</Data></Cell>"#.to_owned(),
        ],
    );
    let text = workbook(&sheet("List", &[headings(), booked], "SheetVisible"));
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let with_mark = format!("\u{feff}{text}");
    for bytes in [text.as_bytes(), with_mark.as_bytes(), &utf_16] {
        let list = list_of(bytes);
        let tom = list.lines[0].traveller.clone().unwrap();
        assert_eq!(tom.name, "Tom & Łucja");
        assert_eq!(tom.trip_start.as_deref(), Some("2026-12-03"));
        assert_eq!(list.lines[0].reference.as_deref(), Some("4711"));
        assert_eq!(list.lines[0].iccids, ["8944500102198300023"]);
    }
}

#[test]
fn hidden_lines_and_sheets_and_merged_cells_are_known() {
    let merged = r#"<Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="String">T-1</Data></Cell>"#;
    let rows = |name: &str| {
        [
            headings(),
            row("", &[cell("String", name), merged.to_owned()]),
            row(r#"ss:Index="3""#, &[cell("String", "Ben")]),
            row(
                r#"ss:Index="9" ss:Hidden="1""#,
                &[cell("String", "Gone"), cell("String", "T-2")],
            ),
        ]
    };
    let sheets = sheet("Old", &rows("Old"), "SheetHidden") + &sheet("New", &rows("Anna"), "");
    let table = table(workbook(&sheets).as_bytes()).unwrap();
    assert_eq!(table.opened.sheet.as_deref(), Some("New"));
    assert!(table.opened.sheets[0].hidden && !table.opened.sheets[1].hidden);
    assert_eq!(table.opened.hidden_rows, 1);
    let list = read(&table, &Reading::default(), TODAY);
    assert_eq!(names(&list), ["Anna", "Ben"]);
    assert_eq!(list.lines[1].reference.as_deref(), Some("T-1"));
    assert_eq!(list.lines[1].line, 3);
}

#[test]
fn a_number_that_lost_digits_an_error_and_a_formula_without_its_value_are_told() {
    let booked = row(
        "",
        &[
            cell("String", "Tom"),
            cell("String", "T-1"),
            cell("Error", "#REF!"),
            r#"<Cell ss:Formula="=RC[-1]+7"/>"#.to_owned(),
            cell("Number", "8.9445001021983E+18"),
        ],
    );
    let list = list_of(workbook(&sheet("List", &[headings(), booked], "")).as_bytes());
    let doubts = &list.lines[0].doubts;
    let text = "#REF!".to_owned();
    for doubt in [
        LineDoubt::Rounded,
        LineDoubt::NoValue,
        LineDoubt::CellError { text },
    ] {
        assert!(doubts.contains(&doubt), "{doubt:?} {doubts:?}");
    }
}

#[test]
fn no_file_of_it_ends_the_program_or_takes_it_long() {
    let far = row(
        r#"ss:Index="4294967295" ss:Span="4294967295" ss:Hidden="1""#,
        &[cell("String", "a")],
    );
    let wide = row("", &[r#"<Cell ss:Index="4294967295" ss:MergeAcross="4294967295" ss:MergeDown="4294967295"><Data>a</Data></Cell><Cell><Data>b</Data></Cell>"#.to_owned()]);
    for rows in [far, wide] {
        let bytes = workbook(&sheet("List", &[headings(), rows], ""));
        assert_eq!(table(bytes.as_bytes()), Err(BookingError::Outside));
    }
    let many = "<Cell/>".repeat(3_000_001);
    let bytes = workbook(&sheet("List", &[format!("<Row>{many}</Row>")], ""));
    let told = table(bytes.as_bytes());
    assert!(matches!(
        told,
        Err(BookingError::TooManyCells | BookingError::TooLarge)
    ));
    let cut = workbook(&sheet("List", &[headings()], ""));
    for end in (0..cut.len()).step_by(7) {
        drop(table(&cut.as_bytes()[..end]));
    }
    assert_eq!(table(workbook("").as_bytes()), Err(BookingError::Empty));
}

#[test]
fn a_page_that_names_the_office_is_a_page() {
    let page = r#"<html xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><body><table><tr><td>Workbook</td></tr></table></body></html>"#;
    assert_eq!(table(page.as_bytes()), Err(BookingError::WebPage));
}

#[test]
fn what_says_which_files_are_read_names_each_kind() {
    use crate::catalogue::{Catalogue, LANGUAGES};
    for language in LANGUAGES {
        for key in ["import.means", "error.booking.foreign"] {
            let text = Catalogue::of(language).plain(key);
            for kind in ["CSV", "XLSX", "XLS", "ODS", "XML"] {
                assert!(text.contains(kind), "{language:?} {key}: {kind}");
            }
        }
    }
}
