//! What stands where a name should and says that nobody knows it.

use super::*;

#[test]
fn what_says_that_a_name_is_not_known_is_none() {
    for cell in [
        "TBA",
        "T.B.A.",
        "tbc",
        "TBA 1",
        "TBA (2)",
        "TBA TBA",
        "Name TBA",
        "Pax 2 TBC",
        "N.N.",
        "N. N.",
        "NN",
        "N/A",
        "n.a.",
        "#N/A",
        "NA",
        "x",
        "XXX",
        "idem",
        "see above",
        "same as above",
        "to be confirmed",
        "unknown",
        "noch offen",
        "Name folgt",
        "siehe oben",
        "k. A.",
        "dito",
        "unbekannt",
        "à confirmer",
        "A DEFINIR",
        "à préciser",
        "Nom à confirmer",
        "voir ci-dessus",
        "por confirmar",
        "pendiente",
        "sin nombre",
        "ver arriba",
        "da definire",
        "da confermare",
        "come sopra",
        "a confirmar",
        "por definir",
        "não disponível",
        "ver acima",
    ] {
        assert_eq!(
            traveller("Order;Name", &format!("T-1;{cell}")),
            Err(LineProblem::NoTraveller),
            "{cell}"
        );
        let dated = traveller("Order;Name;Start", &format!("T-1;{cell};2026-12-05")).unwrap();
        assert_eq!(dated.name, "", "{cell}");
    }
    for parts in ["TBA;TBA", ";TBA", "TBC;", "x;x", "N.;N.", "N.N.;", "X;"] {
        let line = format!("T-1;{parts};2026-12-05");
        let one = traveller("Order;First name;Last name;Start", &line).unwrap();
        assert_eq!(one.name, "", "{parts}");
    }
}

#[test]
fn what_may_be_a_name_stays_one() {
    for name in [
        "Na",
        "Xaver",
        "Malcolm X",
        "Open Ola",
        "Anna Folgt",
        "Maria A. Definir",
        "Ida Idem",
        "N. Nilsson",
        "Tba Muster",
    ] {
        let one = traveller("Order;Name", &format!("T-1;{name}")).unwrap();
        assert_eq!(one.name, name);
    }
    for (parts, name) in [
        ("Malcolm;X", "Malcolm X"),
        ("Hae-jin;Na", "Hae-jin Na"),
        ("TBA;Muster", "Muster"),
    ] {
        let line = format!("T-1;{parts}");
        let one = traveller("Order;First name;Last name", &line).unwrap();
        assert_eq!(one.name, name);
    }
}

#[test]
fn one_of_several_whose_name_is_not_known_is_told() {
    for cell in [
        "Anna Muster, TBA",
        "Anna Muster & TBC",
        "Anna Muster / noch offen",
    ] {
        let text = cell.to_owned();
        let doubts = line("Order;Name", &format!("T-1;{cell}")).doubts;
        assert_eq!(doubts, [LineDoubt::Party { text }], "{cell}");
    }
}
