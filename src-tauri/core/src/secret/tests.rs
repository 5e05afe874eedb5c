//! Tests of what is a secret.

use super::*;

#[test]
fn a_secret_is_never_printed() {
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Ok(Secret(…))");
}

#[test]
fn text_of_two_lines_or_of_nothing_that_is_seen_is_no_secret() {
    for lines in ["one\ntwo", "one\rtwo", "one\u{2028}two"] {
        assert_eq!(Secret::new(lines), Err(UnusableSecret::SeveralLines));
    }
    for blank in ["", " \n ", "\u{200b}", "\u{feff} \u{2060}"] {
        assert_eq!(Secret::new(blank), Err(UnusableSecret::Blank));
    }
}

/// Padded with zeros to its block, a key of zeros is the empty one (RFC 2104): anybody could sign.
#[test]
fn what_nobody_types_is_no_secret() {
    for zeros in ["\0", "\0\0\0\0", "abc\0", "a\u{1b}b"] {
        assert_eq!(Secret::new(zeros), Err(UnusableSecret::NotText));
    }
}

#[test]
fn blanks_inside_of_a_secret_belong_to_it() {
    assert_eq!(Secret::new(" a b ").unwrap().reveal(), "a b");
}

#[test]
fn the_current_secret_comes_before_the_previous_one() {
    let all = Secrets {
        current: Secret::new("second").ok(),
        previous: Secret::new("first").ok(),
    }
    .all();
    let texts: Vec<&str> = all.iter().map(Secret::reveal).collect();
    assert_eq!(texts, ["second", "first"]);
}

#[test]
fn a_place_survives_its_text() {
    for place in [
        Place::Keyring,
        Place::File,
        Place::Nowhere,
        Place::Environment,
    ] {
        assert_eq!(Place::from_text(place.as_text()), Some(place));
    }
    assert_eq!(Place::from_text("under the mat"), None);
}

#[test]
fn marks_that_nobody_sees_around_a_secret_do_not_belong_to_it() {
    let secret = Secret::new("\u{feff}\u{200b} a b \u{200d}\u{2060}\n").unwrap();
    assert_eq!(secret.reveal(), "a b");
}
