//! Whose a line is, and what of a traveller stays when a list says something else.

use super::over::over;
use super::*;

const RULES: Rules = Rules {
    today: jiff::civil::date(2026, 11, 28),
    together: false,
    several: None,
};

fn named(name: &str) -> Traveller {
    Traveller {
        name: name.to_owned(),
        ..Traveller::default()
    }
}

fn noted(note: &str) -> Traveller {
    Traveller {
        note: note.to_owned(),
        ..Traveller::default()
    }
}

fn tagged(tags: &[&str]) -> Traveller {
    Traveller {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..Traveller::default()
    }
}

/// The note that comes of a known one and a listed one.
fn note(known: &str, listed: &str) -> String {
    over(Some(&noted(known)), &noted(listed)).note
}

#[test]
fn where_nothing_was_known_the_list_is_taken_as_it_is() {
    assert_eq!(over(None, &named("Anna")), named("Anna"));
}

#[test]
fn what_the_list_says_counts() {
    assert_eq!(
        over(Some(&named("A. Bauer")), &named("Anna")),
        named("Anna")
    );
}

#[test]
fn what_the_list_says_nothing_of_stays() {
    let known = Traveller {
        contact: "+49 30 1".to_owned(),
        trip_start: Some("2026-12-01".to_owned()),
        ..named("Anna")
    };
    assert_eq!(over(Some(&known), &Traveller::default()), known);
}

#[test]
fn a_note_is_added_to_the_one_that_is_known() {
    assert_eq!(note("Vegan", "Window"), "Vegan\nWindow");
}

#[test]
fn a_note_that_is_known_is_not_added_again() {
    assert_eq!(note("Vegan\nWindow", "Window"), "Vegan\nWindow");
}

#[test]
fn a_note_is_taken_where_there_was_none() {
    assert_eq!(note("", "Window"), "Window");
    assert_eq!(note("Vegan", ""), "Vegan");
}

#[test]
fn tags_are_added_whatever_their_case() {
    let both = over(Some(&tagged(&["VIP"])), &tagged(&["vip", "group 7"]));
    assert_eq!(both.tags, ["VIP", "group 7"]);
}

fn line(line: usize, iccid: Option<&str>, reference: Option<&str>) -> Booking {
    Booking {
        line,
        traveller_of_line: 0,
        who: "Anna".to_owned(),
        iccids: iccid.map(str::to_owned).into_iter().collect(),
        esim_id: None,
        reference: reference.map(str::to_owned),
        traveller: Ok(named("Anna")),
        several: None,
        doubts: Vec::new(),
    }
}

#[test]
fn lines_find_their_owners_among_what_is_known() {
    let lines = [
        line(2, Some("1111"), None),
        line(3, Some("2222"), None),
        line(4, None, Some("trip-2")),
        line(5, None, Some("TRIP-2")),
        line(6, None, Some("TRIP-9")),
    ];
    let mut known = KnownEsims::named_by(&lines);
    for (iccid, esim) in [
        ("89445012345678301111", 1),
        ("89445012345678302222", 2),
        ("89445012345679302222", 3),
    ] {
        known.has_iccid(iccid.to_owned(), esim);
    }
    for row in [2, 3] {
        known.has(KnownEsim {
            row,
            reference: Some("TRIP-2".to_owned()),
            ..KnownEsim::default()
        });
    }
    let mut asked = Vec::new();
    let proposals = propose(&lines, &known, RULES, |owner| {
        asked.push(owner.clone());
        Ok::<_, std::convert::Infallible>(Found::default())
    });
    let order = |name: &str| Owner::Order(name.to_owned());
    let esims = [1, 2, 3].map(Owner::Esim);
    let orders = ["TRIP-2", "TRIP-9"].map(order);
    assert_eq!(asked, [esims.as_slice(), &orders].concat());
    let owners: Vec<_> = proposals
        .unwrap()
        .into_iter()
        .map(|one| one.row.owner)
        .collect();
    assert_eq!(
        owners,
        [
            LineOwner::Unknown,
            LineOwner::Several { count: 2 },
            LineOwner::Order { esims: 2 },
            LineOwner::Repeated { line: 4 },
            LineOwner::Order { esims: 0 },
        ]
    );
}

