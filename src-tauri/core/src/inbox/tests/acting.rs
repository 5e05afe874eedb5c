//! What a person does with alerts.

use super::*;
use crate::alert::Subject;
use crate::store::{Reader, StoredAlert};

/// A desk with one alert that was shown: the eSIM 7 was withdrawn. And the alert's row.
async fn with_an_alert() -> (Desk, i64) {
    let mut desk = Desk::open().await;
    desk.status("7", "REVOKED").await;
    assert_eq!(desk.after(5).await.len(), 1);
    let id = alerts(&desk, "")[0].id;
    (desk, id)
}

/// The alerts in which all of these words are found, newest first.
fn alerts(desk: &Desk, search: &str) -> Vec<StoredAlert> {
    let query = AlertQuery {
        search: search.to_owned(),
        states: Vec::new(),
        rules: Vec::new(),
        esim: None,
        offset: 0,
        limit: 10,
    };
    let read = |store: &Reader<'_>| store.alerts(&query);
    desk.store.readers().read(read).unwrap().1
}

async fn act(desk: &mut Desk, step: AlertStep) {
    let now_ms = desk.now * 1000;
    desk.engine.act(step, now_ms).await.unwrap();
}

async fn take_up(desk: &mut Desk, id: i64, note: Option<&str>) {
    let (ids, note) = (vec![id], note.map(str::to_owned));
    act(desk, AlertStep::Acknowledge { ids, note }).await;
}

async fn put_off_for_an_hour(desk: &mut Desk, id: i64) {
    let (ids, until) = (vec![id], desk.now + HOUR);
    act(desk, AlertStep::Snooze { ids, until }).await;
}

#[tokio::test]
async fn what_somebody_takes_up_is_read_and_not_told_of_again() {
    let (mut desk, id) = with_an_alert().await;
    take_up(&mut desk, id, None).await;
    let counts = desk.summary().counts;
    assert_eq!((counts.unread, counts.acknowledged), (0, 1));
    assert_eq!(desk.titles(HOUR).await, [""; 0]);
}

#[tokio::test]
async fn what_is_noted_when_taking_up_is_found_in_any_case() {
    let (mut desk, id) = with_an_alert().await;
    take_up(&mut desk, id, Some("Called, buys another")).await;
    assert_eq!(alerts(&desk, "buys ANOTHER")[0].id, id);
    assert_eq!(alerts(&desk, "buys nothing"), []);
}

#[tokio::test]
async fn what_is_taken_up_before_it_was_shown_is_not_shown() {
    let mut desk = Desk::open().await;
    for esim in ["1", "2", "3"] {
        desk.status(esim, "EXPIRED").await;
    }
    // Two at once; the third waits for what may come with it.
    assert_eq!(desk.after(0).await.len(), 2);
    let waiting = alerts(&desk, "").into_iter().find(|alert| alert.owed);
    take_up(&mut desk, waiting.unwrap().id, None).await;
    assert_eq!(desk.titles(60).await, [""; 0]);
}

#[tokio::test]
async fn what_is_put_off_is_silent_for_that_time() {
    let (mut desk, id) = with_an_alert().await;
    put_off_for_an_hour(&mut desk, id).await;
    let counts = desk.summary().counts;
    assert_eq!((counts.unread, counts.snoozed), (0, 1));
    assert_eq!(desk.titles(HOUR - 1).await, [""; 0]);
}

#[tokio::test]
async fn what_was_put_off_is_told_again_once() {
    let (mut desk, id) = with_an_alert().await;
    put_off_for_an_hour(&mut desk, id).await;
    let shown = desk.after(2 * HOUR).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].alerts, [id]);
    assert_eq!(desk.summary().counts.unread, 1);
}

#[tokio::test]
async fn what_was_put_off_is_told_again_after_a_restart_too() {
    let (mut desk, id) = with_an_alert().await;
    put_off_for_an_hour(&mut desk, id).await;
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(HOUR - 61).await, [""; 0]);
    assert_eq!(desk.after(60).await.len(), 1);
}

