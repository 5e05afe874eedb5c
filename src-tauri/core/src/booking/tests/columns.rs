//! What stands in a column.

use super::super::columns::by_heading;
use super::*;

#[test]
fn headings_are_known_in_six_languages() {
    use Column::{Contact, FirstName, Iccid, LastName, Name, Note, Reference, TripEnd, TripStart};
    for (heading, column) in [
        ("Reisende/r", Name),
        ("Nachname", LastName),
        ("Vorname", FirstName),
        ("Buchungsnummer", Reference),
        ("Abreise", TripStart),
        ("Rückreise", TripEnd),
        ("Telefon", Contact),
        ("Bemerkungen", Note),
        ("Nombre", Name),
        ("Apellidos", LastName),
        ("Referencia", Reference),
        ("Fecha de salida", TripStart),
        ("Regreso", TripEnd),
        ("Correo / e-mail", Contact),
        ("Prénom", FirstName),
        ("Nom", Name),
        ("N° de dossier", Reference),
        ("Départ", TripStart),
        ("Retour", TripEnd),
        ("Cognome", LastName),
        ("Viaggiatore", Name),
        ("Prenotazione", Reference),
        ("Partenza", TripStart),
        ("Ritorno", TripEnd),
        ("Cellulare", Contact),
        ("Nome", Name),
        ("Reserva", Reference),
        ("Data de partida", TripStart),
        ("Telemóvel", Contact),
        ("Observações", Note),
        ("SIM number", Iccid),
        ("Last 6 digits of ICCID", Iccid),
        ("to", TripEnd),
    ] {
        assert_eq!(by_heading(heading), Some(column), "{heading}");
    }
}

#[test]
fn a_heading_that_says_nothing_is_none() {
    assert_eq!(by_heading("Price"), None);
    assert_eq!(by_heading(""), None);
}

#[test]
fn of_two_words_in_a_heading_the_more_specific_one_counts() {
    assert_eq!(by_heading("Booking name"), Some(Column::Name));
    assert_eq!(by_heading("Trip start"), Some(Column::TripStart));
}

#[test]
fn a_short_word_inside_of_another_is_no_heading() {
    assert_eq!(by_heading("Basis"), None);
    assert_eq!(by_heading("Preferred"), None);
}

/// What each column of this list says.
fn columns_of(text: &str) -> Vec<Column> {
    understood(text).reading.columns.unwrap()
}

#[test]
fn without_headings_the_content_tells() {
    let list = understood(
        "TRIP-7\tAnna Bauer\t01.12.2026\t09.12.2026\nTRIP-8\tJan Novák\t02.12.2026\t10.12.2026\n",
    );
    assert_eq!(list.reading.heading, Some(0));
    assert_eq!(names(&list), ["Anna Bauer", "Jan Novák"]);
    let first = list.lines[0].traveller.as_ref().unwrap();
    assert_eq!(first.trip_end.as_deref(), Some("2026-12-09"));
}

#[test]
fn without_headings_a_long_number_is_an_iccid() {
    let list = understood("89445012345678901234,Anna\n89445012345678901235,Jan\n");
    assert_eq!(names(&list), ["Anna", "Jan"]);
    assert_eq!(list.lines[1].iccids, ["89445012345678901235"]);
}

#[test]
fn without_headings_an_address_is_a_contact() {
    assert_eq!(
        columns_of("T-1\tAnna\ta@example.org\nT-2\tJan\tj@example.org\n"),
        [Column::Reference, Column::Name, Column::Contact]
    );
}

#[test]
fn without_headings_a_third_day_says_nothing() {
    assert_eq!(
        columns_of("T-1\tAnna\t2026-12-01\t2026-12-09\t2026-11-02\n"),
        [
            Column::Reference,
            Column::Name,
            Column::TripStart,
            Column::TripEnd,
            Column::Ignored
        ]
    );
}

#[test]
fn without_headings_a_second_text_says_nothing() {
    assert_eq!(
        columns_of("T-1\tAnna\tBerlin\nT-2\tJan\tParis\n"),
        [Column::Reference, Column::Name, Column::Ignored]
    );
}

#[test]
fn a_first_line_with_a_number_in_it_is_no_heading() {
    let list = understood("Name 4711,Booking\nAnna,T-1\n");
    assert_eq!(list.reading.heading, Some(0));
    assert_eq!(list.lines.len(), 2);
}

#[test]
fn of_two_columns_that_say_sim_the_one_with_numbers_counts() {
    assert_eq!(
        columns_of("Name,eSIM,SIM number\nAnna,Europe,89445012345678901234\n"),
        [Column::Name, Column::Ignored, Column::Iccid]
    );
}

#[test]
fn a_column_whose_heading_says_nothing_is_an_iccid_if_it_holds_some() {
    assert_eq!(
        columns_of("Name,Booking,Code\nAnna,T-1,89445012345678901234\n"),
        [Column::Name, Column::Reference, Column::Iccid]
    );
}

#[test]
fn what_the_user_says_of_a_column_counts() {
    let reading = Reading {
        columns: Some(vec![Column::Reference, Column::Name]),
        ..Reading::default()
    };
    let list = understood_as("Name,Booking\nAnna,Bauer\n", &reading);
    assert_eq!(names(&list), ["Bauer"]);
    assert_eq!(list.lines[0].reference.as_deref(), Some("Anna"));
}

#[test]
fn columns_that_the_user_does_not_name_are_left_out() {
    let reading = Reading {
        columns: Some(vec![Column::Name]),
        ..Reading::default()
    };
    let list = understood_as("Name,Booking\nAnna,T-1\n", &reading);
    assert_eq!(
        list.reading.columns,
        Some(vec![Column::Name, Column::Ignored])
    );
}

#[test]
fn the_user_can_say_that_the_first_line_is_no_heading() {
    let reading = Reading {
        heading: Some(0),
        ..Reading::default()
    };
    let list = understood_as("Name,Booking\nAnna,T-1\n", &reading);
    assert_eq!(list.lines.len(), 2);
    assert_eq!(list.headings, ["", ""]);
}

#[test]
fn headings_and_the_first_text_below_each_are_shown() {
    let list = understood("Name,Booking\n,T-1\nAnna,T-2\n");
    assert_eq!(list.headings, ["Name", "Booking"]);
    assert_eq!(list.samples, ["Anna", "T-1"]);
}

#[test]
fn several_columns_may_have_numbers_of_esims() {
    let list = understood(
        "Name;ICCID 1;ICCID 2;Ref\n\
         Anna;89445012345678901234;89445012345678905678;T-1\n\
         Jan;89445012345678909999;;T-2\n",
    );
    assert_eq!(
        list.lines[0].iccids,
        ["89445012345678901234", "89445012345678905678"]
    );
    assert_eq!(list.lines[1].iccids, ["89445012345678909999"]);
}

#[test]
fn a_column_of_numbers_that_are_called_is_known_by_what_stands_in_front_of_them() {
    for phone in [
        "Tel. 0171 1234567",
        "Handy: +49 171 1234567",
        "tel:+491711234567",
        "+49 (0)171 1234567",
    ] {
        let list = understood(&format!("Anna;T-1;{phone}\nJan;T-2;{phone}\n"));
        assert_eq!(list.reading.columns.unwrap()[2], Column::Contact, "{phone}");
    }
}
