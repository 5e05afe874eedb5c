//! Columns of days: those of trips, and numbers that look like days.

use super::*;
use Column::{Ignored, Name, Reference, TripStart};

fn columns_of(headings: &str, line: &str) -> Vec<Column> {
    let list = understood(&format!("{headings}\n{line}\n"));
    list.reading.columns.unwrap()
}

#[test]
fn numbers_of_orders_that_look_like_days_are_references() {
    for numbers in [
        ["46359", "46360"],
        ["20261201", "20261202"],
        ["DEC-12", "DEC-13"],
        ["Okt-1", "Okt-2"],
        ["DEC12", "MAY07"],
    ] {
        for heading in [
            "Order",
            "Order Number",
            "Reference",
            "Bestellnummer",
            "Vorgang",
            "PNR",
        ] {
            let [first, second] = numbers;
            let text = format!("{heading};Name\n{first};Anna\n{second};Tom\n");
            let columns = understood(&text).reading.columns.unwrap();
            assert_eq!(columns, [Reference, Name], "{heading} {first}");
        }
    }
    let booked = columns_of("Booking;Guest", "3 Dec 2026;Anna");
    assert_eq!(booked, [Ignored, Name]);
}

#[test]
fn a_trip_of_days_is_when_it_is() {
    for heading in [
        "Reise", "Trip", "Viaje", "Voyage", "Viaggio", "Viagem", "Tour",
    ] {
        for (days, last) in [
            ("2026-12-03", None),
            ("03.12.2026 - 10.12.2026", Some("2026-12-10")),
            ("3-10 Dec 2026", Some("2026-12-10")),
        ] {
            let headings = format!("Order;Name;{heading}");
            let anna = line(&headings, &format!("T-1;Anna;{days}"));
            assert_eq!(anna.reference.as_deref(), Some("T-1"), "{heading}");
            let anna = anna.traveller.unwrap();
            assert_eq!(anna.trip_start.as_deref(), Some("2026-12-03"), "{heading}");
            assert_eq!(anna.trip_end.as_deref(), last, "{heading} {days}");
        }
    }
    let named = columns_of("Order;Name;Reise", "T-1;Anna;Lissabon");
    assert_eq!(named, [Reference, Name, Ignored]);
}

#[test]
fn the_only_days_of_a_list_are_its_trips_if_they_are_to_come() {
    for heading in ["Date", "Datum", "Fecha", "Data", "Dates"] {
        let headings = format!("Order;Name;{heading}");
        let ahead = columns_of(&headings, "T-1;Anna;2026-12-03");
        assert_eq!(ahead, [Reference, Name, TripStart], "{heading}");
        let unclear = columns_of(&headings, "T-1;Anna;03.12.2026");
        assert_eq!(unclear, [Reference, Name, TripStart], "{heading}");
        let second = columns_of(&headings, "T-1;Anna;11/20/2026\nT-2;Tom;11/12/2026");
        assert_eq!(second, [Reference, Name, Ignored], "{heading}");
        // An order may be of that day.
        let past = columns_of(&headings, "T-1;Anna;2026-11-03");
        assert_eq!(past, [Reference, Name, Ignored], "{heading}");
    }
    let other = columns_of("Order;Name;Date;Start", "T-1;Anna;2026-12-01;2026-12-03");
    assert_eq!(other, [Reference, Name, Ignored, TripStart]);
}

#[test]
fn days_of_which_some_are_past_are_told_where_they_are_to_come() {
    let list = understood(
        "Order;Name;Date\nT-1;Anna;03.11.2026\nT-2;Ben;04.11.2026\nT-3;Eva;24.12.2026\n",
    );
    assert_eq!(list.reading.columns.unwrap()[2], Column::Ignored);
    let doubts: Vec<_> = list.lines.iter().map(|line| line.doubts.clone()).collect();
    let text = "24.12.2026".to_owned();
    let heading = "Date".to_owned();
    assert_eq!(
        doubts,
        [vec![], vec![], vec![LineDoubt::OpenDay { text, heading }]]
    );
    // When somebody booked is past, and beside a trip's days other days are none.
    for list in [
        "Order;Name;Date\nT-1;Anna;03.11.2026\nT-2;Ben;04.11.2026\n",
        "Order;Name;Date;Start\nT-1;Anna;03.12.2026;05.12.2026\nT-2;Ben;04.11.2026;06.12.2026\n",
        "Order;Name;Passport valid until\nT-1;Anna;03.12.2026\nT-2;Ben;04.11.2026\n",
    ] {
        let found = understood(list);
        assert!(
            found.lines.iter().all(|line| line.doubts.is_empty()),
            "{list}"
        );
    }
}
