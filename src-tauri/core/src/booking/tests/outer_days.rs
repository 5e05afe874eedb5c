//! The first and the last day of a trip by whatever name.

use super::*;
use Column::{Ignored, TripEnd, TripStart};

/// What columns with these headings are taken for below which days of trips stand.
fn columns(headings: &str) -> Vec<Column> {
    let list = understood(&format!(
        "Buchung;Kunde;{headings}\nT-1;Peter Klein;03.12.2026;10.12.2026\nT-2;Ute Lang;05.12.2026;12.12.2026\n"
    ));
    let mut columns = list.reading.columns.unwrap();
    columns.drain(..2);
    columns
}

#[test]
fn the_day_of_return_is_the_end_of_a_trip() {
    for headings in [
        "Abflugdatum;Rückflugdatum",
        "Hinflugdatum;Rückflugdatum",
        "Flugdatum;Rückflugdatum",
        "Flugdatum;Flugdatum zurück",
        "Flugdatum hin;Flugdatum zurück",
        "Abflugdatum;Heimflugdatum",
        "Flight date;Return flight date",
        "Outbound flight date;Return flight date",
        "Flight date out;Flight date back",
        "Departure flight date;Inbound flight date",
        "Date du vol aller;Date du vol retour",
        "Date de vol;Date de vol retour",
        "Fecha de vuelo de ida;Fecha de vuelo de vuelta",
        "Fecha del vuelo;Fecha del vuelo de regreso",
        "Data del volo di andata;Data del volo di ritorno",
        "Data volo andata;Data volo ritorno",
        "Data do voo de ida;Data do voo de volta",
        "Reisebeginn;Letzter Reisetag",
        "1. Reisetag;Letzter Reisetag",
        "Erster Tag;Letzter Tag",
        "First day;Last day",
        "First day of trip;Last day of trip",
        "First travel date;Last travel date",
        "Primer día;Último día",
        "Primer día de viaje;Último día de viaje",
        "Premier jour du voyage;Dernier jour du voyage",
        "Primo giorno;Ultimo giorno",
        "Primeiro dia da viagem;Último dia da viagem",
        "Fly out;Fly back",
        "Fly out;Fly home",
        "Flying out;Flying back",
        "Flight out;Flight back",
        "Fly out date;Fly in date",
    ] {
        assert_eq!(columns(headings), [TripStart, TripEnd], "{headings}");
    }
    for alone in [
        "Rückflugdatum",
        "Letzter Reisetag",
        "Return flight date",
        "Last day",
    ] {
        let list = understood(&format!("Order;Name;{alone}\nT-1;Anna;10.12.2026\n"));
        assert_eq!(list.reading.columns.unwrap()[2], TripEnd, "{alone}");
    }
    for other in ["Last day to pay", "Letzter Zahlungstag", "Last booking day"] {
        let list = understood(&format!(
            "Order;Name;Start;{other}\nT-1;Anna;12.12.2026;10.12.2026\n"
        ));
        assert_eq!(list.reading.columns.unwrap()[3], Ignored, "{other}");
    }
}

#[test]
fn the_number_of_a_flight_is_no_day() {
    for heading in [
        "Rückflugnummer",
        "Rückflug Nr.",
        "Return flight number",
        "Return flight no.",
        "Return flight",
        "Rückflug",
        "Vol retour",
        "Numéro vol retour",
        "Número de vuelo de regreso",
        "Numero volo ritorno",
        "Número do voo de volta",
    ] {
        for (first, second) in [("OS 52", "NH 206"), ("LH1234", "U2-4501")] {
            let list = understood(&format!(
                "Buchung;Kunde;Abflugdatum;{heading};Rückflugdatum\nT-1;Peter Klein;03.12.2026;{first};10.12.2026\n\
                 T-2;Ute Lang;05.12.2026;{second};12.12.2026\n"
            ));
            let columns = list.reading.columns.unwrap();
            assert_eq!(columns[2..], [TripStart, Ignored, TripEnd], "{heading}");
            let alone = understood(&format!(
                "Buchung;Kunde;Abflugdatum;{heading}\nT-1;Peter Klein;03.12.2026;{first}\n"
            ));
            assert_eq!(
                alone.reading.columns.unwrap()[2..],
                [TripStart, Ignored],
                "{heading}"
            );
            assert_eq!(alone.lines[0].doubts, [], "{heading}");
        }
    }
}