/// The owners of lines with these numbers, among eSIMs with those.
fn owners(numbers: &[&str], esims: &[&str]) -> Vec<LineOwner> {
    let lines: Vec<Booking> = numbers.iter().map(|one| line(2, Some(one), None)).collect();
    let mut known = KnownEsims::named_by(&lines);
    for (row, iccid) in (1..).zip(esims) {
        known.has_iccid((*iccid).to_owned(), row);
    }
    let proposals = propose(&lines, &known, RULES, |owner| {
        let Owner::Esim(row) = owner else {
            return Ok::<_, std::convert::Infallible>(Found::default());
        };
        Ok(Found {
            esim: Some(FoundEsim {
                key: row.to_string(),
                iccid: None,
            }),
            ..Found::default()
        })
    });
    proposals
        .unwrap()
        .into_iter()
        .map(|one| one.row.owner)
        .collect()
}

#[test]
fn of_ten_numbers_that_fit_the_check_digit_decides() {
    let nineteen = "8944501234567930333";
    let twenty: Vec<String> = (0..10).map(|digit| format!("{nineteen}{digit}")).collect();
    let all: Vec<&str> = twenty.iter().map(String::as_str).collect();
    let found = owners(&[nineteen], &all);
    let [LineOwner::Esim { key, .. }] = found.as_slice() else {
        panic!("{found:?}");
    };
    let row: usize = key.parse().unwrap();
    assert!(crate::event::Iccid::is_checked(&twenty[row - 1]));
}

#[test]
fn numbers_of_which_no_check_digit_decides_are_as_many_as_fit() {
    let nineteen = "8944501234567930333";
    let twenty: Vec<String> = (0..10).map(|digit| format!("{nineteen}{digit}")).collect();
    let wrong = twenty
        .iter()
        .filter(|one| !crate::event::Iccid::is_checked(one));
    let wrong: Vec<&str> = wrong.map(String::as_str).collect();
    assert_eq!(
        owners(&[nineteen], &wrong),
        [LineOwner::Several { count: 9 }]
    );
}

#[test]
fn travellers_wait_by_the_order_for_esims_whose_right_numbers_nobody_has_named_yet() {
    const RIGHT: [&str; 2] = ["8944500102190000018", "8944500102190000026"];
    let wait = |lines: &[Booking]| -> Vec<LineOwner> {
        let known = KnownEsims::named_by(lines);
        let proposals = propose(lines, &known, RULES, |_| {
            Ok::<_, std::convert::Infallible>(Found::default())
        });
        proposals
            .unwrap()
            .into_iter()
            .map(|one| one.row.owner)
            .collect()
    };
    let awaited = LineOwner::Order { esims: 0 };
    assert_eq!(
        wait(&[
            line(2, Some(RIGHT[0]), Some("T-1")),
            line(3, Some(RIGHT[1]), Some("T-2")),
            // Wrong, without what is checked, the last digits, and without an order.
            line(4, Some("8944500102190000017"), Some("T-3")),
            line(5, Some("894450010219000001"), Some("T-4")),
            line(6, Some("000018"), Some("T-5")),
            line(7, Some(RIGHT[0]), None),
        ]),
        [
            awaited.clone(),
            awaited.clone(),
            LineOwner::Unknown,
            LineOwner::Unknown,
            LineOwner::Unknown,
            LineOwner::Unknown,
        ]
    );
    // Two of one order wait together, as two numbers in one line do.
    let mut other = line(3, Some(RIGHT[1]), Some("T-1"));
    other.traveller = Ok(named("Bernd Vogel"));
    let both = wait(&[line(2, Some(RIGHT[0]), Some("T-1")), other]);
    assert_eq!(both, [awaited.clone(), awaited.clone()]);
    let mut two = line(2, Some(RIGHT[0]), Some("T-1"));
    two.iccids.push(RIGHT[1].to_owned());
    assert_eq!(wait(&[two.clone()]), [awaited]);
    two.iccids.push("8944500102190000017".to_owned());
    assert_eq!(wait(&[two]), [LineOwner::Unknown]);
}

#[test]
fn of_a_trip_that_would_end_before_it_starts_the_listed_day_counts() {
    let trip = |start: Option<&str>, end: Option<&str>| Traveller {
        trip_start: start.map(str::to_owned),
        trip_end: end.map(str::to_owned),
        ..named("Anna")
    };
    let known = trip(Some("2026-12-03"), Some("2026-12-10"));
    let later = trip(Some("2026-12-28"), None);
    assert_eq!(over(Some(&known), &later), later);
    let sooner = trip(None, Some("2026-12-01"));
    assert_eq!(over(Some(&known), &sooner), sooner);
    // Of several travellers who are noted together each may have told one of the days.
    let both = trip(Some("2026-12-28"), Some("2026-12-10"));
    assert_eq!(over(Some(&known), &both), later);
    assert_eq!(over(None, &both), later);
}
