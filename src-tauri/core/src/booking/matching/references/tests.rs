//! References as spreadsheets and people leave them, among orders that are known.

use super::*;
use crate::booking::matching::{KnownEsim, KnownEsims};
use crate::traveller::Traveller;

const KNOWN: &[&str] = &["LIS-1001", "4711", "4712", "BK/2026/0007", "00815", "AB-12"];

fn line(reference: &str) -> Booking {
    Booking {
        line: 2,
        traveller_of_line: 0,
        who: String::new(),
        iccids: Vec::new(),
        esim_id: None,
        reference: Some(reference.to_owned()),
        traveller: Ok(Traveller::default()),
        several: None,
        doubts: Vec::new(),
    }
}

fn all_resolved(listed: &[&str], orders: &[&str]) -> Vec<Booking> {
    let lines: Vec<Booking> = listed.iter().map(|one| line(one)).collect();
    let mut known = KnownEsims::named_by(&lines);
    for (row, reference) in (1..).zip(orders) {
        known.has(KnownEsim {
            row,
            reference: Some((*reference).to_owned()),
            ..KnownEsim::default()
        });
    }
    resolved(&lines, &known.references)
}

/// What becomes of a reference: those of its lines, and what is told.
fn found(listed: &str) -> (Vec<String>, Vec<LineDoubt>) {
    let lines = all_resolved(&[listed], KNOWN);
    let doubts = lines.first().map(|line| line.doubts.clone());
    let references = lines.into_iter().filter_map(|line| line.reference);
    (references.collect(), doubts.unwrap_or_default())
}

#[test]
fn a_reference_is_known_whatever_stands_around_it_and_between_its_parts() {
    for (listed, order) in [
        ("LIS-1001", "LIS-1001"),
        ("lis 1001", "LIS-1001"),
        ("LIS1001", "LIS-1001"),
        ("LIS–1001", "LIS-1001"),
        ("#4712", "4712"),
        ("Nr. 4711", "4711"),
        ("Order: LIS-1001", "LIS-1001"),
        ("Buchung Nr. 4711", "4711"),
        ("4711.0", "4711"),
        ("4711,00", "4711"),
        ("4.711E+03", "4711"),
        ("4,711E+03", "4711"),
        ("BK-2026-0007", "BK/2026/0007"),
        ("ab 12", "AB-12"),
    ] {
        assert_eq!(found(listed), (vec![order.to_owned()], vec![]), "{listed}");
    }
}

#[test]
fn an_order_that_is_meant_if_digits_were_lost_is_taken_and_told() {
    for (listed, order) in [
        ("815", "00815"),
        ("0815", "00815"),
        ("8.15E+02", "00815"),
        ("BK/2026/7", "BK/2026/0007"),
        ("BK20260007", "BK/2026/0007"),
        ("4,711", "4711"),
        ("LIS-01001", "LIS-1001"),
        ("LIS-100-1", "LIS-1001"),
    ] {
        let doubt = LineDoubt::TakenForOrder {
            text: listed.to_owned(),
            reference: order.to_owned(),
        };
        let wanted = (vec![order.to_owned()], vec![doubt]);
        assert_eq!(found(listed), wanted, "{listed}");
    }
}

#[test]
fn a_reference_of_an_order_that_is_still_to_come_waits_for_it() {
    for listed in ["LIS-1002", "NEW-7", "471", "47110", "NO-4711", "Nr. 4713"] {
        assert_eq!(found(listed), (vec![listed.to_owned()], vec![]), "{listed}");
    }
    for (listed, number) in [("4.713E+03", "4713"), ("4713.0", "4713"), ("7E+00", "7")] {
        assert_eq!(found(listed), (vec![number.to_owned()], vec![]), "{listed}");
    }
}

#[test]
fn a_number_that_a_spreadsheet_shortened_is_told() {
    let text = "4.7E+03".to_owned();
    let wanted = (vec![text.clone()], vec![LineDoubt::Shortened { text }]);
    assert_eq!(found("4.7E+03"), wanted);
}

#[test]
fn of_two_orders_that_a_reference_may_be_none_is_taken() {
    // Nobody knows which of both is meant.
    let lines = all_resolved(&["815"], &["00815", "0815"]);
    let references = vec!["00815".to_owned(), "0815".to_owned()];
    assert_eq!(lines[0].reference.as_deref(), Some("815"));
    assert_eq!(lines[0].doubts, [LineDoubt::NearOrders { references }]);
}

#[test]
fn a_list_that_has_both_means_both() {
    let lines = all_resolved(&["00815", "815"], KNOWN);
    let reference = |at: usize| lines[at].reference.as_deref();
    assert_eq!((reference(0), reference(1)), (Some("00815"), Some("815")));
    let references = vec!["00815".to_owned()];
    assert_eq!(lines[1].doubts, [LineDoubt::NearOrders { references }]);
}

