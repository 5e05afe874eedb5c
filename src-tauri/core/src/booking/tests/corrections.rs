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

#[test]
fn a_correction_is_known_where_most_headings_are_the_same() {
    use Column::{Contact, Ignored, Name, Note, Reference, Tags, TripStart};
    let mut known = Corrections::default();
    let list = headings(&["Booking", "Guest", "Phone", "Remark"]);
    known.remember(&list, &[Reference, Ignored, Name, Tags]);
    let more = headings(&["Booking", "Guest", "Phone", "Remark", "Hotel", "Start"]);
    let taken = [Reference, Name, Contact, Note, Ignored, TripStart];
    let wanted = [Reference, Ignored, Name, Tags, Ignored, TripStart];
    assert_eq!(known.nearly(&more, &taken).as_deref(), Some(&wanted[..]));
    // What somebody said is one column's alone.
    let other = [Reference, Ignored, Contact, Note, Name, TripStart];
    assert_eq!(known.nearly(&more, &other).as_deref(), Some(&wanted[..]));
    let fewer = headings(&["remark", "Phone", "booking"]);
    let wanted = [Tags, Name, Reference];
    let found = known.nearly(&fewer, &[Note, Contact, Reference]);
    assert_eq!(found.as_deref(), Some(&wanted[..]));
    assert_eq!(known.nearly(&fewer, &wanted), None, "nothing else was said");
    for (others, taken) in [
        (
            headings(&["Booking", "Phone", "Mail", "Start"]),
            [Reference, Contact, Contact, TripStart],
        ),
        (
            headings(&["Phone", "", "", ""]),
            [Contact, Ignored, Ignored, Ignored],
        ),
        (
            headings(&["", "", "", ""]),
            [Contact, Ignored, Ignored, Ignored],
        ),
    ] {
        assert_eq!(known.nearly(&others, &taken), None, "{others:?}");
    }
}
