//! Headings as real lists have them: the most specific word decides, and the cells have a say.

use super::*;
use Column::{
    Contact, FirstName, Iccid, Ignored, LastName, Name, Note, Reference, Tags, TripEnd, TripStart,
};

fn columns_of(headings: &str, line: &str) -> Vec<Column> {
    understood(&format!("{headings}\n{line}\n"))
        .reading
        .columns
        .unwrap()
}

#[test]
fn the_most_specific_word_of_a_heading_decides() {
    let lists = [
        "Booking reference,Customer name,Customer email,Customer phone",
        "Buchungsreferenz,Kundenname,Kunden-E-Mail,Kundentelefon",
        "Referencia de reserva,Nombre del cliente,Correo del cliente,Teléfono del cliente",
        "Référence de réservation,Nom du client,Courriel du client,Téléphone du client",
        "Riferimento prenotazione,Nome cliente,E-mail cliente,Telefono cliente",
        "Referência da reserva,Nome do cliente,E-mail do cliente,Telefone do cliente",
    ];
    for headings in lists {
        let columns = columns_of(headings, "T-1,Marta Ruiz,m@example.org,+34 600 1");
        assert_eq!(columns, [Reference, Name, Contact, Contact], "{headings}");
    }
}

#[test]
fn the_day_of_a_booking_is_no_reference() {
    for (headings, line, columns) in [
        (
            "Buchungsdatum;Buchungsnr.;Reiseziel;Reiseteilnehmer",
            "03.11.2026;4711;Rom;Anna Bauer",
            vec![Ignored, Reference, Ignored, Name],
        ),
        (
            "Fecha de reserva;Nº reserva;Viajero",
            "03/11/2026;R-1;Marta",
            vec![Ignored, Reference, Name],
        ),
        (
            "Order date;Order;Traveller",
            "2026-01-02;T-1;Anna",
            vec![Ignored, Reference, Name],
        ),
        (
            "Data prenotazione;Prenotazione;Ospite",
            "02/01/2026;P-1;Anna",
            vec![Ignored, Reference, Name],
        ),
        ("Booking;Guest", "02/01/2026;Anna", vec![Ignored, Name]),
    ] {
        assert_eq!(columns_of(headings, line), columns, "{headings}");
    }
}

#[test]
fn exports_of_shops_are_understood() {
    let woo = columns_of(
        "order_number,customer_id,customer_email,billing_first_name,billing_last_name,shipping_first_name,customer_note",
        "1001,17,m@example.org,Marta,Ruiz,Marta,ring twice",
    );
    assert_eq!(
        woo,
        [
            Reference, Ignored, Contact, FirstName, LastName, Ignored, Note
        ]
    );
    let shopify = columns_of(
        "Name,Email,Financial Status,Paid at,Lineitem quantity,Lineitem name,Billing Name,Notes,Tags,Phone",
        "#1001,m@example.org,paid,2026-11-01 10:00:00 +0100,1,Europe 10 GB,Marta Ruiz,,vip,+34 600 1",
    );
    assert_eq!(
        shopify,
        [
            Reference, Contact, Ignored, Ignored, Ignored, Ignored, Name, Note, Tags, Contact
        ]
    );
}

#[test]
fn first_and_last_name_beat_a_doubtful_whole_one() {
    let list = understood("Order,Customer,First name,Last name\nT-1,ACME,Marta,Ruiz\n");
    assert_eq!(names(&list), ["Marta Ruiz"]);
}

#[test]
fn a_name_beside_one_part_is_the_other() {
    for (headings, line) in [
        ("Buchung;Name;Vorname", "T-1;Ruiz;Marta"),
        ("Dossier;Nom;Prénom", "T-1;Ruiz;Marta"),
        ("Pratica;Nome;Cognome", "T-1;Marta;Ruiz"),
        ("Reserva;Nombre;Apellidos", "T-1;Marta;Ruiz"),
        ("Reserva;Nome;Apelido", "T-1;Marta;Ruiz"),
    ] {
        let list = understood(&format!("{headings}\n{line}\n"));
        assert_eq!(names(&list), ["Marta Ruiz"], "{headings}");
    }
}

