//! Columns that are known by what the eSIMs here have.

use super::*;
use Column::{EsimId, Iccid, Ignored, Name, Reference, TripStart};

/// What the columns of a list say where these eSIMs are known: reference, id, ICCID.
fn columns_of(text: &str, esims: &[(&str, &str, &str)]) -> Vec<Column> {
    let table = Table::read(text.as_bytes(), &Reading::default()).unwrap();
    let mut marks = KnownMarks::asked(&table);
    for (reference, id, iccid) in esims {
        marks.has(Some(reference), Some(id), Some(iccid));
    }
    let list = read_knowing(&table, &Reading::default(), &CALENDAR, &marks);
    list.reading.columns.unwrap()
}

const ESIMS: &[(&str, &str, &str)] = &[
    ("Lisbon tour", "esim-a", "89445012345678301111"),
    ("ORDER", "esim-b", "89445012345678302222"),
];

#[test]
fn references_without_digits_are_known_without_headings() {
    let list = "Anna Bauer\tLisbon tour\t03.12.2026\nJan Vogel\tMadrid tour\t04.12.2026\n";
    assert_eq!(columns_of(list, ESIMS), [Name, Reference, TripStart]);
    let first = "Lisbon Tour;Anna Bauer\nMadrid tour;Jan Vogel\n";
    assert_eq!(columns_of(first, ESIMS), [Reference, Name]);
    // What is the name of a column elsewhere.
    let order = "ORDER;Name Bauer\nOTHER;Jan Vogel\n";
    assert_eq!(columns_of(order, ESIMS), [Reference, Name]);
}

#[test]
fn a_known_reference_is_one_whatever_else_has_digits() {
    let list = "Lisbon tour\tAnna Bauer\tRoom 12\nMadrid tour\tJan Vogel\tRoom 14\n";
    assert_eq!(columns_of(list, ESIMS), [Reference, Name, Ignored]);
}

#[test]
fn codes_of_capitals_are_references_where_none_is_known() {
    let list = "Anna Bauer\tQWERTY\nJan Vogel\tASDFGH\n";
    assert_eq!(columns_of(list, &[]), [Name, Reference]);
    // Where all is written so, nobody knows.
    let list = "ANNA\tQWERTY\nPETER\tASDFGH\n";
    assert_eq!(columns_of(list, &[]), [Name, Ignored]);
}

#[test]
fn a_column_of_known_references_is_theirs_whatever_its_heading_says() {
    let list = "Name;Booking;Group\nAnna;17;Lisbon tour\nJan;18;Order\n";
    assert_eq!(columns_of(list, &[]), [Name, Reference, Column::Tags]);
    assert_eq!(columns_of(list, ESIMS), [Name, Ignored, Reference]);
    // Who is called as an order is stays a traveller.
    let esims = &[("Anna Bauer", "x", "y")];
    let list = "Name;ICCID\nAnna Bauer;89445012345678301111\n";
    assert_eq!(columns_of(list, esims), [Name, Iccid]);
}

#[test]
fn ids_and_last_digits_are_known_too() {
    let list = "Anna Bauer\tesim-a\nJan Vogel\tesim-b\n";
    assert_eq!(columns_of(list, ESIMS), [Name, EsimId]);
    let list = "Anna Bauer\t301111\nJan Vogel\t302222\n";
    assert_eq!(columns_of(list, &[]), [Name, Reference]);
    assert_eq!(columns_of(list, ESIMS), [Name, Iccid]);
}

const ORDERS: &[(&str, &str, &str)] = &[
    ("4711", "esim-a", "89445012345678301111"),
    ("LIS-1001", "esim-b", "89445012345678302222"),
    ("0018", "esim-c", "89445012345678300026"),
    ("4712", "esim-d", "89445012345678300018"),
];

#[test]
fn of_two_columns_of_references_the_one_counts_whose_are_known() {
    for headings in [
        "PNR;Order;Name",
        "Buchungsnummer;Bestellung;Name",
        "N° dossier;Commande;Nom",
        "Booking ID;Roamify order;Name",
        "Booking reference;eSIM reference;Traveller",
        "Tour code;Pedido;Pasajero",
        "Localizador;Encomenda;Cliente",
        "Codice prenotazione;eSIM order;Ospite",
        "Order number;eSIM Nr;Name",
    ] {
        let lines = "QX7ZKP;4711;Anna Muster\nQX7ZKR;LIS-1001;Tom Test\nQX7ZKS;LIS-2001;Eva\n";
        let columns = columns_of(&format!("{headings}\n{lines}"), ORDERS);
        assert_eq!(columns, [Ignored, Reference, Name], "{headings}");
    }
}

#[test]
fn the_number_of_an_order_of_esims_is_no_last_digits() {
    for heading in [
        "eSIM-Bestellnummer",
        "eSIM order number",
        "eSIM order",
        "SIM ref",
        "eSIM reference",
        "eSIM Nr",
        "Nº pedido eSIM",
        "Référence eSIM",
    ] {
        let text = format!("{heading};Name\n0018;Anna\n4711;Tom\n");
        assert_eq!(columns_of(&text, ORDERS), [Reference, Name], "{heading}");
    }
    // Where the heading says so they are last digits.
    let text = "Last 4 digits;Name\n0018;Anna\n0026;Tom\n";
    assert_eq!(columns_of(text, ORDERS), [Iccid, Name]);
    let text = "SIM number;Name\n89445012345678300018;Anna\n";
    assert_eq!(columns_of(text, ORDERS), [Iccid, Name]);
}

#[test]
fn a_line_of_a_known_order_is_no_total() {
    let lines = (0..300).map(|at| format!("T-{at};Anna;+49 170 1234{at}\n"));
    let text = format!(
        "Order;Name;Seat\n{}4712;12345;7\n",
        lines.collect::<String>()
    );
    let table = Table::read(text.as_bytes(), &Reading::default()).unwrap();
    let mut marks = KnownMarks::asked(&table);
    let last = |marks: &KnownMarks| {
        let mut list = read_knowing(&table, &Reading::default(), &CALENDAR, marks);
        list.lines.remove(300).traveller
    };
    assert_eq!(last(&marks), Err(LineProblem::Total));
    marks.has(Some("4712"), None, None);
    assert_eq!(last(&marks).unwrap().name, "12345");
}

#[test]
fn a_number_that_a_spreadsheet_filled_up_with_zeros_finds_nobody_unless_there_is_such_an_esim() {
    for number in [
        "8949000000000000000",
        "'8944500812345000000",
        "8944-5008-1234-5000-000",
        "894450081234567000",
        // As if its last digit checked the others.
        "894450081234569000",
        "894450081234561000",
    ] {
        let text = format!("Name;ICCID;Order\nAnna;{number};T-1\nJan;{number};\n");
        let table = Table::read(text.as_bytes(), &Reading::default()).unwrap();
        let mut marks = KnownMarks::asked(&table);
        let lines =
            |marks: &KnownMarks| read_knowing(&table, &Reading::default(), &CALENDAR, marks).lines;
        let [anna, jan] = <[Booking; 2]>::try_from(lines(&marks)).unwrap();
        assert_eq!(
            (&anna.iccids, &anna.doubts),
            (&vec![], &vec![LineDoubt::Rounded]),
            "{number}"
        );
        assert_eq!(jan.traveller, Err(LineProblem::Rounded), "{number}");
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        marks.has(None, None, Some(&digits));
        let known = lines(&marks);
        assert!(
            known.iter().all(|line| line.iccids == [digits.as_str()]),
            "{number}"
        );
    }
}