#[test]
fn orders_whose_references_differ_in_case_alone_are_two() {
    let known = ["xK9a", "xk9A"];
    let named = |listed: &str| all_resolved(&[listed], &known).remove(0);
    for listed in known {
        assert_eq!(named(listed).reference.as_deref(), Some(listed));
        assert_eq!(named(listed).doubts, []);
    }
    let references = vec!["xK9a".to_owned(), "xk9A".to_owned()];
    assert_eq!(named("XK9A").doubts, [LineDoubt::NearOrders { references }]);
}

#[test]
fn what_nobody_knows_is_one_order_however_the_list_writes_it() {
    let lines = all_resolved(&["Trip-9", "TRIP-9"], KNOWN);
    assert_eq!(lines[1].reference.as_deref(), Some("Trip-9"));
}

#[test]
fn a_line_of_two_orders_is_one_of_each() {
    for listed in [
        "LIS-1001, 4711",
        "LIS-1001/4711",
        "LIS-1001 & 4711",
        "lis 1001 und Nr. 4711",
        "LIS-1001\n4711",
    ] {
        let wanted = ["LIS-1001", "4711"].map(str::to_owned).to_vec();
        let doubt = LineDoubt::SeveralOrders { count: 2 };
        assert_eq!(found(listed), (wanted, vec![doubt]), "{listed}");
    }
    let lines = all_resolved(&["LIS-1001, 4711"], KNOWN);
    assert_eq!((lines[0].place(), lines[1].place()), ((2, 0), (2, 1)));
}

#[test]
fn of_an_order_that_is_known_and_one_that_is_not_the_known_one_counts() {
    let text = "WAIT-9".to_owned();
    let wanted = (
        vec!["LIS-1001".to_owned()],
        vec![LineDoubt::NoOrder { text }],
    );
    assert_eq!(found("LIS-1001, WAIT-9"), wanted);
    assert_eq!(found("2027/4711").0, ["2027/4711"]);
}

#[test]
fn the_number_of_a_traveller_behind_an_order_is_told() {
    for (listed, order) in [
        ("4711-1", "4711"),
        ("LIS-1001/3", "LIS-1001"),
        ("lis 1001-2", "LIS-1001"),
        ("AB-12 (1/4)", "AB-12"),
        ("4712.02", "4712"),
    ] {
        let references = vec![order.to_owned()];
        let doubt = LineDoubt::NearOrders { references };
        assert_eq!(
            found(listed),
            (vec![listed.to_owned()], vec![doubt]),
            "{listed}"
        );
    }
    for listed in ["4713-1", "4711-2026", "LIS-2", "4711A"] {
        assert_eq!(found(listed).1, [], "{listed}");
    }
}

#[test]
fn what_is_said_in_brackets_behind_an_order_is_left_out_and_told() {
    for (listed, words) in [
        ("LIS-1001 (neu)", "(neu)"),
        ("lis 1001 (new, paid)", "(new, paid)"),
        ("4711(neu)", "(neu)"),
        ("4711 [VIP]", "[VIP]"),
    ] {
        let order = if listed.starts_with('4') {
            "4711"
        } else {
            "LIS-1001"
        };
        let text = words.to_owned();
        let wanted = (vec![order.to_owned()], vec![LineDoubt::Unused { text }]);
        assert_eq!(found(listed), wanted, "{listed}");
    }
}

#[test]
fn an_order_with_words_behind_it_is_told() {
    for (listed, order) in [
        ("LIS-1001 neu", "LIS-1001"),
        ("LIS-1001 a", "LIS-1001"),
        ("lis 1001 as changed", "LIS-1001"),
        ("LIS-1001 (alt 4711)", "LIS-1001"),
        ("LIS-1001 (was LIS-1000)", "LIS-1001"),
        ("4712 - Rom", "4712"),
    ] {
        let references = vec![order.to_owned()];
        let doubt = LineDoubt::NearOrders { references };
        let wanted = (vec![listed.to_owned()], vec![doubt]);
        assert_eq!(found(listed), wanted, "{listed}");
    }
    for listed in [
        "4713 neu",
        "Rom 4711",
        "LIS 4711",
        "LIS-1002 (neu)",
        "(neu)",
        "ä (ö",
    ] {
        let (references, doubts) = found(listed);
        let taken = references != [listed.to_owned()];
        assert!(
            doubts.is_empty() && !taken,
            "{listed} {references:?} {doubts:?}"
        );
    }
}

#[test]
fn letters_that_look_alike_are_the_same() {
    assert_eq!(found("АВ-12"), (vec!["AB-12".to_owned()], vec![]));
    assert_eq!(found("ＡＢ－１２"), (vec!["AB-12".to_owned()], vec![]));
}
