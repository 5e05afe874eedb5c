//! Headings that are wider than a column: merged cells, and headings in two lines.

use rust_xlsxwriter::{Format, Workbook};

use super::*;

/// A sheet of these lines in which these cells of a line are one, each with its first and its last column.
fn merged(lines: &[&[&str]], regions: &[(u32, u16, u16)]) -> Bookings {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, texts) in (0..).zip(lines) {
        for (column, text) in (0..).zip(*texts) {
            if !text.is_empty() {
                sheet.write(row, column, *text).unwrap();
            }
        }
    }
    for (row, first, last) in regions {
        let text = lines[*row as usize][*first as usize];
        let plain = Format::new();
        sheet
            .merge_range(*row, *first, *row, *last, text, &plain)
            .unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    read(&table(&bytes).unwrap(), &Reading::default(), TODAY)
}

/// The same as a file of text.
fn in_text(lines: &[&[&str]]) -> Bookings {
    let lines: Vec<String> = lines.iter().map(|line| line.join(";")).collect();
    understood(&lines.join("\n"))
}

fn both(lines: &[&[&str]], regions: &[(u32, u16, u16)]) -> [Bookings; 2] {
    [merged(lines, regions), in_text(lines)]
}

/// The name and the contact of each line.
fn people(list: &Bookings) -> Vec<(String, String)> {
    let lines = list.lines.iter();
    let travellers = lines.map(|line| line.traveller.clone().unwrap());
    let people = travellers.map(|one| (one.name, one.contact));
    people.collect()
}

fn is(name: &str, contact: &str) -> (String, String) {
    (name.to_owned(), contact.to_owned())
}

#[test]
fn a_heading_over_several_names_of_columns_is_read_with_them() {
    for (booking, group, names, departure) in [
        (
            "Booking ref",
            "Passengers",
            ["Name", "Phone", "Email"],
            "Departure",
        ),
        (
            "Buchungsnr.",
            "Reisende",
            ["Name", "Telefon", "E-Mail"],
            "Abreise",
        ),
        (
            "N° de dossier",
            "Voyageurs",
            ["Nom", "Téléphone", "Courriel"],
            "Départ",
        ),
        (
            "Localizador",
            "Pasajeros",
            ["Nombre", "Teléfono", "Correo"],
            "Salida",
        ),
        (
            "Prenotazione",
            "Viaggiatori",
            ["Nome", "Telefono", "E-mail"],
            "Partenza",
        ),
        (
            "Reserva",
            "Passageiros",
            ["Nome", "Telemóvel", "E-mail"],
            "Partida",
        ),
    ] {
        let lines: [&[&str]; 4] = [
            &[booking, group, "", "", departure],
            &["", names[0], names[1], names[2], ""],
            &[
                "T-1",
                "Anna Muster",
                "+39 06 1234567",
                "anna@example.org",
                "2026-12-03",
            ],
            &[
                "T-2",
                "Ben Vogel",
                "+39 06 7654321",
                "ben@example.org",
                "2026-12-04",
            ],
        ];
        for list in both(&lines, &[(0, 1, 3)]) {
            let known = [
                is("Anna Muster", "+39 06 1234567, anna@example.org"),
                is("Ben Vogel", "+39 06 7654321, ben@example.org"),
            ];
            assert_eq!(people(&list), known, "{group}");
            let first = &list.lines[0];
            assert_eq!((first.line, first.reference.as_deref()), (3, Some("T-1")));
            let trip = first.traveller.as_ref().unwrap();
            assert_eq!(trip.trip_start.as_deref(), Some("2026-12-03"), "{group}");
            assert_eq!((list.above, list.reading.heading), (0, Some(2)));
            assert!(list.lines.iter().all(|line| line.doubts.is_empty()));
            // Asked for once more, it is the same.
            assert_eq!(list.headings[1], format!("{group} {}", names[0]));
        }
    }
}

#[test]
fn headings_in_two_lines_are_the_same_when_one_of_them_is_asked_for() {
    let list = "Booking;Passengers;;Trip;\n;Name;Phone;From;To\nT-1;Anna Muster;+39 06 1234567;2026-12-03;2026-12-09\n";
    let first = understood(list);
    let trip = first.lines[0].traveller.as_ref().unwrap();
    assert_eq!(trip.trip_start.as_deref(), Some("2026-12-03"));
    assert_eq!(trip.trip_end.as_deref(), Some("2026-12-09"));
    for line in [1, 2] {
        let asked = Reading {
            heading: Some(line),
            ..Reading::default()
        };
        assert_eq!(understood_as(list, &asked).lines, first.lines, "{line}");
    }
    assert_eq!(understood_as(list, &first.reading).lines, first.lines);
}

