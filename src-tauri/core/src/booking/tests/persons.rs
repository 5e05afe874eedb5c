//! Who travels, of all whom the columns of a list name: one traveller however many columns the name has, and never a tour, a
//! ship or the agent.

use super::*;

/// The names of a list, and the heading of each that is not sure.
fn named(headings: &str, lines: &[&str]) -> (Vec<String>, Vec<String>) {
    let list = understood(&format!("{headings}\n{}\n", lines.join("\n")));
    let unsure = list.lines.iter().flat_map(|line| &line.doubts);
    let unsure = unsure.filter_map(|doubt| match doubt {
        LineDoubt::MaybeName { heading, .. } => Some(heading.clone()),
        _ => None,
    });
    let unsure = unsure.collect();
    (
        names(&list).into_iter().map(str::to_owned).collect(),
        unsure,
    )
}

fn sure(headings: &str, lines: &[&str], expected: &[&str]) {
    let (names, unsure) = named(headings, lines);
    assert_eq!(names, expected, "{headings}");
    assert_eq!(unsure, Vec::<String>::new(), "{headings}");
}

#[test]
fn two_surnames_and_two_first_names_are_one_travellers() {
    for headings in [
        "Reserva;Nombre;Apellido 1;Apellido 2",
        "Reserva;Nombre;Apellido1;Apellido2",
        "Reserva;Nombre;Primer apellido;Segundo apellido",
        "Reserva;Nombre;1er apellido;2º apellido",
        "Reserva;Nombre;Apellido paterno;Apellido materno",
        "Reserva;Nome;Sobrenome 1;Sobrenome 2",
        "Order;First name;Last name 1;Last name 2",
        "Order;First name 1;First name 2;Last name",
        "Dossier;Prénom 1;Prénom 2;Nom",
    ] {
        let lines = ["T-1;Anna;García;López", "T-2;José;Pérez;Ruiz"];
        sure(headings, &lines, &["Anna García López", "José Pérez Ruiz"]);
    }
    let headings = "Reserva;Primer nombre;Segundo nombre;Primer apellido;Segundo apellido";
    let lines = ["T-1;Ana;María;García;López"];
    sure(headings, &lines, &["Ana María García López"]);
}

#[test]
fn numbered_names_of_nobody_are_each_a_travellers_only_if_they_are_whole() {
    let headings = "Order;Name 1;Name 2";
    let lines = [
        "T-1;ACME GmbH;Anna Muster",
        "T-2;Muster;Tom",
        "T-3;Eva Berg;Jan Vogel",
        "T-4;Ida;",
    ];
    let expected = [
        "ACME GmbH Anna Muster",
        "Muster Tom",
        "Eva Berg",
        "Jan Vogel",
        "Ida",
    ];
    sure(headings, &lines, &expected);
    // Whoever is called a guest is one.
    sure("Order;Gast 1;Gast 2", &["T-1;Anna;Tom"], &["Anna", "Tom"]);
    let pairs = "Order;Vorname 1;Nachname 1;Vorname 2;Nachname 2";
    sure(pairs, &["T-1;Ana;Sol;Bob;Mar"], &["Ana Sol", "Bob Mar"]);
    let pairs = "Reserva;Nombre 1;Apellido 1;Nombre 2;Apellido 2";
    sure(pairs, &["T-1;Ana;Sol;Bob;Mar"], &["Ana Sol", "Bob Mar"]);
}

#[test]
fn numbered_contacts_are_those_of_the_traveller_with_their_number() {
    let contacts = |headings: &str, text: &str| {
        let list = understood(&format!("{headings}\n{text}\n"));
        let lines = list.lines.into_iter();
        let contacts = lines.map(|line| line.traveller.unwrap().contact);
        contacts.collect::<Vec<_>>()
    };
    assert_eq!(
        contacts(
            "Order;Gast 1;Gast 2;Telefon 1;Telefon 2;Email 1;Email 2",
            "T-1;Anna;Tom;+49 170 1;+49 170 2;a@example.org;t@example.org"
        ),
        ["+49 170 1, a@example.org", "+49 170 2, t@example.org"]
    );
    // What has no number is all travellers'.
    assert_eq!(
        contacts(
            "Order;Gast 1;Gast 2;Telefon;Email",
            "T-1;Anna;Tom;+49 170 1;a@example.org"
        ),
        ["+49 170 1, a@example.org", "+49 170 1, a@example.org"]
    );
}

