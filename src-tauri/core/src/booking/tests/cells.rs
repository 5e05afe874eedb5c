//! What single cells say: instants, formulas without values, trips that were called off, cells too many, letters that were
//! written twice, and whole lines in quotes.

use jiff::tz::{Offset, TimeZone};

use super::zipped::{cell, ods, xlsx};
use super::*;

/// The first day of the trip in a list, where the clock is so many hours ahead of UTC.
fn start(hours: i8, day: &str) -> Option<String> {
    let table = table(format!("Name;Order;Start\nAnna;T-1;{day}\n").as_bytes()).unwrap();
    let calendar = Calendar {
        today: TODAY,
        zone: TimeZone::fixed(Offset::constant(hours)),
    };
    let marks = KnownMarks::default();
    let mut list = read_knowing(&table, &Reading::default(), &calendar, &marks);
    let line = list.lines.remove(0);
    assert_eq!(line.doubts, [], "{day}");
    line.traveller.unwrap().trip_start
}

#[test]
fn an_instant_is_a_day_where_the_desk_is() {
    for (hours, text, day) in [
        (1, "2026-12-02T23:00:00.000Z", "2026-12-03"),
        (1, "2026-12-02T22:59:59Z", "2026-12-02"),
        (1, "2026-12-02 23:00:00Z", "2026-12-03"),
        (1, "2026-12-02 23:00:00 UTC", "2026-12-03"),
        (1, "20261202T230000Z", "2026-12-03"),
        (1, "2026-12-02T18:00:00-05:00", "2026-12-03"),
        (1, "2026-12-02 18:00:00 -0500", "2026-12-03"),
        (-5, "2026-12-03T04:00:00Z", "2026-12-02"),
        (-5, "2026-12-03T05:00:00Z", "2026-12-03"),
        // Without an offset it is the clock of whoever wrote it.
        (1, "2026-12-02T23:00:00", "2026-12-02"),
        // A day that some system wrote as an instant.
        (-5, "2026-12-03T00:00:00.000Z", "2026-12-03"),
        (1, "2026-12-03T00:00:00+09:00", "2026-12-03"),
    ] {
        assert_eq!(start(hours, text).as_deref(), Some(day), "{text} {hours}");
    }
}

