//! Columns of what travellers are reached by, and those that only look like it.

use super::*;
use Column::{Contact, Ignored};

/// What the last column is taken for, whose heading and cells these are.
fn column(heading: &str, cells: [&str; 2]) -> Column {
    let [anna, tom] = cells;
    let list = understood(&format!(
        "Order;Name;E-Mail;{heading}\nT-1;Anna Muster;a@example.org;{anna}\nT-2;Tom Muster;t@example.org;{tom}\n"
    ));
    list.reading.columns.unwrap()[3]
}

#[test]
fn what_telephone_somebody_has_is_no_contact() {
    for heading in [
        "Phone model",
        "Handymodell",
        "Modèle de téléphone",
        "Modelo de teléfono",
        "Modello telefono",
        "Modelo do telemóvel",
        "Phone brand",
        "Phone OS",
        "Handy",
    ] {
        for cells in [
            ["iPhone 14", "Pixel 8"],
            ["Samsung Galaxy S23 Ultra", "Nokia 3310"],
            ["Android", "iOS"],
        ] {
            assert_eq!(column(heading, cells), Ignored, "{heading} {cells:?}");
        }
    }
    assert_eq!(
        column("Phone model", ["Nokia 33101", "Redmi 12 2022"]),
        Ignored
    );
}

#[test]
fn whether_somebody_was_written_to_and_how_is_no_contact() {
    for heading in [
        "Email sent",
        "E-Mail gesendet",
        "Phone verified",
        "WhatsApp?",
        "Contacted",
        "Kontaktiert",
        "Preferred contact",
        "Contact method",
        "Email status",
    ] {
        for cells in [["yes", "no"], ["ja", ""], ["email", "WhatsApp"], ["1", "0"]] {
            assert_eq!(column(heading, cells), Ignored, "{heading} {cells:?}");
        }
    }
    assert_eq!(
        column("E-Mail gesendet am", ["20.11.2026", "21.11.2026"]),
        Ignored
    );
}

#[test]
fn whoever_sells_is_not_reached_as_the_traveller_is() {
    let agency = ["lucy@agency.example", "lucy@agency.example"];
    for heading in [
        "Agent email",
        "E-Mail Sachbearbeiter",
        "Agency email",
        "Email agenzia",
        "Hotel e-mail",
    ] {
        assert_eq!(column(heading, agency), Ignored, "{heading}");
    }
    assert_eq!(
        column("Hotel phone", ["+43 1 58858", "+43 1 58859"]),
        Ignored
    );
    let guest = ["+43 1 58858", "+43 1 58859"];
    for heading in [
        "Hotel guest phone",
        "Phone",
        "Handy",
        "Client WhatsApp",
        "Billing Phone",
    ] {
        assert_eq!(column(heading, guest), Contact, "{heading}");
    }
}

#[test]
fn one_number_among_words_is_a_contact() {
    assert_eq!(column("Phone", ["none", "+43 1 58858"]), Contact);
    assert_eq!(column("Contact", ["ask Anna", "her mother"]), Contact);
}
