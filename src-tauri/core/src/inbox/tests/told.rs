//! What is told when its time comes: as it is then, or not at all if it is over.

use super::*;

const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn what_was_owed_at_the_end_of_the_last_run_and_is_over_is_not_told() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.now = MORNING + 12 * HOUR + 1800;
    // Ends at half past one.
    let end = MORNING + 15 * HOUR + 1800;
    desk.status_in("7", "INACTIVE", MORNING, (MORNING - 6 * DAY, end))
        .await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let mut desk = desk.restart_after(9 * HOUR).await;
    let told = desk.titles(600).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("Past its end"), "{told:?}");
}

#[tokio::test]
async fn what_was_put_off_and_is_over_when_the_computer_wakes_is_not_told() {
    let mut desk = Desk::open().await;
    let end = MORNING + 20 * HOUR;
    desk.status_in("7", "INACTIVE", MORNING, (MORNING - 6 * DAY, end))
        .await;
    desk.after(60).await;
    let ids = vec![desk.rows(&[AlertState::New])[0].id];
    let until = desk.now + 10 * HOUR;
    let step = AlertStep::Snooze { ids, until };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    desk.now = end + 2 * HOUR;
    let told = desk.titles(120).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("Past its end"), "{told:?}");
}

#[tokio::test]
async fn what_waited_is_told_in_the_words_of_the_day_on_which_it_is_read() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    // It is 23:00, and the end is tomorrow at 23:00.
    let end = desk.now + DAY;
    desk.status_in("7", "INACTIVE", desk.now, (MORNING - 6 * DAY, end))
        .await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    let shown = desk.after(9 * HOUR).await;
    assert_eq!(shown.len(), 1);
    assert!(shown[0].words.body.contains("today at 23:00"), "{shown:?}");
}

#[tokio::test]
async fn a_rule_of_which_nobody_wants_to_be_notified_any_more_tells_nothing_that_waits() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    desk.status("7", "EXPIRED").await;
    desk.status("8", "EXPIRED").await;
    desk.after(60).await;
    let mut settings = desk.engine.settings().clone();
    let usual = settings.of(Rule::Expired);
    let silent = crate::alert::RuleSetting {
        notify: false,
        ..usual
    };
    settings.rules.insert(Rule::Expired, silent);
    desk.engine.set_settings(settings).await.unwrap();
    assert_eq!(desk.titles(10 * HOUR).await, [""; 0]);
}

#[tokio::test]
async fn what_is_allowed_to_break_through_does_not_wait_any_longer() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    desk.status("7", "EXPIRED").await;
    assert_eq!(desk.titles(60).await, [""; 0]);
    let mut settings = desk.engine.settings().clone();
    let usual = settings.of(Rule::Expired);
    let loud = crate::alert::RuleSetting {
        breaks_quiet: true,
        ..usual
    };
    settings.rules.insert(Rule::Expired, loud);
    desk.engine.set_settings(settings).await.unwrap();
    assert_eq!(desk.titles(60).await, ["Expired: TRIP-7"]);
}

#[tokio::test]
async fn a_withdrawal_that_is_first_heard_of_days_later_waits_for_the_morning() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    desk.status_at("7", "REVOKED", desk.now - 5 * DAY).await;
    desk.status_at("8", "REVOKED", desk.now).await;
    assert_eq!(desk.titles(HOUR).await, ["Revoked: TRIP-8"]);
    assert_eq!(desk.titles(9 * HOUR).await, ["Revoked: TRIP-7"]);
}

#[tokio::test]
async fn what_could_not_be_shown_is_tried_again() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    let now_ms = desk.now * 1000;
    let handed_out = desk.work(now_ms).await.unwrap();
    assert_eq!(handed_out.len(), 1);
    // Nobody has said yet whether it was shown, and the rules are looked at anew.
    desk.engine
        .set_settings(AlertSettings::default())
        .await
        .unwrap();
    assert_eq!(desk.titles(60).await, [""; 0]);
    desk.engine
        .not_shown(&handed_out[0].alerts, desk.now * 1000);
    assert_eq!(desk.titles(HOUR).await, ["Expired: TRIP-7"]);
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
}

#[tokio::test]
async fn what_could_not_be_shown_is_shown_as_soon_as_that_is_possible_again() {
    let mut desk = Desk::open().await;
    desk.status("7", "EXPIRED").await;
    let handed_out = desk.engine.work(moment(desk.now * 1000, 0)).await.unwrap();
    desk.engine
        .not_shown(&handed_out[0].alerts, desk.now * 1000);
    assert_eq!(desk.titles(60).await, [""; 0]);
    desk.engine.can_show();
    assert_eq!(desk.titles(60).await, ["Expired: TRIP-7"]);
    // The same when another one could be shown.
    desk.status("8", "EXPIRED").await;
    let handed_out = desk.engine.work(moment(desk.now * 1000, 0)).await.unwrap();
    desk.engine
        .not_shown(&handed_out[0].alerts, desk.now * 1000);
    desk.status("9", "REVOKED").await;
    assert_eq!(
        desk.titles(300).await,
        ["Revoked: TRIP-9", "Expired: TRIP-8"]
    );
}

