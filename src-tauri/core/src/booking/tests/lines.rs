//! What a line says, and what can be wrong with it.

use super::*;

#[test]
fn a_line_that_nothing_can_be_found_by_is_wrong() {
    let wrong = traveller("Name,Reference,ICCID", "Anna,,");
    assert_eq!(wrong, Err(LineProblem::NothingToFindBy));
}

#[test]
fn a_line_about_nobody_is_wrong() {
    let wrong = traveller("Name,Reference", ",T-1");
    assert_eq!(wrong, Err(LineProblem::NoTraveller));
}

#[test]
fn a_line_that_only_a_rounded_number_could_find_is_wrong() {
    let wrong = traveller("Name,Reference,ICCID", "Jan,,8.94E+18");
    assert_eq!(wrong, Err(LineProblem::Rounded));
}

#[test]
fn a_rounded_number_names_no_esim_and_is_told() {
    let found = line("Name,Reference,ICCID", "Jan,T-2,8.94E+18");
    assert!(found.iccids.is_empty());
    assert_eq!(found.doubts, [LineDoubt::Rounded]);
    assert_eq!(found.traveller.unwrap().name, "Jan");
}

#[test]
fn a_day_that_is_none_costs_the_day_and_is_told() {
    let found = line("Name,Reference,Start", "Eva,T-3,31/02/2026");
    let text = "31/02/2026".to_owned();
    assert_eq!(found.doubts, [LineDoubt::NoDay { text }]);
    let eva = found.traveller.unwrap();
    assert_eq!((eva.name.as_str(), eva.trip_start), ("Eva", None));
}

#[test]
fn of_a_trip_that_ends_before_it_starts_the_start_counts() {
    let found = line("Name,Reference,Start,End", "Eva,T-3,2026-12-09,2026-12-01");
    assert_eq!(found.doubts, [LineDoubt::EndsBeforeStart]);
    let eva = found.traveller.unwrap();
    assert_eq!(eva.trip_start.as_deref(), Some("2026-12-09"));
    assert_eq!(eva.trip_end, None);
}

#[test]
fn a_line_that_is_wrong_says_whom_it_is_about() {
    assert_eq!(line("Name,Reference", "Anna,").who, "Anna");
    let nameless = line("Name,Reference,Note", ",,Window");
    assert_eq!(nameless.who, "Window");
}

#[test]
fn days_far_from_today_are_asked_for() {
    for far in ["2569-12-03", "1448-06-03", "0206-12-03", "03.12.2003"] {
        let found = line("Name,Reference,Start", &format!("Eva,T-3,{far}"));
        let text = far.to_owned();
        assert_eq!(found.doubts, [LineDoubt::FarDay { text }]);
        assert_eq!(found.traveller.unwrap().trip_start, None, "{far}");
    }
    let reading = Reading {
        far_days: Some(true),
        ..Reading::default()
    };
    let list = understood_as("Name,Reference,Start\nEva,T-3,2003-12-03\n", &reading);
    let eva = list.lines[0].traveller.clone().unwrap();
    assert_eq!(eva.trip_start.as_deref(), Some("2003-12-03"));
}

#[test]
fn letters_that_were_lost_are_told() {
    let found = line("Name,Reference", "Mar\u{fffd}a,T-1");
    assert_eq!(found.doubts, [LineDoubt::LostLetters]);
}

#[test]
fn a_plan_is_no_number() {
    let found = line("Name,Reference,ICCID", "Eva,T-3,Europe 10 GB 30 days");
    assert!(found.iccids.is_empty());
    let text = "Europe 10 GB 30 days".to_owned();
    assert_eq!(found.doubts, [LineDoubt::NoNumber { text }]);
}

