//! Tests of what becomes of the sentences that earlier versions kept.

use super::*;
use crate::alert::Detail;
use crate::catalogue::{Catalogue, Language};
use crate::store::file::schema;

/// The message of a detail as an earlier version kept it.
fn why(rule: &str, sentence: &str) -> Message {
    let old = serde_json::json!({ "count": 3, "reason": sentence }).to_string();
    let new = rewritten(rule, &old).unwrap();
    let detail: Detail = serde_json::from_str(&new).unwrap();
    assert_eq!((detail.count, detail.reason), (Some(3), None));
    detail.why.unwrap()
}

#[test]
fn every_sentence_becomes_a_message_that_says_the_same() {
    for (rule, sentence) in [
        (
            "listener_down",
            "Port 80 is already used by another program. Choose another port, or close that program and try again.",
        ),
        (
            "listener_down",
            "Port 80 can't be opened: this computer does not have that address. Choose another port.",
        ),
        (
            "listener_down",
            "The signing secret in /a: b/secret can't be read or written: this user is not allowed to. Allow this user to use the file.",
        ),
        (
            "tunnel_down",
            "https://a.example does not lead to this desk: something else answered there, with status 502.",
        ),
        (
            "storage_failing",
            "Events can't be stored, and Roamify was asked to send them again: it did not take the event in time.",
        ),
        (
            "storage_failing",
            "Events can't be stored, and Roamify was asked to send them again: the database was moved or deleted while eSIM Watch was running. Put it back, or restart eSIM Watch: it saves what it still has.",
        ),
        (
            "refusals_piling_up",
            "The X-Roamify-Signature header is missing. Set the same signing secret in Roamify's portal and in eSIM Watch.",
        ),
        (
            "refusals_piling_up",
            "The body must be a JSON object, but it is a list.",
        ),
        (
            "refusals_piling_up",
            "The content type is “text/xml”; deliveries must be application/json.",
        ),
        (
            "unrecognized",
            "The category “voucher” is new to this version.",
        ),
        (
            "unrecognized",
            "It names no eSIM (neither esim_id nor iccid).",
        ),
    ] {
        let message = why(rule, sentence);
        assert_eq!(message.english(), sentence);
        assert_ne!(Catalogue::of(Language::De).text(&message), sentence);
    }
}

#[test]
fn what_the_system_said_is_quoted_or_has_words_by_now() {
    let written = |reason: &str| {
        format!(
            "Events can't be stored, and Roamify was asked to send them again: the database can't be written: {reason}. \
             Check that the disk has free space and that no other program holds the database."
        )
    };
    let full = why("storage_failing", &written("database or disk is full"));
    assert_eq!(full.english(), written("the disk is full"));
    let held = why("storage_failing", &written("held: by. somebody"));
    assert_eq!(held.english(), written("“held: by. somebody”"));
}

#[test]
fn a_sentence_that_nobody_knows_is_kept_as_what_was_noted() {
    let message = why("listener_down", "Something else.");
    assert_eq!(message.key, "problem.noted");
    assert!(message.english().contains("Something else."));
}

#[test]
fn only_the_details_of_these_rules_change() {
    let mut db = Connection::open_in_memory().unwrap();
    schema::migrate_to(&mut db, schema::BEFORE_MESSAGES).unwrap();
    let insert = |rule: &str, detail: &str| {
        db.execute(
            "INSERT INTO alerts (subject, rule, occasion, since, detail, raised_at_ms, state, owed)
             VALUES ('program', ?1, 'since:7', 7, ?2, 8, 'acknowledged', 0)",
            [rule, detail],
        )
        .unwrap();
    };
    insert("listener_down", r#"{"reason":"The listener is starting."}"#);
    insert("refund_decided", r#"{"reason":"Already used."}"#);
    insert("tunnel_down", "{}");
    let rows = |db: &Connection| -> Vec<(String, String, String, i64)> {
        db.prepare("SELECT rule, occasion, state, owed FROM alerts ORDER BY id")
            .unwrap()
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    let before = rows(&db);
    schema::migrate(&mut db).unwrap();
    assert_eq!(rows(&db), before);
    let details: Vec<String> = db
        .prepare("SELECT detail FROM alerts ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(
        details,
        [
            r#"{"why":{"key":"listener.starting","values":{}}}"#,
            r#"{"reason":"Already used."}"#,
            "{}"
        ]
    );
}
