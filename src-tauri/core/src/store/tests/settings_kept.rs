//! What the desk has set.

use super::*;
use crate::store::tables::settings::{all, get, put_all, set};

#[test]
fn what_was_never_set_is_not_there() {
    assert_eq!(get(&database(), Setting::Port).unwrap(), None);
}

#[test]
fn what_was_set_last_counts() {
    let db = database();
    set(&db, Setting::Port, Some("1")).unwrap();
    set(&db, Setting::Port, Some("2")).unwrap();
    assert_eq!(get(&db, Setting::Port).unwrap().as_deref(), Some("2"));
}

#[test]
fn what_is_removed_is_not_there_any_more() {
    let db = database();
    set(&db, Setting::Port, Some("1")).unwrap();
    set(&db, Setting::Port, None).unwrap();
    assert_eq!(get(&db, Setting::Port).unwrap(), None);
}

#[test]
fn what_was_never_set_can_be_removed() {
    let db = database();
    assert!(set(&db, Setting::Port, None).is_ok());
}

#[test]
fn each_setting_stands_alone() {
    let db = database();
    set(&db, Setting::BodiesDays, Some("30")).unwrap();
    assert_eq!(get(&db, Setting::UsageDays).unwrap(), None);
}

#[test]
fn settings_of_another_version_are_taken_over_too() {
    let (old, new) = (database(), database());
    set(&old, Setting::Token, Some("t")).unwrap();
    old.execute("INSERT INTO settings VALUES ('moon.phase', '3')", [])
        .unwrap();
    put_all(&new, &all(&old).unwrap()).unwrap();
    assert_eq!(all(&new).unwrap(), all(&old).unwrap());
    assert_eq!(all(&new).unwrap().len(), 2);
}

#[test]
fn what_is_set_here_is_not_taken_over() {
    let db = database();
    set(&db, Setting::Token, Some("mine")).unwrap();
    let theirs = all(&db).unwrap();
    let theirs: Vec<_> = theirs
        .into_iter()
        .map(|(name, _)| (name, "theirs".to_owned()))
        .collect();
    put_all(&db, &theirs).unwrap();
    assert_eq!(get(&db, Setting::Token).unwrap().as_deref(), Some("mine"));
}