#[tokio::test]
async fn what_was_raised_is_told_although_the_rest_of_the_look_failed() {
    let mut desk = Desk::open().await;
    desk.after(60).await;
    desk.status("7", "REVOKED").await;
    let path = desk.dir.path().join(crate::store::DATABASE_FILE);
    let db = rusqlite::Connection::open(path).unwrap();
    // Nothing can be kept about the account.
    db.execute_batch(
        "CREATE TRIGGER fail BEFORE INSERT ON alerts WHEN new.subject = 'account'
             BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .unwrap();
    let body = format!(
        r#"{{"event_category":"partner","event_type":"insufficient_balance","data":{{"timestamp":{},"balance":3,"currency":"EUR"}}}}"#,
        desk.now
    );
    desk.deliver(&body).await;
    let told = desk.work(desk.now * 1000).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].words.title, "Revoked: TRIP-7");
    db.execute_batch("DROP TRIGGER fail").unwrap();
    assert_eq!(desk.titles(60).await.len(), 1);
}

#[tokio::test]
async fn two_halves_that_become_one_in_quiet_hours_are_told_once() {
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    desk.after(13 * HOUR).await;
    let (at, end) = (desk.now, desk.now + 30 * DAY);
    let told = |id: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"status",{id},"start":{MORNING},"end":{end},"status":"EXPIRED","timestamp":{at}}}"#
        )
    };
    desk.deliver(&told(r#""iccid":"894450019""#, at)).await;
    desk.deliver(&told(r#""esim_id":"9""#, at)).await;
    desk.after(60).await;
    desk.deliver(&told(r#""esim_id":"9","iccid":"894450019""#, at + 60))
        .await;
    let shown = desk.after(9 * HOUR).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].alerts.len(), 1, "{shown:?}");
}

#[tokio::test]
async fn the_esims_of_an_order_are_told_together() {
    let mut desk = Desk::open().await;
    let body = |n: i64, status: &str, at: i64| {
        format!(
            r#"{{"event_category":"esim","event_type":"status","esim_id":"{n}","iccid":"8944500{n}","reference_id":"OSLO-12","start":{},"end":{},"status":"{status}","timestamp":{at}}}"#,
            MORNING - DAY,
            MORNING + DAY * 30
        )
    };
    for n in 0..12 {
        desk.deliver(&body(n, "INSTALLED", desk.now)).await;
    }
    desk.after(60).await;
    for n in 0..3 {
        desk.deliver(&body(n, "ACTIVATED", desk.now)).await;
        assert_eq!(desk.titles(40).await, [""; 0]);
    }
    assert_eq!(desk.titles(120).await, ["Activated: OSLO-12 (3 of 12)"]);
    for n in 0..12 {
        desk.deliver(&body(n, "EXPIRED", desk.now)).await;
    }
    assert_eq!(desk.titles(10).await, ["Expired: OSLO-12 (12 of 12)"]);
}

#[tokio::test]
async fn what_ends_in_quiet_hours_is_warned_of_before_they_begin() {
    const DAY: i64 = 24 * HOUR;
    // From 5 to 5 o'clock, and to the minute in which the quiet hours end.
    for end in [MORNING + 19 * HOUR, MORNING + 21 * HOUR] {
        let mut desk = Desk::open().await;
        desk.quiet_at_night().await;
        let period = (end - DAY, end);
        desk.status_in("7", "ACTIVATED", MORNING, period).await;
        desk.after(HOUR).await;
        assert_eq!(desk.titles(10 * HOUR - 60).await, [""; 0]);
        let told = desk.titles(120).await;
        assert_eq!(told, ["Expires very soon: TRIP-7"]);
        assert_eq!(desk.titles(end - desk.now - 60).await, [""; 0]);
    }
    // Whom quiet hours let through is warned when it is time.
    let mut desk = Desk::open().await;
    desk.quiet_at_night().await;
    let mut settings = desk.engine.settings().clone();
    let rule = crate::alert::RuleSetting {
        breaks_quiet: true,
        ..settings.of(Rule::ExpiresVerySoon)
    };
    settings.rules.insert(Rule::ExpiresVerySoon, rule);
    desk.engine.set_settings(settings).await.unwrap();
    let period = (MORNING - 5 * HOUR, MORNING + 19 * HOUR);
    desk.status_in("7", "ACTIVATED", MORNING, period).await;
    desk.after(HOUR).await;
    assert_eq!(desk.titles(15 * HOUR - 60).await, [""; 0]);
    assert_eq!(desk.titles(120).await, ["Expires very soon: TRIP-7"]);
}

#[tokio::test]
async fn a_history_that_is_sent_again_from_its_beginning_tells_no_end_that_the_next_event_answers()
{
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::open().await;
    let period = (MORNING - 20 * DAY, MORNING - 13 * DAY);
    for esim in ["1", "2", "3"] {
        desk.status_in(esim, "ACTIVATED", period.0, period).await;
        assert_eq!(desk.titles(5).await, [""; 0]);
    }
    assert_eq!(desk.rows(&[AlertState::New]).len(), 3);
    for esim in ["1", "2"] {
        desk.status_in(esim, "EXPIRED", period.1, period).await;
        assert_eq!(desk.titles(20).await, [""; 0]);
    }
    assert_eq!(desk.titles(5 * 60).await, ["Past its end: TRIP-3"]);
}