#[test]
fn the_name_of_something_is_nobodys_beside_a_column_of_people() {
    let others = [
        "Ship name",
        "Activity name",
        "Tour name",
        "Guide name",
        "Driver name",
        "Contact name",
        "School name",
        "Nombre del barco",
        "Nombre actividad",
        "Nom du bateau",
        "Nome escursione",
        "Nome passeio",
        "Schiffsname",
        "Kursname",
        "Tourname",
        "Ausflugsname",
    ];
    let people = [
        "Passenger",
        "Guest",
        "Customer",
        "Name",
        "Pasajero",
        "Reisender",
        "Ospite",
        "Passager",
        "Passageiro",
        "Kunde",
        "Full name",
        "Nome e cognome",
    ];
    for other in others {
        for own in people {
            let lines = ["T-1;MSC Bella;Anna Muster", "T-2;MSC Bella;Tom Test"];
            let expected = ["Anna Muster", "Tom Test"];
            sure(&format!("Order;{other};{own}"), &lines, &expected);
            let lines = ["T-1;Anna Muster;MSC Bella", "T-2;Tom Test;MSC Bella"];
            sure(&format!("Order;{own};{other}"), &lines, &expected);
        }
        let lines = ["T-1;Bella;Anna;Muster"];
        let headings = format!("Order;{other};First name;Last name");
        sure(&headings, &lines, &["Anna Muster"]);
        // Alone it may be the traveller's.
        let lines = ["T-1;Anna Muster;2026-12-03"];
        let (names, unsure) = named(&format!("Order;{other};Start"), &lines);
        assert_eq!(names, ["Anna Muster"]);
        assert_eq!(unsure, [other]);
    }
    let headings = "Order;Guide first name;Guide last name;Passenger";
    sure(headings, &["T-1;Eva;Desk;Anna Muster"], &["Anna Muster"]);
}

#[test]
fn the_most_specific_heading_of_a_person_wins() {
    for headings in [
        "Order;Name;Passenger",
        "Order;Customer;Passenger",
        "Order;Member;Guest",
        "Order;Mitarbeiter;Kunde",
        "Order;Anmelder;Reisender",
        "Order;Recipient;Guest",
        "Order;Customer name;Traveller name",
    ] {
        sure(headings, &["T-1;Eva Desk;Anna Muster"], &["Anna Muster"]);
    }
}

#[test]
fn everyday_words_for_who_travels_are_known() {
    for heading in [
        "Nominativo",
        "Nominativi",
        "Reisegast",
        "Anmelder",
        "Mitarbeiter",
        "Attendee",
        "Student",
        "Recipient",
        "Member",
        "Passagier",
        "Empfänger",
        "Mitglied",
        "Schüler",
        "Alumno",
        "Destinataire",
        "Dipendente",
        "Vor- und Nachname",
        "Vor-/Nachname",
    ] {
        let headings = format!("Order;{heading};Start");
        sure(&headings, &["T-1;Anna Muster;2026-12-03"], &["Anna Muster"]);
    }
}

#[test]
fn numbered_travellers_are_more_than_the_customer() {
    let headings = "Order;Customer;Passenger 1;Passenger 2";
    let lines = ["T-1;ACME GmbH;Anna;Tom"];
    sure(headings, &lines, &["Anna", "Tom"]);
}

#[test]
fn who_travels_along_is_never_the_only_one() {
    for other in [
        "Other passengers",
        "Weitere Reisende",
        "Otros pasajeros",
        "Companion",
    ] {
        let list = understood(&format!("Order;Name;{other}\nT-1;Anna Muster;Tom Muster\n"));
        assert_eq!(names(&list), ["Anna Muster"], "{other}");
    }
    let list = understood("Order;Kundenname;Mitreisende\nT-1;Anna Muster;Tom Muster\nT-2;Eva;\n");
    assert_eq!(names(&list), ["Anna Muster", "Eva"]);
    let text = "Tom Muster".to_owned();
    assert_eq!(list.lines[0].doubts, [LineDoubt::Unused { text }]);
    assert_eq!(list.lines[1].doubts, []);
}

#[test]
fn who_travels_along_or_holds_something_is_the_traveller_where_nobody_else_is_named() {
    for heading in [
        "Mitreisende",
        "Companions",
        "Holder",
        "Hôte",
        "Acompañantes",
    ] {
        let alone = line(
            &format!("Order;{heading};Start"),
            "T-1;Tom Muster;2026-12-03",
        );
        let doubt = LineDoubt::MaybeName {
            text: "Tom Muster".to_owned(),
            heading: heading.to_owned(),
        };
        assert_eq!(alone.doubts, [doubt], "{heading}");
        assert_eq!(alone.who, "Tom Muster", "{heading}");
        // How many they are is no name.
        let count = line(&format!("Order;{heading};Start"), "T-1;2;2026-12-03");
        assert_eq!(count.who, "", "{heading}");
        let beside = understood(&format!(
            "Order;Client;{heading}\nT-1;Anna Muster;Tom Muster\n"
        ));
        assert_eq!(names(&beside), ["Anna Muster"], "{heading}");
    }
}

