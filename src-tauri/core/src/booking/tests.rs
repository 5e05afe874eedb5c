//! Lists as agencies have them.

use super::*;

fn understood(text: &str) -> Bookings {
    read(&Table::read(text.as_bytes()).unwrap(), &Reading::default())
}

fn names(bookings: &Bookings) -> Vec<&str> {
    let lines = bookings.lines.iter();
    lines
        .filter_map(|line| Some(line.traveller.as_ref().ok()?.name.as_str()))
        .collect()
}

#[test]
fn a_pasted_table_with_headings_is_understood() {
    let list = understood(
        "Booking\tFirst name\tSurname\tE-mail\tPhone\tDeparture\tReturn\tICCID\tRemarks\n\
         TRIP-1\tMaria\tRossi\tm@example.org\t+39 06 1\t03/12/2026\t24/12/2026\t8944 5012 3456 7890 123\tWindow seat\n\
         \n\
         TRIP-2\tLi\tWei\t\t\t01/02/2027\t\t\t\n",
    );
    let first = &list.lines[0];
    assert_eq!(first.line, 2);
    assert_eq!(first.iccid.as_deref(), Some("8944501234567890123"));
    assert_eq!(first.reference.as_deref(), Some("TRIP-1"));
    let traveller = first.traveller.as_ref().unwrap();
    assert_eq!(traveller.name, "Maria Rossi");
    assert_eq!(traveller.contact, "m@example.org, +39 06 1");
    assert_eq!(traveller.trip_start.as_deref(), Some("2026-12-03"));
    assert_eq!(traveller.trip_end.as_deref(), Some("2026-12-24"));
    assert_eq!(traveller.note, "Window seat");
    assert_eq!(list.lines[1].line, 4, "as a spreadsheet counts");
    assert!(!list.days_unclear);
}

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
        assert_eq!(columns::by_heading(heading), Some(column), "{heading}");
    }
    assert_eq!(columns::by_heading("Price"), None);
}

#[test]
fn csv_has_its_own_delimiter_and_encoding() {
    let semicolons = b"\xef\xbb\xbfName;Referenz\r\n\"M\xc3\xbcller; Anna\";T-1\r\n";
    let old = b"Name,Reference\nMu\xf1oz,T-1\n";
    let wide: Vec<u8> = "\u{feff}Name\tReference\nŁukasz\tT-1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, name) in [
        (&semicolons[..], "Müller; Anna"),
        (&old[..], "Muñoz"),
        (&wide[..], "Łukasz"),
    ] {
        let list = read(&Table::read(bytes).unwrap(), &Reading::default());
        assert_eq!(names(&list), [name]);
        assert_eq!(list.lines[0].reference.as_deref(), Some("T-1"));
    }
}

#[test]
fn without_headings_the_content_tells() {
    let list = understood(
        "TRIP-7\tAnna Bauer\t01.12.2026\t09.12.2026\nTRIP-8\tJan Novák\t02.12.2026\t10.12.2026\n",
    );
    assert_eq!(list.reading.headed, Some(false));
    assert_eq!(names(&list), ["Anna Bauer", "Jan Novák"]);
    let first = list.lines[0].traveller.as_ref().unwrap();
    assert_eq!(first.trip_end.as_deref(), Some("2026-12-09"));
    let alone = understood("89445012345678901234,Anna\n89445012345678901235,Jan\n");
    assert_eq!(names(&alone), ["Anna", "Jan"]);
    assert_eq!(
        alone.lines[1].iccid.as_deref(),
        Some("89445012345678901235")
    );
}

