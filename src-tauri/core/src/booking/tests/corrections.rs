//! What somebody said of columns is remembered for the same headings.

use super::*;

fn headings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

const SAID: [Column; 2] = [Column::Note, Column::Reference];

#[test]
fn a_correction_is_known_for_the_same_headings_and_for_no_others() {
    let mut known = Corrections::default();
    known.remember(&headings(&["Booking", "Guest"]), &SAID);
    let same = headings(&[" booking", "GUEST "]);
    assert_eq!(known.of(&same).as_deref(), Some(&SAID[..]));
    let moved = known.of(&headings(&["Guest", "Booking"])).unwrap();
    assert_eq!(moved, [Column::Reference, Column::Note]);
    assert_eq!(known.of(&headings(&["Guest", "Guest"])), None);
    assert_eq!(known.of(&headings(&["Booking", "Guest", "Note"])), None);
}

#[test]
fn the_latest_correction_counts() {
    let mut known = Corrections::default();
    let list = headings(&["Booking", "Guest"]);
    known.remember(&list, &SAID);
    known.remember(&list, &[Column::Ignored, Column::Name]);
    assert_eq!(known.of(&list), Some(vec![Column::Ignored, Column::Name]));
}

#[test]
fn headings_that_stand_twice_keep_their_order() {
    let mut known = Corrections::default();
    let said = [Column::Name, Column::Contact, Column::Note];
    known.remember(&headings(&["Guest", "", ""]), &said);
    let moved = known.of(&headings(&["", "Guest", ""])).unwrap();
    assert_eq!(moved, [Column::Contact, Column::Name, Column::Note]);
    known.remember(&headings(&["", "Guest", ""]), &[Column::Ignored; 3]);
    let last = known.of(&headings(&["Guest", "", ""])).unwrap();
    assert_eq!(last, [Column::Ignored; 3], "the latest counts");
}

#[test]
fn lists_without_headings_say_nothing_of_each_other() {
    let mut known = Corrections::default();
    known.remember(&headings(&["", ""]), &SAID);
    assert_eq!(known, Corrections::default());
}

#[test]
fn corrections_are_forgotten_when_there_are_many_others() {
    let mut known = Corrections::default();
    for at in 0..60 {
        known.remember(&headings(&[&format!("heading {at}")]), &SAID);
    }
    assert_eq!(known.of(&headings(&["heading 0"])), None);
    assert!(known.of(&headings(&["heading 59"])).is_some());
}