#[test]
fn a_name_as_it_stands_in_a_document_is_a_name() {
    for heading in [
        "Full name (as in passport)",
        "Name as per passport",
        "Name (wie im Reisepass)",
        "Nom complet (comme sur le passeport)",
        "Nom tel que sur le passeport",
        "Nombre completo (según pasaporte)",
        "Nome completo (come da passaporto)",
        "Nome (conforme passaporte)",
        "Name on passport",
        "Name lt. Ausweis",
        "Name laut Pass",
        "Nombre (como en el DNI)",
        "Name (as on ID card)",
        "Name (as in ID)",
        "Nom (comme sur la carte d'identité)",
        "Nome (come da carta d'identità)",
        "Traveller name (as in passport)",
        "Name as it appears in travel document",
    ] {
        let anna = line(
            &format!("Order;{heading};Start"),
            "T-1;Anna Muster;2026-12-03",
        );
        assert_eq!(
            (anna.who.as_str(), anna.doubts),
            ("Anna Muster", vec![]),
            "{heading}"
        );
    }
    let parts =
        understood("Order;First name (as in passport);Surname (as in passport)\nT-1;Anna;Muster\n");
    assert_eq!(names(&parts), ["Anna Muster"]);
    for heading in [
        "Passport number",
        "Passport No.",
        "Passport expiry",
        "Passport country",
        "Passnummer",
        "Ausweisnummer",
        "DNI",
        "Documento",
        "ID card",
        "Reisepass gültig bis",
    ] {
        let list = understood(&format!(
            "Order;Name;{heading}\nT-1;Anna Muster;C01X0006H\n"
        ));
        assert_eq!(
            list.reading.columns.unwrap()[2],
            Column::Ignored,
            "{heading}"
        );
    }
}

#[test]
fn where_no_traveller_is_named_the_customer_may_be_the_one() {
    let list = understood("Order;Customer;Traveller\nT-1;Anna Muster;\nT-2;Solo;Kid Solo\n");
    assert_eq!(names(&list), ["Anna Muster", "Kid Solo"]);
    let doubt = LineDoubt::MaybeName {
        text: "Anna Muster".to_owned(),
        heading: "Customer".to_owned(),
    };
    assert_eq!(list.lines[0].doubts, [doubt]);
    assert_eq!(list.lines[1].doubts, []);
}

#[test]
fn a_name_that_nobody_takes_is_told() {
    let line = line("Order;Wer;Start", "T-1;Anna Muster;2026-12-03");
    let text = "Anna Muster".to_owned();
    assert_eq!(line.doubts, [LineDoubt::NoName { text }]);
    for heading in ["Contact", "Familie"] {
        let line = super::line(
            &format!("Order;{heading};Start"),
            "T-1;Anna Muster;2026-12-03",
        );
        let text = "Anna Muster".to_owned();
        assert_eq!(line.doubts, [LineDoubt::NoName { text }], "{heading}");
    }
    // It does not stand there as if it were taken.
    assert_eq!(line.who, "");
    let days = super::line("Order;Hotel;Start", "T-1;Sol Mar;2026-12-03");
    assert_eq!((days.doubts, days.who.as_str()), (vec![], ""));
}

#[test]
fn addresses_part_the_names_before_them() {
    let list = understood("Order;Name\nT-1;Eva <e@example.org>, Ida <i@example.org>\n");
    let both = &list.lines[0];
    assert_eq!(both.traveller.as_ref().unwrap().name, "Eva, Ida");
    let several = both.several.clone().unwrap();
    let names: Vec<String> = several.travellers.into_iter().map(|one| one.name).collect();
    assert_eq!(
        (names.join("|"), several.sure),
        ("Eva|Ida".to_owned(), true)
    );
}

#[test]
fn a_number_that_a_spreadsheet_shortened_is_no_contact() {
    for text in ["4,91702E+11", "4.91702E+11", "+4,91702E+11"] {
        let line = line("Order;Name;Phone", &format!("T-1;Anna;{text}"));
        assert_eq!(line.traveller.unwrap().contact, "", "{text}");
        let text = text.to_owned();
        assert_eq!(line.doubts, [LineDoubt::RoundedNumber { text }]);
    }
    // Where all digits are there it is a number.
    let whole = line("Order;Name;Phone", "T-1;Anna;4,91701234567E+11");
    assert_eq!(whole.traveller.unwrap().contact, "491701234567");
    assert_eq!(whole.doubts, []);
}

