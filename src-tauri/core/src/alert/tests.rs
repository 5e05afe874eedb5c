//! Tests of what is stored of an alert.

mod holding;
mod raised;

use std::collections::BTreeSet;

use super::*;

#[test]
fn subjects_survive_their_text() {
    for (subject, text) in [
        (Subject::Esim(17), "esim:17"),
        (Subject::Account, "account"),
        (Subject::Program, "program"),
        (
            Subject::Refund("1:id:refund:rejected:rfd_41c0".to_owned()),
            "refund:1:id:refund:rejected:rfd_41c0",
        ),
        (
            Subject::Kind("voucher/redeemed".to_owned()),
            "kind:voucher/redeemed",
        ),
        (Subject::Kind("/".to_owned()), "kind:/"),
        (
            Subject::Unreadable("notJson".to_owned()),
            "unreadable:notJson",
        ),
    ] {
        assert_eq!(subject.as_text(), text);
        assert_eq!(Subject::from_text(text), Some(subject));
    }
    for text in ["", "esim", "esim:", "esim:x", "account:1", "moon", "moon:1"] {
        assert_eq!(Subject::from_text(text), None, "{text}");
    }
}

#[test]
fn rules_are_stored_under_names_of_their_own() {
    let stored: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(stored.len(), 21);
    for rule in Rule::ALL {
        assert_eq!(Rule::from_text(rule.as_str()), Some(*rule));
    }
    assert_eq!(Rule::from_text("moon_rises"), None);
}

#[test]
fn every_rule_has_its_place_behind_graver_ones() {
    let mut known = Rule::BY_GRAVITY.to_vec();
    known.sort_unstable();
    assert_eq!(known, Rule::ALL);
    let place = |rule: &Rule| (rule.about(), std::cmp::Reverse(rule.severity()));
    assert!(Rule::BY_GRAVITY.is_sorted_by_key(place));
}

#[test]
fn only_what_is_about_esims_goes_by_their_history() {
    for rule in Rule::ALL {
        let timing = rule.timing();
        let goes_by_history = timing.warns || timing.tells_of_past || timing.asks_for_course;
        assert!(!goes_by_history || rule.about() == About::Esim, "{rule:?}");
    }
    let history: Vec<_> = Rule::ALL
        .iter()
        .filter(|rule| rule.timing().tells_of_past)
        .collect();
    assert_eq!(
        history,
        [
            &Rule::FirstActivation,
            &Rule::Expired,
            &Rule::Revoked,
            &Rule::PastEnd
        ]
    );
}

#[test]
fn a_detail_holds_what_is_known_and_reads_what_other_versions_wrote() {
    let detail = Detail {
        at: Some(900),
        remaining_mb: Some(307.2),
        ..Detail::default()
    };
    let json = serde_json::to_string(&detail).unwrap();
    assert_eq!(json, r#"{"at":900,"remainingMb":307.2}"#);
    let read = |json: &str| serde_json::from_str::<Detail>(json).unwrap();
    assert_eq!(read(&json), detail);
    assert_eq!(read("{}"), Detail::default());
    assert_eq!(
        read(r#"{"at":900,"remainingMb":307.2,"moon":{"phase":3}}"#),
        detail
    );
}