#[test]
fn headings_of_two_words_are_not_read_by_the_longer_one() {
    for (heading, column) in [
        ("Trip end", Some(TripEnd)),
        ("Trip to", Some(TripEnd)),
        ("Trip from", Some(TripStart)),
        ("End of trip", Some(TripEnd)),
        ("Booking start", Some(TripStart)),
        ("Booking end", Some(TripEnd)),
        ("Reiseende", Some(TripEnd)),
        ("Reisebeginn", Some(TripStart)),
        ("Reise von", Some(TripStart)),
        ("Reise bis", Some(TripEnd)),
        ("Fim da reserva", Some(TripEnd)),
        ("Order date", None),
        ("Buchungsdatum", None),
        ("Data prenotazione", None),
        ("Traveller email", Some(Contact)),
        ("Traveller phone", Some(Contact)),
        ("Guest e-mail", Some(Contact)),
        ("Hotel name", None),
        ("customerNote", Some(Note)),
        ("Date of birth", None),
        ("Passport number", None),
        ("Customer no.", None),
        ("Kundennummer", None),
        ("Order status", None),
        ("Travel date", Some(TripStart)),
        ("Reisezeitraum", Some(TripStart)),
        ("Refrence", Some(Reference)),
        ("Last digits", Some(Iccid)),
        ("Letzte 6 Ziffern", Some(Iccid)),
        ("Últimos dígitos", Some(Iccid)),
        ("Derniers chiffres", Some(Iccid)),
        ("Ultime cifre", Some(Iccid)),
    ] {
        assert_eq!(
            super::super::columns::by_heading(heading),
            column,
            "{heading}"
        );
    }
}

#[test]
fn who_arrives_and_departs_is_back_when_departing() {
    for headings in [
        "Guest,Arrival,Departure,Ref",
        "Gast,Anreise,Abreise,Ref",
        "Cliente,Llegada,Salida,Ref",
    ] {
        let columns = columns_of(headings, "Anna,2026-12-03,2026-12-09,T-1");
        assert_eq!(columns, [Name, TripStart, TripEnd, Reference], "{headings}");
    }
    // Who arrives later than departing is at the place they travel to, or home again.
    let there = columns_of(
        "Guest,Departure,Arrival,Ref",
        "Anna,2026-12-03,2026-12-09,T-1",
    );
    assert_eq!(there, [Name, TripStart, TripEnd, Reference]);
    let three = columns_of(
        "Guest,Arrival,Departure,Return,Ref",
        "Anna,2026-12-04,2026-12-03,2026-12-09,T-1",
    );
    assert_eq!(three, [Name, Ignored, TripStart, TripEnd, Reference]);
}

#[test]
fn a_column_without_days_is_no_trip() {
    let columns = columns_of("Name,Ref,Trip from,Trip to", "Anna,T-1,Berlin,Rome");
    assert_eq!(columns, [Name, Reference, Ignored, Ignored]);
}

#[test]
fn a_column_of_addresses_is_no_name() {
    let columns = columns_of("Guest,Ref", "anna@example.org,T-1");
    assert_eq!(columns, [Contact, Reference]);
}

#[test]
fn a_plan_is_no_iccid() {
    let columns = columns_of("Name,Ref,eSIM", "Anna,T-1,Europe 10 GB 30 days");
    assert_eq!(columns, [Name, Reference, Ignored]);
    let columns = columns_of("Name,Ref,eSIM", "Anna,T-1,4711");
    assert_eq!(columns, [Name, Reference, Ignored]);
    let columns = columns_of("Name,Ref,eSIM", "Anna,T-1,89445012345678901234");
    assert_eq!(columns, [Name, Reference, Iccid]);
}

#[test]
fn digits_with_the_right_check_digit_are_an_iccid_whatever_stands_above() {
    let without = "7944501234567890120";
    let digits: Vec<u32> = without.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ if *digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        });
    let check = (10 - doubled.sum::<u32>() % 10) % 10;
    let right = format!("{}{check}", &without[..18]);
    let wrong = format!("{}{}", &without[..18], (check + 1) % 10);
    let columns = |number: &str| columns_of("Name,Ref,Thingummy", &format!("Anna,T-1,{number}"));
    assert_eq!(columns(&right), [Name, Reference, Iccid]);
    assert_eq!(columns(&wrong), [Name, Reference, Ignored]);
}

#[test]
fn titles_and_empty_lines_above_the_headings_are_passed_over() {
    let list = understood(
        "Bookings of December;;\nAcme Travel GmbH;;\n;;\nName;Reference;Start\nAnna;T-1;03.12.2026\n",
    );
    assert_eq!(names(&list), ["Anna"]);
    assert_eq!(list.reading.heading, Some(4));
    assert_eq!(list.lines[0].line, 5);
}

#[test]
fn the_line_of_the_headings_can_be_said() {
    let reading = Reading {
        heading: Some(2),
        ..Reading::default()
    };
    let list = understood_as("Name,Reference\nWho,What\nAnna,T-1\n", &reading);
    assert_eq!(list.headings, ["Who", "What"]);
    assert_eq!(list.lines.len(), 1);
    assert_eq!(list.first_lines[1], (2, "Who · What".to_owned()));
}