#[test]
fn marks_that_nobody_sees_are_no_part_of_a_cell() {
    let line = line(
        "Order;Name;Phone;Start",
        "T-1;\u{200b}Tom \u{200f}Test\u{2060};\u{202a}+49 170 1\u{202c};\u{200e}3.\u{200e}12.\u{200e}2026",
    );
    assert_eq!(line.doubts, []);
    let traveller = line.traveller.unwrap();
    assert_eq!(traveller.name, "Tom Test");
    assert_eq!(traveller.contact, "+49 170 1");
    assert_eq!(traveller.trip_start.as_deref(), Some("2026-12-03"));
}

#[test]
fn a_note_that_begins_with_a_sign_comes_back_as_it_was() {
    for note in ["=7", "＝7 Uhr", "＋1", "＠home", "－"] {
        let guarded = format!("'{note}");
        let line = line("Order;Name;Note", &format!("T-1;Anna;{guarded}"));
        assert_eq!(line.traveller.unwrap().note, note);
    }
}

#[test]
fn a_middle_name_is_a_part_of_the_name() {
    const THREE: &str = "T-1;Anna;Maria;Muster";
    const SURNAME_FIRST: &str = "T-1;Muster;Anna;Maria";
    for (headings, line) in [
        ("Order;First name;Middle name;Last name", THREE),
        ("Order;First Name;Middle Name(s);Surname", THREE),
        ("Order;First name;Middle initial;Last name", THREE),
        ("Order;First name;Second name;Last name", THREE),
        ("Auftrag;Vorname;Zweiter Vorname;Nachname", THREE),
        ("Auftrag;Vorname;2. Vorname;Nachname", THREE),
        ("Auftrag;Vorname;Weitere Vornamen;Nachname", THREE),
        ("Auftrag;Vorname;Mittelname;Nachname", THREE),
        ("Auftrag;Nachname;Vorname;Zweitname", SURNAME_FIRST),
        ("Pedido;Nombre;Segundo nombre;Apellidos", THREE),
        ("Pedido;Apellidos;Nombre;Segundo nombre", SURNAME_FIRST),
        ("Commande;Prénom;Deuxième prénom;Nom", THREE),
        ("Commande;Nom;Prénom;Second prénom", SURNAME_FIRST),
        ("Commande;Prénom;Autres prénoms;Nom de famille", THREE),
        ("Ordine;Nome;Secondo nome;Cognome", THREE),
        ("Encomenda;Nome;Segundo nome;Apelido", THREE),
        ("Encomenda;Primeiro nome;Nome do meio;Apelido", THREE),
    ] {
        sure(headings, &[line], &["Anna Maria Muster"]);
    }
    let headings = "Order;First name;Middle name;Last name";
    sure(
        headings,
        &["T-1;Anna Maria;;Muster"],
        &["Anna Maria Muster"],
    );
    // Beside a whole name it is a part of that, or tells more of it.
    sure(
        "Order;Name;Middle name",
        &["T-1;Anna Muster;Maria"],
        &["Anna Muster"],
    );
}

#[test]
fn a_company_where_the_traveller_should_stand_is_taken_and_told() {
    let doubts = |name: &str| line("Order;Name", &format!("T-1;\"{name}\"")).doubts;
    for name in [
        "ACME GmbH",
        "Muster Ltd.",
        "Viajes Sol, S.L.",
        "Dupont SARL",
        "Sole S.r.l.",
        "Foo Inc",
        "Muster AG",
        "Sol S.A.",
        "Muster GmbH & Co. KG",
        "Rosa Lda.",
    ] {
        let text = name.to_owned();
        assert_eq!(doubts(name), [LineDoubt::Company { text }], "{name}");
    }
    for name in [
        "Maria Sá",
        "Anna Muster",
        "Ag",
        "GmbH",
        "Jose Sa",
        "Ida Inca",
        "Co Le",
    ] {
        assert_eq!(doubts(name), [], "{name}");
    }
    let list = understood("T-1\tACME GmbH\nT-2\tAnna Muster\n");
    assert_eq!(names(&list), ["ACME GmbH", "Anna Muster"]);
    assert_eq!(list.lines[0].doubts.len(), 1);
    // Whoever is named beside it is the traveller.
    sure(
        "Order;Firma;Name",
        &["T-1;ACME GmbH;Anna Muster"],
        &["Anna Muster"],
    );
}
