//! What becomes of histories that are not as they should be.

use super::stopping::{Line, count, listening, run};
use super::*;
use crate::message::Message;

fn entry(at: i64) -> String {
    format!(r#"{{"events":[{{"status":"INSTALLED","timeStamp":{at}}}]}}"#)
}

#[tokio::test]
async fn what_lies_ahead_of_both_clocks_is_told_and_asked_for_again() {
    let (_folder, _store, catch_up) = listening().await;
    let line = |at: i64| Line::telling("NEW", entry(at));
    let (done, ..) = run(&catch_up, line(4_000_000_000)).await;
    let told: Vec<String> = done.problems.iter().map(Message::english).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("a time that has not come yet"), "{told:?}");
    // Those that it names are known by their ids alone.
    assert!(told[0].contains("This concerns e0, e1"), "{told:?}");
    let (done, line, _) = run(&catch_up, line(MORNING - 60)).await;
    assert_eq!(done.problems, []);
    assert_eq!(count(&line), 8);
    assert!(done.new >= 8, "{done:?}");
}

#[tokio::test]
async fn an_end_that_lies_far_ahead_is_planned_and_nothing_is_missing() {
    let (_folder, _store, catch_up) = listening().await;
    let planned = entry(4_000_000_000).replace("INSTALLED", "EXPIRED");
    let (done, ..) = run(&catch_up, Line::telling("NEW", planned)).await;
    assert_eq!(done.problems, []);
}

#[tokio::test]
async fn an_empty_history_in_a_form_that_nobody_describes_is_asked_for_once_more() {
    for (empty, again) in [
        ("[]", [8, 0]),
        (r#"{"events":null}"#, [8, 0]),
        (r#"{"events":[]}"#, [0, 0]),
    ] {
        let (_folder, _store, catch_up) = listening().await;
        let line = || Line::telling("EXPIRED", empty.to_owned());
        let (done, first, _) = run(&catch_up, line()).await;
        assert_eq!((done.problems, count(&first)), (vec![], 8), "{empty}");
        for again in again {
            let (_, line, _) = run(&catch_up, line()).await;
            assert_eq!(count(&line), again, "{empty}");
        }
    }
}
