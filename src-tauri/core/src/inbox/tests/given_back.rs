//! A withdrawal after one that was given back unheard.

use super::again::{new_of, report_in};
use super::*;

#[tokio::test]
async fn a_withdrawal_after_one_that_was_given_back_unheard_is_new_and_told() {
    const DAY: i64 = 24 * HOUR;
    let first = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    let second = (MORNING + 6 * DAY, MORNING + 9 * DAY);
    // By another package that began since, and by data that was used meanwhile.
    for (used, again) in [(false, second), (true, first)] {
        let mut desk = Desk::open().await;
        report_in(&mut desk, 700.0, first).await;
        desk.after(60).await;
        desk.status_in("7", "REVOKED", desk.now, first).await;
        assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"]);
        desk.take_up_all().await;
        desk.after(DAY).await;
        if used {
            report_in(&mut desk, 650.0, first).await;
        }
        desk.after(6 * DAY).await;
        let at = desk.now;
        desk.status_in("7", "REVOKED", at, again).await;
        assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"], "{used}");
        assert_eq!(new_of(&desk, Rule::Revoked), 1);
        // The same once more, by a sender that tries again, and by one that says it anew.
        desk.take_up_all().await;
        desk.status_in("7", "REVOKED", at, again).await;
        desk.status_in("7", "REVOKED", desk.now, again).await;
        let mut desk = desk.restart_after(60).await;
        assert_eq!(desk.titles(HOUR).await, [""; 0], "{used}");
        assert_eq!(new_of(&desk, Rule::Revoked), 0);
    }
}

#[tokio::test]
async fn a_withdrawal_of_what_was_used_meanwhile_is_another_although_it_was_off_for_seconds() {
    const DAY: i64 = 24 * HOUR;
    let period = (MORNING - 2 * DAY, MORNING + 5 * DAY);
    let mut desk = Desk::open().await;
    report_in(&mut desk, 700.0, period).await;
    desk.after(60).await;
    desk.status_in("7", "REVOKED", desk.now, period).await;
    assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"]);
    desk.take_up_all().await;
    desk.after(DAY).await;
    report_in(&mut desk, 650.0, period).await;
    desk.after(HOUR).await;
    desk.status_in("7", "INACTIVE", desk.now, period).await;
    desk.status_in("7", "REVOKED", desk.now + 3, period).await;
    assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-7"]);
}

#[tokio::test]
async fn a_withdrawal_is_not_settled_by_another_end_that_follows() {
    let period = (MORNING - 2 * 24 * HOUR, MORNING + 5 * 24 * HOUR);
    for further in ["EXPIRED", "DELETED"] {
        // At once, before anybody could be told, and minutes and hours later.
        for after in [2, 4 * 60, 3 * HOUR] {
            let mut desk = Desk::open().await;
            report_in(&mut desk, 700.0, period).await;
            desk.after(60).await;
            let at = desk.now;
            desk.status_in("7", "REVOKED", at, period).await;
            let mut told = Vec::new();
            if after > 2 {
                told.extend(desk.titles(after).await);
            }
            desk.status_in("7", further, at + after, period).await;
            told.extend(desk.titles(HOUR).await);
            assert_eq!(told, ["Revoked: TRIP-7"], "{further} after {after}");
            assert_eq!(new_of(&desk, Rule::Revoked), 1, "{further} after {after}");
            assert_eq!(new_of(&desk, Rule::Expired), 0, "{further} after {after}");
            let mut desk = desk.restart_after(HOUR).await;
            assert_eq!(desk.titles(HOUR).await, [""; 0], "{further} after {after}");
            assert_eq!(new_of(&desk, Rule::Revoked), 1, "{further} after {after}");
            // It runs again.
            desk.status_in("7", "ACTIVATED", desk.now, period).await;
            desk.titles(HOUR).await;
            assert_eq!(new_of(&desk, Rule::Revoked), 0, "{further} after {after}");
        }
    }
}

#[tokio::test]
async fn what_ran_out_and_is_deleted_was_not_withdrawn() {
    let period = (MORNING - 2 * 24 * HOUR, MORNING + HOUR);
    let mut desk = Desk::open().await;
    report_in(&mut desk, 700.0, period).await;
    desk.after(HOUR).await;
    desk.status_in("7", "EXPIRED", desk.now, period).await;
    desk.titles(HOUR).await;
    desk.status_in("7", "DELETED", desk.now, period).await;
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
    assert_eq!(new_of(&desk, Rule::Revoked), 0);
}

/// What a catch-up tells of an eSIM that runs again although no change of status told it.
async fn runs_again(desk: &mut Desk, at: i64, (start, end): (i64, i64)) {
    let id = crate::event::return_id(at);
    desk.deliver(&format!(
        r#"{{"event_category":"esim","event_type":"usage","esim_id":"7","event_id":"{id}","start":{start},"end":{end},"status":"ACTIVATED","timestamp":{at}}}"#
    ))
    .await;
}

#[tokio::test]
async fn what_a_catch_up_finds_to_run_again_is_over_and_told_anew_when_it_ends_again() {
    const DAY: i64 = 24 * HOUR;
    let first = (MORNING - 2 * DAY, MORNING + HOUR);
    let longer = (first.0, MORNING + 5 * DAY);
    for (end, rule, title) in [
        ("EXPIRED", Rule::Expired, "Expired: TRIP-7"),
        ("REVOKED", Rule::Revoked, "Revoked: TRIP-7"),
    ] {
        for late in [false, true] {
            let mut desk = Desk::open().await;
            report_in(&mut desk, 0.5, first).await;
            desk.after(HOUR).await;
            let ended = desk.now;
            if !late {
                desk.status_in("7", end, ended, first).await;
                let told = desk.titles(2 * HOUR).await;
                assert!(told.contains(&title.to_owned()), "{told:?}");
                assert_eq!(new_of(&desk, rule), 1);
            }
            desk.now = ended + 3 * HOUR;
            let again = desk.now - 60;
            runs_again(&mut desk, again, longer).await;
            // Whichever comes first: the end is told by a webhook that comes late.
            if late {
                desk.status_in("7", end, ended, first).await;
            }
            assert_eq!(desk.titles(HOUR).await, [""; 0], "{end} {late}");
            assert_eq!(new_of(&desk, rule), 0, "{end} {late}");
            assert_eq!(new_of(&desk, Rule::PastEnd), 0, "{end} {late}");
            desk.after(DAY).await;
            desk.status_in("7", end, desk.now, longer).await;
            assert_eq!(desk.titles(HOUR).await, [title], "{end} {late}");
            assert_eq!(new_of(&desk, rule), 1, "{end} {late}");
        }
    }
}
