//! Statuses and their texts.

use super::*;

#[test]
fn every_known_status_survives_its_text() {
    for status in Status::KNOWN {
        assert_eq!(Status::from_text(status.as_str()), status);
        assert!(status.is_known());
    }
}

#[test]
fn blanks_and_case_do_not_matter() {
    assert_eq!(Status::from_text(" activated\n"), Status::Activated);
}

#[test]
fn a_status_that_is_new_is_kept_in_uppercase() {
    let new = Status::from_text("suspended");
    assert_eq!(new, Status::Other("SUSPENDED".to_owned()));
    assert_eq!(new.to_string(), "SUSPENDED");
    assert!(!new.is_known());
}

#[test]
fn three_statuses_end_a_life() {
    let ends: Vec<Status> = Status::KNOWN
        .into_iter()
        .filter(Status::is_terminal)
        .collect();
    assert_eq!(ends, [Status::Expired, Status::Revoked, Status::Deleted]);
}

#[test]
fn of_a_status_that_is_new_nobody_says_that_it_is_an_end() {
    assert!(!Status::from_text("TERMINATED").is_terminal());
}