#[test]
fn a_number_is_one_whatever_stands_around_it() {
    let number = "89445012345678901234";
    for text in [
        "8944 5012 3456 7890 1234",
        "8944-5012-3456-7890-1234",
        "ICCID: 89445012345678901234",
        "89445012345678901234F",
        "89445012345678901234FF",
        "8944.5012.3456.7890.1234",
        "\u{202a}89445012345678901234\u{202c}",
        "８９４４５０１２３４５６７８９０１２３４",
    ] {
        assert_eq!(
            line("Name;ICCID", &format!("Eva;{text}")).iccids,
            [number],
            "{text}"
        );
    }
    assert_eq!(line("Name;ICCID", "Eva;xxxx 1234").iccids, ["1234"]);
    assert_eq!(line("Name;ICCID", "Eva;xxxx 0000").iccids, ["0000"]);
    // Letters belong to the numbers of some countries, as the store has them.
    let lettered = line("Name;ICCID", "Eva;898600a1-b2c3-d4e5-f607");
    assert_eq!(lettered.iccids, ["898600A1B2C3D4E5F607"]);
    // What a program made a number of fractions of may be another customer's.
    let lost = line("Name;Reference;ICCID", "Eva;T-1;8944501234567890123.0");
    assert!(lost.iccids.is_empty());
}

#[test]
fn marks_that_nobody_sees_are_no_part_of_a_reference() {
    let found = line("Name;Reference", "Eva;T\u{2011}\u{200b}1\u{feff}");
    assert_eq!(found.reference.as_deref(), Some("T-1"));
}

#[test]
fn a_name_that_is_too_long_is_wrong() {
    let wrong = traveller("Name,Reference", &format!("{},T-1", "x".repeat(201)));
    let field = TravellerField::Name;
    assert_eq!(wrong, Err(LineProblem::TooLong { field }));
}

#[test]
fn too_many_tags_are_wrong() {
    let tags: Vec<String> = (0..21).map(|n| format!("t{n}")).collect();
    let wrong = traveller(
        "Name\tReference\tTags",
        &format!("Eva\tT-1\t{}", tags.join("|")),
    );
    assert_eq!(wrong, Err(LineProblem::TooManyTags));
}

#[test]
fn a_wrong_line_leaves_the_others_as_they_are() {
    let list = understood("Name,Reference\nAnna,\n,T-1\nJan,T-2\n");
    assert_eq!(names(&list), ["Jan"]);
    assert_eq!(list.lines.len(), 3);
}

#[test]
fn three_digits_name_nothing() {
    let found = line("Name,Reference,ICCID", "Ok,T-4,123");
    assert!(found.iccids.is_empty());
    assert_eq!(found.traveller.unwrap().name, "Ok");
}

#[test]
fn four_digits_are_the_end_of_an_iccid() {
    let found = line("Name,Reference,ICCID", "Ok,T-4,…1234");
    assert_eq!(found.iccids, ["1234"]);
}

#[test]
fn a_whole_name_counts_rather_than_its_parts() {
    let known = traveller("Name,First name,Surname,Reference", "Anna Rossi,A.,R.,T-1");
    assert_eq!(known.unwrap().name, "Anna Rossi");
}

#[test]
fn a_name_may_be_a_first_name_alone() {
    let known = traveller("First name,Surname,Reference", "Anna,,T-1");
    assert_eq!(known.unwrap().name, "Anna");
}

#[test]
fn tags_stand_between_commas_semicolons_or_bars() {
    let known = traveller("Name\tReference\tTags", "Eva\tT-1\tVIP, group 7;vip|late");
    assert_eq!(known.unwrap().tags, ["VIP", "group 7", "late"]);
}

#[test]
fn two_notes_stand_one_below_the_other() {
    let known = traveller("Name,Reference,Note,Remark", "Eva,T-1,Vegan,Window");
    assert_eq!(known.unwrap().note, "Vegan\nWindow");
}

#[test]
fn links_are_written_as_what_they_lead_to() {
    for (cell, contact) in [
        ("mailto:anna@example.org?subject=Trip", "anna@example.org"),
        ("MAILTO:anna@example.org", "anna@example.org"),
        ("tel:+491711234567", "+491711234567"),
        (
            "mailto:a@example.org tel:+49-171-1",
            "a@example.org +49-171-1",
        ),
        (
            "Tel.: 0171 1234567 / Mobile: 0172 1",
            "Tel.: 0171 1234567 / Mobile: 0172 1",
        ),
        ("+49 (0)171 1234567", "+49 (0)171 1234567"),
    ] {
        let anna = traveller("Name\tRef\tContact", &format!("Anna\tT-1\t{cell}")).unwrap();
        assert_eq!(anna.contact, contact);
    }
}

