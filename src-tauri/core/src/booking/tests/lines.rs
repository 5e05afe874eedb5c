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
fn a_number_that_a_spreadsheet_rounded_is_wrong() {
    let wrong = traveller("Name,Reference,ICCID", "Jan,T-2,8.94E+18");
    assert_eq!(wrong, Err(LineProblem::Rounded));
}

#[test]
fn a_rounded_number_names_no_esim() {
    assert_eq!(line("Name,Reference,ICCID", "Jan,T-2,8.94E+18").iccid, None);
}

#[test]
fn a_day_that_is_none_is_wrong() {
    let wrong = traveller("Name,Reference,Start", "Eva,T-3,31/02/2026");
    let text = "31/02/2026".to_owned();
    assert_eq!(wrong, Err(LineProblem::NoDay { text }));
}

#[test]
fn a_trip_that_ends_before_it_starts_is_wrong() {
    let wrong = traveller("Name,Reference,Start,End", "Eva,T-3,2026-12-09,2026-12-01");
    assert_eq!(wrong, Err(LineProblem::EndsBeforeStart));
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
    assert_eq!(found.iccid, None);
    assert_eq!(found.traveller.unwrap().name, "Ok");
}

#[test]
fn four_digits_are_the_end_of_an_iccid() {
    let found = line("Name,Reference,ICCID", "Ok,T-4,…1234");
    assert_eq!(found.iccid.as_deref(), Some("1234"));
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
