//! A plausible day at an agency's desk, the same each time: for pictures and for trying things out.

use esim_watch_payloads::{Esim, Payload};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// How the eSIMs of the day went, as statuses with the hours before now.
const COURSES: [&[(&str, i64)]; 8] = [
    &[("NEW", 40), ("INSTALLED", 20), ("ACTIVATED", 6)],
    &[
        ("NEW", 60),
        ("INSTALLED", 30),
        ("ACTIVATED", 25),
        ("INACTIVE", 3),
    ],
    &[("INSTALLED", 200), ("ACTIVATED", 190), ("EXPIRED", 5)],
    &[("NEW", 9)],
    &[("NEW", 31), ("DOWNLOADED", 12)],
    &[("INSTALLED", 50), ("ACTIVATED", 48), ("REVOKED", 2)],
    &[("INSTALLED", 90), ("ACTIVATED", 80)],
    &[("READY", 15), ("DOWNLOADED", 8), ("INSTALLED", 7)],
];

const TRAVELLERS: [&str; 12] = [
    "ROSSI",
    "NOVAK",
    "GARCIA",
    "MÜLLER",
    "OKAFOR",
    "DUBOIS",
    "TANAKA",
    "SILVA",
    "KOWALSKI",
    "HANSEN",
    "HADDAD",
    "LINDQVIST",
];

/// Some sixty eSIMs on their way, with usage, balance, orders and a refund, oldest event first.
#[must_use]
pub fn plausible_day(now: i64) -> Vec<Payload> {
    let mut events: Vec<(i64, Payload)> = Vec::new();
    let courses = COURSES.iter().cycle();
    let travellers = TRAVELLERS.iter().cycle();
    for (number, (course, traveller)) in (0..64).zip(courses.zip(travellers)) {
        // Every third order holds two eSIMs.
        let order = 2000 + number - u32::from(number % 3 == 1);
        let reference = format!("TRIP-{order}-{traveller}");
        let esim = Esim {
            reference,
            ..Esim::numbered(700_000 + number * 7_919)
        };
        let shift = i64::from(number) * 611;
        let begin = now - 26 * HOUR + shift;
        let end = begin
            + DAY
                * [7, 15, 30]
                    .iter()
                    .cycle()
                    .nth(number as usize)
                    .unwrap_or(&7);
        for (status, hours) in *course {
            let at = now - hours * HOUR - shift / 4;
            let payload = esim.status(status).at(at).period(begin, end);
            events.push((
                at,
                if number % 2 == 0 {
                    payload.flat()
                } else {
                    payload
                },
            ));
        }
        if matches!(course.last(), Some(("ACTIVATED", _))) {
            let at = now - HOUR - shift / 40;
            let left = 10_240.0 - f64::from(number) * 157.3;
            events.push((
                at,
                esim.usage(10_240.0, left.max(80.0))
                    .at(at)
                    .period(begin, end),
            ));
        }
    }
    let account = [
        (
            11,
            Payload::balance("low_balance", 148.2, "EUR").set("threshold", 200),
        ),
        (10, Payload::balance("top_up", 1003.1, "EUR")),
        (4, Payload::order("5d3d0c4e", 18.99, "EUR", "completed")),
        (
            1,
            Payload::refund("refunded", "7f21", &Esim::numbered(700_000)),
        ),
    ];
    for (hours, payload) in account {
        let at = now - hours * HOUR;
        events.push((at, payload.at(at)));
    }
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, payload)| payload).collect()
}