#[test]
fn travellers_side_by_side_below_one_heading_are_a_traveller_each() {
    let lines: [&[&str]; 4] = [
        &["Booking ref", "Passengers", "", "", "Departure"],
        &[
            "T-1",
            "Anna Muster",
            "Ben Muster",
            "Eva de la Vega",
            "2026-12-03",
        ],
        &["T-2", "Jan Novák", "", "", "2026-12-04"],
        &["T-3", "Li Wei", "Zoe Wei", "", "2026-12-05"],
    ];
    for list in both(&lines, &[(0, 1, 3)]) {
        let named = [
            "Anna Muster",
            "Ben Muster",
            "Eva de la Vega",
            "Jan Novák",
            "Li Wei",
            "Zoe Wei",
        ];
        assert_eq!(names(&list), named);
        let places: Vec<usize> = list.lines.iter().map(|line| line.line).collect();
        assert_eq!(places, [2, 2, 2, 3, 4, 4]);
        assert!(list.lines.iter().all(|line| line.doubts.is_empty()));
    }
}

#[test]
fn numbered_travellers_below_one_heading_are_a_traveller_each() {
    let lines: [&[&str]; 3] = [
        &["Booking ref", "Reisende", "", "Abreise"],
        &["", "Passenger 1", "Passenger 2", ""],
        &["T-1", "Anna Muster", "Ben Muster", "2026-12-03"],
    ];
    for list in both(&lines, &[(0, 1, 2)]) {
        assert_eq!(names(&list), ["Anna Muster", "Ben Muster"]);
    }
    let lines: [&[&str]; 3] = [
        &["Booking ref", "Passenger 1", "", "Passenger 2", ""],
        &["", "Name", "Phone", "Name", "Phone"],
        &[
            "T-1",
            "Anna Muster",
            "+39 06 1234567",
            "Ben Muster",
            "+39 06 7654321",
        ],
    ];
    for list in both(&lines, &[(0, 1, 2), (0, 3, 4)]) {
        let known = [
            is("Anna Muster", "+39 06 1234567"),
            is("Ben Muster", "+39 06 7654321"),
        ];
        assert_eq!(people(&list), known);
    }
}

#[test]
fn the_parts_of_a_name_and_what_reaches_somebody_are_read_below_one_heading() {
    let lines: [&[&str]; 3] = [
        &["Booking ref", "Passenger", "", "", "", "Departure"],
        &[
            "T-1",
            "Muster",
            "Anna",
            "+39 06 1234567",
            "anna@example.org",
            "2026-12-03",
        ],
        &[
            "T-2",
            "Vogel",
            "Ben",
            "+39 06 7654321",
            "ben@example.org",
            "2026-12-04",
        ],
    ];
    for list in both(&lines, &[(0, 1, 4)]) {
        let known = [
            is("Muster Anna", "+39 06 1234567, anna@example.org"),
            is("Vogel Ben", "+39 06 7654321, ben@example.org"),
        ];
        assert_eq!(people(&list), known);
    }
}

#[test]
fn what_nobody_can_read_below_a_wide_heading_is_told() {
    let lines: [&[&str]; 3] = [
        &["Booking ref", "Passengers", "", "Departure"],
        &["T-1", "Anna Muster", "Room 12", "2026-12-03"],
        &["T-2", "Ben Vogel", "", "2026-12-04"],
    ];
    for list in both(&lines, &[(0, 1, 2)]) {
        assert_eq!(names(&list), ["Anna Muster", "Ben Vogel"]);
        let text = "Room 12".to_owned();
        assert_eq!(list.lines[0].doubts, [LineDoubt::Unused { text }]);
        assert_eq!(list.lines[1].doubts, []);
    }
}

#[test]
fn a_title_above_the_headings_is_no_group() {
    for list in [
        "Passengers;;\nName;Phone;Booking\nAnna Muster;+39 06 1234567;T-1\n",
        "Bookings;December\nName;Phone;Booking\nAnna Muster;+39 06 1234567;T-1\n",
    ] {
        let list = understood(list);
        assert_eq!(names(&list), ["Anna Muster"], "{list:?}");
        assert!(list.headings[0].ends_with("Name"), "{list:?}");
    }
    // A traveller whose line consists of such words is none of the headings.
    let list = understood("Name;Booking;Phone;Note\nGuest;T-1;;Tour\n");
    assert_eq!(names(&list), ["Guest"]);
}