#[test]
fn lists_of_other_programs_are_understood() {
    for (headings, line, columns) in [
        (
            "Book number;Booked by;Guest name(s);Check-in;Check-out;Booked on;Status;Phone number;Remarks",
            "12345678;Marta Ruiz;Marta Ruiz;2026-12-03;2026-12-24;2026-11-01 10:00:00;ok;+34 600;x",
            vec![
                Reference, Ignored, Name, TripStart, TripEnd, Ignored, Ignored, Contact, Note,
            ],
        ),
        (
            "Confirmation code;Status;Guest name;Contact;# of adults;Start date;End date;# of nights;Booked",
            "HMABC;ok;Marta;+34 600;2;12/03/2026;12/24/2026;21;2026-11-01",
            vec![
                Reference, Ignored, Name, Contact, Ignored, TripStart, TripEnd, Ignored, Ignored,
            ],
        ),
        (
            "Kd-Nr;Vorg.-Nr.;Name;Vorname;Tel.;Abflug;Rückflug;Bem.",
            "17;V-1;Ruiz;Marta;0301234567;03.12.26;24.12.26;x",
            vec![
                Ignored, Reference, LastName, FirstName, Contact, TripStart, TripEnd, Note,
            ],
        ),
        (
            "Codice prenotazione;Intestatario;Cellulare;Data di partenza;Data di ritorno;Note",
            "ABC123;Marta Ruiz;+39 333 1;03/12/2026;24/12/2026;x",
            vec![Reference, Name, Contact, TripStart, TripEnd, Note],
        ),
        (
            "customerName;customerPhone;orderId;departureDate;returnDate;simSerialNumber",
            "Marta;+34600100200;o-1;2026-12-03;2026-12-24;8944500102198300023",
            vec![Name, Contact, Reference, TripStart, TripEnd, Iccid],
        ),
        (
            "Nom du voyageur;Prénom du voyageur;N° réservation;Date d'arrivée;Date de départ",
            "Ruiz;Marta;R1;03/12/2026;24/12/2026",
            vec![LastName, FirstName, Reference, TripStart, TripEnd],
        ),
        (
            "Passenger;PNR;Ticket number;Flight no;Dep;Arr;Flight date",
            "Marta;ABC123;2201234567890;LH400;FRA;JFK;03DEC26",
            vec![
                Name, Reference, Ignored, Ignored, Ignored, Ignored, TripStart,
            ],
        ),
        (
            "No;First;Last;Trip ID;Dates",
            "1;Marta;Ruiz;B-1;3-24 Dec 2026",
            vec![Ignored, FirstName, LastName, Reference, TripStart],
        ),
    ] {
        assert_eq!(columns_of(headings, line), columns, "{headings}");
    }
}

#[test]
fn headings_with_a_slip_of_the_finger_are_known() {
    for (heading, column) in [
        ("Bokking ref", Some(Reference)),
        ("Bokking", Some(Reference)),
        ("Buchnugsnummer", Some(Reference)),
        ("Refrence", Some(Reference)),
        ("Reservatoin no", Some(Reference)),
        ("Telefonnumer", Some(Contact)),
        ("Telefn", Some(Contact)),
        ("Emial", Some(Contact)),
        ("Reisender Nahme", Some(Name)),
        ("Pasenger", Some(Name)),
        ("Custmer naem", Some(Name)),
        ("Viajreo", Some(Name)),
        ("Voyaguer", Some(Name)),
        ("Viaggatore", Some(Name)),
        ("Depature", Some(TripStart)),
        ("Ruckreize", Some(TripEnd)),
        ("Regresso", Some(TripEnd)),
        ("Bemerkugen", Some(Note)),
        ("Date of brith", None),
        ("Pasport no", None),
    ] {
        assert_eq!(
            super::super::columns::by_heading(heading),
            column,
            "{heading}"
        );
    }
}

#[test]
fn words_that_are_like_two_others_are_neither() {
    // A name is not a heading because it is like one.
    let list = understood("Marta Ruiz;T-1\nMartin Ortega;T-2\nNadia Fino;T-3\n");
    assert_eq!(names(&list), ["Marta Ruiz", "Martin Ortega", "Nadia Fino"]);
}