#[test]
fn a_formula_without_a_value_is_told() {
    let line = |row: u32, end: &str| {
        let cells = [("A", "Anna"), ("B", "T-1"), ("C", "2026-12-03")];
        let cells = cells.map(|(column, text)| cell(&format!("{column}{row}"), text));
        format!(r#"<row r="{row}">{}{end}</row>"#, cells.concat())
    };
    let headings = [
        ("A1", "Name"),
        ("B1", "Order"),
        ("C1", "Start"),
        ("D1", "End"),
    ];
    let headings = headings.map(|(name, text)| cell(name, text)).concat();
    let rows = [
        format!(r#"<row r="1">{headings}</row>"#),
        line(2, r#"<c r="D2"><f>C2+7</f><v></v></c>"#),
        line(3, r#"<c r="D3"><f>C3+7</f><v/></c>"#),
        line(4, r#"<c r="D4"><f>C4+7</f><v>46366</v></c>"#),
        line(5, r#"<c r="D5" t="str"><f>""</f><v></v></c>"#),
        // A line with nothing else is none.
        r#"<row r="6"><c r="D6"><f>C6+7</f></c></row>"#.to_owned(),
    ];
    let bytes = xlsx(&rows.concat(), &[]);
    let list = read(&table(&bytes).unwrap(), &Reading::default(), TODAY);
    let doubts: Vec<_> = list.lines.iter().map(|line| line.doubts.clone()).collect();
    let told = || vec![LineDoubt::NoValue];
    assert_eq!(doubts, [told(), told(), vec![], vec![]]);
}

#[test]
fn a_formula_of_the_other_format_without_a_value_is_told() {
    let text = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let headings = ["Name", "Order", "End"].map(text).concat();
    let formula = r#"<table:table-cell table:formula="of:=[.C2]+7"/>"#;
    let lines = [
        row(&headings),
        row(&format!("{}{}{formula}", text("Anna"), text("T-1"))),
    ];
    let sheet = format!(
        r#"<table:table table:name="List">{}</table:table>"#,
        lines.concat()
    );
    let list = read(&table(&ods(&sheet)).unwrap(), &Reading::default(), TODAY);
    assert_eq!(list.lines[0].doubts, [LineDoubt::NoValue]);
}

#[test]
fn the_error_of_a_formula_is_no_name_no_number_and_no_day_and_is_told() {
    for error in [
        "#REF!", "#N/A", "#NAME?", "#BEZUG!", "#NV", "#WERT!", "#DIV/0!", "#¡REF!", "Err:502",
        "####",
    ] {
        let told = |lines: &[&str]| {
            let text = format!("Name;Order;ICCID;Phone;Start;Note\n{}\n", lines.join("\n"));
            understood(&text).lines
        };
        let whole = "Anna;T-1;89445012345678901234;+39 06 1234567;2026-12-03;Vegan";
        for at in 0..6 {
            let mut cells: Vec<&str> = whole.split(';').collect();
            cells[at] = error;
            let lines = told(&[whole, &cells.join(";")]);
            let (first, line) = (&lines[0], &lines[1]);
            assert_eq!(first.doubts, []);
            let text = error.to_owned();
            assert_eq!(
                line.doubts,
                [LineDoubt::CellError { text }],
                "{error} at {at}"
            );
            assert!(
                !format!("{:?}", line.traveller).contains(error),
                "{error} at {at}"
            );
            assert_ne!(line.reference.as_deref(), Some(error), "{error}");
            assert!(
                line.iccids.iter().all(|one| one.starts_with("8944")),
                "{error}"
            );
        }
        // Of a line with nothing else is said what is missing.
        let nothing = &told(&[whole, &[error; 6].join(";")])[1];
        assert_eq!(nothing.traveller, Err(LineProblem::NothingToFindBy));
        assert_eq!(nothing.line, 3);
    }
}

#[test]
fn the_error_of_a_formula_in_a_spreadsheets_file_is_told() {
    let headings = [("A1", "Name"), ("B1", "Order"), ("C1", "Phone")];
    let headings = headings.map(|(name, text)| cell(name, text)).concat();
    let error =
        |name: &str, kind: &str| format!(r#"<c r="{name}" t="e"><f>Z1</f><v>{kind}</v></c>"#);
    let rows = [
        format!(r#"<row r="1">{headings}</row>"#),
        format!(
            r#"<row r="2">{}{}{}</row>"#,
            cell("A2", "Anna"),
            cell("B2", "T-1"),
            error("C2", "#N/A")
        ),
        format!(
            r#"<row r="3">{}{}</row>"#,
            error("A3", "#REF!"),
            cell("B3", "T-2")
        ),
    ];
    let bytes = xlsx(&rows.concat(), &[]);
    let list = read(&table(&bytes).unwrap(), &Reading::default(), TODAY);
    let told = |text: &str| {
        vec![LineDoubt::CellError {
            text: text.to_owned(),
        }]
    };
    assert_eq!(list.lines[0].doubts, told("#N/A"));
    assert_eq!(list.lines[0].traveller.as_ref().unwrap().contact, "");
    assert_eq!(list.lines[1].doubts, told("#REF!"));
    assert_eq!(list.lines[1].traveller, Err(LineProblem::NoTraveller));
    let text = |text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let failed = r##"<table:table-cell table:formula="of:=[.#REF!]" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#BEZUG!</text:p></table:table-cell>"##;
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let lines = [
        row(&["Name", "Order", "Phone"].map(text).concat()),
        row(&format!("{}{}{failed}", text("Anna"), text("T-1"))),
    ];
    let sheet = format!(
        r#"<table:table table:name="List">{}</table:table>"#,
        lines.concat()
    );
    let list = read(&table(&ods(&sheet)).unwrap(), &Reading::default(), TODAY);
    assert_eq!(list.lines[0].doubts, told("#BEZUG!"));
}

#[test]
fn a_trip_that_was_called_off_is_told() {
    let doubts = |heading: &str, text: &str| {
        line(
            &format!("Name;Order;{heading}"),
            &format!("Anna;T-1;{text}"),
        )
        .doubts
    };
    for (heading, text) in [
        ("Status", "storniert"),
        ("Status", "Cancelled"),
        ("Booking status", "CANCELED by customer"),
        ("Statut", "Annulé"),
        ("Statut", "Annulée le 3/11"),
        ("Estado", "Cancelada"),
        ("Estado", "anulado"),
        ("Stato", "Annullato"),
        ("Situação", "Cancelado"),
        ("Bemerkung", "Storno am 3.11."),
        ("Storniert", "ja"),
        ("Cancelled?", "x"),
        ("Stato", "stornata"),
        ("Status", "XLD"),
        ("Booking status", "CNX"),
        ("Status", "HX"),
        ("Status", "Void"),
        ("Status", "Refunded"),
        ("Estado", "Reembolsado"),
        ("Statut", "Remboursée"),
        ("Situação", "Desistência"),
        ("Status", "No-show"),
    ] {
        let found = doubts(heading, text);
        let text = text.to_owned();
        assert_eq!(found, [LineDoubt::Cancelled { text }], "{heading}");
    }
    for (heading, text) in [
        ("Status", "ok"),
        ("Status", "bestätigt"),
        ("Status", "not cancelled"),
        ("Bemerkung", "kostenlos stornierbar bis 3.12."),
        ("Remark", "Free cancellation until 3 Dec"),
        ("Remark", "Cancellation insurance"),
        ("Storniert", "nein"),
        ("Cancelled", "No"),
        ("Cancellation policy", "flexible"),
        ("Airport code", "CNX"),
        ("Remark", "Not refunded yet"),
        ("Refunded", "0.00"),
    ] {
        assert_eq!(doubts(heading, text), [], "{heading} {text}");
    }
}

#[test]
fn a_line_with_more_cells_than_there_are_headings_is_told() {
    let beyond = |text: &str| {
        let text = text.to_owned();
        LineDoubt::Beyond { text }
    };
    let list = understood(
        "Order,Name,Start\nT-1,Berg, Anna,2026-12-03\nT-2,Eva,2026-12-03\nT-3,Ben,2026-12-03,\n",
    );
    let doubts: Vec<_> = list.lines.iter().map(|line| line.doubts.clone()).collect();
    assert!(doubts[0].contains(&beyond("2026-12-03")), "{doubts:?}");
    assert_eq!(doubts[1..], [vec![], vec![]]);
    // Where most lines have something there, it is a column without a name.
    let lines = (0..5).map(|at| format!("T-{at},Anna,2026-12-03,vegan\n"));
    let list = understood(&format!("Order,Name,Start\n{}", lines.collect::<String>()));
    assert!(list.lines.iter().all(|line| line.doubts.is_empty()));
}

#[test]
fn letters_that_were_written_twice_are_read_as_they_were_meant() {
    for name in [
        "Jürgen Größe",
        "Zoé Ñuñez",
        "Łukasz Żółć",
        "Seán O’Brien",
        "Анна Иванова",
        "“Anna” – Ï",
        "Ægir Þórsson",
    ] {
        let (twice, _, _) = encoding_rs::WINDOWS_1252.decode(name.as_bytes());
        let found = line("Name;Order", &format!("{twice};T-1"));
        assert_eq!(found.traveller.unwrap().name, name, "{twice}");
    }
    for name in [
        "Jürgen",
        "CAFÉ”",
        "„Spaß“",
        "JOÃO",
        "MAÇÃ”",
        "Å",
        "Tom’s",
        "«Été»",
        "ÀÉ",
        "Anna ±€",
    ] {
        let found = line("Name;Order", &format!("{name} x;T-1"));
        assert_eq!(found.traveller.unwrap().name, format!("{name} x"));
    }
}

#[test]
fn what_programs_hand_to_each_other_is_no_list() {
    for text in [
        r#"[{"order":"LIS-1001","name":"Marta","start":"2026-12-03"}]"#,
        "{\"order\":\"LIS-1001\"}\n{\"order\":\"LIS-1002\"}\n",
        "[\n  {\n    \"order\" : 1}]",
    ] {
        assert_eq!(table(text.as_bytes()), Err(BookingError::Foreign), "{text}");
    }
    assert!(table(b"[T-1];{Anna}\n[T-2];\"{Ben}\"\n").is_ok());
}

#[test]
fn whole_lines_in_quotes_are_lines() {
    for text in [
        "\"Order,Name,Start\"\n\"T-1,Marta,2026-12-03\"\n\"4711,\"\"Berg, Tom\"\",2026-12-04\"\n",
        "\"Order;Name;Start\"\r\n\"T-1;Marta;2026-12-03\"\r\n\r\n\"4711;Berg, Tom;2026-12-04\"",
    ] {
        let list = understood(text);
        assert_eq!(names(&list), ["Marta", "Berg, Tom"], "{text}");
        let second = list.lines[1].traveller.clone().unwrap();
        assert_eq!(second.trip_start.as_deref(), Some("2026-12-04"));
    }
    let each = understood("\"Order\",\"Name\"\n\"T-1\",\"Berg, Tom\"\n");
    assert_eq!(names(&each), ["Berg, Tom"]);
}