#[test]
fn a_total_is_no_traveller() {
    for total in [
        "Total;;;",
        "Total;12;;",
        ";Total;12;",
        ";;Summe: 12;",
        "Gesamt;12;;340,00",
        "Totale generale;12;;",
        "Total général;;12;",
        "Total geral: 12;;;",
        "Suma: 12;;;",
        "Anzahl: 12;;;",
        "Anzahl Reisende: 12;12;;",
        "Nombre de voyageurs : 12;;;",
        "12 Personen;;;",
        "12;12;12;",
        "12;;;4.080,00",
        "Grand total;5;;",
        "Sous-total;5;;",
    ] {
        let list = understood(&format!(
            "Name;Ref;Start;Note\nAnna;T-1;2026-12-03;\nJan;T-2;2026-12-04;\n{total}\n"
        ));
        assert_eq!(names(&list), ["Anna", "Jan"], "{total}");
        let last = list.lines.last().unwrap();
        assert_eq!(last.traveller, Err(LineProblem::Total), "{total}");
        assert!(!last.who.is_empty(), "{total}");
    }
}

#[test]
fn a_traveller_whose_name_is_like_a_total_is_one() {
    for person in [
        "Total;T-9;;",
        "Suma Rao;4711;;",
        "Anna Summe;T-9;;",
        "Count Basie;4711;;",
        "Total;4711;2026-12-03;",
    ] {
        let list = understood(&format!("Name;Ref;Start;Note\n{person}\n"));
        assert_eq!(names(&list).len(), 1, "{person}");
    }
    let nameless = line("Name;Ref;Phone", ";4711;+49 171 1234567");
    assert!(nameless.traveller.is_ok());
}

#[test]
fn headings_that_are_repeated_are_no_traveller() {
    let list = understood("Name;Reference\nAnna;T-1\nNAME;reference\nJan;T-2\n");
    assert_eq!(names(&list), ["Anna", "Jan"]);
    assert_eq!(list.lines[1].traveller, Err(LineProblem::Headings));
}

#[test]
fn a_reference_that_is_written_once_is_that_of_the_lines_below() {
    let text = "Ref;Name;Start;Phone\n\
                T-1;Anna;2026-12-03;+49 30 123456\n\
                ;Ben;;\n\
                ;Eva;2026-12-03;\n\
                T-2;Jan;2026-12-05;\n\
                Total;4;;\n";
    let list = understood(text);
    assert_eq!(names(&list), ["Anna", "Ben", "Eva", "Jan"]);
    for line in &list.lines[1..3] {
        assert_eq!(line.reference.as_deref(), Some("T-1"));
        assert_eq!(line.doubts, [LineDoubt::OrderAbove { line: 2 }]);
        let traveller = line.traveller.as_ref().unwrap();
        assert_eq!(traveller.trip_start.as_deref(), Some("2026-12-03"));
        assert_eq!(traveller.contact, "");
    }
    assert!(list.below_orders);
    let reading = Reading {
        below_orders: Some(false),
        ..Reading::default()
    };
    let left = understood_as(text, &reading);
    assert_eq!(names(&left), ["Anna", "Jan"]);
    assert!(left.below_orders, "it can be said otherwise again");
}

#[test]
fn a_line_that_may_be_of_another_order_is_not_of_the_one_above() {
    for below in [
        // Another trip.
        ";Ben;2027-01-05;",
        // No name.
        ";;;+49 30 1",
        ";12;;",
        // Not the next line.
        "\n;Ben;;",
    ] {
        let list = understood(&format!(
            "Ref;Name;Start;Phone\nT-1;Anna;2026-12-03;\n{below}\n"
        ));
        assert_eq!(names(&list), ["Anna"], "{below}");
        assert!(!list.below_orders, "{below}");
    }
    let named = understood("Ref;Name;ICCID\nT-1;Anna;\n;Ben;89445012345678901234\n;Eva;none\n");
    assert_eq!(
        named.lines[1].reference, None,
        "its number says whose it is"
    );
    assert_eq!(named.lines[2].reference, None);
}

