//! Days without marks between their parts.

use super::*;
use Column::{Ignored, Name, Reference, TripEnd, TripStart};

fn trips(list: &Bookings) -> Vec<(Option<&str>, Option<&str>)> {
    let lines = list
        .lines
        .iter()
        .map(|line| line.traveller.as_ref().unwrap());
    lines
        .map(|one| (one.trip_start.as_deref(), one.trip_end.as_deref()))
        .collect()
}

const THIRD_TO_TENTH: (Option<&str>, Option<&str>) = (Some("2026-12-03"), Some("2026-12-10"));

#[test]
fn six_digits_are_a_day_where_the_heading_says_so() {
    for headings in [
        "Start;End",
        "Beginn;Ende",
        "Inicio;Fin",
        "Début;Fin",
        "Inizio;Fine",
        "Início;Fim",
        "Trip start;Trip end",
        "Abreise;Rückreise",
        "Check-in;Check-out",
        "Departure;Return",
    ] {
        let list = understood(&format!(
            "Ref;Name;{headings}\nR-200;Ann Poe;031226;101226\nR-300;Bo Li;281226;040127\n"
        ));
        assert_eq!(
            list.reading.columns.as_deref(),
            Some([Reference, Name, TripStart, TripEnd].as_slice())
        );
        let second = (Some("2026-12-28"), Some("2027-01-04"));
        assert_eq!(trips(&list), [THIRD_TO_TENTH, second], "{headings}");
        assert!(!list.days_unclear);
        assert_eq!(list.samples[2], "031226", "as it stands there");
        assert!(list.lines.iter().all(|line| line.doubts.is_empty()));
    }
}

#[test]
fn six_digits_alone_are_asked_for_where_the_month_may_stand_first() {
    let list = understood("Ref;Name;Start;End\nR-200;Ann Poe;031226;101226\n");
    assert_eq!(trips(&list), [THIRD_TO_TENTH]);
    assert!(list.days_unclear);
    let month_first = understood("Ref;Name;Start;End\nR-200;Ann Poe;120326;123026\n");
    assert_eq!(
        trips(&month_first),
        [(Some("2026-12-03"), Some("2026-12-30"))]
    );
}

#[test]
fn zeros_that_a_spreadsheet_took_are_there_again() {
    let list =
        understood("Ref;Name;Start;End\nR-200;Ann Poe;31226;101226\nR-300;Bo Li;281226;40127\n");
    assert_eq!(trips(&list)[0], THIRD_TO_TENTH);
    // A spreadsheet's own days are as they were.
    let serial = understood("Ref;Name;Start;End\nR-200;Ann Poe;46359;46366\n");
    assert_eq!(trips(&serial), [THIRD_TO_TENTH]);
}

#[test]
fn the_year_may_stand_first() {
    let list =
        understood("Ref;Name;Start;End\nR-200;Ann Poe;261203;261210\nR-300;Bo Li;271228;271230\n");
    assert_eq!(trips(&list)[0], THIRD_TO_TENTH);
    assert_eq!(trips(&list)[1], (Some("2027-12-28"), Some("2027-12-30")));
}

#[test]
fn digits_that_are_no_days_are_told() {
    let list =
        understood("Ref;Name;Start;End\nR-200;Ann Poe;031226;101226\nR-300;Bo Li;311326;991226\n");
    let told: Vec<&LineDoubt> = list.lines.iter().flat_map(|line| &line.doubts).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told.iter()
            .all(|doubt| matches!(doubt, LineDoubt::NoDay { .. }))
    );
    assert_eq!(names(&list), ["Ann Poe", "Bo Li"]);
    // What is to follow takes no day from the others.
    let list =
        understood("Ref;Name;Start;End\nR-200;Ann Poe;031226;101226\nR-300;Bo Li;TBA;101226\n");
    assert_eq!(trips(&list)[0], THIRD_TO_TENTH);
    let text = "TBA".to_owned();
    assert_eq!(list.lines[1].doubts, [LineDoubt::NoDay { text }]);
}

#[test]
fn six_digits_are_no_day_where_nothing_says_so() {
    let list = understood("Ref;Name;Code\n031226;Ann Poe;101226\n");
    assert_eq!(list.reading.columns.unwrap(), [Reference, Name, Ignored]);
    assert_eq!(list.lines[0].reference.as_deref(), Some("031226"));
    let times = understood("Ref;Name;Start\nR-200;Ann Poe;1035\nR-300;Bo Li;0930\n");
    assert_eq!(times.reading.columns.unwrap(), [Reference, Name, Ignored]);
}

#[test]
fn what_somebody_says_are_days_is_read_as_days() {
    let reading = Reading {
        columns: Some(vec![Reference, Name, TripStart]),
        ..Reading::default()
    };
    let list = understood_as("Ref;Name;Code\nR-200;Ann Poe;031226\n", &reading);
    assert_eq!(trips(&list), [(Some("2026-12-03"), None)]);
}
