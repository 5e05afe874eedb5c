//! Days, and in which order their numbers stand.

use super::super::days::{self, DayOrder};
use super::*;

/// The order in these texts: whether the day comes first, and whether that matters.
fn order(texts: &[&str]) -> (Option<bool>, bool) {
    days::order(texts.iter().copied())
}

/// A day in a list whose days come first, or not.
fn read_day(text: &str, day_first: bool) -> Option<String> {
    let today = TODAY;
    let order = DayOrder { day_first, today };
    days::read(text, order).map(|day| day.to_string())
}

/// A day whose number comes first.
fn day(text: &str) -> Option<String> {
    read_day(text, true)
}

const APRIL: Option<&str> = Some("2026-04-03");

#[test]
fn a_day_with_the_year_in_front_is_read_in_one_way() {
    for day_first in [true, false] {
        assert_eq!(read_day("2026-04-03", day_first).as_deref(), APRIL);
        assert_eq!(read_day("2026/4/3", day_first).as_deref(), APRIL);
    }
}

#[test]
fn day_and_month_change_places_where_the_month_comes_first() {
    assert_eq!(read_day("03/04/2026", true).as_deref(), APRIL);
    assert_eq!(read_day("04/03/2026", false).as_deref(), APRIL);
}

#[test]
fn a_year_of_two_digits_is_of_this_century() {
    assert_eq!(day("3.4.26").as_deref(), APRIL);
}

#[test]
fn a_time_behind_it_is_no_part_of_a_day() {
    assert_eq!(day("03/04/2026 14:30").as_deref(), APRIL);
    assert_eq!(day("2026-04-03T14:30:00Z").as_deref(), APRIL);
}

#[test]
fn a_point_behind_the_year_does_not_matter() {
    assert_eq!(day("03.04.2026.").as_deref(), APRIL);
}

#[test]
fn what_is_no_day_of_any_calendar_is_none() {
    for text in ["31/02/2026", "0/4/2026", "3/4", "3/4/2026/1", "soon", ""] {
        assert_eq!(day(text), None, "{text}");
    }
}

#[test]
fn a_number_beyond_twelve_tells_where_the_day_stands() {
    assert_eq!(order(&["03/04/2026", "13/04/2026"]), (Some(true), true));
    assert_eq!(order(&["03/04/2026", "04/13/2026"]), (Some(false), true));
}

#[test]
fn points_stand_where_the_day_comes_first() {
    assert_eq!(order(&["03.04.2026"]), (Some(true), true));
}

#[test]
fn texts_that_contradict_each_other_tell_nothing() {
    assert_eq!(order(&["13/04/2026", "04/13/2026"]).0, None);
}

#[test]
fn the_order_of_equal_numbers_does_not_matter() {
    assert_eq!(order(&["04/04/2026"]), (None, false));
}

#[test]
fn days_with_the_year_in_front_tell_nothing_and_need_not() {
    assert_eq!(order(&["2026-04-03"]), (None, false));
}

/// The first day of the first trip of a list, and whether its days are unclear.
fn first_day(text: &str, day_first: Option<bool>) -> (Option<String>, bool) {
    let reading = Reading {
        day_first,
        ..Reading::default()
    };
    let list = understood_as(text, &reading);
    let traveller = list.lines[0].traveller.clone().unwrap();
    (traveller.trip_start, list.days_unclear)
}

const UNCLEAR: &str = "Name,Reference,Start\nAnna,T-1,03/04/2026\n";

#[test]
fn days_that_can_be_read_both_ways_are_asked_for() {
    assert_eq!(first_day(UNCLEAR, None), (APRIL.map(str::to_owned), true));
}

#[test]
fn days_are_read_as_the_user_says() {
    let march = Some("2026-03-04".to_owned());
    assert_eq!(first_day(UNCLEAR, Some(false)), (march, true));
}

#[test]
fn one_clear_day_makes_all_of_a_list_clear() {
    let list = understood("Name,Reference,Start\nAnna,T-1,03/04/2026\nJan,T-2,12/31/2026\n");
    assert_eq!(list.reading.day_first, Some(false));
    assert!(!list.days_unclear);
}

#[test]
fn of_two_readings_the_one_whose_trips_lie_ahead_is_taken_and_asked_for() {
    for (days, day_first) in [
        // 1 May and 1 December: today is 28 November.
        ("12/01/2026,12/09/2026", false),
        ("01/12/2026,09/12/2026", true),
        ("12/03/2026,01/04/2027", false),
        // It ends before it starts, the other way.
        ("02/12/2027,03/01/2027", false),
        ("12/01/2027,01/02/2027", true),
    ] {
        let list = understood(&format!("Name,Ref,Start,End\nAnna,T-1,{days}\n"));
        assert_eq!(list.reading.day_first, Some(day_first), "{days}");
        assert!(list.days_unclear);
    }
}

