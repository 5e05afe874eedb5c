//! Trips whose first and last day stand in one cell.

use super::*;

/// The days of the only line of a list whose last column has this heading and this text.
fn trip(heading: &str, text: &str) -> (Option<String>, Option<String>) {
    let list = format!("Order\tName\t{heading}\nSOLO-1\tZed Zorn\t\"{text}\"\n");
    let list = understood(&list);
    assert_eq!(list.lines.len(), 1, "{heading}: {text}");
    let line = &list.lines[0];
    assert_eq!(
        line.reference.as_deref(),
        Some("SOLO-1"),
        "{heading}: {text}"
    );
    let traveller = line.traveller.clone().unwrap();
    assert_eq!(traveller.name, "Zed Zorn", "{heading}: {text}");
    assert_eq!(line.doubts, [], "{heading}: {text}");
    (traveller.trip_start, traveller.trip_end)
}

fn november() -> (Option<String>, Option<String>) {
    let day = |text: &str| Some(text.to_owned());
    (day("2026-11-29"), day("2026-12-05"))
}

#[test]
fn first_and_last_day_are_read_from_one_cell_however_they_are_parted() {
    for text in [
        "29.11.2026 - 05.12.2026",
        "29.11.2026-05.12.2026",
        "29.11.2026 – 05.12.2026",
        "29.11.2026—05.12.2026",
        "29.11.2026 ‑ 05.12.2026",
        "29.11.2026\u{a0}–\u{a0}05.12.2026",
        "29.11.2026 → 05.12.2026",
        "29.11.2026 -> 05.12.2026",
        "29.11.2026 > 05.12.2026",
        "29.11.2026 ~ 05.12.2026",
        "29.11.2026 / 05.12.2026",
        "29.11.2026\n05.12.2026",
        "29.11.2026 …05.12.2026",
        "29.11.2026 ... 05.12.2026",
        "29.11.-05.12.2026",
        "29.11. - 05.12.2026",
        "29.11. – 5.12.26",
        "29.11.26-05.12.26",
        "29.11. bis 05.12.2026",
        "29.11.2026 bis 05.12.2026",
        "vom 29.11.2026 bis zum 05.12.2026",
        "von 29.11.2026 bis 05.12.2026",
        "So, 29.11.2026 - Sa, 05.12.2026",
        "29/11/2026 to 05/12/2026",
        "from 29/11/2026 to 05/12/2026",
        "29/11/2026 until 05/12/2026",
        "29/11/2026 till 05/12/2026",
        "29/11/2026 through 05/12/2026",
        "29/11-05/12/2026",
        "29/11/2026-05/12/2026",
        "du 29/11/2026 au 05/12/2026",
        "29/11/2026 au 05/12/2026",
        "du 29 nov. au 5 déc. 2026",
        "29/11/2026 jusqu’au 05/12/2026",
        "del 29/11/2026 al 05/12/2026",
        "29/11/2026 al 05/12/2026",
        "desde el 29/11/2026 hasta el 05/12/2026",
        "29/11/2026 a 05/12/2026",
        "dal 29/11/2026 al 05/12/2026",
        "29/11/2026 fino al 05/12/2026",
        "de 29/11/2026 a 05/12/2026",
        "29/11/2026 até 05/12/2026",
        "29/11/2026 até ao dia 05/12/2026",
        "2026-11-29/2026-12-05",
        "2026-11-29 - 2026-12-05",
        "2026-11-29 to 2026-12-05",
        "29.11.2026 14:30 - 05.12.2026 09:15",
        "29.11.2026 - 05.12.2026 (6 Nächte)",
        "29/11/2026 - 05/12/2026 (7 days)",
        "29.11.2026 - 05.12.2026, 6 nights",
    ] {
        assert_eq!(trip("Reisezeitraum", text), november(), "{text}");
    }
}

#[test]
fn what_trips_in_one_cell_are_called_differs() {
    for heading in [
        "Trip",
        "Travel period",
        "Travel dates",
        "Dates",
        "Booking period",
        "Period",
        "Stay",
        "Booking",
        "Reservation",
        "Trip dates",
        "From - to",
        "From/to",
        "Date",
        "Duration",
        "When",
        "Reisezeitraum",
        "Zeitraum",
        "Reisedaten",
        "Reise",
        "Buchungszeitraum",
        "Buchung",
        "Aufenthalt",
        "Reisetermin",
        "Termin",
        "von - bis",
        "Von/Bis",
        "Dauer",
        "Reisedauer",
        "Période",
        "Dates du voyage",
        "Séjour",
        "Voyage",
        "Période de réservation",
        "du - au",
        "Durée",
        "Periodo",
        "Fechas",
        "Viaje",
        "Período de viaje",
        "Estancia",
        "Fechas de la reserva",
        "Desde - hasta",
        "Duración",
        "Viaggio",
        "Date del viaggio",
        "Soggiorno",
        "Periodo di prenotazione",
        "Dal - al",
        "Durata",
        "Período",
        "Viagem",
        "Datas",
        "Estadia",
        "Período da reserva",
        "De - até",
        "Duração",
    ] {
        let text = "29.11.2026 - 05.12.2026";
        assert_eq!(trip(heading, text), november(), "{heading}");
    }
}

#[test]
fn a_trip_in_one_cell_counts_beside_the_day_on_which_it_was_booked() {
    let list = understood(
        "Buchungsnr;Buchungsdatum;Name;Buchungszeitraum\nSOLO;01.06.2026;Zed;29.11.2026 - 05.12.2026\n",
    );
    let traveller = list.lines[0].traveller.clone().unwrap();
    assert_eq!((traveller.trip_start, traveller.trip_end), november());
}

#[test]
fn which_number_is_the_day_is_asked_where_a_trip_in_one_cell_does_not_tell() {
    let list = "Order,Name,Period\nSOLO,Zed,03/04/2026 - 05/04/2026\n";
    assert!(understood(list).days_unclear);
    let told =
        "Order,Name,Period\nSOLO,Zed,03/04/2026 - 05/04/2026\nDUO,Ann,11/25/2026 - 12/05/2026\n";
    let told = understood(told);
    assert!(!told.days_unclear);
    let zed = told.lines[0].traveller.clone().unwrap();
    assert_eq!(zed.trip_start.as_deref(), Some("2026-03-04"));
}

#[test]
fn what_is_no_trip_in_one_cell_is_told() {
    for text in [
        "29.11.2026 - 31.11.2026",
        "29.11.2026 - 05.12.2026 - 09.12.2026",
    ] {
        let list = understood(&format!("Order;Name;Reisezeitraum\nSOLO;Zed;{text}\n"));
        let told = LineDoubt::NoDay { text: text.into() };
        assert_eq!(list.lines[0].doubts, [told], "{text}");
    }
    for text in ["05.12.2026 - 29.11.2026", "29.11.2026 - 05.13.2026"] {
        let list = understood(&format!("Order;Name;Reisezeitraum\nSOLO;Zed;{text}\n"));
        assert_eq!(list.lines[0].doubts, [LineDoubt::EndsBeforeStart], "{text}");
    }
}
