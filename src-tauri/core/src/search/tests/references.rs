//! Tests: references, however they are written and called.

use super::*;

#[test]
fn a_reference_is_found_however_it_is_written_and_called() {
    let searches = [
        "REF-3",
        "ref3",
        "REF 3",
        "ref_3",
        "#REF-3",
        "Order REF-3",
        "Order REF 3",
        "order ref3",
        "Order: REF-3",
        "order:REF-3",
        "Order no. REF-3",
        "Order #REF-3",
        "Bestellung REF-3",
        "Buchungsnr.: REF-3.",
        "Pedido REF-3",
        "commande n° REF-3",
        "Ordine REF-3,",
        "encomenda nº REF-3",
        "(REF-3)",
    ];
    for stored in ["REF-3", "REF3", "ref_3", "Ref/3"] {
        let mut searched = SearchedText::default();
        searched.add_number(stored);
        for search in searches {
            assert!(
                Search::of(search).finds(&searched),
                "{search} in {searched:?}"
            );
        }
        finds(stored, &searches);
    }
    let mut spaced = SearchedText::default();
    spaced.add_number("REF 3");
    for search in ["ref3", "REF-3", "ref 3", "Order REF-3"] {
        assert!(Search::of(search).finds(&spaced), "{search}");
    }
    finds("4711", &["Order 4711", "Ref. 4711", "Bestellung #4711"]);
    finds("told of REF-3 by phone", &["ref3", "Order REF-3"]);
    misses("REF-4", &["ref3", "Order REF-3", "REF 3"]);
    for label in [
        "Order no.",
        "Order number",
        "Order-No.",
        "Order ID",
        "Booking ref",
        "Booking ref.:",
        "Booking reference",
        "Your booking",
        "Reservation number",
        "Confirmation code",
        "Record locator",
        "PNR",
        "PNR:",
        "File no.",
        "The number of the order",
        "Bestell-Nr.",
        "Bestellnummer:",
        "Auftragsnr.",
        "Buchungscode",
        "Buchungs-Nr.",
        "Ihre Buchungsnummer",
        "Vorgangsnummer",
        "Vorgangs-Nr.:",
        "Vorgang",
        "Reservierungscode",
        "Referenznummer",
        "Aktenzeichen",
        "Bestätigungsnummer",
        "Bestaetigungsnummer",
        "Az.",
        "Numéro de dossier",
        "N° de dossier :",
        "Nº dossier",
        "Référence",
        "Réf. :",
        "Code de réservation",
        "Votre numéro de commande",
        "Numéro d’ordre",
        "Localisateur",
        "Número de pedido",
        "Nº de reserva",
        "Localizador",
        "Código de reserva",
        "Expediente",
        "Núm.",
        "Numero dell'ordine",
        "Prenotazione",
        "Codice di prenotazione",
        "Numero della prenotazione",
        "Pratica",
        "Rif.",
        "Número da encomenda",
        "Código da reserva",
        "Processo n.º",
        "Confirmação",
    ] {
        let mut searched = SearchedText::default();
        searched.add_number("LIS-4711");
        for reference in ["LIS-4711", "lis4711", "4711", "#4711"] {
            let search = format!("{label} {reference}");
            assert!(Search::of(&search).finds(&searched), "{search}");
        }
        let search = format!("{label} LIS-4712");
        assert!(!Search::of(&search).finds(&searched), "{search}");
        let noted = format!("told as {label} LIS-4711");
        finds(&noted, &[&format!("{label} LIS-4711"), label]);
    }
    for label in [
        "PNR",
        "Buchungscode:",
        "Record locator",
        "Localizador",
        "Code",
        "Código de reserva",
        "PNR:",
    ] {
        finds("XKJQZT", &[&format!("{label} XKJQZT"), "pnr:XKJQZT"]);
        misses("XKJQZT", &[&format!("{label} XKJQZA")]);
    }
    finds(
        "LIS-4711",
        &[
            "Nr.4711",
            "n°4711",
            "Ref.LIS-4711",
            "PNR=LIS-4711",
            "*LIS-4711*",
            "_LIS-4711_",
            "•LIS-4711",
            "|LIS-4711|",
        ],
    );
    // A label alone is a word, and so is one in front of a name.
    misses("Anna", &["order anna", "dossier anna", "number anna"]);
    finds("Dossier von Anna", &["dossier anna"]);
    misses("REF-3", &["order", "order anna"]);
    finds("ORDER-3", &["order 3", "order-3", "order3"]);
    misses("LISBON-3", &["order 3"]);
}

#[test]
fn a_reference_is_found_in_one_piece_however_it_is_written() {
    let body = SearchedText::of([r#"{"reference_id": "REF-3", "status": "NEW"}"#]);
    for phrase in [
        "REF-3",
        "ref3",
        "Order REF-3",
        "order #ref-3",
        "Numéro de dossier REF-3",
    ] {
        assert!(Search::phrase(phrase).finds(&body), "{phrase}");
    }
    assert!(!Search::phrase("Order REF-4").finds(&body));
}
