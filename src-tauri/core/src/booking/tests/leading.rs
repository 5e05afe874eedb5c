//! Headings that name somebody beside something else, and columns of people that nothing takes.

use super::*;
use Column::{Iccid, Ignored, Name, Reference, Tags, TripStart};

fn heading_says(heading: &str) -> Option<Column> {
    super::super::columns::by_heading(heading)
}

/// The columns of a list with this heading in the place of a name's, and its first traveller's name.
fn columns_and_name(heading: &str) -> (Vec<Column>, String) {
    let list = understood(&format!(
        "Ref;{heading};Trip start\nR-200;Anna Groß;03.12.2026\nR-300;Bob Li;14.12.2026\n"
    ));
    let name = names(&list).first().copied().unwrap_or_default().to_owned();
    (list.reading.columns.unwrap(), name)
}

#[test]
fn somebody_beside_something_else_is_a_traveller() {
    let mut wrong = Vec::new();
    for heading in [
        "Fluggast",
        "Fluggäste",
        "Flugpassagier",
        "Flugreisender",
        "Hotelgast",
        "Zimmergast",
        "Kreuzfahrtgast",
        "Agenturkunde",
        "Gruppenteilnehmer",
        "Reisegruppe Teilnehmer",
        "Gebucht für",
        "Gebuchter Gast",
        "Gast (Hotel)",
        "Gast im Hotel",
        "eSIM-Nutzer",
        "SIM-Karten-Nutzer",
        "eSIM Kunde",
        "Hotel guest",
        "Hotel guest name",
        "Room guest",
        "Flight passenger",
        "Airline passenger",
        "Airline passengers",
        "Passenger on flight",
        "Agency client",
        "Group participant",
        "Group member",
        "Group leader",
        "Gruppenleiter",
        "Booked for",
        "Booked passenger",
        "SIM user",
        "SIM for",
        "eSIM customer name",
        "Client agence",
        "Client de l'agence",
        "Participant du groupe",
        "Réservé pour",
        "Utilisateur eSIM",
        "Pasajero vuelo",
        "Pasajero del vuelo",
        "Cliente agencia",
        "Reservado para",
        "Usuario eSIM",
        "Passeggero volo",
        "Passeggeri del volo",
        "Ospite hotel",
        "Clienti agenzia",
        "Prenotato per",
        "Utente eSIM",
        "Hóspede do hotel",
        "Passageiro do voo",
        "Participante do grupo",
        "Utilizador eSIM",
    ] {
        let (columns, name) = columns_and_name(heading);
        if columns != [Reference, Name, TripStart] || name != "Anna Groß" {
            wrong.push((heading, columns, name));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn something_of_somebody_is_no_traveller() {
    let mut wrong = Vec::new();
    for heading in [
        "Guest room",
        "Guest hotel",
        "Hotel of guest",
        "Hotel del cliente",
        "Hotel du client",
        "Customer agency",
        "Kundenagentur",
        "Customer company",
        "Agence du client",
        "Passenger ticket number",
        "Sales person",
        "Hotel employee",
        "User",
        "Agent",
        "Booked by",
        "Gebucht von",
        "Booked on",
        "Booked by customer",
        "Passenger age",
        "SIM agent",
        "eSIM name",
    ] {
        if heading_says(heading) == Some(Name) {
            wrong.push(heading);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
    for heading in [
        "Kundengruppe",
        "Customer group",
        "Grupo de clientes",
        "Guest label",
    ] {
        assert_eq!(heading_says(heading), Some(Tags), "{heading}");
    }
    assert_eq!(heading_says("Partenza da"), Some(TripStart));
}

#[test]
fn the_number_of_somebodys_sim_is_no_name() {
    let columns = understood("Ref;Name;SIM passenger\nR;Anna;89445012345678301111\n").reading;
    assert_eq!(columns.columns.unwrap(), [Reference, Name, Iccid]);
}

#[test]
fn another_column_may_be_clearly_the_travellers() {
    for heading in [
        "Hotelgast",
        "Agency client",
        "SIM user",
        "Booked for",
        "Flight passenger",
    ] {
        let list = understood(&format!(
            "Ref;{heading};Traveller\nR-200;Bob Li;Anna Groß\n"
        ));
        assert_eq!(names(&list), ["Anna Groß"], "{heading}");
        assert_eq!(list.reading.columns.unwrap(), [Reference, Ignored, Name]);
    }
}

#[test]
fn people_of_whom_nobody_knows_whether_they_travel_are_told_where_nobody_else_is_named() {
    for heading in [
        "Besteller",
        "Auftraggeber",
        "Booked by",
        "Gebucht von",
        "Réservé par",
        "Reservado por",
        "Prenotato da",
        "Ordered by",
        "Created by",
        "Erstellt von",
        "Booker",
        "User",
        "Nutzer",
        "Usuario",
        "Agent",
        "Vendedor",
        "Booking",
        "Guest room",
    ] {
        let list = understood(&format!(
            "Booking reference;{heading};Trip start\nR-200;Anna Groß;03.12.2026\nR-300;Bob Li;14.12.2026\n"
        ));
        for (line, text) in list.lines.iter().zip(["Anna Groß", "Bob Li"]) {
            let text = text.to_owned();
            assert_eq!(line.doubts, [LineDoubt::NoName { text }], "{heading}");
        }
        let named = understood(&format!(
            "Booking reference;{heading};Traveller\nR-200;Anna Groß;Eva Sol\n"
        ));
        assert_eq!(names(&named), ["Eva Sol"], "{heading}");
        assert_eq!(named.lines[0].doubts, [], "{heading}");
    }
    for (heading, text) in [
        ("Hotel", "Hilton Garden"),
        ("Destination", "New York"),
        ("Trip", "Rome Weekend"),
    ] {
        let list = understood(&format!(
            "Booking reference;{heading};Trip start\nR-200;{text};03.12.2026\n"
        ));
        assert_eq!(list.lines[0].doubts, [], "{heading}");
    }
}
