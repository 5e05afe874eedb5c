//! Spellings of one person's name, and those of two.

use super::*;

fn person(name: &str, contact: &str) -> Person {
    Person::of(&Traveller {
        name: name.to_owned(),
        contact: contact.to_owned(),
        ..Traveller::default()
    })
}

fn is(one: &str, other: &str) -> bool {
    person(one, "").is(&person(other, ""))
}

#[test]
fn a_name_is_the_same_however_a_list_spells_it() {
    for other in [
        "Zoe Muller",
        "Zoe Mueller",
        "MUELLER/ZOE MISS",
        "Müller, Zoé",
        "Frau Zoé Müller",
        "MÜLLER Zoé",
        "Zoé Marie Müller",
        "Z. Müller",
        "Dr. Zoé Müller",
        "Sra. Zoé Müller",
        "zoé  müller",
    ] {
        assert!(is("Zoé Müller", other), "{other}");
    }
    assert!(is("Jürgen Groß", "GROSS JUERGEN"));
    assert!(is("Seán O'Brien", "OBRIEN/SEAN MR"));
    assert!(is("Anna-Maria Sig.ra Rossi", "Rossi Anna Maria"));
}

#[test]
fn two_names_are_not_one() {
    for (one, other) in [
        ("Anna Müller", "Zoé Müller"),
        ("Anna Müller", "Anna Berg"),
        ("Hans Maier sen.", "Hans Maier jun."),
        ("Anna Berg", "Anna Berg & Tom Berg"),
        ("Anna Berg", "Anna & Tom Berg"),
        ("Anna", "Anna Berg"),
    ] {
        assert!(!is(one, other), "{one} {other}");
    }
}

#[test]
fn a_title_alone_is_a_name() {
    assert_eq!(key_of_name("Miss"), "miss");
    assert_eq!(key_of_name("M. Rossi"), "m rossi");
    assert_eq!(key_of_name("M. Jean Rossi"), "jean rossi");
    assert_eq!(key_of_name(""), "");
}

#[test]
fn a_number_is_one_with_and_without_its_country() {
    let reached = |contact: &str| person("Hans Maier", contact);
    let known = reached("+49 171 2345678, hans@example.org");
    assert!(known.shares_contact(&reached("0171/2345678")));
    assert!(known.shares_contact(&reached("HANS@example.org 0171 9")));
    assert!(known.is_reached_otherwise(&reached("+49 7")));
    assert!(!known.is_reached_otherwise(&reached("")));
    let mail = reached("h@example.org");
    assert!(!mail.is_reached_otherwise(&reached("+49 7")));
}

#[test]
fn people_are_recognised_by_what_is_surest() {
    let known = [
        Some(person("Jürgen Müller", "+49 1")),
        Some(person("Anna Müller", "+49 2")),
        Some(person("Zoé Müller", "+49 3")),
        None,
    ];
    let found = |people: &[(&str, &str)]| {
        let people: Vec<Person> = people.iter().map(|one| person(one.0, one.1)).collect();
        recognised(&people.iter().collect::<Vec<_>>(), &known)
    };
    let all = [Some(2), Some(1), Some(0)];
    assert_eq!(
        found(&[
            ("MUELLER/ZOE MISS", ""),
            ("MUELLER/ANNA MRS", ""),
            ("MUELLER/JUERGEN MR", "")
        ]),
        all
    );
    // A family has its surname in common, and this one telephone.
    assert_eq!(
        found(&[("Z. Müller", ""), ("A. Müller", ""), ("J. Müller", "")]),
        all
    );
    assert_eq!(found(&[("Lea Müller", "+49 3")]), [Some(2)]);
    assert_eq!(found(&[("Lea Müller", ""), ("", "+49 3")]), [None, None]);
}

#[test]
fn namesakes_are_told_apart_by_what_they_are_reached_by() {
    let known = [
        Some(person("Hans Maier", "+49 7")),
        Some(person("Hans Maier", "+49 8")),
    ];
    let [son, father] = [person("MAIER Hans", "+49 8"), person("Hans Maier", "+49 7")];
    assert_eq!(recognised(&[&son, &father], &known), [Some(1), Some(0)]);
    let nobody_knows = person("Hans Maier", "");
    assert_eq!(recognised(&[&nobody_knows], &known), [None]);
}

#[test]
fn a_spelling_that_tells_less_does_not_replace_one_that_tells_more() {
    for (known, listed, noted) in [
        ("Zoé Müller", "MUELLER/ZOE MISS", "Zoé Müller"),
        ("Zoé Müller", "Zoe Mueller", "Zoé Müller"),
        ("Ben Old", "BEN OLD", "Ben Old"),
        ("Zoe Mueller", "Zoé Müller", "Zoé Müller"),
        ("BEN OLD", "Ben Old", "Ben Old"),
        ("Ben Old", "OLD Ben", "Ben Old"),
        ("Ben D. Old", "Old, Ben D.", "Old, Ben D."),
        ("Lea Berg", "Berg, Lea", "Berg, Lea"),
        ("Zoé Müller", "Eva Müller", "Eva Müller"),
        ("", "EVA", "EVA"),
    ] {
        assert_eq!(better_name(known, listed), noted, "{known} {listed}");
    }
}
