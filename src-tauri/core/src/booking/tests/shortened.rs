//! Headings as somebody shortens them.

use super::*;
use Column::{Contact, Ignored, Name, Note, Reference, TripEnd, TripStart};

fn columns_of(headings: &str, line: &str) -> Vec<Column> {
    let list = understood(&format!("{headings}\n{line}\n"));
    list.reading.columns.unwrap()
}

#[test]
fn days_below_shortened_headings_are_those_of_the_trip() {
    for headings in [
        "Data part.;Data rit.",
        "Data part.;Data rientro",
        "Fecha sal.;Fecha reg.",
        "F. sal.;F. reg.",
        "Embarque;Desembarque",
        "Abr.;Rückr.",
        "Reiseantritt;Rückk.",
        "DOD;DOR",
        "Out;Back",
        "Ini.;Fin",
        "Embq.;Dsmb.",
    ] {
        let columns = columns_of(
            &format!("Order;Name;{headings}"),
            "T-1;Anna;05/12/2026;12/12/2026",
        );
        assert_eq!(columns, [Reference, Name, TripStart, TripEnd], "{headings}");
    }
}

#[test]
fn days_below_what_says_something_else_are_none_of_a_trip() {
    for heading in ["Deadline", "Fällig", "Scadenza", "Date vol", "Due"] {
        let columns = columns_of(
            &format!("Order;Name;{heading};{heading} 2"),
            "T-1;Anna;05/12/2026;12/12/2026",
        );
        assert_eq!(columns, [Reference, Name, Ignored, Ignored], "{heading}");
    }
    // When somebody registered is past.
    let columns = columns_of("Pedido;Nombre;Fecha reg.", "T-1;Ana;05/10/2026");
    assert_eq!(columns, [Reference, Name, Ignored]);
    // One alone is told.
    let list = understood("Order;Name;Foo\nT-1;Anna;05/12/2026\n");
    let doubt = LineDoubt::OpenDay {
        text: "05/12/2026".to_owned(),
        heading: "Foo".to_owned(),
    };
    assert_eq!(list.lines[0].doubts, [doubt]);
}

#[test]
fn shortened_headings_of_contacts_and_notes_are_known() {
    for heading in [
        "Rufnr.",
        "Tfno.",
        "Telem.",
        "Mob",
        "Mob.",
        "Contact No",
        "Hdy",
        "GSM",
        "Fone",
        "Zap",
        "Foo",
    ] {
        let columns = columns_of(&format!("Order;Name;{heading}"), "T-1;Anna;+34 600 123 456");
        assert_eq!(columns, [Reference, Name, Contact], "{heading}");
    }
    let columns = columns_of("Order;Name;Mél", "T-1;Anna;a@example.org");
    assert_eq!(columns, [Reference, Name, Contact]);
    for heading in ["Obs.", "Rem.", "Rem", "Bem.", "Anm.", "Komm."] {
        let columns = columns_of(&format!("Order;Name;{heading}"), "T-1;Anna;vegan");
        assert_eq!(columns, [Reference, Name, Note], "{heading}");
    }
}