#[test]
fn what_there_is_no_room_for_is_told() {
    let unused = |text: &str| LineDoubt::Unused {
        text: text.to_owned(),
    };
    let reading = Reading {
        columns: Some(vec![
            Column::Name,
            Column::Reference,
            Column::Reference,
            Column::FirstName,
        ]),
        ..Reading::default()
    };
    let list = understood_as(
        "Name;Ref;Order;First\nAnna Bauer;T-1;T-2;Anna\nJan;T-3;T-3;Jon\n",
        &reading,
    );
    assert_eq!(list.lines[0].doubts, [unused("T-2")]);
    assert_eq!(list.lines[1].doubts, [unused("Jon")]);
}

#[test]
fn a_cell_may_have_the_numbers_of_several_esims() {
    let numbers = ["89445012345678901234", "89445012345678905678"];
    let [one, other] = numbers;
    for text in [
        format!("{one}/{other}"),
        format!("{one} / {other}"),
        format!("{one} {other}"),
        format!("{one}, {other}"),
        format!("{one} + {other}"),
        format!("{one} & {other}"),
        format!("{one} und {other}"),
        format!("ICCID 1: {one}; ICCID 2: {other}"),
        format!("1) {one} | 2) {other}"),
        "8944 5012 3456 7890 1234 8944 5012 3456 7890 5678".to_owned(),
        "8944 5012 3456 7890 1234 / 8944 5012 3456 7890 5678".to_owned(),
        format!("\"{one}\n{other}\""),
        format!("\"1. {one}\n2. {other}\""),
    ] {
        let found = line("Name\tICCID", &format!("Anna\t{text}"));
        assert_eq!(found.iccids, numbers, "{text}");
        assert!(found.doubts.is_empty(), "{text}");
    }
    let half = line("Name;ICCID", &format!("Anna;{one} / 567"));
    assert_eq!(half.iccids, [one]);
    let text = "567".to_owned();
    assert_eq!(half.doubts, [LineDoubt::NoNumber { text }]);
}

#[test]
fn travellers_side_by_side_are_each_one() {
    let list = understood(
        "Order,Passenger 1,Passenger 2,Passenger 3,Departure\n\
         GRP-3,Ana,Bob,Cid,2026-12-03\n\
         GRP-1,Eva,,,2026-12-04\n\
         ,Fay,Gil,,\n",
    );
    assert_eq!(names(&list), ["Ana", "Bob", "Cid", "Eva", "Fay", "Gil"]);
    let orders = list.lines.iter().map(|line| line.reference.as_deref());
    let expected = ["GRP-3", "GRP-3", "GRP-3", "GRP-1", "GRP-1", "GRP-1"];
    assert!(orders.eq(expected.map(Some)));
    for line in &list.lines[..3] {
        let traveller = line.traveller.as_ref().unwrap();
        assert_eq!(traveller.trip_start.as_deref(), Some("2026-12-03"));
        assert_eq!(line.line, 2);
    }
}

#[test]
fn what_each_traveller_has_is_taken_along() {
    let list = understood(
        "Booking;Vorname 1;Nachname 1;E-Mail 1;ICCID 1;Vorname 2;Nachname 2;E-Mail 2;ICCID 2\n\
         T-1;Ana;Sol;a@example.org;8944501234567890123;Bob;Mar;b@example.org;8944501234567890131\n",
    );
    let all: Vec<_> = list
        .lines
        .iter()
        .map(|line| {
            let traveller = line.traveller.as_ref().unwrap();
            (
                traveller.name.as_str(),
                traveller.contact.as_str(),
                line.iccids.join(" "),
            )
        })
        .collect();
    assert_eq!(
        all,
        [
            ("Ana Sol", "a@example.org", "8944501234567890123".to_owned()),
            ("Bob Mar", "b@example.org", "8944501234567890131".to_owned()),
        ]
    );
}

#[test]
fn a_name_in_parts_that_have_no_numbers_is_one_traveller() {
    let columns = Some(vec![Column::Reference, Column::Name, Column::Name]);
    let reading = Reading {
        columns,
        ..Reading::default()
    };
    let list = understood_as("Order,Given,Family\nT-1,Ana,Sol\n", &reading);
    assert_eq!(names(&list), ["Ana Sol"]);
}
