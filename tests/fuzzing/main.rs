//! The short run of what `fuzz/` does for hours: mutated samples against the same laws, from a fixed
//! seed, on any toolchain.
#![cfg(unix)]

// For the lints too these are tests.
#[cfg(test)]
mod laws;
#[cfg(test)]
mod mutate;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use laws::Server;
use mutate::{Mutator, samples};

#[test]
fn whatever_becomes_of_a_sample_the_parser_keeps_its_laws() {
    let samples = samples();
    for sample in &samples {
        laws::parser(sample);
    }
    let mut mutator = Mutator::new(samples, 1);
    for _ in 0..8_000 {
        laws::parser(&mutator.next());
    }
}

#[test]
fn whatever_stands_in_a_booking_list_it_is_read_or_refused() {
    let lists = [
        "Name;Reference;Start;End;ICCID;Note\r\nAnna;T-1;03.12.2026;24.12.2026;89445012345678901234;\"Window\r\nseat\"\r\n",
        "sep=,\nBooking reference,Guest,Arrival,Departure,Email\nT-1,Zoë Müller,03DEC26,3 de enero de 2027,z@example.org\n",
        "Buchung\tName\tVorname\tReisezeitraum\nB-1\tRuiz\tMarta\t3. bis 24. Dezember 2026\n",
    ];
    let lists = lists.map(|list| list.as_bytes().to_vec()).to_vec();
    for list in &lists {
        laws::booking_list(list);
    }
    let mut mutator = Mutator::new(lists, 4);
    for _ in 0..500 {
        laws::booking_list(&mutator.next());
    }
}

#[test]
fn two_tellings_of_an_event_become_the_same_in_either_order() {
    let mut mutator = Mutator::new(samples(), 2);
    for _ in 0..4_000 {
        let pair = [mutator.next(), b"\n---\n".to_vec(), mutator.next()].concat();
        laws::absorbing(&pair);
    }
}

#[test]
fn whatever_bytes_come_the_listener_answers_as_documented_or_hangs_up() {
    static PANICS: AtomicU32 = AtomicU32::new(0);
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        report(panic);
    }));
    let server = Server::start();
    let requests: Vec<_> = samples()
        .into_iter()
        .map(|body| laws::request_of(&body))
        .collect();
    for request in &requests {
        assert_eq!(server.answer(request), Some(200));
    }
    let mut mutator = Mutator::new(requests, 3);
    let mut seen = BTreeMap::<_, u32>::new();
    for _ in 0..1_500 {
        *seen.entry(server.answer(&mutator.next())).or_default() += 1;
    }
    for status in [Some(200), Some(400), Some(401)] {
        assert!(seen.contains_key(&status), "no {status:?} among {seen:?}");
    }
    println!("{seen:?}");
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}