#[test]
fn the_day_of_a_booking_tells_how_those_of_the_trip_are_written() {
    let list = understood("Name,Ref,Booking date,Start\nAnna,T-1,11/25/2026,03/04/2027\n");
    assert_eq!(list.reading.day_first, Some(false));
    assert!(!list.days_unclear);
}

#[test]
fn days_that_can_be_read_in_one_way_are_not_asked_for() {
    let list = understood("Name,Reference,Start\nAnna,T-1,2026-04-03\nJan,T-2,2026-11-31\n");
    assert!(!list.days_unclear);
}

#[test]
fn days_are_read_as_the_trade_writes_them() {
    for text in [
        "03DEC26",
        "03-Dec-2026",
        "3 Dec 26",
        "Dec 3, 2026",
        "December 3rd, 2026",
        "3. Dezember 2026",
        "Do., 3. Dez. 2026",
        "3 de diciembre de 2026",
        "jueves, 3 de diciembre de 2026",
        "3 déc. 2026",
        "jeudi 3 décembre 2026",
        "3 dicembre 2026",
        "gio 3 dic 2026",
        "3 de dezembro de 2026",
        "20261203",
        "03122026",
        "2026-12-03",
        "2026/12/03",
        "2026-12-03T00:00:00.000Z",
        "2026-12-03 14:30:00 +01:00",
        "46359",
        "46359.5",
        "2026年12月3日",
        "２０２６年１２月３日（木）",
        "2026년 12월 3일",
        "Thu 03 Dec 2026",
        "THU 03DEC",
        "03DEC",
        "03.12.26 (Do)",
        "03.12.",
        "Thursday 3/12/2026",
        "26-12-03",
    ] {
        assert_eq!(day(text).as_deref(), Some("2026-12-03"), "{text}");
    }
    assert_eq!(day("mar. 3 mars 2026").as_deref(), Some("2026-03-03"));
    assert_eq!(day("1er janvier 2027").as_deref(), Some("2027-01-01"));
    assert_eq!(day("3. März 2027").as_deref(), Some("2027-03-03"));
}