#[test]
fn days_that_can_be_read_both_ways_are_asked_for() {
    let text = "Name,Reference,Start\nAnna,T-1,03/04/2026\n";
    let day = |reading: &Reading| {
        let list = read(&Table::read(text.as_bytes()).unwrap(), reading);
        let traveller = list.lines[0].traveller.clone().unwrap();
        (traveller.trip_start.unwrap(), list.days_unclear)
    };
    assert_eq!(day(&Reading::default()), ("2026-04-03".into(), true));
    let american = Reading {
        day_first: Some(false),
        ..Reading::default()
    };
    assert_eq!(day(&american), ("2026-03-04".into(), true));
    let clear = understood("Name,Reference,Start\nAnna,T-1,03/04/2026\nJan,T-2,12/31/2026\n");
    assert_eq!(clear.reading.day_first, Some(false));
    assert!(!clear.days_unclear);
    let iso = understood("Name,Reference,Start\nAnna,T-1,2026-04-03\nJan,T-2,2026-11-31\n");
    assert!(!iso.days_unclear, "there is one way to read them");
}

#[test]
fn what_is_wrong_with_a_line_is_told_and_the_others_stand() {
    let list = understood(
        "Name,Reference,ICCID,Start\nAnna,,,\n,T-1,,\nJan,T-2,8.94E+18,\nEva,T-3,,31/02/2026\nOk,T-4,123,2026-01-02\n",
    );
    let wrong: Vec<_> = list
        .lines
        .iter()
        .map(|line| line.traveller.clone().err())
        .collect();
    assert_eq!(
        wrong,
        [
            Some(LineProblem::NothingToFindBy),
            Some(LineProblem::NoTraveller),
            Some(LineProblem::Rounded),
            Some(LineProblem::NoDay {
                text: "31/02/2026".into()
            }),
            None
        ]
    );
    assert_eq!(list.lines[4].iccid, None, "three digits name nothing");
}

#[test]
fn a_spreadsheet_brings_real_days_and_says_when_it_rounded_an_iccid() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (at, heading) in ["Traveller", "Trip from", "ICCID", "Order"]
        .iter()
        .enumerate()
    {
        sheet
            .write(2, u16::try_from(at).unwrap(), *heading)
            .unwrap();
    }
    sheet.write(3, 0, "Anna").unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 12, 3).unwrap();
    sheet.write_with_format(3, 1, &date, &day).unwrap();
    sheet.write(3, 2, "89445012345678901234").unwrap();
    sheet.write(3, 3, 4711).unwrap();
    sheet.write(4, 0, "Jan").unwrap();
    sheet.write(4, 2, 89_445_012_345_678_900_000.0).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let list = read(&Table::read(&bytes).unwrap(), &Reading::default());
    let first = list.lines[0].traveller.as_ref().unwrap();
    assert_eq!(first.trip_start.as_deref(), Some("2026-12-03"));
    assert_eq!(list.lines[0].line, 4);
    assert_eq!(list.lines[0].iccid.as_deref(), Some("89445012345678901234"));
    assert_eq!(list.lines[0].reference.as_deref(), Some("4711"));
    assert_eq!(list.lines[1].traveller, Err(LineProblem::Rounded));
}

#[test]
fn what_is_no_list_says_what_to_do() {
    assert_eq!(Table::read(b""), Err(BookingError::Empty));
    assert_eq!(Table::read(b"\n\n ;;\n"), Err(BookingError::Empty));
    assert_eq!(Table::read(b"%PDF-1.7"), Err(BookingError::Foreign));
    assert_eq!(
        Table::read(&[0xd0, 0xcf, 0x11, 0xe0, 1]),
        Err(BookingError::Foreign)
    );
    assert_eq!(Table::read(&[1, 0, 2, 0]), Err(BookingError::Foreign));
    assert!(matches!(
        Table::read(b"PK\x03\x04nothing"),
        Err(BookingError::Broken(_))
    ));
    assert_eq!(
        Table::read(&vec![b'x'; MAX_BYTES + 1]),
        Err(BookingError::TooLarge)
    );
    let long = "a,b\n".repeat(MAX_ROWS + 1);
    assert_eq!(Table::read(long.as_bytes()), Err(BookingError::TooLong));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        if let Ok(table) = Table::read(&bytes) {
            let list = read(&table, &Reading::default());
            proptest::prop_assert_eq!(list.headings.len(), list.reading.columns.unwrap().len());
        }
    }
}