#[test]
fn headings_in_two_languages_say_what_both_say() {
    for (heading, column) in [
        ("Nom / Name", Name),
        ("Reisender (Traveller)", Name),
        ("Abreise/Departure", TripStart),
        ("Rückreise / Return", TripEnd),
        ("Départ | Abflug | Departure", TripStart),
        ("Retour – Return", TripEnd),
        ("Buchungs-Nr. / Booking ref.", Reference),
        ("N° de dossier (Booking no.)", Reference),
        ("Referenz/Référence/Riferimento", Reference),
        ("Vorname / First name", FirstName),
        ("Prénom(s) / Given name(s)", FirstName),
        ("Nom de famille / Surname", LastName),
        ("Apellidos / Last name(s)", LastName),
        ("Téléphone / Telefon", Contact),
        ("Correo electrónico (E-mail)", Contact),
        ("Bemerkung / Remarks", Note),
        ("Von / From", TripStart),
        ("Bis / To", TripEnd),
        ("De / From", TripStart),
        ("Au / To", TripEnd),
        ("Ida / Outbound", TripStart),
        ("Vuelta / Inbound", TripEnd),
        ("Data di partenza\nDeparture date", TripStart),
        ("Kunde (Client)", Name),
        ("姓名 / Name", Name),
        ("ICCID / Numéro de SIM", Iccid),
        ("Nom et prénom", Name),
        ("Nombre y apellidos", Name),
        ("Name, Vorname", Name),
        ("Cognome e nome", Name),
        ("Surname, first name", Name),
        ("Nachname/Vorname", Name),
    ] {
        let said = super::super::columns::by_heading(heading);
        assert_eq!(said, Some(column), "{heading}");
    }
    for heading in [
        "Ziel / Destination",
        "Preis / Price",
        "Reiseziel (Destination)",
        "Geburtsdatum / Date of birth",
        "Buchungsdatum / Booking date",
    ] {
        assert_eq!(
            super::super::columns::by_heading(heading),
            None,
            "{heading}"
        );
    }
}

#[test]
fn headings_as_airlines_shorten_them_are_known() {
    for (headings, line, columns) in [
        (
            "Rec loc;Pax;Dep date;Ret date",
            "QWERTY;MUSTER/ANNA MRS;03DEC26;24DEC26",
            vec![Reference, Name, TripStart, TripEnd],
        ),
        (
            "PNR;Pax name;Dep;Ret;Pax",
            "QWERTY;Anna Muster;03DEC;24DEC;2",
            vec![Reference, Name, TripStart, TripEnd, Ignored],
        ),
        (
            "Record locator;Passenger;Out;In",
            "QWERTY;Anna Muster;03/12/2026;24/12/2026",
            vec![Reference, Name, TripStart, TripEnd],
        ),
        (
            "Guest;Conf #;In;Out",
            "Anna Muster;4711;03/12/2026;24/12/2026",
            vec![Name, Reference, TripStart, TripEnd],
        ),
        (
            "RLOC;Psgr;Dep apt;Dep date;Dep time;Arr date;Arr time",
            "QWERTY;Anna Muster;FRA;03DEC26;10:35;04DEC26;06:10",
            vec![
                Reference, Name, Ignored, TripStart, Ignored, Ignored, Ignored,
            ],
        ),
        (
            "Bkg ref;Pax;From;To;Dep dt;Rtn dt",
            "QWERTY;Anna Muster;FRA;JFK;03DEC26;24DEC26",
            vec![Reference, Name, Ignored, Ignored, TripStart, TripEnd],
        ),
        (
            "Pax;PNR;From;To",
            "Anna Muster;QWERTY;03DEC26;24DEC26",
            vec![Name, Reference, TripStart, TripEnd],
        ),
        (
            "Dep;Arr;Pax;PNR",
            "03DEC26;24DEC26;Anna Muster;QWERTY",
            vec![TripStart, TripEnd, Name, Reference],
        ),
    ] {
        assert_eq!(columns_of(headings, line), columns, "{headings}");
    }
}

#[test]
fn the_day_on_which_a_flight_arrives_is_no_end_of_a_trip() {
    let list = understood(
        "PNR;Pax;Dep;Arr\nQWERTY;Anna Muster;03DEC26;04DEC26\nASDFGH;Jan Vogel;05DEC26;05DEC26\n",
    );
    let columns = list.reading.columns.unwrap();
    assert_eq!(columns, [Reference, Name, TripStart, Ignored]);
}

#[test]
fn the_last_digits_of_a_number_are_those_that_it_ends_in() {
    for heading in [
        "eSIM (last 4)",
        "ICCID (letzte 4)",
        "ICCID last 4",
        "SIM - last 6",
        "eSIM letzte 6 Stellen",
        "ICCID (últimos 4)",
        "eSIM (4 derniers)",
        "ICCID ultime 4 cifre",
        "eSIM últimos 4 dígitos",
    ] {
        let found = columns_of(&format!("{heading};Name"), "8301;Anna");
        assert_eq!(found, [Column::Iccid, Column::Name], "{heading}");
        let list = understood(&format!("{heading};Name\n8301;Anna\n"));
        assert_eq!(list.lines[0].iccids, ["8301"], "{heading}");
    }
    // Of a card that somebody pays with there are last digits too.
    for heading in ["Card (last 4)", "Last 4", "Order (last 4)"] {
        let found = columns_of(
            &format!("Booking reference;Name;{heading}"),
            "T-1;Anna;8301",
        );
        assert_eq!(found[2], Column::Ignored, "{heading}");
    }
}