#[tokio::test]
async fn what_was_put_off_stays_so_until_its_time_over_restarts_and_comes_back_once() {
    // At its time the program runs, or does not.
    for away in [600, 2 * HOUR] {
        let (mut desk, id) = with_an_alert().await;
        let (ids, until) = (vec![id], desk.now + 4 * HOUR);
        act(&mut desk, AlertStep::Snooze { ids, until }).await;
        for _ in 0..2 {
            desk = desk.restart_after(600).await;
            assert_eq!(desk.titles(HOUR).await, [""; 0]);
            let counts = desk.summary().counts;
            assert_eq!((counts.unread, counts.snoozed), (0, 1));
            assert_eq!(alerts(&desk, "")[0].snoozed_until, Some(until));
        }
        desk = desk.restart_after(away).await;
        let shown = desk.after(3 * HOUR).await;
        let told: Vec<i64> = shown.into_iter().flat_map(|notice| notice.alerts).collect();
        assert_eq!(told, [id], "{away}");
        let counts = desk.summary().counts;
        assert_eq!((counts.unread, counts.snoozed), (1, 0));
        let mut desk = desk.restart_after(HOUR).await;
        assert_eq!(desk.titles(24 * HOUR).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_was_put_off_and_is_over_meanwhile_is_told_no_more() {
    let (mut desk, id) = with_an_alert().await;
    put_off_for_an_hour(&mut desk, id).await;
    desk.status_at("7", "INACTIVE", MORNING + 60).await;
    assert_eq!(desk.titles(2 * HOUR).await, [""; 0]);
    assert_eq!(desk.summary().counts.snoozed, 0);
}

#[tokio::test]
async fn what_was_taken_up_by_mistake_is_unread_again_and_silent() {
    let (mut desk, id) = with_an_alert().await;
    take_up(&mut desk, id, None).await;
    act(&mut desk, AlertStep::Reopen { ids: vec![id] }).await;
    assert_eq!(desk.summary().counts.unread, 1);
    assert_eq!(desk.titles(600).await, [""; 0]);
}

#[tokio::test]
async fn an_esim_that_is_muted_no_more_is_told_of_again() {
    let (mut desk, id) = with_an_alert().await;
    let Subject::Esim(esim) = alerts(&desk, "")[0].fact.subject else {
        panic!("no eSIM's: {id}");
    };
    for muted in [true, false] {
        act(&mut desk, AlertStep::Mute { esim, muted }).await;
    }
    desk.status_at("7", "ACTIVATED", MORNING + 60).await;
    assert_eq!(desk.after(120).await.len(), 1);
}

#[tokio::test]
async fn each_act_is_seen_in_the_summary() {
    let (mut desk, id) = with_an_alert().await;
    let before = desk.summary().revision;
    take_up(&mut desk, id, None).await;
    assert_ne!(desk.summary().revision, before);
}

#[tokio::test]
async fn a_muted_esim_is_kept_and_not_told() {
    let mut desk = Desk::open().await;
    desk.status("7", "ACTIVATED").await;
    desk.after(1).await;
    let row = desk
        .store
        .readers()
        .read(|store| store.esim_row("7"))
        .unwrap();
    let step = AlertStep::Mute {
        esim: row.unwrap(),
        muted: true,
    };
    desk.engine.act(step, desk.now * 1000).await.unwrap();
    desk.status("7", "REVOKED").await;
    assert_eq!(desk.titles(600).await, [""; 0]);
    let rows = desk.rows(&[AlertState::New]);
    assert!(
        rows.iter()
            .any(|row| row.fact.rule == Rule::Revoked && row.muted)
    );
    let mut desk = desk.restart_after(60).await;
    assert_eq!(desk.titles(600).await, [""; 0]);
}

#[tokio::test]
async fn what_nobody_was_shown_is_owed_again_when_it_was_taken_up_or_put_off_by_mistake() {
    for puts_off in [false, true] {
        let mut desk = Desk::open().await;
        desk.quiet_at_night().await;
        desk.after(13 * HOUR).await;
        desk.status("7", "EXPIRED").await;
        assert_eq!(desk.titles(60).await, [""; 0]);
        let id = alerts(&desk, "")[0].id;
        match puts_off {
            true => put_off_for_an_hour(&mut desk, id).await,
            false => take_up(&mut desk, id, None).await,
        }
        assert!(!alerts(&desk, "")[0].owed);
        act(&mut desk, AlertStep::Reopen { ids: vec![id] }).await;
        assert!(alerts(&desk, "")[0].owed);
        let told = desk.after(9 * HOUR).await;
        assert_eq!(told.len(), 1, "{puts_off}");
        // Whoever was shown it is told no second time.
        take_up(&mut desk, id, None).await;
        act(&mut desk, AlertStep::Reopen { ids: vec![id] }).await;
        assert_eq!(desk.titles(9 * HOUR).await, [""; 0]);
    }
}