#[test]
fn a_number_is_no_day() {
    for text in [
        "4711",
        "12345678901",
        "T-2026-12-03",
        "99999",
        "10 GB 30 days",
        "1030",
        "3.5",
        "ring twice",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
}

/// First and last day in one text.
fn both(text: &str) -> Option<(String, String)> {
    let order = DayOrder {
        day_first: true,
        today: TODAY,
    };
    let days = days::span(text, order)?;
    Some((days.first.to_string(), days.last?.to_string()))
}

#[test]
fn a_trip_may_stand_in_one_cell() {
    for text in [
        "03.12.2026 - 24.12.2026",
        "03.12.2026–24.12.2026",
        "03.12.–24.12.2026",
        "3-24 Dec 2026",
        "3 Dec to 24 Dec 2026",
        "3. bis 24. Dezember 2026",
        "03/12/2026-24/12/2026",
        "2026-12-03 → 2026-12-24",
    ] {
        let days = ("2026-12-03".to_owned(), "2026-12-24".to_owned());
        assert_eq!(both(text), Some(days), "{text}");
    }
    assert_eq!(both("2026-12-03"), None);
    assert_eq!(both("03-Dec-2026"), None);
    let over_new_year = ("2026-12-28".to_owned(), "2027-01-04".to_owned());
    assert_eq!(both("28 Dec - 4 Jan 2027"), Some(over_new_year));
}

#[test]
fn a_day_that_can_be_read_in_one_way_only_is_read_so() {
    assert_eq!(day("12/31/2026").as_deref(), Some("2026-12-31"));
}

/// The only day of a text, as a cell of a list has it.
fn only(text: &str) -> Option<String> {
    let order = DayOrder {
        day_first: true,
        today: TODAY,
    };
    let days = days::span(text, order)?;
    days.last.is_none().then(|| days.first.to_string())
}

#[test]
fn a_year_of_two_digits_behind_a_month_is_no_last_day_of_a_trip() {
    for month in [
        "Jan", "Jän", "ene", "janv", "gen", "janeiro", "JAN", "januar", "enero",
    ] {
        for text in [
            format!("05-{month}-27"),
            format!("5-{month}-27"),
            format!("05{month}27"),
            format!("05 {month} 27"),
            format!("05 {month} '27"),
            format!("05 {month} ’27"),
            format!("5. {month}. 27"),
            format!("5/{month}/27"),
            format!("5.{month}.27"),
            format!("05–{month}–27"),
            format!("05 - {month} - 27"),
            format!("05-{month}-2027"),
            format!("05-{month}-27 14:30"),
            format!("Tue 05-{month}-27"),
            format!("05-{month}-27 (mar)"),
            format!("5 de {month} de 27"),
        ] {
            assert_eq!(only(&text).as_deref(), Some("2027-01-05"), "{text}");
        }
    }
    assert_eq!(only("mar. 3-mars-27").as_deref(), Some("2027-03-03"));
    assert_eq!(only("Jan 5 '27").as_deref(), Some("2027-01-05"));
    assert_eq!(only("5/1/'27").as_deref(), Some("2027-01-05"));
}

#[test]
fn a_trip_of_days_with_years_of_two_digits_is_one() {
    for text in [
        "05-Jan-27 - 14-Jan-27",
        "05-Jan-27–14-Jan-27",
        "05-Jan-27-14-Jan-27",
        "05JAN27-14JAN27",
        "05JAN-14JAN27",
        "5 Jan - 14 Jan '27",
        "5-14 Jan 2027",
        "5.-14. Jan. 27",
        "Jan 5-14, 2027",
        "Jan 5 to 14",
        "January 5 - 14, 2027",
        "5 al 14 de enero de 27",
        "du 5 au 14 janvier 27",
        "05-Jan-27 12:00 - 14-Jan-27 10:00",
        "5/1/27 / 14/1/27",
    ] {
        let days = ("2027-01-05".to_owned(), "2027-01-14".to_owned());
        assert_eq!(both(text), Some(days), "{text}");
    }
    let over_new_year = ("2026-12-28".to_owned(), "2027-01-14".to_owned());
    for text in ["28 Dec - 14 Jan 2027", "Dec 28 - Jan 14", "28DEC-14JAN"] {
        assert_eq!(both(text), Some(over_new_year.clone()), "{text}");
    }
}

#[test]
fn what_may_be_a_day_or_a_year_is_neither() {
    for text in [
        "Jan-27",
        "Jan '27",
        "Jan 2027",
        "05 Jan-27",
        "05-Jan 27",
        "3/12-26",
    ] {
        assert_eq!(only(text), None, "{text}");
        assert_eq!(both(text), None, "{text}");
    }
}

#[test]
fn days_of_trips_in_one_cell_are_asked_for_as_well() {
    assert_eq!(order(&["03/04/2026-05/04/2026"]), (None, true));
    assert_eq!(order(&["03/04/2026 - 13/04/2026"]), (Some(true), true));
    assert_eq!(order(&["04/03/2026 - 04/13/2026"]), (Some(false), true));
}

#[test]
fn days_below_a_heading_that_names_them_are_told_if_none_can_be_read() {
    let list = understood("Order;Name;From;To\nSOLO;Zed;2026-W49;2026-W50\n");
    let zed = &list.lines[0];
    let doubts = ["2026-W49", "2026-W50"].map(|text| LineDoubt::NoDay {
        text: text.to_owned(),
    });
    assert_eq!(zed.doubts, doubts);
    // Places are no days.
    let list = understood("Order;Name;From;To\nSOLO;Zed;Madrid;Roma\n");
    assert_eq!(list.lines[0].doubts, []);
}

/// The trip of a line with these days.
fn trip(start: &str, end: &str) -> (Option<String>, Option<String>) {
    let traveller = traveller(
        "Name;Ref;Trip start;Trip end",
        &format!("Anna;T-1;{start};{end}"),
    );
    let traveller = traveller.unwrap();
    (traveller.trip_start, traveller.trip_end)
}

#[test]
fn a_day_without_a_year_is_of_the_year_that_the_other_day_tells() {
    let both = |start: &str, end: &str| (Some(start.to_owned()), Some(end.to_owned()));
    for (start, end) in [
        ("12 mars", "19 mars 2028"),
        ("le 12 mars", "19/03/2028"),
        ("12 de marzo", "19 de marzo de 2028"),
        ("12/03", "19/03/2028"),
        ("12-03", "19-03-2028"),
        ("12.03.", "19.03.2028"),
        ("12. März", "19. März 2028"),
        ("12 marzo", "19 marzo 2028"),
        ("12 de março", "19 de março de 2028"),
        ("March 12", "March 19, 2028"),
        ("12th March", "19 March 2028"),
        ("12 mars", "2028-03-19"),
        ("dim. 12 mars", "19 mars 2028"),
        ("12 mars 2028", "19 mars"),
        ("12 de marzo de 2028", "19 de marzo"),
        ("12/03/2028", "19/03"),
        ("2028-03-12", "19. März"),
        ("March 12, 2028", "March 19"),
    ] {
        assert_eq!(
            trip(start, end),
            both("2028-03-12", "2028-03-19"),
            "{start} {end}"
        );
    }
    assert_eq!(
        trip("28 déc.", "03/01/2028"),
        both("2027-12-28", "2028-01-03")
    );
    assert_eq!(
        trip("28/12/2027", "3 janv."),
        both("2027-12-28", "2028-01-03")
    );
    assert_eq!(
        trip("29 févr.", "02/03/2028"),
        both("2028-02-29", "2028-03-02")
    );
    // The other day tells nothing, or the two are none of one trip.
    assert_eq!(trip("12 mars", "19 mars"), both("2027-03-12", "2027-03-19"));
    assert_eq!(trip("12 mars", "soon").0.as_deref(), Some("2027-03-12"));
    assert_eq!(
        trip("12 mars", "01/02/2027"),
        (Some("2027-03-12".to_owned()), None)
    );
    assert_eq!(trip("12/03", "").0, None);
}

#[test]
fn two_days_without_a_year_are_those_of_the_next_trip() {
    let both = |start: &str, end: &str| (Some(start.to_owned()), Some(end.to_owned()));
    for (start, end) in [
        ("12/03", "19/03"),
        ("12-03", "19-03"),
        ("12.03.", "19/03"),
        ("12/03", "19 mars"),
        ("12. März", "19/03"),
    ] {
        let days = both("2027-03-12", "2027-03-19");
        assert_eq!(trip(start, end), days, "{start} {end}");
    }
    assert_eq!(trip("28/12", "03/01"), both("2026-12-28", "2027-01-03"));
    assert_eq!(trip("20/09", "05/12"), both("2026-09-20", "2026-12-05"));
    // They are none of one trip.
    assert_eq!(trip("01/01", "31/12"), (None, None));
    let trip = |lines: &str| {
        let list = understood(&format!("Name,Ref,Trip start,Trip end\n{lines}"));
        let one = list.lines[0].traveller.clone().unwrap();
        ((one.trip_start, one.trip_end), list.days_unclear)
    };
    let days = both("2027-03-12", "2027-03-19");
    assert_eq!(trip("Anna,T-1,03/12,03/19\n"), (days, false));
    let days = both("2027-03-02", "2027-04-05");
    assert_eq!(trip("Anna,T-1,02/03,05/04\n"), (days, true));
}

#[test]
fn a_day_without_a_year_follows_the_order_of_the_list() {
    let list = understood("Name,Ref,Trip start,Trip end\nAnna,T-1,03/12,03/19/2028\n");
    let anna = list.lines[0].traveller.clone().unwrap();
    assert_eq!(anna.trip_start.as_deref(), Some("2028-03-12"));
}

#[test]
fn days_are_read_behind_those_of_the_week_with_other_digits_and_thin_blanks() {
    for (text, found) in [
        ("1° gennaio 2027", "2027-01-01"),
        ("1º gen. 2027", "2027-01-01"),
        ("ven 01/01", "2027-01-01"),
        ("Fri 01/01", "2027-01-01"),
        ("gio 10/12", "2026-12-10"),
        ("mar. 15/12", "2026-12-15"),
        ("Di, 15.12.", "2026-12-15"),
        ("sáb 12/12", "2026-12-12"),
        ("٠٥/١٢/٢٠٢٦", "2026-12-05"),
        ("۰۵/۱۲/۲۰۲۶", "2026-12-05"),
        ("\u{200f}05/12/2026", "2026-12-05"),
        ("06\u{2009}12\u{2009}2026", "2026-12-06"),
        ("6\u{202f}déc.\u{202f}2026", "2026-12-06"),
    ] {
        assert_eq!(day(text).as_deref(), Some(found), "{text}");
        assert_eq!(only(text).as_deref(), Some(found), "{text}");
    }
    for text in [
        "06 12 2026",
        "06\u{202f}12\u{202f}34\u{202f}56\u{202f}78",
        "Zi 10/12",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
    assert_eq!(
        both("gio 10/12 - gio 17/12"),
        Some(("2026-12-10".to_owned(), "2026-12-17".to_owned()))
    );
}

#[test]
fn a_day_without_a_year_in_the_only_column_of_days_is_the_next() {
    let end = |text: &str| traveller("Order;Name;Return", text).unwrap().trip_end;
    for text in ["T-1;Anna;13/12", "T-1;Anna;dom 13/12", "T-1;Anna;13.12."] {
        assert_eq!(end(text).as_deref(), Some("2026-12-13"), "{text}");
    }
}
